//! Pictures of apps, told by what they are and not by their names.

use serde::{Deserialize, Serialize};

/// A picture out of a bundle. Nothing has decoded it yet.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Picture {
    /// Its form.
    pub kind: PictureKind,
    /// Its path within the bundle, without links.
    pub path: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

impl std::fmt::Debug for Picture {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{:?} {} ({} bytes)", self.kind, self.path, self.bytes.len())
    }
}

/// The forms of pictures that a desktop shows as icons.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PictureKind {
    /// PNG.
    Png,
    /// SVG.
    Svg,
}

/// How far into a file an SVG's root element is looked for: behind a declaration, comments and a type, in bytes.
const HEAD: usize = 4096;

impl PictureKind {
    /// Tells the form from the first bytes.
    pub(crate) fn of(bytes: &[u8]) -> Option<Self> {
        // The signature, then a first chunk that must be the header.
        if bytes.starts_with(b"\x89PNG\r\n\x1a\n") && bytes.get(12..16) == Some(b"IHDR") {
            return Some(Self::Png);
        }
        let head = std::str::from_utf8(&bytes[..bytes.len().min(HEAD)]);
        let head = match head {
            Ok(text) => text,
            // The end may cut a character.
            Err(error) if bytes.len() > HEAD => std::str::from_utf8(&bytes[..error.valid_up_to()]).ok()?,
            Err(_) => return None,
        };
        let head = head.trim_start_matches('\u{feff}').trim_start();
        let begins = head.starts_with("<?xml") || head.starts_with("<svg") || head.starts_with("<!");
        (begins && head.contains("<svg")).then_some(Self::Svg)
    }

    /// The end of a file's name for it.
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Png => "png",
            Self::Svg => "svg",
        }
    }
}
