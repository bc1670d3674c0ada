//! The system as a source: what is layered on it is what is installed, and everything that is asked of it goes through
//! the engine's queue.

use crate::answer::answered;
use crate::header::Package;
use crate::layered::{layered, leaves};
use crate::local;
use crate::open;
use crate::planned::{self, Asked, ability, asked, is_live};
use crate::rpm_ostree::not_offered;
use async_trait::async_trait;
use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use strata_engine::{Outcome, Reporter, Source, SourceState, SystemBackend, SystemChange, SystemOutcome};
use strata_model::feed::Feed;
use strata_model::plan::WarningKind;
use strata_model::snapshot::{Origin, SystemStatus};
use strata_model::system::{Capabilities, Repository, SystemObstacle};
use strata_model::{Action, Failure, FailureKind, Installed, OfferId, Plan, Request, SourceKind, Stop, System};
use strata_platform::Environment;
use strata_platform::witness::{self, Witness};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

/// How long the system bus may take to say whether there is a daemon. All faces wait for it at their start.
const PATIENCE: Duration = Duration::from_secs(3);

/// The one lane: the daemon does one thing at a time.
const LANE: &str = "system";

/// The system's packages. Its daemon is not started before somebody wants to see or change something.
#[derive(Debug)]
pub struct Packages {
    backend: Arc<dyn SystemBackend>,
    environment: Arc<Environment>,
    /// Somebody wanted to.
    awake: AtomicBool,
    known: Mutex<Known>,
}

/// As it was last read.
#[derive(Default)]
struct Known {
    ready: bool,
    system: System,
    repositories: Vec<Repository>,
    /// Taken before it was read.
    witnesses: Vec<Witness>,
}

impl fmt::Debug for Known {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Known").field("ready", &self.ready).finish_non_exhaustive()
    }
}

impl Packages {
    /// The packages of a system. Reaches nobody.
    pub fn new(backend: Arc<dyn SystemBackend>, environment: Arc<Environment>) -> Self {
        Self { backend, environment, awake: AtomicBool::new(false), known: Mutex::default() }
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What can be known without starting anything.
    async fn capabilities(&self) -> Capabilities {
        let told = tokio::time::timeout(PATIENCE, self.backend.capabilities()).await;
        told.unwrap_or_else(|_| {
            tracing::warn!("the system bus does not answer");
            Capabilities::missing(SystemObstacle::NoSystemBus)
        })
    }

    /// What an engine before this one read, if nothing has changed since.
    async fn kept(&self) -> Option<Vec<Installed>> {
        let environment = Arc::clone(&self.environment);
        tokio::task::spawn_blocking(move || witness::read_layered(&environment)).await.ok().flatten()
    }

    /// Reads the system; what was known stays when that fails.
    async fn read(&self) -> Option<Failure> {
        let mut witnesses: Vec<Witness> =
            self.environment.deployment_marks().iter().map(|mark| Witness::of(mark)).collect();
        let start = Witness::of(&self.environment.ostree_booted());
        let system = match self.backend.state().await {
            Ok(system) => system,
            Err(failure) => {
                tracing::warn!(%failure, "the system cannot be read");
                return Some(failure);
            }
        };
        // What leaves is gone after a start, which touches no deployment.
        witnesses.extend(layered(&system).iter().any(|one| one.leaving).then_some(start));
        let mut repositories = Vec::new();
        if system.capabilities.obstacle.is_none() {
            let told = self.backend.repositories().await;
            let unsaid = |failure: &Failure| tracing::info!(%failure, "nobody says where packages come from");
            repositories = told.inspect_err(unsaid).unwrap_or_default();
        }
        *self.known() = Known { ready: true, system, repositories, witnesses };
        None
    }

    /// The system, if the change can be made there.
    async fn offered(&self, request: &Request, change: &SystemChange) -> Result<System, Failure> {
        let system = self.backend.state().await?;
        match ability(change).and_then(|ability| system.capabilities.refusal(ability)).or(system.capabilities.obstacle)
        {
            Some(SystemObstacle::NotImageBased) if !request.action.is_of_system() => Err(Failure::new(
                FailureKind::NoBackend,
                planned::subject(request),
                SystemObstacle::NotImageBased.sentence(),
            )),
            Some(obstacle) => Err(not_offered(obstacle)),
            // The daemon would stage it first, and then not be able to change what runs.
            None if is_live(change) && system.pending().is_some_and(|pending| !system.is_same_version(pending)) => {
                let detail = "another version of the system waits for the restart";
                Err(Failure::new(FailureKind::RestartNeeded, planned::subject(request), detail))
            }
            None => Ok(system),
        }
    }
}

#[async_trait]
impl Source for Packages {
    fn kind(&self) -> SourceKind {
        SourceKind::Package
    }

    fn lane(&self, _: &Request) -> String {
        LANE.to_owned()
    }

    async fn state(&self) -> Result<SourceState, Failure> {
        let failure = if self.awake.load(Ordering::SeqCst) { self.read().await } else { None };
        if !self.known().ready {
            let capabilities = self.capabilities().await;
            self.known().system.capabilities = capabilities;
        }
        let kept = if self.known().ready { None } else { self.kept().await };
        let known = self.known();
        let Known { ready, system, repositories, witnesses } = &*known;
        Ok(SourceState {
            installed: kept.unwrap_or_else(|| layered(system)),
            witnesses: witnesses.clone(),
            origins: repositories.iter().map(origin).collect(),
            system: Some(SystemStatus { ready: *ready, failure, system: system.clone(), ..SystemStatus::default() }),
            ..SourceState::default()
        })
    }

