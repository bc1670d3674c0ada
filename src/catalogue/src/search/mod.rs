//! Search as you type: on every key, words in any order and in different fields, the last one maybe not whole yet.

mod candidates;
mod explain;
pub(crate) mod narrow;
mod rank;
pub(crate) mod spelling;
pub(crate) mod terms;
pub(crate) mod words;

use crate::Filter;
use crate::store::attributes::AllAttributes;
use crate::store::row;
use candidates::Candidates;
pub use explain::Reason;
use narrow::Narrow;
use rank::Candidate;
pub use rank::Fit;
use rusqlite::Connection;
use strata_model::AppSummary;
use terms::Terms;

/// As far as search counts: of words that more apps have than this, it looks at the likeliest ones only.
pub const MOST_COUNTED: usize = 400;
/// Most apps that one search gives.
const MOST: usize = 1_000;
/// With fewer results than this, words are taken less strictly, and what that finds follows behind.
const FEW: usize = 5;

/// What a person types.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    /// Words, the last one maybe not whole yet.
    pub text: String,
    /// At most so many apps.
    pub limit: usize,
    /// What it is narrowed to.
    pub filter: Filter,
}

impl Query {
    /// A query for a screenful of apps.
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), limit: 60, filter: Filter::default() }
    }
}

/// What was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// Best first.
    pub apps: Vec<AppSummary>,
    /// How many there are without the query's limit. Counted no further than search looks: of words that very many apps
    /// have, it weighs the [`MOST_COUNTED`] likeliest apps only.
    pub total: usize,
    /// The words that were searched for instead, if nothing was found for the ones given.
    pub corrected: Option<String>,
}

/// Finds apps.
pub(crate) fn search(connection: &Connection, all: &AllAttributes, query: &Query) -> rusqlite::Result<Found> {
    let Some(Ranked { best, total, corrected, .. }) = rank(connection, all, query)? else {
        return Ok(Found::default());
    };
    Ok(Found { apps: rows(connection, &best)?, total, corrected })
}

/// Finds apps and says why each stands where it does.
pub(crate) fn explain(
    connection: &Connection,
    all: &AllAttributes,
    query: &Query,
) -> rusqlite::Result<(Found, Vec<Reason>)> {
    let Some(Ranked { best, total, corrected, terms }) = rank(connection, all, query)? else {
        return Ok((Found::default(), Vec::new()));
    };
    let meant = corrected.as_deref().map_or(terms, Terms::new);
    let reasons = best.iter().map(|candidate| explain::reason(connection, &meant, candidate));
    let reasons = reasons.collect::<rusqlite::Result<_>>()?;
    Ok((Found { apps: rows(connection, &best)?, total, corrected }, reasons))
}

/// What was found, without the rows.
struct Ranked {
    best: Vec<Candidate>,
    total: usize,
    corrected: Option<String>,
    terms: Terms,
}

/// `None` for a query without words.
fn rank(connection: &Connection, all: &AllAttributes, query: &Query) -> rusqlite::Result<Option<Ranked>> {
    let limit = query.limit.min(MOST);
    let terms = Terms::new(&query.text);
    if terms.is_empty() || limit == 0 {
        return Ok(None);
    }
    let mut candidates = Candidates::new(connection, all, Narrow::new(connection, &query.filter)?);
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
    if candidates.count() > 1 {
        candidates.prefer_together(&terms)?;
    }
    let total = candidates.count();
    Ok(Some(Ranked { best: candidates.into_best(limit), total, corrected, terms }))
}

/// Adds what may have been meant by words that are in no name: names that are written nearly so and, where nothing at
/// all was found, words that are. Gives what was searched for instead.
fn correct(
    connection: &Connection,
    terms: &Terms,
    candidates: &mut Candidates<'_>,
) -> rusqlite::Result<Option<String>> {
    let nothing = !candidates.any();
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
    Ok(names.into_iter().next().filter(|_| candidates.count() > 0))
}

fn rows(connection: &Connection, best: &[Candidate]) -> rusqlite::Result<Vec<AppSummary>> {
    let sql = format!("SELECT {} FROM part WHERE number = ?", row::SUMMARY);
    let mut statement = connection.prepare_cached(&sql)?;
    best.iter().map(|found| statement.query_row([found.number], row::summary).map(|(_, head)| head)).collect()
}
