//! What a person has to be asked, because only they can know whether it is meant.

use crate::{Failure, FailureKind, marked};
use std::fmt;

/// Why a piece of work stopped that goes on with a yes to exactly this. Its written form is the detail of the failure, and
/// what a request says yes with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Question {
    /// The version that is here was signed, and the new one is not.
    NoLongerSigned {
        /// The fingerprint of the key that signed it.
        before: String,
    },
    /// The new version is signed by another key than those before.
    KeyChanged {
        /// The fingerprint of the key that is known.
        before: String,
        /// That of the key in the new version.
        after: String,
    },
}

impl Question {
    /// What a failure asks, if it asks something.
    pub fn of(failure: &Failure) -> Option<Self> {
        let asks = matches!(failure.kind, FailureKind::NoLongerSigned | FailureKind::KeyChanged);
        Self::read(&failure.detail).filter(|_| asks)
    }

    /// Reads the written form.
    pub fn read(text: &str) -> Option<Self> {
        let (before, after) = text.strip_prefix(BEFORE)?.split_once(AFTER)?;
        let is_key =
            |key: &str| !key.is_empty() && key.len() <= 128 && key.bytes().all(|byte| byte.is_ascii_hexdigit());
        let before = Some(before).filter(|key| is_key(key))?.to_owned();
        match after {
            NOBODY => Some(Self::NoLongerSigned { before }),
            after => is_key(after).then(|| Self::KeyChanged { before, after: after.to_owned() }),
        }
    }

    /// The kind of failure that asks it.
    pub const fn kind(&self) -> FailureKind {
        match self {
            Self::NoLongerSigned { .. } => FailureKind::NoLongerSigned,
            Self::KeyChanged { .. } => FailureKind::KeyChanged,
        }
    }

    /// What is known, and what it can mean; in English, to be translated by the face. `{before}` and `{after}` stand for
    /// the keys.
    pub const fn meaning(&self) -> &'static str {
        match self {
            Self::NoLongerSigned { .. } => marked(
                "The version that you have is signed with the key {before}, the new one with none. Its makers may have stopped signing; or somebody else has put it in their place.",
            ),
            Self::KeyChanged { .. } => marked(
                "Up to now it was signed with the key {before}, the new version is with {after}. Its makers may have a new key; or somebody else has put it in their place.",
            ),
        }
    }

    /// What stands for the names in [`Question::meaning`].
    pub fn values(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::NoLongerSigned { before } => vec![("before", spelt(before))],
            Self::KeyChanged { before, after } => vec![("before", spelt(before)), ("after", spelt(after))],
        }
    }
}

/// A fingerprint as people compare it: in groups of four, where a line may end, too.
fn spelt(key: &str) -> String {
    let letters: Vec<_> = key.chars().collect();
    letters.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
}

const BEFORE: &str = "signed by ";
const AFTER: &str = " before, now by ";
const NOBODY: &str = "nobody";

impl fmt::Display for Question {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoLongerSigned { before } => write!(out, "{BEFORE}{before}{AFTER}{NOBODY}"),
            Self::KeyChanged { before, after } => write!(out, "{BEFORE}{before}{AFTER}{after}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again_and_nothing_else() {
        let (before, after) = ("8D69".to_owned(), "AB12".to_owned());
        for question in [Question::NoLongerSigned { before: before.clone() }, Question::KeyChanged { before, after }] {
            let failure = Failure::new(question.kind(), "App", question.to_string());
            assert_eq!(Question::of(&failure).as_ref(), Some(&question));
            assert_eq!(Question::of(&Failure { kind: FailureKind::SignatureWrong, ..failure }), None);
        }
        for text in ["", "signed by ", "signed by x before, now by AB", "signed by AB before, now by ", "yes"] {
            assert_eq!(Question::read(text), None, "{text}");
        }
    }

    #[test]
    fn what_it_means_names_what_is_known() {
        let question = Question::KeyChanged { before: "8D69575148".to_owned(), after: "B2".to_owned() };
        let values = question.values();
        let values: Vec<_> = values.iter().map(|(name, value)| (*name, &**value)).collect();
        let words = crate::fill(question.meaning(), &values);
        assert!(words.contains("key 8D69 5751 48,") && words.contains("with B2.") && !words.contains('{'), "{words}");
    }
}
