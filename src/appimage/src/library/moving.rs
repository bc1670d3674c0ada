//! What lies beside an app and goes along where it comes to lie in another folder: the version before, and the folders of
//! its own.
//!
//! These folders are renamed and never copied, so nothing of theirs can be lost on the way. That is done before a change is
//! decided: a disk that cannot is known by then, and taking it back is renaming them once more.

use super::candidate::Candidate;
use super::disk::{Disk, exists, is_folder};
use super::error::LibraryError;
use super::record::Record;
use serde::{Deserialize, Serialize};
use std::io::ErrorKind;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// What goes along; nothing where an app stays where it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Along {
    previous: bool,
    home: bool,
    config: bool,
}

impl Along {
    /// What goes along from one place to the other.
    ///
    /// # Errors
    /// [`LibraryError::InTheWay`] where its name is taken there, [`LibraryError::OwnFolderStays`] for what cannot go.
    pub(super) fn of(before: &Record, after: &Record) -> Result<Self, LibraryError> {
        if before.path == after.path {
            return Ok(Self::default());
        }
        let previous = after.previous.is_some();
        if previous && exists(&after.previous_path()) {
            return Err(LibraryError::InTheWay(after.previous_path()));
        }
        let along = Self {
            previous,
            home: exists(&before.portable_home()) && after.settings.portable_home,
            config: exists(&before.portable_config()) && after.settings.portable_config,
        };
        for (from, to) in along.folders(before, after) {
            // A link may lead nowhere from there, and another disk would need a copy.
            let (there, here) = (to.parent().and_then(device), device(&from));
            if !is_folder(&from) || there.is_some() && there != here {
                return Err(LibraryError::OwnFolderStays(from));
            }
        }
        Ok(along)
    }

    /// Something that the app may be writing at this moment goes along.
    pub(super) const fn has_data(self) -> bool {
        self.home || self.config
    }

    fn folders(self, before: &Record, after: &Record) -> Vec<(PathBuf, PathBuf)> {
        let home = self.home.then(|| (before.portable_home(), after.portable_home()));
        let config = self.config.then(|| (before.portable_config(), after.portable_config()));
        home.into_iter().chain(config).collect()
    }

    /// Gives all of it its new names. The version before keeps its old one, too, until all is decided.
    pub(super) fn take(self, disk: &Disk, before: &Record, after: &Record) -> Result<(), LibraryError> {
        if let Some(previous) = after.previous.as_ref().filter(|_| self.previous) {
            let kept = after.previous_path();
            let copied = disk.link_or_copy(&before.previous_path(), &kept)?;
            if copied && Candidate::read(&kept)?.inspection.sha256 != previous.sha256 {
                return Err(LibraryError::Changed);
            }
            disk.make_executable(&kept)?;
            disk.sync(&kept)?;
        }
        self.rename(disk, before, after)
    }

    /// Brings the folders to their new place, where they are not there yet.
    pub(super) fn rename(self, disk: &Disk, before: &Record, after: &Record) -> Result<(), LibraryError> {
        for (from, to) in self.folders(before, after) {
            if exists(&from) && !exists(&to) {
                disk.rename(&from, &to).map_err(|error| stays(error, &from))?;
                disk.sync_folder(&to);
                disk.sync_folder(&from);
            }
        }
        Ok(())
    }

    /// Everything is where it was.
    pub(super) fn bring_back(self, disk: &Disk, before: &Record, after: &Record) -> Result<(), LibraryError> {
        self.rename(disk, after, before)?;
        if self.previous && exists(&before.previous_path()) {
            disk.remove_appimage(&after.previous_path())?;
        }
        Ok(())
    }

    /// Nothing is where it was any more.
    pub(super) fn clear(self, disk: &Disk, before: &Record, after: &Record) -> Result<(), LibraryError> {
        if self.previous && exists(&after.previous_path()) {
            disk.remove_appimage(&before.previous_path())?;
        }
        Ok(())
    }
}

/// What a folder that cannot be renamed says: it is on another disk after all, or a disk of its own, or of somebody else's.
fn stays(error: LibraryError, from: &Path) -> LibraryError {
    use ErrorKind::{CrossesDevices, InvalidInput, PermissionDenied, ResourceBusy};
    match error {
        LibraryError::Io { error, .. }
            if matches!(error.kind(), CrossesDevices | ResourceBusy | InvalidInput | PermissionDenied) =>
        {
            LibraryError::OwnFolderStays(from.to_owned())
        }
        other => other,
    }
}

fn device(path: &Path) -> Option<u64> {
    path.metadata().ok().map(|found| found.dev())
}
