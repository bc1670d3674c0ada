//! A toy source: its requests say what happens to them. For tests of the engine and of its face.
#![allow(dead_code, missing_docs, unreachable_pub, reason = "shared by several tests, each of which uses a part")]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests say what went wrong by panicking")]

mod home;

use async_trait::async_trait;
pub use home::Home;
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use strata_engine::{Engine, Outcome, Reporter, Source, SourceState};
use strata_model::feed::Feed;
use strata_model::installed::PartKind;
use strata_model::{Action, AppSettings, Failure, FailureKind, Installed, OfferId, Plan, Progress, Request, Snapshot};
use strata_model::{SourceKind, Stage, Stop, Update};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

/// Longer than anything here takes on a busy machine.
pub const DEADLINE: Duration = Duration::from_secs(30);

/// What a request does follows from its reference:
/// `slow…` reports and waits for [`Toy::release`] or its cancel, `stubborn…` for the release only, `flaky` fails before
/// it, `fail:KIND` fails, `late` fails once it is gone, `crash` panics, `many` reports a thousand times; anything else is
/// done at once.
#[derive(Debug)]
pub struct Toy {
    kind: SourceKind,
    installed: Mutex<Vec<Installed>>,
    updates: Mutex<Vec<Update>>,
    open: Mutex<BTreeSet<String>>,
    changes: watch::Sender<u64>,
    released: watch::Sender<bool>,
    held: watch::Sender<bool>,
    running: watch::Sender<Vec<String>>,
    planning: watch::Sender<usize>,
    most_planning: AtomicUsize,
    ran: Mutex<Vec<Request>>,
    recovered: Mutex<Vec<Request>>,
    feeds: Mutex<Vec<Feed>>,
    files: Mutex<Vec<String>>,
    settings: Mutex<AppSettings>,
}

impl Toy {
    pub fn new() -> Arc<Self> {
        Self::of(SourceKind::AppImage)
    }

    /// A toy in the place of another source.
    pub fn of(kind: SourceKind) -> Arc<Self> {
        Arc::new(Self {
            kind,
            installed: Mutex::default(),
            updates: Mutex::default(),
            open: Mutex::default(),
            changes: watch::Sender::new(0),
            released: watch::Sender::new(false),
            held: watch::Sender::new(false),
            running: watch::Sender::default(),
            planning: watch::Sender::default(),
            most_planning: AtomicUsize::default(),
            ran: Mutex::default(),
            recovered: Mutex::default(),
            feeds: Mutex::default(),
            files: Mutex::default(),
            settings: Mutex::default(),
        })
    }

    /// Lets slow and stubborn work come to its end.
    pub fn release(&self) {
        self.released.send_replace(true);
    }

    /// Lets nobody read the state, which keeps an engine at work, or lets them again.
    pub fn hold_state(&self, held: bool) {
        self.held.send_replace(held);
    }

    /// Waits until exactly these references are at work.
    pub async fn until_running(&self, references: &[&str]) {
        let mut running = self.running.subscribe();
        let wait = running.wait_for(|now| {
            let mut now = now.clone();
            now.sort();
            now == references
        });
        tokio::time::timeout(DEADLINE, wait).await.expect("these come to run").unwrap();
    }

    /// Waits until exactly so many plans are worked on.
    pub async fn until_planning(&self, count: usize) {
        let mut planning = self.planning.subscribe();
        let wait = planning.wait_for(|now| *now == count);
        tokio::time::timeout(DEADLINE, wait).await.expect("so many plans").unwrap();
    }

    /// The most plans that were worked on at once.
    pub fn most_planning(&self) -> usize {
        self.most_planning.load(Ordering::Relaxed)
    }

    /// The references that were at work, in order.
    pub fn ran(&self) -> Vec<String> {
        self.ran.lock().unwrap().iter().map(|request| request.offer.reference.clone()).collect()
    }

    /// The requests that were at work, in order.
    pub fn requests(&self) -> Vec<Request> {
        self.ran.lock().unwrap().clone()
    }

    /// These are installed, and could be newer.
    pub fn publish(&self, updates: &[Update]) {
        self.installed.lock().unwrap().extend(updates.iter().map(|update| installed(&update.offer)));
        self.updates.lock().unwrap().extend_from_slice(updates);
        self.changes.send_modify(|count| *count += 1);
    }

    /// These apps, and no others, are open.
    pub fn open(&self, apps: &[&str]) {
        *self.open.lock().unwrap() = apps.iter().copied().map(str::to_owned).collect();
    }

