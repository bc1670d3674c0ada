//! What the catalogue is built from.

use crate::SourceKind;
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
    /// AppStream catalogue XML, `.gz` or plain.
    pub file: PathBuf,
    /// Folder with `64x64/` and `128x128/`.
    pub icons: PathBuf,
}
