//! One entry of a catalogue file in XML.
//! <https://www.freedesktop.org/software/appstream/docs/chap-CatalogData.html>

use super::component::{Component, Kind, Localized, push};
use super::cursor::{Cursor, Malformed, attribute};
use super::locale::Languages;
use super::release::releases;
use super::text::{NAME, SUMMARY, URL, WORD, is_visible};
use super::{markup, media, relation};
use crate::LossReason;
use quick_xml::events::BytesStart;

/// What the parser has to know beside the entry.
#[derive(Debug)]
pub(crate) struct Surroundings<'a> {
    /// What relative addresses of pictures begin with.
    pub(crate) media_base: Option<&'a str>,
}

impl Component {
    /// Reads one entry; `None` if it is of a kind that a store does not show.
    pub(crate) fn parse(
        entry: &[u8],
        around: &Surroundings,
        languages: &mut Languages,
    ) -> Result<Option<Self>, LossReason> {
        let mut cursor = Cursor::new(entry, languages);
        Self::read(&mut cursor, around).map_err(|Malformed| LossReason::Malformed)
    }

    fn read(cursor: &mut Cursor, around: &Surroundings) -> Result<Option<Self>, Malformed> {
        let root = cursor.root()?;
        let Some(kind) = Kind::named(&attribute(&root, "type").unwrap_or_default()) else { return Ok(None) };
        // What adds to an entry of another file is none itself.
        if attribute(&root, "merge").is_some_and(|how| how != "none") {
            return Ok(None);
        }
        let mut component = Self { kind, ..Self::default() };
        while let Some(tag) = cursor.child()? {
            component.read_child(cursor, &tag, around)?;
        }
        Ok(Some(component))
    }

    fn read_child(&mut self, cursor: &mut Cursor, tag: &BytesStart, around: &Surroundings) -> Result<(), Malformed> {
        match tag.name().as_ref() {
            "id" => self.id = cursor.text(URL)?,
            "name" => localized(cursor, tag, NAME, &mut self.names)?,
            "summary" => localized(cursor, tag, SUMMARY, &mut self.summaries)?,
            "description" => markup::description(cursor, tag, &mut self.descriptions)?,
            "keywords" => self.read_keywords(cursor, tag)?,
            "developer" => self.read_developer(cursor)?,
            "developer_name" => localized(cursor, tag, NAME, &mut self.developers)?,
            "categories" => values(cursor, "category", &mut self.categories)?,
            "project_license" => self.license = cursor.text(SUMMARY)?,
            "url" => self.read_link(cursor, tag)?,
            "pkgname" => self.package = cursor.text(WORD)?,
            "launchable" => {
                let kind = attribute(tag, "type").unwrap_or_default();
                let name = cursor.text(WORD * 2)?;
                self.add_launcher(&kind, name);
            }
            "icon" => {
                let icon = media::icon(cursor, tag, around.media_base)?;
                self.add_icon(icon);
            }
            "screenshots" => media::screenshots(cursor, around.media_base, &mut self.screenshots)?,
            "releases" => self.releases = releases(cursor)?,
            "content_rating" => self.read_rating(cursor, tag)?,
            "branding" => media::branding(cursor, &mut self.branding)?,
            "provides" | "mimetypes" => self.read_provides(cursor)?,
            "languages" => self.read_translations(cursor)?,
            "extends" => {
                let extended = cursor.text(WORD * 2)?;
                push(&mut self.extends, extended);
            }
            "bundle" => self.read_bundle(cursor, tag)?,
            "requires" | "recommends" | "supports" => self.read_relations(cursor, tag)?,
            "custom" | "metadata" => self.read_custom(cursor)?,
            _ => cursor.skip(tag)?,
        }
        Ok(())
    }

    fn read_keywords(&mut self, cursor: &mut Cursor, tag: &BytesStart) -> Result<(), Malformed> {
        let Some(around) = cursor.rank(tag) else { return cursor.skip(tag) };
        while let Some(tag) = cursor.child()? {
            let Some(rank) = cursor.rank_within(&tag, around) else {
                cursor.skip(&tag)?;
                continue;
            };
            let word = cursor.text(WORD)?;
            if !word.is_empty() {
                push(self.keywords.entry(rank), word);
            }
        }
        Ok(())
    }

