//! An AppImage becomes an app: one that was fetched, or one that the person has already.

use super::candidate::{Candidate, Source};
use super::change::Change;
use super::folders::{is_same_file, is_same_folder};
use super::integration::Integration;
use super::moving::Along;
use super::names::{file_of, id_of};
use super::provenance::{Question, judge};
use super::record::{Record, Settings, Version};
use super::{Changed, Library, LibraryError, exists};
use crate::download::part::PART;
use crate::feed::Project;
use crate::release::App;
use crate::signature::Signature;
use std::path::{Path, PathBuf};

/// A file that is to become an app, or its next version.
#[derive(Clone, Debug)]
pub struct New {
    /// The file.
    pub candidate: Candidate,
    /// What is known of it from elsewhere.
    pub facts: Facts,
    /// What the person said yes to.
    pub accepted: Option<Question>,
}

/// What catalogues and releases say of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// The app's name, for one that does not say it; empty if nobody does.
    pub name: String,
    /// The version, empty if unknown.
    pub version: String,
    /// What the forge tells it from others by; see [`crate::release::Asset::mark`].
    pub mark: String,
    /// Its SHA-256 in lowercase hexadecimal digits, if a release or a signed catalogue says it.
    pub sha256: Option<String>,
    /// The catalogue, empty for a file of the person's own.
    pub origin: String,
    /// Its name in that catalogue.
    pub entry: String,
    /// Which of its project's apps it is.
    pub app: App,
    /// The project whose releases it comes from.
    pub project: Option<Project>,
}

/// Where an app comes to lie.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// Where the file is now.
    Here,
    /// In this folder, which is made where it is missing. The file goes there.
    Folder(PathBuf),
}

/// Most apps of one name.
const NUMBERS: u32 = 1000;

impl Library {
    /// Installs an AppImage: one that was fetched (it lies in the folder already), or one that the person has.
    ///
    /// # Errors
    /// See [`LibraryError`]. [`LibraryError::Ask`] for a bad signature, until the person says yes to it.
    pub fn install(&self, new: &New, place: &Place, settings: Settings) -> Result<Changed, LibraryError> {
        let _changing = self.lock();
        let mut record = self.draft(new, place, settings)?;
        if let Place::Folder(folder) = place {
            self.disk.make_folders(folder)?;
        }
        let made = self.integration(&mut record, &new.candidate)?;
        let (program, source) = way(&new.candidate, &record);
        let change = Change {
            id: record.id.clone(),
            decided: false,
            before: None,
            after: Some(record.clone()),
            program,
            source,
            data: false,
            along: Along::default(),
            mode: None,
        };
        change.run(&self.disk, &self.places, &made.files)?;
        Ok(Changed { record, notes: made.notes, unchanged: false })
    }

    /// What [`Library::install`] would make of an AppImage. Changes nothing.
    ///
    /// # Errors
    /// As with [`Library::install`], as far as it can be known before.
    pub fn preview(&self, new: &New, place: &Place, settings: Settings) -> Result<Changed, LibraryError> {
        let _changing = self.lock();
        let mut record = self.draft(new, place, settings)?;
        let made = self.integration(&mut record, &new.candidate)?;
        Ok(Changed { record, notes: made.notes, unchanged: false })
    }

    /// The record of a file that is nobody's app yet, but for what is made for it.
    fn draft(&self, new: &New, place: &Place, settings: Settings) -> Result<Record, LibraryError> {
        new.candidate.check()?;
        self.is_new(&new.candidate)?;
        let version = new.version(None)?;
        let contents = &new.candidate.inspection.contents;
        let name = new.name();
        let path = match place {
            Place::Here => new.candidate.path.clone(),
            Place::Folder(folder) => free_path(folder, &name)?,
        };
        let id = self.free_id(contents.desktop.as_ref().map_or(name.as_str(), |file| stem(&file.name)))?;
        let record = Record {
            id,
            path,
            name,
            fingerprint: version.fingerprint.clone(),
            version,
            previous: None,
            left: None,
            origin: new.facts.origin.clone(),
            entry: new.facts.entry.clone(),
            app: new.facts.app.clone(),
            project: new.facts.project.clone(),
            updates: new.candidate.updates(),
            integrated: Integration::is_wished(contents),
            files: Vec::new(),
            settings,
        };
        record.check_names()?;
        if record.is_sound() { Ok(record) } else { Err(LibraryError::BadFolder(record.path)) }
    }

    /// What is made for a record, which then names it.
    pub(super) fn integration(&self, record: &mut Record, candidate: &Candidate) -> Result<Integration, LibraryError> {
        let made = Integration::new(&self.places, record, &candidate.inspection).map_err(LibraryError::BadSettings)?;
        record.files = made.files.iter().map(|(made, _)| made.clone()).collect();
        Ok(made)
    }

    /// The installed app that has this content, by its SHA-256.
    ///
    /// # Errors
    /// See [`Library::all`].
    pub fn with_content(&self, sha256: &str) -> Result<Option<Record>, LibraryError> {
        Ok(self.all()?.apps.into_iter().map(|app| app.record).find(|record| has_content(record, sha256)))
    }

