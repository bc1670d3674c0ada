//! Offers: the ways to get an app.

use serde::{Deserialize, Serialize};
use zvariant::Type;

/// Where offers come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Type)]
#[serde(rename_all = "kebab-case")]
#[zvariant(signature = "s")]
pub enum SourceKind {
    /// Flatpaks from remotes.
    Flatpak,
    /// AppImages from catalogues or files.
    AppImage,
    /// Packages of the distribution.
    Package,
}

impl SourceKind {
    /// The name in settings, JSON and on the command line.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Flatpak => "flatpak",
            Self::AppImage => "app-image",
            Self::Package => "package",
        }
    }
}

/// Names one offer, or one installed thing, for as long as its origin carries it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Type)]
pub struct OfferId {
    /// The source that understands the rest.
    pub source: SourceKind,
    /// Where it would be or is installed: for Flatpaks the installation (`user`, `system`, or an extra one's id).
    pub scope: String,
    /// The origin within the source: for Flatpaks the remote's name. Empty if it came from a file.
    pub origin: String,
    /// The reference within the origin: for Flatpaks the full ref, `app/org.gnome.Chess/x86_64/stable`.
    pub reference: String,
}

/// One way to get an app, as the catalogue knows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    /// Its name.
    pub id: OfferId,
    /// The newest version's own text, empty if unknown.
    pub version: String,
    /// When the newest version was released, seconds since 1970, 0 if unknown.
    pub released: i64,
    /// The origin says that it comes from the app's own developer.
    pub verified: bool,
    /// The priority of the origin; greater comes first.
    pub priority: i32,
    /// The runtime it needs (`org.gnome.Platform/x86_64/48`), empty if none.
    pub runtime: String,
}
