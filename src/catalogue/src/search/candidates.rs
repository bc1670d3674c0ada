//! Gathers the apps that fit a query.

use super::rank::{Candidate, Fit};
use super::terms::Terms;
use crate::store::schema::WEIGHTS;
use rusqlite::{Connection, OptionalExtension, params};
use std::collections::HashMap;

/// Most beginnings of names that are looked at.
const MOST_NAMES: i64 = 20_000;
/// How many apps are ranked for each that is shown: the words' own order is only a part of the ranking.
const RANKED_PER_SHOWN: usize = 2;

/// The apps that fit, each with its best fit.
pub(super) struct Candidates<'a> {
    connection: &'a Connection,
    limit: usize,
    known: HashMap<i64, Candidate>,
    /// How many there are, those that were not ranked included.
    count: usize,
}

impl<'a> Candidates<'a> {
    pub(super) fn new(connection: &'a Connection, limit: usize) -> Self {
        Self { connection, limit, known: HashMap::new(), count: 0 }
    }

    /// How many apps fit.
    pub(super) fn count(&self) -> usize {
        self.count.max(self.known.len())
    }

    /// The numbers of the best ones, best first.
    pub(super) fn into_best(self) -> Vec<i64> {
        let mut all: Vec<Candidate> = self.known.into_values().collect();
        if all.len() > self.limit {
            // Only those that are shown have to be in order.
            all.select_nth_unstable_by(self.limit, Candidate::order);
            all.truncate(self.limit);
        }
        all.sort_by(Candidate::order);
        all.into_iter().map(|candidate| candidate.number).collect()
    }

    /// The app whose id was typed.
    pub(super) fn add_id(&mut self, id: &str) -> rusqlite::Result<()> {
        let sql = "SELECT number, prior FROM part WHERE kind = 0 AND id = ?1 UNION ALL
                   SELECT number, prior FROM part WHERE kind = 0 AND number = (SELECT number FROM alias WHERE id = ?1)";
        let mut statement = self.connection.prepare_cached(sql)?;
        let found = statement.query_row([id], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
        if let Some((number, prior)) = found {
            self.add(Candidate { number, fit: Fit::Exact, relevance: 0.0, prior });
        }
        Ok(())
    }

    /// The apps that have every word.
    pub(super) fn add_terms(&mut self, terms: &Terms) -> rusqlite::Result<()> {
        self.add_names(&terms.joined())?;
        if !terms.is_one_letter() {
            self.add_words(&terms.strict(), Fit::Elsewhere)?;
        }
        Ok(())
    }

    /// Whether the query is in the name of any of them.
    pub(super) fn any_in_name(&self) -> bool {
        self.known.values().any(|candidate| candidate.fit.is_in_name())
    }

    /// The apps whose name, or its later words, is this one, which the query may have meant.
    pub(super) fn add_misspelt(&mut self, meant: &str) -> rusqlite::Result<()> {
        let mut statement = self.connection.prepare_cached("SELECT place, number, prior FROM name WHERE key = ?")?;
        let mut rows = statement.query([meant])?;
        while let Some(row) = rows.next()? {
            let fit = if row.get::<_, i64>(0)? == 0 { Fit::Misspelt } else { Fit::InsideMisspelt };
            self.add(Candidate { number: row.get(1)?, fit, relevance: 0.0, prior: row.get(2)? });
        }
        Ok(())
    }

    /// The apps that have the words in other forms.
    pub(super) fn add_loosely(&mut self, terms: &Terms) -> rusqlite::Result<()> {
        if let Some(loose) = terms.loose() {
            self.add_words(&loose, Fit::Loosely)?;
        }
        Ok(())
    }

    /// The apps that have some of the words.
    pub(super) fn add_partly(&mut self, terms: &Terms) -> rusqlite::Result<()> {
        if let Some(any) = terms.any() {
            self.add_words(&any, Fit::Partly)?;
        }
        Ok(())
    }

    fn add_names(&mut self, query: &str) -> rusqlite::Result<()> {
        let sql = "SELECT key, place, number, prior FROM name WHERE key >= ?1 AND key < ?2 LIMIT ?3";
        let mut statement = self.connection.prepare_cached(sql)?;
        // Behind every text that begins with the query.
        let behind = format!("{query}\u{10ffff}");
        let mut rows = statement.query(params![query, behind, MOST_NAMES])?;
        while let Some(row) = rows.next()? {
            let fit = Fit::of_name(query, row.get_ref(0)?.as_str()?, row.get(1)?);
            self.add(Candidate { number: row.get(2)?, fit, relevance: 0.0, prior: row.get(3)? });
        }
        Ok(())
    }

    fn add_words(&mut self, expression: &str, fit: Fit) -> rusqlite::Result<()> {
        let [name, id, keywords, summary, developer, description] = WEIGHTS;
        let sql = format!(
            "SELECT found.number, found.relevance, part.prior FROM
             (SELECT rowid AS number, -bm25(words, {name}, {id}, {keywords}, {summary}, {developer}, {description})
              AS relevance FROM words WHERE words MATCH ?1 ORDER BY relevance DESC LIMIT ?2) AS found
             JOIN part ON part.number = found.number"
        );
        let mut statement = self.connection.prepare_cached(&sql)?;
        let ranked = self.limit.saturating_mul(RANKED_PER_SHOWN);
        let mut rows = statement.query(params![expression, i64::try_from(ranked).unwrap_or(i64::MAX)])?;
        let mut found = 0;
        while let Some(row) = rows.next()? {
            found += 1;
            self.add(Candidate { number: row.get(0)?, fit, relevance: row.get(1)?, prior: row.get(2)? });
        }
        self.count = self.count.max(if found < ranked { found } else { self.count_words(expression)? });
        Ok(())
    }

    fn count_words(&self, expression: &str) -> rusqlite::Result<usize> {
        let mut statement = self.connection.prepare_cached("SELECT count(*) FROM words WHERE words MATCH ?")?;
        let count: i64 = statement.query_row([expression], |row| row.get(0))?;
        Ok(usize::try_from(count).unwrap_or(0))
    }

    /// Keeps the better fit and the greater relevance of what is known and what is new.
    fn add(&mut self, new: Candidate) {
        let known = self.known.entry(new.number).or_insert(new);
        known.fit = known.fit.min(new.fit);
        known.relevance = known.relevance.max(new.relevance);
    }
}
