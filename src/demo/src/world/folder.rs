//! The folder of a world, and its end: whatever happens to the process that made it.

use crate::DemoError;
use std::fs::{self, File};
use std::io::ErrorKind;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// What the names of the folders begin with.
const PREFIX: &str = "strata-demo-";
const LOCK: &str = "lock";
/// The variable that marks every process of a world; its value is the folder.
pub(super) const MARK: &str = "STRATA_WORLD";
const WATCHER: &str = include_str!("watcher.sh");

/// A locked folder with a watcher that ends the world when this value is dropped or its process is gone.
#[derive(Debug)]
pub(super) struct Folder {
    path: PathBuf,
    /// Held as long as the world is; what has a lock that nobody holds is left over.
    _lock: File,
    watcher: Child,
}

impl Folder {
    pub(super) fn create(keep: bool) -> Result<Self, DemoError> {
        remove_left_over(&std::env::temp_dir());
        let folder =
            tempfile::Builder::new().prefix(PREFIX).tempdir().map_err(DemoError::file(std::env::temp_dir()))?;
        let lock = lock(folder.path()).map_err(DemoError::file(folder.path()))?;
        let watcher = watch(folder.path(), keep)?;
        Ok(Self { path: folder.keep(), _lock: lock, watcher })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Makes a folder in it.
    pub(super) fn make(&self, name: &str) -> Result<PathBuf, DemoError> {
        let path = self.path.join(name);
        fs::create_dir_all(&path).map_err(DemoError::file(&path))?;
        Ok(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // Its standard input ends, so it does its work and is done.
        drop(self.watcher.stdin.take());
        if let Err(error) = self.watcher.wait() {
            tracing::warn!(%error, "the demo world may be left behind");
        }
    }
}

/// Locked under another name first: a folder with an unlocked lock is a dead one.
fn lock(folder: &Path) -> std::io::Result<File> {
    let new = folder.join("lock.new");
    let lock = File::create(&new)?;
    lock.lock()?;
    fs::rename(new, folder.join(LOCK))?;
    Ok(lock)
}

/// A shell that outlives us: in a process group of its own, so that no Ctrl+C reaches it.
fn watch(folder: &Path, keep: bool) -> Result<Child, DemoError> {
    let mut command = Command::new("sh");
    command.args(["-c", WATCHER, "watcher"]).arg(folder).arg(if keep { "keep" } else { "remove" });
    command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
    command.env_remove(MARK).current_dir("/").process_group(0);
    command.spawn().map_err(|error| DemoError::Program { program: "sh".to_owned(), detail: error.to_string() })
}

/// Worlds whose process and watcher were both killed.
fn remove_left_over(temporary: &Path) {
    for entry in fs::read_dir(temporary).into_iter().flatten().flatten() {
        let path = entry.path();
        let ours = entry.file_name().to_string_lossy().starts_with(PREFIX);
        if !ours || !is_left_over(&path) {
            continue;
        }
        if let Ok(mut watcher) = watch(&path, false) {
            drop(watcher.stdin.take());
            let _ = watcher.wait();
        }
    }
}

fn is_left_over(folder: &Path) -> bool {
    match File::open(folder.join(LOCK)) {
        Ok(lock) => lock.try_lock().is_ok(),
        // Still being made, or another person's.
        Err(error) => {
            debug_assert!(matches!(error.kind(), ErrorKind::NotFound | ErrorKind::PermissionDenied), "{error}");
            false
        }
    }
}
