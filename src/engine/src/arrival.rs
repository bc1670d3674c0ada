//! Another system after a restart: what runs is kept in a file, so that it is noticed when something else does.

use crate::guard::{guarded, guarded_blocking};
use crate::system::SystemBackend;
use serde::{Deserialize, Serialize};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use strata_model::snapshot::SystemArrival;
use strata_model::system_update::PackageChange;
use strata_model::{Deployment, System};
use strata_platform::{Environment, files};

/// Largest file that is read, in bytes; every package of a system has a hundred or two.
const MAX_FILE: u64 = 16 << 20;

/// What was kept when the system was last read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Kept {
    /// What ran. Another one that runs came with a restart.
    running: Ran,
    /// What was to be started next, where it is known what that changes.
    next: Option<Next>,
    /// What came with the last restart, until somebody has seen it.
    arrived: Option<Arrived>,
}

/// A deployment that ran.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Ran {
    deployment: String,
    os: String,
    version: String,
}

/// A deployment that waits for a restart.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Next {
    deployment: String,
    changes: Vec<PackageChange>,
}

/// What came, and the deployment that ran before.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Arrived {
    before: String,
    arrival: SystemArrival,
    /// Both were compared. Until then it is what was expected of it.
    is_compared: bool,
}

impl Arrived {
    /// Asks what differs between what ran before and what runs.
    async fn compare(&mut self, booted: &Deployment, backend: Arc<dyn SystemBackend>) {
        let (before, now) = (self.before.clone(), booted.id.clone());
        let asked = guarded("", async move { backend.differences_unasked(&before, &now).await }).await;
        match asked.and_then(|answer| answer) {
            Ok(changes) => {
                (self.arrival.changes, self.arrival.changes_known) = (changes, true);
                self.is_compared = true;
            }
            Err(failure) => tracing::info!(%failure, "nobody says what came with the restart"),
        }
    }
}

/// What came with the last restart, until somebody has seen it.
#[derive(Debug)]
pub(crate) struct Arrivals {
    path: PathBuf,
    arrived: Mutex<Option<SystemArrival>>,
    /// How often somebody has seen it.
    seen: AtomicUsize,
}

impl Arrivals {
    pub(crate) fn new(environment: &Environment) -> Self {
        Self { path: environment.data.join("running.json"), arrived: Mutex::default(), seen: AtomicUsize::default() }
    }

    fn lock(&self) -> MutexGuard<'_, Option<SystemArrival>> {
        self.arrived.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn arrived(&self) -> Option<SystemArrival> {
        self.lock().clone()
    }

    /// Looks whether something else runs than when it was last looked, and what is different in it.
    pub(crate) async fn look(&self, system: &System, backend: Arc<dyn SystemBackend>) {
        let Some(booted) = system.booted() else { return };
        let (path, seen) = (self.path.clone(), self.seen.load(Ordering::SeqCst));
        let known = guarded_blocking("running.json", move || read(&path)).await.ok().flatten();
        let mut now = since(known.as_ref(), booted, system);
        let is_there = |arrived: &&mut Arrived| system.deployments.iter().any(|one| one.id == arrived.before);
        if let Some(arrived) = now.arrived.as_mut().filter(is_there).filter(|arrived| !arrived.is_compared) {
            arrived.compare(booted, backend).await;
        }
        // The daemon may have taken its time.
        now.arrived.take_if(|_| self.seen.load(Ordering::SeqCst) != seen);
        *self.lock() = now.arrived.as_ref().map(|arrived| arrived.arrival.clone());
        if known.as_ref() != Some(&now) {
            self.keep(now).await;
        }
    }

    /// It was seen.
    pub(crate) async fn seen(&self) {
        if self.lock().take().is_none() {
            return;
        }
        self.seen.fetch_add(1, Ordering::SeqCst);
        let path = self.path.clone();
        let known = guarded_blocking("running.json", move || read(&path)).await.ok().flatten();
        if let Some(known) = known {
            self.keep(Kept { arrived: None, ..known }).await;
        }
    }

