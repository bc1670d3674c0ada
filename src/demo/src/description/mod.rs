//! What the demo world is made of: `data/*.toml`, read into plain data.

pub(crate) mod component;
mod markup;

use crate::DemoError;
use serde::Deserialize;
use std::collections::BTreeMap;
use strata_model::popularity::Popularity;

/// One file for each kind of app; `world.toml` has the rest.
const APPS: [(&str, &str); 7] = [
    ("create", include_str!("../../data/apps/create.toml")),
    ("work", include_str!("../../data/apps/work.toml")),
    ("play", include_str!("../../data/apps/play.toml")),
    ("socialise", include_str!("../../data/apps/socialise.toml")),
    ("learn", include_str!("../../data/apps/learn.toml")),
    ("develop", include_str!("../../data/apps/develop.toml")),
    ("tools", include_str!("../../data/apps/tools.toml")),
];
const WORLD: &str = include_str!("../../data/world.toml");

/// Everything that there is in the demo world.
#[derive(Debug)]
pub(crate) struct Description {
    pub(crate) remotes: Vec<Remote>,
    pub(crate) apps: Vec<App>,
    pub(crate) addons: Vec<Addon>,
    /// What the demo's Flathub says about the apps of the first remote.
    pub(crate) popularity: Popularity,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct WorldFile {
    remote: Vec<Remote>,
    addon: Vec<Addon>,
    popularity: Popularity,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct AppFile {
    app: Vec<App>,
}

/// A repository and the remote that points to it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Remote {
    pub(crate) name: String,
    pub(crate) title: String,
    pub(crate) priority: u32,
    /// In which installation the remote stands.
    pub(crate) installation: Installation,
    /// Id of the runtime that the remote's apps use.
    pub(crate) runtime: String,
    /// Its branches; apps use the first.
    pub(crate) branches: Vec<String>,
    /// Its commits are signed. Has to be in the system installation, where an ordinary user is not trusted.
    #[serde(default)]
    pub(crate) signed: bool,
    /// Branches installed although nothing uses them.
    #[serde(default)]
    pub(crate) unused: Vec<String>,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Installation {
    System,
    User,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct App {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) summary: String,
    pub(crate) developer: String,
    pub(crate) license: String,
    pub(crate) categories: Vec<String>,
    #[serde(default)]
    pub(crate) keywords: Vec<String>,
    #[serde(default)]
    pub(crate) homepage: Option<String>,
    #[serde(default)]
    pub(crate) verified: bool,
    /// Made for phones too.
    #[serde(default)]
    pub(crate) mobile: bool,
    /// Brand colours: on light, on dark.
    pub(crate) colours: [String; 2],
    #[serde(default)]
    pub(crate) plate: Plate,
    /// SVG elements on a canvas of 128 by 128.
    pub(crate) icon: String,
    /// Size of the download, in kB.
    pub(crate) kilobytes: u64,
    /// Groups of flatpak's metadata.
    #[serde(default)]
    pub(crate) permissions: String,
    /// OARS 1.1, as `id=value`.
    #[serde(default)]
    pub(crate) rating: Vec<String>,
    /// See [`markup`].
    pub(crate) description: String,
    /// How many times the description stands there.
    #[serde(default = "once")]
    pub(crate) repeat: usize,
    /// Newest first.
    pub(crate) releases: Vec<Release>,
    /// Translations by language.
    #[serde(default)]
    pub(crate) languages: BTreeMap<String, Translation>,
    #[serde(default)]
    pub(crate) screens: Vec<Screen>,
    #[serde(default = "orchard")]
    pub(crate) remotes: Vec<String>,
    #[serde(default)]
    pub(crate) installed: Option<Installed>,
    #[serde(default)]
    pub(crate) ended: Option<Ended>,
    #[serde(default)]
    pub(crate) arch: Option<String>,
    #[serde(default)]
    pub(crate) extension_point: Option<String>,
    /// Its newest commit lacks a file.
    #[serde(default)]
    pub(crate) broken: bool,
}

/// What the icon stands on.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Plate {
    #[default]
    Square,
    Round,
    Tall,
    Wide,
    Hexagon,
    /// The icon has a shape of its own.
    None,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Release {
    pub(crate) version: String,
    /// Days before today.
    pub(crate) days: u64,
    #[serde(default)]
    pub(crate) notes: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Translation {
    #[serde(default)]
    pub(crate) name: Option<String>,
    pub(crate) summary: String,
    #[serde(default)]
    pub(crate) description: Option<String>,
    #[serde(default)]
    pub(crate) keywords: Vec<String>,
}

/// A drawn window: a template of `data/screens` and the words in it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Screen {
    pub(crate) kind: String,
    pub(crate) caption: String,
    pub(crate) words: Vec<String>,
}

/// The app is installed, perhaps in an older version.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Installed {
    pub(crate) version: String,
    /// Permissions of that version, where they differ.
    #[serde(default)]
    pub(crate) permissions: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Ended {
    pub(crate) reason: String,
    #[serde(default)]
    pub(crate) heir: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Addon {
    pub(crate) id: String,
    pub(crate) extends: String,
    pub(crate) name: String,
    pub(crate) summary: String,
    pub(crate) kilobytes: u64,
    pub(crate) remote: String,
    #[serde(default)]
    pub(crate) installed: bool,
}

fn once() -> usize {
    1
}

fn orchard() -> Vec<String> {
    vec!["orchard".to_owned()]
}

impl Description {
    /// Reads the description that is part of the program.
    pub(crate) fn load() -> Result<Self, DemoError> {
        let WorldFile { remote, addon, popularity } = parse("world", WORLD)?;
        let mut apps = Vec::new();
        for (name, text) in APPS {
            apps.extend(parse::<AppFile>(name, text)?.app);
        }
        Ok(Self { remotes: remote, apps, addons: addon, popularity })
    }
}

impl App {
    /// The newest version.
    pub(crate) fn version(&self) -> &str {
        self.releases.first().map_or("1.0", |release| &release.version)
    }

    /// Where drawn window number `index` is served, below the server's address.
    pub(crate) fn screen_path(&self, index: usize) -> String {
        format!("/screens/{}-{index}.png", self.id)
    }
}

fn parse<T: serde::de::DeserializeOwned>(name: &str, text: &str) -> Result<T, DemoError> {
    toml::from_str(text).map_err(|error| DemoError::Description(format!("{name}.toml: {error}")))
}
