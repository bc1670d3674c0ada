//! The engine on a private session bus: two faces at once, leaving when idle, coming back, dying.
#![allow(missing_docs)]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests say what went wrong by panicking")]

mod bus;
#[path = "../../engine/tests/toy/mod.rs"]
mod toy;

use bus::Bus;
use futures_util::StreamExt;
use std::sync::Arc;
use std::time::Duration;
use strata_client::Engine;
use strata_engine::Source;
use strata_model::{FailureKind, Snapshot, SourceKind, Stop, TaskState, wire};
use strata_service::{ServeError, serve_bus};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use toy::{DEADLINE, Home, Toy, install};

const POLL: Duration = Duration::from_millis(5);
const LONG: Duration = Duration::from_mins(10);

fn world(engine: Option<&str>) -> (Bus, Home) {
    let folder = tempfile::tempdir().unwrap();
    let bus = Bus::new(folder.path(), engine, &[]);
    let address = bus.address.clone();
    let mut home = Home::with(|environment| environment.session_bus = Some(address));
    home.folder = folder;
    (bus, home)
}

fn serve(home: &Home, toy: &Arc<Toy>, idle: Duration, stop: &CancellationToken) -> JoinHandle<Result<(), ServeError>> {
    let sources: Vec<Arc<dyn Source>> = vec![Arc::clone(toy) as Arc<dyn Source>];
    tokio::spawn(serve_bus(Arc::clone(&home.environment), sources, idle, stop.clone()))
}

async fn until_owned(bus: &Bus, owned: bool) {
    let connection = bus.connect().await;
    let proxy = zbus::fdo::DBusProxy::new(&connection).await.unwrap();
    let wait = async {
        while proxy.name_has_owner(wire::BUS_NAME.try_into().unwrap()).await.unwrap() != owned {
            tokio::time::sleep(POLL).await;
        }
    };
    tokio::time::timeout(DEADLINE, wait).await.expect("the name on the bus");
}

async fn until(face: &Engine, so: impl Fn(&Snapshot) -> bool) {
    let mut snapshot = face.snapshot();
    let wait = tokio::time::timeout(DEADLINE, snapshot.wait_for(|now| so(now))).await.is_ok();
    assert!(wait, "the mirror never shows it: {:?} {:#?}", face.link(), face.snapshot());
}

