//! What apps that are gone have left behind: folders `~/.var/app/ID` of which no installation has the app.

use crate::blocking::NEVER;
use crate::data;
use crate::failure::failure;
use crate::installation::Place;
use libflatpak::glib;
use libflatpak::prelude::*;
use std::collections::HashSet;
use std::fs::{self, Metadata};
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use strata_model::{AppId, Failure, FailureKind, Leftover, SourceKind};

/// Every such folder. A link is none: Flatpak leaves one where an app has a new id.
///
/// # Errors
/// One of the installations cannot be read: its apps would look as if they were gone.
pub(crate) fn find(places: &[Place], home: &Path) -> Result<Vec<Leftover>, Failure> {
    let installed = installed(places)?;
    let entries = fs::read_dir(home.join(".var/app")).into_iter().flatten().flatten();
    let mut found: Vec<Leftover> = entries
        .filter_map(|entry| {
            let id = entry.file_name().into_string().ok()?;
            let folder = entry.path().symlink_metadata().ok().filter(Metadata::is_dir)?;
            let is_gone = AppId::new(&id).is_ok() && !installed.contains(&id);
            is_gone.then(|| leftover(id, &entry.path(), &folder))
        })
        .collect();
    found.sort_by(|one, other| one.id.cmp(&other.id));
    Ok(found)
}

/// Removes the data of an app that is in none of the installations.
///
/// # Errors
/// It is installed, or nobody can say, or its data cannot be removed.
pub(crate) fn remove(places: &[Place], home: &Path, id: &str) -> Result<(), Failure> {
    if installed(places)?.contains(id) {
        return Err(Failure::new(FailureKind::AlreadyInstalled, id, "its data are in use"));
    }
    data::remove(home, id)
}

/// Where nobody can say, it is as if it were there: data is not removed on a guess.
pub(crate) fn has_app(place: &Place, id: &str) -> bool {
    let apps =
        place.open().map(|installation| installation.list_installed_refs_by_kind(libflatpak::RefKind::App, NEVER));
    match apps {
        Ok(Ok(apps)) => apps.iter().any(|app| app.name().is_some_and(|name| name == id)),
        _ => true,
    }
}

/// The ids of everything installed. Runtimes too: one that was started stores things as an app does.
fn installed(places: &[Place]) -> Result<HashSet<String>, Failure> {
    let mut ids = HashSet::new();
    for place in places {
        let say = |error: glib::Error| failure(&error, &place.scope);
        let refs = place.open()?.list_installed_refs(NEVER).map_err(say)?;
        ids.extend(refs.iter().filter_map(RefExt::name).map(String::from));
    }
    Ok(ids)
}

fn leftover(id: String, path: &Path, folder: &Metadata) -> Leftover {
    Leftover { source: SourceKind::Flatpak, id, name: String::new(), size: size(path, folder), changed: folder.mtime() }
}

/// What removing it would free. Links are not followed, and what lies on another disk does not count.
fn size(path: &Path, folder: &Metadata) -> u64 {
    let mut size = used(folder);
    let mut left = vec![path.to_owned()];
    while let Some(path) = left.pop() {
        for entry in fs::read_dir(path).into_iter().flatten().flatten() {
            let Ok(found) = entry.metadata() else { continue };
            size += used(&found);
            if found.is_dir() && found.dev() == folder.dev() {
                left.push(entry.path());
            }
        }
    }
    size
}

/// Bytes on the disk; a block is 512 of them whatever the disk (stat(2)).
fn used(found: &Metadata) -> u64 {
    found.blocks() * 512
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::symlink;

    #[test]
    fn links_and_what_is_no_id_are_no_leftovers() {
        let home = tempfile::tempdir().unwrap();
        assert_eq!(find(&[], home.path()), Ok(Vec::new()), "nothing was ever stored");
        let apps = home.path().join(".var/app");
        fs::create_dir_all(apps.join("org.a.B/data")).unwrap();
        fs::create_dir_all(apps.join("not an id")).unwrap();
        fs::write(apps.join("org.a.File"), "x").unwrap();
        fs::write(apps.join("org.a.B/data/large"), vec![1; 100_000]).unwrap();
        symlink(apps.join("org.a.B"), apps.join("org.a.Old")).unwrap();
        symlink(home.path(), apps.join("org.a.B/home")).unwrap();
        let found = find(&[], home.path()).unwrap();
        assert_eq!(found.iter().map(|left| &*left.id).collect::<Vec<_>>(), ["org.a.B"]);
        assert!((100_000..200_000).contains(&found[0].size) && found[0].changed > 0, "{found:?}");
        remove(&[], home.path(), "org.a.B").unwrap();
        assert_eq!(find(&[], home.path()), Ok(Vec::new()));
    }
}
