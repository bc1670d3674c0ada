//! The system in a real engine, with a toy in the place of its daemon: what faces see of it, and who is asked when.
#![allow(missing_docs)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests say what went wrong by panicking")]

mod arrival;
mod backend;
mod layering;
mod together;

use backend::{Toy, deployment};
use std::ffi::OsString;
use std::sync::Arc;
use std::time::Duration;
use strata_engine::{Engine, Source, SystemBackend, SystemChange};
use strata_model::System;
use strata_model::plan::WarningKind;
use strata_model::system::{Ability, Capabilities, SystemObstacle, Updater, UpdaterProgram};
use strata_model::{
    Action, Failure, FailureKind, OfferId, Plan, Request, Snapshot, SourceKind, Stop, Task, TaskState, Upkeep,
};
use strata_platform::Environment;
use strata_system::Packages;

/// Longer than anything here takes on a busy machine.
const DEADLINE: Duration = Duration::from_secs(30);

struct World {
    toy: Arc<Toy>,
    engine: Engine,
    home: tempfile::TempDir,
}

impl World {
    async fn new(toy: Toy) -> Self {
        Self::at(tempfile::tempdir().unwrap(), toy).await
    }

    /// The same person's next engine, after a restart that left this system.
    async fn restarted(self, system: System) -> Self {
        self.engine.shut_down().await;
        Self::at(self.home, Toy { system: system.into(), ..Toy::default() }).await
    }

    async fn at(home: tempfile::TempDir, toy: Toy) -> Self {
        let folder = home.path().as_os_str().to_owned();
        let environment = Environment::from_variables(&|name| match name {
            "HOME" | "STRATA_SYSTEM_ROOT" => Some(folder.clone()),
            "STRATA_SERVICE" => Some("/nonexistent/strata-service".into()),
            "STRATA_POLICY" | "STRATA_APPSTREAM" => Some(OsString::from("/nonexistent")),
            "DBUS_SYSTEM_BUS_ADDRESS" => Some(OsString::from("unix:path=/nonexistent")),
            _ => None,
        });
        let toy = Arc::new(toy);
        let environment = Arc::new(environment);
        let backend = Arc::clone(&toy) as Arc<dyn SystemBackend>;
        let packages: Arc<dyn Source> = Arc::new(Packages::new(backend, Arc::clone(&environment)));
        let engine = Engine::start(environment, vec![packages]).await.unwrap();
        let world = Self { toy, engine, home };
        world.until(|now| now.sources.iter().all(|source| source.ready)).await;
        world
    }

    async fn until(&self, so: impl Fn(&Snapshot) -> bool) -> Snapshot {
        let (mut snapshot, mut changes) = self.engine.subscribe();
        let wait = async {
            while !so(&snapshot) {
                let change = changes.recv().await.unwrap();
                snapshot.apply((*change).clone()).unwrap();
            }
            snapshot
        };
        tokio::time::timeout(DEADLINE, wait).await.expect("it comes to be so")
    }

    /// Runs it to its end.
    async fn run(&self, request: Request) -> Task {
        let id = self.engine.submit(&[request]).await.unwrap()[0];
        let over = |task: &&Task| task.id == id && task.state.is_final();
        let snapshot = self.until(|now| now.tasks.iter().any(|task| over(&task))).await;
        snapshot.tasks.into_iter().find(|task| task.id == id).unwrap()
    }

    async fn plan(&self, request: Request) -> Plan {
        self.engine.plan(&request).await.unwrap()
    }

    fn layered(&self) -> Vec<String> {
        self.engine.snapshot().installed.into_iter().map(|one| one.id).collect()
    }
}

fn install(name: &str) -> Request {
    Request::install(OfferId::package(name))
}

fn kinds(plan: &Plan) -> Vec<WarningKind> {
    plan.warnings.iter().map(|warning| warning.kind).collect()
}

#[tokio::test]
async fn nobody_is_woken_before_somebody_wants_to_see_the_system() {
    let mut toy = Toy::new(&["htop"]);
    toy.system.get_mut().unwrap().capabilities.refuse(Ability::Install, SystemObstacle::LayeringLocked);
    let world = World::new(toy).await;
    let before = world.engine.snapshot();
    assert_eq!((world.toy.asked(), before.system.ready, before.installed.len()), (0, false, 0));
    assert_eq!(before.system.system.capabilities.refusal(Ability::Install), Some(SystemObstacle::LayeringLocked));
    // Somebody else wakes it; that is no reason to look either.
    world.toy.change(|system| system.capabilities.refuse(Ability::Update, SystemObstacle::RootOnly));
    world.until(|now| now.system.system.capabilities.refusal(Ability::Update).is_some()).await;
    assert_eq!(world.toy.asked(), 0);

    world.engine.read_system().await.unwrap();
    let after = world.engine.snapshot();
    assert!(after.system.ready && world.toy.asked() == 1);
    assert_eq!(after.system.system.deployments[0].id, "booted");
    assert_eq!((world.layered(), after.origins[0].name.as_str()), (vec!["htop".to_owned()], "extra"));
}

