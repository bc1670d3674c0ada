//! Apps as lists of AppImages know them, in the one form that a source writes and the catalogue reads: a line of JSON each.

use crate::text::Block;
use serde::{Deserialize, Serialize};

/// The first line of such a file; what begins otherwise is another kind of list.
pub const HEADER: &str = "{\"strata\":\"listed-1\"}";

/// The origin of what AppImageHub lists.
pub const APPIMAGEHUB: &str = "appimagehub";

/// The origin of what soarpkgs lists and AppImageHub does not.
pub const SOARPKGS: &str = "soarpkgs";

/// What people call an origin that is such a list.
pub fn title(origin: &str) -> Option<&'static str> {
    match origin {
        APPIMAGEHUB => Some("AppImageHub"),
        SOARPKGS => Some("soarpkgs"),
        _ => None,
    }
}

/// A line after the first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Line {
    /// An app.
    App(Box<Listed>),
    /// Entries that are of no use.
    Lost {
        /// Why.
        reason: Lost,
        /// How many.
        count: usize,
    },
}

/// An app as a list knows it. Texts are a stranger's.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Listed {
    /// What names it in its list; of the characters that an [`crate::AppId`] may have.
    pub reference: String,
    /// Its AppStream id, empty if nobody says.
    pub id: String,
    /// Its name.
    pub name: String,
    /// One line on what it is for; may be empty.
    pub summary: String,
    /// What it is, at length.
    pub description: Vec<Block>,
    /// Categories of the menu specification.
    pub categories: Vec<String>,
    /// Who makes it; may be empty.
    pub developer: String,
    /// Its licence, empty if unknown.
    pub licence: String,
    /// Its own site, empty if unknown.
    pub homepage: String,
    /// The page of its project on a forge, empty if there is none.
    pub repository: String,
    /// A page that it can be had from.
    pub page: String,
    /// Addresses of icons, the best first.
    pub icons: Vec<String>,
    /// Addresses of pictures.
    pub screenshots: Vec<String>,
    /// The file that a signed list vouches for.
    pub pinned: Option<Pinned>,
    /// Strata knows where to fetch it; else only a person can, from the page.
    pub fetchable: bool,
    /// Somebody noticed that nobody looks after it any more.
    pub neglected: bool,
}

/// One file of an app, for this machine, as a signed list knows it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Pinned {
    /// Its address.
    pub url: String,
    /// The version's own text.
    pub version: String,
    /// Bytes, 0 if unknown.
    pub size: u64,
    /// SHA-256 in lowercase hexadecimal digits, if known.
    pub sha256: Option<String>,
    /// BLAKE3 in lowercase hexadecimal digits, if known.
    pub blake3: Option<String>,
}

/// Why entries of a list are of no use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Lost {
    /// They are not what an entry should be.
    Malformed,
    /// They have no name.
    NoName,
    /// They say no way to get the app.
    NoOffer,
    /// They are named as another one is.
    BadId,
    /// There are more than are read.
    TooMany,
}
