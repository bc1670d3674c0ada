//! What forges answered last, a file for each address, so that asking again costs nothing where nothing is new.

use super::forge::Published;
use crate::bytes::hex;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use strata_platform::files;

/// Largest file that is written and read, in bytes: thirty releases with all their files have about 500 KB.
const MAX_FILE: u64 = 4 << 20;

const JSON: &str = "json";

/// An answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Answer {
    /// Where it was asked; two addresses with one name would not be told apart otherwise.
    pub(super) address: String,
    /// What the forge names it by.
    pub(super) etag: Option<String>,
    pub(super) releases: Vec<Published>,
    /// There is nothing at this address.
    #[serde(default)]
    pub(super) missing: bool,
    /// When the forge said so last, in seconds since 1970.
    #[serde(default)]
    pub(super) asked: u64,
}

/// Where an answer is kept: addresses are no names of files.
pub(super) fn file(folder: &Path, address: &str, kind: &str) -> PathBuf {
    folder.join(hex(&Sha256::digest(address.as_bytes())[..16])).with_extension(kind)
}

/// Whether something was asked within this time. What was asked in the future, before the clock was set right, is old.
pub(super) fn is_younger(asked: u64, age: Duration) -> bool {
    now().checked_sub(asked).is_some_and(|seconds| seconds < age.as_secs())
}

/// Seconds since 1970.
pub(crate) fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs()
}

impl Answer {
    /// Whether the forge said so within this time.
    pub(super) fn is_younger(&self, age: Duration) -> bool {
        is_younger(self.asked, age)
    }

    /// What was kept; nothing where that makes no sense.
    pub(super) fn read(folder: &Path, address: &str) -> Option<Self> {
        let content = files::read_bounded(&file(folder, address, JSON), MAX_FILE).ok()?;
        serde_json::from_slice(&content).ok().filter(|answer: &Self| answer.address == address)
    }

    /// Keeps it. What is too large to be read again is not kept, and nothing that was kept before stays in its place: it
    /// would be told as what is known.
    pub(super) fn write(&self, folder: &Path) -> io::Result<()> {
        let (file, content) = (file(folder, &self.address, JSON), serde_json::to_vec(self)?);
        if content.len() as u64 <= MAX_FILE {
            return files::replace(&file, &content);
        }
        match std::fs::remove_file(file) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Err(io::Error::new(io::ErrorKind::FileTooLarge, format!("larger than {MAX_FILE} bytes"))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(tag: &str) -> Answer {
        let release = Published { tag: tag.to_owned(), date: 0, development: false, assets: Vec::new() };
        Answer { address: "https://example.org/".into(), etag: None, releases: vec![release], missing: false, asked: 0 }
    }

    #[test]
    fn what_is_written_is_read_and_what_is_not_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let read = || Answer::read(folder.path(), "https://example.org/");
        let room = serde_json::to_vec(&answer("")).unwrap().len();
        let largest = answer(&"x".repeat(usize::try_from(MAX_FILE).unwrap() - room));
        largest.write(folder.path()).unwrap();
        assert_eq!(read(), Some(largest.clone()));
        let larger = answer(&format!("{}x", largest.releases[0].tag));
        assert_eq!(larger.write(folder.path()).unwrap_err().kind(), io::ErrorKind::FileTooLarge);
        assert_eq!(read(), None);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
        assert_eq!(larger.write(folder.path()).unwrap_err().kind(), io::ErrorKind::FileTooLarge);
    }
}
