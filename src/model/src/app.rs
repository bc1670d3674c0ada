//! Apps as the catalogue knows them.

use crate::relation::Relations;
use crate::{AppId, Installed, Offer, SourceKind, text::Block};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// What a row or a tile shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppSummary {
    /// The AppStream id.
    pub id: AppId,
    /// The name in the person's language.
    pub name: String,
    /// One line on what it is for.
    pub summary: String,
    /// Who makes it, empty if unknown.
    pub developer: String,
    /// Its icon.
    pub icon: Icon,
    /// The offer that comes first is verified.
    pub verified: bool,
    /// The sources it can be had from, best offer first, each once.
    pub sources: Vec<SourceKind>,
    /// As a package it is part of the system's image.
    pub carried: bool,
}

impl AppSummary {
    /// An app of which nothing but its id is known.
    pub fn new(id: AppId) -> Self {
        Self {
            id,
            name: String::new(),
            summary: String::new(),
            developer: String::new(),
            icon: Icon::default(),
            verified: false,
            sources: Vec::new(),
            carried: false,
        }
    }

    /// An installed app, as far as it tells of itself; `None` if its id is none that an app can have.
    pub fn of_installed(part: &Installed) -> Option<Self> {
        let id = AppId::new(&part.id).ok()?;
        Some(Self { name: part.name.clone(), sources: vec![part.offer.source], ..Self::new(id) })
    }
}

/// Where an icon is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Icon {
    /// 64×64 picture on this machine, if there is one.
    pub small: Option<PathBuf>,
    /// 128×128 picture on this machine, if there is one.
    pub large: Option<PathBuf>,
    /// Address of a picture on the web, of whatever size, where this machine has none.
    #[serde(default)]
    pub remote: Option<String>,
}

/// Everything an app's page shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct App {
    /// What its row shows.
    #[serde(flatten)]
    pub head: AppSummary,
    /// How it is met.
    #[serde(default)]
    pub kind: AppKind,
    /// What it is, at length.
    pub description: Vec<Block>,
    /// Pictures of it, the default one first.
    pub screenshots: Vec<Screenshot>,
    /// Newest first.
    pub releases: Vec<Release>,
    /// Main and additional categories of the menu specification.
    pub categories: Vec<String>,
    /// Further words to find it by.
    pub keywords: Vec<String>,
    /// SPDX expression of the licence, empty if unknown.
    pub license: String,
    /// Links, in the order of the AppStream file.
    pub links: Vec<Link>,
    /// OARS answers; empty if the app did not answer.
    pub content_rating: Vec<ContentRating>,
    /// Colours of its brand.
    pub branding: Branding,
    /// What it brings along: programs, file types, older ids of its own.
    #[serde(default)]
    pub provides: Vec<Provided>,
    /// Languages it speaks, as far as it says so.
    #[serde(default)]
    pub translations: Vec<Translation>,
    /// Who vouches that it comes from its own developer, empty if nobody does: a web site, or an account such as
    /// `GNOME on gitlab`.
    #[serde(default)]
    pub verified_by: String,
    /// What it asks of the machine.
    #[serde(default)]
    pub relations: Relations,
    /// How often it was installed in the last month, if its origin says so.
    #[serde(default)]
    pub installs: Option<u64>,
    /// Further values that its entry carries, by their keys.
    #[serde(default)]
    pub custom: BTreeMap<String, String>,
    /// The app's add-ons.
    pub addons: Vec<Addon>,
    /// The ways to get it, best first.
    pub offers: Vec<Offer>,
}

impl App {
    /// An app of which nothing but its row is known.
    pub fn new(head: AppSummary) -> Self {
        Self {
            head,
            kind: AppKind::default(),
            description: Vec::new(),
            screenshots: Vec::new(),
            releases: Vec::new(),
            categories: Vec::new(),
            keywords: Vec::new(),
            license: String::new(),
            links: Vec::new(),
            content_rating: Vec::new(),
            branding: Branding::default(),
            provides: Vec::new(),
            translations: Vec::new(),
            verified_by: String::new(),
            relations: Relations::default(),
            installs: None,
            custom: BTreeMap::new(),
            addons: Vec::new(),
            offers: Vec::new(),
        }
    }
}

/// How a person meets an app.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AppKind {
    /// In a window of its own.
    #[default]
    Desktop,
    /// In a terminal.
    Console,
    /// As a web site with an icon.
    Web,
}

/// A picture of the app.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Screenshot {
    /// What it shows, in the person's language; may be empty.
    pub caption: String,
    /// The same picture in the sizes that exist, greatest first.
    pub images: Vec<Image>,
}

/// One size of a picture.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Image {
    /// `https:` or `http:` address, or `file:` for local sources.
    pub url: String,
    /// Width in pixels, 0 if unknown.
    pub width: u32,
    /// Height in pixels, 0 if unknown.
    pub height: u32,
}

/// A version that was released.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Release {
    /// The version's own text.
    pub version: String,
    /// Seconds since 1970, 0 if unknown.
    pub date: i64,
    /// Not meant for everybody: a beta.
    #[serde(default)]
    pub development: bool,
    /// `https:` or `http:` address of more about it, empty if there is none.
    #[serde(default)]
    pub url: String,
    /// What is new.
    pub notes: Vec<Block>,
}

/// A link on the app's page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// What for.
    pub kind: LinkKind,
    /// `https:` or `http:` address.
    pub url: String,
}

/// The kinds of links that AppStream knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LinkKind {
    /// The project's own site.
    Homepage,
    /// Where to report a problem.
    Bugtracker,
    /// Questions and answers.
    Faq,
    /// The manual.
    Help,
    /// Give money.
    Donation,
    /// Translate it.
    Translate,
    /// Write to the developers.
    Contact,
    /// Read the source.
    VcsBrowser,
    /// Help to make it.
    Contribute,
}

/// One answer of the Open Age Ratings Service. <https://hughsie.github.io/oars/>
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContentRating {
    /// The attribute, such as `violence-cartoon`.
    pub attribute: String,
    /// `none`, `mild`, `moderate` or `intense`.
    pub value: String,
}

/// Something an app brings along.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Provided {
    /// AppStream's word for its kind: `id`, `binary`, `mediatype`, `dbus` …
    pub kind: String,
    /// Its name.
    pub value: String,
}

/// A language that an app speaks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Translation {
    /// Its locale, as in `pt_BR`.
    pub locale: String,
    /// How much of it is translated, 0 to 100; `None` if the app does not say.
    pub percent: Option<u8>,
}

/// The app's own colours, `#rrggbb`, for a light and a dark page.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Branding {
    /// On a light page.
    pub light: Option<String>,
    /// On a dark page.
    pub dark: Option<String>,
}

/// Something that extends an app.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Addon {
    /// Its own AppStream id.
    pub id: AppId,
    /// The name in the person's language.
    pub name: String,
    /// One line on what it adds.
    pub summary: String,
    /// The ways to get it.
    pub offers: Vec<Offer>,
}
