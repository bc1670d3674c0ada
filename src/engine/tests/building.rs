//! A refresh is cancelled while the catalogue is built.
#![allow(missing_docs)]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests say what went wrong by panicking")]

mod toy;

use std::os::unix::fs::PermissionsExt;
use strata_engine::Engine;
use strata_model::{Request, SourceKind, TaskState};
use toy::{Home, Toy, until};

/// A home whose service fails at the first build, so that nothing builds by itself any more, says each later one and never
/// ends it.
fn home() -> Home {
    let home = Home::with(|environment| environment.service = environment.data.join("service"));
    std::fs::create_dir_all(&home.environment.data).unwrap();
    let folder = home.environment.data.display();
    let script = format!(
        "#!/bin/sh\n[ -e {folder}/first ] || {{ : > {folder}/first; exit 1; }}\n\
         echo begun >> {folder}/builds\nexec sleep 1000\n"
    );
    std::fs::write(&home.environment.service, script).unwrap();
    std::fs::set_permissions(&home.environment.service, std::fs::Permissions::from_mode(0o700)).unwrap();
    home
}

async fn at_rest(engine: &Engine) {
    let mut work = engine.work();
    tokio::time::timeout(toy::DEADLINE, work.wait_for(|count| *count == 0)).await.unwrap().unwrap();
}

#[tokio::test]
async fn a_refresh_is_cancelled_while_the_catalogue_is_built() {
    let (home, toy) = (home(), Toy::new());
    let old = home.environment.catalogue();
    std::fs::create_dir_all(old.parent().unwrap()).unwrap();
    std::fs::write(&old, "the old one").unwrap();
    let engine = home.engine(&toy).await;
    at_rest(&engine).await;
    let builds = home.environment.data.join("builds");
    let count = || std::fs::read_to_string(&builds).unwrap_or_default().lines().count();

    for expected in 1..=2 {
        let id = engine.submit(&[Request::refresh(SourceKind::AppImage)]).await.unwrap()[0];
        while count() < expected {
            tokio::task::yield_now().await;
        }
        assert!(engine.snapshot().catalogue.building);
        engine.cancel(id).await.unwrap();
        let now = until(&engine, |now| now.tasks.iter().any(|task| task.id == id && task.state.is_final())).await;
        assert_eq!(now.tasks.iter().find(|task| task.id == id).unwrap().state, TaskState::Cancelled);
        assert!(!now.catalogue.building, "and nothing else builds");
        assert_eq!(std::fs::read_to_string(&old).unwrap(), "the old one");

        // What is noticed outside does not begin it again; somebody who asks for news does.
        toy.install_outside(&format!("chess{expected}"));
        until(&engine, |now| now.installed.len() == expected).await;
        at_rest(&engine).await;
        assert_eq!((count(), engine.snapshot().catalogue.building), (expected, false));
    }
}
