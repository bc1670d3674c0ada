//! What other programs do.

use crate::ground::{APP, Ground, ORIGIN, PATIENCE, app};
use strata_engine::Source;
use strata_platform::witness;

#[tokio::test]
async fn changes_of_the_flatpak_command_are_noticed() {
    let ground = Ground::with_app().await;
    let before = ground.state().await;
    witness::write(&ground.environment, before.witnesses, before.installed).unwrap();
    assert_eq!(witness::read(&ground.environment), Some(Vec::new()));
    let mut changes = ground.flatpak.changes();
    // The monitors are there as soon as the first change is seen; until then a change is made again and again.
    let noticed = tokio::time::timeout(PATIENCE, async {
        let mut enabled = true;
        while !changes.has_changed().unwrap() {
            let switch = if enabled { "--disable" } else { "--enable" };
            enabled = !enabled;
            ground.command(&["remote-modify", "--user", switch, ORIGIN]);
            tokio::task::yield_now().await;
        }
        ground.command(&["remote-modify", "--user", "--enable", ORIGIN]);
    });
    noticed.await.unwrap();
    changes.borrow_and_update();
    ground.command(&["install", "--user", "--noninteractive", "-y", ORIGIN, APP]);
    tokio::time::timeout(PATIENCE, changes.changed()).await.unwrap().unwrap();
    assert!(ground.installed(&app().reference).await.is_some());
    assert_eq!(witness::read(&ground.environment), None, "the faces would still trust what was known before");
}

#[tokio::test]
async fn a_watch_ends_with_its_source() {
    let ground = Ground::bare();
    let changes = ground.flatpak.changes();
    drop(ground);
    assert!(changes.has_changed().is_err(), "somebody still watches");
}