    async fn keep(&self, kept: Kept) {
        let path = self.path.clone();
        let write = move || files::replace(&path, &serde_json::to_vec(&kept).map_err(io::Error::from)?);
        let written = guarded_blocking("running.json", write).await;
        let unkept =
            written.map_err(|failure| failure.detail).and_then(|written| written.map_err(|error| error.to_string()));
        if let Err(detail) = unkept {
            tracing::warn!(detail, "what runs cannot be kept, nor what was seen of it");
        }
    }
}

fn read(path: &Path) -> Option<Kept> {
    serde_json::from_slice(&files::read_bounded(path, MAX_FILE).ok()?).ok()
}

/// What is to be kept of a system, after what was kept before.
fn since(known: Option<&Kept>, booted: &Deployment, system: &System) -> Kept {
    let (deployment, os, version) = (booted.id.clone(), booted.os.clone(), booted.version.clone());
    let running = Ran { deployment, os, version };
    let Some(known) = known else { return Kept { running, next: next(system), arrived: None } };
    // Of two systems on one machine each has its own past.
    let is_other = known.running.deployment != running.deployment && known.running.os == running.os;
    let arrived = if is_other { Some(arrived(known, booted)) } else { known.arrived.clone() };
    Kept { running, next: next(system), arrived }
}

/// Something else runs than before.
fn arrived(known: &Kept, booted: &Deployment) -> Arrived {
    let expected = known.next.as_ref().filter(|next| next.deployment == booted.id);
    let arrival = SystemArrival {
        from_version: known.running.version.clone(),
        to_version: booted.version.clone(),
        changes: expected.map(|next| next.changes.clone()).unwrap_or_default(),
        changes_known: expected.is_some(),
    };
    Arrived { before: known.running.deployment.clone(), arrival, is_compared: false }
}

/// What is started next and what it changes, where the update that it is says all of that.
fn next(system: &System) -> Option<Next> {
    // What is held back now may be let go before the restart.
    let pending = system.awaited().or(system.held_back())?;
    // What was layered on it since is not among what the update changes.
    let beside =
        |one: &Deployment| (one.requested.clone(), one.local.clone(), one.removed.clone(), one.replaced.clone());
    system.booted().filter(|booted| beside(booted) == beside(pending))?;
    let update = system.update.as_ref().filter(|update| update.deployment == pending.id && update.changes_known)?;
    Some(Next { deployment: pending.id.clone(), changes: update.changes.clone() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use strata_model::SystemUpdate;

    fn deployment(id: &str) -> Deployment {
        Deployment { id: id.to_owned(), os: "orchard".to_owned(), version: format!("v-{id}"), ..Deployment::default() }
    }

    fn running(id: &str, os: &str) -> Deployment {
        Deployment { booted: true, os: os.to_owned(), ..deployment(id) }
    }

    fn told(known: &Kept, booted: &Deployment) -> Option<SystemArrival> {
        let system = System { deployments: vec![booted.clone()], ..System::default() };
        since(Some(known), booted, &system).arrived.map(|arrived| arrived.arrival)
    }

    #[test]
    fn something_else_that_runs_came_with_a_restart() {
        let update = SystemUpdate {
            deployment: "next".to_owned(),
            changes: vec![PackageChange { name: "firefox".to_owned(), ..PackageChange::default() }],
            changes_known: true,
            ..SystemUpdate::default()
        };
        let deployments = vec![Deployment { staged: true, ..deployment("next") }, running("now", "orchard")];
        let system = System { deployments, update: Some(update.clone()), ..System::default() };
        let known = since(None, &running("now", "orchard"), &system);
        assert_eq!(known.arrived, None, "nobody has looked before");
        assert_eq!(told(&known, &running("now", "orchard")), None, "the same runs");
        assert_eq!(told(&known, &running("next", "meadow")), None, "another system on this machine");
        let came = told(&known, &running("next", "orchard")).unwrap();
        assert_eq!((&*came.from_version, &*came.to_version, came.changes_known), ("v-now", "v-next", true));
        assert_eq!(came.changes, update.changes);
        let mut layered = system;
        layered.deployments[0].requested = vec!["fish".to_owned()];
        assert_eq!(next(&layered), None, "the update does not say what else comes");
        let other = told(&known, &running("layered", "orchard")).unwrap();
        assert_eq!((other.changes_known, other.changes.len()), (false, 0), "something came on top of it");
    }
}
