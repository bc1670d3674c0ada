//! The catalogue files of Debian and its children, DEP-11: YAML, one document for each entry, the header first.
//! <https://www.freedesktop.org/software/appstream/docs/sect-AppStream-YAML.html>
//!
//! [`split`] cuts a stream into documents of bounded size, [`skim`] leaves out what is in languages that nobody here
//! reads, [`document`] reads the rest; so a bad document costs itself.

pub(crate) mod document;
pub(crate) mod events;
mod media;
mod skim;
pub(crate) mod split;
