//! What is known of an installed AppImage: one JSON file each, so that a damaged one costs one app.

use super::error::LibraryError;
use super::made::Made;
use super::names::is_id;
use super::portable::{CONFIG, HOME, own_folder};
use super::provenance::Provenance;
use crate::feed::Project;
use crate::release::{App, Found};
use crate::update_information::UpdateInformation;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use strata_model::OfferId;
use strata_platform::files;

/// An installed AppImage. What is missing or makes no sense in its file is as if it were not said, but for its id and its
/// path: without those it is nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// Its id: the name of its desktop file, for as long as it is installed.
    pub id: String,
    /// Where the AppImage lies, for as long as it is installed.
    pub path: PathBuf,
    /// The app's name.
    #[serde(default, deserialize_with = "lenient")]
    pub name: String,
    /// The version that is there.
    #[serde(default, deserialize_with = "lenient")]
    pub version: Version,
    /// The version that it took the place of, kept until this one has been started.
    #[serde(default, deserialize_with = "lenient")]
    pub previous: Option<Version>,
    /// The version that the person went back from: it is not offered again.
    #[serde(default, deserialize_with = "lenient")]
    pub left: Option<Version>,
    /// The key that signed it last, in capital hexadecimal digits; kept where a version is not signed.
    #[serde(default, deserialize_with = "lenient")]
    pub fingerprint: Option<String>,
    /// The catalogue that it came from, empty for a file of the person's own.
    #[serde(default, deserialize_with = "lenient")]
    pub origin: String,
    /// Its name in that catalogue.
    #[serde(default, deserialize_with = "lenient")]
    pub entry: String,
    /// Which of its project's apps it is, as far as that catalogue knows.
    #[serde(default, deserialize_with = "lenient")]
    pub app: App,
    /// The project whose releases it comes from.
    #[serde(default, deserialize_with = "lenient")]
    pub project: Option<Project>,
    /// Where the file itself says that updates come from.
    #[serde(default, deserialize_with = "lenient")]
    pub updates: Option<UpdateInformation>,
    /// It is in menus.
    #[serde(default, deserialize_with = "lenient")]
    pub integrated: bool,
    /// The files that were made for it.
    #[serde(default, deserialize_with = "each")]
    pub files: Vec<Made>,
    /// How the person wants it to be started.
    #[serde(default, deserialize_with = "lenient")]
    pub settings: Settings,
}

/// One version of an AppImage.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Version {
    /// What its author calls it, empty if nobody says.
    pub name: String,
    /// SHA-256 of the file, in lowercase hexadecimal digits. Versions are told apart by this.
    pub sha256: String,
    /// What the forge tells this file from others of its name and tag by; see [`crate::release::Asset::mark`].
    pub mark: String,
    /// Bytes of the file.
    pub size: u64,
    /// When the file was changed last, in nanoseconds since 1970.
    pub modified: i64,
    /// How far it can be known to be its author's.
    pub provenance: Provenance,
    /// The key that signed it.
    pub fingerprint: Option<String>,
}

impl Version {
    /// Whether a release has another file than this one. By the digest where the release says it, else by the forge's own
    /// mark, else by the release's name: a file whose version nobody can tell is none that is new, or it would be for ever.
    pub fn is_other(&self, found: &Found) -> bool {
        let (asset, mark) = (&found.asset, found.asset.mark());
        match &asset.sha256 {
            Some(sha256) => *sha256 != self.sha256,
            None if !mark.is_empty() && !self.mark.is_empty() => mark != self.mark,
            None if asset.size > 0 && asset.size != self.size => true,
            None => !self.name.is_empty() && !found.version.is_empty() && found.version != self.name,
        }
    }
}

/// How the person wants an app to be started.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// Arguments before its own.
    pub arguments: Vec<String>,
    /// What is set in its environment.
    pub environment: BTreeMap<String, String>,
    /// Whether it runs in a terminal; `None` for as it says itself.
    pub terminal: Option<bool>,
    /// A home folder of its own beside it.
    pub portable_home: bool,
    /// A folder for its settings beside it.
    pub portable_config: bool,
}

/// Largest file of a record, in bytes. A usual one has 2 KB.
const RECORD: u64 = 1 << 20;
/// Longest name of a file on Linux, in bytes.
const LONGEST_NAME: usize = 255;

impl Record {
    /// Whether a release has a file that is neither the one that is there nor the one that was gone back from.
    pub fn is_news(&self, found: &Found) -> bool {
        self.version.is_other(found) && self.left.as_ref().is_none_or(|left| left.is_other(found))
    }

    /// The offer that it came by; of a file of the person's own, the one that it is itself.
    pub fn offer(&self) -> OfferId {
        if self.origin.is_empty() || self.entry.is_empty() {
            OfferId::app_image("", &self.id)
        } else {
            OfferId::app_image(&self.origin, &self.entry)
        }
    }

    /// Where the version before lies, if there is one.
    pub fn previous_path(&self) -> PathBuf {
        let mut name = std::ffi::OsString::from(".");
        name.push(self.path.file_name().unwrap_or_default());
        name.push(".previous");
        self.path.with_file_name(name)
    }

    /// The home folder of its own, where AppImages look for it.
    pub fn portable_home(&self) -> PathBuf {
        own_folder(&self.path, HOME)
    }

    /// The folder for its settings, where AppImages look for it.
    pub fn portable_config(&self) -> PathBuf {
        own_folder(&self.path, CONFIG)
    }

