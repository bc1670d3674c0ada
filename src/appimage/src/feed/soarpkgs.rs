//! The index of soarpkgs: packages with digests, signed as a whole. Nothing of it is read, unpacked even, before its
//! signature was checked.

use super::html::blocks;
use super::value::{self, TEXTS, digest, is_https, is_true, number, text, texts};
use super::{BadFeed, Download, Feed, FeedLoss, Project, Record};
use crate::format::Architecture;
use crate::json::{Form, Shape};
use crate::limits;
use minisign_verify::{PublicKey, Signature};
use serde_json::{Map, Value};
use std::io::Read;

/// The key of soarpkgs.
pub const SOARPKGS_KEY: &str = "RWQ109gKujRqohsA7RERlXFfeJi23EcHN3Dz8TxyPAywa5mLw/fbcbU4";

/// What is read of a package.
const PACKAGE: Shape = Shape::object(&[
    ("disabled", Shape::PLAIN),
    ("_disabled", Shape::PLAIN),
    ("pkg_type", Shape::PLAIN),
    ("pkg_name", Shape::PLAIN),
    ("app_id", Shape::PLAIN),
    ("description", Shape::PLAIN),
    ("version", Shape::PLAIN),
    ("icon", Shape::PLAIN),
    ("download_url", Shape::PLAIN),
    ("size", Shape::PLAIN),
    ("size_raw", Shape::PLAIN),
    ("sha256", Shape::PLAIN),
    ("shasum", Shape::PLAIN),
    ("blake3", Shape::PLAIN),
    ("bsum", Shape::PLAIN),
    ("src_urls", TEXTS),
    ("src_url", TEXTS),
    ("homepages", TEXTS),
    ("homepage", TEXTS),
    ("categories", TEXTS),
    ("category", TEXTS),
    ("licenses", TEXTS),
    ("license", TEXTS),
]);

/// Why an index is of no use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadIndex {
    /// The key did not make the signature over it.
    #[error("its signature is not by its key")]
    BadSignature,
    /// It is packed wrongly.
    #[error("it cannot be unpacked")]
    Packed,
    /// It is no index.
    #[error(transparent)]
    Feed(#[from] BadFeed),
}

/// Reads the index for a machine: JSON packed by Zstandard, with a signature of minisign's over what is packed.
///
/// # Errors
/// See [`BadIndex`]. What is wrong with an entry costs that entry.
pub fn soarpkgs(packed: &[u8], signature: &str, key: &str, machine: Architecture) -> Result<Feed, BadIndex> {
    if packed.len() > limits::FEED || signature.len() > limits::MINISIGN {
        return Err(BadFeed::TooLarge.into());
    }
    let key = PublicKey::from_base64(key).map_err(|_| BadIndex::BadSignature)?;
    let signature = Signature::decode(signature).map_err(|_| BadIndex::BadSignature)?;
    key.verify(packed, &signature, false).map_err(|_| BadIndex::BadSignature)?;
    let mut unpacked = Vec::new();
    let reader = zstd::stream::read::Decoder::new(packed).map_err(|_| BadIndex::Packed)?;
    reader.take(limits::FEED as u64 + 1).read_to_end(&mut unpacked).map_err(|_| BadIndex::Packed)?;
    Ok(value::feed(&unpacked, Form::List, PACKAGE, |package, _| record(package, machine))?)
}

fn record(package: &Map<String, Value>, machine: Architecture) -> Result<Record, FeedLoss> {
    if is_true(package, "disabled") || is_true(package, "_disabled") {
        return Err(FeedLoss::Disabled);
    }
    if !text(package, "pkg_type", limits::FEED_NAME).eq_ignore_ascii_case("appimage") {
        return Err(FeedLoss::OtherKind);
    }
    let name = text(package, "pkg_name", limits::FEED_NAME);
    if name.is_empty() {
        return Err(FeedLoss::NoName);
    }
    let url = text(package, "download_url", limits::FEED_URL);
    if !is_https(&url) {
        return Err(FeedLoss::NoDownload);
    }
    let sum = |keys: &[&str]| keys.iter().find_map(|key| digest(package.get(*key)?.as_str()?));
    let download = Download {
        architecture: machine,
        version: text(package, "version", limits::FEED_NAME),
        size: number(package, "size").or(number(package, "size_raw")).unwrap_or_default(),
        sha256: sum(&["sha256", "shasum"]),
        blake3: sum(&["blake3", "bsum"]),
        url,
    };
    let sources = [texts(package, "src_urls"), texts(package, "src_url")].concat();
    let homepages = [texts(package, "homepages"), texts(package, "homepage")].concat();
    let project = sources.iter().chain(&homepages).chain([&download.url]).find_map(|url| Project::of_url(url));
    let icon = text(package, "icon", limits::FEED_URL);
    Ok(Record {
        id: text(package, "app_id", limits::FEED_NAME),
        summary: text(package, "description", limits::FEED_SUMMARY),
        description: blocks(package.get("description").and_then(Value::as_str).unwrap_or_default()),
        categories: [texts(package, "categories"), texts(package, "category")].concat(),
        licence: [texts(package, "licenses"), texts(package, "license")].concat().join(" AND "),
        homepage: homepages.into_iter().find(|url| is_https(url)).unwrap_or_default(),
        icons: Some(icon).filter(|url| is_https(url)).into_iter().collect(),
        downloads: vec![download],
        project,
        name,
        ..Record::default()
    })
}