    /// The files that were started.
    pub fn files(&self) -> Vec<String> {
        self.files.lock().unwrap().clone()
    }

    /// The requests that were mended.
    pub fn recovered(&self) -> Vec<Request> {
        self.recovered.lock().unwrap().clone()
    }

    /// Another program installs something.
    pub fn install_outside(&self, reference: &str) {
        let offer = OfferId { source: self.kind, ..offer("user", reference) };
        self.installed.lock().unwrap().push(installed(&offer));
        self.changes.send_modify(|count| *count += 1);
    }

    pub fn set_feeds(&self, feeds: Vec<Feed>) {
        *self.feeds.lock().unwrap() = feeds;
    }

    async fn work(&self, request: &Request, reporter: &Reporter, cancel: &CancellationToken) -> Result<(), Stop> {
        let reference = request.offer.reference.as_str();
        let mut released = self.released.subscribe();
        if let Some(kind) = reference.strip_prefix("fail:") {
            return Err(Failure::new(FailureKind::from_name(kind).unwrap(), "subject", "detail").into());
        }
        assert!(reference != "crash", "the toy broke");
        if reference == "flaky" && !*released.borrow() {
            return Err(Failure::new(FailureKind::Offline, "subject", "detail").into());
        }
        let begun = Progress { stage: Stage::Downloading, percent: Some(10), bytes: 10, total_bytes: 100 };
        match reference {
            "many" => {
                for bytes in 0..1000 {
                    reporter.report(Progress { bytes, ..begun });
                    tokio::task::yield_now().await;
                }
            }
            slow if slow.starts_with("slow") => {
                reporter.report(begun);
                tokio::select! {
                    () = cancel.cancelled() => return Err(Stop::Cancelled),
                    _ = released.wait_for(|released| *released) => {}
                }
            }
            stubborn if stubborn.starts_with("stubborn") => {
                reporter.report(begun);
                released.wait_for(|released| *released).await.unwrap();
            }
            _ => {}
        }
        Ok(())
    }
}

#[async_trait]
impl Source for Toy {
    fn kind(&self) -> SourceKind {
        self.kind
    }

    fn lane(&self, request: &Request) -> String {
        request.offer.scope.clone()
    }

    async fn state(&self) -> Result<SourceState, Failure> {
        self.held.subscribe().wait_for(|held| !held).await.unwrap();
        let (installed, updates) = (self.installed.lock().unwrap().clone(), self.updates.lock().unwrap().clone());
        Ok(SourceState { installed, updates, ..SourceState::default() })
    }

    async fn running(&self) -> Result<BTreeSet<String>, Failure> {
        Ok(self.open.lock().unwrap().clone())
    }

    async fn plan(&self, request: &Request, cancel: &CancellationToken) -> Result<Plan, Stop> {
        if request.offer.reference == "cancelled" {
            return Err(Stop::Cancelled);
        }
        self.planning.send_modify(|count| *count += 1);
        let _planning = Planning(&self.planning);
        self.most_planning.fetch_max(*self.planning.borrow(), Ordering::Relaxed);
        self.work(request, &Reporter::new().0, cancel).await?;
        Ok(Plan {
            request: request.clone(),
            steps: Vec::new(),
            download_size: 7,
            size_change: -7,
            permissions_before: Vec::new(),
            permissions_after: Vec::new(),
            warnings: Vec::new(),
            restart_needed: false,
            system: None,
            origin: None,
        })
    }

    async fn run(&self, request: &Request, reporter: &Reporter, cancel: &CancellationToken) -> Result<Outcome, Stop> {
        let reference = request.offer.reference.clone();
        self.ran.lock().unwrap().push(request.clone());
        self.running.send_modify(|running| running.push(reference.clone()));
        let _running = Running(&self.running, reference);
        self.work(request, reporter, cancel).await?;
        if request.action == Action::Install {
            self.installed.lock().unwrap().push(installed(&request.offer));
        }
        if request.action == Action::Remove {
            self.installed.lock().unwrap().retain(|installed| installed.offer.reference != request.offer.reference);
            if request.offer.reference == "late" {
                return Err(Failure::new(FailureKind::Other, "late", "").into());
            }
        }
        if request.action == Action::Update {
            self.updates.lock().unwrap().retain(|update| update.offer != request.offer);
        }
        let partial = match request.action {
            Action::Refresh => vec![Failure::new(FailureKind::Offline, "broken", "one of the origins")],
            _ => Vec::new(),
        };
        let feeds_changed = request.action == Action::Refresh;
        Ok(Outcome { to_version: "2".to_owned(), partial, feeds_changed, ..Outcome::default() })
    }