#[tokio::test]
async fn a_round_reads_what_the_daemon_knows_and_begins_nothing() {
    let world = World::new(Toy::new(&[])).await;
    let update = strata_model::SystemUpdate { version: "2".to_owned(), ..strata_model::SystemUpdate::default() };
    world.toy.system.lock().unwrap().update = Some(update.clone());
    assert_eq!(world.engine.upkeep().await.unwrap(), Upkeep::Begun);
    world.engine.work().wait_for(|pieces| *pieces == 0).await.unwrap();
    let now = world.engine.snapshot();
    assert_eq!((now.system.ready, &now.system.system.update), (true, &Some(update)));
    assert_eq!((world.toy.asked(), now.tasks), (1, vec![]), "nor is the origin asked");
    assert!(world.toy.ran.lock().unwrap().is_empty());
}

#[tokio::test]
async fn a_round_wakes_nobody_where_the_person_wants_none() {
    let world = World::new(Toy::new(&[])).await;
    world.engine.set_setting("updates.automatic", "off").await.unwrap();
    assert_eq!(world.engine.upkeep().await.unwrap(), Upkeep::Off);
    world.engine.work().wait_for(|pieces| *pieces == 0).await.unwrap();
    assert_eq!((world.toy.asked(), world.engine.snapshot().system.ready), (0, false));
}

#[tokio::test]
async fn once_seen_it_follows_what_others_change() {
    let world = World::new(Toy::new(&[])).await;
    world.engine.read_system().await.unwrap();
    world.toy.change(|system| system.deployments.insert(0, deployment("theirs", "3", &["vim"])));
    let snapshot = world.until(|now| now.system.system.pending().is_some()).await;
    assert_eq!(snapshot.installed.len(), 1, "what is layered comes with the same change");
}

#[tokio::test]
async fn what_was_known_stays_when_it_cannot_be_read() {
    let world = World::new(Toy::new(&["htop"])).await;
    world.engine.read_system().await.unwrap();
    let failure = Failure::new(FailureKind::NoDaemon, "", "gone");
    *world.toy.broken.lock().unwrap() = Some(failure.clone());
    assert_eq!(world.engine.read_system().await.unwrap_err(), failure);
    let system = world.engine.snapshot().system;
    assert!(system.ready && system.failure == Some(failure) && system.system.deployments.len() == 1);
    assert_eq!(world.engine.snapshot().sources[0].failure, None, "apps have nothing to do with it");
    *world.toy.broken.lock().unwrap() = None;
    world.engine.read_system().await.unwrap();
    assert_eq!(world.engine.snapshot().system.failure, None);
}

#[tokio::test]
async fn a_package_is_planned_and_layered() {
    let world = World::new(Toy::new(&[])).await;
    let plan = world.plan(install("htop")).await;
    assert_eq!((kinds(&plan), plan.restart_needed), (vec![WarningKind::Layered], true));
    assert_eq!(plan.warnings[0].subject, "htop");
    let live = world.plan(Request { live: true, ..install("htop") }).await;
    assert!(!live.restart_needed);
    let carried = world.plan(install("carried")).await;
    assert_eq!((kinds(&carried), carried.system.unwrap().nothing_to_do), (vec![WarningKind::InImage], true));

    let task = world.run(install("htop")).await;
    assert_eq!((task.state, world.layered()), (TaskState::Done, vec!["htop".to_owned()]));
    assert!(world.engine.snapshot().system.system.pending().is_some(), "seen with the end of the task");
    let next = world.plan(install("tmux")).await;
    assert_eq!(kinds(&next), [WarningKind::Layered, WarningKind::Staged]);
    world.run(Request::remove(OfferId::package("htop"), false)).await;
    assert_eq!(world.layered(), [""; 0]);
    assert!(world.engine.history(10, true).await.unwrap().iter().all(|entry| entry.changed));
}

