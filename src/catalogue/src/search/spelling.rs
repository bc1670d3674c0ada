//! Misspelt words: what somebody may have meant.

use super::terms::Terms;
use crate::store::schema::{VOCABULARY_NAMES, VOCABULARY_WORDS};
use fst::{Automaton, IntoStreamer, Map, Streamer};
use rusqlite::{Connection, OptionalExtension};
use std::cmp::Reverse;

/// Most names that are taken for what was meant.
const MOST_NAMES: usize = 20;

/// The words of a query with those replaced that nobody knows; `None` if there is nothing to replace.
pub(super) fn corrected(connection: &Connection, terms: &Terms) -> rusqlite::Result<Option<Terms>> {
    let Some(vocabulary) = vocabulary(connection, VOCABULARY_WORDS)? else { return Ok(None) };
    let meant = terms.replaced(|word| nearest(&vocabulary, word).unwrap_or_else(|| word.clone()));
    Ok((meant != *terms).then_some(meant))
}

/// Names, and their later words, that somebody may have meant by a whole query; the nearest first.
pub(super) fn names(connection: &Connection, query: &str) -> rusqlite::Result<Vec<String>> {
    let Some(most) = mistakes(query) else { return Ok(Vec::new()) };
    let Some(vocabulary) = vocabulary(connection, VOCABULARY_NAMES)? else { return Ok(Vec::new()) };
    let mut found = near(&vocabulary, query, most);
    found.sort_unstable_by_key(|near| (near.distance, Reverse(near.number)));
    Ok(found.into_iter().take(MOST_NAMES).map(|near| near.text).collect())
}

/// Those of some words that are known, with the number of apps that have each.
pub(crate) fn counted(
    connection: &Connection,
    words: impl IntoIterator<Item = String>,
) -> rusqlite::Result<Vec<(u64, String)>> {
    let Some(vocabulary) = vocabulary(connection, VOCABULARY_WORDS)? else { return Ok(Vec::new()) };
    Ok(words.into_iter().filter_map(|word| Some((vocabulary.get(&word)?, word))).collect())
}

fn vocabulary(connection: &Connection, kind: i64) -> rusqlite::Result<Option<Map<Vec<u8>>>> {
    let mut statement = connection.prepare_cached("SELECT body FROM vocabulary WHERE kind = ?")?;
    let body = statement.query_row([kind], |row| row.get::<_, Vec<u8>>(0)).optional()?;
    let damaged = |error: fst::Error| {
        rusqlite::Error::FromSqlConversionFailure(0, rusqlite::types::Type::Blob, error.to_string().into())
    };
    body.map(|body| Map::new(body).map_err(damaged)).transpose()
}

/// How many mistakes a text of this length may have; `None` for one that is too short to guess at.
fn mistakes(text: &str) -> Option<u8> {
    match text.chars().count() {
        0..4 => None,
        4..8 => Some(1),
        _ => Some(2),
    }
}

/// The known word that is nearest to an unknown one, the one that most apps have among equals. `None` if the word is
/// known, or the beginning of a known one, or nothing is near.
fn nearest(vocabulary: &Map<Vec<u8>>, word: &str) -> Option<String> {
    let most = mistakes(word)?;
    let mut beginning = vocabulary.range().ge(word).into_stream();
    if beginning.next().is_some_and(|(known, _)| known.starts_with(word.as_bytes())) {
        return None;
    }
    let near = near(vocabulary, word, most);
    near.into_iter().min_by_key(|near| (near.distance, Reverse(near.number))).map(|near| near.text)
}

/// A known text that is near another one.
#[derive(Debug)]
struct Nearby {
    distance: u8,
    /// What the vocabulary says of it.
    number: u64,
    text: String,
}

fn near(vocabulary: &Map<Vec<u8>>, text: &str, most: u8) -> Vec<Nearby> {
    let mut found = Vec::new();
    let automaton = Near { word: text.as_bytes(), most };
    let mut stream = vocabulary.search_with_state(&automaton).into_stream();
    while let Some((known, number, state)) = stream.next() {
        let distance = state.map(|rows| automaton.distance(&rows));
        if let (Some(distance), Ok(known)) = (distance, std::str::from_utf8(known)) {
            found.push(Nearby { distance, number, text: known.to_owned() });
        }
    }
    found
}

