//! What was found where an AppImage's updates come from, kept until it is asked again: a file for each app, which may be
//! deleted at any time.

use crate::library::{Record, Version};
use crate::release::Found;
use serde::{Deserialize, Serialize};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use strata_model::{PartKind, Question, Update};
use strata_platform::files;

/// Largest file, in bytes. A usual one has 500.
const FILE: u64 = 64 << 10;

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct News {
    /// The file.
    pub(super) found: Found,
    /// Its SHA-1 in lowercase hexadecimal digits, where that is all that is said of it.
    pub(super) sha1: Option<String>,
    /// Where there is only SHA-1, the SHA-256 of the version that was found to have it.
    pub(super) same: Option<String>,
    /// The written form of the [`Question`] that it ended in, once it was fetched: nobody has to fetch it only to be asked
    /// the same.
    #[serde(default)]
    pub(super) asks: Option<String>,
}

impl News {
    /// What was found. What it was known to ask it asks still.
    pub(super) fn of(found: Found, known: Option<Self>) -> Self {
        let asks = known.filter(|known| known.found == found).and_then(|known| known.asks);
        Self { found, sha1: None, same: None, asks }
    }

    /// What it asks of whoever has this app. What it asked about another key than the app has by now was answered.
    pub(super) fn question(&self, record: &Record) -> Option<Question> {
        let question = Question::read(self.asks.as_deref()?)?;
        let (before, known) = match &question {
            Question::NoLongerSigned { before } => (before, &record.version.fingerprint),
            Question::KeyChanged { before, .. } => (before, &record.fingerprint),
        };
        (known.as_ref() == Some(before)).then_some(question)
    }

    /// Whether it is neither the version that is there nor the one that the person went back from.
    pub(super) fn is_news(&self, record: &Record) -> bool {
        let is_it = |version: &Version| self.same.as_deref() == Some(&*version.sha256);
        match &self.sha1 {
            None => record.is_news(&self.found),
            Some(_) => !is_it(&record.version) && !record.left.as_ref().is_some_and(is_it),
        }
    }

    /// The update that it is.
    pub(super) fn update(&self, record: &Record) -> Update {
        let asset = &self.found.asset;
        let digests = [asset.sha256.clone(), self.sha1.clone()];
        let revision = digests.into_iter().flatten().next().unwrap_or_else(|| asset.mark());
        Update {
            offer: record.offer(),
            id: record.id.clone(),
            kind: PartKind::App,
            name: record.name.clone(),
            from_version: record.version.name.clone(),
            to_version: self.found.version.clone(),
            revision,
            download_size: asset.size,
            downloaded: false,
            new_permissions: Vec::new(),
            end_of_life: None,
            held: false,
        }
    }

    /// What was kept; nothing where that makes no sense.
    pub(super) fn read(folder: &Path, id: &str) -> Option<Self> {
        let bytes = files::read_bounded(&file(folder, id), FILE).ok()?;
        serde_json::from_slice(&bytes).ok()
    }

    /// Keeps it.
    pub(super) fn write(&self, folder: &Path, id: &str) -> io::Result<()> {
        files::replace(&file(folder, id), &serde_json::to_vec(self)?)
    }
}

/// Forgets what was found.
pub(super) fn forget(folder: &Path, id: &str) -> io::Result<()> {
    match std::fs::remove_file(file(folder, id)) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Ids of installed apps are names of files.
fn file(folder: &Path, id: &str) -> PathBuf {
    folder.join(format!("{id}.json"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::release::Asset;

    fn version(sha256: &str) -> Version {
        Version { sha256: sha256.to_owned(), size: 7, ..Version::default() }
    }

    fn record(sha256: &str, left: Option<&str>) -> Record {
        let text = r#"{"id": "a", "path": "/x/A.AppImage"}"#;
        let plain: Record = serde_json::from_str(text).unwrap();
        Record { version: version(sha256), left: left.map(version), ..plain }
    }

    fn news(sha1: Option<&str>, same: Option<&str>) -> News {
        let asset = Asset {
            name: "A.AppImage".to_owned(),
            url: "https://example.org/A.AppImage".to_owned(),
            size: 7,
            sha256: sha1.is_none().then(|| "new".to_owned()),
            ..Asset::default()
        };
        let found = Found { version: "2".to_owned(), released: 0, development: false, asset, control: None };
        News { found, sha1: sha1.map(str::to_owned), same: same.map(str::to_owned), asks: None }
    }

    #[test]
    fn a_question_is_about_the_key_that_the_app_has() {
        let keys = |of_all: &str, of_version: Option<&str>| {
            let plain = record("old", None);
            let version = Version { fingerprint: of_version.map(str::to_owned), ..plain.version };
            Record { fingerprint: Some(of_all.to_owned()), version, ..plain }
        };
        let (unsigned, changed) = ("signed by AB before, now by nobody", "signed by AB before, now by CD");
        for (asks, record, stands) in [
            (unsigned, keys("AB", Some("AB")), true),
            (unsigned, keys("AB", None), false),
            (unsigned, keys("CD", Some("CD")), false),
            (changed, keys("AB", Some("AB")), true),
            (changed, keys("AB", None), true),
            (changed, keys("CD", Some("CD")), false),
            ("yes", keys("AB", Some("AB")), false),
        ] {
            let news = News { asks: Some(asks.to_owned()), ..news(None, None) };
            assert_eq!(news.question(&record).is_some(), stands, "{asks}: {record:?}");
        }
    }

    #[test]
    fn what_is_there_or_was_gone_back_from_is_no_news() {
        for (news, record, expected) in [
            (news(None, None), record("old", None), true),
            (news(None, None), record("new", None), false),
            (news(None, None), record("old", Some("new")), false),
            (news(Some("1"), None), record("old", None), true),
            (news(Some("1"), Some("old")), record("old", None), false),
            (news(Some("1"), Some("new")), record("old", Some("new")), false),
            (news(Some("1"), Some("new")), record("old", None), true),
        ] {
            assert_eq!(news.is_news(&record), expected, "{news:?} {record:?}");
        }
    }

    #[test]
    fn what_is_kept_is_read_and_what_makes_no_sense_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let news = news(Some("1"), None);
        news.write(folder.path(), "a").unwrap();
        assert_eq!(News::read(folder.path(), "a"), Some(news));
        std::fs::write(file(folder.path(), "a"), "{}").unwrap();
        assert_eq!(News::read(folder.path(), "a"), None);
        forget(folder.path(), "a").unwrap();
        forget(folder.path(), "a").unwrap();
    }
}
