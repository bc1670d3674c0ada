//! Engine and face against each other over a socket pair, with a toy source and without any bus.
#![allow(missing_docs)]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests say what went wrong by panicking")]

#[path = "../../engine/tests/toy/mod.rs"]
mod toy;

use std::sync::Arc;
use strata_client::{Engine, Link};
use strata_engine::Source;
use strata_model::app_settings::InTerminal;
use strata_model::{AppSettings, Failure, FailureKind, Request, Snapshot, SourceKind, Stop, TaskId, TaskState, wire};
use strata_service::{ServeError, serve_peer};
use tokio::net::UnixStream;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use toy::{DEADLINE, Home, Toy, install, offer};

struct World {
    home: Home,
    toy: Arc<Toy>,
    stop: CancellationToken,
    served: JoinHandle<Result<(), ServeError>>,
}

impl World {
    fn serve() -> (Self, UnixStream) {
        Self::serve_in(Home::new())
    }

    fn serve_in(home: Home) -> (Self, UnixStream) {
        let (toy, stop) = (Toy::new(), CancellationToken::new());
        let (ours, theirs) = UnixStream::pair().unwrap();
        let sources: Vec<Arc<dyn Source>> = vec![Arc::clone(&toy) as Arc<dyn Source>];
        let served = tokio::spawn(serve_peer(Arc::clone(&home.environment), sources, theirs, stop.clone()));
        (Self { home, toy, stop, served }, ours)
    }

    async fn face() -> (Self, Engine) {
        let (world, stream) = Self::serve();
        let face = Engine::over(Arc::clone(&world.home.environment), stream).await.unwrap();
        (world, face)
    }

    async fn ended(self) -> Result<(), ServeError> {
        tokio::time::timeout(DEADLINE, self.served).await.expect("the process ends").unwrap()
    }
}

async fn until(face: &Engine, so: impl Fn(&Snapshot) -> bool) {
    let mut snapshot = face.snapshot();
    let wait = tokio::time::timeout(DEADLINE, snapshot.wait_for(|now| so(now))).await.is_ok();
    assert!(wait, "the mirror never shows it: {:?} {:#?}", face.link(), face.snapshot());
}

#[tokio::test]
async fn a_face_asks_and_sees() {
    let (world, face) = World::face().await;
    let request = install("user", "slow").named("Slow");
    let id = face.submit(std::slice::from_ref(&request)).await.unwrap()[0];
    let progressed = |now: &Snapshot| now.tasks.iter().any(|task| task.id == id && task.progress.percent == Some(10));
    until(&face, progressed).await;
    world.toy.release();
    let done = face.finished(id).await.unwrap();
    assert_eq!((done.state, &done.request), (TaskState::Done, &request));
    until(&face, |now| now.installed.len() == 1).await;
    face.launch(&offer("user", "slow")).await.unwrap();
    face.launch_file("/some/Go.AppImage").await.unwrap();
    assert_eq!(world.toy.files(), ["/some/Go.AppImage"]);
    let settings = AppSettings {
        folder: "/home/ann/Applications".into(),
        arguments: vec!["--name".into(), "a b".into()],
        environment: [("LANG".into(), "C".into())].into(),
        terminal: InTerminal::Yes,
        portable_home: true,
        ..AppSettings::default()
    };
    face.set_app_settings(&offer("user", "slow"), &settings).await.unwrap();
    assert_eq!(face.app_settings(&offer("user", "slow")).await.unwrap(), settings);
    face.acknowledge(&[id]).await.unwrap();
    until(&face, |now| now.tasks.is_empty()).await;
    assert_eq!(face.history(5, true).await.unwrap()[0].id, id);
    assert_eq!(face.finished(id).await.unwrap().state, TaskState::Done, "also when it was acknowledged already");
    assert_eq!(face.finished(TaskId(4711)).await.unwrap_err().kind, FailureKind::NotFound);
    face.set_setting("appearance.style", "dark").await.unwrap();
    until(&face, |now| now.settings.appearance.style == strata_model::settings::Style::Dark).await;
    face.wake().await.unwrap();
    assert_eq!(*face.link().borrow(), Link::Connected);
}

#[tokio::test]
async fn a_plan_arrives_whole() {
    let (_world, face) = World::face().await;
    let request = Request::remove(offer("user", "chess"), true).named("Chess <b>& more</b>");
    let plan = face.plan(&request).await.unwrap();
    assert_eq!((plan.request, plan.download_size, plan.size_change), (request, 7, -7));
}

#[tokio::test]
async fn every_failure_arrives_as_it_was() {
    let (_world, face) = World::face().await;
    for kind in FailureKind::ALL {
        let failure = Failure::new(*kind, "subject", "detail");
        let planned = face.plan(&install("user", &format!("fail:{}", kind.name()))).await;
        assert_eq!(planned, Err(Stop::Failed(failure)));
    }
    assert_eq!(face.plan(&install("user", "cancelled")).await, Err(Stop::Cancelled));
    let refused = face.submit(&[Request::refresh(SourceKind::Package)]).await.unwrap_err();
    assert_eq!(refused.kind, FailureKind::NoBackend);
    assert_eq!(face.set_setting("no.such", "1").await.unwrap_err().kind, FailureKind::BadSetting);
}

