//! Transactions of others, daemons that come and go, and programs that may not ask.

use crate::daemon::{Replay, State};
use crate::recording::{Recording, Step};
use crate::world::World;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, Instant};
use strata_engine::{PackageSet, Reporter, Rubbish, SystemBackend, SystemChange};
use strata_model::system::{Ability, SystemObstacle};
use strata_model::{FailureKind, Stop};
use strata_platform::Environment;
use strata_system::RpmOstree;
use strata_system::daemon::{Daemon, Patience};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

pub(crate) struct Stage {
    pub(crate) world: World,
    /// Cancelled where the recorded client cancelled.
    pub(crate) cancel: CancellationToken,
    pub(crate) system: RpmOstree,
    pub(crate) state: Arc<State>,
    pub(crate) playing: JoinHandle<Result<(), String>>,
}

pub(crate) async fn stage(recording: Recording) -> Stage {
    let world = World::new();
    let cancel = CancellationToken::new();
    let replay = Replay::new(&world, recording, &cancel).await;
    let (state, playing) = (replay.state(), tokio::spawn(replay.play()));
    let system = RpmOstree::new(world.environment());
    Stage { world, cancel, system, state, playing }
}

pub(crate) fn install(name: &str) -> SystemChange {
    SystemChange::Packages(PackageSet { install: BTreeSet::from([name.to_owned()]), ..PackageSet::default() })
}

/// Looks again and again until it is so.
pub(crate) async fn until(what: &str, is_so: impl Fn() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(10);
    while !is_so() {
        assert!(Instant::now() < deadline, "{what}");
        tokio::task::yield_now().await;
    }
}

