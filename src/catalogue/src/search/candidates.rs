//! Gathers the apps that fit a query.

use super::index::{self, Index};
use super::narrow::Narrow;
use super::rank::{Candidate, Fit};
use super::terms::Terms;
use super::vocabulary::Vocabularies;
use crate::store::attributes::AllAttributes;
use crate::store::find;
use crate::store::schema::{LISTED, relevance};
use rusqlite::{CachedStatement, Connection, Row, params};
use std::collections::HashMap;

/// Most beginnings of names that are looked at. Of more, the likeliest ones are.
const MOST_NAMES: i64 = 2_000;
/// Most apps of one beginning that are looked at then.
const MOST_NAMED_ALIKE: i64 = 400;
/// Most apps that are weighed by their words. What is found comes in the order of numbers, the likeliest first, so that
/// those left out of a query which very many fit are the unlikeliest ones.
const MOST_WEIGHED: usize = super::MOST_COUNTED;

/// How much a word has to say (see [`Index::says`]) to be looked for without the others beside what has them all; a share of
/// the most that one can say.
const WORTH_KEEPING: f64 = 0.25;

/// The apps that fit, each with its best fit.
pub(super) struct Candidates<'a> {
    connection: &'a Connection,
    attributes: &'a AllAttributes,
    vocabularies: &'a Vocabularies,
    narrow: Narrow,
    known: HashMap<i64, Candidate>,
    /// What the words are taken for, one reading after the other; the last one is the one of what is added.
    readings: Vec<String>,
    /// Some name begins with the query, whatever the filter says of it.
    named: bool,
    /// Something fits, whatever the filter says of it.
    any: bool,
    /// What is added has some of the words only.
    partly: bool,
}

impl<'a> Candidates<'a> {
    pub(super) fn new(
        connection: &'a Connection,
        attributes: &'a AllAttributes,
        vocabularies: &'a Vocabularies,
        narrow: Narrow,
    ) -> Self {
        let (known, readings) = (HashMap::new(), Vec::new());
        Self { connection, attributes, vocabularies, narrow, known, readings, named: false, any: false, partly: false }
    }

    /// From now on, what is added has the words only if they are taken for these.
    pub(super) fn read_as(&mut self, words: &str) {
        self.readings.push(words.to_owned());
    }

    /// What the words have to be taken for to find this one; `None` if it has them as typed.
    pub(super) fn reading_of(&self, candidate: &Candidate) -> Option<&str> {
        let last = candidate.reading.checked_sub(1)?;
        self.readings.get(last).map(String::as_str)
    }

    /// How many apps fit, as far as they were looked at.
    pub(super) fn count(&self) -> usize {
        self.known.len()
    }

    /// The best ones, best first.
    pub(super) fn best(&self, limit: usize) -> Vec<Candidate> {
        let mut all: Vec<Candidate> = self.known.values().copied().collect();
        if all.len() > limit {
            // Only those that are shown have to be in order.
            all.select_nth_unstable_by(limit, Candidate::order);
            all.truncate(limit);
        }
        all.sort_by(Candidate::order);
        all
    }

    /// The app whose id was typed.
    pub(super) fn add_id(&mut self, id: &str) -> rusqlite::Result<()> {
        let Some(number) = find::number(self.connection, id)? else { return Ok(()) };
        let mut statement =
            self.connection.prepare_cached(&format!("SELECT 1 FROM part WHERE number = ? AND {LISTED}"))?;
        if statement.exists([number])? {
            self.add(number, Fit::Exact, 0.0);
        }
        Ok(())
    }

    /// The apps that have every word.
    pub(super) fn add_terms(&mut self, terms: &Terms) -> rusqlite::Result<()> {
        self.add_called(terms)?;
        if let Some(strict) = terms.strict().filter(|_| !terms.is_one_letter()) {
            self.add_words(&strict, Fit::Elsewhere)?;
        }
        if let Some(forms) = terms.forms() {
            self.add_words(&forms, Fit::Form)?;
        }
        self.add_joined(terms)
    }

