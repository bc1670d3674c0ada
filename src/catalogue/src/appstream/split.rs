//! Cuts a catalogue file into its entries without reading it whole.

use crate::LossReason;
use crate::appstream::cursor::attribute;
use quick_xml::Reader;
use quick_xml::events::Event;
use std::io::{self, BufRead};

/// Largest entry in bytes, all its translations and releases included. Real ones stay below a tenth of it.
pub(crate) const MOST_BYTES: usize = 4 << 20;
/// Longest tag around the entries, in bytes.
const MOST_HEADER_BYTES: usize = 16 << 10;
/// Most bytes taken from the stream at once.
const MOST_AT_ONCE: usize = 64 << 10;
/// What `component` and its neighbours need to be told apart.
const LOOK_AHEAD: usize = 12;

/// A part of the file.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Piece<'a> {
    /// One entry, from `<component` to `</component>`, and what the file says about all of them.
    Component(&'a [u8], &'a Header),
    /// An entry that cannot be had.
    Lost(LossReason),
}

/// The file's own words about its entries.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Header {
    /// What relative addresses of pictures begin with.
    pub(crate) media_base: Option<String>,
    /// Where the entries come from.
    pub(crate) origin: Option<String>,
}

/// Cuts entries off a stream. Memory is bounded by [`MOST_BYTES`], whatever comes.
#[derive(Debug)]
pub(crate) struct Splitter<R> {
    source: R,
    ended: bool,
    buffer: Vec<u8>,
    /// Where to look on.
    at: usize,
    entry: Entry,
    header: Header,
    found_list: bool,
}

/// What the splitter is inside of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Entry {
    Outside,
    /// It began here.
    Inside(usize),
    /// It was too large; its rest is thrown away.
    Skipping,
}

/// What a tag means to the splitter.
#[derive(Clone, Copy)]
enum Mark {
    Header,
    Begin,
    End,
    Comment,
    CharacterData,
    Other,
}

impl<R: BufRead> Splitter<R> {
    pub(crate) fn new(source: R) -> Self {
        let buffer = Vec::with_capacity(256 << 10);
        Self {
            source,
            ended: false,
            buffer,
            at: 0,
            entry: Entry::Outside,
            header: Header::default(),
            found_list: false,
        }
    }

    /// The file's own words, as far as they were read.
    pub(crate) fn header(&self) -> &Header {
        &self.header
    }

    /// Whether a list of entries began.
    pub(crate) fn found_list(&self) -> bool {
        self.found_list
    }

