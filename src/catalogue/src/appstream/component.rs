//! One entry of a catalogue file.

use super::bundle::Bundle;
use super::cursor::{Cursor, Malformed, attribute};
use super::locale::{Languages, Rank};
use super::markup;
use super::media::{self, Icon};
use super::release::{Releases, releases};
use super::text::{NAME, SUMMARY, URL, WORD, address, folded};
use crate::LossReason;
use quick_xml::events::BytesStart;
use strata_model::app::{Branding, ContentRating, Link, LinkKind, Provided, Screenshot, Translation};
use strata_model::text::Block;

/// Most values of one kind: keywords, file types, translations.
const MOST_VALUES: usize = 500;
/// Most links of an app.
const MOST_LINKS: usize = 30;

/// What an entry is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Something a person opens.
    #[default]
    App,
    /// Something that extends an app.
    Addon,
    /// Something that apps stand on.
    Runtime,
}

/// A text in the languages that the person reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Localized<T>(Vec<(Rank, T)>);

impl<T> Default for Localized<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> Localized<T> {
    /// Adds a text, unless there is one in its language.
    pub(crate) fn add(&mut self, rank: Rank, value: T) {
        if self.0.iter().all(|(known, _)| *known != rank) {
            self.0.push((rank, value));
        }
    }

    /// The text in the best language.
    pub(crate) fn into_best(self) -> Option<T> {
        self.0.into_iter().min_by_key(|(rank, _)| *rank).map(|(_, value)| value)
    }

    /// The text in the best language.
    pub(crate) fn best(&self) -> Option<&T> {
        self.0.iter().min_by_key(|(rank, _)| *rank).map(|(_, value)| value)
    }

    /// Every text.
    pub(crate) fn all(&self) -> impl Iterator<Item = &T> {
        self.0.iter().map(|(_, value)| value)
    }

    /// Every text with its rank.
    pub(crate) fn into_all(self) -> impl Iterator<Item = (Rank, T)> {
        self.0.into_iter()
    }
}

impl<T: Default> Localized<T> {
    /// The text in a language, made where there is none.
    pub(crate) fn entry(&mut self, rank: Rank) -> &mut T {
        let place = self.0.iter().position(|(known, _)| *known == rank).unwrap_or_else(|| {
            self.0.push((rank, T::default()));
            self.0.len() - 1
        });
        &mut self.0[place].1
    }
}

/// Everything an entry says that a store shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Component {
    pub(crate) kind: Kind,
    pub(crate) id: String,
    pub(crate) names: Localized<String>,
    pub(crate) summaries: Localized<String>,
    pub(crate) descriptions: Localized<Vec<Block>>,
    pub(crate) keywords: Localized<Vec<String>>,
    pub(crate) developers: Localized<String>,
    pub(crate) categories: Vec<String>,
    pub(crate) license: String,
    pub(crate) links: Vec<Link>,
    pub(crate) icons: Vec<Icon>,
    pub(crate) screenshots: Vec<Screenshot>,
    pub(crate) releases: Releases,
    pub(crate) content_rating: Vec<ContentRating>,
    pub(crate) branding: Branding,
    pub(crate) provides: Vec<Provided>,
    pub(crate) translations: Vec<Translation>,
    pub(crate) extends: Vec<String>,
    pub(crate) bundles: Vec<Bundle>,
    pub(crate) verified: bool,
    pub(crate) verified_by: Verifier,
}

/// Who vouches for an app's origin, in Flathub's words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Verifier {
    website: String,
    login: String,
    provider: String,
}

impl Verifier {
    /// As a line for a person; empty if nobody vouches.
    pub(crate) fn line(&self) -> String {
        match (self.website.is_empty(), self.login.is_empty(), self.provider.is_empty()) {
            (false, ..) => self.website.clone(),
            (true, false, false) => format!("{} on {}", self.login, self.provider),
            (true, false, true) => self.login.clone(),
            _ => String::new(),
        }
    }
}

