//! A note that an origin is being added. Where the adding was broken off (a crash, a power cut) the next engine knows by
//! it that the origin was not there before, and takes it away again.

use crate::installation::Place;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use strata_model::{Failure, FailureKind};
use strata_platform::Environment;
use strata_platform::files::replace_durably;

/// The note about one origin of an installation; a file whose name says all of it.
#[derive(Clone, Debug)]
pub(crate) struct Note {
    path: PathBuf,
    /// The origin.
    pub(crate) name: String,
}

impl Note {
    pub(crate) fn new(environment: &Environment, place: &Place, name: &str) -> Self {
        let path = folder(environment).join(format!("{}{name}", before_name(place)));
        Self { path, name: name.to_owned() }
    }

    /// The notes that are there about an installation.
    pub(crate) fn left(environment: &Environment, place: &Place) -> Vec<Self> {
        let folder = folder(environment);
        let files = fs::read_dir(&folder).into_iter().flatten().flatten();
        let names = files.filter_map(|file| file.file_name().into_string().ok());
        let names = names.filter_map(|file| Some(file.strip_prefix(&before_name(place))?.to_owned()));
        names.map(|name| Self::new(environment, place, &name)).collect()
    }

    pub(crate) fn write(&self) -> Result<(), Failure> {
        replace_durably(&self.path, b"").map_err(|error| {
            let kind =
                if error.kind() == io::ErrorKind::StorageFull { FailureKind::NoSpace } else { FailureKind::Other };
            Failure::new(kind, &self.name, format!("{}: {error}", self.path.display()))
        })
    }

    pub(crate) fn clear(&self) {
        match fs::remove_file(&self.path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                tracing::warn!("{}: {error}", self.path.display());
            }
            _ => {}
        }
    }
}

fn folder(environment: &Environment) -> PathBuf {
    Path::new(&environment.data).join("adding")
}

/// A colon is in no origin's name.
fn before_name(place: &Place) -> String {
    format!("{}:", place.scope)
}
