//! Mends what a transaction leaves that was killed.
//!
//! libflatpak deploys beside and renames, so each reference is whole in its old version or in its new one, or not
//! there. What a kill leaves is: objects that were fetched, references to them, half-made deployments under names of
//! their own, and, between two renames, a deployment that is not the active one and would be in the way of a second
//! try.

use crate::installation::{self, Place};
use crate::lock::DeployLock;
use crate::run::clean;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use strata_model::{Failure, FailureKind};

/// Mends an installation.
pub(crate) fn recover(place: &Place) -> Result<(), Failure> {
    let installation = place.open()?;
    // An ordinary user cannot reach into the machine's installation; the helper cleans up behind itself.
    if !place.asks_polkit()
        && let Some(folder) = installation::folder(&installation)
    {
        remove_leftovers(&folder).map_err(|error| Failure::new(FailureKind::Other, &place.scope, error.to_string()))?;
    }
    match clean(&installation, &place.scope) {
        // Not for an ordinary user, and only a matter of space.
        Err(failure) if place.asks_polkit() => {
            tracing::info!("{} was not cleaned: {failure}", place.scope);
            Ok(())
        }
        cleaned => cleaned,
    }
}

/// Under Flatpak's own lock: to look at, what another program deploys at this moment is a leftover too.
fn remove_leftovers(installation: &Path) -> io::Result<()> {
    let _lock = DeployLock::take(installation)?;
    for leftover in leftovers(installation) {
        tracing::info!("removing what a broken off task left: {}", leftover.display());
        fs::remove_dir_all(&leftover)?;
    }
    remove_empty_folders(installation);
    Ok(())
}

/// Half-made and inactive deployments below `app` and `runtime`: `KIND/ID/ARCH/BRANCH/HERE`.
fn leftovers(installation: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for base in bases(installation) {
        let active = fs::read_link(base.join("active")).ok();
        let deployments = folders(&base).into_iter().filter(|path| {
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            // `.COMMIT-RANDOM` is being made, `COMMIT` is made.
            let half_made = name.strip_prefix('.').is_some_and(|rest| rest.split('-').next().is_some_and(is_commit));
            half_made || (is_commit(&name) && active.as_deref() != Some(Path::new(&name)))
        });
        found.extend(deployments);
    }
    found
}

fn bases(installation: &Path) -> Vec<PathBuf> {
    let kinds = ["app", "runtime"].map(|kind| installation.join(kind));
    let ids = kinds.iter().flat_map(|kind| folders(kind));
    ids.flat_map(|id| folders(&id)).flat_map(|arch| folders(&arch)).collect()
}

fn is_commit(name: &str) -> bool {
    name.len() == 64 && name.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Real folders only: `current` and `active` are links.
fn folders(path: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(path).into_iter().flatten().flatten();
    entries.filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir())).map(|entry| entry.path()).collect()
}

/// `app/ID/ARCH/BRANCH` from below, as far as they are empty.
fn remove_empty_folders(installation: &Path) {
    for base in bases(installation) {
        for folder in base.ancestors().take(3) {
            match fs::remove_dir(folder) {
                Ok(()) => {}
                Err(error) if error.kind() == io::ErrorKind::DirectoryNotEmpty => break,
                Err(error) => {
                    tracing::debug!("{}: {error}", folder.display());
                    break;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::symlink;

    #[test]
    fn only_what_is_half_made_or_inactive_goes() {
        let folder = tempfile::tempdir().unwrap();
        let (old, new) = ("a".repeat(64), "b".repeat(64));
        let whole = folder.path().join("app/org.a.Whole/x86_64/stable");
        for name in [&old, &new, &format!(".{new}-X1Y2"), "data"] {
            fs::create_dir_all(whole.join(name)).unwrap();
        }
        symlink(&old, whole.join("active")).unwrap();
        let never = folder.path().join("runtime/org.a.Never/x86_64/1");
        fs::create_dir_all(never.join(&new)).unwrap();
        let mut found = leftovers(folder.path());
        found.sort();
        assert_eq!(found, [whole.join(format!(".{new}-X1Y2")), whole.join(&new), never.join(&new)]);
        fs::remove_dir(never.join(&new)).unwrap();
        remove_empty_folders(folder.path());
        assert!(!folder.path().join("runtime/org.a.Never").exists());
        assert!(whole.join(&old).exists());
    }
}
