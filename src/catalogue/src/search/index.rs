//! What the index says of words.

use super::spelling::{MOST_MISTAKEN, Spelling, Told};
use super::terms::Terms;
use super::word::{self, BESIDE_TEXT};
use rusqlite::Connection;

/// The index of an open catalogue.
#[derive(Clone, Copy, Debug)]
pub(super) struct Index<'a>(pub(super) &'a Connection);

impl Index<'_> {
    /// Whether any app fits.
    pub(super) fn has(self, expression: &str) -> rusqlite::Result<bool> {
        self.0.prepare_cached("SELECT 1 FROM words WHERE words MATCH ?")?.exists([expression])
    }

    /// How sure it is that the words are spelt right, by the apps that have them elsewhere than in descriptions.
    pub(super) fn spelling(self, terms: &Terms) -> rusqlite::Result<Spelling> {
        let (Some(whole), Some(given), Some(anyhow)) = (terms.whole(), terms.given(), terms.beside_text()) else {
            return Ok(Spelling::Right);
        };
        // Words that are right are so in whatever company.
        if self.count(&whole)? > MOST_MISTAKEN || (!terms.is_one() && self.each_is_right(terms)?) {
            return Ok(Spelling::Right);
        }
        let known = if self.has(&anyhow)? { Spelling::Doubtful } else { Spelling::Unknown };
        Ok(if self.has(&given)? { Spelling::Given } else { known })
    }

    fn each_is_right(self, terms: &Terms) -> rusqlite::Result<bool> {
        for word in terms.each() {
            if self.spelling(&word)? != Spelling::Right {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Whether anything has the words, or other forms of them, elsewhere than in its description.
    pub(super) fn is_told(self, terms: &Terms) -> rusqlite::Result<bool> {
        terms.told().map_or(Ok(true), |told| self.has(&told))
    }

    /// How much a word says of what somebody looks for among so many apps: how rare it is, as far as the apps that have it
    /// do not only mention it. "Chess" is what some apps are, "online" is said of others, and "learn" of many.
    pub(super) fn says(self, word: &Terms, apps: usize) -> rusqlite::Result<f64> {
        let Some(anyhow) = word.whole_anywhere() else { return Ok(0.0) };
        let mut statement = self.0.prepare_cached("SELECT count(*) FROM words WHERE words MATCH ?")?;
        let mut count = |expression: &str| statement.query_row([expression], |row| row.get::<_, u32>(0)).map(f64::from);
        let told = count(&format!("{BESIDE_TEXT} : ({anyhow})"))?;
        // What a single app has is no rule.
        let any = count(&anyhow)? + 1.0;
        #[allow(clippy::cast_precision_loss)] // Thousands.
        let rare = (apps as f64 / any).ln().max(0.0);
        Ok(told / any * rare)
    }

    /// How many apps fit, counted no further than one more than mistakes are.
    fn count(self, expression: &str) -> rusqlite::Result<u64> {
        let mut statement = self.0.prepare_cached("SELECT 1 FROM words WHERE words MATCH ?")?;
        let mut rows = statement.query([expression])?;
        let mut count = 0;
        while count <= MOST_MISTAKEN && rows.next()?.is_some() {
            count += 1;
        }
        Ok(count)
    }
}

impl Told for Index<'_> {
    fn tells(&self, word: &str) -> rusqlite::Result<bool> {
        self.has(&word::telling(word))
    }

    fn stand_together(&self, one: &str, other: &str) -> rusqlite::Result<bool> {
        self.has(&word::side_by_side(one, other))
    }
}
