//! What is made for an app so that menus show it: desktop file, picture, file types.

use super::made::{Made, icon_name};
use super::places::Places;
use super::record::Record;
use super::start::{Fuse, Kind, environment};
use crate::contents::Contents;
use crate::desktop::{BadDesktopFile, DesktopFile, Wish};
use crate::inspect::Inspection;
use serde::{Deserialize, Serialize};

/// Something to know about how an app was put into menus.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Note {
    /// It wishes not to be in menus.
    NotWished,
    /// It has no desktop file that can be read, so it has one with its name only.
    NoDesktopFile,
    /// It has no picture that can be shown.
    NoIcon,
    /// This machine has no FUSE 2, so it unpacks itself each time it is started.
    Unpacks,
    /// This machine has no FUSE 2, and it cannot start without it.
    NeedsFuse2,
    /// It speaks in a terminal, and is started in one.
    WantsTerminal,
}

/// The files for an app.
#[derive(Debug, Default)]
pub(super) struct Integration {
    pub(super) files: Vec<(Made, Vec<u8>)>,
    pub(super) notes: Vec<Note>,
}

impl Integration {
    /// Whether an app may be put into menus.
    pub(super) fn is_wished(contents: &Contents) -> bool {
        let desktop = contents.desktop.as_ref().and_then(|file| DesktopFile::parse(&file.text).ok());
        desktop.is_none_or(|desktop| desktop.wants_integration())
    }

    /// The files of a record, out of what its AppImage says.
    ///
    /// # Errors
    /// [`BadDesktopFile::BadWish`]: the path or the settings cannot stand in a desktop file.
    pub(super) fn new(places: &Places, record: &Record, inspection: &Inspection) -> Result<Self, BadDesktopFile> {
        let mut made = Self::default();
        let contents = &inspection.contents;
        let fuse = Kind::of(inspection).fuse(&places.system_root);
        match fuse {
            Fuse::Fine => {}
            Fuse::Unpacks => made.notes.push(Note::Unpacks),
            Fuse::Missing => made.notes.push(Note::NeedsFuse2),
        }
        if contents.wants_terminal() {
            made.notes.push(Note::WantsTerminal);
        }
        if !record.integrated {
            made.notes.push(Note::NotWished);
            return Ok(made);
        }
        let icon = contents.icon.as_ref().and_then(|icon| {
            let place = Made::icon(&record.id, icon.kind, &icon.bytes)?;
            Some((place, icon.bytes.clone()))
        });
        let read = contents.desktop.as_ref().and_then(|file| Some((file, DesktopFile::parse(&file.text).ok()?)));
        let (desktop, window) = if let Some((file, desktop)) = read {
            let window = file.name.strip_suffix(".desktop").unwrap_or(&file.name);
            (desktop, (window != record.id).then(|| window.to_owned()))
        } else {
            made.notes.push(Note::NoDesktopFile);
            (DesktopFile::parse("[Desktop Entry]\n")?, None)
        };
        let wish = Wish {
            program: record.path.to_str().ok_or(BadDesktopFile::BadWish)?.to_owned(),
            icon: icon.is_some().then(|| icon_name(&record.id)),
            name: record.name.clone(),
            window,
            environment: environment(fuse, &record.path, &record.settings),
            arguments: record.settings.arguments.clone(),
            terminal: record.settings.terminal,
        };
        let text = desktop.rewrite(&wish)?.to_string();
        made.files.push((Made::desktop(&record.id), text.into_bytes()));
        match icon {
            Some(icon) => made.files.push(icon),
            None => made.notes.push(Note::NoIcon),
        }
        let packages = contents.mime_packages.iter().enumerate();
        made.files.extend(
            packages.map(|(number, file)| (Made::mime_package(&record.id, number), file.text.clone().into_bytes())),
        );
        Ok(made)
    }
}
