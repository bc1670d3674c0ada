//! What AppImages that are gone have left behind: the folders beside where they lay, which nothing else is named like.

use super::disk::{exists, is_folder};
use super::portable::{CONFIG, HOME, size};
use super::{Library, LibraryError};
use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::os::unix::fs::MetadataExt;
use std::path::PathBuf;

/// What one of them has left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Left {
    /// The file that it was: `Scribe.AppImage`.
    pub file: String,
    /// Its folders.
    pub folders: Vec<PathBuf>,
    /// Bytes of what is in them.
    pub size: u64,
    /// When one of them was changed last, in seconds since 1970.
    pub changed: i64,
}

impl Library {
    /// What is left in the folder where AppImages are put. A folder beside an AppImage, or of one that is installed and
    /// whose file is not there at this moment, is in use.
    ///
    /// # Errors
    /// When nobody can say for sure which ones are installed.
    pub fn left(&self) -> Result<Vec<Left>, LibraryError> {
        let listing = self.all()?;
        if let Some(fault) = listing.faults.into_iter().next() {
            return Err(fault);
        }
        let applications = self.applications();
        let entries = match std::fs::read_dir(&applications) {
            Ok(entries) => entries,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(LibraryError::at(&applications)(error)),
        };
        let mut found: BTreeMap<String, Vec<PathBuf>> = BTreeMap::new();
        for entry in entries.flatten() {
            let name = entry.file_name().to_str().and_then(file_of).map(str::to_owned);
            let Some(name) = name.filter(|_| is_folder(&entry.path())) else { continue };
            let file = applications.join(&name);
            if !exists(&file) && !listing.apps.iter().any(|app| app.record.path == file) {
                found.entry(name).or_default().push(entry.path());
            }
        }
        Ok(found.into_iter().map(|(file, folders)| Left::of(file, folders)).collect())
    }

    /// Takes away what one of them has left.
    ///
    /// # Errors
    /// [`LibraryError::NotInstalled`] if it has left nothing; others of [`LibraryError`].
    pub fn remove_left(&self, file: &str) -> Result<(), LibraryError> {
        let _changing = self.lock();
        let left = self.left()?.into_iter().find(|left| left.file == file);
        let left = left.ok_or_else(|| LibraryError::NotInstalled(file.to_owned()))?;
        left.folders.iter().try_for_each(|folder| self.disk.remove_tree(folder))
    }
}

impl Left {
    fn of(file: String, mut folders: Vec<PathBuf>) -> Self {
        folders.sort();
        let size = folders.iter().filter_map(|folder| size(folder, usize::MAX)).sum();
        let changed = folders.iter().filter_map(|folder| folder.symlink_metadata().ok());
        Self { changed: changed.map(|found| found.mtime()).max().unwrap_or_default(), file, folders, size }
    }
}

/// The AppImage that a folder belongs to, by its name.
fn file_of(name: &str) -> Option<&str> {
    let file = name.strip_suffix(HOME).or_else(|| name.strip_suffix(CONFIG))?;
    let is_one = file.len() > END.len() && file.to_ascii_lowercase().ends_with(END);
    (is_one && !file.starts_with('.')).then_some(file)
}

/// The end of an AppImage's name.
const END: &str = ".appimage";
