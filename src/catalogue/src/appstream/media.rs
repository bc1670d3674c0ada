//! Icons, screenshots and colours.

use super::component::Localized;
use super::cursor::{Cursor, Malformed, attribute, number};
use super::locale::Rank;
use super::text::{NAME, URL, WORD, address};
use quick_xml::events::BytesStart;
use serde::{Deserialize, Serialize};
use std::cmp::Reverse;
use strata_model::app::{Branding, Image, Screenshot};

/// Most screenshots of an app.
const MOST_SCREENSHOTS: usize = 30;
/// Most sizes of a screenshot.
const MOST_IMAGES: usize = 12;
/// Most icons of an app.
pub(super) const MOST_ICONS: usize = 12;

/// An icon as the entry names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Icon {
    /// A file of the feed's folder of icons, by its name.
    Cached { name: String, width: u32, scale: u32 },
    /// A picture on the web.
    Remote { url: String, width: u32 },
}

impl Icon {
    /// From its kind, its name or address, and its size; `None` for the kinds that are no files of the feed's.
    pub(crate) fn new(kind: &str, text: String, width: u32, scale: u32, base: Option<&str>) -> Option<Self> {
        match kind {
            "cached" => Some(Self::Cached { name: text, width, scale: scale.max(1) }),
            "remote" => address(&text, base).map(|url| Self::Remote { url, width }),
            _ => None,
        }
    }
}

/// Reads an `<icon>` that was just opened.
pub(super) fn icon(cursor: &mut Cursor, tag: &BytesStart, base: Option<&str>) -> Result<Option<Icon>, Malformed> {
    let kind = attribute(tag, "type").unwrap_or_default();
    let text = cursor.text(URL)?;
    Ok(Icon::new(&kind, text, number(tag, "width"), number(tag, "scale"), base))
}

/// A screenshot as it comes, in the languages that the person reads.
#[derive(Debug, Default)]
pub(crate) struct Pictures {
    captions: Localized<String>,
    images: Localized<Vec<Image>>,
}

impl Pictures {
    /// Says in one language what it shows.
    pub(crate) fn add_caption(&mut self, rank: Rank, caption: String) {
        self.captions.add(rank, caption);
    }

    /// Adds one size in one language, if its address is one.
    pub(crate) fn add_image(&mut self, rank: Rank, url: &str, width: u32, height: u32, base: Option<&str>) {
        // Only what there is makes a language's list: an empty one would be the best and hide the others.
        let Some(url) = address(url, base) else { return };
        let images = self.images.entry(rank);
        if images.len() < MOST_IMAGES {
            images.push(Image { url, width, height });
        }
    }

    /// Adds the screenshot to those that are known, the default one first. One without a picture is left out: videos
    /// are not shown.
    pub(crate) fn finish(self, is_default: bool, found: &mut Vec<Screenshot>) {
        let mut images = self.images.into_best().unwrap_or_default();
        if images.is_empty() || found.len() >= MOST_SCREENSHOTS {
            return;
        }
        // By address among equals: formats list them in different orders.
        let order = |image: &Image| (Reverse(u64::from(image.width) * u64::from(image.height)), image.url.clone());
        images.sort_by_cached_key(order);
        let place = if is_default { 0 } else { found.len() };
        found.insert(place, Screenshot { caption: self.captions.into_best().unwrap_or_default(), images });
    }
}

/// Reads `<screenshots>` that were just opened; the default one comes first.
pub(super) fn screenshots(
    cursor: &mut Cursor,
    base: Option<&str>,
    found: &mut Vec<Screenshot>,
) -> Result<(), Malformed> {
    while let Some(tag) = cursor.child()? {
        if tag.name().as_ref() != "screenshot" || found.len() >= MOST_SCREENSHOTS {
            cursor.skip(&tag)?;
            continue;
        }
        let is_default = attribute(&tag, "type").as_deref() == Some("default");
        screenshot(cursor, base)?.finish(is_default, found);
    }
    Ok(())
}

fn screenshot(cursor: &mut Cursor, base: Option<&str>) -> Result<Pictures, Malformed> {
    let mut pictures = Pictures::default();
    while let Some(tag) = cursor.child()? {
        let rank = match tag.name().as_ref() {
            "caption" | "image" => cursor.rank(&tag),
            _ => None,
        };
        let Some(rank) = rank else {
            cursor.skip(&tag)?;
            continue;
        };
        if tag.name().as_ref() == "caption" {
            let caption = cursor.text(NAME)?;
            pictures.add_caption(rank, caption);
        } else {
            let url = cursor.text(URL)?;
            pictures.add_image(rank, &url, number(&tag, "width"), number(&tag, "height"), base);
        }
    }
    Ok(pictures)
}

/// Reads `<branding>` that was just opened.
pub(super) fn branding(cursor: &mut Cursor, found: &mut Branding) -> Result<(), Malformed> {
    while let Some(tag) = cursor.child()? {
        let wanted = tag.name().as_ref() == "color" && attribute(&tag, "type").as_deref() == Some("primary");
        if !wanted {
            cursor.skip(&tag)?;
            continue;
        }
        let colour = cursor.text(WORD)?;
        add_colour(found, attribute(&tag, "scheme_preference").as_deref(), &colour);
    }
    Ok(())
}

/// Adds a primary colour for light pages, dark ones, or both.
pub(crate) fn add_colour(found: &mut Branding, scheme: Option<&str>, text: &str) {
    let Some(colour) = colour(text) else { return };
    match scheme {
        Some("light") => found.light = Some(colour),
        Some("dark") => found.dark = Some(colour),
        _ => {
            found.light.get_or_insert_with(|| colour.clone());
            found.dark.get_or_insert(colour);
        }
    }
}

/// `#rrggbb` in small letters, or nothing: it ends up in a style sheet.
fn colour(text: &str) -> Option<String> {
    let digits = text.strip_prefix('#')?;
    (digits.len() == 6 && digits.chars().all(|c| c.is_ascii_hexdigit())).then(|| text.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_colour_is_six_digits() {
        assert_eq!(colour("#AbCdEf").as_deref(), Some("#abcdef"));
        for bad in ["abcdef", "#abc", "#abcdeg", "#abcdef;}", "red", ""] {
            assert_eq!(colour(bad), None, "{bad:?}");
        }
    }
}