/// What the parser has to know beside the entry.
#[derive(Debug)]
pub(crate) struct Surroundings<'a> {
    /// What relative addresses of pictures begin with.
    pub(crate) media_base: Option<&'a str>,
    /// Seconds since 1970; nothing was released later.
    pub(crate) now: i64,
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
        let Some(kind) = kind(&attribute(&root, "type").unwrap_or_default()) else { return Ok(None) };
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
            "icon" => media::icon(cursor, tag, around.media_base, &mut self.icons)?,
            "screenshots" => media::screenshots(cursor, around.media_base, &mut self.screenshots)?,
            "releases" => self.releases = releases(cursor, around.now)?,
            "content_rating" => self.read_rating(cursor, tag)?,
            "branding" => media::branding(cursor, &mut self.branding)?,
            "provides" | "mimetypes" => self.read_provides(cursor)?,
            "languages" => self.read_translations(cursor)?,
            "extends" => {
                let extended = cursor.text(WORD * 2)?;
                push(&mut self.extends, extended);
            }
            "bundle" => self.read_bundle(cursor, tag)?,
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
            push(self.keywords.entry(rank), word);
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
        let kind = attribute(tag, "type").and_then(|kind| link_kind(&kind));
        let url = address(&cursor.text(URL)?, None);
        if let (Some(kind), Some(url)) = (kind, url)
            && self.links.len() < MOST_LINKS
        {
            self.links.push(Link { kind, url });
        }
        Ok(())
    }

    fn read_rating(&mut self, cursor: &mut Cursor, tag: &BytesStart) -> Result<(), Malformed> {
        if !attribute(tag, "type").is_some_and(|kind| kind.starts_with("oars-")) {
            return cursor.skip(tag);
        }
        while let Some(tag) = cursor.child()? {
            let name = folded(&attribute(&tag, "id").unwrap_or_default(), WORD);
            let value = cursor.text(WORD)?;
            let known = matches!(value.as_str(), "none" | "mild" | "moderate" | "intense");
            if known && !name.is_empty() && self.content_rating.len() < MOST_VALUES {
                self.content_rating.push(ContentRating { attribute: name, value });
            }
        }
        if self.content_rating.is_empty() {
            // An answer that names nothing means "none of it", which is not the same as no answer.
            let attribute = "violence-cartoon".to_owned();
            self.content_rating.push(ContentRating { attribute, value: "none".to_owned() });
        }
        Ok(())
    }

    fn read_provides(&mut self, cursor: &mut Cursor) -> Result<(), Malformed> {
        while let Some(tag) = cursor.child()? {
            let name = tag.name();
            // The older word for the same.
            let kind = if name.as_ref() == "mimetype" { "mediatype" } else { name.as_ref() };
            let kind = folded(kind, WORD);
            let value = cursor.text(WORD * 2)?;
            if !value.is_empty() && self.provides.len() < MOST_VALUES {
                self.provides.push(Provided { kind, value });
            }
        }
        Ok(())
    }

    fn read_translations(&mut self, cursor: &mut Cursor) -> Result<(), Malformed> {
        while let Some(tag) = cursor.child()? {
            let percent: Option<u8> = attribute(&tag, "percentage").and_then(|percent| percent.trim().parse().ok());
            let locale = cursor.text(WORD)?;
            if !locale.is_empty() && self.translations.len() < MOST_VALUES {
                self.translations.push(Translation { locale, percent: percent.map(|percent| percent.min(100)) });
            }
        }
        Ok(())
    }

    fn read_bundle(&mut self, cursor: &mut Cursor, tag: &BytesStart) -> Result<(), Malformed> {
        let is_flatpak = attribute(tag, "type").as_deref() == Some("flatpak");
        let runtime = attribute(tag, "runtime").unwrap_or_default();
        let reference = cursor.text(URL)?;
        if is_flatpak && self.bundles.len() < MOST_LINKS {
            self.bundles.extend(Bundle::new(&reference, &runtime));
        }
        Ok(())
    }

    fn read_custom(&mut self, cursor: &mut Cursor) -> Result<(), Malformed> {
        while let Some(tag) = cursor.child()? {
            let key = attribute(&tag, "key").unwrap_or_default();
            let value = cursor.text(NAME)?;
            match key.as_str() {
                "flathub::verification::verified" => self.verified = value == "true",
                "flathub::verification::website" => self.verified_by.website = value,
                "flathub::verification::login_name" => self.verified_by.login = value,
                "flathub::verification::login_provider" => self.verified_by.provider = value,
                _ => {}
            }
        }
        Ok(())
    }
}

fn kind(name: &str) -> Option<Kind> {
    match name {
        "desktop-application" | "desktop" | "console-application" | "web-application" => Some(Kind::App),
        "addon" => Some(Kind::Addon),
        "runtime" => Some(Kind::Runtime),
        _ => None,
    }
}

fn link_kind(name: &str) -> Option<LinkKind> {
    Some(match name {
        "homepage" => LinkKind::Homepage,
        "bugtracker" => LinkKind::Bugtracker,
        "faq" => LinkKind::Faq,
        "help" => LinkKind::Help,
        "donation" => LinkKind::Donation,
        "translate" => LinkKind::Translate,
        "contact" => LinkKind::Contact,
        "vcs-browser" => LinkKind::VcsBrowser,
        "contribute" => LinkKind::Contribute,
        _ => return None,
    })
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
    if !text.is_empty() {
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

fn push(values: &mut Vec<String>, value: String) {
    if !value.is_empty() && values.len() < MOST_VALUES {
        values.push(value);
    }
}
