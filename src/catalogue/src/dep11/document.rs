//! One entry of a catalogue file in YAML.

use super::events::Cursor;
use super::{media, skim};
use crate::LossReason;
use crate::appstream::component::{Component, Kind, Localized, push};
use crate::appstream::cursor::Malformed;
use crate::appstream::entry::Surroundings;
use crate::appstream::locale::Languages;
use crate::appstream::release::{MOST_READ, Releases};
use crate::appstream::split::Header;
use crate::appstream::text::{NAME, SUMMARY, URL, WORD, address, is_visible};
use crate::appstream::{date, markup, relation};
use strata_model::app::Release;
use strata_model::text::Block;

/// Longest markup of a description in one language, before it is read; what is read of it is bounded once more.
const MARKUP: usize = 256 << 10;
/// Longest header, in bytes.
const MOST_HEADER_BYTES: usize = 16 << 10;

/// Reads documents; keeps the memory for what is left of each once foreign languages are left out.
#[derive(Debug, Default)]
pub(crate) struct Documents {
    kept: String,
}

impl Documents {
    /// Reads one document; `None` if it is of a kind that a store does not show.
    pub(crate) fn parse(
        &mut self,
        document: &[u8],
        around: &Surroundings,
        languages: &mut Languages,
    ) -> Result<Option<Component>, LossReason> {
        let text = std::str::from_utf8(document).map_err(|_| LossReason::Malformed)?;
        skim::skim(text, languages, &mut self.kept);
        read(&mut Cursor::new(&self.kept, languages), around).map_err(|Malformed| LossReason::Malformed)
    }

    /// The same without leaving anything out before: what there is to be read is the same.
    #[cfg(feature = "fuzzing")]
    pub(crate) fn parse_whole(
        document: &[u8],
        around: &Surroundings,
        languages: &mut Languages,
    ) -> Result<Option<Component>, LossReason> {
        let text = std::str::from_utf8(document).map_err(|_| LossReason::Malformed)?;
        read(&mut Cursor::new(text, languages), around).map_err(|Malformed| LossReason::Malformed)
    }
}

/// What tells the header from entries.
pub(super) fn is_header(document: &[u8]) -> bool {
    let begins = |line: &[u8]| line.strip_prefix(b"File:").is_some_and(|rest| rest.trim_ascii().starts_with(b"DEP-11"));
    let mut lines = document.split(|&byte| byte == b'\n').take(20);
    document.len() <= MOST_HEADER_BYTES && lines.any(begins)
}

/// The file's own words about its entries; what cannot be read says nothing.
pub(super) fn header(document: &[u8]) -> Header {
    let mut languages = Languages::new(&[]);
    let mut header = Header::default();
    let text = String::from_utf8_lossy(document);
    let read = Cursor::new(&text, &mut languages).map(|cursor, key| {
        match key {
            "Origin" => header.origin = Some(cursor.text(WORD)?),
            "MediaBaseUrl" => header.media_base = address(&cursor.text(URL)?, None),
            _ => cursor.skip()?,
        }
        Ok(())
    });
    if read.is_err() {
        tracing::warn!("the header of a list of apps is not well-formed");
    }
    header
}

fn read(cursor: &mut Cursor, around: &Surroundings) -> Result<Option<Component>, Malformed> {
    let mut component = Component::default();
    let mut kind = None;
    let mut is_own = true;
    cursor.map(|cursor, key| {
        match key {
            "Type" => kind = Kind::named(&cursor.text(WORD)?),
            // What adds to an entry of another file is none itself.
            "Merge" => is_own = matches!(cursor.text(WORD)?.as_str(), "" | "none"),
            _ => read_key(&mut component, cursor, key, around)?,
        }
        Ok(())
    })?;
    Ok(kind.filter(|_| is_own).map(|kind| Component { kind, ..component }))
}

