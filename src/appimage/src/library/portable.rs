//! The folders beside an AppImage that it keeps its data in, if they are there.
//! <https://docs.appimage.org/user-guide/portable-mode.html>

use super::disk::is_folder;
use super::record::Record;
use std::path::{Path, PathBuf};

/// A folder of an app's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Portable {
    /// Where.
    pub path: PathBuf,
    /// Bytes of what is in it, `None` where there is too much to count.
    pub size: Option<u64>,
}

/// What the names of these folders end with, behind the AppImage's own.
pub(super) const HOME: &str = ".home";
pub(super) const CONFIG: &str = ".config";

/// A folder of this kind, beside the AppImage that lies there.
pub(super) fn own_folder(file: &Path, end: &str) -> PathBuf {
    let mut name = file.file_name().unwrap_or_default().to_owned();
    name.push(end);
    file.with_file_name(name)
}

/// Most entries that are counted while somebody waits.
const ENTRIES: usize = 200_000;

impl Portable {
    /// Those of an app that are there. A link to elsewhere is none.
    pub(super) fn of(record: &Record) -> Vec<Self> {
        let folders = [record.portable_home(), record.portable_config()];
        folders
            .into_iter()
            .filter(|path| is_folder(path))
            .map(|path| Self { size: size(&path, ENTRIES), path })
            .collect()
    }
}

/// What lies in a folder of at most so many entries, links not followed; what cannot be read counts as nothing.
pub(super) fn size(folder: &Path, most: usize) -> Option<u64> {
    let (mut size, mut seen) = (0_u64, 0);
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            seen += 1;
            if seen > most {
                return None;
            }
            match entry.metadata() {
                Ok(metadata) if metadata.is_dir() => folders.push(entry.path()),
                Ok(metadata) => size = size.saturating_add(metadata.len()),
                Err(_) => {}
            }
        }
    }
    Some(size)
}
