//! Another system after a restart: what waits for one is kept in a file, and found again when it runs.

use crate::guard::guarded_blocking;
use serde::{Deserialize, Serialize};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use strata_model::System;
use strata_model::snapshot::SystemArrival;
use strata_platform::{Environment, files};

/// Largest file that is read, in bytes; every package of a system has a hundred or two.
const MAX_FILE: u64 = 16 << 20;

/// What waits for a restart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Kept {
    /// The deployment that is started next. It is not the one that runs: when it runs, there was a restart.
    deployment: String,
    arrival: SystemArrival,
}

/// What came with the last restart, until somebody has seen it.
#[derive(Debug)]
pub(crate) struct Arrivals {
    path: PathBuf,
    arrived: Mutex<Option<SystemArrival>>,
}

impl Arrivals {
    pub(crate) fn new(environment: &Environment) -> Self {
        Self { path: environment.data.join("staged.json"), arrived: Mutex::default() }
    }

    fn lock(&self) -> MutexGuard<'_, Option<SystemArrival>> {
        self.arrived.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn arrived(&self) -> Option<SystemArrival> {
        self.lock().clone()
    }

    /// Looks whether what was kept runs, and keeps what waits now.
    pub(crate) async fn look(self: &Arc<Self>, system: System) {
        let this = Arc::clone(self);
        let looked = guarded_blocking("staged.json", move || this.note(&system)).await;
        let unkept =
            looked.map_err(|failure| failure.detail).and_then(|noted| noted.map_err(|error| error.to_string()));
        if let Err(detail) = unkept {
            tracing::warn!(detail, "what waits for a restart cannot be kept");
        }
    }

    fn note(&self, system: &System) -> io::Result<()> {
        let kept = read(&self.path);
        let runs = |kept: &&Kept| system.booted().is_some_and(|booted| booted.id == kept.deployment);
        if let Some(kept) = kept.as_ref().filter(runs) {
            *self.lock() = Some(kept.arrival.clone());
            // The file stays until it was seen: an engine may leave before.
            return Ok(());
        }
        match (waiting(system), kept) {
            (Some(now), before) if before.as_ref() != Some(&now) => {
                files::replace(&self.path, &serde_json::to_vec(&now)?)
            }
            (None, Some(_)) => self.forget(),
            _ => Ok(()),
        }
    }

    /// It was seen.
    pub(crate) async fn seen(self: &Arc<Self>) {
        let this = Arc::clone(self);
        let forgotten = guarded_blocking("staged.json", move || {
            let had = this.lock().take().is_some();
            if had { this.forget() } else { Ok(()) }
        });
        if let Ok(Err(error)) = forgotten.await {
            tracing::warn!(%error, "what was seen will be shown again");
        }
    }

    fn forget(&self) -> io::Result<()> {
        std::fs::remove_file(&self.path)
    }
}

fn read(path: &Path) -> Option<Kept> {
    serde_json::from_slice(&files::read_bounded(path, MAX_FILE).ok()?).ok()
}

/// What is to be kept of a system that waits for a restart.
fn waiting(system: &System) -> Option<Kept> {
    // What is held back now may be let go before the restart.
    let (pending, booted) = (system.awaited().or(system.held_back())?, system.booted()?);
    let update = system.update.as_ref().filter(|update| update.deployment == pending.id && update.changes_known);
    let changes = update.map(|update| update.changes.clone()).unwrap_or_default();
    let (from_version, to_version) = (booted.version.clone(), pending.version.clone());
    Some(Kept { deployment: pending.id.clone(), arrival: SystemArrival { from_version, to_version, changes } })
}
