//! What a bundle says of its app: the desktop file, the picture, AppStream and file types.

use crate::desktop::DesktopFile;
use crate::limits;
use crate::loss::{Loss, LossReason, Part};
use crate::picture::{Picture, PictureKind};
use crate::squashfs::{Found, SquashFs};
use serde::{Deserialize, Serialize};
use std::io::{Read, Seek};

/// What a bundle says of its app.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contents {
    /// The desktop file at its root.
    pub desktop: Option<TextFile>,
    /// Its picture.
    pub icon: Option<Picture>,
    /// Its AppStream description.
    pub appstream: Option<TextFile>,
    /// The file types that it brings along.
    pub mime_packages: Vec<TextFile>,
}

impl Contents {
    /// The app's name in no language, as its desktop file says it.
    pub(crate) fn name(&self) -> Option<String> {
        let desktop = DesktopFile::parse(&self.desktop.as_ref()?.text).ok()?;
        let name: String = desktop.get("Name")?.trim().chars().take(limits::FEED_NAME / 4).collect();
        (!name.is_empty()).then_some(name)
    }

    /// The version that whoever made the bundle wrote into its desktop file.
    /// <https://docs.appimage.org/reference/desktop-integration.html>
    pub(crate) fn version(&self) -> Option<String> {
        let desktop = DesktopFile::parse(&self.desktop.as_ref()?.text).ok()?;
        let plain = |c: &char| !c.is_control();
        let version: String = desktop.get("X-AppImage-Version")?.trim().chars().filter(plain).take(VERSION).collect();
        (!version.is_empty()).then_some(version)
    }

    /// Whether it runs in a terminal, as its desktop file says it.
    pub(crate) fn wants_terminal(&self) -> bool {
        let desktop = self.desktop.as_ref().and_then(|file| DesktopFile::parse(&file.text).ok());
        desktop.is_some_and(|file| file.wants_terminal())
    }
}

/// Most signs of a version.
const VERSION: usize = 64;

/// A text out of a bundle.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TextFile {
    /// Its own name, without folders; never empty, without `/`.
    pub name: String,
    /// What stands in it.
    pub text: String,
}

/// Folders that icon themes keep the pictures of apps in, the sizes that serve best first.
const ICON_FOLDERS: [&str; 7] = ["256x256", "512x512", "scalable", "128x128", "1024x1024", "64x64", "48x48"];

/// Reads what a bundle says, and notes what could not be read.
pub(crate) fn contents<R: Read + Seek>(image: &mut SquashFs<R>, losses: &mut Vec<Loss>) -> Contents {
    let mut reading = Reading { image, losses };
    let desktop = reading.desktop();
    let icon = reading.icon(desktop.as_ref());
    let appstream = reading.appstream(desktop.as_ref());
    let mime_packages = reading.mime_packages();
    Contents { desktop, icon, appstream, mime_packages }
}

struct Reading<'i, 'r, R> {
    image: &'i mut SquashFs<'r, R>,
    losses: &'i mut Vec<Loss>,
}

impl<R: Read + Seek> Reading<'_, '_, R> {
    fn lose(&mut self, part: Part, path: &str, reason: LossReason) {
        self.losses.push(Loss { part, path: path.to_owned(), reason });
    }

    /// The names in a folder with one of these ends, without what cannot be a file's own name. Where there are too many,
    /// the first ones and a note.
    fn names(&mut self, part: Part, folder: &str, ends: &[&str]) -> Result<Vec<String>, LossReason> {
        let listing = match self.image.find(folder)? {
            Found::Folder(listing) => listing,
            Found::File(..) => return Err(LossReason::NoFile),
        };
        let wanted = |name: &str| ends.iter().any(|end| name.len() > end.len() && name.ends_with(end));
        let (found, more) = self.image.names(listing, limits::MIME_PACKAGES, wanted)?;
        if more {
            self.lose(part, folder, LossReason::TooMany);
        }
        Ok(found.into_iter().map(|entry| entry.name).collect())
    }

    fn text(&mut self, path: &str, most: u64) -> Result<TextFile, LossReason> {
        let Found::File(file, _) = self.image.find(path)? else { return Err(LossReason::NoFile) };
        let bytes = self.image.read(&file, most)?;
        let text = String::from_utf8(bytes).map_err(|_| LossReason::WrongKind)?;
        if text.contains('\0') {
            return Err(LossReason::WrongKind);
        }
        Ok(TextFile { name: own_name(path).to_owned(), text })
    }

    /// A text that counts line by line, and whether it is whole: a line that is no text, such as a name in Latin-1, is
    /// left out.
    fn lines(&mut self, path: &str, most: u64) -> Result<(TextFile, bool), LossReason> {
        let Found::File(file, _) = self.image.find(path)? else { return Err(LossReason::NoFile) };
        let bytes = self.image.read(&file, most)?;
        if bytes.contains(&0) {
            return Err(LossReason::WrongKind);
        }
        let (text, whole) = match String::from_utf8(bytes) {
            Ok(text) => (text, true),
            Err(error) => (lines_of_text(error.as_bytes()), false),
        };
        Ok((TextFile { name: own_name(path).to_owned(), text }, whole))
    }

