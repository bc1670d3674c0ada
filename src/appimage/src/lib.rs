//! AppImages as a source.
//!
//! What lies in a stranger's file is read and never run: see [`inspect()`].

#[cfg(test)]
extern crate self as strata_appimage; // by which the makers of test files know it

mod bytes;
mod contents;
mod delta;
pub mod desktop;
pub mod download;
pub mod feed;
mod format;
mod inspect;
mod json;
pub mod library;
mod limits;
mod loss;
#[cfg(test)]
#[path = "../tests/made/mod.rs"]
mod made;
mod payload;
mod picture;
pub mod release;
mod sections;
mod signature;
mod source;
mod squashfs;
pub mod update_information;

pub use contents::{Contents, TextFile};
pub use format::{Architecture, Format, NoAppImage};
pub use inspect::{InspectError, Inspection, inspect};
pub use loss::{Loss, LossReason, Part};
pub use payload::Payload;
pub use picture::{Picture, PictureKind};
pub use signature::Signature;
pub use source::AppImages;
pub use squashfs::Compression;
