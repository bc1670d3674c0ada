//! How an AppImage is started: a program, its arguments and its environment, for no shell.

use super::fuse::has_fuse2;
use super::portable::{CONFIG, HOME, own_folder};
use super::provenance::judge;
use super::record::Settings;
use super::{Candidate, Library, LibraryError};
use crate::format::{Architecture, Format, head};
use crate::inspect::{InspectError, Inspection};
use rustix::fs::OFlags;
use std::fs::{File, OpenOptions};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

/// How an AppImage is started.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Start {
    /// The AppImage.
    pub program: PathBuf,
    /// Arguments before the files to open.
    pub arguments: Vec<String>,
    /// What is set in its environment besides what is there.
    pub environment: Vec<(String, String)>,
    /// Whether it runs in a terminal; `None` for as it says itself.
    pub terminal: Option<bool>,
    /// It needs FUSE 2, which this machine has not, and cannot do without.
    pub needs_fuse2: bool,
}

/// What an AppImage is, as far as it matters for its start.
#[derive(Clone, Copy, Debug)]
pub(super) struct Kind {
    pub(super) format: Format,
    pub(super) architecture: Architecture,
    pub(super) needs_fuse2: bool,
}

/// What stands between an AppImage that needs FUSE 2 and its start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fuse {
    /// Nothing.
    Fine,
    /// It has to unpack itself.
    Unpacks,
    /// It cannot be started.
    Missing,
}

impl Kind {
    pub(super) fn of(inspection: &Inspection) -> Self {
        let Inspection { format, architecture, needs_fuse2, .. } = *inspection;
        Self { format, architecture, needs_fuse2 }
    }

    /// Whether it can start on a machine.
    pub(super) fn fuse(self, system_root: &Path) -> Fuse {
        match self.format {
            _ if !self.needs_fuse2 || has_fuse2(system_root, self.architecture) => Fuse::Fine,
            Format::Two => Fuse::Unpacks,
            Format::One => Fuse::Missing,
        }
    }
}

/// What lets an AppImage unpack itself instead of mounting itself.
const UNPACK: &str = "APPIMAGE_EXTRACT_AND_RUN";

/// What is set for an AppImage: that it leaves menus to us, that it unpacks itself where it has to, and what the person wants.
/// One that unpacks itself does not look for folders of its own, so it is told of them.
pub(super) fn environment(fuse: Fuse, file: &Path, settings: &Settings) -> Vec<(String, String)> {
    let mut set = vec![("DESKTOPINTEGRATION".to_owned(), "1".to_owned())];
    if fuse == Fuse::Unpacks {
        set.push((UNPACK.to_owned(), "1".to_owned()));
    }
    if fuse == Fuse::Unpacks || settings.environment.contains_key(UNPACK) {
        let own = [(settings.portable_home, "HOME", HOME), (settings.portable_config, "XDG_CONFIG_HOME", CONFIG)];
        for (_, name, end) in own.into_iter().filter(|(wished, ..)| *wished) {
            set.push((name.to_owned(), own_folder(file, end).to_string_lossy().into_owned()));
        }
    }
    set.extend(settings.environment.clone());
    set
}

impl Library {
    /// How an app is started as the person wants it.
    ///
    /// # Errors
    /// [`LibraryError::NotInstalled`], [`LibraryError::NoAppImage`] where something else lies in its place, and others.
    pub fn start(&self, id: &str) -> Result<Start, LibraryError> {
        let record = self.get(id)?;
        self.how(&record.path, &record.settings_now())
    }

    /// How a file is started once that is no app. Changes nothing: [`Library::make_startable`] does.
    ///
    /// # Errors
    /// [`LibraryError::Ask`] for a signature over something else, to which nobody can say yes.
    pub fn start_once(&self, candidate: &Candidate) -> Result<Start, LibraryError> {
        let inspection = &candidate.inspection;
        if let (_, Some(question)) = judge(None, &inspection.signature, false) {
            return Err(LibraryError::Ask(question));
        }
        let start = self.begin(&candidate.path, Kind::of(inspection), &Settings::default());
        Ok(Start { terminal: Some(inspection.contents.wants_terminal()), ..start })
    }

    /// Lets the file be started that was read, which stays so: its owner gets the right to, where nobody has it.
    ///
    /// # Errors
    /// [`LibraryError::Changed`], [`LibraryError::NoPrograms`], and [`LibraryError::Io`] for a file of somebody else's.
    pub fn make_startable(&self, candidate: &Candidate) -> Result<(), LibraryError> {
        candidate.check()?;
        self.disk.make_startable(&candidate.path)
    }

    /// Only the head of the file is read.
    fn how(&self, path: &Path, settings: &Settings) -> Result<Start, LibraryError> {
        let flags = (OFlags::NONBLOCK | OFlags::NOCTTY).bits().cast_signed();
        let opened = OpenOptions::new().read(true).custom_flags(flags).open(path);
        let mut file: File = opened.map_err(LibraryError::at(path))?;
        let head = head(&mut file).map_err(InspectError::NoAppImage)?;
        let needs_fuse2 = head.runtime.as_ref().is_none_or(|runtime| runtime.dynamic);
        let kind = Kind { format: head.format, architecture: head.architecture, needs_fuse2 };
        Ok(self.begin(path, kind, settings))
    }

    fn begin(&self, path: &Path, kind: Kind, settings: &Settings) -> Start {
        let fuse = kind.fuse(&self.places.system_root);
        Start {
            program: path.to_owned(),
            arguments: settings.arguments.clone(),
            environment: environment(fuse, path, settings),
            terminal: settings.terminal,
            needs_fuse2: fuse == Fuse::Missing,
        }
    }
}