#[tokio::test]
async fn who_updates_the_system_otherwise_is_told_of_before_the_first_package_is_layered() {
    let of = |program, enabled| Updater { program, unit: "some.timer".to_owned(), enabled };
    let cases = [
        (of(UpdaterProgram::Uupd, true), &[][..], true, "it may refuse from then on"),
        (of(UpdaterProgram::Uupd, false), &[], false, "it does nothing"),
        (of(UpdaterProgram::RpmOstree, true), &[], false, "it is the daemon itself"),
        (of(UpdaterProgram::Bootc, true), &["htop"], false, "packages are layered already"),
    ];
    for (updater, layered, warned, reason) in cases {
        let mut toy = Toy::new(layered);
        toy.system.get_mut().unwrap().updaters = vec![updater];
        let plan = World::new(toy).await.plan(install("tmux")).await;
        assert_eq!(kinds(&plan).contains(&WarningKind::UpdaterMayRefuse), warned, "{reason}");
    }
}

#[tokio::test]
async fn changes_of_the_system_wait_for_each_other() {
    let world = World::new(Toy::new(&[])).await;
    let requests = [install("slow"), Request::system(Action::UpdateSystem, "")];
    let ids = world.engine.submit(&requests).await.unwrap();
    let showing = |now: &Snapshot| now.tasks.iter().any(|task| task.progress.percent == Some(40));
    let running = world.until(showing).await;
    assert_eq!(running.tasks[1].state, TaskState::Queued);
    world.engine.cancel(ids[0]).await.unwrap();
    let ended = world.until(|now| now.tasks.iter().all(|task| task.state.is_final())).await;
    assert_eq!((ended.tasks[0].state, ended.tasks[1].state), (TaskState::Cancelled, TaskState::Done));
    let entry = world.engine.history(1, true).await.unwrap().remove(0);
    assert_eq!((entry.from_version.as_str(), entry.to_version.as_str(), entry.changed), ("1", "2", true));
}

#[tokio::test]
async fn every_verb_of_the_system_has_its_change() {
    let world = World::new(Toy::new(&[])).await;
    let of = |action, reference: &str| Request::system(action, reference);
    let repository = |action| Request::change_origin(action, SourceKind::Package, "system", "extra");
    let requests = [
        (of(Action::DeploySystem, "41.2"), SystemChange::Deploy { version: "41.2".to_owned() }),
        (of(Action::RollBack, ""), SystemChange::RollBack),
        (of(Action::Discard, ""), SystemChange::CleanUp([strata_engine::Rubbish::Pending].into())),
        (of(Action::ApplyLive, ""), SystemChange::ApplyLive),
        (of(Action::Pin, "booted"), SystemChange::Pin { deployment: "booted".to_owned(), pinned: true }),
        (of(Action::Unpin, "booted"), SystemChange::Pin { deployment: "booted".to_owned(), pinned: false }),
        (Request::refresh(SourceKind::Package), SystemChange::RefreshPackages),
        (repository(Action::DisableOrigin), SystemChange::SwitchRepository { id: "extra".to_owned(), enabled: false }),
        (repository(Action::EnableOrigin), SystemChange::SwitchRepository { id: "extra".to_owned(), enabled: true }),
    ];
    for (request, change) in requests {
        assert_eq!(world.run(request).await.state, TaskState::Done, "{change:?}");
        assert_eq!(world.toy.ran.lock().unwrap().last(), Some(&change));
    }
    let unchanged: Vec<bool> =
        world.engine.history(20, true).await.unwrap().iter().map(|entry| entry.changed).collect();
    assert_eq!(unchanged.iter().filter(|changed| **changed).count(), 2, "the repository, twice: {unchanged:?}");
    for senseless in [Request::update(OfferId::package("htop")), install(""), of(Action::Pin, "")] {
        let task = world.run(senseless).await;
        assert_eq!(task.failure.unwrap().kind, FailureKind::BadRequest);
    }
}

#[tokio::test]
async fn what_is_newer_is_asked_by_a_task_and_recorded_as_news_once() {
    let world = World::new(Toy::new(&[])).await;
    for news in [true, false] {
        world.run(Request::system(Action::CheckSystem, "")).await;
        assert_eq!(world.engine.snapshot().system.system.update.clone().unwrap().version, "2");
        assert_eq!(world.engine.history(1, true).await.unwrap()[0].changed, news);
    }
}