    /// The next part, `None` at the end.
    ///
    /// # Errors
    /// When the stream breaks off; what came before it was whole.
    pub(crate) fn next(&mut self) -> io::Result<Option<Piece<'_>>> {
        self.forget();
        while self.find_tag()? {
            match self.mark()? {
                Mark::Header => {
                    self.found_list = true;
                    self.read_header()?;
                }
                Mark::Comment => self.skip_past(b"-->")?,
                Mark::CharacterData => self.skip_past(b"]]>")?,
                Mark::Begin => {
                    self.found_list = true;
                    let unfinished = matches!(self.entry, Entry::Inside(_));
                    self.entry = Entry::Inside(self.at - 1);
                    if unfinished {
                        return Ok(Some(Piece::Lost(LossReason::Malformed)));
                    }
                }
                Mark::End => {
                    self.skip_past(b">")?;
                    match std::mem::replace(&mut self.entry, Entry::Outside) {
                        Entry::Inside(start) => {
                            return Ok(Some(Piece::Component(&self.buffer[start..self.at], &self.header)));
                        }
                        Entry::Skipping => return Ok(Some(Piece::Lost(LossReason::TooLarge))),
                        Entry::Outside => {}
                    }
                }
                Mark::Other => {}
            }
        }
        Ok(match std::mem::replace(&mut self.entry, Entry::Outside) {
            Entry::Outside => None,
            Entry::Inside(_) => Some(Piece::Lost(LossReason::Malformed)),
            Entry::Skipping => Some(Piece::Lost(LossReason::TooLarge)),
        })
    }

    /// Goes on behind the next `<`; `false` at the end of the stream.
    fn find_tag(&mut self) -> io::Result<bool> {
        loop {
            if let Some(found) = memchr::memchr(b'<', &self.buffer[self.at..]) {
                self.at += found + 1;
                return Ok(true);
            }
            self.at = self.buffer.len();
            if !self.fill()? {
                return Ok(false);
            }
        }
    }

    /// What the tag is that begins just before here. Places move when the buffer is filled, `at` with them.
    fn mark(&mut self) -> io::Result<Mark> {
        // Most tags are told by their second letter.
        if self.buffer.get(self.at).is_some_and(|second| !matches!(second, b'c' | b'/' | b'!')) {
            return Ok(Mark::Other);
        }
        while self.buffer.len() < self.at + LOOK_AHEAD && self.fill()? {}
        Ok(mark_of(&self.buffer[self.at - 1..]))
    }

    /// Reads the tag that begins just before here, and goes on behind it: what stands within it is no tag, and not looked
    /// at again.
    fn read_header(&mut self) -> io::Result<()> {
        loop {
            let tag = &self.buffer[self.at - 1..];
            let tag = &tag[..tag.len().min(MOST_HEADER_BYTES)];
            if let Some(end) = memchr::memchr(b'>', tag) {
                self.header = header_of(&tag[..=end]);
                self.at += end;
                return Ok(());
            }
            let length = tag.len();
            if length == MOST_HEADER_BYTES || !self.fill()? {
                self.at += length - 1;
                return Ok(());
            }
        }
    }

    /// Goes on after the next `end`, or to the end of the stream.
    fn skip_past(&mut self, end: &[u8]) -> io::Result<()> {
        loop {
            if let Some(found) = memchr::memmem::find(&self.buffer[self.at..], end) {
                self.at += found + end.len();
                return Ok(());
            }
            // The end may be cut by the end of the buffer.
            self.at = self.at.max(self.buffer.len().saturating_sub(end.len() - 1));
            if !self.fill()? {
                self.at = self.buffer.len();
                return Ok(());
            }
        }
    }

    /// Lets go of what nobody needs any more.
    fn forget(&mut self) {
        let keep = match self.entry {
            Entry::Inside(start) => start,
            Entry::Outside | Entry::Skipping => self.at.saturating_sub(1),
        };
        // Moving what is left costs time: not for each of many small entries.
        if keep > 128 << 10 || keep == self.buffer.len() {
            self.buffer.drain(..keep);
            self.at -= keep;
            if let Entry::Inside(start) = &mut self.entry {
                *start = 0;
            }
        }
    }

    /// Brings more of the stream; `false` at its end.
    fn fill(&mut self) -> io::Result<bool> {
        if let Entry::Inside(start) = self.entry
            && self.buffer.len() - start > MOST_BYTES
        {
            self.entry = Entry::Skipping;
        }
        self.forget();
        if self.ended {
            return Ok(false);
        }
        let more = self.source.fill_buf()?;
        let count = more.len().min(MOST_AT_ONCE);
        self.buffer.extend_from_slice(&more[..count]);
        self.source.consume(count);
        self.ended = count == 0;
        Ok(!self.ended)
    }
}

fn header_of(tag: &[u8]) -> Header {
    let event = std::str::from_utf8(tag).ok().and_then(|text| Reader::from_str(text).read_event().ok());
    match event {
        Some(Event::Start(tag)) => {
            Header { media_base: attribute(&tag, "media_baseurl"), origin: attribute(&tag, "origin") }
        }
        _ => Header::default(),
    }
}

