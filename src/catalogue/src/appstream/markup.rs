//! Descriptions: paragraphs and lists, each in several languages.
//! <https://www.freedesktop.org/software/appstream/docs/chap-Metadata.html#tag-description>

use super::component::Localized;
use super::cursor::{Cursor, Malformed};
use super::locale::{Languages, Rank};
use super::text::PARAGRAPH;
use quick_xml::events::BytesStart;
use strata_model::text::{Block, Span};

/// Most paragraphs and lists of a description in one language.
const MOST_BLOCKS: usize = 200;
/// Most items of a list.
const MOST_ITEMS: usize = 200;
/// Most bytes of a description in one language.
const MOST_BYTES: usize = 64 << 10;

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
    while let Some(tag) = cursor.child()? {
        match tag.name().as_ref() {
            "p" => paragraph(cursor, &tag, around, found)?,
            "ul" => list(cursor, &tag, around, false, found)?,
            "ol" => list(cursor, &tag, around, true, found)?,
            _ => cursor.skip(&tag)?,
        }
    }
    Ok(())
}

fn paragraph(
    cursor: &mut Cursor,
    tag: &BytesStart,
    around: Rank,
    found: &mut Localized<Vec<Block>>,
) -> Result<(), Malformed> {
    let Some(rank) = cursor.rank_within(tag, around) else { return cursor.skip(tag) };
    let spans = cursor.spans(PARAGRAPH)?;
    if !spans.is_empty() {
        add(found, rank, Block::Paragraph { spans });
    }
    Ok(())
}

fn list(
    cursor: &mut Cursor,
    tag: &BytesStart,
    around: Rank,
    ordered: bool,
    found: &mut Localized<Vec<Block>>,
) -> Result<(), Malformed> {
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
            add(found, rank, Block::List { ordered, items });
        }
    }
    Ok(())
}

fn add(found: &mut Localized<Vec<Block>>, rank: Rank, block: Block) {
    let blocks = found.entry(rank);
    let used: usize = blocks.iter().flat_map(spans).map(|span| span.text.len()).sum();
    if blocks.len() < MOST_BLOCKS && used < MOST_BYTES {
        blocks.push(block);
    }
}

/// The runs of text of a block.
pub(crate) fn spans(block: &Block) -> Box<dyn Iterator<Item = &Span> + '_> {
    match block {
        Block::Paragraph { spans } => Box::new(spans.iter()),
        Block::List { items, .. } => Box::new(items.iter().flatten()),
    }
}
