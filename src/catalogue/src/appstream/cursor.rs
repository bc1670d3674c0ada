//! Walking through one entry's XML.

use super::locale::{Languages, Rank};
use super::text::push_folded;
use quick_xml::escape::resolve_xml_entity;
use quick_xml::events::attributes::Attribute;
use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::name::QName;
use quick_xml::{Reader, XmlVersion};
use std::borrow::Cow;
use strata_model::text::{Span, Style};

/// Elements that come in many languages. None of them may hold another one of its own name.
const TEXTS: [&str; 11] =
    ["name", "summary", "description", "p", "li", "ul", "ol", "keywords", "keyword", "caption", "developer_name"];

/// The entry is no well-formed XML.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Malformed;

impl From<quick_xml::Error> for Malformed {
    fn from(_: quick_xml::Error) -> Self {
        Self
    }
}

/// A place in one entry, and the languages to look for.
#[derive(Debug)]
pub(crate) struct Cursor<'a, 'l> {
    reader: Reader<&'a [u8]>,
    entry: &'a [u8],
    languages: &'l mut Languages,
}

impl<'a, 'l> Cursor<'a, 'l> {
    pub(crate) fn new(entry: &'a [u8], languages: &'l mut Languages) -> Self {
        let mut reader = Reader::from_reader(entry);
        reader.config_mut().expand_empty_elements = true;
        Self { reader, entry, languages }
    }

    /// The entry's own tag.
    pub(crate) fn root(&mut self) -> Result<BytesStart<'a>, Malformed> {
        loop {
            match self.reader.read_event()? {
                Event::Start(tag) => return Ok(tag),
                Event::Eof => return Err(Malformed),
                _ => {}
            }
        }
    }

    /// The next element inside of the one that was opened last, `None` when that one ends. Each element has to be
    /// read to its end before the next one is asked for.
    pub(crate) fn child(&mut self) -> Result<Option<BytesStart<'a>>, Malformed> {
        loop {
            match self.reader.read_event()? {
                Event::Start(tag) => return Ok(Some(tag)),
                Event::End(_) => return Ok(None),
                Event::Eof => return Err(Malformed),
                _ => {}
            }
        }
    }

    /// Leaves an element out.
    pub(crate) fn skip(&mut self, tag: &BytesStart) -> Result<(), Malformed> {
        if TEXTS.contains(&tag.name().as_ref()) {
            self.jump_to_end(tag);
        }
        self.reader.read_to_end(QName(tag.name().as_ref()))?;
        Ok(())
    }

    /// Goes to the element's end without looking at what is in it: nearly all of a catalogue is text in languages that
    /// this person does not read. One that holds another one of its own name ends too early, and its entry is not
    /// well-formed.
    fn jump_to_end(&mut self, tag: &BytesStart) {
        let rest = *self.reader.get_ref();
        let read = self.entry.len() - rest.len();
        // `<p/>` has no end to jump to: its end comes by itself.
        if self.entry[..read].ends_with(b"/>") {
            return;
        }
        let name = tag.name();
        let mut from = 0;
        while let Some(found) = memchr::memmem::find(&rest[from..], b"</") {
            let end = from + found;
            if rest[end + 2..].starts_with(name.as_ref().as_bytes()) {
                *self.reader.get_mut() = &rest[end..];
                return;
            }
            from = end + 2;
        }
    }

    /// How well an element's language fits the person, `None` if not at all.
    pub(crate) fn rank(&mut self, tag: &BytesStart) -> Option<Rank> {
        match raw_attribute(tag, "xml:lang") {
            Some(language) => self.languages.rank(&language),
            None => Some(self.languages.untagged()),
        }
    }

    /// The same, with the language of the element around it for one that names none.
    pub(crate) fn rank_within(&mut self, tag: &BytesStart, around: Rank) -> Option<Rank> {
        raw_attribute(tag, "xml:lang").map_or(Some(around), |language| self.languages.rank(&language))
    }

    /// The text of the element just opened, folded, at most `room` bytes.
    pub(crate) fn text(&mut self, room: usize) -> Result<String, Malformed> {
        let mut text = String::new();
        loop {
            match self.reader.read_event()? {
                Event::Text(part) => push_folded(&mut text, &part, room),
                Event::CData(part) => push_folded(&mut text, &part, room),
                Event::GeneralRef(entity) => push_folded(&mut text, resolved(&entity)?.encode_utf8(&mut [0; 4]), room),
                Event::Start(inner) => self.skip(&inner)?,
                Event::End(_) => break,
                Event::Eof => return Err(Malformed),
                _ => {}
            }
        }
        text.truncate(text.trim_end().len());
        Ok(text)
    }

    /// The text of the element just opened as runs in their styles, at most `room` bytes.
    pub(crate) fn spans(&mut self, room: usize) -> Result<Vec<Span>, Malformed> {
        let mut runs = Runs { room, ..Runs::default() };
        // Styles do not nest in AppStream; where they do, the innermost counts, and depth is bounded by the entry.
        let mut open: Vec<Style> = Vec::new();
        loop {
            let style = open.last().copied().unwrap_or_default();
            match self.reader.read_event()? {
                Event::Text(part) => runs.push(&part, style),
                Event::CData(part) => runs.push(&part, style),
                Event::GeneralRef(entity) => runs.push(resolved(&entity)?.encode_utf8(&mut [0; 4]), style),
                Event::Start(tag) => open.push(match tag.name().as_ref() {
                    "em" | "i" => Style::Emphasis,
                    "code" => Style::Code,
                    _ => style,
                }),
                Event::End(_) => match open.pop() {
                    Some(_) => {}
                    None => return Ok(runs.finish()),
                },
                Event::Eof => return Err(Malformed),
                _ => {}
            }
        }
    }
}

