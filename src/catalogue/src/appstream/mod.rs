//! AppStream catalogue files, read by streaming. <https://www.freedesktop.org/software/appstream/docs/>
//!
//! [`split`] cuts a stream into entries of bounded size, [`entry`] reads one entry; so a bad entry costs itself.

pub(crate) mod bundle;
pub(crate) mod component;
pub(crate) mod cursor;
pub(crate) mod date;
pub(crate) mod entry;
pub(crate) mod locale;
pub(crate) mod markup;
pub(crate) mod media;
pub(crate) mod relation;
pub(crate) mod release;
pub(crate) mod split;
pub(crate) mod text;

pub(crate) use component::{Component, Kind};
pub(crate) use locale::Languages;
pub(crate) use markup::spans;
pub(crate) use media::Icon;
