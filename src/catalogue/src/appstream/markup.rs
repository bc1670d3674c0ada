//! Descriptions: paragraphs and lists, each in several languages.
//! <https://www.freedesktop.org/software/appstream/docs/chap-Metadata.html#tag-description>

use super::component::Localized;
use super::cursor::{Cursor, Malformed};
use super::locale::{Languages, Rank};
use super::text::PARAGRAPH;
use quick_xml::events::BytesStart;
use std::collections::HashMap;
use strata_model::text::{Block, Span};

/// Most paragraphs and lists of a description in one language.
const MOST_BLOCKS: usize = 200;
/// Most items of a list.
const MOST_ITEMS: usize = 200;
/// Most bytes of a description in one language.
const MOST_BYTES: usize = 64 << 10;
/// Most runs of text of a description in one language.
const MOST_SPANS: usize = 4_000;

/// Reads a `<description>` that was just opened and adds it to what is known in its languages. The languages stand
/// either at the whole or at each paragraph and item.
pub(super) fn description(
    cursor: &mut Cursor,
    tag: &BytesStart,
    found: &mut Localized<Vec<Block>>,
) -> Result<(), Malformed> {
    match cursor.rank(tag) {
        Some(around) => blocks(cursor, around, found),
        None => cursor.skip(tag),
    }
}

/// Reads a description that stands as markup in a text of another format.
pub(crate) fn of_text(
    text: &str,
    rank: Rank,
    languages: &mut Languages,
    found: &mut Localized<Vec<Block>>,
) -> Result<(), Malformed> {
    let whole = format!("<description>{text}</description>");
    let mut cursor = Cursor::new(whole.as_bytes(), languages);
    cursor.root()?;
    blocks(&mut cursor, rank, found)
}

fn blocks(cursor: &mut Cursor, around: Rank, found: &mut Localized<Vec<Block>>) -> Result<(), Malformed> {
    let mut text = Text { found, rooms: HashMap::new() };
    while let Some(tag) = cursor.child()? {
        match tag.name().as_ref() {
            "p" => paragraph(cursor, &tag, around, &mut text)?,
            "ul" => list(cursor, &tag, around, false, &mut text)?,
            "ol" => list(cursor, &tag, around, true, &mut text)?,
            _ => cursor.skip(&tag)?,
        }
    }
    Ok(())
}

fn paragraph(cursor: &mut Cursor, tag: &BytesStart, around: Rank, text: &mut Text) -> Result<(), Malformed> {
    let Some(rank) = cursor.rank_within(tag, around) else { return cursor.skip(tag) };
    let spans = cursor.spans(PARAGRAPH)?;
    if !spans.is_empty() {
        text.add(rank, Block::Paragraph { spans });
    }
    Ok(())
}

fn list(cursor: &mut Cursor, tag: &BytesStart, around: Rank, ordered: bool, text: &mut Text) -> Result<(), Malformed> {
    let Some(around) = cursor.rank_within(tag, around) else { return cursor.skip(tag) };
    let mut lists = Localized::<Vec<Vec<Span>>>::default();
    while let Some(tag) = cursor.child()? {
        let rank = if tag.name().as_ref() == "li" { cursor.rank_within(&tag, around) } else { None };
        let Some(rank) = rank else {
            cursor.skip(&tag)?;
            continue;
        };
        let item = cursor.spans(PARAGRAPH)?;
        let items = lists.entry(rank);
        if items.len() < MOST_ITEMS && !item.is_empty() {
            items.push(item);
        }
    }
    for (rank, items) in lists.into_all() {
        if !items.is_empty() {
            text.add(rank, Block::List { ordered, items });
        }
    }
    Ok(())
}

/// A description on its way. What it still may have is counted along: adding it up anew for each of very many blocks
/// would take minutes.
struct Text<'a> {
    found: &'a mut Localized<Vec<Block>>,
    rooms: HashMap<Rank, Room>,
}

impl Text<'_> {
    /// Adds as much of a block as there is room for.
    fn add(&mut self, rank: Rank, mut block: Block) {
        let blocks = self.found.entry(rank);
        if blocks.len() >= MOST_BLOCKS {
            return;
        }
        let room = self.rooms.entry(rank).or_insert_with(|| Room::beside(blocks));
        match &mut block {
            Block::Paragraph { spans } => room.take(spans),
            Block::List { items, .. } => {
                for item in items.iter_mut() {
                    room.take(item);
                }
                items.retain(|item| !item.is_empty());
            }
        }
        if spans(&block).next().is_some() {
            blocks.push(block);
        }
    }
}

/// What a description in one language still may have.
struct Room {
    bytes: usize,
    spans: usize,
}

impl Room {
    fn beside(blocks: &[Block]) -> Self {
        let mut room = Self { bytes: MOST_BYTES, spans: MOST_SPANS };
        for span in blocks.iter().flat_map(spans) {
            room.count(span);
        }
        room
    }

    fn count(&mut self, span: &Span) {
        self.bytes = self.bytes.saturating_sub(span.text.len());
        self.spans = self.spans.saturating_sub(1);
    }

    /// Leaves of a paragraph what there is room for; its last run is whole.
    fn take(&mut self, spans: &mut Vec<Span>) {
        spans.retain(|span| {
            let fits = self.bytes > 0 && self.spans > 0;
            if fits {
                self.count(span);
            }
            fits
        });
    }
}

/// The runs of text of a block.
pub(crate) fn spans(block: &Block) -> Box<dyn Iterator<Item = &Span> + '_> {
    match block {
        Block::Paragraph { spans } => Box::new(spans.iter()),
        Block::List { items, .. } => Box::new(items.iter().flatten()),
    }
}
