//! What the index says of words.

use super::spelling::{MOST_MISTAKEN, Spelling, Told};
use super::terms::Terms;
use super::word::{self, BESIDE_TEXT};
use rusqlite::Connection;

/// What it says to be the name of an app: more than any word that tells something.
const NAME: f64 = 100.0;
/// How rare a word has to be for that: of twenty apps one has it. Apps are called “Files” and “Music”, too.
const RARE_NAME: f64 = 3.0;

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
        if self.has_more(&whole, MOST_MISTAKEN)? || (!terms.is_one() && self.each_is_right(terms)?) {
            return Ok(Spelling::Right);
        }
        let mentioned = terms.whole_anywhere().map_or(Ok(false), |all| self.has_more(&all, MOST_MISTAKEN))?;
        let known = if self.has(&anyhow)? { Spelling::Doubtful } else { Spelling::Unknown };
        Ok(if self.has(&given)? || mentioned { Spelling::Given } else { known })
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

    /// How much the one of these words says that says most.
    pub(super) fn says_most(self, words: &Terms, apps: usize) -> rusqlite::Result<f64> {
        words.each().try_fold(0.0, |most: f64, word| Ok(most.max(self.says(&word, apps)?)))
    }

    /// How much a word says of what somebody looks for among so many apps: how rare it is, as far as the apps that have it
    /// do not only mention it. "Chess" is what some apps are, "online" is said of others, and "learn" of many.
    pub(super) fn says(self, word: &Terms, apps: usize) -> rusqlite::Result<f64> {
        let Some(anyhow) = word.whole_anywhere().filter(|_| !word.is_number()) else { return Ok(0.0) };
        let mut statement = self.0.prepare_cached("SELECT count(*) FROM words WHERE words MATCH ?")?;
        let mut count = |expression: &str| statement.query_row([expression], |row| row.get::<_, u32>(0)).map(f64::from);
        let told = count(&format!("{BESIDE_TEXT} : ({anyhow})"))?;
        // What a single app has is no rule.
        let any = count(&anyhow)? + 1.0;
        let rare = (most(apps) - any.ln()).max(0.0);
        Ok(if rare > RARE_NAME && self.is_name(word)? { NAME } else { told / any * rare })
    }

    /// Whether some app is called so, or its id has it.
    fn is_name(self, word: &Terms) -> rusqlite::Result<bool> {
        let word = word.joined();
        let sql = "SELECT 1 FROM name WHERE key = ? AND place = 0";
        let named = self.0.prepare_cached(sql)?.exists([&word])?;
        let in_id = format!("{{id}} : \"{word}\"");
        Ok(named || (self.has(&in_id)? && !self.has_more(&in_id, MOST_MISTAKEN)?))
    }

    /// Whether more apps fit than so many.
    pub(super) fn has_more(self, expression: &str, than: u64) -> rusqlite::Result<bool> {
        let mut statement = self.0.prepare_cached("SELECT 1 FROM words WHERE words MATCH ?")?;
        let mut rows = statement.query([expression])?;
        for _ in 0..=than {
            if rows.next()?.is_none() {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

/// The most that a word can say among so many apps, but for a name.
pub(super) fn most(apps: usize) -> f64 {
    #[allow(clippy::cast_precision_loss)] // Thousands.
    let apps = apps as f64;
    apps.max(1.0).ln()
}

impl Told for Index<'_> {
    fn tells(&self, word: &str) -> rusqlite::Result<bool> {
        self.has(&word::telling(word))
    }

    fn stand_together(&self, one: &str, other: &str) -> rusqlite::Result<bool> {
        self.has(&word::side_by_side(one, other))
    }
}
