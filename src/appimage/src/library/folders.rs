//! The folders that AppImages lie in. One of them may be reached by several paths: `/home` is a link on atomic desktops.

use super::{Installed, Library};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use strata_model::settings::Folder;

impl Library {
    /// Where AppImages of the person's may lie, each folder once: where the settings put new ones, where they do if nobody
    /// says anything, and where those lie that are installed.
    pub(super) fn folders(&self, apps: &[Installed]) -> Vec<PathBuf> {
        let put = [self.applications(), Folder::default().of(&self.environment.home)];
        let parents = apps.iter().filter_map(|app| app.record.path.parent().map(Path::to_owned));
        let mut folders: Vec<PathBuf> = Vec::new();
        for folder in put.into_iter().chain(parents) {
            if !folders.iter().any(|known| is_same_folder(known, &folder)) {
                folders.push(folder);
            }
        }
        folders
    }
}

/// Whether two paths lead to one folder.
pub(crate) fn is_same_folder(one: &Path, other: &Path) -> bool {
    let place = |path: &Path| path.metadata().ok().map(|found| (found.dev(), found.ino()));
    one == other || place(one).is_some_and(|found| place(other) == Some(found))
}

/// Whether two paths are those of one file, which may be gone: of one name in one folder.
pub(super) fn is_same_file(one: &Path, other: &Path) -> bool {
    let folders = one.parent().zip(other.parent());
    one.file_name() == other.file_name() && folders.is_some_and(|(one, other)| is_same_folder(one, other))
}
