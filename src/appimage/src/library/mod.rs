//! The AppImages on this machine: put there, changed, taken away, each change whole or not at all.
//!
//! Everything here waits for the disk, so it belongs into blocking tasks. One process has a library at a time; the engine
//! sees to that by its own lock.

mod candidate;
mod change;
mod configure;
pub mod databases;
mod disk;
mod error;
mod folders;
mod found;
mod fuse;
mod install;
mod integration;
mod left;
mod made;
mod moving;
mod names;
mod places;
mod portable;
mod provenance;
mod record;
mod recover;
mod remove;
mod running;
mod same;
mod start;
#[cfg(test)]
mod tests;
mod update;

pub use candidate::Candidate;
pub use error::LibraryError;
pub(crate) use folders::is_same_folder;
pub use found::Found;
pub use install::{Facts, New, Place};
pub use integration::Note;
pub use left::Left;
pub use made::{Made, MadeKind, NotMade};
pub use portable::Portable;
pub use provenance::{Provenance, Question};
pub use record::{Record, Settings, Version};
pub use recover::Recovered;
pub use remove::Removed;
pub use start::Start;

use candidate::modified;
use change::Change;
use disk::{Disk, exists, is_appimage};
use names::is_id;
use places::Places;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use strata_model::OfferId;
use strata_platform::{Environment, settings};

/// The AppImages on this machine.
#[derive(Debug)]
pub struct Library {
    /// Whose settings say where AppImages are put.
    environment: Environment,
    places: Places,
    disk: Disk,
    /// Names are chosen by what is free, so one change is made at a time.
    changing: Mutex<()>,
}

/// Everything that is installed.
#[derive(Debug, Default)]
pub struct Listing {
    /// The apps, by their ids.
    pub apps: Vec<Installed>,
    /// Records that cannot be read. Their files stay as they are.
    pub faults: Vec<LibraryError>,
}

/// An installed AppImage as it is at this moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Installed {
    /// What is known of it.
    pub record: Record,
    /// Whether its file is as that says.
    pub presence: Presence,
    /// Files that were made for it and are gone. [`Library::configure`] makes them again.
    pub lacks: Vec<Made>,
}

/// What became of an installed AppImage's file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// It is as it was.
    There,
    /// Somebody else changed it: it updated itself, for one. [`Library::reread`] brings what is known up to date.
    Changed,
    /// It is gone, or something else lies in its place.
    Missing,
}

/// What came of a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changed {
    /// What is known of the app now.
    pub record: Record,
    /// What to know about how it is started.
    pub notes: Vec<Note>,
    /// Nothing is different: the file is the one that was there.
    pub unchanged: bool,
}

/// Most records that are read.
const RECORDS: usize = 10_000;

impl Library {
    /// The library of the person whom an environment is about.
    pub fn new(environment: &Environment) -> Self {
        let (environment, places) = (environment.clone(), Places::new(environment));
        Self { environment, places, disk: Disk::default(), changing: Mutex::default() }
    }

    /// Where new AppImages are put, as the settings have it now.
    pub fn applications(&self) -> PathBuf {
        settings::load(&self.environment).settings.appimages.folder.of(&self.environment.home)
    }

    /// Everything that is installed.
    ///
    /// # Errors
    /// When the folder of the records is there and cannot be read.
    pub fn all(&self) -> Result<Listing, LibraryError> {
        let mut listing = Listing::default();
        for id in self.ids()? {
            match self.get(&id) {
                Ok(record) => listing.apps.push(self.installed(record)),
                Err(fault) => listing.faults.push(fault),
            }
        }
        Ok(listing)
    }

    /// What is known of an app.
    ///
    /// # Errors
    /// [`LibraryError::NotInstalled`], [`LibraryError::Damaged`], [`LibraryError::Io`].
    pub fn get(&self, id: &str) -> Result<Record, LibraryError> {
        if !is_id(id) {
            return Err(LibraryError::NotInstalled(id.to_owned()));
        }
        match Record::read(&self.places.record(id), id) {
            Err(LibraryError::Io { error, .. }) if error.kind() == ErrorKind::NotFound => {
                Err(LibraryError::NotInstalled(id.to_owned()))
            }
            other => other,
        }
    }

    /// The app that came by an offer; see [`Record::offer`].
    ///
    /// # Errors
    /// See [`Library::get`] and [`Library::all`].
    pub fn by_offer(&self, offer: &OfferId) -> Result<Record, LibraryError> {
        if offer.origin.is_empty() {
            return self.get(&offer.reference);
        }
        let came_by = |record: &Record| record.offer() == *offer;
        let found = self.all()?.apps.into_iter().map(|app| app.record).find(came_by);
        found.ok_or_else(|| LibraryError::NotInstalled(offer.reference.clone()))
    }

    /// An app as it is at this moment.
    ///
    /// # Errors
    /// See [`Library::get`].
    pub fn one(&self, id: &str) -> Result<Installed, LibraryError> {
        Ok(self.installed(self.get(id)?))
    }

    /// Where a file lies that was made for an app.
    pub fn path_of(&self, made: &Made) -> PathBuf {
        self.places.made(made)
    }

    fn installed(&self, record: Record) -> Installed {
        let lacks = record.files.iter().filter(|made| !exists(&self.places.made(made))).cloned().collect();
        Installed { presence: presence(&record), lacks, record }
    }

    fn ids(&self) -> Result<Vec<String>, LibraryError> {
        names_in(self.places.records())
    }

    /// The right to change something.
    fn lock(&self) -> MutexGuard<'_, ()> {
        self.changing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Brings a change of this app to its end that was broken off: nothing else can be changed about it before.
    fn settle_change(&self, id: &str) -> Result<(), LibraryError> {
        Change::resume(&self.disk, &self.places, id).map(drop)
    }
}

/// The ids that a folder has files for, in their order; none where there is no folder.
fn names_in(folder: &Path) -> Result<Vec<String>, LibraryError> {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(LibraryError::at(folder)(error)),
    };
    let names = entries.flatten().take(RECORDS).filter_map(|entry| entry.file_name().into_string().ok());
    let ids = names.filter_map(|name| Some(name.strip_suffix(".json")?.to_owned()).filter(|id| is_id(id)));
    let mut ids: Vec<_> = ids.collect();
    ids.sort();
    Ok(ids)
}

fn presence(record: &Record) -> Presence {
    let Ok(metadata) = record.path.symlink_metadata() else { return Presence::Missing };
    if !metadata.is_file() {
        return Presence::Missing;
    }
    if metadata.len() == record.version.size && modified(&metadata) == record.version.modified {
        return Presence::There;
    }
    if is_appimage(&record.path) { Presence::Changed } else { Presence::Missing }
}
