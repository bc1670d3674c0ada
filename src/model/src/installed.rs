//! What is on the machine, and what could be newer.

use crate::{AppId, Offer, OfferId, Permission, SourceKind};
use serde::{Deserialize, Serialize};
use zvariant::Type;

/// The part that an installed thing plays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Type)]
#[serde(rename_all = "kebab-case")]
#[zvariant(signature = "s")]
pub enum PartKind {
    /// What a person opens.
    App,
    /// What apps stand on.
    Runtime,
    /// What extends an app: a plug-in, a translation.
    Addon,
    /// What is layered on the system.
    Package,
}

/// One installed thing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Installed {
    /// The offer it came from, in the scope where it is.
    pub offer: OfferId,
    /// The app's id, or the runtime's or add-on's own name.
    pub id: String,
    /// The part it plays.
    pub kind: PartKind,
    /// Its name as it says itself.
    pub name: String,
    /// Its version as it says itself, empty if it does not.
    pub version: String,
    /// What exactly is installed: for Flatpaks the commit.
    pub revision: String,
    /// The runtime it stands on, empty if none.
    pub runtime: String,
    /// Bytes on the disk.
    pub size: u64,
    /// When it was installed or last changed, seconds since 1970, 0 if unknown.
    pub changed: i64,
    /// Nothing needs it any more.
    pub unused: bool,
    /// Kept at this version until the person lifts it.
    pub held: bool,
    /// The version that can be gone back to, empty if nobody says which one that is; `None` if there is none.
    pub previous: Option<String>,
    /// It gets no more updates: why, and what takes its place.
    pub end_of_life: Option<EndOfLife>,
    /// It runs now and goes with the next restart: the version of the system that was rolled back to is without it.
    #[serde(default)]
    pub leaving: bool,
}

impl Installed {
    /// One of which no more is known than what it came by: it is called as it is named there.
    pub fn new(offer: OfferId, kind: PartKind) -> Self {
        Self {
            id: offer.reference.clone(),
            name: offer.reference.clone(),
            offer,
            kind,
            version: String::new(),
            revision: String::new(),
            runtime: String::new(),
            size: 0,
            changed: 0,
            unused: false,
            held: false,
            previous: None,
            end_of_life: None,
            leaving: false,
        }
    }

    /// It is this app: by its id, or because it came by one of the app's offers, in whatever scope.
    pub fn is_app(&self, app: &AppId, offers: &[Offer]) -> bool {
        let came_by =
            |offer: &Offer| OfferId { scope: self.offer.scope.clone(), ..offer.id.clone() }.is_same_thing(&self.offer);
        match self.kind {
            PartKind::App => self.id == app.as_str() || offers.iter().any(came_by),
            // One that is in no list is known by its own name.
            PartKind::Package => offers.iter().any(came_by) || (offers.is_empty() && self.id == app.as_str()),
            PartKind::Runtime | PartKind::Addon => false,
        }
    }
}

/// Something gets no more updates.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct EndOfLife {
    /// The origin's own words, may be empty.
    pub reason: String,
    /// The reference that takes its place, empty if none.
    pub successor: String,
}

/// Something newer than what is installed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Update {
    /// What would be updated.
    pub offer: OfferId,
    /// The app's id, or the runtime's or add-on's own name.
    pub id: String,
    /// The part it plays.
    pub kind: PartKind,
    /// Its name.
    pub name: String,
    /// The version that is installed, empty if unknown.
    pub from_version: String,
    /// The version that would be installed, empty if unknown.
    pub to_version: String,
    /// What exactly would be installed.
    pub revision: String,
    /// Bytes to download at most, 0 if unknown.
    pub download_size: u64,
    /// All of it is on this machine already, and only has to be put in place.
    pub downloaded: bool,
    /// What it may do after the update and may not do now.
    pub new_permissions: Vec<Permission>,
    /// It is at its end: the update brings what takes its place.
    pub end_of_life: Option<EndOfLife>,
    /// The person, or somebody for them, keeps it at its version: it cannot be updated before that is lifted.
    pub held: bool,
}

/// What an app that is gone has stored and left behind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Leftover {
    /// The source of the app.
    pub source: SourceKind,
    /// The app's id; of an AppImage the name of the file that it was.
    pub id: String,
    /// What it was called, empty where only a catalogue knows.
    pub name: String,
    /// Bytes on the disk.
    pub size: u64,
    /// When its folder last changed, seconds since 1970, 0 if unknown.
    pub changed: i64,
}
