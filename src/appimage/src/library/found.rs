//! AppImages that the person has already, and that are nobody's app yet.

use super::folders::is_same_file;
use super::{Library, LibraryError};
use crate::format::{self, Architecture, Format};
use rustix::fs::OFlags;
use std::fs::{File, OpenOptions};
use std::io::ErrorKind;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

/// An AppImage that is not integrated. [`Library::install`] makes an app of it where it lies, or in another folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Where it lies.
    pub path: PathBuf,
    /// Its bytes.
    pub size: u64,
    /// Its type.
    pub format: Format,
    /// The machine that it is made for.
    pub architecture: Architecture,
}

/// Most files that are looked at in a folder.
const FILES: usize = 2000;

impl Library {
    /// The AppImages that lie where apps are put, or beside one that the person put elsewhere, and are none. Only their
    /// heads are read.
    ///
    /// # Errors
    /// See [`Library::all`]. A folder that cannot be read costs itself.
    pub fn found(&self) -> Result<Vec<Found>, LibraryError> {
        let apps = self.all()?.apps;
        let mut found: Vec<_> = self.folders(&apps).iter().flat_map(|folder| in_folder(folder)).collect();
        found.retain(|one| !apps.iter().any(|app| is_same_file(&app.record.path, &one.path)));
        found.sort_by(|one, other| one.path.cmp(&other.path));
        Ok(found)
    }
}

/// Hidden files are no AppImages: parts of downloads, and versions that are kept.
fn in_folder(folder: &Path) -> Vec<Found> {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) => {
            if error.kind() != ErrorKind::NotFound {
                tracing::warn!(%error, folder = %folder.display(), "a folder of AppImages cannot be read");
            }
            return Vec::new();
        }
    };
    let paths = entries.flatten().take(FILES).map(|entry| entry.path());
    let shown = |path: &PathBuf| path.file_name().is_some_and(|name| !name.as_encoded_bytes().starts_with(b"."));
    paths.filter(shown).filter_map(look).collect()
}

fn look(path: PathBuf) -> Option<Found> {
    let flags = (OFlags::NONBLOCK | OFlags::NOFOLLOW | OFlags::NOCTTY).bits().cast_signed();
    let mut file: File = OpenOptions::new().read(true).custom_flags(flags).open(&path).ok()?;
    let metadata = file.metadata().ok().filter(std::fs::Metadata::is_file)?;
    let head = format::head(&mut file).ok()?;
    Some(Found { path, size: metadata.len(), format: head.format, architecture: head.architecture })
}
