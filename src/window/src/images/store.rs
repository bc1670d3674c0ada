//! Pictures of the web on the disk, never more than a bound.

use super::ImageError;
use relm4::gtk::glib;
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::SystemTime;
use strata_platform::http::MAX_BODY;

/// The folder of pictures. Blocks: not for the main thread.
#[derive(Clone, Debug)]
pub(super) struct Store {
    folder: PathBuf,
    /// What may be kept, in bytes.
    room: u64,
    /// The folder was brought within its bound since the program started.
    pruned: Arc<AtomicBool>,
}

impl Store {
    pub(super) fn new(folder: PathBuf, room: u64) -> Self {
        Self { folder, room, pruned: Arc::default() }
    }

    /// The picture's bytes if they are on this machine; `None` if they have to be fetched.
    pub(super) fn read(&self, url: &str) -> Result<Option<Vec<u8>>, ImageError> {
        if let Some(local) = url.strip_prefix("file://") {
            return Ok(Some(read_bounded(Path::new(local))?));
        }
        if !url.starts_with("https://") && !url.starts_with("http://") {
            return Err(ImageError::Address(url.to_owned()));
        }
        Ok(read_bounded(&self.path(url)).ok())
    }

    /// Keeps a picture.
    pub(super) fn write(&self, url: &str, bytes: &[u8]) -> io::Result<()> {
        fs::create_dir_all(&self.folder)?;
        if !self.pruned.swap(true, Ordering::Relaxed) {
            prune(&self.folder, self.room)?;
        }
        let mut file = tempfile::NamedTempFile::new_in(&self.folder)?;
        file.write_all(bytes)?;
        file.persist(self.path(url))?;
        Ok(())
    }

    fn path(&self, url: &str) -> PathBuf {
        let name = glib::compute_checksum_for_string(glib::ChecksumType::Sha256, url);
        self.folder.join(name.as_deref().unwrap_or("none"))
    }
}

fn read_bounded(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let limit = u64::try_from(MAX_BODY).unwrap_or(u64::MAX);
    File::open(path)?.take(limit).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Removes the files that were written first until the rest is within the bound.
fn prune(folder: &Path, bound: u64) -> io::Result<()> {
    let mut files: Vec<(SystemTime, u64, PathBuf)> = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let metadata = entry.metadata()?;
        files.push((metadata.modified()?, metadata.len(), entry.path()));
    }
    files.sort();
    let mut total: u64 = files.iter().map(|(_, size, _)| size).sum();
    for (_, size, path) in files {
        if total <= bound {
            break;
        }
        fs::remove_file(path)?;
        total -= size;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_kept_is_found_again() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::new(folder.path().join("screenshots"), 1 << 20);
        let url = "https://example.org/../../etc/passwd";
        assert!(store.read(url).unwrap().is_none());
        store.write(url, b"picture").unwrap();
        assert_eq!(store.read(url).unwrap().as_deref(), Some(&b"picture"[..]));
        assert!(store.read("https://example.org/other").unwrap().is_none());
        assert!(store.read("ftp://example.org/").is_err());
    }

    #[test]
    fn the_folder_stays_within_its_bound() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["a", "b", "c"] {
            fs::write(folder.path().join(name), [0; 10]).unwrap();
        }
        prune(folder.path(), 25).unwrap();
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
    }
}
