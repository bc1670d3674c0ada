//! Catalogues of AppImages, each read by an adaptor of its own into one kind of record. An entry that is of no use costs
//! itself and is counted.

mod app_image_hub;
mod html;
mod merge;
mod portable_linux_apps;
mod project;
mod soarpkgs;
mod value;

pub use app_image_hub::app_image_hub;
pub use merge::{Merged, merge};
pub use portable_linux_apps::{Signs, app_icons, signs};
pub use project::Project;
pub use soarpkgs::{BadIndex, soarpkgs};

use crate::format::Architecture;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use strata_model::text::Block;

/// An app as a catalogue of AppImages knows it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// Its name; never empty.
    pub name: String,
    /// Its AppStream id, empty if none is known.
    pub id: String,
    /// One line on what it is for; may be empty.
    pub summary: String,
    /// What it is, at length.
    pub description: Vec<Block>,
    /// Categories of the menu specification.
    pub categories: Vec<String>,
    /// Who makes it; may be empty.
    pub developer: String,
    /// Its licence as the catalogue has it, empty if unknown.
    pub licence: String,
    /// Its own site, empty if unknown.
    pub homepage: String,
    /// Where its source and its releases are.
    pub project: Option<Project>,
    /// A page with its releases, where there is no project to ask.
    pub page: String,
    /// `https` addresses of icons, the best first.
    pub icons: Vec<String>,
    /// `https` addresses of pictures.
    pub screenshots: Vec<String>,
    /// Files that the catalogue vouches for.
    pub downloads: Vec<Download>,
    /// What somebody noticed of its project.
    pub life: Life,
}

impl Record {
    /// How many texts and the like it has in lists, by which the memory that it takes is weighed.
    fn parts(&self) -> usize {
        let spans = |block: &Block| match block {
            Block::Paragraph { spans } => 1 + spans.len(),
            Block::List { items, .. } => 1 + items.iter().map(|spans| 1 + spans.len()).sum::<usize>(),
        };
        let texts = self.categories.len() + self.icons.len() + self.screenshots.len() + self.downloads.len();
        1 + texts + self.description.iter().map(spans).sum::<usize>()
    }
}

/// A file that a catalogue names with its digest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Download {
    /// Its `https` address.
    pub url: String,
    /// The machine it is for.
    pub architecture: Architecture,
    /// The version's own text.
    pub version: String,
    /// Bytes, 0 if unknown.
    pub size: u64,
    /// SHA-256 in lowercase hexadecimal digits, if known.
    pub sha256: Option<String>,
    /// BLAKE3 in lowercase hexadecimal digits, if known.
    pub blake3: Option<String>,
}

/// Whether a project is looked after.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "life", content = "since")]
pub enum Life {
    /// Nothing speaks against it.
    #[default]
    Alive,
    /// No release for long; the year of the last, if it is known.
    Obsolete(Option<u16>),
    /// Its owner closed it.
    Archived,
}

/// What a catalogue has, and what of it is of no use.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Feed {
    /// The apps, in the catalogue's order.
    pub records: Vec<Record>,
    /// What was left out, by kind, and how often.
    pub losses: BTreeMap<FeedLoss, usize>,
}

impl Feed {
    fn lose(&mut self, loss: FeedLoss) {
        *self.losses.entry(loss).or_default() += 1;
    }
}

/// Why an entry, or a part of one, is of no use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FeedLoss {
    /// The entry is no object, or its parts are not what they should be.
    Malformed,
    /// The entry has no name.
    NoName,
    /// The entry is a pattern for others.
    Template,
    /// The entry says no way to get the app.
    NoDownload,
    /// The entry is no AppImage, or for another machine.
    OtherKind,
    /// An address of an icon, a picture or a file leads elsewhere than it may. Its entry stays.
    BadAddress,
    /// There are more entries than are read.
    TooMany,
}

/// Why a whole catalogue is of no use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadFeed {
    /// It is not JSON, or not what it should be.
    #[error("it is not in the form of such a catalogue")]
    Malformed,
    /// It is larger than such a catalogue may be.
    #[error("it is too large")]
    TooLarge,
}
