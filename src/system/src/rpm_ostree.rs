//! rpm-ostree's daemon as the backend of the system.

use crate::answer::answered;
use crate::authority;
use crate::call::Call;
use crate::daemon::{Daemon, Session, unreadable};
use crate::dry_run::says_unchanged;
use crate::packages::{differences, found, split};
use crate::pin;
use crate::planned::is_live;
use crate::refusal::Refusal;
use crate::renewed;
use crate::state::{self, Circumstances};
use crate::transaction::{Ended, Wish};
use crate::updaters;
use crate::wishes;
use async_trait::async_trait;
use std::sync::Arc;
use strata_engine::{Reporter, SystemBackend, SystemChange, SystemOutcome};
use strata_model::plan::SystemPlan;
use strata_model::system::{Ability, Capabilities, Repository, SystemObstacle};
use strata_model::system_update::{FoundPackage, PackageChange};
use strata_model::{Deployment, Failure, FailureKind, Progress, Stage, Stop, System, SystemUpdate};
use strata_platform::{Environment, layering};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use zvariant::{Array, OwnedValue};

/// The system, kept by rpm-ostree's daemon. Cheap to make: nobody is reached before something is asked.
#[derive(Debug)]
pub struct RpmOstree {
    pub(crate) daemon: Arc<Daemon>,
}

impl RpmOstree {
    /// The system that the environment describes.
    pub fn new(environment: Arc<Environment>) -> Self {
        Self::of(Daemon::new(environment))
    }

    /// The system that this daemon keeps.
    pub fn of(daemon: Arc<Daemon>) -> Self {
        Self { daemon }
    }

    /// What came of a live change that failed: the daemon stages first and then changes what runs, and the first may stay.
    async fn staged_only(&self, session: &Session, before: &System, failure: Failure) -> Stop {
        match self.read(session).await {
            Ok(now) if shape(&before.deployments) != shape(&now.deployments) => {
                Failure::new(FailureKind::RestartNeeded, failure.subject, failure.detail).into()
            }
            _ => failure.into(),
        }
    }

    /// Why there is nothing to show or do, if so. Wakes nobody.
    async fn obstacle(&self) -> Option<SystemObstacle> {
        let here = self.daemon.environment();
        if here.sandboxed {
            return Some(SystemObstacle::Sandboxed);
        }
        let bus = self.daemon.bus().await;
        if bus.as_ref().is_ok_and(|bus| bus.is_running()) {
            return None;
        }
        if !here.ostree_booted().exists() {
            return Some(SystemObstacle::NotImageBased);
        }
        let (startable, absent) = match bus {
            Ok(bus) => (bus.is_activatable().await.unwrap_or_default(), SystemObstacle::NoDaemon),
            Err(failure) => {
                tracing::info!("the system bus cannot be reached: {failure}");
                (false, SystemObstacle::NoSystemBus)
            }
        };
        let missing = if here.bootc().exists() { SystemObstacle::BootcOnly } else { absent };
        (!startable).then_some(missing)
    }

    fn layering(&self) -> Option<SystemObstacle> {
        layering::ruled_out(self.daemon.environment())
    }

    /// A session, or why nothing can be done.
    pub(crate) async fn session(&self) -> Result<Session, Failure> {
        match self.obstacle().await {
            Some(obstacle) => Err(not_offered(obstacle)),
            None => self.daemon.session().await.map_err(Refusal::failure),
        }
    }

    /// A session, and the system before something is done in it.
    async fn begin(&self) -> Result<(Session, System), Failure> {
        let session = self.session().await?;
        let before = self.read(&session).await.map_err(Refusal::failure)?;
        Ok((session, before))
    }

    async fn look(&self) -> Result<System, Refusal> {
        if let Some(obstacle) = self.obstacle().await {
            return Ok(System::missing(obstacle));
        }
        match self.daemon.session().await {
            Ok(session) => self.read(&session).await,
            // What was known of the bus may have been out of date.
            Err(refusal) => match self.obstacle().await {
                Some(obstacle) => Ok(System::missing(obstacle)),
                None => Err(refusal),
            },
        }
    }

    async fn read(&self, session: &Session) -> Result<System, Refusal> {
        let (sysroot, os) = session.properties().await?;
        let Some(os) = os else { return Ok(System::missing(SystemObstacle::NotImageBased)) };
        let root = rustix::process::geteuid().is_root();
        let pkexec = self.daemon.environment().pkexec().exists();
        let here = Circumstances { layering: self.layering(), root, pkexec };
        let mut system = state::system(&sysroot, &os, here);
        self.name_renewed(session, &mut system).await;
        system.updaters = updaters::updaters(&session.bus.connection).await;
        if let Some(running) = &mut system.running {
            session.describe(running).await;
        }
        Ok(system)
    }

