//! A change of what is installed: all of it, or nothing.
//!
//! What will be made is written down, then made beside its places, then decided by one rename of the note. From there on
//! it is only put into its places, which needs no room and no network, and which can be begun anew at any step. So
//! whatever ends the work, [`Change::resume`] leaves the old state or the new one.

use super::candidate::{Candidate, Source};
use super::disk::{Disk, exists, is_appimage, is_folder, mode};
use super::error::LibraryError;
use super::made::Made;
use super::moving::Along;
use super::places::Places;
use super::record::Record;
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};
use strata_platform::files;

/// What becomes of an app.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Change {
    /// Which app.
    pub(super) id: String,
    /// It is decided: from now on it goes forward only.
    pub(super) decided: bool,
    /// As it was; `None` if it comes.
    pub(super) before: Option<Record>,
    /// As it will be; `None` if it goes.
    pub(super) after: Option<Record>,
    /// The file that will be the app: beside its place. `None` if it is there already.
    pub(super) program: Option<PathBuf>,
    /// The person's own file that is brought there, and goes in the end.
    pub(super) source: Option<Source>,
    /// The folders of its own go with it.
    pub(super) data: bool,
    /// What goes along where it comes to lie in another folder.
    #[serde(default)]
    pub(super) along: Along,
    /// What the file that becomes a program might before, where there is one: it may again if the change is taken back.
    #[serde(default)]
    pub(super) mode: Option<u32>,
}

/// How a change ended that was broken off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// The new state is there.
    Done,
    /// The old state is there.
    Undone,
}

/// Largest note of a change, in bytes: two records.
const CHANGE: u64 = 4 << 20;

impl Change {
    /// Makes the change, with what will stand in the files that are made.
    pub(super) fn run(
        mut self,
        disk: &Disk,
        places: &Places,
        contents: &[(Made, Vec<u8>)],
    ) -> Result<(), LibraryError> {
        self.look(places, contents)?;
        self.mode = self.to_be_started().and_then(mode);
        if let Err(error) = self.prepare(disk, places, contents).and_then(|()| self.decide(disk, places)) {
            // What cannot be taken away now is at the next start.
            if let Err(error) = self.undo(disk, places) {
                tracing::warn!(%error, id = self.id, "what was begun stays until the next start");
            }
            return Err(error);
        }
        match self.apply(disk, places) {
            Err(error @ LibraryError::InTheWay(_)) => self.give_up(disk, places).and(Err(error)),
            other => other.map_err(|error| LibraryError::Unfinished(Box::new(error))),
        }
    }

    /// Brings a change to an end that was broken off; `None` where there is none.
    pub(super) fn resume(disk: &Disk, places: &Places, id: &str) -> Result<Option<End>, LibraryError> {
        let path = places.change(id);
        if !exists(&path) {
            return Ok(None);
        }
        let mut change = Self::read(&path, id)?;
        if change.decided {
            match change.apply(disk, places) {
                Err(LibraryError::InTheWay(path)) => {
                    tracing::warn!(id, path = %path.display(), "a file of somebody else's is where an app was to be");
                    change.give_up(disk, places)?;
                    return Ok(Some(End::Undone));
                }
                applied => return applied.map(|()| Some(End::Done)),
            }
        }
        change.undo(disk, places)?;
        Ok(Some(End::Undone))
    }

    /// Takes back what was decided: its first step cannot be done, since a stranger's file has the place by now.
    fn give_up(&mut self, disk: &Disk, places: &Places) -> Result<(), LibraryError> {
        self.decided = false;
        self.note(disk, places)?;
        self.undo(disk, places)
    }

    fn read(path: &Path, id: &str) -> Result<Self, LibraryError> {
        let damaged = |why: String| LibraryError::Damaged { path: path.to_owned(), why };
        let bytes = files::read_bounded(path, CHANGE).map_err(LibraryError::at(path))?;
        let change: Self = serde_json::from_slice(&bytes).map_err(|error| damaged(error.to_string()))?;
        let sound = |record: &Option<Record>| record.as_ref().is_none_or(|record| record.id == id && record.is_sound());
        if change.id != id || !sound(&change.before) || !sound(&change.after) {
            return Err(damaged("it is about something else".to_owned()));
        }
        Ok(change)
    }

