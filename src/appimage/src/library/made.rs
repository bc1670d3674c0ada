//! The files that are made for an app beside its AppImage. There are three kinds, and no way to name any other file.

use crate::limits;
use crate::picture::PictureKind;
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

/// A file that was made for an app, by its path below `$XDG_DATA_HOME`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Made(String);

/// What a path names that is no file of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is no file that is made for an app")]
pub struct NotMade;

/// The folders of the icon theme that every desktop has, by their size in points.
const SIZES: [u32; 12] = [16, 22, 24, 32, 36, 48, 64, 72, 96, 128, 256, 512];
/// Largest picture that is put into the icon theme, in points.
const LARGEST: u32 = 4096;
/// The folder for pictures that have no size.
const SCALABLE: &str = "scalable";

impl Made {
    /// The desktop file.
    pub(super) fn desktop(id: &str) -> Self {
        Self(format!("applications/{id}.desktop"))
    }

    /// A description of file types, the first of which is number 0.
    pub(super) fn mime_package(id: &str, number: usize) -> Self {
        Self(format!("mime/packages/appimage-{id}-{number}.xml"))
    }

    /// The picture, where it has a size that can be shown. A picture goes into the folder of the size below its own:
    /// desktops make them smaller at no loss.
    pub(super) fn icon(id: &str, kind: PictureKind, bytes: &[u8]) -> Option<Self> {
        let folder = match kind {
            PictureKind::Svg => SCALABLE.to_owned(),
            PictureKind::Png => {
                let points = png_side(bytes)?;
                let below = SIZES.iter().rev().find(|size| **size <= points)?;
                format!("{below}x{below}")
            }
        };
        Some(Self(format!("icons/hicolor/{folder}/apps/{}.{}", icon_name(id), kind.extension())))
    }

    /// Reads what was written; `None` for what could be no file of ours.
    pub fn parse(text: &str) -> Option<Self> {
        let parts: Vec<_> = text.split('/').collect();
        let (name, end) = match parts.as_slice() {
            ["applications", name] => (name, ".desktop"),
            ["mime", "packages", name] => (name, ".xml"),
            ["icons", "hicolor", SCALABLE, "apps", name] => (name, ".svg"),
            ["icons", "hicolor", folder, "apps", name] if is_sized(folder) => (name, ".png"),
            _ => return None,
        };
        let plain = name.len() > end.len() && name.len() < limits::NAME && name.ends_with(end);
        (plain && !name.starts_with('.') && !name.contains(char::is_control)).then(|| Self(text.to_owned()))
    }

    /// Where it is.
    pub fn path(&self, shared_data: &Path) -> PathBuf {
        shared_data.join(&self.0)
    }

    /// The kind of file.
    pub fn kind(&self) -> MadeKind {
        match self.0.split('/').next() {
            Some("applications") => MadeKind::DesktopFile,
            Some("mime") => MadeKind::MimePackage,
            _ => MadeKind::Icon,
        }
    }
}

/// The kinds of files that are made for an app.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MadeKind {
    /// What shows it in menus.
    DesktopFile,
    /// Its picture.
    Icon,
    /// The file types that it brings along.
    MimePackage,
}

/// The name of an app's picture in the icon theme; never that of another app, or of the theme itself.
pub(super) fn icon_name(id: &str) -> String {
    format!("appimage-{id}")
}

/// The shorter side of a PNG, in points.
fn png_side(bytes: &[u8]) -> Option<u32> {
    let number = |at: usize| Some(u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?));
    let (width, height) = (number(16)?, number(20)?);
    (width.max(height) <= LARGEST).then_some(width.min(height))
}

fn is_sized(folder: &str) -> bool {
    SIZES.iter().any(|size| folder == format!("{size}x{size}"))
}

impl TryFrom<String> for Made {
    type Error = NotMade;

    fn try_from(text: String) -> Result<Self, NotMade> {
        Self::parse(&text).ok_or(NotMade)
    }
}

impl From<Made> for String {
    fn from(made: Made) -> Self {
        made.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_other_file_can_be_named() {
        for good in [
            "applications/org.example.App.desktop",
            "mime/packages/appimage-a-0.xml",
            "icons/hicolor/256x256/apps/appimage-a.png",
            "icons/hicolor/scalable/apps/appimage-a.svg",
        ] {
            assert_eq!(Made::parse(good).map(String::from).as_deref(), Some(good));
        }
        for bad in [
            "",
            "/etc/passwd",
            "applications/../../../etc/passwd",
            "applications/../x.desktop",
            "applications/.desktop",
            "applications/.hidden.desktop",
            "applications/a/b.desktop",
            "applications/a.desktop/",
            "applications/mimeinfo.cache",
            "icons/hicolor/../apps/x.png",
            "icons/hicolor/7x7/apps/x.png",
            "icons/hicolor/scalable/apps/x.png",
            "mime/mime.cache",
            "mime/packages/a\nb.xml",
        ] {
            assert_eq!(Made::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn pictures_go_where_their_size_is_shown() {
        let png = |width: u32, height: u32| {
            [&b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"[..], &width.to_be_bytes(), &height.to_be_bytes()].concat()
        };
        let folder = |bytes: &[u8]| Made::icon("a", PictureKind::Png, bytes).map(String::from);
        let at = |size: &str| Some(format!("icons/hicolor/{size}/apps/appimage-a.png"));
        assert_eq!(folder(&png(256, 256)), at("256x256"));
        assert_eq!(folder(&png(300, 290)), at("256x256"));
        assert_eq!(folder(&png(2000, 1024)), at("512x512"));
        for bad in [png(1, 1), png(100_000, 100_000), png(0, 0), b"\x89PNG".to_vec()] {
            assert_eq!(folder(&bad), None);
        }
    }
}