#[tokio::test]
async fn two_faces_see_one_queue() {
    let ((bus, home), toy, stop) = (world(None), Toy::new(), CancellationToken::new());
    let served = serve(&home, &toy, LONG, &stop);
    until_owned(&bus, true).await;
    let window = Engine::connect(Arc::clone(&home.environment)).await.unwrap();
    let terminal = Engine::connect(Arc::clone(&home.environment)).await.unwrap();
    let request = [install("user", "slow")];
    let (one, two) = tokio::join!(window.submit(&request), terminal.submit(&request));
    let id = one.unwrap()[0];
    assert_eq!(two.unwrap(), [id], "one task for both");
    toy.until_running(&["slow"]).await;
    terminal.cancel(id).await.unwrap();
    assert_eq!(window.finished(id).await.unwrap().state, TaskState::Cancelled);
    drop(window);
    until(&terminal, |now| now.tasks.iter().any(|task| task.state == TaskState::Cancelled)).await;
    stop.cancel();
    served.await.unwrap().unwrap();
    until_owned(&bus, false).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn plans_of_one_face_that_end_together_are_all_answered() {
    let ((bus, home), toy, stop) = (world(None), Toy::new(), CancellationToken::new());
    let served = serve(&home, &toy, LONG, &stop);
    until_owned(&bus, true).await;
    let face = Engine::connect(Arc::clone(&home.environment)).await.unwrap();
    // Each is watched for its caller's leaving, from its beginning to its end.
    let requests: Vec<_> = (0..2000).map(|number| install("user", &format!("app-{number}"))).collect();
    let plans = futures_util::stream::iter(&requests).map(|request| face.plan(request));
    let plans: Vec<_> = plans.buffer_unordered(8).collect().await;
    let lost = plans.iter().filter(|plan| plan.is_err()).collect::<Vec<_>>();
    assert!(lost.is_empty(), "{} of {}: {:?}", lost.len(), plans.len(), lost[0]);
    stop.cancel();
    served.await.unwrap().unwrap();
}

#[tokio::test]
async fn it_leaves_when_there_is_nothing_to_do_and_not_before() {
    let ((bus, home), toy, stop) = (world(None), Toy::new(), CancellationToken::new());
    toy.hold_state(true);
    let mut served = serve(&home, &toy, Duration::from_millis(300), &stop);
    until_owned(&bus, true).await;
    let face = Engine::connect(Arc::clone(&home.environment)).await.unwrap();
    let id = face.submit(&[install("user", "slow")]).await.unwrap()[0];
    toy.until_running(&["slow"]).await;
    toy.hold_state(false);
    tokio::time::timeout(Duration::from_secs(1), &mut served).await.expect_err("a task keeps it");
    toy.release();
    assert_eq!(face.finished(id).await.unwrap().state, TaskState::Done);
    tokio::time::timeout(DEADLINE, served).await.expect("it leaves").unwrap().unwrap();
    assert_eq!(face.snapshot().borrow().installed.len(), 1, "a face keeps what it knows while the engine sleeps");
    assert_eq!(*face.link().borrow(), strata_client::Link::Connected);
}

#[tokio::test]
async fn a_face_finds_the_next_engine() {
    let ((bus, home), toy, stop) = (world(None), Toy::new(), CancellationToken::new());
    let first = serve(&home, &toy, LONG, &stop);
    until_owned(&bus, true).await;
    let face = Engine::connect(Arc::clone(&home.environment)).await.unwrap();
    let name = face.snapshot().borrow().engine.clone();
    stop.cancel();
    first.await.unwrap().unwrap();
    let stop = CancellationToken::new();
    let second = serve(&home, &toy, LONG, &stop);
    until(&face, |now| now.engine != name).await;
    let id = face.submit(&[install("user", "chess")]).await.unwrap()[0];
    assert_eq!(face.finished(id).await.unwrap().state, TaskState::Done);
    stop.cancel();
    second.await.unwrap().unwrap();
}

#[tokio::test]
async fn a_name_that_is_taken_is_left_alone() {
    let ((bus, home), toy, stop) = (world(None), Toy::new(), CancellationToken::new());
    let other = bus.connect().await;
    other.request_name(wire::BUS_NAME).await.unwrap();
    assert!(matches!(serve(&home, &toy, LONG, &stop).await.unwrap(), Err(ServeError::Taken)));
    assert!(strata_platform::lock::try_lock(&home.environment.engine_lock()).unwrap().is_some());
}

/// The real program, started by the bus when a face asks, killed in the middle of its life, and started again.
#[tokio::test]
async fn the_bus_starts_the_program_and_starts_it_again() {
    let folder = tempfile::tempdir().unwrap();
    let home = folder.path().to_str().unwrap().to_owned();
    let [user, system, config] =
        ["flatpak-user", "flatpak-system", "flatpak-config"].map(|name| format!("{home}/{name}"));
    let program = env!("CARGO_BIN_EXE_strata-service");
    let path = std::env::var("PATH").unwrap_or_default();
    let variables = [
        ("HOME", home.as_str()),
        ("PATH", path.as_str()),
        ("LANG", "C.UTF-8"),
        ("FLATPAK_USER_DIR", user.as_str()),
        ("FLATPAK_SYSTEM_DIR", system.as_str()),
        ("FLATPAK_CONFIG_DIR", config.as_str()),
        ("STRATA_APPSTREAM", "/nonexistent"),
        ("STRATA_SERVICE", program),
    ];
    let bus = Bus::new(folder.path(), Some(&format!("{program} --idle-seconds 1")), &variables);
    let mut environment = strata_platform::Environment::from_variables(&|name| {
        variables.iter().find(|(known, _)| *known == name).map(|(_, value)| value.into())
    });
    environment.session_bus = Some(bus.address.clone());
    // Only the bus starts it here.
    environment.service = "/nonexistent/strata-service".into();
    let environment = Arc::new(environment);
    let face = Engine::connect(Arc::clone(&environment)).await.unwrap();
    until(&face, |now| now.sources[0].ready && !now.catalogue.building).await;
    let first = face.snapshot().borrow().engine.clone();
    until_owned(&bus, false).await;
    face.wake().await.unwrap();
    until(&face, |now| now.engine != first).await;
    let second = face.snapshot().borrow().clone();
    assert_eq!(second.sources[0].source, SourceKind::Flatpak);
    let pid: u32 = second.engine.split('-').next().unwrap().parse().unwrap();
    let killed = std::process::Command::new("kill").args(["-KILL", &pid.to_string()]).status().unwrap();
    assert!(killed.success());
    until_owned(&bus, false).await;
    assert_eq!(face.history(1, true).await.unwrap(), Vec::new());
    until(&face, |now| now.engine != second.engine).await;
    until_owned(&bus, false).await;
}

#[tokio::test]
async fn a_program_that_does_not_start_is_said() {
    let (_bus, home) = world(Some("/nonexistent/strata-service"));
    let failure = Engine::connect(Arc::clone(&home.environment)).await.unwrap_err();
    assert_eq!(failure.kind, FailureKind::EngineGone);
}

#[tokio::test]
async fn told_to_stop_it_gives_its_name_back_first_and_the_next_one_makes_the_plan() {
    let ((bus, home), toy, stop) = (world(None), Toy::new(), CancellationToken::new());
    let first = serve(&home, &toy, LONG, &stop);
    until_owned(&bus, true).await;
    let face = Engine::connect(Arc::clone(&home.environment)).await.unwrap();
    let planning = {
        let face = face.clone();
        tokio::spawn(async move { face.plan(&install("user", "stubborn")).await })
    };
    toy.until_planning(1).await;
    stop.cancel();
    // It hangs in the first plan still, and holds the lock.
    until_owned(&bus, false).await;
    let (next, stop) = (Toy::new(), CancellationToken::new());
    next.release();
    let second = serve(&home, &next, LONG, &stop);
    first.await.unwrap().unwrap();
    until_owned(&bus, true).await;
    let asked_in_vain = planning.await.unwrap();
    assert!(
        matches!(&asked_in_vain, Err(Stop::Failed(failure)) if failure.kind == FailureKind::EngineGone),
        "{asked_in_vain:?}"
    );
    assert!(face.plan(&install("user", "stubborn")).await.is_ok());
    toy.release();
    stop.cancel();
    second.await.unwrap().unwrap();
}

#[tokio::test]
async fn a_plan_ends_with_whoever_asked_and_lets_the_engine_sleep() {
    let ((bus, home), toy, stop) = (world(None), Toy::new(), CancellationToken::new());
    let served = serve(&home, &toy, Duration::from_millis(300), &stop);
    until_owned(&bus, true).await;
    let face = Engine::connect(Arc::clone(&home.environment)).await.unwrap();
    let asking = tokio::spawn(async move { face.plan(&install("user", "slow")).await });
    toy.until_planning(1).await;
    asking.abort();
    toy.until_planning(0).await;
    tokio::time::timeout(DEADLINE, served).await.expect("it leaves").unwrap().unwrap();
}

#[tokio::test]
async fn a_plan_that_its_face_wants_no_more_ends_while_the_face_goes_on() {
    let ((bus, home), toy, stop) = (world(None), Toy::new(), CancellationToken::new());
    let served = serve(&home, &toy, LONG, &stop);
    until_owned(&bus, true).await;
    let face = Engine::connect(Arc::clone(&home.environment)).await.unwrap();
    let ask = |name: &'static str| {
        let face = face.clone();
        tokio::spawn(async move { face.plan(&install("user", name)).await })
    };
    let (first, second) = (ask("slow"), ask("slower"));
    toy.until_planning(2).await;
    first.abort();
    toy.until_planning(1).await;
    toy.release();
    assert!(second.await.unwrap().is_ok(), "the other one is none of its business");
    assert!(face.plan(&install("user", "chess")).await.is_ok());
    stop.cancel();
    served.await.unwrap().unwrap();
}