    /// Whether files can be put where they belong: what would stop the change once it is decided.
    fn look(&self, places: &Places, contents: &[(Made, Vec<u8>)]) -> Result<(), LibraryError> {
        if let Some(after) = &self.after {
            self.record(places, after)?;
            after.check_names()?;
        }
        let made = contents.iter().map(|(made, _)| places.made(made));
        let program = self.after.iter().flat_map(|after| [after.path.clone(), after.previous_path()]);
        let own = self.after.iter().flat_map(|after| {
            let wished = [after.settings.portable_home, after.settings.portable_config];
            let folders = [after.portable_home(), after.portable_config()].into_iter().zip(wished);
            folders.filter_map(|(folder, wished)| wished.then_some(folder))
        });
        let file = own.filter(|path| exists(path)).find(|path| !path.is_dir());
        match made.chain(program).find(|path| is_folder(path)).or(file) {
            Some(path) => Err(LibraryError::InTheWay(path)),
            None => Ok(()),
        }
    }

    /// What will stand in the record's file.
    fn record(&self, places: &Places, after: &Record) -> Result<Vec<u8>, LibraryError> {
        after.to_bytes().map_err(|error| LibraryError::at(&places.record(&self.id))(error.into()))
    }

    fn note(&self, disk: &Disk, places: &Places) -> Result<(), LibraryError> {
        let path = places.change(&self.id);
        let bytes = serde_json::to_vec(self).map_err(|error| LibraryError::at(&path)(error.into()))?;
        disk.replace(&path, &bytes)
    }

    fn prepare(&self, disk: &Disk, places: &Places, contents: &[(Made, Vec<u8>)]) -> Result<(), LibraryError> {
        self.note(disk, places)?;
        for (made, bytes) in contents {
            disk.write(&places.staged(made), bytes)?;
        }
        if let (Some(program), Some(source)) = (&self.program, &self.source) {
            self.bring(disk, source, program)?;
        }
        // That a disk cannot do it has to be known before anything is decided.
        let there = self.after.as_ref().map(|after| &after.path).filter(|path| is_appimage(path));
        if let Some(program) = self.program.as_ref().or(there) {
            disk.make_executable(program)?;
        }
        self.program.as_ref().map_or(Ok(()), |program| disk.sync(program))?;
        self.both().map_or(Ok(()), |(before, after)| self.along.take(disk, before, after))
    }

    /// The app as it was and as it will be, where it stays.
    fn both(&self) -> Option<(&Record, &Record)> {
        self.before.as_ref().zip(self.after.as_ref())
    }

    /// The file that is here already and becomes a program: the person's own one in another folder, what lies beside its
    /// place, or what is in it.
    fn to_be_started(&self) -> Option<&Path> {
        let placed = || self.after.as_ref().map(|after| after.path.as_path());
        self.source.as_ref().map(|source| source.path.as_path()).or(self.program.as_deref()).or_else(placed)
    }

    /// A second name for the person's own file, which keeps its own until all is decided; or a copy.
    fn bring(&self, disk: &Disk, source: &Source, program: &Path) -> Result<(), LibraryError> {
        let copied = disk.link_or_copy(&source.path, program)?;
        let wanted = self.after.as_ref().map(|after| after.version.sha256.as_str());
        if copied && wanted != Some(&Candidate::read(program)?.inspection.sha256) || !source.is_there() {
            return Err(LibraryError::Changed);
        }
        Ok(())
    }

    fn decide(&mut self, disk: &Disk, places: &Places) -> Result<(), LibraryError> {
        self.decided = true;
        let decided = self.note(disk, places);
        self.decided = decided.is_ok();
        decided
    }