    async fn recover(&self, request: &Request) -> Result<(), Failure> {
        self.recovered.lock().unwrap().push(request.clone());
        let stuck = request.offer.reference.contains("stuck");
        if stuck { Err(Failure::new(FailureKind::Other, "toy", "stuck")) } else { Ok(()) }
    }

    async fn launch(&self, offer: &OfferId) -> Result<(), Failure> {
        let is_there = self.installed.lock().unwrap().iter().any(|installed| installed.offer == *offer);
        let missing = || Failure::new(FailureKind::NotInstalled, &offer.reference, "");
        is_there.then_some(()).ok_or_else(missing)
    }

    async fn launch_file(&self, location: &str) -> Result<(), Failure> {
        self.files.lock().unwrap().push(location.to_owned());
        Ok(())
    }

    async fn app_settings(&self, _: &OfferId) -> Result<AppSettings, Failure> {
        Ok(self.settings.lock().unwrap().clone())
    }

    async fn set_app_settings(&self, _: &OfferId, settings: &AppSettings) -> Result<(), Failure> {
        settings.clone_into(&mut self.settings.lock().unwrap());
        Ok(())
    }

    async fn feeds(&self) -> Result<Vec<Feed>, Failure> {
        Ok(self.feeds.lock().unwrap().clone())
    }

    fn changes(&self) -> watch::Receiver<u64> {
        self.changes.subscribe()
    }
}

/// Takes the reference out of those at work, also after a panic.
struct Running<'a>(&'a watch::Sender<Vec<String>>, String);

impl Drop for Running<'_> {
    fn drop(&mut self) {
        self.0.send_modify(|running| running.retain(|reference| *reference != self.1));
    }
}

/// One plan less is worked on, whatever came of it.
struct Planning<'a>(&'a watch::Sender<usize>);

impl Drop for Planning<'_> {
    fn drop(&mut self) {
        self.0.send_modify(|count| *count -= 1);
    }
}

pub fn offer(scope: &str, reference: &str) -> OfferId {
    let (scope, reference) = (scope.to_owned(), reference.to_owned());
    OfferId { source: SourceKind::AppImage, scope, origin: "toys".to_owned(), reference }
}

pub fn install(scope: &str, reference: &str) -> Request {
    Request::install(offer(scope, reference))
}

pub fn installed(offer: &OfferId) -> Installed {
    Installed { version: "2".to_owned(), ..Installed::new(offer.clone(), PartKind::App) }
}

/// Something newer than what is installed.
pub fn update(reference: &str) -> Update {
    Update {
        offer: offer("user", reference),
        id: reference.to_owned(),
        kind: PartKind::App,
        name: reference.to_owned(),
        from_version: "1".to_owned(),
        to_version: "2".to_owned(),
        revision: "two".to_owned(),
        download_size: 0,
        downloaded: false,
        new_permissions: Vec::new(),
        end_of_life: None,
        held: false,
    }
}

/// Follows the engine's changes, as a face does, until the snapshot is so; and gives it.
pub async fn until(engine: &Engine, so: impl Fn(&Snapshot) -> bool) -> Snapshot {
    let (mut snapshot, mut changes) = engine.subscribe();
    let wait = async {
        while !so(&snapshot) {
            let change = changes.recv().await.unwrap();
            snapshot.apply(change.as_ref().clone()).unwrap();
        }
    };
    assert!(tokio::time::timeout(DEADLINE, wait).await.is_ok(), "never so: {:#?}", engine.snapshot());
    engine.snapshot()
}

/// Writes a list of one app in AppStream's form, and gives its feed.
pub fn feed(folder: &Path, id: &str) -> Feed {
    let file = folder.join("appstream.xml");
    let xml = format!(
        "<?xml version=\"1.0\"?><components version=\"0.16\" origin=\"toys\"><component type=\"desktop-application\">\
         <id>{id}</id><name>Toy</name><summary>Plays</summary>\
         <bundle type=\"flatpak\">app/{id}/x86_64/stable</bundle></component></components>"
    );
    std::fs::write(&file, xml).unwrap();
    Feed {
        source: SourceKind::Flatpak,
        scope: "user".to_owned(),
        origin: "toys".to_owned(),
        url: "https://toys.example/".to_owned(),
        priority: 1,
        file,
        icons: folder.join("icons"),
        references: Vec::new(),
        verifies: false,
        popularity: None,
    }
}
