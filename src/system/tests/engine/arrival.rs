//! What came with a restart, until somebody has seen it.

use crate::backend::{Differing, Toy};
use crate::{World, booted};
use strata_model::{Action, Request};

#[tokio::test]
async fn what_came_with_a_restart_is_told_until_it_was_seen() {
    let world = World::new(Toy::new(&[])).await;
    world.run(Request::system(Action::UpdateSystem, "")).await;
    assert_eq!(world.engine.snapshot().system.arrived, None, "it only waits");
    let next = booted(world.engine.snapshot().system.system.clone());
    let world = world.restarted(next.clone()).await;
    assert_eq!(world.engine.snapshot().system.arrived, None, "nobody has looked");
    for _ in 0..2 {
        world.engine.read_system().await.unwrap();
        let arrived = world.engine.snapshot().system.arrived.clone().unwrap();
        assert_eq!((arrived.from_version.as_str(), arrived.to_version.as_str()), ("1", "2"));
        assert_eq!((arrived.changes[0].name.as_str(), arrived.changes_known), ("booted-staged", true));
    }
    world.engine.system_seen().await;
    assert_eq!(world.engine.snapshot().system.arrived, None);
    let world = world.restarted(next).await;
    world.engine.read_system().await.unwrap();
    assert_eq!(world.engine.snapshot().system.arrived, None, "for good");
}

#[tokio::test]
async fn what_was_discarded_does_not_arrive() {
    let world = World::new(Toy::new(&[])).await;
    world.run(Request::system(Action::UpdateSystem, "")).await;
    world.toy.change(|system| system.deployments.retain(|deployment| !deployment.staged));
    let after = world.until(|now| now.system.system.pending().is_none()).await;
    let world = world.restarted(after.system.system.clone()).await;
    world.engine.read_system().await.unwrap();
    assert_eq!(world.engine.snapshot().system.arrived, None);
}

#[tokio::test]
async fn what_is_seen_while_the_daemon_still_compares_it_stays_seen() {
    let world = World::new(Toy::new(&[])).await;
    world.run(Request::system(Action::UpdateSystem, "")).await;
    let next = booted(world.engine.snapshot().system.system.clone());
    let world = world.restarted(next.clone()).await;
    world.toy.differing.send_replace(Differing::Refused);
    world.engine.read_system().await.unwrap();
    assert!(world.engine.snapshot().system.arrived.is_some(), "what it changes is not known");
    world.toy.differing.send_replace(Differing::Late);
    let reading = {
        let engine = world.engine.clone();
        tokio::spawn(async move { engine.read_system().await })
    };
    while world.toy.differing.receiver_count() == 0 {
        tokio::task::yield_now().await;
    }
    world.engine.system_seen().await;
    world.toy.differing.send_replace(Differing::Told);
    reading.await.unwrap().unwrap();
    assert_eq!(world.engine.snapshot().system.arrived, None);
    let world = world.restarted(next).await;
    world.engine.read_system().await.unwrap();
    assert_eq!(world.engine.snapshot().system.arrived, None, "for good");
}