fn read_key(component: &mut Component, cursor: &mut Cursor, key: &str, around: &Surroundings) -> Result<(), Malformed> {
    let base = around.media_base;
    match key {
        "ID" => component.id = cursor.text(URL)?,
        "Package" => component.package = cursor.text(WORD)?,
        "Name" => texts(cursor, NAME, &mut component.names)?,
        "Summary" => texts(cursor, SUMMARY, &mut component.summaries)?,
        "Description" => description(cursor, &mut component.descriptions)?,
        "Keywords" => read_keywords(component, cursor)?,
        "DeveloperName" => texts(cursor, NAME, &mut component.developers)?,
        "Developer" => cursor.map(|cursor, key| match key {
            "name" => texts(cursor, NAME, &mut component.developers),
            _ => cursor.skip(),
        })?,
        "Categories" => words(cursor, WORD, &mut component.categories)?,
        "Extends" => words(cursor, WORD * 2, &mut component.extends)?,
        "ProjectLicense" => component.license = cursor.text(SUMMARY)?,
        "Url" => cursor.map(|cursor, kind| cursor.text(URL).map(|url| component.add_link(kind, &url)))?,
        "Icon" => media::icons(cursor, base, component)?,
        "Screenshots" => media::screenshots(cursor, base, &mut component.screenshots)?,
        "Branding" => media::branding(cursor, &mut component.branding)?,
        "Releases" => component.releases = releases(cursor)?,
        "ContentRating" => read_rating(component, cursor)?,
        "Provides" => read_provides(component, cursor)?,
        "Launchable" => cursor.map(|cursor, kind| {
            cursor.list(|cursor| cursor.text(WORD * 2).map(|name| component.add_launcher(kind, name)))
        })?,
        "Languages" => read_translations(component, cursor)?,
        "Bundles" => read_bundles(component, cursor)?,
        "Requires" | "Recommends" | "Supports" => read_relations(component, cursor, key)?,
        "Custom" => cursor.map(|cursor, key| cursor.text(SUMMARY).map(|value| component.add_custom(key, value)))?,
        _ => cursor.skip()?,
    }
    Ok(())
}

fn read_keywords(component: &mut Component, cursor: &mut Cursor) -> Result<(), Malformed> {
    cursor.languages(|cursor, rank| {
        cursor.list(|cursor| {
            let word = cursor.text(WORD)?;
            if !word.is_empty() {
                push(component.keywords.entry(rank), word);
            }
            Ok(())
        })
    })
}

fn read_rating(component: &mut Component, cursor: &mut Cursor) -> Result<(), Malformed> {
    cursor.map(|cursor, kind| {
        if !kind.starts_with("oars-") {
            return cursor.skip();
        }
        cursor.map(|cursor, attribute| cursor.text(WORD).map(|value| component.add_answer(attribute, &value)))?;
        component.has_answered();
        Ok(())
    })
}

fn read_provides(component: &mut Component, cursor: &mut Cursor) -> Result<(), Malformed> {
    cursor.map(|cursor, kind| {
        let kind = singular(kind);
        cursor.list(|cursor| {
            let mut named = String::new();
            let alone = cursor.text_or(WORD * 2, |cursor, key| {
                match key {
                    "name" | "service" | "file" => named = cursor.text(WORD * 2)?,
                    _ => cursor.skip()?,
                }
                Ok(())
            })?;
            component.add_provided(kind, alone.unwrap_or(named));
            Ok(())
        })
    })
}

fn read_translations(component: &mut Component, cursor: &mut Cursor) -> Result<(), Malformed> {
    cursor.list(|cursor| {
        let (mut locale, mut percent) = (String::new(), None);
        cursor.map(|cursor, key| {
            match key {
                "locale" => locale = cursor.text(WORD)?,
                "percentage" => percent = cursor.raw()?.trim().parse().ok(),
                _ => cursor.skip()?,
            }
            Ok(())
        })?;
        component.add_translation(locale, percent);
        Ok(())
    })
}

fn read_bundles(component: &mut Component, cursor: &mut Cursor) -> Result<(), Malformed> {
    cursor.list(|cursor| {
        let (mut kind, mut reference, mut runtime) = (String::new(), String::new(), String::new());
        cursor.map(|cursor, key| {
            match key {
                "type" => kind = cursor.text(WORD)?,
                "id" => reference = cursor.text(URL)?,
                "runtime" => runtime = cursor.text(URL)?,
                _ => cursor.skip()?,
            }
            Ok(())
        })?;
        component.add_bundle(&kind, &reference, &runtime);
        Ok(())
    })
}

