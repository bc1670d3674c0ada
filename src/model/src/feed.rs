//! What the catalogue is built from.

use crate::SourceKind;
use crate::installed::EndOfLife;
use crate::offer::Absence;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// One origin's list of apps on this machine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Feed {
    /// The source of its offers.
    pub source: SourceKind,
    /// The scope of its offers.
    pub scope: String,
    /// The origin of its offers.
    pub origin: String,
    /// The origin's address, to know what it is whatever it is called.
    pub url: String,
    /// Greater comes first.
    pub priority: i32,
    /// AppStream catalogue, XML or DEP-11 YAML, `.gz` or plain.
    pub file: PathBuf,
    /// Folder with `64x64/` and `128x128/`.
    pub icons: PathBuf,
    /// What the origin itself knows of its references beside the list.
    #[serde(default)]
    pub references: Vec<ReferenceState>,
    /// Its word about which of its apps are verified counts: it is Flathub, which checks that. Any other origin could say so
    /// of itself.
    #[serde(default)]
    pub verifies: bool,
    /// A file with what the origin says about how its apps are liked ([`crate::popularity::Popularity`] as JSON).
    #[serde(default)]
    pub popularity: Option<PathBuf>,
}

/// What an origin knows of one of its references.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReferenceState {
    /// The reference, as in an offer.
    pub reference: String,
    /// Bytes to download, 0 if unknown.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub download_size: u64,
    /// Bytes on the disk, 0 if unknown.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub installed_size: u64,
    /// It gets no more updates.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end_of_life: Option<EndOfLife>,
    /// The pattern by which Flatpak was told to leave it alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub masked: Option<String>,
    /// What there was not when somebody last asked for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub missing: Option<Absence>,
}

#[allow(clippy::trivially_copy_pass_by_ref)] // As serde calls it.
fn is_zero(number: &u64) -> bool {
    *number == 0
}
