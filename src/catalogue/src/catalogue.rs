//! The catalogue as its readers see it.

use crate::{CatalogueError, Category, Found, List, Page, Query};
use std::path::Path;
use strata_model::{App, AppId, AppSummary, OfferId};

/// One connection to a catalogue's file, read-only. `Send`, not `Sync`: open one for each thread.
#[derive(Debug)]
pub struct Catalogue {
    generation: u64,
}

impl Catalogue {
    /// Opens a catalogue, in about a millisecond.
    pub fn open(path: &Path) -> Result<Self, CatalogueError> {
        Err(CatalogueError::NotBuilt(path.to_owned()))
    }

    /// The number of the build that made it.
    pub fn generation(&self) -> u64 {
        self.generation
    }

    /// Finds apps by words.
    pub fn search(&self, _query: &Query) -> Result<Found, CatalogueError> {
        Err(CatalogueError::NotBuilt("".into()))
    }

    /// Everything about one app.
    pub fn app(&self, _id: &AppId) -> Result<Option<App>, CatalogueError> {
        Err(CatalogueError::NotBuilt("".into()))
    }

    /// The rows of some apps, in the order asked; unknown ones are left out.
    pub fn summaries(&self, _ids: &[AppId]) -> Result<Vec<AppSummary>, CatalogueError> {
        Err(CatalogueError::NotBuilt("".into()))
    }

    /// A part of a list.
    pub fn browse(&self, _list: &List, _page: Page) -> Result<Vec<AppSummary>, CatalogueError> {
        Err(CatalogueError::NotBuilt("".into()))
    }

    /// The tiles that hold apps, and how many each.
    pub fn categories(&self) -> Result<Vec<(Category, usize)>, CatalogueError> {
        Err(CatalogueError::NotBuilt("".into()))
    }

    /// The app, add-on or runtime that has this offer.
    pub fn offer(&self, _offer: &OfferId) -> Result<Option<AppSummary>, CatalogueError> {
        Err(CatalogueError::NotBuilt("".into()))
    }
}