/// Accepts what is at most so many changes from a word: a letter more, less, another one, or two that changed places.
struct Near<'a> {
    word: &'a [u8],
    most: u8,
}

/// Longest text that is corrected, in bytes.
const MOST_BYTES: usize = 47;

/// A row of the table of distances between the beginnings of the word and what was read so far. An array, because the
/// automaton makes one for each letter that it looks at.
type Row = [u8; MOST_BYTES + 1];

/// The row of the last letter and that of the letter before, which changing places needs.
#[derive(Clone, Copy)]
struct Rows {
    before: Row,
    now: Row,
    letter: u8,
    first: bool,
}

impl Near<'_> {
    fn distance(&self, rows: &Rows) -> u8 {
        rows.now[self.word.len()]
    }

    /// The distance of one more letter of the word, from its neighbours in the table.
    fn step(&self, rows: &Rows, next: &Row, place: usize, letter: u8) -> u8 {
        let wanted = self.word[place];
        let changed = rows.now[place].saturating_add(u8::from(wanted != letter));
        let distance = changed.min(rows.now[place + 1].saturating_add(1)).min(next[place].saturating_add(1));
        let swapped = !rows.first && place > 0 && wanted == rows.letter && self.word[place - 1] == letter;
        if swapped { distance.min(rows.before[place - 1].saturating_add(1)) } else { distance }
    }
}

impl Automaton for Near<'_> {
    /// `None`: too far already, whatever comes.
    type State = Option<Rows>;

    fn start(&self) -> Self::State {
        let now = std::array::from_fn(|place| u8::try_from(place).unwrap_or(u8::MAX));
        (self.word.len() <= MOST_BYTES).then_some(Rows { before: now, now, letter: 0, first: true })
    }

    fn is_match(&self, state: &Self::State) -> bool {
        state.as_ref().is_some_and(|rows| self.distance(rows) <= self.most)
    }

    fn can_match(&self, state: &Self::State) -> bool {
        state.is_some()
    }

    fn accept(&self, state: &Self::State, letter: u8) -> Self::State {
        let rows = state.as_ref()?;
        let mut next = [u8::MAX; MOST_BYTES + 1];
        next[0] = rows.now[0].saturating_add(1);
        let mut least = next[0];
        for place in 0..self.word.len() {
            next[place + 1] = self.step(rows, &next, place, letter);
            least = least.min(next[place + 1]);
        }
        (least <= self.most).then_some(Rows { before: rows.now, now: next, letter, first: false })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_word_is_meant() {
        let words = [("calculator", 20), ("calendar", 9), ("editor", 90), ("edits", 2), ("firefox", 3), ("gimp", 4)];
        let vocabulary = Map::from_iter(words).unwrap();
        let cases = [
            ("firefx", Some("firefox"), "a letter less"),
            ("fireffox", Some("firefox"), "a letter more"),
            ("firebox", Some("firefox"), "another letter"),
            ("friefox", Some("firefox"), "two that changed places count one"),
            ("gmip", Some("gimp"), "four letters are enough"),
            ("edito", None, "the beginning of a word"),
            ("editor", None, "a word"),
            ("editr", Some("editor"), "what most apps have among equals"),
            ("gip", None, "too short to guess"),
            ("firxfxx", None, "two changes are too many for seven letters"),
            ("calculatro", Some("calculator"), "but not for ten"),
            ("callculater", Some("calculator"), "two changes"),
            ("zzzzzzzzzz", None, "nothing near"),
        ];
        for (word, expected, reason) in cases {
            assert_eq!(nearest(&vocabulary, word).as_deref(), expected, "{word}: {reason}");
        }
    }

    #[test]
    fn a_name_may_hold_as_many_mistakes_as_its_length_allows() {
        let cases =
            [("abc", None), ("abcd", Some(1)), ("abcdefg", Some(1)), ("gnome chess", Some(2)), ("µhop", Some(1))];
        for (text, expected) in cases {
            assert_eq!(mistakes(text), expected, "{text}");
        }
    }
}