#[tokio::test]
async fn an_engine_that_cannot_start_says_why() {
    let ((bus, home), toy, stop) = (world(None), Toy::new(), CancellationToken::new());
    std::fs::create_dir_all(home.environment.data.parent().unwrap()).unwrap();
    std::fs::write(&home.environment.data, "no folder").unwrap();
    let served = serve(&home, &toy, LONG, &stop);
    until_owned(&bus, true).await;
    let failure = Engine::connect(Arc::clone(&home.environment)).await.unwrap_err();
    assert_eq!((failure.kind, failure.subject), (FailureKind::Unwritable, home.environment.data.display().to_string()));
    assert!(matches!(served.await.unwrap(), Err(ServeError::Start(_))), "and leaves");
    until_owned(&bus, false).await;
}

#[tokio::test]
async fn an_engine_that_works_elsewhere_is_said_to_be_out_of_reach() {
    let ((bus, home), toy, stop) = (world(None), Toy::new(), CancellationToken::new());
    let lock = strata_platform::lock::try_lock(&home.environment.engine_lock()).unwrap();
    assert!(lock.is_some());
    let served = serve(&home, &toy, LONG, &stop);
    until_owned(&bus, true).await;
    let failure = Engine::connect(Arc::clone(&home.environment)).await.unwrap_err();
    assert_eq!(failure.kind, FailureKind::OutOfReach);
    assert!(matches!(served.await.unwrap(), Err(ServeError::Taken)));
}
