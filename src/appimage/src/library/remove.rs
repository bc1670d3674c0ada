//! An app goes: everything that was made for it, and nothing else.

use super::change::Change;
use super::disk::exists;
use super::moving::Along;
use super::portable::Portable;
use super::record::Record;
use super::{Library, LibraryError};
use std::path::PathBuf;

/// What came of a removal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Removed {
    /// What was known of the app.
    pub record: Record,
    /// Folders of its own that stay.
    pub left: Vec<Portable>,
    /// Something that lies where the AppImage lay, and is none: it stays.
    pub stranger: Option<PathBuf>,
}

impl Library {
    /// Takes an app away: the AppImage, the version before, and what was made for them. Folders of its own go only
    /// where `data` says so.
    ///
    /// # Errors
    /// See [`LibraryError`].
    pub fn remove(&self, id: &str, data: bool) -> Result<Removed, LibraryError> {
        let _changing = self.lock();
        self.settle_change(id)?;
        let record = self.get(id)?;
        let change = Change {
            id: id.to_owned(),
            decided: false,
            before: Some(record.clone()),
            after: None,
            program: None,
            source: None,
            data,
            along: Along::default(),
            mode: None,
        };
        change.run(&self.disk, &self.places, &[])?;
        let left = Portable::of(&record);
        let stranger = Some(record.path.clone()).filter(|path| exists(path));
        Ok(Removed { record, left, stranger })
    }

    /// What an app has stored that is certainly its own: the folders beside it. What it wrote elsewhere nobody can tell.
    ///
    /// # Errors
    /// See [`Library::get`].
    pub fn data(&self, id: &str) -> Result<Vec<Portable>, LibraryError> {
        Ok(Portable::of(&self.get(id)?))
    }
}
