//! Icons, screenshots and colours.

use super::events::Cursor;
use crate::appstream::Icon;
use crate::appstream::component::Component;
use crate::appstream::cursor::Malformed;
use crate::appstream::locale::Rank;
use crate::appstream::media::{Pictures, add_colour};
use crate::appstream::text::{NAME, URL, WORD};
use strata_model::app::{Branding, Screenshot};

/// A picture as it is named.
#[derive(Debug, Default)]
struct Picture {
    /// Its name or address.
    place: String,
    width: u32,
    height: u32,
    scale: u32,
    rank: Option<Rank>,
}

/// Reads the value of `Icon`: lists by kind. The word for one alone is from older files.
pub(super) fn icons(cursor: &mut Cursor, base: Option<&str>, component: &mut Component) -> Result<(), Malformed> {
    cursor.map(|cursor, kind| match kind {
        "cached" | "remote" => cursor.list_or_text(|cursor| {
            let Picture { place, width, scale, .. } = picture(cursor)?;
            component.add_icon(Icon::new(kind, place, width, scale, base));
            Ok(())
        }),
        _ => cursor.skip(),
    })
}

/// Reads one picture. In languages that the person does not read it has no rank.
fn picture(cursor: &mut Cursor) -> Result<Picture, Malformed> {
    let mut picture = Picture { rank: Some(cursor.languages.untagged()), ..Picture::default() };
    let alone = cursor.text_or(URL, |cursor, key| {
        match key {
            "name" | "url" => picture.place = cursor.text(URL)?,
            "width" => picture.width = cursor.number()?,
            "height" => picture.height = cursor.number()?,
            "scale" => picture.scale = cursor.number()?,
            "lang" => {
                let language = cursor.text(WORD)?;
                picture.rank = cursor.languages.rank(&language);
            }
            _ => cursor.skip()?,
        }
        Ok(())
    })?;
    if let Some(alone) = alone {
        picture.place = alone;
    }
    Ok(picture)
}

/// Reads the value of `Screenshots`; the default one comes first. Videos are left out.
pub(super) fn screenshots(
    cursor: &mut Cursor,
    base: Option<&str>,
    found: &mut Vec<Screenshot>,
) -> Result<(), Malformed> {
    cursor.list(|cursor| {
        let mut pictures = Pictures::default();
        let mut is_default = false;
        let add = |pictures: &mut Pictures, picture: Picture| {
            if let Some(rank) = picture.rank {
                pictures.add_image(rank, &picture.place, picture.width, picture.height, base);
            }
        };
        cursor.map(|cursor, key| {
            match key {
                "default" => is_default = matches!(cursor.text(WORD)?.as_str(), "true" | "yes"),
                "caption" => cursor.languages(|cursor, rank| {
                    let caption = cursor.text(NAME)?;
                    pictures.add_caption(rank, caption);
                    Ok(())
                })?,
                "source-image" => add(&mut pictures, picture(cursor)?),
                "thumbnails" => cursor.list(|cursor| {
                    add(&mut pictures, picture(cursor)?);
                    Ok(())
                })?,
                _ => cursor.skip()?,
            }
            Ok(())
        })?;
        pictures.finish(is_default, found);
        Ok(())
    })
}

/// Reads the value of `Branding`.
pub(super) fn branding(cursor: &mut Cursor, found: &mut Branding) -> Result<(), Malformed> {
    cursor.map(|cursor, key| {
        if key != "colors" {
            return cursor.skip();
        }
        cursor.list(|cursor| {
            let (mut kind, mut scheme, mut value) = (String::new(), String::new(), String::new());
            cursor.map(|cursor, key| {
                match key {
                    "type" => kind = cursor.text(WORD)?,
                    "scheme-preference" => scheme = cursor.text(WORD)?,
                    "value" => value = cursor.text(WORD)?,
                    _ => cursor.skip()?,
                }
                Ok(())
            })?;
            if kind == "primary" {
                add_colour(found, Some(&scheme), &value);
            }
            Ok(())
        })
    })
}
