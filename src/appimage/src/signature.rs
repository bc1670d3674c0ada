//! Who signed a file. The key lies in the file itself, so a signature says only that the same person made this version
//! and another: what matters is that the fingerprint stays the same.

use crate::bytes::hex;
use crate::limits;
use crate::sections::{Runtime, contents};
use pgp::composed::{Deserializable, DetachedSignature, SignedPublicKey};
use pgp::crypto::hash::HashAlgorithm;
use pgp::packet::SignatureType;
use pgp::types::KeyDetails;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::io::{Read, Result, Seek, SeekFrom};
use std::ops::Range;

/// What a file's signature says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "state")]
pub enum Signature {
    /// Nobody signed it.
    NotSigned,
    /// The key in it made the signature over it.
    Signed {
        /// The key's fingerprint, in capital hexadecimal digits.
        fingerprint: String,
    },
    /// It has a signature, and no key to check it with.
    WithoutKey,
    /// The signature is not over what is in the file, or damaged.
    Bad,
}

/// What a file weighs.
#[derive(Debug)]
pub(crate) struct Digests {
    /// SHA-256 of all of it.
    pub(crate) whole: String,
    /// The same with signature and key zeroed, which is what is signed.
    pub(crate) signed: String,
}

/// Bytes that are read at a time.
const CHUNK: usize = 64 << 10;

/// Reads all of a file, once.
pub(crate) fn digests(reader: &mut (impl Read + Seek), runtime: Option<&Runtime>) -> Result<Digests> {
    let holes: Vec<_> = runtime.iter().flat_map(|runtime| [&runtime.signature, &runtime.key]).flatten().collect();
    let (mut whole, mut signed) = (Sha256::new(), Sha256::new());
    let mut place = reader.seek(SeekFrom::Start(0))?;
    let mut chunk = vec![0; CHUNK];
    loop {
        let read = reader.read(&mut chunk)?;
        if read == 0 {
            break;
        }
        let part = &mut chunk[..read];
        whole.update(&*part);
        for hole in &holes {
            zero(part, place, hole);
        }
        signed.update(&*part);
        place += read as u64;
    }
    Ok(Digests { whole: hex(&whole.finalize()), signed: hex(&signed.finalize()) })
}

/// Zeroes what of `hole` lies in a part of the file that begins at `place`.
fn zero(part: &mut [u8], place: u64, hole: &Range<u64>) {
    let within = |at: u64| usize::try_from(at.saturating_sub(place)).map_or(part.len(), |at| at.min(part.len()));
    let range = within(hole.start)..within(hole.end);
    part[range].fill(0);
}

/// Reads the signature of a file and checks it.
pub(crate) fn signature(reader: &mut (impl Read + Seek), runtime: &Runtime, digest: &str) -> Signature {
    let text = |reader: &mut _, range: &Option<Range<u64>>| {
        let bytes = contents(reader, range.as_ref()?, limits::SECTION)?;
        crate::sections::text(&bytes)
    };
    let Some(signature) = text(reader, &runtime.signature) else { return Signature::NotSigned };
    let Some(key) = text(reader, &runtime.key) else { return Signature::WithoutKey };
    match verified(&signature, &key, digest.as_bytes()) {
        Some(fingerprint) => Signature::Signed { fingerprint },
        None => Signature::Bad,
    }
}

/// The fingerprint of the key, if it made the signature over `content`.
fn verified(signature: &str, key: &str, content: &[u8]) -> Option<String> {
    let (signature, _) = DetachedSignature::from_string(signature).ok()?;
    let (key, _) = SignedPublicKey::from_string(key).ok()?;
    let kind = signature.signature.typ()?;
    let hash = signature.signature.hash_alg()?;
    // What is signed is a SHA-256 digest, 64 characters of the file's own making: that leaves no room for the collisions
    // that SHA-1 is weak against, and genuine signatures of older AppImages have it.
    if hash == HashAlgorithm::Md5 || !matches!(kind, SignatureType::Binary | SignatureType::Text) {
        return None;
    }
    // A part of a key counts only where the key itself says that it belongs to it.
    let own = signature.verify(&key, content).is_ok();
    let part = || {
        let mut parts = key.public_subkeys.iter().filter(|part| part.verify_bindings(&key.primary_key).is_ok());
        parts.any(|part| signature.verify(part, content).is_ok())
    };
    (own || part()).then(|| format!("{:X}", key.fingerprint()))
}