    /// The apps that have two neighbours as one word: "mine sweeper".
    fn add_joined(&mut self, terms: &Terms) -> rusqlite::Result<()> {
        if terms.count() < 2 {
            return Ok(());
        }
        let words = self.vocabularies.words(self.connection)?;
        for joined in terms.joined_pairs(|one| words.get(one).is_some()) {
            if let Some(joined) = joined.strict() {
                self.add_words(&joined, Fit::Elsewhere)?;
            }
        }
        Ok(())
    }

    /// The apps whose name begins with the words, or with the telling ones of them.
    pub(super) fn add_called(&mut self, terms: &Terms) -> rusqlite::Result<()> {
        self.add_names(&terms.joined())?;
        if let Some(one) = terms.run_together() {
            self.add_names(&one)?;
        }
        match terms.joined_telling() {
            Some(telling) if !self.named => self.add_names(&telling),
            _ => Ok(()),
        }
    }

    /// Marks those whose words stand side by side, and those that are what the words say by their categories: what these
    /// say is said of the whole app.
    pub(super) fn prefer(&mut self, terms: &Terms) -> rusqlite::Result<()> {
        self.mark(terms.together(), |known| known.together = true)?;
        let several = terms.together().is_some();
        self.mark(terms.role(), |known| {
            known.role = true;
            known.together |= several;
        })
    }

    fn mark(&mut self, expression: Option<String>, mark: impl Fn(&mut Candidate)) -> rusqlite::Result<()> {
        let Some(expression) = expression else { return Ok(()) };
        let mut statement = self.words("rowid")?;
        let mut rows = statement.query([expression])?;
        let mut left = self.known.len().min(MOST_WEIGHED);
        while left > 0
            && let Some(row) = rows.next()?
        {
            if let Some(known) = self.known.get_mut(&row.get(0)?) {
                if known.partly == self.partly {
                    mark(known);
                }
                left -= 1;
            }
        }
        Ok(())
    }

    /// Whether the query is in any name. What is spelt right is not corrected because of a filter.
    pub(super) fn any_in_name(&self) -> bool {
        self.named
    }

    /// Whether anything fits, also what the filter does not let through.
    pub(super) fn any(&self) -> bool {
        self.any
    }

    /// Whether anything has the words as they were typed.
    pub(super) fn any_as_typed(&self) -> bool {
        self.known.values().any(|known| known.reading == 0)
    }

