//! The entries of a feed, whatever it is written in.

use crate::LossReason;
use crate::appstream::entry::Surroundings;
use crate::appstream::split::{Piece, Splitter};
use crate::appstream::{Component, Languages};
use crate::dep11;
use crate::listed;
use serde::{Deserialize, Serialize};
use std::io::{self, BufRead};

/// Most entries that are read of one feed.
const MOST_ENTRIES: usize = 200_000;

/// One entry after the other, read as it comes.
#[derive(Debug)]
pub(crate) struct Entries<R> {
    format: Format<R>,
    /// How many more are read.
    left: usize,
}

#[derive(Debug)]
enum Format<R> {
    Xml(Splitter<R>),
    Yaml(dep11::split::Documents<R>, dep11::document::Documents),
    Listed(listed::Lines<R>),
    /// None of them; the reason is still to be told.
    Unknown(bool),
}

/// What became of an entry.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum Entry {
    Read(Box<Component>),
    /// It is of a kind that a store does not show.
    NotShown,
    /// Why it cannot be had, and what tells it from others.
    Lost(LossReason, String),
}

impl<R: BufRead> Entries<R> {
    /// Looks at what the file holds to know how to read it: its name says nothing certain.
    pub(crate) fn new(mut source: R) -> io::Result<Self> {
        if source.fill_buf()?.starts_with(&[0xef, 0xbb, 0xbf]) {
            source.consume(3);
        }
        let begins = source.fill_buf()?;
        let format = if listed::is_list(begins) {
            Format::Listed(listed::Lines::new(source))
        } else if is_xml(begins) {
            Format::Xml(Splitter::new(source))
        } else if is_yaml(begins) {
            Format::Yaml(dep11::split::Documents::new(source), dep11::document::Documents::default())
        } else {
            Format::Unknown(true)
        };
        Ok(Self { format, left: MOST_ENTRIES })
    }

    /// The next entry, `None` at the end.
    ///
    /// # Errors
    /// When the stream breaks off; what came before it was whole.
    pub(crate) fn next(&mut self, languages: &mut Languages) -> io::Result<Option<Entry>> {
        match self.left.checked_sub(1) {
            Some(left) => self.left = left,
            None if matches!(self.format, Format::Unknown(false)) => return Ok(None),
            None => {
                self.format = Format::Unknown(false);
                return Ok(Some(Entry::Lost(LossReason::TooMany, format!("more than {MOST_ENTRIES}"))));
            }
        }
        match &mut self.format {
            Format::Xml(splitter) => {
                let parse = |bytes: &[u8], around: &Surroundings| Component::parse(bytes, around, languages);
                let found = splitter.next()?.map(|piece| entry(&piece, parse));
                if found.is_none() && !splitter.found_list() {
                    self.format = Format::Unknown(true);
                    return Ok(self.nothing());
                }
                Ok(found)
            }
            Format::Yaml(documents, reader) => {
                let parse = |bytes: &[u8], around: &Surroundings| reader.parse(bytes, around, languages);
                Ok(documents.next()?.map(|piece| entry(&piece, parse)))
            }
            Format::Listed(lines) => lines.next(languages),
            Format::Unknown(_) => Ok(self.nothing()),
        }
    }

    /// Where the entries come from, as far as the file has said so.
    pub(crate) fn origin(&self) -> Option<&str> {
        match &self.format {
            Format::Xml(splitter) => splitter.header().origin.as_deref(),
            Format::Yaml(documents, _) => documents.header().origin.as_deref(),
            Format::Listed(_) | Format::Unknown(_) => None,
        }
    }

    /// Says once that this is no list of apps.
    fn nothing(&mut self) -> Option<Entry> {
        let Format::Unknown(untold) = &mut self.format else { return None };
        std::mem::take(untold).then(|| Entry::Lost(LossReason::Malformed, "no list of apps".to_owned()))
    }
}

