//! Notifications of the system: said by the real service on a desktop that is a stand-in, about what becomes of a simulated
//! system that nobody looks at meanwhile.

use crate::desktop::{self, Note, Shown};
use crate::system::disk;
use std::sync::Arc;
use strata_client::Engine;
use strata_demo::{Scenario, World};
use strata_model::{Action, OfferId, Request, TaskState};
use strata_tests::{DEADLINE, programs, world};
use tokio::sync::watch;

/// A person's desktop, and a face that shows nothing.
struct Desk {
    face: Engine,
    shown: watch::Receiver<Shown>,
    world: World,
    _bus: zbus::Connection,
}

impl Desk {
    async fn new(scenario: Scenario) -> Self {
        let world = world(scenario);
        let environment = world.environment();
        let address = environment.session_bus.clone().expect("a world has a session bus");
        let bus = zbus::connection::Builder::address(address.as_str()).unwrap().build().await.unwrap();
        let shown = desktop::with_server(&bus).await;
        let face = Engine::connect(Arc::new(environment)).await.unwrap();
        face.read_system().await.unwrap();
        Self { face, shown, world, _bus: bus }
    }

    /// Asks for it and waits for its end.
    async fn run(&self, request: Request) -> TaskState {
        let task = self.face.submit(&[request]).await.unwrap()[0];
        self.face.finished(task).await.unwrap().state
    }

    /// What is shown with this title, once it is.
    async fn says(&mut self, title: &str) -> (String, Note) {
        let is_it = |(_, note): &&(String, Note)| note.title == title;
        let said = |shown: &Shown| shown.iter().find(is_it).is_some();
        self.until(title, said).await.iter().find(is_it).unwrap().clone()
    }

    /// Waits until nothing with this title is shown any more.
    async fn takes_back(&mut self, title: &str) {
        let is_gone = |shown: &Shown| shown.iter().all(|(_, note)| note.title != title);
        let _ = self.until("it is taken back", is_gone).await;
    }

    async fn until(&mut self, what: &str, is_so: impl FnMut(&Shown) -> bool) -> Shown {
        let seen = tokio::time::timeout(DEADLINE, self.shown.wait_for(is_so)).await;
        let seen = seen.map(|seen| seen.unwrap().clone()).ok();
        seen.unwrap_or_else(|| panic!("{what}: {:#?}", self.shown.borrow()))
    }
}

fn labels(note: &Note) -> Vec<&str> {
    note.actions.iter().map(|(_, label)| label.as_str()).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_restart_is_asked_for_until_nothing_waits_for_it() {
    let mut desk = Desk::new(Scenario::Classic).await;
    assert_eq!(desk.run(Request::system(Action::UpdateSystem, "")).await, TaskState::Done);
    let (_, note) = desk.says("Restart to finish").await;
    assert_eq!(note.body, "42.20261115.0 is there after a restart.");
    assert_eq!(labels(&note)[1..], ["Restart", "Later"]);
    assert_eq!(desk.run(Request::system(Action::Discard, "")).await, TaskState::Done);
    // What was discarded is to be had again, which is told in its place.
    let _ = desk.says("The system has an update").await;
    desk.takes_back("Restart to finish").await;

    let layered = Request::install(OfferId::package("fish")).named("fish");
    assert_eq!(desk.run(layered).await, TaskState::Done);
    let (_, note) = desk.says("Restart to finish").await;
    assert_eq!(note.body, "A change of the system is there after a restart.");
    let restarted = desk.world.command(programs().join("strata-demo")).args(["system", "restart"]).status();
    assert!(restarted.unwrap().success());
    desk.face.read_system().await.unwrap();
    desk.takes_back("Restart to finish").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_update_that_fails_out_of_sight_is_told() {
    let mut desk = Desk::new(Scenario::FailingScript).await;
    assert_eq!(desk.run(Request::system(Action::UpdateSystem, "")).await, TaskState::Failed);
    let (_, note) = desk.says("The system could not be changed").await;
    assert!(note.body.contains("motd-tools"), "{note:?}");
    assert_eq!(labels(&note)[1..], ["Show"], "it would fail again");
    // Without the package it works, and then that is what there is to say.
    assert_eq!(desk.run(Request::remove(OfferId::package("motd-tools"), false)).await, TaskState::Done);
    assert_eq!(desk.run(Request::system(Action::UpdateSystem, "")).await, TaskState::Done);
    let _ = desk.says("Restart to finish").await;
    let only = |shown: &Shown| shown.iter().all(|(_, note)| note.title == "Restart to finish");
    let _ = desk.until("the failure is taken back", only).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_package_that_blocks_the_update_is_named() {
    let mut desk = Desk::new(Scenario::BrokenDependency).await;
    assert_eq!(desk.run(Request::system(Action::UpdateSystem, "")).await, TaskState::Failed);
    let (_, note) = desk.says("“legacy-viewer” blocks updates of the system").await;
    assert_eq!(note.body, "It was added to the system and does not go together with what is newer.");
    assert_eq!(desk.run(Request::remove(OfferId::package("legacy-viewer"), false)).await, TaskState::Done);
    assert_eq!(disk(&desk.world)[0]["wishes"]["packages"].as_array().map_or(0, Vec::len), 0);
    let gone = |shown: &Shown| !shown.iter().any(|(_, note)| note.title.contains("blocks"));
    let _ = desk.until("nothing blocks any more", gone).await;
}
