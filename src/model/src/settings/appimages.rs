//! Where AppImages lie.

use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};
use zvariant::Type;

/// Longest name of a folder, in bytes, as file systems have it.
const MAX_PATH: usize = 4096;

/// AppImages on this computer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct AppImages {
    /// Where new ones are put.
    pub folder: Folder,
}

/// A folder by its whole path, or below the person's own by `~/`, as a policy for everybody has to say it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(try_from = "String", into = "String")]
#[zvariant(signature = "s")]
pub struct Folder(String);

impl Folder {
    /// As it is written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Where it is for the person whose own folder this is.
    pub fn of(&self, home: &Path) -> PathBuf {
        self.0.strip_prefix("~/").map_or_else(|| PathBuf::from(&self.0), |below| home.join(below))
    }
}

impl Default for Folder {
    fn default() -> Self {
        Self("~/Applications".to_owned())
    }
}

impl TryFrom<String> for Folder {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let below = text.strip_prefix("~/").or(text.strip_prefix('/')).ok_or("a folder begins with / or ~/")?;
        if text.len() > MAX_PATH || text.chars().any(char::is_control) {
            return Err("no folder has such a name");
        }
        let is_name = |part: &str| !part.is_empty() && part != "." && part != "..";
        if below.trim_end_matches('/').split('/').all(is_name) {
            Ok(Self(text.trim_end_matches('/').to_owned()))
        } else {
            Err("every part of a folder's path has a name")
        }
    }
}

impl From<Folder> for String {
    fn from(folder: Folder) -> Self {
        folder.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_a_whole_path_or_one_of_the_persons_own() {
        let home = Path::new("/home/ann");
        let cases = [
            ("~/Applications", Some("/home/ann/Applications")),
            ("~/apps/images/", Some("/home/ann/apps/images")),
            ("/srv/ann's apps", Some("/srv/ann's apps")),
            ("", None),
            ("apps", None),
            ("~", None),
            ("~/", None),
            ("~ben/apps", None),
            ("/", None),
            ("/srv/../etc", None),
            ("~//apps", None),
            ("/srv/a\nb", None),
        ];
        for (text, expected) in cases {
            let folder = Folder::try_from(text.to_owned()).ok().map(|folder| folder.of(home));
            assert_eq!(folder, expected.map(PathBuf::from), "{text:?}");
        }
        assert!(Folder::try_from(format!("/{}", "x".repeat(MAX_PATH))).is_err());
        assert_eq!(Folder::default().of(home), home.join("Applications"));
    }
}