fn entry(
    piece: &Piece<'_>,
    parse: impl FnOnce(&[u8], &Surroundings) -> Result<Option<Component>, LossReason>,
) -> Entry {
    match piece {
        Piece::Lost(reason) => Entry::Lost(*reason, String::new()),
        Piece::Component(bytes, header) => {
            let around = Surroundings { media_base: header.media_base.as_deref() };
            match parse(bytes, &around) {
                Ok(Some(component)) => Entry::Read(Box::new(component)),
                Ok(None) => Entry::NotShown,
                Err(reason) => Entry::Lost(reason, beginning(bytes)),
            }
        }
    }
}

fn is_xml(begins: &[u8]) -> bool {
    let text = begins.trim_ascii_start();
    text.starts_with(b"<") && text.get(1) != Some(&0)
}

/// The first line that is not empty and no comment begins a document or is a key.
fn is_yaml(begins: &[u8]) -> bool {
    let mut lines = begins.split(|&byte| byte == b'\n').map(<[u8]>::trim_ascii_end);
    let first = lines.find(|line| !line.is_empty() && !line.starts_with(b"#")).unwrap_or_default();
    first.starts_with(b"---")
        || first.starts_with(b"%YAML")
        || first.starts_with(b"File:")
        || first.starts_with(b"Type:")
}

