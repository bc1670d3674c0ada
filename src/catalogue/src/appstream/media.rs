//! Icons, screenshots and colours.

use super::component::Localized;
use super::cursor::{Cursor, Malformed, attribute, number};
use super::text::{NAME, URL, WORD, address};
use quick_xml::events::BytesStart;
use strata_model::app::{Branding, Image, Screenshot};

/// Most screenshots of an app.
const MOST_SCREENSHOTS: usize = 30;
/// Most sizes of a screenshot.
const MOST_IMAGES: usize = 12;
/// Most icons of an app.
const MOST_ICONS: usize = 12;

/// An icon as the entry names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Icon {
    /// A file of the feed's folder of icons, by its name.
    Cached { name: String, width: u32, scale: u32 },
    /// A picture on the web.
    Remote { url: String, width: u32 },
}

/// Reads an `<icon>` that was just opened.
pub(super) fn icon(
    cursor: &mut Cursor,
    tag: &BytesStart,
    base: Option<&str>,
    found: &mut Vec<Icon>,
) -> Result<(), Malformed> {
    let kind = attribute(tag, "type").unwrap_or_default();
    let width = number(tag, "width");
    let text = cursor.text(URL)?;
    let icon = match kind.as_str() {
        "cached" => Some(Icon::Cached { name: text, width, scale: number(tag, "scale").max(1) }),
        "remote" => address(&text, base).map(|url| Icon::Remote { url, width }),
        _ => None,
    };
    if found.len() < MOST_ICONS {
        found.extend(icon);
    }
    Ok(())
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
        let first = attribute(&tag, "type").as_deref() == Some("default");
        let screenshot = screenshot(cursor, base)?;
        if !screenshot.images.is_empty() {
            let place = if first { 0 } else { found.len() };
            found.insert(place, screenshot);
        }
    }
    Ok(())
}

fn screenshot(cursor: &mut Cursor, base: Option<&str>) -> Result<Screenshot, Malformed> {
    let mut captions = Localized::<String>::default();
    let mut images = Localized::<Vec<Image>>::default();
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
            captions.add(rank, caption);
            continue;
        }
        let (width, height) = (number(&tag, "width"), number(&tag, "height"));
        let url = address(&cursor.text(URL)?, base);
        let known = images.entry(rank);
        if let Some(url) = url
            && known.len() < MOST_IMAGES
        {
            known.push(Image { url, width, height });
        }
    }
    let mut images = images.into_best().unwrap_or_default();
    images.sort_by_key(|image| std::cmp::Reverse(u64::from(image.width) * u64::from(image.height)));
    Ok(Screenshot { caption: captions.into_best().unwrap_or_default(), images })
}

/// Reads `<branding>` that was just opened.
pub(super) fn branding(cursor: &mut Cursor, found: &mut Branding) -> Result<(), Malformed> {
    while let Some(tag) = cursor.child()? {
        let wanted = tag.name().as_ref() == "color" && attribute(&tag, "type").as_deref() == Some("primary");
        if !wanted {
            cursor.skip(&tag)?;
            continue;
        }
        let scheme = attribute(&tag, "scheme_preference");
        let Some(colour) = colour(&cursor.text(WORD)?) else { continue };
        match scheme.as_deref() {
            Some("light") => found.light = Some(colour),
            Some("dark") => found.dark = Some(colour),
            _ => {
                found.light.get_or_insert_with(|| colour.clone());
                found.dark.get_or_insert(colour);
            }
        }
    }
    Ok(())
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
