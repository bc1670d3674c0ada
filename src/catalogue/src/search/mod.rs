//! Search as you type: on every key, words in any order and in different fields, the last one maybe not whole yet.

mod candidates;
mod explain;
pub(crate) mod narrow;
mod rank;
pub(crate) mod spelling;
pub(crate) mod terms;
mod unlisted;
pub(crate) mod vocabulary;
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
use vocabulary::Vocabularies;

/// As far as search counts: of words that more apps have than this, it looks at the likeliest ones only.
pub const MOST_COUNTED: usize = 400;
/// Most apps that one search gives.
pub const MOST: usize = 1_000;
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

    /// How its words fit an app that no list has, of which only the id and the name are known; `None` if they do not.
    pub fn fit_of(&self, id: &str, name: &str) -> Option<Fit> {
        unlisted::fit(&self.text, id, name)
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
    /// What the words were taken for, if the first app was found by that.
    pub corrected: Option<Corrected>,
}

/// What words were taken for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Corrected {
    /// These words.
    pub words: String,
    /// Nothing has the words as they were typed; else what has them follows behind.
    pub instead: bool,
}

/// What is searched: an open catalogue with what is read of it once.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Searched<'a> {
    pub(crate) connection: &'a Connection,
    pub(crate) attributes: &'a AllAttributes,
    pub(crate) vocabularies: &'a Vocabularies,
}

/// Finds apps.
pub(crate) fn search(searched: Searched<'_>, query: &Query) -> rusqlite::Result<Found> {
    Ok(rank(searched, query)?.map(|ranked| ranked.found(searched.connection)).transpose()?.unwrap_or_default())
}

/// Finds apps and says why each stands where it does.
pub(crate) fn explain(searched: Searched<'_>, query: &Query) -> rusqlite::Result<(Found, Vec<Reason>)> {
    let Some(ranked) = rank(searched, query)? else { return Ok(Default::default()) };
    let reason = |(candidate, reading): &(Candidate, Option<String>)| {
        explain::reason(searched.connection, &ranked.terms, candidate, reading.as_deref())
    };
    let reasons = ranked.best.iter().map(reason).collect::<rusqlite::Result<_>>()?;
    Ok((ranked.found(searched.connection)?, reasons))
}

/// What was found, without the rows.
struct Ranked {
    /// Best first, each with what the words have to be taken for to find it.
    best: Vec<(Candidate, Option<String>)>,
    total: usize,
    /// Something has the words as they were typed.
    literally: bool,
    terms: Terms,
}

impl Ranked {
    fn found(&self, connection: &Connection) -> rusqlite::Result<Found> {
        let first = self.best.first().and_then(|(_, reading)| reading.clone());
        let corrected = first.map(|words| Corrected { words, instead: !self.literally });
        Ok(Found { apps: rows(connection, &self.best)?, total: self.total, corrected })
    }
}

/// `None` for a query without words.
fn rank(searched: Searched<'_>, query: &Query) -> rusqlite::Result<Option<Ranked>> {
    let limit = query.limit.min(MOST);
    let terms = Terms::new(&query.text);
    if terms.is_empty() || limit == 0 {
        return Ok(None);
    }
    let Searched { connection, attributes, vocabularies } = searched;
    let narrow = Narrow::new(connection, &query.filter)?;
    let mut candidates = Candidates::new(connection, attributes, vocabularies, narrow);
    candidates.add_id(query.text.trim())?;
    candidates.add_terms(&terms)?;
    if candidates.count() < FEW {
        candidates.add_loosely(&terms)?;
    }
    let literally = candidates.any();
    if !candidates.any_in_name() {
        correct(searched, &terms, &mut candidates)?;
    }
    if candidates.count() == 0 {
        candidates.add_partly(&terms)?;
    }
    if candidates.count() > 1 {
        candidates.prefer_together(&terms)?;
    }
    let best = candidates.best(limit).into_iter();
    let best = best.map(|best| (best, candidates.reading_of(&best).map(str::to_owned))).collect();
    Ok(Some(Ranked { best, total: candidates.count(), literally, terms }))
}

/// Adds what may have been meant by words that are in no name: names that are written nearly so and, where the words are
/// nowhere or in descriptions only, words that are.
fn correct(searched: Searched<'_>, terms: &Terms, candidates: &mut Candidates<'_>) -> rusqlite::Result<()> {
    let Searched { connection, vocabularies, .. } = searched;
    let nothing = !candidates.any();
    for name in spelling::names(vocabularies.names(connection)?, &terms.joined()) {
        candidates.add_misspelt(&name)?;
    }
    let sql = "SELECT 1 FROM words WHERE words MATCH ?";
    let tells = |word: &str| connection.prepare_cached(sql)?.exists([terms::telling(word)]);
    let words = vocabularies.words(connection)?;
    if nothing {
        if let Some(meant) = spelling::corrected(words, terms, &tells)? {
            candidates.read_as(&meant.joined());
            candidates.add_terms(&meant)?;
        }
    } else if candidates.only_in_text(terms)?
        && let Some(meant) = spelling::doubted(words, terms, &tells)?
    {
        candidates.read_as(&meant.joined());
        candidates.add_meant(&meant)?;
    }
    Ok(())
}

fn rows(connection: &Connection, best: &[(Candidate, Option<String>)]) -> rusqlite::Result<Vec<AppSummary>> {
    let sql = format!("SELECT {} FROM part WHERE number = ?", row::SUMMARY);
    let mut statement = connection.prepare_cached(&sql)?;
    best.iter().map(|(found, _)| statement.query_row([found.number], row::summary).map(|(_, head)| head)).collect()
}