/// What tells an entry that cannot be read from others.
fn beginning(entry: &[u8]) -> String {
    let text = String::from_utf8_lossy(&entry[..entry.len().min(200)]);
    crate::appstream::text::folded(&text, 120)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The entries of a file, with what was left out.
    fn read(bytes: &[u8], languages: &[&str]) -> (Vec<Component>, Vec<LossReason>) {
        let languages: Vec<String> = languages.iter().map(|&name| name.to_owned()).collect();
        let mut languages = Languages::new(&languages);
        let (mut found, mut lost) = (Vec::new(), Vec::new());
        let mut entries = Entries::new(bytes).unwrap();
        while let Some(entry) = entries.next(&mut languages).unwrap() {
            match entry {
                Entry::Read(component) => found.push(*component),
                Entry::NotShown => {}
                Entry::Lost(reason, _) => lost.push(reason),
            }
        }
        (found, lost)
    }

    fn fixture(name: &str) -> Vec<u8> {
        std::fs::read(format!("{}/tests/fixtures/same/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
    }

    #[test]
    fn both_formats_say_the_same() {
        for (name, expected) in [("debian", 5), ("all", 1)] {
            for languages in [vec!["C"], vec!["de_DE"], vec!["pt_BR", "he"], vec!["sr@latin", "fr"]] {
                let (yaml, lost) = read(&fixture(&format!("{name}.yml")), &languages);
                assert_eq!(lost, [], "{name}, {languages:?}");
                let (xml, lost) = read(&fixture(&format!("{name}.xml")), &languages);
                assert_eq!(lost, [], "{name}, {languages:?}");
                assert_eq!((yaml.len(), xml.len()), (expected, expected), "{name}, {languages:?}");
                for (yaml, xml) in yaml.iter().zip(&xml) {
                    assert_eq!(yaml, xml, "{name}, {languages:?}");
                }
            }
        }
    }

    #[test]
    fn a_file_is_told_by_what_it_holds() {
        let xml = "<components><component type='desktop'><id>a.b.C</id></component></components>";
        let yaml = "---\nFile: DEP-11\n---\nType: desktop-application\nID: a.b.C\n";
        let cases: [(&str, String, usize, usize); 8] = [
            ("XML", xml.to_owned(), 1, 0),
            ("with a mark of its encoding", format!("\u{feff}{xml}"), 1, 0),
            ("after empty lines", format!("\n\n {xml}"), 1, 0),
            ("YAML", yaml.to_owned(), 1, 0),
            ("after a comment", format!("# made by hand\n\n{yaml}"), 1, 0),
            ("without the first border", yaml.trim_start_matches("---\n").to_owned(), 1, 0),
            ("a page of the web", "<!doctype html><html></html>".to_owned(), 0, 1),
            ("something else", "PK\u{3}\u{4}".to_owned(), 0, 1),
        ];
        for (what, text, found, lost) in cases {
            let (components, losses) = read(text.as_bytes(), &["C"]);
            assert_eq!((components.len(), losses.len()), (found, lost), "{what}");
        }
    }

    /// Gives the same bytes again and again: what is large here is nowhere as a whole.
    struct Again {
        pattern: Vec<u8>,
        /// How many bytes are still to come.
        left: usize,
        at: usize,
    }

    impl Again {
        fn new(pattern: &str, bytes: usize) -> std::io::BufReader<Self> {
            // In pieces that are large enough to be quick.
            let pattern = pattern.repeat((64 << 10) / pattern.len() + 1).into_bytes();
            std::io::BufReader::with_capacity(64 << 10, Self { pattern, left: bytes, at: 0 })
        }
    }

    impl std::io::Read for Again {
        fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
            let rest = &self.pattern[self.at..];
            let count = room.len().min(rest.len()).min(self.left);
            room[..count].copy_from_slice(&rest[..count]);
            self.left -= count;
            self.at = (self.at + count) % self.pattern.len();
            Ok(count)
        }
    }

    /// How many entries a stream has, what was lost and how often, and the time that it took.
    fn outcome(source: impl BufRead) -> (usize, Vec<(LossReason, usize)>, std::time::Duration) {
        let begun = std::time::Instant::now();
        let (mut found, mut lost) = (0, std::collections::BTreeMap::new());
        let mut entries = Entries::new(source).unwrap();
        let mut languages = Languages::new(&[]);
        while let Some(entry) = entries.next(&mut languages).unwrap() {
            match entry {
                Entry::Lost(reason, _) => *lost.entry(reason).or_insert(0) += 1,
                Entry::Read(_) | Entry::NotShown => found += 1,
            }
        }
        (found, lost.into_iter().collect(), begun.elapsed())
    }

    /// On a machine that does other things as well, unoptimised.
    const PATIENCE: std::time::Duration = std::time::Duration::from_mins(5);

    #[test]
    fn a_gigabyte_of_nesting_is_one_entry_too_large() {
        let tag = format!("<{}>", "nested".repeat(100));
        let item = format!("- {}\n  ", "nested ".repeat(100));
        let flow = "[".repeat(1_000);
        // What takes longest gets all of it.
        for (begins, pattern, bytes) in
            [("<components><component>", tag, 1 << 30), ("---\nID: ", item, 1 << 28), ("--- ", flow, 1 << 28)]
        {
            let source = io::Read::chain(begins.as_bytes(), Again::new(&pattern, bytes));
            let (found, lost, elapsed) = outcome(source);
            assert_eq!((found, lost), (0, vec![(LossReason::TooLarge, 1)]), "{begins}");
            assert!(elapsed < PATIENCE, "{begins}: {elapsed:?}");
        }
    }

    #[test]
    fn of_ten_million_entries_some_are_read() {
        let xml = "<component type='font'></component>";
        let yaml = "Type: font\n---\n";
        for (begins, pattern) in [("<components>", xml), ("---\n", yaml)] {
            let source = io::Read::chain(begins.as_bytes(), Again::new(pattern, 10_000_000 * pattern.len()));
            let (found, lost, elapsed) = outcome(source);
            assert_eq!((found, lost), (MOST_ENTRIES, vec![(LossReason::TooMany, 1)]), "{begins}");
            assert!(elapsed < PATIENCE, "{begins}: {elapsed:?}");
        }
    }

    #[test]
    fn a_file_that_breaks_off_anywhere_gives_what_came_before() {
        for name in ["debian.xml", "debian.yml", "all.xml", "all.yml"] {
            let whole = fixture(name);
            let (all, _) = read(&whole, &["de"]);
            let mut before = 0;
            for part in 0..50 {
                let (found, lost) = read(&whole[..whole.len() * part / 50], &["de"]);
                assert!(found.len() >= before && found.len() <= all.len(), "{name}, {part} of 50");
                assert!(lost.len() <= 1, "{name}, {part} of 50: {lost:?}");
                // The last one of YAML may end well too early: nothing says where it was to end.
                let certain = if name.contains("yml") { found.len().saturating_sub(1) } else { found.len() };
                assert_eq!(found[..certain], all[..certain], "{name}, {part} of 50");
                before = certain;
            }
        }
    }
}
