//! Systems that take no packages because their updates would not work any more.

#[path = "../../../demo/tests/recordings/rpm.rs"]
mod rpm;

use crate::backend::Toy;
use crate::{World, install};
use strata_model::system::{Ability, SystemObstacle};
use strata_model::{Action, FailureKind, OfferId, Request, Snapshot, SourceKind, Stop, TaskState};

#[tokio::test]
async fn where_layering_is_refused_packages_go_and_updates_come_all_the_same() {
    for obstacle in [SystemObstacle::LayeringRefused, SystemObstacle::UpdaterRefuses] {
        let mut toy = Toy::new(&["htop"]);
        toy.system.get_mut().unwrap().capabilities.refuse(Ability::Install, obstacle);
        let world = World::new(toy).await;
        let file = world.home.path().join("localtool-1.0-1.noarch.rpm");
        std::fs::write(&file, rpm::package("localtool-1.0-1.noarch.rpm")).unwrap();
        let file = Request::install_file(SourceKind::Package, "system", file.to_str().unwrap());
        for request in [install("fish"), file] {
            let Err(Stop::Failed(failure)) = world.engine.plan(&request).await else { panic!("planned: {request:?}") };
            assert_eq!((failure.kind, &*failure.detail), (FailureKind::LayeringRefused, obstacle.sentence()));
            assert_eq!(world.run(request).await.failure, Some(failure));
        }
        assert_eq!(*world.toy.ran.lock().unwrap(), []);
        for request in [Request::remove(OfferId::package("htop"), false), Request::system(Action::UpdateSystem, "")] {
            let _ = world.plan(request.clone()).await;
            assert_eq!(world.run(request).await.state, TaskState::Done);
        }
    }
}

#[tokio::test]
async fn what_is_set_about_packages_is_known_at_once_without_waking_anybody() {
    let world = World::new(Toy::new(&[])).await;
    world.toy.system.lock().unwrap().capabilities.refuse(Ability::Install, SystemObstacle::LayeringRefused);
    world.engine.set_setting("packages.layering", "refused").await.unwrap();
    let refused = |now: &Snapshot| now.system.system.capabilities.refusal(Ability::Install).is_some();
    let now = world.until(refused).await;
    assert_eq!((world.toy.asked(), now.system.ready), (0, false));
}