    /// Takes away what was made beside its places, and makes nothing a program that was none.
    fn undo(&self, disk: &Disk, places: &Places) -> Result<(), LibraryError> {
        if let Some((before, after)) = self.both() {
            self.along.bring_back(disk, before, after)?;
        }
        for made in self.after.iter().flat_map(|after| &after.files) {
            disk.remove(&places.staged(made))?;
        }
        if let (Some(program), Some(_)) = (&self.program, &self.source) {
            disk.remove(program)?;
        }
        if let (Some(path), Some(mode)) = (self.to_be_started(), self.mode) {
            disk.unmark(path, mode)?;
        }
        disk.remove(&places.change(&self.id))
    }

    /// Puts everything into its place. Each step is fine with being done already.
    fn apply(&self, disk: &Disk, places: &Places) -> Result<(), LibraryError> {
        if let Some(after) = &self.after {
            self.place_program(disk, after)?;
            for made in &after.files {
                let staged = places.staged(made);
                if exists(&staged) {
                    disk.rename(&staged, &places.made(made))?;
                }
            }
        }
        if let Some(before) = &self.before {
            self.clear(disk, places, before)?;
        }
        if let Some((before, after)) = self.both() {
            self.along.rename(disk, before, after)?;
            self.along.clear(disk, before, after)?;
        }
        self.folders(disk)?;
        let path = places.record(&self.id);
        match &self.after {
            Some(after) => {
                disk.replace(&path, &self.record(places, after)?)?;
            }
            None => disk.remove(&path)?,
        }
        if let Some(source) = self.source.as_ref().filter(|source| source.is_there()) {
            disk.remove(&source.path)?;
        }
        disk.remove(&places.change(&self.id))
    }

    /// The new version takes the place of the old one in one step; what runs of the old one goes on.
    fn place_program(&self, disk: &Disk, after: &Record) -> Result<(), LibraryError> {
        if let Some(program) = self.program.as_ref().filter(|program| exists(program)) {
            let kept = self.before.as_ref().is_some_and(|before| before.previous.is_some());
            if after.previous.is_some() && !kept {
                disk.keep(&after.path, &after.previous_path())?;
            }
            if self.before.as_ref().is_some_and(|before| before.path == after.path) {
                disk.rename(program, &after.path)?;
            } else {
                disk.rename_new(program, &after.path)?;
            }
            disk.sync_folder(&after.path);
        }
        Ok(())
    }

    /// Takes away what belonged to the old state and does not to the new one.
    fn clear(&self, disk: &Disk, places: &Places, before: &Record) -> Result<(), LibraryError> {
        let still = |made: &&Made| self.after.as_ref().is_some_and(|after| after.files.contains(made));
        for made in before.files.iter().filter(|made| !still(made)) {
            disk.remove(&places.made(made))?;
        }
        if before.previous.is_some() && self.after.as_ref().is_none_or(|after| after.previous.is_none()) {
            disk.remove_appimage(&before.previous_path())?;
        }
        if self.after.is_none() {
            disk.remove_appimage(&before.path)?;
        }
        Ok(())
    }

    /// The folders of its own: made where they are wished for, taken away where they are empty or go with it.
    fn folders(&self, disk: &Disk) -> Result<(), LibraryError> {
        let wished = |record: &Record| [record.settings.portable_home, record.settings.portable_config];
        let folders = |record: &Record| [record.portable_home(), record.portable_config()];
        let now = self.after.as_ref().map(wished).unwrap_or_default();
        if let Some(after) = &self.after {
            for (folder, _) in folders(after).iter().zip(now).filter(|(_, wished)| *wished) {
                disk.make_folder(folder)?;
            }
        }
        if let Some(before) = &self.before {
            for ((folder, made), now) in folders(before).iter().zip(wished(before)).zip(now) {
                if self.data {
                    disk.remove_tree(folder)?;
                } else if made && !now {
                    disk.remove_empty(folder)?;
                }
            }
        }
        Ok(())
    }
}
