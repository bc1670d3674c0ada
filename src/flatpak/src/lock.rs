//! The lock that Flatpak takes while it moves deployments about: `lock` in the installation's folder, a record lock
//! over the whole file, which whoever has it removes before letting go.

use rustix::fs::{FlockOperation, fcntl_lock};
use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

/// Held until dropped: no Flatpak program deploys anything in this installation.
#[derive(Debug)]
pub(crate) struct DeployLock {
    path: PathBuf,
    // Closing it is what lets go.
    _file: File,
}

impl DeployLock {
    /// Waits for it; deploying takes seconds.
    ///
    /// # Errors
    /// The file cannot be made or locked.
    pub(crate) fn take(installation: &Path) -> io::Result<Self> {
        let path = installation.join("lock");
        loop {
            let file =
                OpenOptions::new().read(true).write(true).create(true).truncate(false).mode(0o600).open(&path)?;
            fcntl_lock(&file, FlockOperation::LockExclusive)?;
            // Whoever had it may have removed the file: then this is a lock on nothing.
            let is_the_one = fs::metadata(&path).is_ok_and(|there| file.metadata().is_ok_and(|own| same(&there, &own)));
            if is_the_one {
                return Ok(Self { path, _file: file });
            }
        }
    }
}

impl Drop for DeployLock {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_file(&self.path) {
            tracing::debug!("{}: {error}", self.path.display());
        }
    }
}

fn same(one: &fs::Metadata, other: &fs::Metadata) -> bool {
    (one.dev(), one.ino()) == (other.dev(), other.ino())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_left_of_it() {
        let folder = tempfile::tempdir().unwrap();
        for _ in 0..2 {
            let lock = DeployLock::take(folder.path()).unwrap();
            assert!(folder.path().join("lock").exists());
            drop(lock);
            assert!(!folder.path().join("lock").exists());
        }
        assert_eq!(DeployLock::take(Path::new("/nowhere")).unwrap_err().kind(), io::ErrorKind::NotFound);
    }
}
