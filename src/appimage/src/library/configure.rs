//! An app is started otherwise, comes to lie elsewhere, or goes into menus or out of them: all of it in one change.

use super::candidate::Candidate;
use super::disk::is_folder;
use super::folders::{is_same_file, is_same_folder};
use super::install::{Place, check_folder, way};
use super::moving::Along;
use super::record::{Record, Settings};
use super::running::runs;
use super::{Changed, Library, LibraryError, exists};
use rustix::fs::Access;
use std::path::{Path, PathBuf};

impl Library {
    /// Starts an app in another way from now on, puts it into menus or takes it out of them, and brings it to another
    /// folder, under the name that its file has. The version before goes along, and so do the folders of its own.
    ///
    /// # Errors
    /// See [`LibraryError`]. [`LibraryError::NotEmpty`] where a folder of its own is switched off that has something in it:
    /// AppImages use it as long as it is there. [`LibraryError::Running`] where such a folder would be taken away from an
    /// app that runs.
    pub fn configure(
        &self,
        id: &str,
        settings: Settings,
        integrated: bool,
        place: &Place,
    ) -> Result<Changed, LibraryError> {
        let _changing = self.lock();
        self.settle_change(id)?;
        let before = self.get(id)?;
        let before = Record { settings: before.settings_now(), ..before };
        let path = self.path_in(&before, place)?;
        let mut after = Record { path, integrated, settings, ..before.clone() };
        let moves = before.path != after.path;
        if moves && !exists(&before.previous_path()) {
            after.previous = None;
        }
        check_own_folders(&before, &after)?;
        let candidate = Candidate::read(&before.path)?;
        if moves && candidate.inspection.sha256 != before.version.sha256 {
            return Err(LibraryError::Changed);
        }
        let along = Along::of(&before, &after)?;
        if along.has_data() && runs(&before.path) {
            return Err(LibraryError::Running(before.name));
        }
        let made = self.integration(&mut after, &candidate)?;
        let way = way(&candidate, &after);
        let new = after.path.parent().filter(|folder| !exists(folder)).map(Path::to_owned);
        let changed = self.begin_folder(&after.path).and_then(|()| self.change(before, after, made, way, along));
        if let (Err(_), Some(folder)) = (&changed, new) {
            // An empty folder of this name does no harm.
            let _ = self.disk.remove_empty(&folder);
        }
        changed
    }

    /// Where an app comes to lie.
    fn path_in(&self, record: &Record, place: &Place) -> Result<PathBuf, LibraryError> {
        let (Place::Folder(folder), Some(here)) = (place, record.path.parent()) else { return Ok(record.path.clone()) };
        if is_same_folder(here, folder) {
            return Ok(record.path.clone());
        }
        check_folder(folder)?;
        let path = folder.join(record.path.file_name().unwrap_or_default());
        let own = [record.portable_home(), record.portable_config()];
        if own.iter().any(|own| folder.starts_with(own))
            || !(Record { path: path.clone(), ..record.clone() }).is_sound()
        {
            return Err(LibraryError::BadFolder(folder.clone()));
        }
        let is_others = self.all()?.apps.iter().any(|app| is_same_file(&app.record.path, &path));
        if is_others || exists(&path) { Err(LibraryError::InTheWay(path)) } else { Ok(path) }
    }

    /// Makes the folder of a file, and sees whether anything can be put there.
    fn begin_folder(&self, file: &Path) -> Result<(), LibraryError> {
        let Some(folder) = file.parent() else { return Ok(()) };
        self.disk.make_folders(folder)?;
        rustix::fs::access(folder, Access::WRITE_OK | Access::EXEC_OK)
            .map_err(|error| LibraryError::at(folder)(error.into()))
    }
}

/// Whether the folders of its own can be as they are wished for.
fn check_own_folders(before: &Record, after: &Record) -> Result<(), LibraryError> {
    let home = (after.settings.portable_home, before.portable_home(), after.portable_home());
    let config = (after.settings.portable_config, before.portable_config(), after.portable_config());
    for (wished, from, to) in [home, config] {
        let is_elses = from != to && exists(&to) && (exists(&from) || !wished);
        if is_elses || wished && exists(&to) && !to.is_dir() {
            return Err(LibraryError::InTheWay(to));
        }
        if !wished && from.is_dir() && !(is_folder(&from) && is_empty(&from)) {
            return Err(LibraryError::NotEmpty(from));
        }
    }
    Ok(())
}

fn is_empty(folder: &Path) -> bool {
    std::fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_none())
}
