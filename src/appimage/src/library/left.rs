//! What AppImages that are gone have left behind: the folders beside where they lay, which nothing else is named like.

use super::disk::{exists, is_folder};
use super::folders::is_same_file;
use super::portable::{CONFIG, HOME, size};
use super::{Library, LibraryError};
use std::collections::BTreeMap;
use std::fs::DirEntry;
use std::io::ErrorKind;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

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
    /// What is left in the folders where AppImages of the person's may lie. A folder beside an AppImage, or of one that is
    /// installed and whose file is not there at this moment, is in use.
    ///
    /// # Errors
    /// When nobody can say for sure which ones are installed.
    pub fn left(&self) -> Result<Vec<Left>, LibraryError> {
        let listing = self.all()?;
        if let Some(fault) = listing.faults.into_iter().next() {
            return Err(fault);
        }
        let in_use = |file: &Path| exists(file) || listing.apps.iter().any(|app| is_same_file(&app.record.path, file));
        let mut found: BTreeMap<String, Vec<PathBuf>> = BTreeMap::new();
        for folder in self.folders(&listing.apps) {
            for (name, own) in own_folders(&folder)? {
                if !in_use(&folder.join(&name)) {
                    found.entry(name).or_default().push(own);
                }
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

/// What lies in a folder and is named after an AppImage, with that one's name; nothing where there is no such folder.
fn own_folders(folder: &Path) -> Result<Vec<(String, PathBuf)>, LibraryError> {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(LibraryError::at(folder)(error)),
    };
    let own = |entry: DirEntry| {
        let name = entry.file_name().to_str().and_then(file_of)?.to_owned();
        Some((name, entry.path())).filter(|(_, path)| is_folder(path))
    };
    Ok(entries.flatten().filter_map(own).collect())
}

/// The AppImage that a folder belongs to, by its name.
fn file_of(name: &str) -> Option<&str> {
    let file = name.strip_suffix(HOME).or_else(|| name.strip_suffix(CONFIG))?;
    let is_one = file.len() > END.len() && file.to_ascii_lowercase().ends_with(END);
    (is_one && !file.starts_with('.')).then_some(file)
}

/// The end of an AppImage's name.
const END: &str = ".appimage";
