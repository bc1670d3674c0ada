//! The list of a person's apps, as a file to keep or to take to another machine. Documented in `docs/json.md`.

use crate::snapshot::Origin;
use crate::{Installed, OfferId, PartKind, Snapshot, SourceKind};
use serde::{Deserialize, Serialize};

/// What says that a file is such a list.
pub const FORMAT: &str = "strata-app-list";

/// The newest version of the format that this program knows. Fields may be added without a new one.
pub const VERSION: u32 = 1;

/// Largest list that is read, in bytes.
pub const MAX_FILE: u64 = 4 << 20;

/// Most apps of a list that are looked at.
pub const MAX_APPS: usize = 10_000;

/// A list of apps, and where they came from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppList {
    /// [`FORMAT`].
    pub format: String,
    /// [`VERSION`].
    pub version: u32,
    /// When it was made, seconds since 1970.
    #[serde(default)]
    pub created: i64,
    /// The apps, by name.
    pub apps: Vec<ListedApp>,
    /// What was chosen in addition to them, by name.
    #[serde(default)]
    pub addons: Vec<ListedApp>,
    /// The origins that all these came from.
    #[serde(default)]
    pub origins: Vec<ListedOrigin>,
}

/// An app or add-on of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListedApp {
    /// Its id.
    pub id: String,
    /// Its name, to show where nothing else is known of it.
    #[serde(default)]
    pub name: String,
    /// The source it came from.
    pub source: SourceKind,
    /// The scope it was in.
    #[serde(default)]
    pub installation: String,
    /// The origin it came from.
    #[serde(default)]
    pub origin: String,
    /// Its reference there.
    #[serde(default, rename = "ref")]
    pub reference: String,
    /// The version that was installed; any other will do.
    #[serde(default)]
    pub version: String,
}

/// An origin of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListedOrigin {
    /// Its source.
    pub source: SourceKind,
    /// The scope in which it was set up.
    #[serde(default)]
    pub installation: String,
    /// Its name.
    pub name: String,
    /// Its title for people, empty if none.
    #[serde(default)]
    pub title: String,
    /// Its address.
    #[serde(default)]
    pub url: String,
}

impl AppList {
    /// The apps and add-ons that are installed; what they stand on comes along by itself.
    pub fn of(snapshot: &Snapshot, now: i64) -> Self {
        let listed = |kind: PartKind| {
            let mut parts: Vec<&Installed> =
                snapshot.installed.iter().filter(|part| part.kind == kind && !comes_by_itself(part)).collect();
            parts.sort_by_key(|part| (part.name.to_lowercase(), &part.offer));
            parts.into_iter().map(ListedApp::from).collect::<Vec<_>>()
        };
        let (apps, addons) = (listed(PartKind::App), listed(PartKind::Addon));
        let is_used = |origin: &&Origin| {
            apps.iter().chain(&addons).any(|part| {
                (part.source, &part.installation, &part.origin) == (origin.source, &origin.scope, &origin.name)
            })
        };
        let origins = snapshot.origins.iter().filter(is_used).map(ListedOrigin::from).collect();
        Self { format: FORMAT.to_owned(), version: VERSION, created: now, apps, addons, origins }
    }

    /// The origin that an app came from, if the list says more of it than its name.
    pub fn origin_of(&self, app: &ListedApp) -> Option<&ListedOrigin> {
        self.origins.iter().find(|origin| {
            (origin.source, &origin.installation, &origin.name) == (app.source, &app.installation, &app.origin)
        })
    }
}

/// Flatpak's own extensions of everything, which nobody chooses: `flatpak_id_has_subref_suffix` in its sources.
fn comes_by_itself(part: &Installed) -> bool {
    part.kind == PartKind::Addon && [".Locale", ".Debug", ".Sources"].iter().any(|suffix| part.id.ends_with(suffix))
}

impl ListedApp {
    /// The offer that it was.
    pub fn offer(&self) -> OfferId {
        OfferId {
            source: self.source,
            scope: self.installation.clone(),
            origin: self.origin.clone(),
            reference: self.reference.clone(),
        }
    }
}

impl From<&Installed> for ListedApp {
    fn from(app: &Installed) -> Self {
        let OfferId { source, scope, origin, reference } = app.offer.clone();
        let (id, name, version) = (app.id.clone(), app.name.clone(), app.version.clone());
        Self { id, name, source, installation: scope, origin, reference, version }
    }
}

impl From<&Origin> for ListedOrigin {
    fn from(origin: &Origin) -> Self {
        let Origin { source, scope, name, title, url, .. } = origin.clone();
        Self { source, installation: scope, name, title, url }
    }
}