    /// Names the deployment that an update of layered packages alone waits as. Whoever may not ask is offered it again.
    async fn name_renewed(&self, session: &Session, system: &mut System) {
        let Some((booted, pending)) = renewed::in_question(system) else { return };
        match differing_unasked(session, &booted, &pending).await {
            Ok(changes) => {
                if let Some(update) = system.update.as_mut().filter(|update| renewed::is_in(update, &changes)) {
                    update.deployment = pending;
                }
            }
            Err(failure) => tracing::info!(%failure, "nobody says whether the update waits already"),
        }
    }

    /// Asks what needs no transaction. A question that is broken off goes on in the daemon, and its answer is dropped.
    async fn question(&self, call: Call, cancel: &CancellationToken) -> Result<OwnedValue, Stop> {
        let session = self.session().await?;
        let answer = tokio::select! {
            () = cancel.cancelled() => return Err(Stop::Cancelled),
            answer = session.call(&call) => answer,
        };
        Ok(value(answer, &call.method)?)
    }

    /// Pins are OSTree's own, and made by its program.
    async fn pin(
        &self,
        deployment: &str,
        pinned: bool,
        reporter: &Reporter,
        cancel: &CancellationToken,
    ) -> Result<SystemOutcome, Stop> {
        let session = self.session().await?;
        // None of our own moves the deployments meanwhile, and what others do is waited for.
        let _lane = self.daemon.lane.lock().await;
        reporter.report(Progress { stage: Stage::Waiting, ..Progress::default() });
        tokio::select! {
            () = cancel.cancelled() => return Err(Stop::Cancelled),
            free = session.free() => free.map_err(Refusal::failure)?,
        };
        let before = self.read(&session).await.map_err(Refusal::failure)?;
        if !pin::pin(self.daemon.environment(), &before, deployment, pinned, cancel).await? {
            return Ok(SystemOutcome { changed: false, system: before });
        }
        let mut activity = session.bus.activity();
        for _ in 0..pin::LOOKS {
            activity.borrow_and_update();
            let system = self.read(&session).await.map_err(Refusal::failure)?;
            if pin::is_so(&system, deployment, pinned) {
                return Ok(SystemOutcome { changed: true, system });
            }
            // The daemon notices by itself, in its own time.
            let _ = tokio::time::timeout(pin::BETWEEN, activity.changed()).await;
        }
        Err(Failure::new(FailureKind::Other, deployment, "ostree says that it is pinned or unpinned, and it is not")
            .into())
    }
}

#[async_trait]
impl SystemBackend for RpmOstree {
    async fn capabilities(&self) -> Capabilities {
        if let Some(obstacle) = self.obstacle().await {
            return Capabilities::missing(obstacle);
        }
        let mut capabilities = Capabilities::default();
        if let Some(obstacle) = self.layering() {
            capabilities.refuse(Ability::Install, obstacle);
        }
        capabilities
    }

    async fn state(&self) -> Result<System, Failure> {
        match self.look().await {
            Err(Refusal::Missing(detail)) => {
                tracing::info!("there is no update daemon: {detail}");
                Ok(System::missing(SystemObstacle::NoDaemon))
            }
            read => read.map_err(Refusal::failure),
        }
    }

    async fn check(&self, reporter: &Reporter, cancel: &CancellationToken) -> Result<Option<SystemUpdate>, Stop> {
        let (session, before) = answered(reporter, cancel, self.begin()).await?;
        let wish = Wish { layered: layered(&before.deployments), ..wishes::check() };
        self.daemon.carry_out(wish, reporter, cancel).await?;
        Ok(self.read(&session).await.map_err(Refusal::failure)?.update)
    }

    async fn plan(&self, change: &SystemChange, cancel: &CancellationToken) -> Result<SystemPlan, Stop> {
        let restart = |restart_needed| SystemPlan { restart_needed, ..SystemPlan::default() };
        let looked = async {
            match change {
                SystemChange::Update => self.plan_update().await,
                SystemChange::RollBack => self.plan_roll_back().await,
                SystemChange::Deploy { .. } => Ok(restart(true)),
                SystemChange::Packages(_)
                | SystemChange::CleanUp(_)
                | SystemChange::ApplyLive
                | SystemChange::Pin { .. }
                | SystemChange::SwitchRepository { .. }
                | SystemChange::RefreshPackages => Ok(restart(false)),
            }
        };
        match change {
            // Tried by the daemon, which has to be told to stop, and is waited for.
            SystemChange::Packages(set) => self.plan_packages(set, change, cancel).await,
            _ => cancel.run_until_cancelled(looked).await.unwrap_or(Err(Stop::Cancelled)),
        }
    }

    async fn run(
        &self,
        change: &SystemChange,
        reporter: &Reporter,
        cancel: &CancellationToken,
    ) -> Result<SystemOutcome, Stop> {
        if let SystemChange::Pin { deployment, pinned } = change {
            return self.pin(deployment, *pinned, reporter, cancel).await;
        }
        let mut wish = wishes::wish_for(change, false)?;
        let (session, before) = answered(reporter, cancel, self.begin()).await?;
        if matches!(change, SystemChange::Update | SystemChange::Deploy { .. } | SystemChange::Packages(_)) {
            wish.layered = layered(&before.deployments);
        }
        let Ended { began, remarks } = match self.daemon.carry_out(wish, reporter, cancel).await {
            Err(Stop::Failed(failure)) if is_live(change) => {
                return Err(self.staged_only(&session, &before, failure).await);
            }
            ended => ended?,
        };
        let system = self.read(&session).await.map_err(Refusal::failure)?;
        let said = remarks.iter().any(|remark| says_unchanged(remark));
        let changed = began && shape(&before.deployments) != shape(&system.deployments);
        tracing::debug!(changed, said, "{change:?}");
        Ok(SystemOutcome { changed, system })
    }