    async fn plan(&self, request: &Request, cancel: &CancellationToken) -> Result<Plan, Stop> {
        let change = match asked(request)? {
            Asked::Check => return Ok(Plan::of_package(request)),
            Asked::Change(change) => change,
        };
        let package = in_file(request).await?;
        let offered = cancel.run_until_cancelled(self.offered(request, &change)).await;
        let system = offered.ok_or(Stop::Cancelled)??;
        if request.action == Action::Remove && leaves(&system, &request.offer.reference) {
            return Ok(planned::nothing(request, WarningKind::Leaving, &planned::subject(request)));
        }
        let plan = match self.backend.plan(&change, cancel).await {
            Err(Stop::Failed(failure)) if failure.kind == FailureKind::InSystem => {
                return Ok(planned::nothing(request, WarningKind::InImage, &failure.subject));
            }
            plan => plan?,
        };
        let plan = planned::plan(request, &change, plan, &system);
        Ok(match package {
            Some(package) => planned::of_file(plan, &package),
            None => plan,
        })
    }

    async fn run(&self, request: &Request, reporter: &Reporter, cancel: &CancellationToken) -> Result<Outcome, Stop> {
        in_file(request).await?;
        self.wake();
        let change = match asked(request)? {
            Asked::Check => {
                self.backend.check(reporter, cancel).await?;
                return Ok(Outcome::default());
            }
            Asked::Change(change) => change,
        };
        answered(reporter, cancel, self.offered(request, &change)).await?;
        let SystemOutcome { changed, system } = self.backend.run(&change, reporter, cancel).await?;
        let unchanged = !changed && planned::moves_deployments(&change);
        if !planned::changes_version(&change) {
            return Ok(Outcome { unchanged, ..Outcome::default() });
        }
        let from_version = system.booted().map(|booted| booted.version.clone()).unwrap_or_default();
        let to_version = system.deployments.first().map(|next| next.version.clone()).unwrap_or_default();
        Ok(Outcome { unchanged, from_version, to_version, ..Outcome::default() })
    }

    fn go_together(&self, requests: &[Request]) -> bool {
        planned::together(requests).is_some()
    }

    async fn run_together(
        &self,
        requests: &[Request],
        reporter: &Reporter,
        cancel: &CancellationToken,
    ) -> Result<Outcome, Stop> {
        let apart = || Failure::new(FailureKind::BadRequest, "", "these are done one after the other");
        let change = SystemChange::Packages(planned::together(requests).ok_or_else(apart)?);
        for request in requests {
            in_file(request).await?;
        }
        self.wake();
        // Whoever may not add packages may take others away: what is refused is known of each.
        for request in requests {
            if let Asked::Change(change) = asked(request)? {
                answered(reporter, cancel, self.offered(request, &change)).await?;
            }
        }
        let SystemOutcome { changed, .. } = self.backend.run(&change, reporter, cancel).await?;
        Ok(Outcome { unchanged: !changed, ..Outcome::default() })
    }

    fn blamed(&self, requests: &[Request], failure: &Failure) -> Option<usize> {
        planned::blamed(requests, failure)
    }

    /// The daemon does everything whole or not at all, and takes no notice of who is gone: what it began goes on. Whether it
    /// had begun, or is done, it tells nobody afterwards.
    async fn recover(&self, request: &Request) -> Result<(), Failure> {
        match asked(request) {
            Ok(Asked::Change(_)) => {
                // Faces are to see what goes on there, and what came of it.
                self.wake();
                Err(Failure::new(FailureKind::OutOfSight, planned::subject(request), ""))
            }
            Ok(Asked::Check) | Err(_) => Ok(()),
        }
    }

    async fn launch(&self, offer: &OfferId) -> Result<(), Failure> {
        open::open(&self.environment, offer).await
    }

    /// The distribution's own lists are read from where they lie, on any system.
    async fn feeds(&self) -> Result<Vec<Feed>, Failure> {
        Ok(Vec::new())
    }

    fn changes(&self) -> watch::Receiver<u64> {
        self.backend.changes()
    }

    fn system(&self) -> Option<Arc<dyn SystemBackend>> {
        Some(Arc::clone(&self.backend))
    }

    fn wake(&self) {
        self.awake.store(true, Ordering::SeqCst);
    }
}

/// The package in the file that is to be layered: whether it is one at all is known before the daemon is asked.
async fn in_file(request: &Request) -> Result<Option<Package>, Failure> {
    if request.action != Action::InstallFile {
        return Ok(None);
    }
    let file = planned::file(request)?;
    let read = tokio::task::spawn_blocking(move || local::read(&file)).await;
    let package = read.map_err(|error| Failure::new(FailureKind::Other, &request.location, error.to_string()))?;
    package.map(Some)
}

/// Of repositories the daemon tells neither address nor signatures; it checks these itself, as their files say.
fn origin(repository: &Repository) -> Origin {
    Origin {
        source: SourceKind::Package,
        scope: OfferId::package("").scope,
        name: repository.id.clone(),
        title: repository.title.clone(),
        url: String::new(),
        priority: 0,
        enabled: repository.enabled,
        listed: false,
        signed: true,
    }
}
