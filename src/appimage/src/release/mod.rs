//! What a project has released: asked where it lives, when a person looks at an app or wants it, never for a whole
//! catalogue. GitHub answers 60 questions an hour to whoever does not say who they are.

mod app;
mod asset;
mod controls;
mod forge;
mod kept;
mod resolver;
mod zsync;

pub use app::App;
pub use asset::{Named, choose, is_appimage_for, named};
pub(crate) use controls::forget as forget_control;
pub(crate) use kept::now;
pub use resolver::Resolver;
pub use zsync::ControlFile;
pub(crate) use zsync::head;

use crate::feed::Project;
use crate::format::Architecture;
use crate::update_information::Release;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// What is looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// Where.
    pub project: Project,
    /// Which of its apps: a release may have files of several.
    pub app: App,
    /// Which release; `None` for the newest for everybody, or the newest of all where there is none for everybody.
    pub release: Option<Release>,
    /// What the file's name fits, as update information has it: the name of its control file. `None` for any.
    pub pattern: Option<String>,
    /// For which machine.
    pub architecture: Architecture,
}

/// What came of looking.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Resolved {
    /// There is one.
    Found(Box<Found>),
    /// The forge wants to be left alone, for this long if it says so. It says nothing about whether there is something
    /// newer; what it said the last time may stand beside.
    Busy {
        /// For how long.
        rest: Option<Duration>,
        /// What was known before.
        known: Option<Box<Found>>,
    },
    /// The project is not there, or nobody may see it.
    Gone,
    /// The project has no such release.
    NoRelease,
    /// The releases have no AppImage, or none any more.
    NoAppImage,
    /// The AppImages are for other machines.
    OtherMachine,
}

/// A release with an AppImage.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    /// The release's tag, empty where there are none.
    pub version: String,
    /// Seconds since 1970, 0 if unknown.
    pub released: i64,
    /// It is not for everybody.
    pub development: bool,
    /// The AppImage.
    pub asset: Asset,
    /// The address of its control file for updates by delta.
    pub control: Option<String>,
}

/// A file of a release.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asset {
    /// Its name.
    pub name: String,
    /// Its address.
    pub url: String,
    /// Bytes, 0 if unknown.
    pub size: u64,
    /// SHA-256 in lowercase hexadecimal digits, if the forge says it.
    pub sha256: Option<String>,
    /// BLAKE3 in lowercase hexadecimal digits, if a list says it.
    #[serde(default)]
    pub blake3: Option<String>,
    /// The forge's own number of it, 0 if unknown. A file that takes another one's place has another number.
    #[serde(default)]
    pub id: u64,
    /// When it was put there, in seconds since 1970, 0 if unknown.
    #[serde(default)]
    pub updated: i64,
}

impl Asset {
    /// A digest of it is known before it is fetched.
    pub const fn is_pinned(&self) -> bool {
        self.sha256.is_some() || self.blake3.is_some()
    }

    /// What tells it from another file of the same name and tag, as far as the forge says: tags such as `nightly` stay,
    /// and what is behind them changes. Empty if nothing does.
    pub fn mark(&self) -> String {
        match (self.id, self.updated) {
            (0, 0) => String::new(),
            (id, updated) => format!("{id}-{updated}-{}", self.size),
        }
    }
}

/// Why nothing is known.
#[derive(Debug, thiserror::Error)]
pub enum ResolveError {
    /// The forge could not be asked, or says no for a reason of its own.
    #[error(transparent)]
    Http(#[from] strata_platform::http::HttpError),
    /// The server of a control file wants to be left alone.
    #[error("it was asked too often, and wants to be left alone for a while")]
    Busy,
    /// Its answer makes no sense.
    #[error("the answer is not in the form of a list of releases")]
    Malformed,
}
