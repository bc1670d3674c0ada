//! Settings: one schema for the distribution's defaults, its policy and the person's wishes.

use crate::SourceKind;
use serde::{Deserialize, Serialize};
use zvariant::Type;

/// The settings in force. Each file of the layers may hold any part of it; see `docs/settings.md`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Settings {
    /// How things look.
    pub appearance: Appearance,
    /// Where apps come from.
    pub sources: Sources,
    /// What comes over the network beside the apps themselves.
    pub network: Network,
}

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

/// Where apps come from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Sources {
    /// The order of preference between offers that are equal otherwise.
    pub order: Vec<SourceKind>,
    /// Where new Flatpaks go if an app can be had in several installations.
    pub installation: Installation,
}

impl Default for Sources {
    fn default() -> Self {
        let order = vec![SourceKind::Flatpak, SourceKind::AppImage, SourceKind::Package];
        Self { order, installation: Installation::System }
    }
}

/// A Flatpak installation to prefer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "kebab-case")]
#[zvariant(signature = "s")]
pub enum Installation {
    /// For everybody on this machine.
    #[default]
    System,
    /// For this person only.
    User,
}

/// What comes over the network beside the apps themselves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Network {
    /// Load screenshots.
    pub screenshots: bool,
}

impl Default for Network {
    fn default() -> Self {
        Self { screenshots: true }
    }
}