/// Runs of text as they come.
#[derive(Default)]
struct Runs {
    spans: Vec<Span>,
    used: usize,
    room: usize,
}

impl Runs {
    fn push(&mut self, raw: &str, style: Style) {
        let after_space = self.spans.last().is_none_or(|last| last.text.ends_with(' '));
        let raw = if after_space { raw.trim_start() } else { raw };
        if raw.is_empty() {
            return;
        }
        if self.spans.last().is_none_or(|last| last.style != style) {
            self.spans.push(Span { text: String::new(), style });
        }
        let Some(last) = self.spans.last_mut() else { return };
        let before = last.text.len();
        if before == 0 && !after_space && raw.starts_with(char::is_whitespace) {
            last.text.push(' ');
        }
        push_folded(&mut last.text, raw, self.room.saturating_sub(self.used) + before);
        self.used += last.text.len() - before;
    }

    fn finish(mut self) -> Vec<Span> {
        if let Some(last) = self.spans.last_mut() {
            last.text.truncate(last.text.trim_end().len());
        }
        self.spans.retain(|span| !span.text.is_empty());
        self.spans
    }
}

/// Only XML's own entities and characters: what a document type would define is not read, so nothing can multiply.
fn resolved(entity: &BytesRef) -> Result<char, Malformed> {
    if let Some(character) = entity.resolve_char_ref()? {
        return Ok(character);
    }
    resolve_xml_entity(entity).and_then(|text| text.chars().next()).ok_or(Malformed)
}

/// An attribute's value, `None` if it is not there or not well-formed.
pub(crate) fn attribute(tag: &BytesStart, name: &str) -> Option<String> {
    find(tag, name)?.normalized_value(XmlVersion::Implicit1_0).ok().map(Cow::into_owned)
}

/// The same for values that need no unescaping.
fn raw_attribute<'t>(tag: &'t BytesStart, name: &str) -> Option<Cow<'t, str>> {
    find(tag, name).map(|found| found.value)
}

fn find<'t>(tag: &'t BytesStart, name: &str) -> Option<Attribute<'t>> {
    let mut attributes = tag.attributes();
    attributes.with_checks(false);
    attributes.flatten().find(|attribute| attribute.key.as_ref() == name)
}

/// An attribute that is a number, 0 if it is none.
pub(crate) fn number(tag: &BytesStart, name: &str) -> u32 {
    attribute(tag, name).and_then(|value| value.trim().parse().ok()).unwrap_or(0)
}
