//! The folder that a simulated system lies in.

use super::config::Config;
use super::description::System;
use super::image;
use super::state::State;
use crate::DemoError;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// The folder, which is also the root that Strata looks below for the system's own files: `system.toml` describes it,
/// `state.json` is how it is now, `etc/rpm-ostreed.conf` is the daemon's configuration, and `transaction.sock` is made
/// for each transaction.
#[derive(Clone, Debug)]
pub struct Store {
    folder: PathBuf,
}

impl Store {
    /// The one in this folder.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into() }
    }

    /// Makes a system in the folder.
    ///
    /// # Errors
    /// [`DemoError::File`].
    pub fn create(&self, system: &System, state: Option<&State>, config: &Config) -> Result<(), DemoError> {
        let text = toml::to_string(system).map_err(|error| DemoError::Description(error.to_string()))?;
        write(&self.folder.join("system.toml"), &text)?;
        let deployments = self.deployments();
        fs::create_dir_all(&deployments).map_err(DemoError::file(&deployments))?;
        for (folder, file, text) in
            [("etc", "rpm-ostreed.conf", config.text()), ("run", "ostree-booted", String::new())]
        {
            let folder = self.folder.join(folder);
            fs::create_dir_all(&folder).map_err(DemoError::file(&folder))?;
            write(&folder.join(file), &text)?;
        }
        if let Some(state) = state {
            write(&self.folder.join("state.json"), &json(state))?;
        }
        let state = self.state(system)?;
        image::write_booted(&self.folder, system, &state)?;
        image::write_others(&self.folder, system, &state)
    }

    /// Another image runs now, or the same again.
    pub(super) fn booted(&self, system: &System, state: &State) {
        if let Err(error) = write(&self.folder.join("run/ostree-booted"), "") {
            tracing::warn!(%error, "nobody sees that the system was started");
        }
        if let Err(error) = image::write_booted(&self.folder, system, state) {
            tracing::warn!(%error, "nobody sees what the system consists of");
        }
    }

    /// Where the configuration lies.
    pub fn configuration(&self) -> PathBuf {
        self.folder.join("etc/rpm-ostreed.conf")
    }

    pub(super) fn system(&self) -> Result<System, DemoError> {
        let path = self.folder.join("system.toml");
        let text = fs::read_to_string(&path).map_err(DemoError::file(&path))?;
        let mut system: System = toml::from_str(&text).map_err(|error| DemoError::Description(error.to_string()))?;
        // Once is enough: the next one is whole.
        if self.folder.join("died").exists() {
            system.manners.dies_at = None;
        }
        Ok(system)
    }

    /// How it is now; how it begins, if nothing was kept yet.
    pub(super) fn state(&self, system: &System) -> Result<State, DemoError> {
        let path = self.folder.join("state.json");
        if !path.exists() {
            return super::begin::state(system);
        }
        let text = fs::read_to_string(&path).map_err(DemoError::file(&path))?;
        serde_json::from_str(&text).map_err(|error| DemoError::Description(error.to_string()))
    }

    pub(super) fn config(&self) -> Config {
        Config::read(&self.configuration())
    }

    pub(super) fn socket(&self) -> PathBuf {
        self.folder.join("transaction.sock")
    }

    pub(super) fn address(&self) -> String {
        format!("unix:path={}", self.socket().display())
    }

    /// What OSTree touches when the deployments change.
    fn deployments(&self) -> PathBuf {
        self.folder.join("ostree/deploy")
    }

    /// Keeps the state for the next process.
    pub(super) fn keep(&self, system: &System, state: &State) {
        let path = self.folder.join("state.json");
        let new = self.folder.join("state.new");
        let kept = write(&new, &json(state)).and_then(|()| fs::rename(&new, &path).map_err(DemoError::file(&path)));
        if let Err(error) = image::write_others(&self.folder, system, state) {
            tracing::warn!(%error, "nobody sees what the other deployments consist of");
        }
        let touched = fs::File::open(self.deployments()).and_then(|mark| mark.set_modified(SystemTime::now()));
        if let Err(error) = touched {
            tracing::warn!(%error, "nobody sees that the deployments changed");
        }
        if let Err(error) = kept {
            tracing::warn!(%error, "the state is not kept");
        }
    }

    /// Remembers that it died as it was told to.
    pub(super) fn died(&self) {
        if let Err(error) = write(&self.folder.join("died"), "") {
            tracing::warn!(%error, "it will die again");
        }
    }
}

fn json(state: &State) -> String {
    serde_json::to_string(state).unwrap_or_default()
}

fn write(path: &Path, text: &str) -> Result<(), DemoError> {
    fs::write(path, text).map_err(DemoError::file(path))
}
