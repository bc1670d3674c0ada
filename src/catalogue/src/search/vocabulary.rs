//! What is known, word by word and name by name, read when it is needed first.

use crate::store::schema::{VOCABULARY_NAMES, VOCABULARY_WORDS};
use fst::{IntoStreamer, Map, Streamer};
use rusqlite::{Connection, OptionalExtension};
use std::cell::OnceCell;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Both vocabularies of an open catalogue.
#[derive(Debug, Default)]
pub(crate) struct Vocabularies {
    words: OnceCell<Vocabulary>,
    names: OnceCell<Vocabulary>,
}

impl Vocabularies {
    /// Every word, with the number of apps that have it.
    pub(crate) fn words(&self, connection: &Connection) -> rusqlite::Result<&Vocabulary> {
        read_once(&self.words, connection, VOCABULARY_WORDS)
    }

    /// Every name, from each of its words on, with the number of the likeliest app that has it.
    pub(crate) fn names(&self, connection: &Connection) -> rusqlite::Result<&Vocabulary> {
        read_once(&self.names, connection, VOCABULARY_NAMES)
    }
}

fn read_once<'a>(
    cell: &'a OnceCell<Vocabulary>,
    connection: &Connection,
    kind: i64,
) -> rusqlite::Result<&'a Vocabulary> {
    if let Some(known) = cell.get() {
        return Ok(known);
    }
    let read = Vocabulary::read(connection, kind)?;
    Ok(cell.get_or_init(|| read))
}

/// Texts in order, each with a number.
#[derive(Debug, Default)]
pub(crate) struct Vocabulary(Map<Vec<u8>>);

impl Vocabulary {
    /// One that is not there knows nothing.
    fn read(connection: &Connection, kind: i64) -> rusqlite::Result<Self> {
        let mut statement = connection.prepare_cached("SELECT body FROM vocabulary WHERE kind = ?")?;
        let body = statement.query_row([kind], |row| row.get::<_, Vec<u8>>(0)).optional()?;
        let damaged = |error: fst::Error| {
            rusqlite::Error::FromSqlConversionFailure(0, rusqlite::types::Type::Blob, error.to_string().into())
        };
        Ok(body.map(|body| Map::new(body).map_err(damaged)).transpose()?.map(Self).unwrap_or_default())
    }

    /// Out of texts in order.
    #[cfg(test)]
    pub(crate) fn of<'a>(texts: impl IntoIterator<Item = (&'a str, u64)>) -> Self {
        Self(Map::from_iter(texts).unwrap())
    }

    /// The number of a text, if it is known.
    pub(crate) fn get(&self, text: &str) -> Option<u64> {
        self.0.get(text)
    }

    /// The numbers of all texts that begin so added up, as far as the limit.
    pub(super) fn sum_from(&self, beginning: &str, limit: u64) -> u64 {
        let mut sum = 0;
        let mut texts = self.0.range().ge(beginning).into_stream();
        while sum < limit
            && let Some((text, number)) = texts.next()
            && text.starts_with(beginning.as_bytes())
        {
            sum = number.saturating_add(sum);
        }
        sum
    }

    /// What an automaton accepts, with its last state.
    pub(super) fn search<A: fst::Automaton>(&self, automaton: A, mut accept: impl FnMut(&str, u64, A::State))
    where
        A::State: Clone,
    {
        let mut stream = self.0.search_with_state(automaton).into_stream();
        while let Some((text, number, state)) = stream.next() {
            if let Ok(text) = std::str::from_utf8(text) {
                accept(text, number, state);
            }
        }
    }

    /// Of the texts that begin so, those with the least numbers, the least first. A map keeps beside each letter the least
    /// number of what follows it, so that however many texts there are, only the ways to these are gone.
    pub(super) fn likeliest(&self, beginning: &str, most: usize) -> Vec<String> {
        let map = self.0.as_fst();
        let (mut node, mut number) = (map.root(), 0);
        for &byte in beginning.as_bytes() {
            let Some(place) = node.find_input(byte) else { return Vec::new() };
            let step = node.transition(place);
            (node, number) = (map.node(step.addr), number + step.out.value());
        }
        let mut ways = BinaryHeap::from([Reverse((number, Way::Goes(node.addr()), beginning.as_bytes().to_vec()))]);
        let mut found = Vec::new();
        while found.len() < most
            && let Some(Reverse((number, way, text))) = ways.pop()
        {
            let Way::Goes(address) = way else {
                found.extend(String::from_utf8(text));
                continue;
            };
            let node = map.node(address);
            for step in node.transitions() {
                let mut longer = text.clone();
                longer.push(step.inp);
                ways.push(Reverse((number + step.out.value(), Way::Goes(step.addr), longer)));
            }
            if node.is_final() {
                ways.push(Reverse((number + node.final_output().value(), Way::Ends, text)));
            }
        }
        found
    }
}

/// How far the way to a text is gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Way {
    Ends,
    /// From this node on.
    Goes(usize),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_likeliest_of_many_texts_that_begin_alike() {
        let mut texts: Vec<(String, u64)> = (0..5_000).map(|n| (format!("photo {n:04}"), 10_000 - n)).collect();
        texts.extend([("photo".to_owned(), 70_000), ("photos".to_owned(), 3), ("phone".to_owned(), 1)]);
        texts.sort();
        let names = Vocabulary::of(texts.iter().map(|(text, number)| (text.as_str(), *number)));
        assert_eq!(names.likeliest("photo", 3), ["photos", "photo 4999", "photo 4998"]);
        assert_eq!(names.likeliest("ph", 2), ["phone", "photos"]);
        assert_eq!(names.likeliest("photo 49", 1), ["photo 4999"]);
        assert_eq!(names.likeliest("photo", 10_000).len(), 5_002);
        assert_eq!(names.likeliest("x", 3), Vec::<String>::new());
        assert_eq!(names.likeliest("", 1), ["phone"]);
    }

    #[test]
    fn numbers_of_a_beginning_are_added_up() {
        let words = Vocabulary::of([("fish", 9), ("fishes", 2), ("fit", 1)]);
        assert_eq!((words.sum_from("fish", 100), words.sum_from("fish", 5), words.sum_from("fo", 9)), (11, 9, 0));
    }
}
