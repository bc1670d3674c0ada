//! The catalogue's file, kept open between searches.

use std::path::PathBuf;
use strata_catalogue::{Catalogue, CatalogueError};
use strata_platform::witness::Witness;

/// The catalogue, opened at the first question and again when another file is in its place: no engine says so here.
#[derive(Debug)]
pub(super) struct Shelf {
    path: PathBuf,
    open: Option<(Witness, Catalogue)>,
}

impl Shelf {
    pub(super) fn new(path: PathBuf) -> Self {
        Self { path, open: None }
    }

    /// Puts a question. A catalogue that cannot answer is not kept.
    pub(super) fn ask<T>(
        &mut self,
        question: impl FnOnce(&Catalogue) -> Result<T, CatalogueError>,
    ) -> Result<T, CatalogueError> {
        let known = self.open.take().filter(|(file, _)| file.holds());
        let (file, catalogue) = match known {
            Some(known) => known,
            None => (Witness::of(&self.path), Catalogue::open(&self.path)?),
        };
        let answer = question(&catalogue)?;
        self.open = Some((file, catalogue));
        Ok(answer)
    }

    /// Lets go of what it holds in memory.
    pub(super) fn close(&mut self) {
        self.open = None;
    }
}