#[tokio::test]
async fn what_cannot_be_done_is_refused_with_its_reason() {
    let cases = [
        (SystemObstacle::NotImageBased, install("htop"), FailureKind::NoBackend),
        (SystemObstacle::NotImageBased, Request::system(Action::UpdateSystem, ""), FailureKind::NotOffered),
        (SystemObstacle::NoDaemon, install("htop"), FailureKind::NoDaemon),
        (SystemObstacle::Sandboxed, Request::system(Action::RollBack, ""), FailureKind::NotOffered),
    ];
    for (obstacle, request, kind) in cases {
        let mut toy = Toy::new(&[]);
        toy.system.get_mut().unwrap().capabilities = Capabilities::missing(obstacle);
        let world = World::new(toy).await;
        let Err(Stop::Failed(failure)) = world.engine.plan(&request).await else { panic!("{obstacle:?}: planned") };
        assert_eq!((failure.kind, failure.detail.as_str()), (kind, obstacle.sentence()));
        assert_eq!(world.run(request).await.failure, Some(failure));
        assert_eq!(*world.toy.ran.lock().unwrap(), []);
    }
    let world = World::new(Toy::new(&[])).await;
    let failure = world.run(install("bad")).await.failure.unwrap();
    assert_eq!((failure.kind, failure.subject.as_str()), (FailureKind::Unsolvable, "libold"), "what blocks");
}

#[tokio::test]
async fn a_held_system_is_updated_only_by_somebody_who_was_told() {
    let world = World::new(Toy::new(&[])).await;
    world.engine.set_setting("updates.hold-system", "true").await.unwrap();
    let update = Request::system(Action::UpdateSystem, "");
    let unattended = world.run(update.clone().unattended()).await;
    assert_eq!(unattended.failure.unwrap().kind, FailureKind::SystemHeld);
    assert_eq!(kinds(&world.plan(update.clone()).await), [WarningKind::SystemHeld]);
    assert_eq!(world.run(update).await.state, TaskState::Done);
}

#[tokio::test]
async fn questions_reach_the_backend() {
    let world = World::new(Toy::new(&[])).await;
    assert_eq!(world.engine.differences("a", "b").await.unwrap()[0].name, "a-b");
    assert_eq!(world.engine.search_packages(&["vi".to_owned()]).await.unwrap()[0].name, "vi");
    world.engine.cancel_system().await.unwrap();
    assert_eq!(world.toy.followed.load(std::sync::atomic::Ordering::SeqCst), 1);
    let long = vec!["x".to_owned(); 33];
    let Err(Stop::Failed(failure)) = world.engine.search_packages(&long).await else { panic!("asked") };
    assert_eq!(failure.kind, FailureKind::BadRequest);
}

/// What is left of a system when what comes first is started.
fn booted(mut system: System) -> System {
    for (place, deployment) in system.deployments.iter_mut().enumerate() {
        deployment.booted = place == 0;
        deployment.staged = false;
    }
    system
}

#[tokio::test]
async fn a_note_stays_as_long_as_the_pin_and_the_deployment() {
    let noted = |world: &World| {
        let notes = world.engine.snapshot().system.notes.clone();
        notes.into_iter().map(|note| (note.deployment, note.note)).collect::<Vec<_>>()
    };
    let pin = |note: &str| Request::pin("booted", note);
    let has = |note: &str| vec![("booted".to_owned(), note.to_owned())];
    let world = World::new(Toy::new(&[])).await;
    world.run(pin("works\nwell")).await;
    assert_eq!(noted(&world), has("works well"));
    world.run(pin("the last with the old kernel")).await;
    assert_eq!(noted(&world), has("the last with the old kernel"), "the later note counts");
    let system = world.engine.snapshot().system.system.clone();
    let world = world.restarted(system.clone()).await;
    world.engine.read_system().await.unwrap();
    assert_eq!(noted(&world), has("the last with the old kernel"), "for the next engine too");
    world.run(Request::system(Action::Unpin, "booted")).await;
    assert_eq!(noted(&world), []);
    world.run(pin("again")).await;
    let world = world.restarted(System::missing(SystemObstacle::NoDaemon)).await;
    world.engine.read_system().await.unwrap();
    let world = world.restarted(system).await;
    world.engine.read_system().await.unwrap();
    assert_eq!(noted(&world), has("again"), "a daemon that was away tells nothing of deployments");
    let world = world.restarted(System { deployments: vec![deployment("other", "2", &[])], ..System::default() }).await;
    world.engine.read_system().await.unwrap();
    assert_eq!(noted(&world), [], "the deployment is gone");
}
