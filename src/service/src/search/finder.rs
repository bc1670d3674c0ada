//! The one search behind every desktop's own.

use super::shelf::Shelf;
use std::sync::Arc;
use strata_catalogue::{Catalogue, CatalogueError, Query};
use strata_model::{AppId, AppSummary, Installed};
use strata_platform::{Environment, settings, witness};
use tokio::sync::Mutex;

/// Most apps that one search gives: GNOME's overview shows five of them, and has a way to all in the window.
const MOST_FOUND: usize = 10;

/// Most results that are described at once.
const MOST_DESCRIBED: usize = 100;

/// Most bytes of what is typed; the catalogue looks at fewer.
const MOST_TYPED: usize = 500;

/// What says less than so many letters is looked for by nobody: the desktop asks on every key, from the first.
const FEWEST_LETTERS: usize = 3;

/// Finds apps in the catalogue's file, never in the way of the bus.
#[derive(Debug)]
pub(super) struct Finder {
    environment: Arc<Environment>,
    shelf: Arc<Mutex<Shelf>>,
}

impl Finder {
    pub(super) fn new(environment: Arc<Environment>) -> Self {
        let shelf = Arc::new(Mutex::new(Shelf::new(environment.catalogue())));
        Self { environment, shelf }
    }

    /// The apps that fit best and can be had. What is on the machine is left out: the desktop finds that by itself, and
    /// starts it, so a second line for it would only say the same in other words. Where nobody can tell what is installed
    /// without waking the engine, all that fits is given.
    pub(super) async fn find(&self, text: &str) -> Vec<AppSummary> {
        if !says_enough(text) {
            return Vec::new();
        }
        let text = bounded(text).to_owned();
        self.ask(move |environment, catalogue| find(environment, catalogue, text)).await
    }

    /// The apps with these ids, each with the id that it was asked by; unknown ones are left out.
    pub(super) async fn describe(&self, mut ids: Vec<String>) -> Vec<(String, AppSummary)> {
        ids.truncate(MOST_DESCRIBED);
        self.ask(move |_, catalogue| {
            let mut described = Vec::new();
            for id in ids {
                if let Ok(app) = AppId::new(&id)
                    && let Some(summary) = catalogue.summaries(&[app])?.pop()
                {
                    described.push((id, summary));
                }
            }
            Ok(described)
        })
        .await
    }

    /// Lets go of what it holds in memory, until the next search.
    pub(super) async fn rest(&self) {
        self.shelf.lock().await.close();
    }

    /// Asks the catalogue, one question after the other. Nothing, where the person wants none of it in the desktop's search,
    /// and where there is no catalogue: the desktop has no place for the reason, and the window says it.
    async fn ask<T: Default + Send + 'static>(
        &self,
        question: impl FnOnce(&Environment, &Catalogue) -> Result<T, CatalogueError> + Send + 'static,
    ) -> T {
        let environment = Arc::clone(&self.environment);
        let mut held = Arc::clone(&self.shelf).lock_owned().await;
        let asked = tokio::task::spawn_blocking(move || {
            if !settings::load(&environment).settings.search.desktop {
                return Ok(T::default());
            }
            held.ask(|catalogue| question(&environment, catalogue))
        });
        match asked.await {
            Ok(Ok(answer)) => return answer,
            Ok(Err(error)) if error.is_mended_by_build() => tracing::debug!(%error, "no catalogue to search"),
            Ok(Err(error)) => tracing::warn!(%error, "the catalogue cannot be searched"),
            Err(error) => tracing::error!(%error, "a search did not end"),
        }
        T::default()
    }
}

/// The words that a desktop took apart, as they were typed.
pub(super) fn joined(terms: &[String]) -> String {
    let mut text = String::new();
    for term in terms {
        if text.len() >= MOST_TYPED {
            break;
        }
        if !text.is_empty() {
            text.push(' ');
        }
        text.push_str(bounded(term));
    }
    text.truncate(bounded(&text).len());
    text
}

fn bounded(text: &str) -> &str {
    &text[..text.floor_char_boundary(MOST_TYPED)]
}

/// A sign that stands for a syllable or a word says as much as two letters.
fn says_enough(text: &str) -> bool {
    let weight = |c: char| match c {
        '\u{2e80}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}' => 2,
        c => usize::from(c.is_alphanumeric()),
    };
    bounded(text).chars().map(weight).sum::<usize>() >= FEWEST_LETTERS
}

/// Every word is to be met, as the desktops have it: what has some of them only is left out.
fn find(environment: &Environment, catalogue: &Catalogue, text: String) -> Result<Vec<AppSummary>, CatalogueError> {
    let found = catalogue.search(&Query::new(text))?;
    let whole = found.partly.map_or(found.apps.len(), |partly| partly.from);
    let here = here(environment);
    let mut apps = Vec::new();
    for app in found.apps.into_iter().take(whole) {
        if apps.len() == MOST_FOUND {
            break;
        }
        if !app.carried && !is_here(&here, &app, catalogue)? {
            apps.push(app);
        }
    }
    Ok(apps)
}

/// What is installed, as far as that is known while the engine sleeps.
fn here(environment: &Environment) -> Vec<Installed> {
    let layered = witness::read_layered(environment).unwrap_or_default();
    witness::read(environment).unwrap_or_default().into_iter().chain(layered).collect()
}

fn is_here(here: &[Installed], app: &AppSummary, catalogue: &Catalogue) -> Result<bool, CatalogueError> {
    if here.is_empty() {
        return Ok(false);
    }
    let offers = catalogue.offers_of(&app.id)?;
    Ok(here.iter().any(|part| part.is_app(&app.id, &offers)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn little_is_looked_for_by_nobody() {
        for (typed, enough) in [
            ("", false),
            ("vs", false),
            ("c++", false),
            ("v s!", false),
            ("gim", true),
            ("Ümö", true),
            ("微", false),
            ("微信", true),
            ("카카오톡", true),
        ] {
            assert_eq!(says_enough(typed), enough, "{typed}");
        }
    }

    #[test]
    fn what_is_typed_is_bounded() {
        let terms = |terms: &[&str]| joined(&terms.iter().map(|&term| term.to_owned()).collect::<Vec<_>>());
        assert_eq!(terms(&["text", "editor"]), "text editor");
        assert_eq!(terms(&[]), "");
        let long = "ü".repeat(1 << 20);
        assert_eq!(terms(&["a", &long]).chars().count(), 1 + 1 + 249, "whole letters only");
        assert!(joined(&vec!["word".to_owned(); 1 << 16]).len() <= MOST_TYPED);
    }

    #[tokio::test]
    async fn without_a_catalogue_nothing_is_found() {
        let folder = tempfile::tempdir().unwrap();
        let home = folder.path().as_os_str().to_owned();
        let environment = Environment::from_variables(&|name| match name {
            "HOME" => Some(home.clone()),
            "STRATA_POLICY" => Some("/nonexistent".into()),
            _ => None,
        });
        let finder = Finder::new(Arc::new(environment));
        assert_eq!(finder.find("chess").await, []);
        assert_eq!(finder.describe(vec!["org.a.B".to_owned()]).await, []);
    }
}
