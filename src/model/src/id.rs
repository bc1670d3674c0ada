//! Identifiers of apps and tasks.

use serde::{Deserialize, Serialize};
use std::fmt;
use zvariant::Type;

/// Longest id that is accepted, in bytes (the limit of a D-Bus name, which AppStream ids follow).
pub const MAX_ID_BYTES: usize = 255;

/// The AppStream id of an app, such as `org.gnome.Chess`. Never empty, never a path, at most [`MAX_ID_BYTES`].
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Type)]
#[serde(try_from = "String", into = "String")]
#[zvariant(signature = "s")]
pub struct AppId(String);

/// The text is no app id: empty, too long, or with characters that an id cannot have.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an app id")]
pub struct InvalidAppId;

impl AppId {
    /// Accepts what AppStream's catalogues hold in practice: ASCII letters and digits, `.`, `-`, `_`, `+`, `@`, `:`.
    ///
    /// # Errors
    /// [`InvalidAppId`] for anything else, and for ids that begin with a dot.
    pub fn new(id: &str) -> Result<Self, InvalidAppId> {
        let known = |c: char| c.is_ascii_alphanumeric() || ".-_+@:".contains(c);
        if id.is_empty() || id.len() > MAX_ID_BYTES || id.starts_with('.') || !id.chars().all(known) {
            return Err(InvalidAppId);
        }
        Ok(Self(id.to_owned()))
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for AppId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for AppId {
    type Error = InvalidAppId;

    fn try_from(id: String) -> Result<Self, InvalidAppId> {
        Self::new(&id)
    }
}

impl std::str::FromStr for AppId {
    type Err = InvalidAppId;

    fn from_str(id: &str) -> Result<Self, InvalidAppId> {
        Self::new(id)
    }
}

impl From<AppId> for String {
    fn from(id: AppId) -> Self {
        id.0
    }
}

/// The number of a task, unique in one person's history, counting up from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Type)]
pub struct TaskId(pub u64);

impl fmt::Display for TaskId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_app_id_is_never_a_path() {
        for bad in ["", ".", "..", ".hidden", "a/b", "../a", "a b", "a\0", "ä", &"x".repeat(256)] {
            assert_eq!(AppId::new(bad), Err(InvalidAppId), "{bad:?}");
        }
        for good in ["org.gnome.Chess", "0ad.desktop", "org.kde.k3b-x_1", &"x".repeat(255)] {
            assert!(AppId::new(good).is_ok(), "{good:?}");
        }
    }
}
