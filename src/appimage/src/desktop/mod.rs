//! Desktop files: read without losing anything, and written so that they start an AppImage.
//! <https://specifications.freedesktop.org/desktop-entry-spec/latest/>

mod exec;
mod file;
mod rewrite;

pub use file::{BadDesktopFile, DesktopFile};
pub use rewrite::Wish;