fn read_relations(component: &mut Component, cursor: &mut Cursor, key: &str) -> Result<(), Malformed> {
    let Some(list) = relation::list(&mut component.relations, &key.to_ascii_lowercase()) else { return cursor.skip() };
    cursor.list(|cursor| {
        let (mut kind, mut value, mut side) = (String::new(), String::new(), String::new());
        cursor.map(|cursor, key| {
            match key {
                "side" => side = cursor.text(WORD)?,
                _ if kind.is_empty() => (kind, value) = (key.to_owned(), cursor.text(WORD)?),
                _ => cursor.skip()?,
            }
            Ok(())
        })?;
        // The model knows the shortest side only.
        if matches!(side.as_str(), "" | "shortest") {
            let (compare, value) = split_comparison(&value);
            relation::add(list, &kind, compare, value);
        }
        Ok(())
    })
}

/// A comparison and a value in one: `>= 360`, or the value alone.
fn split_comparison(text: &str) -> (&str, &str) {
    let value = text.trim_start_matches(['<', '>', '=', '!']);
    (&text[..text.len() - value.len()], value)
}

/// The kind of what is provided in the word that XML has for one of them.
fn singular(kind: &str) -> &str {
    match kind {
        "binaries" => "binary",
        "libraries" => "library",
        "mediatypes" | "mimetypes" => "mediatype",
        "ids" => "id",
        "fonts" => "font",
        "modaliases" => "modalias",
        other => other,
    }
}

fn texts(cursor: &mut Cursor, room: usize, found: &mut Localized<String>) -> Result<(), Malformed> {
    cursor.languages(|cursor, rank| {
        let text = cursor.text(room)?;
        if is_visible(&text) {
            found.add(rank, text);
        }
        Ok(())
    })
}

fn words(cursor: &mut Cursor, room: usize, found: &mut Vec<String>) -> Result<(), Malformed> {
    cursor.list(|cursor| cursor.text(room).map(|word| push(found, word)))
}

/// Descriptions are markup in a text.
fn description(cursor: &mut Cursor, found: &mut Localized<Vec<Block>>) -> Result<(), Malformed> {
    cursor.languages(|cursor, rank| {
        let text = cursor.raw()?;
        if text.len() > MARKUP {
            return Err(Malformed);
        }
        markup::of_text(&text, rank, cursor.languages, found)
    })
}

fn releases(cursor: &mut Cursor) -> Result<Releases, Malformed> {
    let mut listed = Vec::new();
    cursor.list(|cursor| {
        if listed.len() == MOST_READ {
            return cursor.skip();
        }
        listed.push(release(cursor)?);
        Ok(())
    })?;
    Ok(Releases::new(listed))
}

fn release(cursor: &mut Cursor) -> Result<Release, Malformed> {
    let mut release =
        Release { version: String::new(), date: 0, development: false, url: String::new(), notes: Vec::new() };
    let (mut stamp, mut day) = (None, None);
    let mut notes = Localized::default();
    cursor.map(|cursor, key| {
        match key {
            "version" => release.version = cursor.text(WORD)?,
            "type" => release.development = cursor.text(WORD)? == "development",
            "unix-timestamp" => stamp = cursor.raw()?.trim().parse().ok(),
            "date" => day = date::seconds(&cursor.raw()?),
            "description" => description(cursor, &mut notes)?,
            "url" => cursor.map(|cursor, kind| {
                let url = cursor.text(URL)?;
                if kind == "details" {
                    release.url = address(&url, None).unwrap_or_default();
                }
                Ok(())
            })?,
            _ => cursor.skip()?,
        }
        Ok(())
    })?;
    release.date = stamp.or(day).unwrap_or(0);
    release.notes = notes.into_best().unwrap_or_default();
    Ok(release)
}