    /// How it is started now: AppImages use a folder of their own if it is there, whoever made it.
    pub fn settings_now(&self) -> Settings {
        let (portable_home, portable_config) = (self.portable_home().is_dir(), self.portable_config().is_dir());
        Settings { portable_home, portable_config, ..self.settings.clone() }
    }

    /// Whether what belongs to it can have the names that it has beside it: found out before anything is there.
    pub(super) fn check_names(&self) -> Result<(), LibraryError> {
        let names = [self.previous_path(), self.portable_home(), self.portable_config()];
        let is_long = |path: &PathBuf| path.file_name().is_some_and(|name| name.len() > LONGEST_NAME);
        if names.iter().any(is_long) { Err(LibraryError::LongName(self.path.clone())) } else { Ok(()) }
    }

    /// Reads a record.
    pub(super) fn read(path: &Path, id: &str) -> Result<Self, LibraryError> {
        let bytes = files::read_bounded(path, RECORD).map_err(LibraryError::at(path))?;
        let damaged = |why: String| LibraryError::Damaged { path: path.to_owned(), why };
        let record: Self = serde_json::from_slice(&bytes).map_err(|error| damaged(error.to_string()))?;
        if record.id != id || !record.is_sound() {
            return Err(damaged("it is about something else".to_owned()));
        }
        Ok(record)
    }

    /// Whether its id and path can be what they say.
    pub(super) fn is_sound(&self) -> bool {
        let plain = self.path.components().all(|part| !matches!(part, std::path::Component::ParentDir));
        is_id(&self.id) && self.path.is_absolute() && plain && self.path.file_name().is_some()
    }

    /// The text of its file.
    pub(super) fn to_bytes(&self) -> Result<Vec<u8>, serde_json::Error> {
        let bytes = serde_json::to_vec_pretty(self)?;
        if bytes.len() as u64 > RECORD {
            return Err(serde::ser::Error::custom("what is to be remembered is too large"));
        }
        Ok(bytes)
    }
}

/// What makes no sense is as if it were not said.
fn lenient<'de, D: Deserializer<'de>, T: DeserializeOwned + Default>(from: D) -> Result<T, D::Error> {
    Ok(serde_json::from_value(Value::deserialize(from)?).unwrap_or_default())
}

/// The same for each entry of a list.
fn each<'de, D: Deserializer<'de>, T: DeserializeOwned>(from: D) -> Result<Vec<T>, D::Error> {
    let Value::Array(entries) = Value::deserialize(from)? else { return Ok(Vec::new()) };
    Ok(entries.into_iter().filter_map(|entry| serde_json::from_value(entry).ok()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::release::Asset;

    fn read(text: &str) -> Result<Record, LibraryError> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.json");
        std::fs::write(&path, text).unwrap();
        Record::read(&path, "a")
    }

    #[test]
    fn what_makes_no_sense_costs_itself() {
        let found = read(
            r#"{"id": "a", "path": "/x/A.AppImage", "name": 7, "version": {"sha256": "ab", "size": 5, "new": {}},
               "files": ["applications/a.desktop", "../../etc/passwd", 9], "settings": {"arguments": ["x"]},
               "project": {"forge": "unheard-of"}, "later": true}"#,
        )
        .unwrap();
        assert_eq!((found.name.as_str(), found.version.sha256.as_str(), found.version.size), ("", "ab", 5));
        assert_eq!(found.files, [Made::desktop("a")]);
        assert_eq!((found.settings.arguments.as_slice(), found.project), (&["x".to_owned()][..], None));
    }

    #[test]
    fn without_id_and_path_it_is_nothing() {
        for bad in [
            "",
            "{}",
            "[]",
            r#"{"id": "a"}"#,
            r#"{"id": "b", "path": "/x/A"}"#,
            r#"{"id": "a", "path": "x/A"}"#,
            r#"{"id": "a", "path": "/x/../A"}"#,
            r#"{"id": "a", "path": "/"}"#,
        ] {
            assert!(matches!(read(bad), Err(LibraryError::Damaged { .. })), "{bad}");
        }
    }

    #[test]
    fn another_file_is_told_by_the_best_that_is_known() {
        let version = |name: &str, sha256: &str, mark: &str| Version {
            name: name.into(),
            sha256: sha256.into(),
            mark: mark.into(),
            size: 7,
            ..Version::default()
        };
        let found = |version: &str, sha256: Option<&str>, id: u64, size: u64| Found {
            version: version.into(),
            released: 0,
            development: false,
            asset: Asset {
                name: "a.AppImage".into(),
                url: String::new(),
                size,
                sha256: sha256.map(str::to_owned),
                blake3: None,
                id,
                updated: 0,
            },
            control: None,
        };
        for (version, found, expected) in [
            (version("1", "aa", ""), found("2", Some("aa"), 0, 7), false),
            (version("1", "aa", ""), found("1", Some("bb"), 0, 7), true),
            (version("nightly", "aa", "1-0-7"), found("nightly", None, 1, 7), false),
            (version("nightly", "aa", "1-0-7"), found("nightly", None, 2, 7), true),
            (version("nightly", "aa", ""), found("nightly", None, 2, 7), false),
            (version("nightly", "aa", ""), found("nightly", None, 2, 8), true),
            (version("1", "aa", ""), found("2", None, 0, 0), true),
            (version("", "aa", ""), found("2", None, 0, 0), false),
        ] {
            assert_eq!(version.is_other(&found), expected, "{version:?} {found:?}");
        }
    }
}