fn mark_of(tag: &[u8]) -> Mark {
    if tag.starts_with(b"<!--") {
        return Mark::Comment;
    }
    if tag.starts_with(b"<![CDATA[") {
        return Mark::CharacterData;
    }
    let ends = |place: usize| tag.get(place).is_some_and(|c| c.is_ascii_whitespace() || matches!(c, b'>' | b'/'));
    if tag.starts_with(b"<component") && ends(10) {
        return Mark::Begin;
    }
    if tag.starts_with(b"</component") && ends(11) {
        return Mark::End;
    }
    if tag.starts_with(b"<components") && ends(11) {
        return Mark::Header;
    }
    Mark::Other
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::BufReader;

    /// The pieces of a text, read in chunks of some bytes; lost ones in angle brackets.
    fn pieces(text: &str, chunk: usize) -> Vec<String> {
        let mut splitter = Splitter::new(BufReader::with_capacity(chunk, text.as_bytes()));
        let mut found = Vec::new();
        while let Some(piece) = splitter.next().unwrap() {
            found.push(match piece {
                Piece::Component(bytes, _) => String::from_utf8(bytes.to_vec()).unwrap(),
                Piece::Lost(reason) => format!("<{reason:?}>"),
            });
        }
        found
    }

    #[test]
    fn entries_are_cut_wherever_the_chunks_end() {
        let one = "<component type='a'><id>1</id></component>";
        let cases = [
            (
                format!("<?xml version='1.0'?><components origin='x'>{one}<!-- <component> -->{one}</components>"),
                vec![one, one],
            ),
            (format!("<components>{one}<component><id>2</id>{one}"), vec![one, "<Malformed>", one]),
            (format!("{one}<component><id>cut off"), vec![one, "<Malformed>"]),
            (format!("</component>{one}</component>"), vec![one]),
            (
                "<component><![CDATA[</component>]]></component >".to_owned(),
                vec!["<component><![CDATA[</component>]]></component >"],
            ),
            ("<component><!-- never ends </component>".to_owned(), vec!["<Malformed>"]),
            (format!("<components {} origin='x'>{one}</components>", "<components ".repeat(10)), vec![one]),
            (format!("<components {}>{one}</components>", "<components ".repeat(5_000)), vec![one]),
            ("<components ".repeat(5_000), vec![]),
            ("no xml at all".to_owned(), vec![]),
            (String::new(), vec![]),
        ];
        for (text, expected) in cases {
            for chunk in [1, 2, 7, 13, 4_096] {
                assert_eq!(pieces(&text, chunk), expected, "{text:?} in chunks of {chunk}");
            }
        }
    }

    #[test]
    fn an_entry_that_is_too_large_costs_itself_and_no_memory() {
        let small = "<component><id>1</id></component>";
        let text = format!("{small}<component>{}</component>{small}", "<p>".repeat(3 * MOST_BYTES / 3));
        let mut splitter = Splitter::new(text.as_bytes());
        let none = Header::default();
        assert_eq!(splitter.next().unwrap(), Some(Piece::Component(small.as_bytes(), &none)));
        assert_eq!(splitter.next().unwrap(), Some(Piece::Lost(LossReason::TooLarge)));
        assert_eq!(splitter.next().unwrap(), Some(Piece::Component(small.as_bytes(), &none)));
        assert_eq!(splitter.next().unwrap(), None);
        assert!(splitter.buffer.capacity() <= 3 * MOST_BYTES, "{}", splitter.buffer.capacity());
    }

    #[test]
    fn the_header_says_where_pictures_lie() {
        let text = "<components origin='x' media_baseurl='https://e.org/a&amp;b'><component></component></components>";
        let mut splitter = Splitter::new(BufReader::with_capacity(5, text.as_bytes()));
        let Some(Piece::Component(_, header)) = splitter.next().unwrap() else { panic!("no entry") };
        assert_eq!((header.media_base.as_deref(), header.origin.as_deref()), (Some("https://e.org/a&b"), Some("x")));
    }
}
