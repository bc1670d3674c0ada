//! A file that may become an app: read once, and known again afterwards.

use super::error::LibraryError;
use crate::format::Architecture;
use crate::inspect::{Inspection, inspect};
use crate::limits;
use crate::update_information::UpdateInformation;
use rustix::fs::OFlags;
use serde::{Deserialize, Serialize};
use std::fs::{File, Metadata, OpenOptions};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

/// A file that was inspected. Nothing of it has been run.
#[derive(Clone, Debug)]
pub struct Candidate {
    pub(super) path: PathBuf,
    pub(super) inspection: Inspection,
    stamp: Stamp,
}

/// What tells a file from another one in its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Stamp {
    device: u64,
    inode: u64,
    size: u64,
    modified: i64,
    /// Nobody can set this one back; another name of the file counts, too.
    changed: (i64, i64),
}

/// A person's own file, as it was when it was read: a newer one in its place is not ours to take away.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Source {
    pub(super) path: PathBuf,
    stamp: Stamp,
}

impl Candidate {
    /// Inspects a file, which takes as long as reading all of it: for a blocking task.
    ///
    /// # Errors
    /// [`LibraryError::NoAppImage`], [`LibraryError::TooLarge`], [`LibraryError::OtherMachine`], and
    /// [`LibraryError::Io`], also for what is no regular file.
    pub fn read(path: &Path) -> Result<Self, LibraryError> {
        // Neither a pipe that nobody writes to nor a link to somewhere else.
        let flags = (OFlags::NONBLOCK | OFlags::NOFOLLOW | OFlags::NOCTTY).bits().cast_signed();
        let opened = OpenOptions::new().read(true).custom_flags(flags).open(path);
        let mut file: File = opened.map_err(LibraryError::at(path))?;
        let metadata = file.metadata().map_err(LibraryError::at(path))?;
        if !metadata.is_file() {
            let error = std::io::Error::new(std::io::ErrorKind::InvalidInput, "this is no regular file");
            return Err(LibraryError::at(path)(error));
        }
        if metadata.len() > limits::APPIMAGE {
            return Err(LibraryError::TooLarge);
        }
        let inspection = inspect(&mut file)?;
        if !runs_here(inspection.architecture) {
            return Err(LibraryError::OtherMachine(inspection.architecture));
        }
        Ok(Self { path: path.to_owned(), inspection, stamp: Stamp::of(&metadata) })
    }

    /// Where it lies.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What is known of it.
    pub fn inspection(&self) -> &Inspection {
        &self.inspection
    }

    /// Where it says that updates come from, if that can be used.
    pub(super) fn updates(&self) -> Option<UpdateInformation> {
        self.inspection.updates.clone()?.ok()
    }

    /// The file, to be known again.
    pub(super) fn source(&self) -> Source {
        Source { path: self.path.clone(), stamp: self.stamp }
    }

    /// When it was changed last, in nanoseconds since 1970.
    pub(super) fn modified(&self) -> i64 {
        self.stamp.modified
    }

    /// Whether it is still the file that was read.
    pub(super) fn check(&self) -> Result<(), LibraryError> {
        let metadata = self.path.symlink_metadata().map_err(LibraryError::at(&self.path))?;
        if Stamp::of(&metadata) == self.stamp { Ok(()) } else { Err(LibraryError::Changed) }
    }
}

impl Source {
    /// Whether the same file is there with the same content, whatever its names and rights are by now.
    pub(super) fn is_there(&self) -> bool {
        let same = |now: Stamp| Stamp { changed: self.stamp.changed, ..now } == self.stamp;
        self.path.symlink_metadata().is_ok_and(|metadata| same(Stamp::of(&metadata)))
    }
}

impl Stamp {
    fn of(metadata: &Metadata) -> Self {
        let changed = (metadata.ctime(), metadata.ctime_nsec());
        let (device, inode, size) = (metadata.dev(), metadata.ino(), metadata.len());
        Self { device, inode, size, modified: modified(metadata), changed }
    }
}

/// When a file was changed last, in nanoseconds since 1970.
pub(super) fn modified(metadata: &Metadata) -> i64 {
    metadata.mtime().saturating_mul(1_000_000_000).saturating_add(metadata.mtime_nsec())
}

/// 64-bit PCs run what is made for 32-bit ones.
fn runs_here(architecture: Architecture) -> bool {
    let own = Architecture::of_this_machine();
    own == Some(architecture) || (own, architecture) == (Some(Architecture::X86_64), Architecture::I686)
}
