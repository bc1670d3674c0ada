//! What a person noted of the deployments that they pinned. The daemon has no place for it, so it is kept in a file.

use crate::guard::guarded_blocking;
use std::collections::BTreeMap;
use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use strata_model::snapshot::PinNote;
use strata_model::{Failure, System};
use strata_platform::{Environment, files};

/// Largest file that is read, in bytes.
const MAX_FILE: u64 = 1 << 20;

/// Most characters of a note.
const LONGEST: usize = 200;

/// Notes by the ids of their deployments.
type Known = BTreeMap<String, String>;

/// The notes.
#[derive(Debug)]
pub(crate) struct Notes {
    path: PathBuf,
    /// `None` until they were read.
    known: Mutex<Option<Known>>,
}

impl Notes {
    pub(crate) fn new(environment: &Environment) -> Self {
        Self { path: environment.data.join("pins.json"), known: Mutex::default() }
    }

    fn lock(&self) -> MutexGuard<'_, Option<Known>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// All of them.
    pub(crate) fn all(&self) -> Vec<PinNote> {
        let note =
            |(deployment, note): (&String, &String)| PinNote { deployment: deployment.clone(), note: note.clone() };
        self.lock().iter().flatten().map(note).collect()
    }

    /// Notes something of a deployment; an empty note takes away what was noted.
    ///
    /// # Errors
    /// See [`files::unwritten`].
    pub(crate) async fn note(self: &Arc<Self>, deployment: &str, note: &str) -> Result<(), Failure> {
        let (deployment, note) = (deployment.to_owned(), plain(note));
        self.edit(move |known| {
            known.remove(&deployment);
            if !note.is_empty() {
                known.insert(deployment, note);
            }
        })
        .await
    }

    /// What was noted of deployments that are gone goes too.
    ///
    /// # Errors
    /// See [`files::unwritten`].
    pub(crate) async fn keep_only(self: &Arc<Self>, system: &System) -> Result<(), Failure> {
        let there: Vec<String> = system.deployments.iter().map(|deployment| deployment.id.clone()).collect();
        self.edit(move |known| known.retain(|deployment, _| there.contains(deployment))).await
    }

    async fn edit(self: &Arc<Self>, change: impl FnOnce(&mut Known) + Send + 'static) -> Result<(), Failure> {
        let this = Arc::clone(self);
        let written = guarded_blocking("pins.json", move || this.edit_now(change)).await?;
        written.map_err(|error| files::unwritten(&self.path, &error))
    }

    fn edit_now(&self, change: impl FnOnce(&mut Known)) -> io::Result<()> {
        let mut lock = self.lock();
        let known = lock.get_or_insert_with(|| {
            let content = files::read_bounded(&self.path, MAX_FILE).ok();
            content.and_then(|content| serde_json::from_slice(&content).ok()).unwrap_or_default()
        });
        let before = known.clone();
        change(known);
        if *known == before {
            return Ok(());
        }
        let written = serde_json::to_vec(known).map_err(io::Error::from);
        let written = written.and_then(|bytes| files::replace(&self.path, &bytes));
        if written.is_err() {
            // Nobody is to be told of what is not kept, and a second try is to try.
            *known = before;
        }
        written
    }
}

/// One line of a bounded length.
fn plain(note: &str) -> String {
    let plain: String = note.chars().map(|c| if c.is_control() { ' ' } else { c }).take(LONGEST).collect();
    plain.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[tokio::test]
    async fn a_note_that_cannot_be_written_is_not_kept_and_can_be_tried_again() {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("data");
        // A file lies where the folder belongs.
        fs::write(&data, "").unwrap();
        let variable = |name: &str| (name == "HOME").then(|| folder.path().as_os_str().to_owned());
        let environment = Environment { data: data.clone(), ..Environment::from_variables(&variable) };
        let notes = Arc::new(Notes::new(&environment));
        for _ in 0..2 {
            assert!(notes.note("orchard-1", "works well").await.is_err());
            assert_eq!(notes.all(), []);
        }
        fs::remove_file(&data).unwrap();
        notes.note("orchard-1", "works well").await.unwrap();
        assert_eq!(notes.all().len(), 1);
        assert!(fs::read_to_string(data.join("pins.json")).unwrap().contains("works well"));
    }
}
