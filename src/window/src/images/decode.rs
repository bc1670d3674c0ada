//! From bytes of strangers to textures, within bounds.

use super::ImageError;
use image::{DynamicImage, ImageReader, Limits};
use relm4::gtk::gdk;
use relm4::gtk::gdk::MemoryFormat;
use relm4::gtk::glib::{self, prelude::Cast};
use std::fs::File;
use std::io::{BufRead, Cursor, Read, Seek};
use std::path::Path;

/// Largest icon file, in bytes.
pub(super) const MAX_ICON_FILE: usize = 4 << 20;
/// Longest side of an icon, in pixels.
const MAX_ICON_SIDE: u32 = 1024;
/// Longest side of a screenshot, in pixels.
const MAX_SHOT_SIDE: u32 = 8192;
/// Memory that decoding a screenshot may take, in bytes.
const MAX_SHOT_MEMORY: u64 = 192 << 20;
/// Icons are kept no larger than this, in pixels: 128 at twice the scale.
const ICON_SIDE: u32 = 256;

/// Reads an icon's file.
pub(super) fn icon_file(path: &Path) -> Result<gdk::Texture, ImageError> {
    let limit = u64::try_from(MAX_ICON_FILE).unwrap_or(u64::MAX);
    let mut bytes = Vec::new();
    File::open(path)?.take(limit + 1).read_to_end(&mut bytes)?;
    icon(bytes)
}

/// Reads an icon.
pub(super) fn icon(bytes: Vec<u8>) -> Result<gdk::Texture, ImageError> {
    if bytes.len() > MAX_ICON_FILE {
        return Err(ImageError::Io(std::io::Error::other("too large a file for an icon")));
    }
    let picture = decode(Cursor::new(bytes), MAX_ICON_SIDE, u64::from(MAX_ICON_SIDE).pow(2) * 16)?;
    Ok(texture(shrunk(picture, ICON_SIDE)))
}

/// Reads a screenshot, and scales it down to `width` if it is wider.
pub(super) fn screenshot(bytes: &[u8], width: u32) -> Result<gdk::Texture, ImageError> {
    Ok(texture(shrunk(decode(Cursor::new(bytes), MAX_SHOT_SIDE, MAX_SHOT_MEMORY)?, width)))
}

fn decode(bytes: impl BufRead + Seek, side: u32, memory: u64) -> Result<DynamicImage, ImageError> {
    let mut limits = Limits::default();
    limits.max_image_width = Some(side);
    limits.max_image_height = Some(side);
    limits.max_alloc = Some(memory);
    let mut reader = ImageReader::new(bytes).with_guessed_format()?;
    reader.limits(limits);
    Ok(reader.decode()?)
}

fn shrunk(picture: DynamicImage, width: u32) -> DynamicImage {
    if picture.width() <= width { picture } else { picture.thumbnail(width, u32::MAX) }
}

fn texture(picture: DynamicImage) -> gdk::Texture {
    let picture = picture.into_rgba8();
    let (width, height) = picture.dimensions();
    let side = |side: u32| i32::try_from(side).unwrap_or(i32::MAX);
    let bytes = glib::Bytes::from_owned(picture.into_raw());
    let stride = usize::try_from(width).unwrap_or_default() * 4;
    gdk::MemoryTexture::new(side(width), side(height), MemoryFormat::R8g8b8a8, &bytes, stride).upcast()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn png(width: u32, height: u32) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        DynamicImage::new_rgba8(width, height).write_to(&mut bytes, image::ImageFormat::Png).unwrap();
        bytes.into_inner()
    }

    #[test]
    fn pictures_of_strangers_stay_within_bounds() {
        assert!(decode(Cursor::new(png(64, 64)), MAX_ICON_SIDE, 1 << 20).is_ok());
        assert!(decode(Cursor::new(png(1025, 1)), MAX_ICON_SIDE, 1 << 20).is_err());
        assert!(decode(Cursor::new(png(1000, 1000)), MAX_ICON_SIDE, 1 << 20).is_err());
        assert!(decode(Cursor::new(b"<svg/>"), MAX_ICON_SIDE, 1 << 20).is_err());
    }

    #[test]
    fn wide_pictures_are_made_narrower_in_proportion() {
        let narrow = shrunk(decode(Cursor::new(png(400, 200)), 8192, 1 << 24).unwrap(), 100);
        assert_eq!((narrow.width(), narrow.height()), (100, 50));
    }
}
