//! Settings: one schema for the distribution's defaults, its policy and the person's wishes.

mod appimages;
mod sources;

use crate::SourceKind;
pub use appimages::{AppImages, Folder};
use serde::{Deserialize, Serialize};
pub use sources::{Installation, Sources};
use zvariant::Type;

/// The settings in force. Each file of the layers may hold any part of it; see `docs/settings.md`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Settings {
    /// How things look.
    pub appearance: Appearance,
    /// What Explore shows.
    pub explore: Explore,
    /// Where apps come from.
    pub sources: Sources,
    /// What comes over the network beside the apps themselves.
    pub network: Network,
    /// Who else is told what a search finds.
    pub search: Search,
    /// What apps have stored.
    pub data: Data,
    /// What the person is told while no face of Strata is looked at.
    pub notifications: Notifications,
    /// What happens by itself.
    pub updates: Updates,
    /// Packages of the system.
    pub packages: Packages,
    /// AppImages on this computer.
    pub appimages: AppImages,
}

impl Settings {
    /// The lists of AppImages that there are to be had are fetched. Where AppImages are switched off nothing new of them is
    /// asked for; what is known of them says why it cannot be had.
    pub const fn fetch_appimage_lists(&self) -> bool {
        self.network.appimages && self.sources.offer(SourceKind::AppImage)
    }
}

/// One setting, for lists of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key {
    /// Its dotted name.
    pub name: &'static str,
    /// What it can be.
    pub values: Values,
}

/// What a setting can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Values {
    /// One of these words.
    OneOf(&'static [&'static str]),
    /// A list of some of these words.
    SomeOf(&'static [&'static str]),
    /// A list of ids, in which `*` stands for any text.
    Ids,
    /// A number of days; 0 for never.
    Days,
    /// A folder, by its whole path or below the person's own (`~/`).
    Folder,
}

/// Every setting, in the order of the schema.
pub const KEYS: &[Key] = &[
    Key { name: "appearance.style", values: Values::OneOf(&["system", "light", "dark"]) },
    Key { name: "explore.picks", values: Values::Ids },
    Key { name: "sources.installation", values: Values::OneOf(&["system", "user"]) },
    Key { name: "sources.hidden", values: Values::Ids },
    Key { name: "sources.order", values: Values::SomeOf(&["flatpak", "app-image", "package"]) },
    Key { name: "sources.flatpaks", values: Values::OneOf(&["true", "false"]) },
    Key { name: "sources.appimages", values: Values::OneOf(&["true", "false"]) },
    Key { name: "sources.packages", values: Values::OneOf(&["true", "false"]) },
    Key { name: "network.screenshots", values: Values::OneOf(&["true", "false"]) },
    Key { name: "network.popularity", values: Values::OneOf(&["true", "false"]) },
    Key { name: "network.appimages", values: Values::OneOf(&["true", "false"]) },
    Key { name: "search.desktop", values: Values::OneOf(&["true", "false"]) },
    Key { name: "data.keep", values: Values::Ids },
    Key { name: "notifications.finished", values: Values::OneOf(&["true", "false"]) },
    Key { name: "notifications.failed", values: Values::OneOf(&["true", "false"]) },
    Key { name: "notifications.updates", values: Values::OneOf(&["true", "false"]) },
    Key { name: "notifications.restart", values: Values::OneOf(&["true", "false"]) },
    Key { name: "notifications.stale-system-days", values: Values::Days },
    Key { name: "updates.automatic", values: Values::OneOf(&["off", "check", "download", "install"]) },
    Key { name: "updates.hold-system", values: Values::OneOf(&["true", "false"]) },
    Key { name: "appimages.folder", values: Values::Folder },
    Key { name: "packages.layering", values: Values::OneOf(&["detect", "allowed", "refused"]) },
];

/// How things look.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Appearance {
    /// Light or dark.
    pub style: Style,
}

/// Light or dark.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "kebab-case")]
#[zvariant(signature = "s")]
pub enum Style {
    /// As the desktop says.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

/// What Explore shows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Explore {
    /// The picks at its top, by their ids, in this order; none for those of the origins.
    pub picks: Vec<String>,
}

/// What comes over the network beside the apps themselves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Network {
    /// Load screenshots.
    pub screenshots: bool,
    /// Ask Flathub which of its apps are popular, new and picked.
    pub popularity: bool,
    /// Fetch the lists of AppImages that there are to be had.
    pub appimages: bool,
}

/// Who else is told what a search finds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Search {
    /// The desktop's own search, for what can be had.
    pub desktop: bool,
}

impl Default for Search {
    fn default() -> Self {
        Self { desktop: true }
    }
}

/// What apps have stored.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Data {
    /// Apps whose data are to be kept when they are gone, and not mentioned, by their ids; `*` stands for any text.
    pub keep: Vec<String>,
}

impl Default for Network {
    fn default() -> Self {
        Self { screenshots: true, popularity: true, appimages: true }
    }
}

/// What the person is told while no face of Strata is looked at.
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Notifications {
    /// Something was installed or updated.
    pub finished: bool,
    /// Something did not work.
    pub failed: bool,
    /// There are new versions of apps, or of the system.
    pub updates: bool,
    /// The system waits for a restart.
    pub restart: bool,
    /// The system has not been updated for so many days, and it is known why; 0 for never.
    pub stale_system_days: u16,
}

impl Default for Notifications {
    fn default() -> Self {
        Self { finished: true, failed: true, updates: true, restart: true, stale_system_days: 14 }
    }
}

/// What happens by itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Updates {
    /// What is done about updates without anybody asking.
    pub automatic: Automatic,
    /// Strata offers no update of the system, so that it stays at its version.
    pub hold_system: bool,
}

/// What is done about updates without anybody asking; each with what stands above it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, Type)]
#[serde(rename_all = "kebab-case")]
#[zvariant(signature = "s")]
pub enum Automatic {
    /// Nothing.
    Off,
    /// The origins are asked what is new.
    #[default]
    Check,
    /// What is new is fetched, so that installing it takes a moment only.
    Download,
    /// What asks no question is installed.
    Install,
}

/// Packages of the system.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Packages {
    /// Whether packages are added to the system.
    pub layering: Layering,
}

/// Whether packages are added to the system, where the system itself takes them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "kebab-case")]
#[zvariant(signature = "s")]
pub enum Layering {
    /// Yes, unless the image is known for an updater that then refuses.
    #[default]
    Detect,
    /// Yes, whatever is known of the image.
    Allowed,
    /// No: its updates would not work any more.
    Refused,
}
