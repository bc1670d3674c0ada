//! Which installed apps a file is another version of.

use super::candidate::Candidate;
use super::install::{ids, stem};
use super::record::Record;
use super::{Library, LibraryError};

impl Library {
    /// The installed apps that a file is another version of: those that got their ids from a desktop file of the same name,
    /// the likeliest first. Many of these are called alike without being the same (`app.desktop`), so the app's name has to
    /// be the same, too.
    ///
    /// # Errors
    /// See [`Library::all`]. [`LibraryError::Already`] for the same file, or the same content.
    pub fn same_apps(&self, candidate: &Candidate) -> Result<Vec<Record>, LibraryError> {
        self.is_new(candidate)?;
        let contents = &candidate.inspection.contents;
        let Some((desktop, name)) = contents.desktop.as_ref().zip(contents.name()) else { return Ok(Vec::new()) };
        let mut apps: Vec<_> = self.all()?.apps.into_iter().map(|app| app.record).collect();
        apps.retain(|record| record.name == name);
        let find = |id: String| apps.iter().find(|record| record.id == id).cloned();
        Ok(ids(stem(&desktop.name)).filter_map(find).collect())
    }
}
