//! Installations: which there are, and how they are opened.
//!
//! Where the [`Environment`] says where an installation lies, that path is opened; else libflatpak's own idea is used,
//! which it takes once from the process's variables. Extra installations are known to libflatpak alone.

use crate::blocking::NEVER;
use crate::failure::failure;
use libflatpak::glib;
use libflatpak::prelude::*;
use libflatpak::{Installation, gio};
use std::path::{Path, PathBuf};
use std::time::Duration;
use strata_model::Failure;
use strata_platform::Environment;

pub(crate) const USER: &str = "user";
pub(crate) const SYSTEM: &str = "system";

/// How often an installation that is not whole is looked at again: making one takes some milliseconds.
const LOOKS: usize = 20;
const LOOK_AGAIN: Duration = Duration::from_millis(20);

/// libflatpak's own name of the machine's installation.
const DEFAULT_ID: &str = "default";

/// An installation that can be opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    /// `user`, `system`, or an extra installation's id.
    pub(crate) scope: String,
    way: Way,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Way {
    Path { path: PathBuf, user: bool },
    User,
    System,
    Extra,
}

impl Place {
    fn new(scope: &str, path: Option<&PathBuf>) -> Self {
        let user = scope == USER;
        let way = match path {
            Some(path) => Way::Path { path: path.clone(), user },
            None if user => Way::User,
            None => Way::System,
        };
        Self { scope: scope.to_owned(), way }
    }

    /// A folder of its own, as if it were the person's: for plans that must change nothing.
    pub(crate) fn scratch(path: &Path) -> Self {
        Self { scope: "scratch".to_owned(), way: Way::Path { path: path.to_owned(), user: true } }
    }

    /// A view for reading, which never asks for a password.
    pub(crate) fn open(&self) -> Result<Installation, Failure> {
        let installation = self.open_interactive()?;
        installation.set_no_interaction(true);
        Ok(installation)
    }

    /// A view for changes, which may make polkit ask for a password.
    pub(crate) fn open_interactive(&self) -> Result<Installation, Failure> {
        let mut opened = self.opened();
        for _ in 0..LOOKS {
            if !opened.as_ref().is_err_and(|error| error.matches(gio::IOErrorEnum::NotFound)) {
                break;
            }
            // It is being made at this moment, by another program or another thread of this one.
            std::thread::sleep(LOOK_AGAIN);
            opened = self.opened();
        }
        opened.map_err(|error| failure(&error, &self.scope))
    }

    fn opened(&self) -> Result<Installation, glib::Error> {
        match &self.way {
            Way::Path { path, user } => Installation::for_path(&gio::File::for_path(path), *user, NEVER),
            Way::User => Installation::new_user(NEVER),
            Way::System => Installation::new_system(NEVER),
            Way::Extra => Installation::new_system_with_id(Some(&self.scope), NEVER),
        }
    }

    /// Changes by an ordinary user go through Flatpak's system helper, which asks polkit.
    pub(crate) fn asks_polkit(&self) -> bool {
        self.scope != USER && !rustix::process::getuid().is_root()
    }

    /// `flatpak`'s option for this installation.
    pub(crate) fn option(&self) -> String {
        match self.scope.as_str() {
            USER => "--user".to_owned(),
            SYSTEM => "--system".to_owned(),
            id => format!("--installation={id}"),
        }
    }
}

/// The folder of an installation.
pub(crate) fn folder(installation: &Installation) -> Option<PathBuf> {
    installation.path()?.path()
}

/// Where an installation's configuration stands: remotes, masks.
pub(crate) fn config(installation: &Installation) -> Option<PathBuf> {
    Some(folder(installation)?.join("repo/config"))
}

/// Every installation: the person's, the machine's, extra ones.
pub(crate) fn all(environment: &Environment) -> Vec<Place> {
    let paths = &environment.flatpak;
    let mut places = vec![Place::new(USER, paths.user.as_ref()), Place::new(SYSTEM, paths.system.as_ref())];
    places.extend(extra_ids(environment).into_iter().map(|scope| Place { scope, way: Way::Extra }));
    places
}

/// What installations gave.
#[derive(Debug)]
pub(crate) struct Found<T> {
    pub(crate) found: Vec<T>,
    /// Why one of them could not be read, if so.
    pub(crate) fault: Option<Failure>,
}

/// What each installation gives.
///
/// # Errors
/// None could be read.
pub(crate) fn each<T>(places: &[Place], read: impl Fn(&Place) -> Result<T, Failure>) -> Result<Found<T>, Failure> {
    let mut found = Vec::with_capacity(places.len());
    let mut faults = Vec::new();
    for place in places {
        match read(place) {
            Ok(one) => found.push(one),
            Err(fault) => {
                tracing::warn!("the Flatpak installation {} cannot be read: {fault}", place.scope);
                faults.push(fault);
            }
        }
    }
    match faults.pop() {
        Some(fault) if found.is_empty() => Err(fault),
        fault => Ok(Found { found, fault }),
    }
}

/// libflatpak reads the extra installations once, from the folder that the process was started with; where that is
/// not the one meant, it cannot know those that are.
fn extra_ids(environment: &Environment) -> Vec<String> {
    let started_with = std::env::var_os("FLATPAK_CONFIG_DIR").map(PathBuf::from);
    if started_with != environment.flatpak.config {
        return Vec::new();
    }
    let known = libflatpak::system_installations(NEVER).unwrap_or_else(|error: glib::Error| {
        tracing::warn!("extra Flatpak installations cannot be read: {error}");
        Vec::new()
    });
    let ids = known.iter().filter_map(InstallationExt::id);
    ids.map(String::from).filter(|id| ![DEFAULT_ID, USER, SYSTEM].contains(&id.as_str())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_installation_that_is_being_made_is_waited_for() {
        let folder = tempfile::tempdir().unwrap();
        let place = Place::scratch(folder.path());
        let _ = place.open().unwrap();
        let (objects, aside) = (folder.path().join("repo/objects"), folder.path().join("aside"));
        std::fs::rename(&objects, &aside).unwrap();
        assert!(place.opened().is_err_and(|error| error.matches(gio::IOErrorEnum::NotFound)), "it is not whole");
        let opened = std::thread::scope(|scope| {
            let opening = scope.spawn(|| place.open().is_ok());
            std::fs::rename(&aside, &objects).unwrap();
            opening.join().unwrap()
        });
        assert!(opened);
    }
}
