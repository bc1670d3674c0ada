//! Notifications on a private session bus, with stand-ins for the desktop.
#![allow(missing_docs)]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests say what went wrong by panicking")]

mod bus;
mod desktop;
#[path = "../../engine/tests/toy/mod.rs"]
mod toy;

use bus::Bus;
use desktop::{Note, Shown};
use std::sync::Arc;
use std::time::Duration;
use strata_client::Engine;
use strata_engine::Source;
use strata_model::{Attention, TaskState, wire};
use strata_service::{ServeError, serve_bus};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use toy::{DEADLINE, Home, Toy, install};

const LONG: Duration = Duration::from_mins(10);

/// A desktop, an engine on it, and one face.
struct World {
    toy: Arc<Toy>,
    face: Engine,
    desk: zbus::Connection,
    served: JoinHandle<Result<(), ServeError>>,
    stop: CancellationToken,
    _bus: Bus,
    home: Home,
}

impl World {
    async fn new(idle: Duration, desk: zbus::Connection, bus: Bus, folder: tempfile::TempDir) -> Self {
        let address = bus.address.clone();
        let mut home = Home::with(|environment| environment.session_bus = Some(address));
        home.folder = folder;
        let (toy, stop) = (Toy::new(), CancellationToken::new());
        let sources: Vec<Arc<dyn Source>> = vec![Arc::clone(&toy) as Arc<dyn Source>];
        let served = tokio::spawn(serve_bus(Arc::clone(&home.environment), sources, idle, stop.clone()));
        bus.until_owned(wire::BUS_NAME).await;
        let face = Engine::connect(Arc::clone(&home.environment)).await.unwrap();
        Self { toy, face, desk, served, stop, _bus: bus, home }
    }

    async fn end(self) {
        self.stop.cancel();
        self.served.await.unwrap().unwrap();
    }

    /// Asks for it and waits for its end.
    async fn run(&self, reference: &str) -> TaskState {
        let id = self.face.submit(&[install("user", reference).named(reference)]).await.unwrap()[0];
        self.face.finished(id).await.unwrap().state
    }
}

async fn bus() -> (Bus, zbus::Connection, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let bus = Bus::new(folder.path(), None, &[]);
    let desk = bus.connect().await;
    (bus, desk, folder)
}

async fn until(shown: &mut watch::Receiver<Shown>, what: &str, so: impl Fn(&[(String, Note)]) -> bool) -> Shown {
    let seen = tokio::time::timeout(DEADLINE, shown.wait_for(|now| so(now))).await.map(|seen| seen.unwrap().clone());
    assert!(seen.is_ok(), "{what}: {:#?}", shown.borrow());
    seen.unwrap()
}

fn titled<'a>(shown: &'a [(String, Note)], words: &str) -> Option<&'a (String, Note)> {
    shown.iter().find(|(_, note)| note.title.contains(words))
}

#[tokio::test]
async fn what_ends_out_of_sight_is_shown_and_its_buttons_work() {
    let (bus, desk, folder) = bus().await;
    let (mut shown, mut window) = (desktop::with_server(&desk).await, desktop::with_window(&desk).await);
    let world = World::new(LONG, desk, bus, folder).await;
    assert_eq!(world.run("chess").await, TaskState::Done);
    let now = until(&mut shown, "it is said", |now| titled(now, "“chess” is ready").is_some()).await;
    let (ready, note) = titled(&now, "chess").unwrap();
    assert_eq!(note.actions[1].1, "Open");
    desktop::press(&world.desk, ready, "default").await;
    let asked = tokio::time::timeout(DEADLINE, window.wait_for(|asked| !asked.is_empty())).await;
    assert!(asked.unwrap().unwrap()[0].ends_with("token-1"), "the window may come to the front");

    assert_eq!(world.run("fail:Offline").await, TaskState::Failed);
    let now = until(&mut shown, "it is said", |now| titled(now, "could not be installed").is_some()).await;
    let (failed, note) = titled(&now, "could not").unwrap();
    assert!(note.body.contains("network connection"), "{note:?}");
    let before = world.toy.ran().len();
    desktop::press(&world.desk, failed, "button-0").await;
    until(&mut shown, "the old one is withdrawn", |now| now.iter().all(|(id, _)| id != failed)).await;
    until(&mut shown, "the next failure is said", |now| titled(now, "could not").is_some()).await;
    assert_eq!(world.toy.ran().len(), before + 1, "tried again");
    world.end().await;
}

