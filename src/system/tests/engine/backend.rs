//! A system that is told what to be, and counts who asks.

use async_trait::async_trait;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use strata_engine::{PackageSet, Reporter, SystemBackend, SystemChange, SystemOutcome};
use strata_model::plan::SystemPlan;
use strata_model::system::{Capabilities, Repository};
use strata_model::system_update::{FoundPackage, PackageChange};
use strata_model::{Deployment, Failure, FailureKind, Progress, Stage, Stop, System, SystemUpdate};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

/// What a package does follows from its name: `slow…` waits for its cancel, `carried` is in the image, `bad` and
/// `misfit` do not fit, of which the second is named.
#[derive(Debug, Default)]
pub(crate) struct Toy {
    pub(crate) system: Mutex<System>,
    pub(crate) broken: Mutex<Option<Failure>>,
    /// How often the daemon was asked for the system.
    pub(crate) asked: AtomicUsize,
    pub(crate) changes: watch::Sender<u64>,
    pub(crate) ran: Mutex<Vec<SystemChange>>,
    pub(crate) followed: AtomicUsize,
    pub(crate) differing: watch::Sender<Differing>,
}

/// What comes of asking for differences where nobody is to be asked for a password.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Differing {
    #[default]
    Told,
    Refused,
    /// Nothing, until it becomes another.
    Late,
}

pub(crate) fn deployment(id: &str, version: &str, layered: &[&str]) -> Deployment {
    let layered: Vec<String> = layered.iter().map(|name| (*name).to_owned()).collect();
    let (id, version) = (id.to_owned(), version.to_owned());
    Deployment { id, version, requested: layered.clone(), layered, ..Deployment::default() }
}

impl Toy {
    /// One booted deployment.
    pub(crate) fn new(layered: &[&str]) -> Self {
        let booted = Deployment { booted: true, ..deployment("booted", "1", layered) };
        Self { system: Mutex::new(System { deployments: vec![booted], ..System::default() }), ..Self::default() }
    }

    pub(crate) fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }

    /// Somebody else changed the system.
    pub(crate) fn change(&self, change: impl FnOnce(&mut System)) {
        change(&mut self.system.lock().unwrap());
        self.changes.send_modify(|count| *count += 1);
    }

    fn stage(&self, version: &str, set: &PackageSet) {
        let mut system = self.system.lock().unwrap();
        let mut next = Deployment { staged: true, booted: false, ..system.deployments[0].clone() };
        "staged".clone_into(&mut next.id);
        version.clone_into(&mut next.version);
        next.layered.extend(set.install.iter().cloned());
        next.layered.retain(|name| !set.remove.contains(name));
        system.deployments.retain(|deployment| !deployment.staged);
        system.deployments.insert(0, next);
    }
}

#[async_trait]
impl SystemBackend for Toy {
    async fn capabilities(&self) -> Capabilities {
        self.system.lock().unwrap().capabilities.clone()
    }

    async fn state(&self) -> Result<System, Failure> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        let system = self.system.lock().unwrap().clone();
        self.broken.lock().unwrap().clone().map_or(Ok(system), Err)
    }

    async fn check(&self, _: &Reporter, _: &CancellationToken) -> Result<Option<SystemUpdate>, Stop> {
        let update = SystemUpdate { version: "2".to_owned(), ..SystemUpdate::default() };
        self.system.lock().unwrap().update = Some(update.clone());
        Ok(Some(update))
    }

    async fn plan(&self, change: &SystemChange, _: &CancellationToken) -> Result<SystemPlan, Stop> {
        let SystemChange::Packages(set) = change else {
            return Ok(SystemPlan { restart_needed: *change == SystemChange::Update, ..SystemPlan::default() });
        };
        match set.install.first().map(String::as_str) {
            Some("carried") => Err(Failure::new(FailureKind::InSystem, "carried", "").into()),
            _ => Ok(SystemPlan { changes_known: true, restart_needed: !set.live, ..SystemPlan::default() }),
        }
    }

    async fn run(
        &self,
        change: &SystemChange,
        reporter: &Reporter,
        cancel: &CancellationToken,
    ) -> Result<SystemOutcome, Stop> {
        self.ran.lock().unwrap().push(change.clone());
        let before = self.system.lock().unwrap().deployments.clone();
        match change {
            SystemChange::Packages(set) => {
                if set.install.iter().any(|name| name.starts_with("slow")) {
                    reporter.report(Progress { stage: Stage::Downloading, percent: Some(40), ..Progress::default() });
                    cancel.cancelled().await;
                    return Err(Stop::Cancelled);
                }
                if set.install.contains("bad") {
                    return Err(Failure::new(FailureKind::Unsolvable, "libold", "").into());
                }
                if set.install.contains("misfit") {
                    return Err(Failure::new(FailureKind::Unsolvable, "misfit", "").into());
                }
                let version = before[0].version.clone();
                self.stage(&version, set);
            }
            SystemChange::Update => self.stage("2", &PackageSet::default()),
            _ => {}
        }
        let system = self.system.lock().unwrap().clone();
        Ok(SystemOutcome { changed: system.deployments != before, system })
    }

    async fn follow(&self, _: &Reporter, cancel: &CancellationToken) -> Result<(), Stop> {
        self.followed.fetch_add(1, Ordering::SeqCst);
        if cancel.is_cancelled() { Err(Stop::Cancelled) } else { Ok(()) }
    }

    async fn repositories(&self) -> Result<Vec<Repository>, Failure> {
        Ok(vec![Repository { id: "extra".to_owned(), enabled: true, ..Repository::default() }])
    }

    async fn search(&self, words: &[String], _: &CancellationToken) -> Result<Vec<FoundPackage>, Stop> {
        Ok(words.iter().map(|word| FoundPackage { name: word.clone(), ..FoundPackage::default() }).collect())
    }

    async fn packages(&self, _: &[String], _: &CancellationToken) -> Result<Vec<FoundPackage>, Stop> {
        Ok(Vec::new())
    }

    async fn differences(&self, from: &str, to: &str) -> Result<Vec<PackageChange>, Failure> {
        Ok(vec![PackageChange { name: format!("{from}-{to}"), ..PackageChange::default() }])
    }

    async fn differences_unasked(&self, from: &str, to: &str) -> Result<Vec<PackageChange>, Failure> {
        let mut answer = self.differing.subscribe();
        let answer = answer.wait_for(|now| *now != Differing::Late).await.map(|now| *now);
        if answer.is_ok_and(|answer| answer == Differing::Told) {
            return self.differences(from, to).await;
        }
        Err(Failure::new(FailureKind::NotAuthorised, "", ""))
    }

    fn changes(&self) -> watch::Receiver<u64> {
        self.changes.subscribe()
    }
}
