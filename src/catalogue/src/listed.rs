//! Lists of AppImages, in the form that their source writes: a line of JSON each. Read as bounded and as suspicious as any
//! other list, because the texts are strangers'.

use crate::LossReason;
use crate::appstream::component::push;
use crate::appstream::media::Pictures;
use crate::appstream::text::{NAME, PARAGRAPH, SUMMARY, WORD, address, folded, is_visible, push_folded};
use crate::appstream::{Component, Icon, Languages};
use crate::entries::Entry;
use serde::{Deserialize, Serialize};
use std::io::{self, BufRead, Read};
use strata_model::listed::{HEADER, Line, Listed, Lost};
use strata_model::text::{Block, Span};

/// Longest line, in bytes: the longest description that the source keeps, and more.
const MOST_BYTES: u64 = 1 << 20;
/// Most entries that one line may count as lost.
const MOST_LOST: usize = 50_000;

/// How an AppImage is listed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Listing {
    /// What names it in its list.
    pub(crate) reference: String,
    /// A page that it can be had from.
    pub(crate) page: String,
    /// Strata knows where to fetch it.
    #[serde(default)]
    pub(crate) fetchable: bool,
    /// Nobody looks after it any more.
    pub(crate) neglected: bool,
}

/// Whether a file begins as such a list does.
pub(crate) fn is_list(begins: &[u8]) -> bool {
    begins.starts_with(HEADER.as_bytes())
}

/// The lines of a list.
#[derive(Debug)]
pub(crate) struct Lines<R> {
    source: R,
    line: Vec<u8>,
    /// Entries that a line counted as lost and that are still to be told.
    lost: Option<(Lost, usize)>,
    /// The header is read.
    begun: bool,
}

impl<R: BufRead> Lines<R> {
    pub(crate) fn new(source: R) -> Self {
        Self { source, line: Vec::new(), lost: None, begun: false }
    }

    /// The next entry, `None` at the end.
    ///
    /// # Errors
    /// When the stream breaks off; what came before it was whole.
    pub(crate) fn next(&mut self, languages: &Languages) -> io::Result<Option<Entry>> {
        if !self.begun {
            self.begun = true;
            self.read()?;
        }
        loop {
            if let Some((reason, count @ 1..)) = self.lost {
                self.lost = Some((reason, count - 1));
                return Ok(Some(Entry::Lost(loss(reason), String::new())));
            }
            match self.read()? {
                None => return Ok(None),
                Some(false) => return Ok(Some(Entry::Lost(LossReason::TooLarge, String::new()))),
                Some(true) => {}
            }
            match serde_json::from_slice(&self.line) {
                Ok(Line::App(app)) => return Ok(Some(entry(*app, languages))),
                Ok(Line::Lost { reason, count }) => self.lost = Some((reason, count.min(MOST_LOST))),
                Err(error) => return Ok(Some(Entry::Lost(LossReason::Malformed, error.to_string()))),
            }
        }
    }

    /// Reads a line; `false` where it is too long, `None` at the end.
    fn read(&mut self) -> io::Result<Option<bool>> {
        self.line.clear();
        if (&mut self.source).take(MOST_BYTES).read_until(b'\n', &mut self.line)? == 0 {
            return Ok(None);
        }
        if self.line.ends_with(b"\n") || (self.line.len() as u64) < MOST_BYTES {
            return Ok(Some(true));
        }
        // The rest of it, a piece at a time.
        while !self.line.ends_with(b"\n") {
            self.line.clear();
            if (&mut self.source).take(MOST_BYTES).read_until(b'\n', &mut self.line)? == 0 {
                break;
            }
        }
        Ok(Some(false))
    }
}

fn loss(reason: Lost) -> LossReason {
    match reason {
        Lost::Malformed => LossReason::Malformed,
        Lost::NoName => LossReason::NoName,
        Lost::NoOffer => LossReason::NoOffer,
        Lost::BadId => LossReason::BadId,
        Lost::TooMany => LossReason::TooMany,
    }
}

/// What a list says of an app, as any other entry. Its texts are in no language, which is English.
fn entry(listed: Listed, languages: &Languages) -> Entry {
    let name = folded(&listed.name, NAME);
    if !is_visible(&name) {
        return Entry::Lost(LossReason::NoName, listed.reference);
    }
    let Some(page) = address(&listed.page, None) else {
        return Entry::Lost(LossReason::NoOffer, name);
    };
    let rank = languages.untagged();
    let mut component = Component { id: listed.id, license: folded(&listed.licence, NAME), ..Component::default() };
    component.names.add(rank, name);
    for (texts, text) in [(&mut component.summaries, &listed.summary), (&mut component.developers, &listed.developer)] {
        let text = folded(text, SUMMARY);
        if !text.is_empty() {
            texts.add(rank, text);
        }
    }
    if !listed.description.is_empty() {
        component.descriptions.add(rank, listed.description.into_iter().map(block).collect());
    }
    for category in &listed.categories {
        push(&mut component.categories, folded(category, WORD));
    }
    component.add_link("homepage", &listed.homepage);
    component.add_link("vcs-browser", &listed.repository);
    for icon in listed.icons {
        component.add_icon(Icon::new("remote", icon, 0, 1, None));
    }
    for screenshot in &listed.screenshots {
        let mut pictures = Pictures::default();
        pictures.add_image(rank, screenshot, 0, 0, None);
        pictures.finish(false, &mut component.screenshots);
    }
    let Listed { reference, fetchable, neglected, .. } = listed;
    component.listing = Some(Listing { reference, page, fetchable, neglected });
    Entry::Read(Box::new(component))
}

fn block(block: Block) -> Block {
    match block {
        Block::Paragraph { spans } => Block::Paragraph { spans: line(spans) },
        Block::List { ordered, items } => Block::List { ordered, items: items.into_iter().map(line).collect() },
    }
}

/// Runs of text, folded as one line: the blank that one begins with parts it from the one before.
fn line(spans: Vec<Span>) -> Vec<Span> {
    let mut whole = String::new();
    let mut fold = |span: Span| {
        let begins = whole.len();
        push_folded(&mut whole, &span.text, PARAGRAPH);
        Span { text: whole[begins..].to_owned(), style: span.style }
    };
    spans.into_iter().map(&mut fold).filter(|span| !span.text.is_empty()).collect()
}