    async fn follow(&self, reporter: &Reporter, cancel: &CancellationToken) -> Result<(), Stop> {
        self.session().await?;
        self.daemon.follow(reporter, cancel).await
    }

    async fn repositories(&self) -> Result<Vec<Repository>, Failure> {
        let session = self.session().await?;
        let answer = value(session.call(&Call::os("ListRepos")).await, "ListRepos")?;
        Ok(state::repositories(&answer))
    }

    async fn search(&self, words: &[String], cancel: &CancellationToken) -> Result<Vec<FoundPackage>, Stop> {
        let words: Vec<String> = words.iter().filter(|word| !word.trim().is_empty()).cloned().collect();
        if words.is_empty() {
            // To the daemon an error.
            return Ok(Vec::new());
        }
        let answer = self.question(Call::os("Search").with(Array::from(words)), cancel).await?;
        Ok(found(&answer))
    }

    async fn packages(&self, names: &[String], cancel: &CancellationToken) -> Result<Vec<FoundPackage>, Stop> {
        if names.is_empty() {
            return Ok(Vec::new());
        }
        let answer = self.question(Call::os("GetPackages").with(Array::from(names.to_vec())), cancel).await?;
        Ok(found(&answer))
    }

    async fn differences(&self, from: &str, to: &str) -> Result<Vec<PackageChange>, Failure> {
        differing(&self.session().await?, from, to).await
    }

    async fn differences_unasked(&self, from: &str, to: &str) -> Result<Vec<PackageChange>, Failure> {
        differing_unasked(&self.session().await?, from, to).await
    }

    fn changes(&self) -> watch::Receiver<u64> {
        self.daemon.changes()
    }
}

/// What differs between two deployments.
async fn differing(session: &Session, from: &str, to: &str) -> Result<Vec<PackageChange>, Failure> {
    let call = Call::os("GetDeploymentsRpmDiff").with(from.to_owned()).with(to.to_owned());
    let answer = value(session.call(&call).await, "GetDeploymentsRpmDiff")?;
    Ok(differences(&answer))
}

/// The same where nobody is to be asked for a password: the daemon would ask in any case.
async fn differing_unasked(session: &Session, from: &str, to: &str) -> Result<Vec<PackageChange>, Failure> {
    if authority::may_unasked(&session.bus, "repo-refresh").await {
        return differing(session, from, to).await;
    }
    Err(Failure::new(FailureKind::NotAuthorised, "", "polkit would ask for a password"))
}

/// The one value of an answer.
fn value(answer: Result<zbus::Message, Refusal>, method: &str) -> Result<OwnedValue, Failure> {
    let read = answer.and_then(|message| {
        let body = message.body();
        let structure = body.deserialize::<zvariant::Structure<'_>>();
        let first = structure.map(|structure| structure.into_fields().into_iter().next());
        let first = first.map_err(|error| unreadable(method, &error))?;
        let first = first.ok_or_else(|| unreadable(method, &"an empty answer"))?;
        first.try_into_owned().map_err(|error| unreadable(method, &error))
    });
    read.map_err(Refusal::failure)
}

/// The names of what is layered from the next start on: what blocks an update is one of these.
pub(crate) fn layered(deployments: &[Deployment]) -> Vec<String> {
    let Some(first) = deployments.first() else { return Vec::new() };
    let local = first.local.iter().map(|package| split(package).0.to_owned());
    first.requested.iter().cloned().chain(local).collect()
}

/// What of the deployments a change is seen by.
fn shape(deployments: &[Deployment]) -> Vec<(&str, bool, bool, &str)> {
    deployments.iter().map(|one| (one.id.as_str(), one.staged, one.pinned, one.live.as_str())).collect()
}

/// An obstacle as the failure of whoever tried all the same.
pub(crate) fn not_offered(obstacle: SystemObstacle) -> Failure {
    let kind = match obstacle {
        SystemObstacle::NoDaemon => FailureKind::NoDaemon,
        SystemObstacle::NoSystemBus => FailureKind::NoSystemBus,
        SystemObstacle::LayeringLocked => FailureKind::LayeringLocked,
        SystemObstacle::LayeringRefused | SystemObstacle::UpdaterRefuses => FailureKind::LayeringRefused,
        SystemObstacle::Staged => FailureKind::Staged,
        SystemObstacle::NoEarlier => FailureKind::NoEarlierSystem,
        _ => FailureKind::NotOffered,
    };
    Failure::new(kind, "", obstacle.sentence())
}
