//! What speaks for an offer being of the app that it stands at.

use crate::marked;
use serde::{Deserialize, Serialize};

/// A sign that two entries are of one app.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// Which sign.
    pub sign: Sign,
    /// What both have, as they or Strata have it.
    pub detail: String,
}

/// The kinds of signs, the weightiest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Sign {
    /// Both have the same id, or one has a former id of the other.
    Id,
    /// Strata's own table says so.
    Known,
    /// Both come from the same project on a forge.
    Repository,
    /// Both have the same name.
    Name,
    /// One is called as the other one's id ends.
    IdName,
    /// The same people or the same site stand behind both.
    Maker,
    /// They are summed up in the same words.
    Summary,
    /// They are described with the same words.
    Words,
    /// They are of the same category.
    Category,
}

impl Sign {
    /// Its name in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Id => "id",
            Self::Known => "known",
            Self::Repository => "repository",
            Self::Name => "name",
            Self::IdName => "id-name",
            Self::Maker => "maker",
            Self::Summary => "summary",
            Self::Words => "words",
            Self::Category => "category",
        }
    }

    /// What it says, in English, to be translated by the face; `{detail}` stands for [`Evidence::detail`].
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::Id => marked("the same id ({detail})"),
            Self::Known => marked("known to be the same"),
            Self::Repository => marked("the same project ({detail})"),
            Self::Name => marked("the same name ({detail})"),
            Self::IdName => marked("named as the id ends ({detail})"),
            Self::Maker => marked("the same people or site ({detail})"),
            Self::Summary => marked("the same summary"),
            Self::Words => marked("described with the same words ({detail})"),
            Self::Category => marked("the same category ({detail})"),
        }
    }
}
