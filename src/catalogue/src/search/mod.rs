//! Search as you type: on every key, words in any order and in different fields, the last one maybe not whole yet.

mod candidates;
mod explain;
mod formats;
mod ids;
mod index;
pub(crate) mod narrow;
mod near;
mod rank;
mod roles;
pub(crate) mod spelling;
pub(crate) mod terms;
mod unlisted;
pub(crate) mod vocabulary;
pub(crate) mod word;
pub(crate) mod words;

use crate::Filter;
use crate::store::attributes::AllAttributes;
use crate::store::row;
use candidates::Candidates;
pub use explain::Reason;
use index::Index;
use narrow::Narrow;
use rank::Candidate;
pub use rank::Fit;
use rusqlite::Connection;
use spelling::Spelling;
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
    /// Where few apps have all of the words: those that have some of them.
    pub partly: Option<Partly>,
    /// It was one word, and it is nowhere but in descriptions: what was found mentions it and may well be something else.
    pub only_mentioned: bool,
    /// Nothing was found, and without the filter something would have been.
    pub filtered: bool,
}

/// What words were taken for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Corrected {
    /// These words.
    pub words: String,
    /// Nothing has the words as they were typed; else what has them follows behind.
    pub instead: bool,
}

/// The apps that have some of the words only; they stand behind those that have all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Partly {
    /// Those that they have, as they were taken.
    pub words: String,
    /// The others, in the order of the query.
    pub left_out: Vec<String>,
    /// Which of the apps that were found is the first one of them, 0 if nothing has all of the words.
    pub from: usize,
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
    /// Something fits, whatever the filter says of it.
    any: bool,
    notes: Notes,
    terms: Terms,
}

/// What is to be said of what was gathered.
#[derive(Debug, Default)]
struct Notes {
    left_out: Vec<String>,
    only_mentioned: bool,
}

impl Ranked {
    fn found(&self, connection: &Connection) -> rusqlite::Result<Found> {
        let first = self.best.first().filter(|(first, _)| !first.partly).and_then(|(_, reading)| reading.clone());
        let corrected = first.map(|words| Corrected { words, instead: !self.literally });
        let any_whole = self.best.first().is_some_and(|(first, _)| !first.partly);
        let only_mentioned = self.notes.only_mentioned && corrected.is_none() && any_whole;
        let apps = rows(connection, &self.best)?;
        let filtered = self.any && apps.is_empty();
        Ok(Found { apps, total: self.total, corrected, partly: self.partly(), only_mentioned, filtered })
    }

    fn partly(&self) -> Option<Partly> {
        let from = self.best.iter().position(|(candidate, _)| candidate.partly)?;
        let words = self.best.get(from).and_then(|(_, reading)| reading.clone())?;
        Some(Partly { words, left_out: self.notes.left_out.clone(), from })
    }
}

/// `None` for a query without words.
fn rank(searched: Searched<'_>, query: &Query) -> rusqlite::Result<Option<Ranked>> {
    let limit = query.limit.min(MOST);
    let terms = Terms::new(ids::of_address(query.text.trim()));
    if terms.is_empty() || limit == 0 {
        return Ok(None);
    }
    let Searched { connection, attributes, vocabularies } = searched;
    let narrow = Narrow::new(connection, &query.filter)?;
    let mut candidates = Candidates::new(connection, attributes, vocabularies, narrow);
    let typed = ids::of_address(query.text.trim());
    candidates.add_id(typed)?;
    let (notes, meant) = if candidates.add_ids(typed)? || ids::is_surely_id(typed) {
        candidates.add_called(&terms)?;
        (Notes::default(), None)
    } else {
        gather(searched, &terms, &mut candidates)?
    };
    if candidates.count() > 1 {
        candidates.prefer(&terms)?;
        if let Some(meant) = &meant {
            candidates.prefer(meant)?;
        }
    }
    let best = candidates.best(limit).into_iter();
    let best = best.map(|best| (best, candidates.reading_of(&best).map(str::to_owned))).collect();
    let (total, literally, any) = (candidates.count(), candidates.any_as_typed(), candidates.any());
    Ok(Some(Ranked { best, total, literally, any, notes, terms }))
}

