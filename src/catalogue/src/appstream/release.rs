//! Versions that were released.

use super::component::Localized;
use super::cursor::{Cursor, Malformed, attribute};
use super::date;
use super::markup::description;
use super::text::{URL, WORD, address, folded};
use quick_xml::events::BytesStart;
use serde::{Deserialize, Serialize};
use strata_model::app::Release;
use strata_model::text::Block;

/// Most releases that are read; the oldest of them tells how old the app is.
pub(crate) const MOST_READ: usize = 1_000;
/// Most releases that are kept with their notes.
const MOST_KEPT: usize = 20;

/// What an app's releases tell.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Releases {
    /// Newest first.
    pub(crate) newest: Vec<Release>,
    /// When the first one that is listed came, 0 if unknown.
    pub(crate) first: i64,
}

/// Reads `<releases>` that were just opened.
pub(super) fn releases(cursor: &mut Cursor) -> Result<Releases, Malformed> {
    let mut newest = Vec::new();
    while let Some(tag) = cursor.child()? {
        if tag.name().as_ref() == "release" && newest.len() < MOST_READ {
            newest.push(release(cursor, &tag)?);
        } else {
            cursor.skip(&tag)?;
        }
    }
    Ok(Releases::new(newest))
}

impl Releases {
    /// From all that are listed, in any order. Dates stay as they were written, also those that are still to come: see
    /// `Component::limit_dates`.
    pub(crate) fn new(mut listed: Vec<Release>) -> Self {
        // Stable: files without dates are in the right order already.
        listed.sort_by_key(|release| std::cmp::Reverse(release.date));
        for release in &mut listed {
            release.date = release.date.max(0);
        }
        let first = listed.iter().map(|release| release.date).filter(|&date| date > 0).min().unwrap_or(0);
        listed.truncate(MOST_KEPT);
        Self { newest: listed, first }
    }
}

fn release(cursor: &mut Cursor, tag: &BytesStart) -> Result<Release, Malformed> {
    let version = folded(&attribute(tag, "version").unwrap_or_default(), WORD);
    let stamp = attribute(tag, "timestamp").and_then(|stamp| stamp.trim().parse().ok());
    let date = stamp.or_else(|| attribute(tag, "date").and_then(|date| date::seconds(&date))).unwrap_or(0);
    let mut url = String::new();
    let mut notes = Localized::<Vec<Block>>::default();
    while let Some(tag) = cursor.child()? {
        match tag.name().as_ref() {
            "description" => description(cursor, &tag, &mut notes)?,
            "url" if attribute(&tag, "type").is_none_or(|kind| kind == "details") => {
                url = address(&cursor.text(URL)?, None).unwrap_or_default();
            }
            _ => cursor.skip(&tag)?,
        }
    }
    Ok(Release {
        version,
        date,
        development: attribute(tag, "type").as_deref() == Some("development"),
        url,
        notes: notes.into_best().unwrap_or_default(),
    })
}
