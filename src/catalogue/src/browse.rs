//! Lists to walk through.

use serde::{Deserialize, Serialize};

/// A list of apps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum List {
    /// The apps of a tile.
    Category(Category),
    /// By newest release, newest first.
    RecentlyUpdated,
    /// By first release, newest first; apps that do not say are left out.
    New,
    /// The apps of one developer, by name.
    Developer(String),
    /// Every app, by name.
    All,
}

/// A part of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Page {
    /// How many to leave out before.
    pub offset: usize,
    /// At most so many.
    pub limit: usize,
}

/// The tiles of the front page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Category {
    /// Pictures, sound, film.
    Create,
    /// Office and money.
    Work,
    /// Games.
    Play,
    /// People and messages.
    Socialise,
    /// Knowledge.
    Learn,
    /// Programs that make programs.
    Develop,
    /// Everything that helps.
    Tools,
}