    /// Whether the same file, or the same content, is not installed yet.
    pub(super) fn is_new(&self, candidate: &Candidate) -> Result<(), LibraryError> {
        let sha256 = &candidate.inspection.sha256;
        let same = |record: &Record| is_same_file(&record.path, &candidate.path) || has_content(record, sha256);
        match self.all()?.apps.into_iter().find(|app| same(&app.record)) {
            Some(app) => Err(LibraryError::Already(app.record.id)),
            None => Ok(()),
        }
    }

    /// An id that is nobody else's: no desktop file is replaced, and none of a Flatpak or a package is hidden.
    fn free_id(&self, wanted: &str) -> Result<String, LibraryError> {
        let taken = |id: &str| {
            let own = [self.places.record(id), self.places.change(id)];
            own.iter().any(|path| exists(path)) || self.places.is_taken(id)
        };
        ids(wanted).find(|id| !taken(id)).ok_or_else(|| LibraryError::Already(id_of(wanted)))
    }
}

impl New {
    /// What its version is, and whether it may be taken.
    pub(super) fn version(&self, before: Option<&Record>) -> Result<Version, LibraryError> {
        let inspection = &self.candidate.inspection;
        if let Some(expected) = self.facts.sha256.as_ref().filter(|expected| **expected != inspection.sha256) {
            let (expected, found) = (expected.clone(), inspection.sha256.clone());
            return Err(LibraryError::WrongDigest { expected, found });
        }
        let (provenance, question) = judge(before, &inspection.signature, self.facts.sha256.is_some());
        if let Some(question) = question.filter(|question| self.accepted.as_ref() != Some(question)) {
            return Err(LibraryError::Ask(question));
        }
        let fingerprint = match &inspection.signature {
            Signature::Signed { fingerprint } => Some(fingerprint.clone()),
            _ => None,
        };
        Ok(Version {
            name: self.facts.version.clone(),
            mark: self.facts.mark.clone(),
            sha256: inspection.sha256.clone(),
            size: inspection.size,
            modified: self.candidate.modified(),
            provenance,
            fingerprint,
        })
    }

    /// The app's name: the one of its desktop file, else what is known from elsewhere, else its file's.
    fn name(&self) -> String {
        let own = self.candidate.inspection.contents.name();
        let given = Some(&self.facts.name).filter(|name| !name.is_empty()).cloned();
        let file = || self.candidate.path.file_stem().map(|name| name.to_string_lossy().into_owned());
        own.or(given).or_else(file).unwrap_or_default()
    }
}

/// The file beside an app's place that only has to be renamed, and the person's own file in another folder that is brought
/// there first, and goes in the end.
pub(super) fn way(candidate: &Candidate, record: &Record) -> (Option<PathBuf>, Option<Source>) {
    let own = &candidate.path;
    if is_same_file(own, &record.path) {
        return (None, None);
    }
    if own.parent().zip(record.path.parent()).is_some_and(|(one, other)| is_same_folder(one, other)) {
        return (Some(own.clone()), None);
    }
    let digest = &candidate.inspection.sha256;
    let name = format!("{}{}{}", PART.0, digest.get(..16).unwrap_or(digest), PART.1);
    (Some(record.path.with_file_name(name)), Some(candidate.source()))
}

/// A path in a folder that nothing has; the folder may have to be made. The version is not part of it: it stays the same
/// over all of them.
fn free_path(folder: &Path, name: &str) -> Result<PathBuf, LibraryError> {
    check_folder(folder)?;
    let name = file_of(name);
    let others = (2..NUMBERS).map(|number| format!("{name}-{number}.AppImage"));
    let mut paths = std::iter::once(format!("{name}.AppImage")).chain(others).map(|name| folder.join(name));
    paths.find(|path| !exists(path)).ok_or_else(|| LibraryError::InTheWay(folder.join(name)))
}

/// Whether AppImages can lie in a folder, by its name.
pub(super) fn check_folder(folder: &Path) -> Result<(), LibraryError> {
    let plain = folder.to_str().is_some_and(|text| !text.contains(|c: char| c == '=' || c.is_control()));
    if !folder.is_absolute() || !plain {
        return Err(LibraryError::BadFolder(folder.to_owned()));
    }
    if exists(folder) && !folder.is_dir() { Err(LibraryError::NoFolder(folder.to_owned())) } else { Ok(()) }
}

/// The file that an app had when it was installed or updated last, and that is still there.
fn has_content(record: &Record, sha256: &str) -> bool {
    record.version.sha256 == sha256 && exists(&record.path)
}

/// The ids that an app may get, the likeliest first.
pub(super) fn ids(wanted: &str) -> impl Iterator<Item = String> {
    let wanted = id_of(wanted);
    let others = wanted.clone();
    let others = (1..NUMBERS).map(move |number| match number {
        1 => format!("{others}-appimage"),
        more => format!("{others}-appimage-{more}"),
    });
    std::iter::once(wanted).chain(others)
}

/// What a desktop file's name says its app is.
pub(super) fn stem(name: &str) -> &str {
    name.strip_suffix(".desktop").unwrap_or(name)
}
