//! Apps of the catalogue by what people call them.

use crate::naming::{self, Candidate, Match};
use strata_catalogue::{Catalogue, CatalogueError, List, Page, Query};
use strata_model::{App, AppId, AppSummary, Installed, PartKind};

/// How many rows are read at once.
const ROWS: usize = 5_000;

/// How many apps that a search finds are suggested.
const MOST_FOUND: usize = 3;

/// What the catalogue knows under a name.
#[derive(Debug)]
pub(crate) enum Known {
    /// An app has it as its id.
    App(Box<App>),
    /// Otherwise: what is called so.
    Called(Match),
}

/// Looks for an app by its id, else by what it is called: in the catalogue, and among what is installed, which may be in no
/// list, or hidden.
pub(crate) fn look_up(catalogue: &Catalogue, name: &str, installed: &[Installed]) -> Result<Known, CatalogueError> {
    if let Some(app) = app(catalogue, name, installed)? {
        return Ok(Known::App(app));
    }
    let apps = installed.iter().filter(|part| part.kind == PartKind::App);
    let here = apps.map(|part| Candidate { id: part.id.clone(), name: part.name.clone() });
    let called = match naming::find(name, everything(catalogue)?.into_iter().chain(here)) {
        Match::Near(near) if near.is_empty() && !name.contains('.') => Match::Near(found(catalogue, name)?),
        called => called,
    };
    Ok(Known::Called(called))
}

/// An app by its id or one of its former ids; one that is in no list, or a layered package, as far as it tells of itself
/// where it is installed.
pub(crate) fn app(
    catalogue: &Catalogue,
    id: &str,
    installed: &[Installed],
) -> Result<Option<Box<App>>, CatalogueError> {
    let Ok(id) = AppId::new(id) else { return Ok(None) };
    if let Some(app) = catalogue.app(&id)? {
        return Ok(Some(Box::new(app)));
    }
    let is_it = |part: &&Installed| matches!(part.kind, PartKind::App | PartKind::Package) && part.id == id.as_str();
    let here = installed.iter().filter(is_it).min_by_key(|part| part.kind);
    match here {
        Some(part) if catalogue.is_unlisted(part)? => Ok(AppSummary::of_installed(part).map(App::new).map(Box::new)),
        Some(part) => match catalogue.offer(&part.offer)? {
            Some(known) => Ok(catalogue.app(&known.id)?.map(Box::new)),
            None => Ok(None),
        },
        None => Ok(None),
    }
}

fn everything(catalogue: &Catalogue) -> Result<Vec<Candidate>, CatalogueError> {
    let mut all = Vec::new();
    loop {
        let page = catalogue.browse(&List::All, Page { offset: all.len(), limit: ROWS })?;
        let is_last = page.len() < ROWS;
        all.extend(page.into_iter().map(candidate));
        if is_last {
            return Ok(all);
        }
    }
}

fn found(catalogue: &Catalogue, words: &str) -> Result<Vec<Candidate>, CatalogueError> {
    let found = catalogue.search(&Query { limit: MOST_FOUND, ..Query::new(words) })?;
    Ok(found.apps.into_iter().map(candidate).collect())
}

fn candidate(app: AppSummary) -> Candidate {
    Candidate { id: app.id.into(), name: app.name }
}
