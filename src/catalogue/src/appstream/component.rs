//! One entry of a catalogue file, whatever the file is written in. What is added is bounded here.

use super::bundle::Bundle;
use super::date;
use super::locale::Rank;
use super::media::{Icon, MOST_ICONS};
use super::release::Releases;
use super::text::{NAME, WORD, address, folded};
use crate::listed::Listing;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use strata_model::app::{AppKind, Branding, ContentRating, Link, LinkKind, Provided, Screenshot, Translation};
use strata_model::relation::Relations;
use strata_model::text::Block;

/// Most values of one kind: keywords, file types, translations.
const MOST_VALUES: usize = 500;
/// Most links and bundles of an app.
const MOST_LINKS: usize = 30;
/// Most further values of an app.
const MOST_CUSTOM: usize = 100;

/// What an entry is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Kind {
    /// Something a person opens.
    #[default]
    App,
    /// The same, in a terminal.
    ConsoleApp,
    /// The same, on the web.
    WebApp,
    /// Something that extends an app.
    Addon,
    /// Something that apps stand on.
    Runtime,
}

impl Kind {
    /// By AppStream's word; `None` for what a store does not show: fonts, codecs, drivers …
    pub(crate) fn named(word: &str) -> Option<Self> {
        match word {
            "desktop-application" | "desktop" => Some(Self::App),
            "console-application" => Some(Self::ConsoleApp),
            "web-application" => Some(Self::WebApp),
            "addon" => Some(Self::Addon),
            "runtime" => Some(Self::Runtime),
            _ => None,
        }
    }

    /// How a person meets it.
    pub(crate) fn of_app(self) -> AppKind {
        match self {
            Self::ConsoleApp => AppKind::Console,
            Self::WebApp => AppKind::Web,
            Self::App | Self::Addon | Self::Runtime => AppKind::Desktop,
        }
    }
}

/// A text in the languages that the person reads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Localized<T>(Vec<(Rank, T)>);

impl<T> Default for Localized<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> Localized<T> {
    /// Adds a text, unless there is one in its language.
    pub(crate) fn add(&mut self, rank: Rank, value: T) {
        if let Err(place) = self.place(rank) {
            self.0.insert(place, (rank, value));
        }
    }

    /// Where the text of a language is, or belongs: best first, whatever the file's order.
    fn place(&self, rank: Rank) -> Result<usize, usize> {
        self.0.binary_search_by_key(&rank, |(known, _)| *known)
    }

    /// The text in the best language.
    pub(crate) fn into_best(self) -> Option<T> {
        self.0.into_iter().next().map(|(_, value)| value)
    }

    /// The text in the best language.
    pub(crate) fn best(&self) -> Option<&T> {
        self.all().next()
    }

    /// Every text, best first.
    pub(crate) fn all(&self) -> impl Iterator<Item = &T> {
        self.0.iter().map(|(_, value)| value)
    }

    /// Every text with its rank, best first.
    pub(crate) fn into_all(self) -> impl Iterator<Item = (Rank, T)> {
        self.0.into_iter()
    }
}

impl<T: Default> Localized<T> {
    /// The text in a language, made where there is none.
    pub(crate) fn entry(&mut self, rank: Rank) -> &mut T {
        let place = self.place(rank).unwrap_or_else(|place| {
            self.0.insert(place, (rank, T::default()));
            place
        });
        &mut self.0[place].1
    }
}

/// Everything an entry says that a store shows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
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
    /// How it is listed as an AppImage, if it is.
    pub(crate) listing: Option<Listing>,
    /// The distribution's package that holds it, empty if it names none.
    pub(crate) package: String,
    /// The desktop file that opens it, empty if it names none.
    pub(crate) launcher: String,
    pub(crate) relations: Relations,
    pub(crate) custom: BTreeMap<String, String>,
    pub(crate) verified: bool,
    pub(crate) verified_by: Verifier,
}

