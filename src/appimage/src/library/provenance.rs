//! How far a file can be known to be its author's. A signature carries its own key, so it proves nothing by itself; what
//! counts is that the same key signs one version after the other, and the digest that a release names.

use super::record::Record;
use crate::signature::Signature;
use serde::{Deserialize, Serialize};
use std::fmt;
use strata_model::Question as Ask;

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

/// What stands against taking a file until somebody says yes to exactly this.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Question {
    /// Something that the person can know: whether its makers have another key, or none any more.
    Person(Ask),
    /// Its signature is over something else: it was changed after it was signed, or damaged.
    BadSignature,
}

impl fmt::Display for Question {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Person(question) => question.fmt(out),
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
            let question = Ask::KeyChanged { before: known.to_owned(), after: fingerprint.clone() };
            (Provenance::FirstSeen, Some(Question::Person(question)))
        }
        (Signature::Signed { .. }, None) => (Provenance::FirstSeen, None),
        (Signature::NotSigned | Signature::WithoutKey, _) => {
            let question = signed.map(|key| Ask::NoLongerSigned { before: key.to_owned() });
            (Provenance::NotSigned, question.map(Question::Person))
        }
    };
    if digest_checked { (Provenance::ReleaseDigest, by_key.1) } else { by_key }
}
