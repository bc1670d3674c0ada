//! Ids, as somebody types or pastes them.

use super::candidates::Candidates;
use super::index::Index;
use super::rank::Fit;
use crate::store::schema::LISTED;
use crate::words::folded;
use rusqlite::params;

/// Most apps whose ids begin alike that are looked at, the likeliest ones.
const MOST_ALIKE: i64 = 400;
/// From so many parts on, a text with dots can be nothing but an id: names such as "draw.io" have two.
const CERTAINLY: usize = 3;
/// Most apps that an id of another list can mean by its last part.
const MOST_CALLED: u64 = 5;

/// A text that may be an id, or its beginning.
pub(super) fn is_like_id(typed: &str) -> bool {
    let plain = typed.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-'));
    let mut parts = typed.split('.');
    plain && parts.next().is_some_and(|first| !first.is_empty()) && parts.next().is_some()
}

/// A text that can be nothing but an id.
pub(super) fn is_surely_id(typed: &str) -> bool {
    is_like_id(typed) && typed.split('.').count() >= CERTAINLY
}

/// What an address of a page about an app ends with, which is its id or its name; other texts as they are.
pub(super) fn of_address(typed: &str) -> &str {
    match typed.split_once("://") {
        Some((_, rest)) if !typed.contains(' ') => {
            let path = rest.split(['?', '#']).next().unwrap_or(rest).trim_end_matches('/');
            path.rsplit('/').next().unwrap_or(path)
        }
        _ => typed,
    }
}

impl Candidates<'_> {
    /// The apps whose ids begin so; where there are none, those whose ids end as this one does, or that are called as it
    /// ends: what another list calls by another id. `false` if neither is there.
    pub(super) fn add_ids(&mut self, typed: &str) -> rusqlite::Result<bool> {
        if !is_like_id(typed) {
            return Ok(false);
        }
        let sql = format!(
            "SELECT number FROM part WHERE {LISTED}
             AND id >= ?1 COLLATE NOCASE AND id < ?2 COLLATE NOCASE ORDER BY number LIMIT ?3"
        );
        let mut statement = self.connection().prepare_cached(&sql)?;
        let behind = format!("{typed}\u{7f}");
        let numbers = statement.query_map(params![typed, behind, MOST_ALIKE], |row| row.get::<_, i64>(0))?;
        let numbers: Vec<i64> = numbers.collect::<rusqlite::Result<_>>()?;
        for &number in &numbers {
            self.add(number, self.fit_of_id(number, typed)?, 0.0);
        }
        if self.any() || typed.split('.').count() < CERTAINLY {
            return Ok(self.any());
        }
        let last = folded(typed.trim_end_matches(".desktop").rsplit('.').next().unwrap_or_default());
        let last: Vec<String> =
            last.split(' ').filter(|word| word.len() > 2).map(|word| format!("\"{word}\"*")).collect();
        // Names of many end with "Client", so it says nothing.
        let is_common = |all: &str| Index(self.connection()).has_more(&format!("{{id name}} : ({all})"), MOST_CALLED);
        if !last.is_empty() && !is_common(&last.join(" AND "))? {
            let all = last.join(" AND ");
            self.add_words(&format!("{{id}} : ({all})"), Fit::Inside)?;
            self.add_words(&format!("{{name}} : ({all})"), Fit::Elsewhere)?;
        }
        Ok(self.any())
    }

    /// Whoever types it in other letters means the same.
    fn fit_of_id(&self, number: i64, typed: &str) -> rusqlite::Result<Fit> {
        let mut statement =
            self.connection().prepare_cached("SELECT 1 FROM part WHERE number = ? AND id = ? COLLATE NOCASE")?;
        Ok(if statement.exists(params![number, typed])? { Fit::Exact } else { Fit::Prefix })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_be_an_id() {
        let cases = [
            ("org.gnome", true),
            ("org.gnome.", true),
            ("org.mozilla.firefox", true),
            ("io.github.a-b.C_d", true),
            ("firefox", false),
            (".net", false),
            ("org gnome", false),
            ("a.b c", false),
            ("é.b.c", false),
        ];
        for (typed, expected) in cases {
            assert_eq!(is_like_id(typed), expected, "{typed}");
        }
    }
}