    /// The apps whose name, or its later words, is this one, which the query may have meant as a whole name with `whole`, as
    /// a part of one with `part`.
    pub(super) fn add_misspelt(&mut self, meant: &str, whole: Fit, part: Fit) -> rusqlite::Result<()> {
        self.read_as(meant);
        let mut statement = self.connection.prepare_cached("SELECT place, number FROM name WHERE key = ?")?;
        let mut rows = statement.query([meant])?;
        while let Some(row) = rows.next()? {
            let fit = if row.get::<_, i64>(0)? == 0 { whole } else { part };
            self.add(row.get(1)?, fit, 0.0);
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

    /// The apps that have some of the words, the same ones of them all, behind those that have all. Gives what was left
    /// out; nothing if there is nothing to leave out.
    pub(super) fn add_partly(&mut self, terms: &Terms) -> rusqlite::Result<Vec<String>> {
        let (asked, apps) = (Index(self.connection), self.attributes.count());
        let passes = |some: &Terms| some.whole_anywhere().map_or(Ok(false), |some| asked.has(&some));
        let Some((kept, left_out)) = terms.kept(|word| asked.says(word, apps), passes)? else { return Ok(Vec::new()) };
        // Behind what has all of the words only a word is worth something that says what is looked for.
        if self.count() > 0 && asked.says_most(&kept, apps)? < WORTH_KEEPING * index::most(apps) {
            return Ok(Vec::new());
        }
        self.partly = true;
        self.read_as(&kept.shown().join(" "));
        if let Some(some) = kept.whole_anywhere() {
            self.add_words(&some, Fit::Elsewhere)?;
        }
        self.prefer(&kept)?;
        self.partly = false;
        Ok(left_out)
    }

    pub(super) fn connection(&self) -> &'a Connection {
        self.connection
    }

    /// The apps that have the words they may have been meant for, in names, keywords and summaries. Those that have the
    /// words as they were typed have them in their descriptions only, and that is worth less beside them.
    pub(super) fn add_meant(&mut self, meant: &Terms) -> rusqlite::Result<()> {
        for known in self.known.values_mut().filter(|known| known.fit == Fit::Elsewhere) {
            known.fit = Fit::InText;
        }
        meant.beside_text().map_or(Ok(()), |meant| self.add_words(&meant, Fit::ElsewhereMisspelt))
    }

    fn add_names(&mut self, query: &str) -> rusqlite::Result<()> {
        let sql = "SELECT key, place, number FROM name WHERE key >= ?1 AND key < ?2 LIMIT ?3";
        let mut statement = self.connection.prepare_cached(sql)?;
        // Behind every text that begins with the query.
        let behind = format!("{query}\u{10ffff}");
        let named = |row: &Row| Ok((row.get(2)?, Fit::of_name(query, row.get_ref(0)?.as_str()?, row.get(1)?)));
        let found = statement.query_map(params![query, behind, MOST_NAMES + 1], named)?;
        let mut found: Vec<(i64, Fit)> = found.collect::<rusqlite::Result<_>>()?;
        if i64::try_from(found.len()).is_ok_and(|count| count > MOST_NAMES) {
            found = self.likeliest_names(query)?;
        }
        self.named |= !found.is_empty();
        for (number, fit) in found {
            self.add(number, fit, 0.0);
        }
        Ok(())
    }

    /// Of the apps whose names begin so, the likeliest ones, whatever their spelling.
    fn likeliest_names(&self, query: &str) -> rusqlite::Result<Vec<(i64, Fit)>> {
        let mut statement = self.connection.prepare_cached("SELECT place, number FROM name WHERE key = ? LIMIT ?")?;
        let mut found = Vec::new();
        let mut left = MOST_NAMES;
        let likeliest = self.vocabularies.names(self.connection)?.likeliest(query, super::MOST_COUNTED);
        // Whoever is called exactly so is meant, however unlikely.
        for key in std::iter::once(query.to_owned()).chain(likeliest) {
            let mut rows = statement.query(params![key, MOST_NAMED_ALIKE.min(left)])?;
            while let Some(row) = rows.next()? {
                found.push((row.get(1)?, Fit::of_name(query, &key, row.get(0)?)));
                left -= 1;
            }
        }
        Ok(found)
    }

    pub(super) fn add_words(&mut self, expression: &str, fit: Fit) -> rusqlite::Result<()> {
        let mut statement = self.words(&format!("rowid, {}", relevance()))?;
        let mut rows = statement.query([expression])?;
        let mut weighed = 0;
        // Read row by row: whoever stops reading pays for no more.
        while let Some(row) = rows.next()?
            && weighed < MOST_WEIGHED
        {
            weighed += usize::from(self.add(row.get(0)?, fit, row.get(1)?));
        }
        Ok(())
    }

    /// Asks the words, in the order of numbers.
    fn words(&self, columns: &str) -> rusqlite::Result<CachedStatement<'a>> {
        self.connection.prepare_cached(&format!("SELECT {columns} FROM words WHERE words MATCH ? ORDER BY rowid"))
    }

    /// Keeps the better fit and the greater relevance of what is known and what is new. `false` if the filter stops it.
    pub(super) fn add(&mut self, number: i64, fit: Fit, relevance: f64) -> bool {
        self.any = true;
        let Some(attributes) = self.narrow.through(self.attributes, number) else { return false };
        let reading = self.readings.len();
        let (prior, partly) = (attributes.prior, self.partly);
        let new = Candidate { number, fit, relevance, together: false, role: false, prior, reading, partly };
        let known = self.known.entry(number).or_insert(new);
        if known.partly != partly {
            return true;
        }
        if fit < known.fit {
            // What has the words as they were typed is not taken for something else, however its name is written.
            known.reading = if known.reading == 0 { 0 } else { reading };
            known.fit = fit;
        }
        known.relevance = known.relevance.max(relevance);
        true
    }
}