/// Who vouches for an app's origin, in Flathub's words.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
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

impl Component {
    /// Says nothing of the dates of releases that are still to come. Apart from reading, because what was read is kept
    /// longer than `now`, in seconds since 1970.
    pub(crate) fn limit_dates(&mut self, now: i64) {
        let dates = self.releases.newest.iter_mut().map(|release| &mut release.date);
        for date in dates.chain([&mut self.releases.first]) {
            *date = date::past(*date, now);
        }
    }

    /// Adds a link of one of AppStream's kinds.
    pub(crate) fn add_link(&mut self, kind: &str, url: &str) {
        if let (Some(kind), Some(url)) = (link_kind(kind), address(url, None))
            && self.links.len() < MOST_LINKS
        {
            self.links.push(Link { kind, url });
        }
    }

    /// Adds an icon that could be read.
    pub(crate) fn add_icon(&mut self, icon: Option<Icon>) {
        if self.icons.len() < MOST_ICONS {
            self.icons.extend(icon);
        }
    }

    /// Adds an answer to OARS.
    pub(crate) fn add_answer(&mut self, attribute: &str, value: &str) {
        let attribute = folded(attribute, WORD);
        let known = matches!(value, "none" | "mild" | "moderate" | "intense");
        if known && !attribute.is_empty() && self.content_rating.len() < MOST_VALUES {
            self.content_rating.push(ContentRating { attribute, value: value.to_owned() });
        }
    }

    /// It answered to OARS: an answer that names nothing means "none of it", which is not the same as no answer.
    pub(crate) fn has_answered(&mut self) {
        if self.content_rating.is_empty() {
            self.add_answer("violence-cartoon", "none");
        }
    }

    /// Adds something that it brings along.
    pub(crate) fn add_provided(&mut self, kind: &str, value: String) {
        // The older word for the same.
        let kind = if kind == "mimetype" { "mediatype" } else { kind };
        if !value.is_empty() && self.provides.len() < MOST_VALUES {
            self.provides.push(Provided { kind: folded(kind, WORD), value });
        }
    }

    /// Adds a way to open it; the first one counts.
    pub(crate) fn add_launcher(&mut self, kind: &str, name: String) {
        let is_name = name.ends_with(".desktop") && !name.starts_with('.') && !name.contains('/');
        if kind == "desktop-id" && is_name && self.launcher.is_empty() {
            self.launcher = name;
        }
    }

    /// Adds a language that it speaks.
    pub(crate) fn add_translation(&mut self, locale: String, percent: Option<u8>) {
        if !locale.is_empty() && self.translations.len() < MOST_VALUES {
            self.translations.push(Translation { locale, percent: percent.map(|percent| percent.min(100)) });
        }
    }

    /// Adds what it can be installed as.
    pub(crate) fn add_bundle(&mut self, kind: &str, reference: &str, runtime: &str) {
        if kind == "flatpak" && self.bundles.len() < MOST_LINKS {
            self.bundles.extend(Bundle::new(reference, runtime));
        }
    }

    /// Adds a further value.
    pub(crate) fn add_custom(&mut self, key: &str, value: String) {
        let short = || folded(&value, NAME);
        match key {
            "flathub::verification::verified" => self.verified = value == "true",
            "flathub::verification::website" => self.verified_by.website = short(),
            "flathub::verification::login_name" => self.verified_by.login = short(),
            "flathub::verification::login_provider" => self.verified_by.provider = short(),
            _ => {}
        }
        let key = folded(key, WORD);
        if !key.is_empty() && self.custom.len() < MOST_CUSTOM {
            self.custom.entry(key).or_insert(value);
        }
    }
}

/// The kinds of links that AppStream knows.
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

/// Adds a word, unless there are too many or there is none.
pub(crate) fn push(values: &mut Vec<String>, value: String) {
    if !value.is_empty() && values.len() < MOST_VALUES {
        values.push(value);
    }
}
