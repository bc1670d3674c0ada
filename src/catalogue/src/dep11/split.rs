//! Cuts a catalogue file into its documents without reading it whole.

use super::document::{header, is_header};
use crate::LossReason;
use crate::appstream::split::{Header, MOST_BYTES, Piece};
use std::io::{self, BufRead};
use std::ops::Range;

/// Most bytes taken from the stream at once.
const MOST_AT_ONCE: usize = 64 << 10;
/// What stands between two documents, after the end of a line.
const BORDER: &[u8] = b"\n---";

/// Cuts documents off a stream. Memory is bounded by [`MOST_BYTES`], whatever comes.
#[derive(Debug)]
pub(crate) struct Documents<R> {
    source: R,
    ended: bool,
    buffer: Vec<u8>,
    /// Where the document begins.
    start: usize,
    /// Where to look on for its end.
    at: usize,
    /// It was too large; its rest is thrown away.
    skipping: bool,
    header: Header,
}

impl<R: BufRead> Documents<R> {
    pub(crate) fn new(source: R) -> Self {
        // A border stands after the end of a line; the first one has none before it.
        let buffer = vec![b'\n'];
        Self { source, ended: false, buffer, start: 0, at: 0, skipping: false, header: Header::default() }
    }

    /// The file's own words, as far as they were read.
    pub(crate) fn header(&self) -> &Header {
        &self.header
    }

    /// The next document, `None` at the end.
    ///
    /// # Errors
    /// When the stream breaks off; what came before it was whole.
    pub(crate) fn next(&mut self) -> io::Result<Option<Piece<'_>>> {
        while let Some(found) = self.cut()? {
            if std::mem::take(&mut self.skipping) {
                return Ok(Some(Piece::Lost(LossReason::TooLarge)));
            }
            let document = &self.buffer[found.clone()];
            if is_header(document) {
                self.header = header(document);
            } else if !is_empty(document) {
                return Ok(Some(Piece::Component(&self.buffer[found], &self.header)));
            }
        }
        Ok(None)
    }

    /// Finds the end of the document that begins at `start`, and goes on after it.
    fn cut(&mut self) -> io::Result<Option<Range<usize>>> {
        loop {
            if let Some(end) = self.find_border() {
                let document = self.start..end;
                self.start = end + BORDER.len();
                // The end of this line may stand before the next border.
                self.at = self.start;
                return Ok(Some(document));
            }
            if self.ended {
                let document = self.start..self.buffer.len();
                self.start = self.buffer.len();
                self.at = self.start;
                return Ok((!document.is_empty() || self.skipping).then_some(document));
            }
            self.fill()?;
        }
    }

    /// Where the next border begins. What is not yet known to be one is looked at again once there is more.
    fn find_border(&mut self) -> Option<usize> {
        while let Some(found) = memchr::memmem::find(&self.buffer[self.at..], BORDER) {
            let place = self.at + found;
            match self.buffer.get(place + BORDER.len()) {
                Some(after) if !after.is_ascii_whitespace() => self.at = place + 1,
                None if !self.ended => {
                    self.at = place;
                    return None;
                }
                _ => return Some(place),
            }
        }
        self.at = self.at.max(self.buffer.len().saturating_sub(BORDER.len()));
        None
    }

    /// Lets go of what nobody needs any more and brings more of the stream.
    fn fill(&mut self) -> io::Result<()> {
        self.skipping |= self.buffer.len() - self.start > MOST_BYTES;
        let keep = if self.skipping { self.at } else { self.start };
        // Moving what is left costs time: not for each of many small documents.
        if keep > 128 << 10 || keep == self.buffer.len() || self.skipping {
            self.buffer.drain(..keep);
            self.start = self.start.saturating_sub(keep);
            self.at -= keep;
        }
        let more = self.source.fill_buf()?;
        let count = more.len().min(MOST_AT_ONCE);
        self.buffer.extend_from_slice(&more[..count]);
        self.source.consume(count);
        self.ended = count == 0;
        Ok(())
    }
}

/// Nothing but white space and comments.
fn is_empty(document: &[u8]) -> bool {
    let mut lines = document.split(|&byte| byte == b'\n').map(<[u8]>::trim_ascii_start);
    lines.all(|line| line.is_empty() || line.starts_with(b"#"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::BufReader;

    /// The documents of a text, read in chunks of some bytes, without white space around; lost ones in angle brackets.
    fn pieces(text: &str, chunk: usize) -> Vec<String> {
        let mut documents = Documents::new(BufReader::with_capacity(chunk, text.as_bytes()));
        let mut found = Vec::new();
        while let Some(piece) = documents.next().unwrap() {
            found.push(match piece {
                Piece::Component(bytes, _) => String::from_utf8(bytes.to_vec()).unwrap().trim().to_owned(),
                Piece::Lost(reason) => format!("<{reason:?}>"),
            });
        }
        found
    }

    #[test]
    fn documents_are_cut_wherever_the_chunks_end() {
        let cases: [(&str, &[&str], &str); 9] = [
            ("---\nFile: DEP-11\n---\nID: a\n---\nID: b\n", &["ID: a", "ID: b"], "the header is none of them"),
            ("ID: a\n---\nID: b", &["ID: a", "ID: b"], "the first border may be missing"),
            ("--- \nID: a\n---\t# b\nID: b\n---", &["ID: a", "# b\nID: b"], "more may stand beside a border"),
            ("---\r\nID: a\r\n---\r\nID: b\r\n", &["ID: a", "ID: b"], "lines may end in two ways"),
            ("---\nID: a\n----\n--- -\n", &["ID: a\n----", "-"], "four dashes are none"),
            ("---\nID: a\n ---\n", &["ID: a\n ---"], "nor is one that is indented"),
            ("---\n---\n\n---\n # nothing\n---", &[], "nothing is no document"),
            ("------\n---\n---a\n", &["------", "---a"], "borders that touch each other"),
            ("", &[], "nothing at all"),
        ];
        for (text, expected, reason) in cases {
            for chunk in [1, 2, 3, 7, 4_096] {
                assert_eq!(pieces(text, chunk), expected, "{reason}, in chunks of {chunk}");
            }
        }
    }

    #[test]
    fn a_document_that_is_too_large_costs_itself_and_no_memory() {
        let text = format!("---\nID: a\n---\n{}---\nID: b\n", "- x\n".repeat(3 * MOST_BYTES / 4));
        let mut documents = Documents::new(text.as_bytes());
        let none = Header::default();
        assert_eq!(documents.next().unwrap(), Some(Piece::Component(b"\nID: a", &none)));
        assert_eq!(documents.next().unwrap(), Some(Piece::Lost(LossReason::TooLarge)));
        assert_eq!(documents.next().unwrap(), Some(Piece::Component(b"\nID: b\n", &none)));
        assert_eq!(documents.next().unwrap(), None);
        assert!(documents.buffer.capacity() <= 3 * MOST_BYTES, "{}", documents.buffer.capacity());
    }

    #[test]
    fn the_header_says_where_pictures_lie() {
        let text = "---\nFile: DEP-11\nOrigin: debian-main\nMediaBaseUrl: https://e.org/a\n---\nID: a\n";
        let mut documents = Documents::new(BufReader::with_capacity(5, text.as_bytes()));
        let Some(Piece::Component(_, header)) = documents.next().unwrap() else { panic!("no document") };
        assert_eq!(
            (header.media_base.as_deref(), header.origin.as_deref()),
            (Some("https://e.org/a"), Some("debian-main"))
        );
    }
}
