//! What was installed when the engine last looked, for faces that must not wait for it: the first frame of the window,
//! `stratactl search`. Good only while nothing has changed since, which the witnesses tell: files that every program
//! touches when it changes a source's state (Flatpak's `.changed`).

use crate::{Environment, files};
use serde::{Deserialize, Serialize};
use std::io;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;
use strata_model::Installed;

/// Largest file that is read, in bytes: some ten thousand installed parts.
const MAX_FILE: u64 = 16 << 20;

/// A file's state at one moment. Take it *before* reading what it witnesses.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Witness {
    path: PathBuf,
    /// Nanoseconds since 1970; `None` if there was no such file.
    modified: Option<u128>,
}

#[derive(Debug, Serialize, Deserialize)]
struct KnownState {
    witnesses: Vec<Witness>,
    installed: Vec<Installed>,
}

impl Witness {
    /// The file as it is now.
    pub fn of(path: &Path) -> Self {
        let modified = std::fs::metadata(path).and_then(|metadata| metadata.modified()).ok();
        let since = modified.and_then(|time| time.duration_since(UNIX_EPOCH).ok());
        Self { path: path.to_owned(), modified: since.map(|since| since.as_nanos()) }
    }

    /// Whether the file is still as it was.
    pub fn holds(&self) -> bool {
        *self == Self::of(&self.path)
    }
}

/// Keeps what is installed for the faces. The engine calls it after each reading of its sources.
///
/// # Errors
/// When the file cannot be written; the old one is then still there, and its witnesses say that it is stale.
pub fn write(environment: &Environment, witnesses: Vec<Witness>, installed: Vec<Installed>) -> io::Result<()> {
    keep(&environment.installed(), witnesses, installed)
}

/// The same of what is layered on the system, which is read at other times: only when somebody wants to see it.
///
/// # Errors
/// As with [`write`].
pub fn write_layered(environment: &Environment, witnesses: Vec<Witness>, layered: Vec<Installed>) -> io::Result<()> {
    keep(&environment.layered(), witnesses, layered)
}

fn keep(file: &Path, witnesses: Vec<Witness>, installed: Vec<Installed>) -> io::Result<()> {
    files::replace(file, &serde_json::to_vec(&KnownState { witnesses, installed })?)
}

/// What is installed, or `None` if nobody can say without asking the engine.
pub fn read(environment: &Environment) -> Option<Vec<Installed>> {
    known(&environment.installed())
}

/// What is layered on the system, or `None` if nobody can say without waking its daemon.
pub fn read_layered(environment: &Environment) -> Option<Vec<Installed>> {
    known(&environment.layered())
}

fn known(file: &Path) -> Option<Vec<Installed>> {
    let content = files::read_bounded(file, MAX_FILE).ok()?;
    let known: KnownState = serde_json::from_slice(&content).ok()?;
    known.witnesses.iter().all(Witness::holds).then_some(known.installed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_witness_makes_it_stale() {
        let folder = tempfile::tempdir().unwrap();
        let home = folder.path().as_os_str().to_owned();
        let environment = Environment::from_variables(&|name| (name == "HOME").then(|| home.clone()));
        assert_eq!(read(&environment), None);
        let changed = folder.path().join(".changed");
        write(&environment, vec![Witness::of(&changed)], Vec::new()).unwrap();
        assert_eq!(read(&environment), Some(Vec::new()));
        write_layered(&environment, Vec::new(), Vec::new()).unwrap();
        std::fs::write(&changed, "").unwrap();
        assert_eq!(read(&environment), None);
        assert_eq!(read_layered(&environment), Some(Vec::new()), "it has witnesses of its own");
    }
}