#[tokio::test]
async fn a_task_that_is_cancelled_or_crashes_ends_so_at_the_face() {
    let (world, face) = World::face().await;
    let ids = face.submit(&[install("user", "slow"), install("system", "crash")]).await.unwrap();
    world.toy.until_running(&["slow"]).await;
    face.cancel(ids[0]).await.unwrap();
    assert_eq!(face.finished(ids[0]).await.unwrap().state, TaskState::Cancelled);
    let crashed = face.finished(ids[1]).await.unwrap();
    assert!(crashed.failure.unwrap().detail.contains("the toy broke"));
}

#[tokio::test]
async fn the_engine_leaves_when_the_face_hangs_up() {
    let (world, face) = World::face().await;
    drop(face);
    world.ended().await.unwrap();
}

#[tokio::test]
async fn work_goes_on_when_the_face_hangs_up() {
    let (world, face) = World::face().await;
    face.submit(&[install("user", "stubborn")]).await.unwrap();
    world.toy.until_running(&["stubborn"]).await;
    drop(face);
    let (toy, environment) = (Arc::clone(&world.toy), Arc::clone(&world.home.environment));
    assert!(strata_platform::lock::try_lock(&environment.engine_lock()).unwrap().is_none(), "the engine still works");
    toy.release();
    let home = Home { environment, ..Home::new() };
    let data = world.home.folder.path().to_owned();
    world.served.await.unwrap().unwrap();
    assert!(data.exists());
    let after = home.engine(&toy).await.snapshot().tasks;
    assert_eq!(after[0].state, TaskState::Done);
}

#[tokio::test]
async fn told_to_stop_it_cancels_and_says_so() {
    let (world, face) = World::face().await;
    let id = face.submit(&[install("user", "slow")]).await.unwrap()[0];
    world.toy.until_running(&["slow"]).await;
    world.stop.cancel();
    until(&face, |now| now.tasks.iter().any(|task| task.id == id && task.state == TaskState::Cancelled)).await;
    world.ended().await.unwrap();
}

#[tokio::test]
async fn a_face_without_an_engine_is_told_so() {
    let (world, face) = World::face().await;
    world.stop.cancel();
    world.ended().await.unwrap();
    let mut link = face.link();
    let lost = link.wait_for(|link| matches!(link, Link::Lost(_)));
    tokio::time::timeout(DEADLINE, lost).await.unwrap().unwrap();
    assert_eq!(face.submit(&[install("user", "chess")]).await.unwrap_err().kind, FailureKind::EngineGone);
    let none = Engine::connect(Home::new().environment).await.unwrap_err();
    assert_eq!(none.kind, FailureKind::EngineGone);
    assert!(none.subject.ends_with("strata-service"), "it says what is missing: {none:?}");
}

#[tokio::test]
async fn a_second_engine_for_one_person_is_refused() {
    let (world, _face) = World::face().await;
    let home = Home { environment: Arc::clone(&world.home.environment), ..Home::new() };
    let (second, stream) = World::serve_in(home);
    let refused = Engine::over(Arc::clone(&second.home.environment), stream).await.unwrap_err();
    assert_eq!(refused.kind, FailureKind::OutOfReach);
    assert!(matches!(second.ended().await, Err(ServeError::Taken)));
}

/// What the introspection says is what is sent: a face in another language relies on it.
#[tokio::test]
async fn the_interface_is_as_it_is_described() {
    let (_world, stream) = World::serve();
    let connection = zbus::connection::Builder::unix_stream(stream).p2p().build().await.unwrap();
    let call = async |interface: &'static str, method: &'static str| {
        let none = None::<&str>;
        connection.call_method(none, wire::OBJECT_PATH, Some(interface), method, &()).await.unwrap()
    };
    let xml: String = call("org.freedesktop.DBus.Introspectable", "Introspect").await.body().deserialize().unwrap();
    let snapshot = call(wire::INTERFACE, "Snapshot").await;
    let signature = format!("type=\"{}\"", snapshot.header().signature());
    assert!(xml.contains(&signature), "{signature} is not in {xml}");
    let asked = [
        "Snapshot",
        "Plan",
        "Submit",
        "Cancel",
        "Acknowledge",
        "SetSetting",
        "Launch",
        "LaunchFile",
        "AppSettings",
        "SetAppSettings",
        "History",
    ];
    for member in asked.into_iter().chain(["Changed"]) {
        assert!(xml.contains(&format!("name=\"{member}\"")), "{member}");
    }
}

#[tokio::test]
async fn a_plan_ends_with_the_face_that_asked() {
    let (world, face) = World::face().await;
    let asking = tokio::spawn(async move { face.plan(&install("user", "slow")).await });
    world.toy.until_planning(1).await;
    asking.abort();
    world.toy.until_planning(0).await;
    world.ended().await.unwrap();
}

#[tokio::test]
async fn a_face_is_told_why_its_engine_cannot_start() {
    let home = Home::new();
    std::fs::create_dir_all(home.environment.data.parent().unwrap()).unwrap();
    std::fs::write(&home.environment.data, "no folder").unwrap();
    let (world, stream) = World::serve_in(home);
    let failure = Engine::over(Arc::clone(&world.home.environment), stream).await.unwrap_err();
    assert_eq!(failure.kind, FailureKind::Unwritable);
    assert!(matches!(world.ended().await, Err(ServeError::Start(_))));
}
