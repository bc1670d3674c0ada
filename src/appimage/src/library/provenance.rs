//! How far a file can be known to be its author's. A signature carries its own key, so it proves nothing by itself; what
//! counts is that the same key signs one version after the other, and the digest that a release names.

use super::record::Record;
use crate::signature::Signature;
use serde::{Deserialize, Serialize};
use std::fmt;

/// What is known of where a file comes from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Provenance {
    /// It has the digest that the release, or a signed catalogue, names.
    ReleaseDigest,
    /// It is signed by the key that signed the version before.
    SameKey,
    /// It is signed by a key that was not seen before.
    FirstSeen,
    /// Nobody signed it, or in a way that cannot be checked.
    #[default]
    NotSigned,
    /// Its signature is over something else.
    Bad,
}

/// What the person has to be asked before a file is taken. A yes is for exactly this.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "question")]
pub enum Question {
    /// The version that is here was signed, and this one is not.
    NoLongerSigned {
        /// The key that signed it.
        fingerprint: String,
    },
    /// It is signed by another key than before.
    KeyChanged {
        /// The key that is known.
        before: String,
        /// The key in the file.
        after: String,
    },
    /// Its signature is over something else: it was changed after it was signed, or damaged.
    BadSignature,
}

impl fmt::Display for Question {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoLongerSigned { fingerprint } => write!(out, "no longer signed by {fingerprint}"),
            Self::KeyChanged { before, after } => write!(out, "signed by {after} and no longer by {before}"),
            Self::BadSignature => write!(out, "the signature is over something else"),
        }
    }
}

/// What a file's signature and digest say, seen from what is installed; and what has to be asked.
pub(super) fn judge(
    before: Option<&Record>,
    signature: &Signature,
    digest_checked: bool,
) -> (Provenance, Option<Question>) {
    let known = before.and_then(|before| before.fingerprint.as_deref());
    let signed = before.and_then(|before| before.version.fingerprint.as_deref());
    let by_key = match (signature, known) {
        (Signature::Bad, _) => return (Provenance::Bad, Some(Question::BadSignature)),
        (Signature::Signed { fingerprint }, Some(known)) if fingerprint == known => (Provenance::SameKey, None),
        (Signature::Signed { fingerprint }, Some(known)) => {
            let question = Question::KeyChanged { before: known.to_owned(), after: fingerprint.clone() };
            (Provenance::FirstSeen, Some(question))
        }
        (Signature::Signed { .. }, None) => (Provenance::FirstSeen, None),
        (Signature::NotSigned | Signature::WithoutKey, _) => {
            let question = signed.map(|key| Question::NoLongerSigned { fingerprint: key.to_owned() });
            (Provenance::NotSigned, question)
        }
    };
    if digest_checked { (Provenance::ReleaseDigest, by_key.1) } else { by_key }
}