    /// The desktop file at the root: the first by name, with a note where there are several.
    fn desktop(&mut self) -> Option<TextFile> {
        let names = match self.names(Part::DesktopFile, "", &[".desktop"]) {
            Ok(names) if names.is_empty() => Err(LossReason::Missing),
            other => other,
        };
        let names = match names {
            Ok(names) => names,
            Err(reason) => {
                self.lose(Part::DesktopFile, "", reason);
                return None;
            }
        };
        if names.len() > 1 {
            self.lose(Part::DesktopFile, &names[1], LossReason::Several);
        }
        let read = self.lines(&names[0], limits::DESKTOP_FILE);
        match read {
            Ok((file, whole)) if file.text.contains("[Desktop Entry]") => {
                if !whole {
                    self.lose(Part::DesktopFile, &names[0], LossReason::Damaged);
                }
                Some(file)
            }
            Ok(_) => {
                self.lose(Part::DesktopFile, &names[0], LossReason::WrongKind);
                None
            }
            Err(reason) => {
                self.lose(Part::DesktopFile, &names[0], reason);
                None
            }
        }
    }

    /// The picture: `.DirIcon`, else what the desktop file names, at the root, in the icon theme or in the
    /// folder of old.
    fn icon(&mut self, desktop: Option<&TextFile>) -> Option<Picture> {
        let mut paths = vec![".DirIcon".to_owned()];
        if let Some(name) = desktop.and_then(|file| icon_name(&file.text)) {
            let ends = ["png", "svg"];
            paths.extend(ends.map(|end| format!("{name}.{end}")));
            let themed = ICON_FOLDERS.iter().map(|folder| {
                let end = if *folder == "scalable" { "svg" } else { "png" };
                format!("usr/share/icons/hicolor/{folder}/apps/{name}.{end}")
            });
            paths.extend(themed);
            paths.extend(ends.map(|end| format!("usr/share/pixmaps/{name}.{end}")));
        }
        let mut missing = true;
        for path in paths {
            match self.picture(&path) {
                Ok(picture) => return Some(picture),
                Err(LossReason::Missing) => {}
                Err(reason) => {
                    missing = false;
                    self.lose(Part::Icon, &path, reason);
                }
            }
        }
        if missing {
            self.lose(Part::Icon, "", LossReason::Missing);
        }
        None
    }

    fn picture(&mut self, path: &str) -> Result<Picture, LossReason> {
        let Found::File(file, path) = self.image.find(path)? else { return Err(LossReason::NoFile) };
        let bytes = self.image.read(&file, limits::ICON)?;
        let kind = PictureKind::of(&bytes).ok_or(LossReason::NoPicture)?;
        Ok(Picture { kind, path, bytes })
    }

    /// The description that bears the desktop file's name, else the first. Those of add-ons begin with the app's name, so
    /// the whole name counts.
    fn appstream(&mut self, desktop: Option<&TextFile>) -> Option<TextFile> {
        const FOLDERS: [&str; 2] = ["usr/share/metainfo", "usr/share/appdata"];
        const ENDS: [&str; 2] = [".metainfo.xml", ".appdata.xml"];
        if let Some(file) = desktop {
            let id = file.name.strip_suffix(".desktop").unwrap_or(&file.name);
            for path in FOLDERS.iter().flat_map(|folder| ENDS.map(|end| format!("{folder}/{id}{end}"))) {
                match self.text(&path, limits::APPSTREAM) {
                    Ok(found) => return Some(found),
                    Err(LossReason::Missing) => {}
                    Err(reason) => self.lose(Part::AppStream, &path, reason),
                }
            }
        }
        let mut first = None;
        for folder in FOLDERS {
            match self.names(Part::AppStream, folder, &ENDS) {
                Ok(names) => first = first.or_else(|| names.first().map(|name| format!("{folder}/{name}"))),
                Err(LossReason::Missing) => {}
                Err(reason) => self.lose(Part::AppStream, folder, reason),
            }
        }
        let path = first?;
        let read = self.text(&path, limits::APPSTREAM);
        read.map_err(|reason| self.lose(Part::AppStream, &path, reason)).ok()
    }

    fn mime_packages(&mut self) -> Vec<TextFile> {
        const FOLDER: &str = "usr/share/mime/packages";
        let names = match self.names(Part::MimePackage, FOLDER, &[".xml"]) {
            Ok(names) => names,
            Err(reason) => {
                if reason != LossReason::Missing {
                    self.lose(Part::MimePackage, FOLDER, reason);
                }
                return Vec::new();
            }
        };
        let mut packages = Vec::new();
        for name in names {
            let path = format!("{FOLDER}/{name}");
            match self.text(&path, limits::MIME_PACKAGE) {
                Ok(file) if file.text.contains("<mime-info") => packages.push(file),
                Ok(_) => self.lose(Part::MimePackage, &path, LossReason::WrongKind),
                Err(reason) => self.lose(Part::MimePackage, &path, reason),
            }
        }
        packages
    }
}

/// The lines that are text.
fn lines_of_text(bytes: &[u8]) -> String {
    let lossy = String::from_utf8_lossy(bytes);
    lossy.split_inclusive('\n').filter(|line| !line.contains(char::REPLACEMENT_CHARACTER)).collect()
}

/// A path's last part.
fn own_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or_default()
}

/// The picture that a desktop file names, if it is a plain name: without folders, and nothing that begins with a dot. An
/// absolute path means a system that the app is not installed in; its picture is in the bundle under the same name.
fn icon_name(text: &str) -> Option<&str> {
    let group = text.split_once("[Desktop Entry]")?.1;
    let mut lines = group.lines().take_while(|line| !line.starts_with('['));
    let name = lines.find_map(|line| line.strip_prefix("Icon")?.trim_start().strip_prefix('='))?.trim();
    let name = if name.starts_with('/') { own_name(name) } else { name };
    let name = [".png", ".svg", ".xpm"].iter().find_map(|end| name.strip_suffix(end)).unwrap_or(name);
    let plain = !name.is_empty() && name.len() < limits::NAME && !name.starts_with('.');
    (plain && !name.contains(|c: char| c == '/' || c.is_control())).then_some(name)
}
