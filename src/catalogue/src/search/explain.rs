//! Why each result of a search stands where it does.

use super::rank::{Candidate, Fit};
use super::terms::Terms;
use crate::store::schema::FIELDS;
use rusqlite::Connection;

/// Why a result stands where it does. Results are ordered by their shelf first, then by their score:
/// `(relevance + 1) × worth × 1.25 if together × (1 + prior ÷ 2000)`, for an app of the kind that was asked for with a worth of
/// 1.5 at least and `1 + prior ÷ 1000`.
#[derive(Clone, Debug, PartialEq)]
pub struct Reason {
    /// How the words fit; decides the shelf.
    pub fit: Fit,
    /// What the words were taken for to find it, if not for what they are.
    pub taken_for: Option<String>,
    /// Shelves come one after the other, whatever the scores: 0 is the first.
    pub shelf: u8,
    /// The fields in which any of the words is found.
    pub fields: Vec<&'static str>,
    /// The words stand side by side.
    pub together: bool,
    /// The words are what the app is by its categories.
    pub role: bool,
    /// What the words say: the weighed sum over fields, rare words counting more (bm25).
    pub relevance: f64,
    /// How likely the app is meant, whatever the words, 0 to 1000: of what follows.
    pub prior: u16,
    /// What was done for it, 0 to 700.
    pub upkeep: u16,
    /// How many people use it, 0 to 1000, if an origin says so.
    pub popularity: Option<u16>,
    /// Its first offer is verified.
    pub verified: bool,
    /// All of it as one number; orders the results of one shelf.
    pub score: f64,
}

/// Says why a candidate stands where it does.
pub(super) fn reason(
    connection: &Connection,
    typed: &Terms,
    candidate: &Candidate,
    reading: Option<&str>,
) -> rusqlite::Result<Reason> {
    let meant = reading.map(Terms::new);
    let terms = meant.as_ref().unwrap_or(typed);
    let number = candidate.number;
    let mut statement = connection.prepare_cached("SELECT count(*) FROM words WHERE words MATCH ? AND rowid = ?")?;
    let mut fields = Vec::new();
    for field in FIELDS {
        let count: i64 = statement.query_row((terms.in_field(field), number), |row| row.get(0))?;
        if count > 0 {
            fields.push(field);
        }
    }
    let sql = "SELECT upkeep, popularity, verified FROM part WHERE number = ?";
    let mut statement = connection.prepare_cached(sql)?;
    let (upkeep, popularity, verified) =
        statement.query_row([number], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    Ok(Reason {
        fit: candidate.fit,
        taken_for: reading.map(str::to_owned),
        shelf: candidate.shelf(),
        fields,
        together: candidate.together,
        role: candidate.role,
        relevance: candidate.relevance,
        prior: candidate.prior,
        upkeep,
        popularity,
        verified,
        score: candidate.score(),
    })
}
