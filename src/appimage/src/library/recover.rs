//! What a crash or a power cut left is brought to its end.

use super::change::{Change, End};
use super::{Library, LibraryError, names_in};
use crate::download::part::{NOTE, PART};
use std::path::Path;
use std::time::Duration;

/// What came of it.
#[derive(Debug, Default)]
pub struct Recovered {
    /// Apps whose change is done now.
    pub done: Vec<String>,
    /// Apps that are as they were before.
    pub undone: Vec<String>,
    /// What could not be brought to an end; the next time tries again. A note of a change that cannot be read is moved
    /// aside (`ID.json.damaged`), so that its app can be changed or removed again.
    pub faults: Vec<LibraryError>,
}

/// How long what came of a download is kept for the next try.
const PARTS: Duration = Duration::from_hours(7 * 24);

impl Library {
    /// Brings every change to its end that was broken off, and takes away what is left of downloads that nobody went on
    /// with for a week. For the start of an engine, before anything else is done.
    ///
    /// # Errors
    /// When the folder of changes is there and cannot be read.
    pub fn recover(&self) -> Result<Recovered, LibraryError> {
        let _changing = self.lock();
        let mut recovered = Recovered::default();
        for id in names_in(&self.places.changes())? {
            match Change::resume(&self.disk, &self.places, &id) {
                Ok(Some(End::Done)) => recovered.done.push(id),
                Ok(Some(End::Undone)) => recovered.undone.push(id),
                Ok(None) => {}
                Err(fault) => {
                    if let LibraryError::Damaged { path, .. } = &fault
                        && let Err(error) = self.disk.rename(path, &path.with_extension("json.damaged"))
                    {
                        tracing::warn!(%error, id, "a note that cannot be read stays");
                    }
                    recovered.faults.push(fault);
                }
            }
        }
        for folder in [self.places.records().to_owned(), self.places.changes()] {
            self.sweep(&folder, &|name| name.ends_with(".json.new"), Duration::ZERO);
        }
        let note = format!(".{NOTE}");
        let part = |name: &str| name.starts_with(PART.0) && (name.ends_with(PART.1) || name.ends_with(&note));
        for folder in self.folders(&self.all()?.apps) {
            self.sweep(&folder, &part, PARTS);
        }
        Ok(recovered)
    }

    /// Takes away files of ours that nobody needs any more, by their names and their age.
    fn sweep(&self, folder: &Path, ours: &dyn Fn(&str) -> bool, age: Duration) {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            let old = || entry.metadata().ok()?.modified().ok()?.elapsed().ok();
            let ours = entry.file_name().to_str().is_some_and(ours);
            let old = age.is_zero() || old().is_some_and(|old| old > age);
            if ours
                && old
                && let Err(error) = self.disk.remove(&entry.path())
            {
                tracing::warn!(%error, "what is left of earlier work stays");
            }
        }
    }
}
