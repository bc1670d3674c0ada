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

/// Bytes of the longest of them.
const LONGEST_NAME: usize = 14;
/// No language's name is as long as this.
const LONGEST_LANGUAGE: usize = 40;

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

    /// The next element inside of the one that was opened last, `None` when that one ends; texts in languages that this
    /// person does not read are passed over. Each element has to be read to its end before the next one is asked for.
    pub(crate) fn child(&mut self) -> Result<Option<BytesStart<'a>>, Malformed> {
        self.pass_foreign();
        loop {
            match self.reader.read_event()? {
                Event::Start(tag) => return Ok(Some(tag)),
                Event::End(_) => return Ok(None),
                Event::Eof => return Err(Malformed),
                _ => {}
            }
        }
    }

    /// Goes on behind the next texts in languages that this person does not read, without an event for each: nearly all
    /// of a catalogue is such text. What is not written in the usual way is left for the reader of events.
    fn pass_foreign(&mut self) {
        loop {
            let rest = self.reader.get_ref().trim_ascii_start();
            *self.reader.get_mut() = rest;
            let Some((name, language, inside)) = tagged_text(rest) else { return };
            if self.languages.rank(language).is_some() {
                return;
            }
            let Some(end) = end_of(name, inside) else { return };
            *self.reader.get_mut() = &inside[end..];
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
        let ends_here = |at: usize| end_tag(&rest[at..], name.as_ref().as_bytes());
        if let Some(end) = memchr::memchr_iter(b'<', rest).find(|&at| ends_here(at)) {
            *self.reader.get_mut() = &rest[end..];
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
        if self.used >= self.room {
            return;
        }
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

/// The text that an element begins with, if it is one that comes in many languages and says which one this is: its name,
/// its language, and all from inside of it on.
fn tagged_text(rest: &[u8]) -> Option<(&[u8], &str, &[u8])> {
    let tag = rest.strip_prefix(b"<")?;
    let space = tag.iter().take(LONGEST_NAME + 1).position(|&byte| byte == b' ')?;
    let (name, attributes) = tag.split_at(space);
    let language = attributes.strip_prefix(b" xml:lang=\"")?;
    let length = language.iter().take(LONGEST_LANGUAGE).position(|&byte| matches!(byte, b'"' | b'<' | b'&'))?;
    let inside = language[length..].strip_prefix(b"\">")?;
    let known = TEXTS.iter().any(|text| text.as_bytes() == name);
    Some((name, std::str::from_utf8(&language[..length]).ok().filter(|_| known)?, inside))
}

/// Where an element ends that began just before. One that holds another one of its own name ends too early.
fn end_of(name: &[u8], inside: &[u8]) -> Option<usize> {
    // Most hold nothing but text, and this is the first `<` there is.
    let at = memchr::memchr_iter(b'<', inside).find(|&at| end_tag(&inside[at..], name))?;
    // Behind the name there may be white space.
    Some(at + memchr::memchr(b'>', &inside[at..])? + 1)
}

/// What begins with the end of an element of this name.
fn end_tag(text: &[u8], name: &[u8]) -> bool {
    let behind = text.strip_prefix(b"</").and_then(|tag| tag.strip_prefix(name));
    behind.and_then(<[u8]>::first).is_some_and(|byte| *byte == b'>' || byte.is_ascii_whitespace())
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

#[cfg(test)]
mod tests {
    use super::*;

    /// The children of an entry that are read by somebody whose language is German, a star before those in it.
    fn children(inside: &str) -> Result<Vec<String>, Malformed> {
        let whole = format!("<component>{inside}</component>");
        let mut languages = Languages::new(&["de".to_owned()]);
        let mut cursor = Cursor::new(whole.as_bytes(), &mut languages);
        cursor.root()?;
        let mut found = Vec::new();
        while let Some(tag) = cursor.child()? {
            let (name, rank) = (tag.name().as_ref().to_owned(), cursor.rank(&tag));
            let text = cursor.text(100)?;
            match rank {
                Some(0) => found.push(format!("*{name}={text}")),
                Some(_) => found.push(format!("{name}={text}")),
                None => {}
            }
        }
        Ok(found)
    }

    #[test]
    fn texts_in_other_languages_are_passed_over_however_they_are_written() {
        let cases = [
            ("<name xml:lang=\"fr\">Jeu</name>\n  <name>Game</name>", vec!["name=Game"], "as usual"),
            ("<name xml:lang=\"fr\">Jeu</name><name xml:lang=\"de\">Spiel</name>", vec!["*name=Spiel"], "one's own"),
            ("<name xml:lang='fr'>Jeu</name><id>a</id>", vec!["id=a"], "other quotes"),
            ("<name  xml:lang=\"fr\" >Jeu</name ><id>a</id>", vec!["id=a"], "spaces"),
            ("<name xml:lang=\"fr\">Jeu</name ><id>a</id>", vec!["id=a"], "a space in the end tag"),
            ("<name xml:lang=\"fr\"/><id>a</id>", vec!["id=a"], "nothing inside"),
            ("<name xml:lang=\"fr\"></name><id>a</id>", vec!["id=a"], "no text inside"),
            ("<p xml:lang=\"fr\">a</pre>b</p><id>a</id>", vec!["id=a"], "a longer name"),
            ("<ul xml:lang=\"fr\"><li>a</li><li>b</li></ul><id>a</id>", vec!["id=a"], "others inside"),
            ("<image xml:lang=\"fr\">a</image><id>a</id>", vec!["id=a"], "no text that comes in many languages"),
            ("<!-- <name> --><name xml:lang=\"fr\">Jeu</name><id>a</id>", vec!["id=a"], "behind a comment"),
            ("<url/><name xml:lang=\"fr\">Jeu</name><id>a</id>", vec!["url=", "id=a"], "behind what is empty"),
        ];
        for (inside, expected, reason) in cases {
            assert_eq!(children(inside).ok(), Some(expected.into_iter().map(str::to_owned).collect()), "{reason}");
        }
        for broken in ["<name xml:lang=\"fr\">Jeu", "<name xml:lang=\"fr", "<name xml:lang=\"fr\">Jeu</nam>", "<"] {
            assert_eq!(children(broken), Err(Malformed), "{broken}");
        }
    }
}
