//! Search as you type: on every key, words in any order and in different fields, the last one maybe not whole yet.

mod candidates;
mod rank;
mod spelling;
mod terms;

use crate::store::row;
use candidates::Candidates;
use rusqlite::Connection;
use strata_model::AppSummary;
use terms::Terms;

/// Most apps that one search gives.
const MOST: usize = 1_000;
/// With fewer results than this, words are taken less strictly, and what that finds follows behind.
const FEW: usize = 5;

/// What a person types.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query {
    /// Words, the last one maybe not whole yet.
    pub text: String,
    /// At most so many apps.
    pub limit: usize,
}

impl Query {
    /// A query for a screenful of apps.
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), limit: 60 }
    }
}

/// What was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// Best first.
    pub apps: Vec<AppSummary>,
    /// How many there are without the query's limit.
    pub total: usize,
    /// The words that were searched for instead, if nothing was found for the ones given.
    pub corrected: Option<String>,
}

/// Adds what may have been meant by words that are in no name: names that are written nearly so and, where nothing at
/// all was found, words that are. Gives what was searched for instead.
fn correct(
    connection: &Connection,
    terms: &Terms,
    candidates: &mut Candidates<'_>,
) -> rusqlite::Result<Option<String>> {
    let nothing = candidates.count() == 0;
    let names = spelling::names(connection, &terms.joined())?;
    for name in &names {
        candidates.add_misspelt(name)?;
    }
    if !nothing {
        return Ok(None);
    }
    if let Some(meant) = spelling::corrected(connection, terms)? {
        candidates.add_terms(&meant)?;
        if names.is_empty() {
            return Ok((candidates.count() > 0).then(|| meant.joined()));
        }
    }
    Ok(names.into_iter().next())
}

/// Finds apps.
pub(crate) fn search(connection: &Connection, query: &Query) -> rusqlite::Result<Found> {
    let limit = query.limit.min(MOST);
    let terms = Terms::new(&query.text);
    if terms.is_empty() || limit == 0 {
        return Ok(Found::default());
    }
    let mut candidates = Candidates::new(connection, limit);
    candidates.add_id(query.text.trim())?;
    candidates.add_terms(&terms)?;
    if candidates.count() < FEW {
        candidates.add_loosely(&terms)?;
    }
    let mut corrected = None;
    if !candidates.any_in_name() {
        corrected = correct(connection, &terms, &mut candidates)?;
    }
    if candidates.count() == 0 {
        candidates.add_partly(&terms)?;
    }
    let total = candidates.count();
    let best = candidates.into_best();
    let sql = format!("SELECT {} FROM part WHERE number = ?", row::SUMMARY);
    let mut statement = connection.prepare_cached(&sql)?;
    let apps = best.into_iter().map(|number| statement.query_row([number], row::summary).map(|(_, head)| head));
    Ok(Found { apps: apps.collect::<rusqlite::Result<_>>()?, total, corrected })
}
