//! Kinds of sources that the settings have switched off.
#![allow(missing_docs)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests say what went wrong by panicking")]

mod toy;

use strata_engine::Engine;
use strata_model::{FailureKind, Request, SourceKind, Stop, Task, TaskState};
use toy::{Home, Toy, install, offer, until};

async fn ended(engine: &Engine, request: Request) -> Task {
    let id = engine.submit(&[request]).await.unwrap()[0];
    let is_it = |task: &&Task| task.id == id && task.state.is_final();
    let snapshot = until(engine, |now| now.tasks.iter().any(|task| is_it(&task))).await;
    snapshot.tasks.iter().find(is_it).unwrap().clone()
}

#[tokio::test]
async fn nothing_new_comes_from_them_and_what_is_there_is_kept_up_and_goes() {
    let (home, toy) = (Home::new(), Toy::new());
    toy.install_outside("chess");
    let engine = home.engine(&toy).await;
    engine.set_setting("sources.appimages", "false").await.unwrap();
    let file = Request::install_file(SourceKind::AppImage, "user", "/some/Go.AppImage");
    for request in [install("user", "go"), file] {
        let Err(Stop::Failed(failure)) = engine.plan(&request).await else { panic!("planned: {request:?}") };
        assert_eq!(failure.kind, FailureKind::SourceOff);
        assert_eq!(ended(&engine, request).await.failure, Some(failure));
    }
    let failure = engine.launch_file("/some/Go.AppImage").await.unwrap_err();
    assert_eq!((failure.kind, failure.subject.as_str()), (FailureKind::SourceOff, "/some/Go.AppImage"));
    assert_eq!((toy.ran(), toy.files()), (Vec::<String>::new(), Vec::new()));
    assert_eq!(engine.snapshot().installed.len(), 1, "it stays listed");
    for request in [Request::update(offer("user", "chess")), Request::remove(offer("user", "chess"), false)] {
        assert_eq!(ended(&engine, request).await.state, TaskState::Done);
    }
    engine.set_setting("sources.appimages", "true").await.unwrap();
    assert_eq!(ended(&engine, install("user", "go")).await.state, TaskState::Done);
    engine.launch_file("/some/Go.AppImage").await.unwrap();
    assert_eq!(toy.files(), ["/some/Go.AppImage"]);
}
