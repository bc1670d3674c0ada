//! Flatpaks as a source.
//!
//! libflatpak blocks, and its objects belong to the thread that made them: every call runs inside
//! [`blocking::blocking`], and the objects are made and dropped there. Nothing of libflatpak or glib leaves the crate.

mod address;
mod blocking;
mod data;
mod failure;
mod feeds;
mod files;
mod flathub;
mod held;
mod installation;
mod job;
mod launch;
mod leftovers;
mod lock;
mod metadata;
mod meter;
mod note;
mod plan;
mod polkit;
mod raw;
mod recover;
mod reference;
mod references;
mod refresh;
mod remotes;
mod run;
mod running;
mod source;
mod state;
mod summaries;
mod transaction;
mod updates;
mod watch;
mod web;

pub use source::Flatpak;
