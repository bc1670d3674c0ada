//! What of an AppImage could not be read, and why. None of it keeps the rest from being read.

use serde::{Deserialize, Serialize};

/// One thing that was not read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Loss {
    /// What it would have been.
    pub part: Part,
    /// Its path within the bundle, if it has one; for people and logs.
    pub path: String,
    /// Why it was not read.
    pub reason: LossReason,
}

/// The parts of an AppImage that are looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Part {
    /// The bundle as a whole.
    Payload,
    /// Where updates come from.
    UpdateInformation,
    /// What the app says of itself to a desktop.
    DesktopFile,
    /// Its picture.
    Icon,
    /// What it says of itself to a store.
    AppStream,
    /// The file types it brings along.
    MimePackage,
}

/// Why something was not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "kebab-case")]
pub enum LossReason {
    /// It contradicts itself, or ends too early.
    #[error("it is damaged")]
    Damaged,
    /// It is there in a form that nothing here reads.
    #[error("it has a form that cannot be inspected")]
    Unreadable,
    /// It is larger than such a thing may be.
    #[error("it is too large")]
    TooLarge,
    /// Looking for it would take too long.
    #[error("there is too much to look through")]
    TooMany,
    /// It is not there.
    #[error("it is not there")]
    Missing,
    /// A link leads out of the bundle.
    #[error("a link leads out of the bundle")]
    Outside,
    /// Links lead in a circle, or through too many others.
    #[error("links lead nowhere")]
    Loop,
    /// It is a folder, a device or a pipe.
    #[error("it is no file")]
    NoFile,
    /// It is no picture that a desktop shows.
    #[error("it is no picture")]
    NoPicture,
    /// It is no text, or not of the kind it should be.
    #[error("it is not what its name says")]
    WrongKind,
    /// There are several where one is expected; the first by name was taken.
    #[error("there are several")]
    Several,
}

impl From<std::io::Error> for LossReason {
    fn from(_: std::io::Error) -> Self {
        Self::Damaged
    }
}
