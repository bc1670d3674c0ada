//! Walking through one document's YAML.

use crate::appstream::Languages;
use crate::appstream::cursor::Malformed;
use crate::appstream::locale::Rank;
use crate::appstream::text::folded;
use saphyr_parser::{Event, Parser, ScalarStyle, StrInput};
use std::borrow::Cow;

/// Most lists and maps inside of each other. Real documents stay below ten.
const MOST_DEPTH: usize = 64;

/// A place in one document, and the languages to look for.
pub(crate) struct Cursor<'a, 'l> {
    parser: Parser<'a, StrInput<'a>>,
    depth: usize,
    pub(crate) languages: &'l mut Languages,
}

/// The beginning of a node.
#[derive(Debug, PartialEq, Eq)]
enum Node<'a> {
    Text(Cow<'a, str>),
    List,
    Map,
    /// No node: the list or map around ends.
    End,
}

impl<'a, 'l> Cursor<'a, 'l> {
    pub(crate) fn new(document: &'a str, languages: &'l mut Languages) -> Self {
        Self { parser: Parser::new_from_str(document), depth: 0, languages }
    }

    fn event(&mut self) -> Result<Event<'a>, Malformed> {
        match self.parser.next_event() {
            Some(Ok((event, _))) => Ok(event),
            Some(Err(_)) | None => Err(Malformed),
        }
    }

    fn node(&mut self) -> Result<Node<'a>, Malformed> {
        loop {
            let node = match self.event()? {
                // What stands for nothing is nothing.
                Event::Scalar(text, ScalarStyle::Plain, ..) if matches!(text.as_ref(), "~" | "null") => {
                    Node::Text(Cow::Borrowed(""))
                }
                Event::Scalar(text, ..) => Node::Text(text),
                Event::SequenceStart(..) => Node::List,
                Event::MappingStart(..) => Node::Map,
                Event::SequenceEnd | Event::MappingEnd => Node::End,
                Event::Nothing | Event::StreamStart | Event::DocumentStart(_) => continue,
                // An alias stands for a copy of what came before, and copies of copies multiply.
                Event::Alias(_) | Event::DocumentEnd | Event::StreamEnd => return Err(Malformed),
            };
            match node {
                Node::List | Node::Map if self.depth == MOST_DEPTH => return Err(Malformed),
                Node::List | Node::Map => self.depth += 1,
                Node::End => self.depth = self.depth.saturating_sub(1),
                Node::Text(_) => {}
            }
            return Ok(node);
        }
    }

    /// Goes to the end of the list or map that was just begun.
    fn leave(&mut self) -> Result<(), Malformed> {
        let around = self.depth - 1;
        while self.depth > around {
            self.node()?;
        }
        Ok(())
    }

    /// Leaves the next node out.
    pub(crate) fn skip(&mut self) -> Result<(), Malformed> {
        match self.node()? {
            Node::Text(_) => Ok(()),
            Node::List | Node::Map => self.leave(),
            Node::End => Err(Malformed),
        }
    }

    /// The next node as it is written; empty if it is no text.
    pub(crate) fn raw(&mut self) -> Result<Cow<'a, str>, Malformed> {
        match self.node()? {
            Node::Text(text) => Ok(text),
            Node::List | Node::Map => self.leave().map(|()| Cow::Borrowed("")),
            Node::End => Err(Malformed),
        }
    }

    /// The next node as text, folded, at most `room` bytes; empty if it is no text.
    pub(crate) fn text(&mut self, room: usize) -> Result<String, Malformed> {
        self.raw().map(|raw| folded(&raw, room))
    }

    /// The next node as a number; 0 if it is none.
    pub(crate) fn number(&mut self) -> Result<u32, Malformed> {
        self.raw().map(|raw| raw.trim().parse().unwrap_or(0))
    }

    /// Gives the keys of the next node to `read`, which has to read one node for each. One that is no map has no keys.
    pub(crate) fn map(&mut self, read: impl FnMut(&mut Self, &str) -> Result<(), Malformed>) -> Result<(), Malformed> {
        self.text_or(0, read).map(|_| ())
    }

    /// The next node if it is a text, as [`Cursor::text`]; else its keys are given to `read`, as by [`Cursor::map`].
    pub(crate) fn text_or(
        &mut self,
        room: usize,
        mut read: impl FnMut(&mut Self, &str) -> Result<(), Malformed>,
    ) -> Result<Option<String>, Malformed> {
        match self.node()? {
            Node::Map => {}
            Node::List => return self.leave().map(|()| None),
            Node::Text(text) => return Ok(Some(folded(&text, room))),
            Node::End => return Err(Malformed),
        }
        loop {
            match self.node()? {
                Node::Text(key) => read(self, &key)?,
                Node::End => return Ok(None),
                // Allowed in YAML, and in no DEP-11.
                Node::List | Node::Map => return Err(Malformed),
            }
        }
    }

    /// The same for keys that are languages which the person reads.
    pub(crate) fn languages(
        &mut self,
        mut read: impl FnMut(&mut Self, Rank) -> Result<(), Malformed>,
    ) -> Result<(), Malformed> {
        self.map(|cursor, language| match cursor.languages.rank(language) {
            Some(rank) => read(cursor, rank),
            None => cursor.skip(),
        })
    }

    /// Calls `read` for each item of the next node, which has to read it. One that is no list has no items.
    pub(crate) fn list(&mut self, mut read: impl FnMut(&mut Self) -> Result<(), Malformed>) -> Result<(), Malformed> {
        match self.node()? {
            Node::List => {}
            Node::Map => return self.leave(),
            Node::Text(_) => return Ok(()),
            Node::End => return Err(Malformed),
        }
        while !self.at_end_of_list() {
            read(self)?;
        }
        self.node().map(|_| ())
    }

    /// The same for a list of one that is written without being a list.
    pub(crate) fn list_or_text(
        &mut self,
        mut read: impl FnMut(&mut Self) -> Result<(), Malformed>,
    ) -> Result<(), Malformed> {
        match self.parser.peek() {
            Some(Ok((Event::Scalar(..), _))) => read(self),
            _ => self.list(read),
        }
    }

    fn at_end_of_list(&mut self) -> bool {
        matches!(self.parser.peek(), Some(Ok((Event::SequenceEnd, _))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The keys of a document and what they hold, lists and maps inside one after the other.
    fn read(document: &str) -> Result<Vec<String>, Malformed> {
        let mut languages = Languages::new(&["de".to_owned()]);
        let mut cursor = Cursor::new(document, &mut languages);
        let mut found = Vec::new();
        cursor.map(|cursor, key| match key {
            "list" => cursor.list(|cursor| cursor.text(20).map(|text| found.push(text))),
            "languages" => cursor.languages(|cursor, _| cursor.text(20).map(|text| found.push(text))),
            "skipped" => cursor.skip(),
            _ => cursor.text(20).map(|text| found.push(format!("{key}={text}"))),
        })?;
        Ok(found)
    }

    #[test]
    fn nodes_are_read_whatever_they_are() {
        let cases: [(&str, &[&str], &str); 10] = [
            ("a: b\nc: 'd'", &["a=b", "c=d"], "texts"),
            ("a: null\nb: ~\nc:\nd: '~'", &["a=", "b=", "c=", "d=~"], "nothing"),
            ("list:\n- a\n- {b: c}\n- d", &["a", "", "d"], "an item that is no text"),
            ("list: a\nb: [c]", &["b="], "what is no list, what is no text"),
            ("skipped: {a: [b, {c: d}]}\ne: f", &["e=f"], "left out"),
            ("languages: {fr: x, de: y, C: z}", &["y", "z"], "languages"),
            ("a: >-\n  one\n  two\nb: |\n  three\n  four", &["a=one two", "b=three four"], "blocks"),
            ("a: \"one\\n  two\"", &["a=one two"], "escapes"),
            ("text", &[], "no map"),
            ("[a, b]", &[], "a list"),
        ];
        for (document, expected, reason) in cases {
            let expected: Vec<String> = expected.iter().map(|&text| text.to_owned()).collect();
            assert_eq!(read(document), Ok(expected), "{reason}");
        }
    }

    #[test]
    fn what_is_no_yaml_or_would_multiply_is_refused() {
        let flow = format!("skipped: {}{}", "[".repeat(100), "]".repeat(100));
        let block = format!("skipped:\n{}", (0..100).map(|n| " ".repeat(n) + "-\n").collect::<Vec<_>>().concat());
        let cases = [
            ("a: [b", "an open list"),
            ("a: &x b\nc: *x", "an alias"),
            ("a: *x", "an alias of nothing"),
            ("a: 'b", "an open quote"),
            ("a: b\n c", "a line that belongs to nothing: d"),
            ("? [a]\n: b", "a key that is no text"),
            (&flow, "lists in lists"),
            (&block, "the same, indented"),
            ("", "nothing"),
        ];
        for (document, reason) in cases {
            if reason.contains("belongs") {
                // YAML folds it into the text before.
                assert_eq!(read(document), Ok(vec!["a=b c".to_owned()]));
            } else {
                assert_eq!(read(document), Err(Malformed), "{reason}");
            }
        }
    }
}