    fn read_developer(&mut self, cursor: &mut Cursor) -> Result<(), Malformed> {
        while let Some(tag) = cursor.child()? {
            match tag.name().as_ref() {
                "name" => localized(cursor, &tag, NAME, &mut self.developers)?,
                _ => cursor.skip(&tag)?,
            }
        }
        Ok(())
    }

    fn read_link(&mut self, cursor: &mut Cursor, tag: &BytesStart) -> Result<(), Malformed> {
        let url = cursor.text(URL)?;
        self.add_link(&attribute(tag, "type").unwrap_or_default(), &url);
        Ok(())
    }

    fn read_rating(&mut self, cursor: &mut Cursor, tag: &BytesStart) -> Result<(), Malformed> {
        if !attribute(tag, "type").is_some_and(|kind| kind.starts_with("oars-")) {
            return cursor.skip(tag);
        }
        while let Some(tag) = cursor.child()? {
            let value = cursor.text(WORD)?;
            self.add_answer(&attribute(&tag, "id").unwrap_or_default(), &value);
        }
        self.has_answered();
        Ok(())
    }

    fn read_provides(&mut self, cursor: &mut Cursor) -> Result<(), Malformed> {
        while let Some(tag) = cursor.child()? {
            let value = cursor.text(WORD * 2)?;
            self.add_provided(tag.name().as_ref(), value);
        }
        Ok(())
    }

    fn read_translations(&mut self, cursor: &mut Cursor) -> Result<(), Malformed> {
        while let Some(tag) = cursor.child()? {
            let percent = attribute(&tag, "percentage").and_then(|percent| percent.trim().parse().ok());
            let locale = cursor.text(WORD)?;
            self.add_translation(locale, percent);
        }
        Ok(())
    }

    fn read_bundle(&mut self, cursor: &mut Cursor, tag: &BytesStart) -> Result<(), Malformed> {
        let value = |name| attribute(tag, name).unwrap_or_default();
        let reference = cursor.text(URL)?;
        self.add_bundle(&value("type"), &reference, &value("runtime"));
        Ok(())
    }

    fn read_relations(&mut self, cursor: &mut Cursor, tag: &BytesStart) -> Result<(), Malformed> {
        let Some(list) = relation::list(&mut self.relations, tag.name().as_ref()) else { return cursor.skip(tag) };
        while let Some(tag) = cursor.child()? {
            let value = cursor.text(WORD)?;
            // The model knows the shortest side only.
            if attribute(&tag, "side").is_none_or(|side| side == "shortest") {
                relation::add(list, tag.name().as_ref(), &attribute(&tag, "compare").unwrap_or_default(), &value);
            }
        }
        Ok(())
    }

    fn read_custom(&mut self, cursor: &mut Cursor) -> Result<(), Malformed> {
        while let Some(tag) = cursor.child()? {
            let key = attribute(&tag, "key").unwrap_or_default();
            let value = cursor.text(SUMMARY)?;
            self.add_custom(&key, value);
        }
        Ok(())
    }
}

/// Reads a text that was just opened, if it is in a language that the person reads.
fn localized(
    cursor: &mut Cursor,
    tag: &BytesStart,
    room: usize,
    found: &mut Localized<String>,
) -> Result<(), Malformed> {
    let Some(rank) = cursor.rank(tag) else { return cursor.skip(tag) };
    let text = cursor.text(room)?;
    if is_visible(&text) {
        found.add(rank, text);
    }
    Ok(())
}

/// Reads a list of words that was just opened.
fn values(cursor: &mut Cursor, name: &str, found: &mut Vec<String>) -> Result<(), Malformed> {
    while let Some(tag) = cursor.child()? {
        if tag.name().as_ref() == name {
            let word = cursor.text(WORD)?;
            push(found, word);
        } else {
            cursor.skip(&tag)?;
        }
    }
    Ok(())
}