#[tokio::test]
async fn nothing_is_shown_while_a_face_is_looked_at_and_then_again() {
    let (bus, desk, folder) = bus().await;
    let mut shown = desktop::with_server(&desk).await;
    let world = World::new(LONG, desk, bus, folder).await;
    let other = Engine::connect(Arc::clone(&world.home.environment)).await.unwrap();
    world.run("chess").await;
    until(&mut shown, "out of sight", |now| now.len() == 1).await;
    other.look(Attention::Everything).await.unwrap();
    until(&mut shown, "the person sees for themselves", <[_]>::is_empty).await;
    world.run("maps").await;
    other.look(Attention::Nothing).await.unwrap();
    world.run("files").await;
    let now = until(&mut shown, "nobody looks any more", |now| !now.is_empty()).await;
    assert!(titled(&now, "maps").is_none(), "{now:?}");
    // A face that is gone looks at nothing.
    other.look(Attention::Everything).await.unwrap();
    until(&mut shown, "seen", <[_]>::is_empty).await;
    drop(other);
    let deadline = tokio::time::Instant::now() + DEADLINE;
    while shown.borrow().is_empty() {
        assert!(tokio::time::Instant::now() < deadline, "a face that is gone still counts");
        world.run("weather").await;
    }
    world.end().await;
}

#[tokio::test]
async fn the_engine_stays_for_buttons_that_only_it_knows() {
    let (bus, desk, folder) = bus().await;
    let mut shown = desktop::with_server(&desk).await;
    let mut world = World::new(Duration::from_millis(300), desk, bus, folder).await;
    world.run("chess").await;
    let now = until(&mut shown, "it is said", |now| !now.is_empty()).await;
    tokio::time::timeout(Duration::from_secs(1), &mut world.served).await.expect_err("a notification keeps it");
    desktop::close(&world.desk, &now[0].0).await;
    tokio::time::timeout(DEADLINE, world.served).await.expect("it leaves").unwrap().unwrap();
}

#[tokio::test]
async fn a_portal_takes_them_over_and_lets_the_engine_go() {
    let (bus, desk, folder) = bus().await;
    // Both are there: the portal knows what to do when the engine is gone.
    let old = desktop::with_server(&desk).await;
    let mut shown = desktop::with_portal(&desk).await;
    let world = World::new(Duration::from_millis(300), desk, bus, folder).await;
    world.run("chess").await;
    let now = until(&mut shown, "it is said", |now| titled(now, "chess").is_some()).await;
    let actions: Vec<&str> = now[0].1.actions.iter().map(|(action, _)| action.as_str()).collect();
    // What came from a list has its page in the catalogue, by a name that only faces know.
    assert_eq!(actions, ["app.show-page", "app.open"]);
    assert!(old.borrow().is_empty());
    tokio::time::timeout(DEADLINE, world.served).await.expect("it leaves").unwrap().unwrap();
    assert_eq!(shown.borrow().len(), 1, "the notification stays");
}

#[tokio::test]
async fn a_desktop_that_hangs_costs_what_it_was_to_show_and_nothing_after_it() {
    let (bus, desk, folder) = bus().await;
    let mut shown = desktop::with_hanging_server(&desk).await;
    let world = World::new(LONG, desk, bus, folder).await;
    assert_eq!(world.run("chess").await, TaskState::Done);
    assert_eq!(world.run("maps").await, TaskState::Done);
    let now = until(&mut shown, "the next one is shown", |now| !now.is_empty()).await;
    assert!(titled(&now, "maps").is_some(), "{now:?}");
    world.end().await;
}

#[tokio::test]
async fn a_desktop_without_notifications_has_an_engine_all_the_same() {
    let (bus, desk, folder) = bus().await;
    let world = World::new(LONG, desk, bus, folder).await;
    assert_eq!(world.run("chess").await, TaskState::Done);
    world.end().await;
}
