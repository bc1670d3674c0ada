//! The person's data of an app: `~/.var/app/ID`.

use std::io;
use std::path::Path;
use strata_model::{AppId, Failure, FailureKind};

/// Removes it. A link is removed itself, never what it leads to (after a rebase the old name is a link to the data of
/// the new app); where the way there leads through a link, nothing is removed.
pub(crate) fn remove(home: &Path, id: &str) -> Result<(), Failure> {
    let id = AppId::new(id).map_err(|error| Failure::new(FailureKind::BadRequest, id, error.to_string()))?;
    let folder = home.join(".var/app");
    for above in [home.join(".var"), folder.clone()] {
        match above.symlink_metadata() {
            Ok(found) if found.is_dir() => {}
            Ok(_) => return Err(failed(&above, "it is no folder, so nothing below it is removed")),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(failed(&above, &error.to_string())),
        }
    }
    let data = folder.join(id.as_str());
    let removed = match data.symlink_metadata() {
        Ok(found) if found.is_dir() => std::fs::remove_dir_all(&data),
        Ok(_) => std::fs::remove_file(&data),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
    };
    removed.map_err(|error| failed(&data, &error.to_string()))
}

fn failed(path: &Path, detail: &str) -> Failure {
    Failure::new(FailureKind::Other, path.to_string_lossy(), detail)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use std::os::unix::fs::symlink;

    #[test]
    fn only_the_app_s_own_folder_goes() {
        let home = tempfile::tempdir().unwrap();
        let apps = home.path().join(".var/app");
        fs::create_dir_all(apps.join("org.a.B/data")).unwrap();
        fs::create_dir_all(apps.join("org.a.Bc")).unwrap();
        remove(home.path(), "org.a.B").unwrap();
        assert!(!apps.join("org.a.B").exists());
        assert!(apps.join("org.a.Bc").exists());
        remove(home.path(), "org.a.B").unwrap();
        for bad in ["", ".", "..", "../../x"] {
            assert!(remove(home.path(), bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn links_are_not_followed() {
        let home = tempfile::tempdir().unwrap();
        let treasure = home.path().join("Documents");
        fs::create_dir_all(treasure.join("org.a.B")).unwrap();
        let apps = home.path().join(".var/app");
        fs::create_dir_all(apps.join("org.in.Side")).unwrap();
        symlink(&treasure, apps.join("org.a.B")).unwrap();
        symlink(&treasure, apps.join("org.in.Side/link")).unwrap();
        remove(home.path(), "org.a.B").unwrap();
        remove(home.path(), "org.in.Side").unwrap();
        assert!(!apps.join("org.a.B").exists() && !apps.join("org.in.Side").exists());
        assert!(treasure.join("org.a.B").exists());
    }

    #[test]
    fn nothing_is_removed_by_way_of_a_link() {
        let home = tempfile::tempdir().unwrap();
        let elsewhere = home.path().join("elsewhere");
        fs::create_dir_all(elsewhere.join("org.a.B")).unwrap();
        fs::create_dir(home.path().join(".var")).unwrap();
        symlink(&elsewhere, home.path().join(".var/app")).unwrap();
        assert!(remove(home.path(), "org.a.B").is_err());
        assert!(elsewhere.join("org.a.B").exists());
    }
}