/// Gathers what has the words; where that is little, what has them nearly. Gives what the words were taken for, too.
fn gather(
    searched: Searched<'_>,
    terms: &Terms,
    candidates: &mut Candidates<'_>,
) -> rusqlite::Result<(Notes, Option<Terms>)> {
    candidates.add_terms(terms)?;
    if candidates.count() < FEW {
        candidates.add_loosely(terms)?;
    }
    if candidates.any_in_name() {
        return Ok((Notes::default(), None));
    }
    let index = Index(searched.connection);
    let spelling = index.spelling(terms)?;
    let meant = correct(searched, terms, spelling, candidates)?;
    let words = meant.as_ref().unwrap_or(terms);
    // What was written as one is not taken apart.
    let is_apart = words.count() > terms.count();
    let little = candidates.count() < FEW && !is_apart;
    let left_out = if little { candidates.add_partly(words)? } else { Vec::new() };
    let nowhere_else = spelling == Spelling::Unknown && terms.is_one() && candidates.any_as_typed();
    let only_mentioned = nowhere_else && !index.is_told(terms)?;
    Ok((Notes { left_out, only_mentioned }, meant))
}

/// Adds what may have been meant by words that are in no name: names that are written nearly so and, where the words are
/// nowhere or in descriptions only, words that are. Gives what the words were taken for if they are nowhere.
fn correct(
    searched: Searched<'_>,
    terms: &Terms,
    spelling: Spelling,
    candidates: &mut Candidates<'_>,
) -> rusqlite::Result<Option<Terms>> {
    let Searched { connection, vocabularies, .. } = searched;
    if spelling == Spelling::Right {
        return Ok(None);
    }
    let nothing = !candidates.any() && spelling != Spelling::Right;
    let told = Index(connection);
    let words = vocabularies.words(connection)?;
    let typed = terms.joined();
    let meant = if nothing { spelling::corrected(words, terms, &told)? } else { None };
    let doubtful = !nothing && spelling == Spelling::Unknown;
    let rather = if doubtful { spelling::doubted(words, terms, &told)? } else { None };
    let read = meant.as_ref().or(rather.as_ref()).map(Terms::joined);
    let same_letters = |other: &str| spelling::is_same_letters(other, &typed);
    let surely = read.as_ref().is_some_and(|read| same_letters(read));
    let near = read.as_ref().map(|read| near::distance(read, &typed));
    for (name, mistakes) in spelling::names(vocabularies.names(connection)?, &typed) {
        let other_letters = surely && !same_letters(&name);
        let farther = near.is_some_and(|near| near < mistakes);
        let begins_otherwise = !spelling::begin_alike(&name, &typed);
        let (whole, part) = match spelling {
            // What has the words as they are comes first.
            Spelling::Given => (Fit::Loosely, Fit::Loosely),
            _ if other_letters || farther || begins_otherwise => (Fit::InsideMisspelt, Fit::InsideMisspelt),
            _ => (Fit::Misspelt, Fit::InsideMisspelt),
        };
        candidates.add_misspelt(&name, whole, part)?;
    }
    if let Some(meant) = &meant {
        candidates.read_as(&meant.shown().join(" "));
        candidates.add_terms(meant)?;
    } else if let Some(rather) = &rather {
        candidates.read_as(&rather.shown().join(" "));
        candidates.add_meant(rather)?;
    }
    Ok(meant.or(rather))
}

fn rows(connection: &Connection, best: &[(Candidate, Option<String>)]) -> rusqlite::Result<Vec<AppSummary>> {
    let sql = format!("SELECT {} FROM part WHERE number = ?", row::SUMMARY);
    let mut statement = connection.prepare_cached(&sql)?;
    best.iter().map(|(found, _)| statement.query_row([found.number], row::summary).map(|(_, head)| head)).collect()
}
