//! Building the catalogue.

use crate::CatalogueError;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;
use strata_model::feed::Feed;

/// What to build a catalogue from, and where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BuildPlan {
    /// The lists to read. Among equals, earlier ones come first.
    pub feeds: Vec<Feed>,
    /// The person's languages, best first, as in `pt_BR`.
    pub languages: Vec<String>,
    /// The file to write.
    pub target: PathBuf,
    /// The number of this build.
    pub generation: u64,
}

/// What a build made.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BuildReport {
    /// Apps that can be found.
    pub apps: usize,
    /// Add-ons of apps.
    pub addons: usize,
    /// What was left out and why.
    pub losses: Vec<Loss>,
}

/// Something that was left out: one line for each feed and reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Loss {
    /// The scope of the feed.
    pub scope: String,
    /// The origin of the feed.
    pub origin: String,
    /// Why.
    pub reason: LossReason,
    /// How many entries.
    pub count: usize,
    /// The first one: its id as it was written, or the technical words.
    pub example: String,
}

/// Why something was left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LossReason {
    /// The feed's file cannot be read, or not to its end.
    Unreadable,
    /// No well-formed XML.
    Malformed,
    /// Larger than any entry may be.
    TooLarge,
    /// More entries than any feed may have.
    TooMany,
    /// No id, or one that is no id.
    BadId,
    /// No name.
    NoName,
    /// Nothing that could be installed.
    NoOffer,
}

/// Builds a catalogue beside the target and renames it over the target.
pub fn build(plan: &BuildPlan) -> Result<BuildReport, CatalogueError> {
    Err(CatalogueError::NotBuilt(plan.target.clone()))
}