/// Waits until somebody has this name on the bus.
pub(crate) async fn named(address: &str, name: &str) {
    let bus = zbus::connection::Builder::address(address).unwrap().build().await.unwrap();
    let deadline = Instant::now() + Duration::from_secs(10);
    let driver = Some("org.freedesktop.DBus");
    loop {
        let asked = bus.call_method(driver, "/org/freedesktop/DBus", driver, "NameHasOwner", &name).await.unwrap();
        if asked.body().deserialize::<bool>().unwrap() {
            return;
        }
        assert!(Instant::now() < deadline, "nobody takes {name}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_busy_daemon_is_waited_for() {
    // B is refused while A runs, waits, and is served.
    let stage = stage(Recording::of("busy", "b").only("UpdateDeployment")).await;
    let outcome = stage.system.run(&install("etcpkg"), &Reporter::new().0, &stage.cancel).await.unwrap();
    assert!(outcome.changed);
    assert_eq!(outcome.system.staged().unwrap().layered.len(), 2, "on top of what A has done");
    stage.playing.await.unwrap().unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn waiting_for_a_busy_daemon_can_be_cancelled() {
    let mut recording = Recording::of("never-started", "a");
    // Nobody ever ends what runs.
    let last = recording.steps.iter().position(|step| matches!(step, Step::Error { .. })).unwrap();
    recording.steps.truncate(last + 1);
    let stage = stage(recording).await;
    let (reporter, watched) = Reporter::new();
    let cancel = stage.cancel.clone();
    let change = SystemChange::CleanUp(BTreeSet::from([Rubbish::Pending]));
    let (ended, ()) = tokio::join!(stage.system.run(&change, &reporter, &stage.cancel), async {
        stage.playing.await.unwrap().unwrap();
        cancel.cancel();
    });
    assert_eq!(ended.unwrap_err(), Stop::Cancelled);
    assert_eq!(watched.borrow().percent, None, "waiting has no percentage");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_equal_call_joins_what_runs() {
    let stage = stage(Recording::of("join", "b")).await;
    let (reporter, watched) = Reporter::new();
    let outcome = stage.system.run(&install("greet"), &reporter, &stage.cancel).await.unwrap();
    assert_eq!(outcome.system.staged().unwrap().layered, ["greet"]);
    assert_eq!(watched.borrow().percent, Some(100));
    stage.playing.await.unwrap().unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_somebody_else_began_is_followed() {
    for client in ["b", "c"] {
        let stage = stage(Recording::of("attach-running", client)).await;
        // It is not there from the beginning.
        until("the transaction is seen", || stage.world.socket().exists()).await;
        let (reporter, watched) = Reporter::new();
        stage.system.follow(&reporter, &stage.cancel).await.unwrap();
        assert_eq!(watched.borrow().percent, Some(100), "{client}");
        stage.playing.await.unwrap().unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_somebody_else_began_is_cancelled() {
    let stage = stage(Recording::of("attach-and-cancel", "b")).await;
    until("the transaction is seen", || stage.world.socket().exists()).await;
    let ended = stage.system.follow(&Reporter::new().0, &stage.cancel).await;
    assert_eq!(ended.unwrap_err(), Stop::Cancelled);
    stage.playing.await.unwrap().unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_may_not_cancel_is_told_so() {
    let mut recording = Recording::of("attach-and-cancel", "b");
    let is_cancel = |step: &Step| matches!(step, Step::PeerCall { name, .. } if name == "Cancel");
    let cancel = recording.steps.iter().position(is_cancel).unwrap();
    recording.steps.truncate(cancel);
    recording.steps.push(Step::PeerCall { name: "Cancel".to_owned(), reply: "not allowed for user".into() });
    recording.steps.push(Step::PeerClose);
    recording.after = None;
    let stage = stage(recording).await;
    until("the transaction is seen", || stage.world.socket().exists()).await;
    let ended = stage.system.follow(&Reporter::new().0, &stage.cancel).await.unwrap_err();
    assert!(matches!(&ended, Stop::Failed(failure) if failure.kind == FailureKind::NotAuthorised), "{ended:?}");
    stage.playing.await.unwrap().unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_somebody_else_began_is_shown_with_its_title() {
    let mut recording = Recording::of("attach-running", "b");
    recording.steps.retain(|step| matches!(step, Step::BusSignal { .. }));
    recording.steps.truncate(1);
    recording.after = None;
    let stage = stage(recording).await;
    stage.playing.await.unwrap().unwrap();
    let running = stage.system.state().await.unwrap().running.unwrap();
    assert_eq!((running.title.as_str(), running.method.as_str()), ("recorder", "UpdateDeployment"));
    assert_eq!(running.client, "client(id:recorder dbus:1.35 uid:0)");
    assert!(!running.own);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_daemon_that_dies_fails_the_task_and_the_next_one_is_registered_with() {
    let stage = stage(Recording::of("daemon-killed-midway", "a")).await;
    let ended = stage.system.run(&install("greet"), &Reporter::new().0, &stage.cancel).await;
    assert!(matches!(ended, Err(Stop::Failed(failure)) if failure.kind == FailureKind::DaemonGone));
    let change = SystemChange::CleanUp(BTreeSet::from([Rubbish::Pending]));
    assert!(!stage.system.run(&change, &Reporter::new().0, &stage.cancel).await.unwrap().changed);
    stage.playing.await.unwrap().unwrap();
    assert!(stage.state.count("RegisterClient") >= 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_daemon_that_left_is_registered_with_again() {
    let mut recording = Recording::of("idle-exit", "a");
    let gone = tempfile::tempdir().unwrap();
    let leave = gone.path().join("leave");
    recording.steps.insert(0, Step::Beside(leave.clone()));
    let stage = stage(recording).await;
    assert_eq!(stage.system.state().await.unwrap().name, "rig");
    let changes = stage.system.changes();
    std::fs::write(&leave, "").unwrap();
    stage.playing.await.unwrap().unwrap();
    let deadline = Instant::now() + Duration::from_secs(10);
    let mut asked = 1;
    // The bus tells of the new one in its own time.
    while stage.state.count("RegisterClient") < 2 {
        assert_eq!(stage.system.state().await.unwrap().name, "rig");
        assert!(Instant::now() < deadline, "registered with the one that came, too");
        asked += 1;
    }
    assert_eq!(stage.state.count("Reload"), asked, "each time before the properties are read");
    assert!(!changes.has_changed().unwrap(), "whoever looked again because of it would wake what wants to sleep");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn refused_registration_is_not_fatal_and_refused_changes_say_so() {
    let recording = Recording::of("unprivileged-denied", "a").only("UpdateDeployment");
    let stage = stage(recording).await;
    assert_eq!(stage.system.state().await.unwrap().name, "rig");
    let ended = stage.system.run(&install("greet"), &Reporter::new().0, &stage.cancel).await;
    assert!(matches!(ended, Err(Stop::Failed(failure)) if failure.kind == FailureKind::NotAuthorised));
    stage.playing.await.unwrap().unwrap();
    assert_eq!(stage.state.count("RegisterClient"), 1, "asked once of each daemon");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_policy_of_nothing_begins_nothing() {
    let recording = Recording::of("automatic-trigger-policy-none", "a");
    let stage = stage(recording).await;
    let options = strata_system::call::Options::default().with("mode", "auto");
    let call = strata_system::call::Call::os("AutomaticUpdateTrigger").with(options);
    let course = strata_system::progress::Course::Image;
    let wish =
        strata_system::transaction::Wish { call, course, asked: Vec::new(), layered: Vec::new(), title: String::new() };
    let daemon = Daemon::new(stage.world.environment());
    let ended = daemon.carry_out(wish, &Reporter::new().0, &stage.cancel).await.unwrap();
    assert!(!ended.began, "no address is connected to");
    stage.playing.await.unwrap().unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_that_has_nothing_to_ask_lets_the_daemon_go() {
    let mut recording = Recording::of("status-fresh", "a");
    recording.steps.clear();
    let stage = stage(recording).await;
    let daemon =
        Daemon::with_patience(stage.world.environment(), Patience { idle: Duration::ZERO, ..Patience::default() });
    drop(daemon.session().await.unwrap());
    until("unregistered", || stage.state.count("UnregisterClient") == 1).await;
    drop(daemon.session().await.unwrap());
    until("registered again", || stage.state.count("RegisterClient") == 2).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_a_daemon_each_reason_is_told() {
    let world = World::new();
    let plain = world.environment();
    let of = async |environment: Environment| {
        let system = RpmOstree::new(Arc::new(environment));
        let state = system.state().await.unwrap();
        assert_eq!(state.capabilities, system.capabilities().await);
        let refused = Ability::ALL.map(|ability| state.capabilities.refusal(ability));
        assert!(refused.iter().all(|refusal| *refusal == state.capabilities.obstacle), "nothing is offered");
        let ended = system.run(&install("greet"), &Reporter::new().0, &CancellationToken::new()).await;
        assert!(matches!(ended, Err(Stop::Failed(_))), "and what is tried all the same fails");
        state.capabilities.obstacle.unwrap()
    };
    assert_eq!(of(plain.as_ref().clone()).await, SystemObstacle::NotImageBased);
    std::fs::create_dir_all(plain.ostree_booted().parent().unwrap()).unwrap();
    std::fs::write(plain.ostree_booted(), "").unwrap();
    assert_eq!(of(plain.as_ref().clone()).await, SystemObstacle::NoDaemon);
    let no_bus = Some(format!("unix:path={}", world.path().join("nowhere").display()));
    let no_bus = Environment { system_bus: no_bus, ..plain.as_ref().clone() };
    assert_eq!(of(no_bus).await, SystemObstacle::NoSystemBus);
    std::fs::create_dir_all(plain.bootc().parent().unwrap()).unwrap();
    std::fs::write(plain.bootc(), "").unwrap();
    assert_eq!(of(plain.as_ref().clone()).await, SystemObstacle::BootcOnly);
    assert_eq!(of(Environment { sandboxed: true, ..plain.as_ref().clone() }).await, SystemObstacle::Sandboxed);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn locked_layering_is_read_from_the_daemons_configuration() {
    let mut recording = Recording::of("status-fresh", "a");
    recording.steps.clear();
    let stage = stage(recording).await;
    let file = stage.world.environment().update_daemon_config();
    std::fs::create_dir_all(file.parent().unwrap()).unwrap();
    std::fs::write(&file, "[Daemon]\nLockLayering=true\n").unwrap();
    let locked = Some(SystemObstacle::LayeringLocked);
    assert_eq!(stage.system.capabilities().await.refusal(Ability::Install), locked);
    assert_eq!(stage.system.state().await.unwrap().capabilities.refusal(Ability::Install), locked);
    assert_eq!(stage.state.count("RegisterClient"), 1, "the first question started no daemon");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn refused_layering_is_read_from_the_settings() {
    let mut recording = Recording::of("status-fresh", "a");
    recording.steps.clear();
    let stage = stage(recording).await;
    let environment = stage.world.environment();
    let refused = Some(SystemObstacle::LayeringRefused);
    for (value, expected) in [("refused", refused), ("allowed", None)] {
        strata_platform::settings::set(&environment, "packages.layering", value).unwrap();
        assert_eq!(stage.system.capabilities().await.refusal(Ability::Install), expected);
        let read = stage.system.state().await.unwrap().capabilities;
        assert_eq!((read.refusal(Ability::Install), read.refusal(Ability::Update)), (expected, None));
    }
}
