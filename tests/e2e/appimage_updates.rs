//! Updates of AppImages: found, fetched, gone back from, and kept for good once the new version has been started.

#![cfg(target_arch = "x86_64")] // which the runtime of these is made for

use crate::appimages::Alone;
use crate::facts::engines;
use crate::scribe::{ID, UPDATES, put, release, scribe_of};
use rustix::process::{Pid, Signal, kill_process};
use strata_demo::{Manners, Scenario};
use strata_tests::{Running, ctl, ctl_json, stratactl, until, world};

/// A person who has Scribe 1.2, and a forge.
fn with_scribe() -> Alone {
    let alone = Alone::new();
    let file = put(&alone.world, "scribe.AppImage", &scribe_of("1.2", UPDATES));
    let _ = alone.ctl(&["install", "-y", file.to_str().unwrap()]).expect(0);
    alone
}

/// What is said of it in a list.
fn scribe(alone: &Alone, words: &[&str]) -> Option<serde_json::Value> {
    let list = alone.json(words);
    list.as_array().unwrap().iter().find(|part| part["id"] == ID).cloned()
}

#[test]
fn a_newer_version_is_found_fetched_and_kept_once_it_has_been_started() {
    let alone = with_scribe();
    assert_eq!(scribe(&alone, &["list", "--updates"]), None);
    release(&alone.world, "1.3");
    let _ = alone.ctl(&["refresh"]).expect(0);
    let update = scribe(&alone, &["list", "--updates"]).unwrap();
    assert_eq!((&update["from_version"], &update["version"]), (&"1.2".into(), &"1.3".into()), "{update:#}");
    let sent = || alone.world.server().unwrap().sent();
    let before = sent();
    let updated = alone.ctl(&["update", "-y", "--no-refresh", "scribe"]).expect(0);
    assert!(updated.out.contains("Updated Scribe"), "{updated:?}");
    let (fetched, whole) = (sent() - before, scribe_of("1.3", UPDATES).len() as u64);
    assert!(fetched * 10 < whole, "only what is new comes: {fetched} of {whole} bytes, control file and all");
    let part = scribe(&alone, &["list"]).unwrap();
    assert_eq!((&part["version"], &part["previous"]), (&"1.3".into(), &"1.2".into()));
    assert_eq!(scribe(&alone, &["list", "--updates"]), None);

    let _ = alone.ctl(&["run", "scribe"]).expect(0);
    let gone = || scribe(&alone, &["list"]).filter(|part| part["previous"].is_null());
    until("the version before has gone", gone);
    let refused = alone.ctl(&["go-back", "scribe"]);
    assert!(refused.status != 0 && refused.err.contains("no earlier version of “Scribe”"), "{refused:?}");
}

#[test]
fn killed_while_a_delta_comes_the_old_version_is_there_and_the_next_try_brings_the_new_one() {
    let world = world(Scenario::Default);
    let file = put(&world, "scribe.AppImage", &scribe_of("1.2", UPDATES));
    let _ = ctl(&world, &["install", "-y", file.to_str().unwrap()]).expect(0);
    release(&world, "1.3");
    let _ = ctl(&world, &["refresh"]).expect(0);
    let version = || {
        let list = ctl_json(&world, 0, &["list"]);
        list.as_array().unwrap().iter().find(|part| part["id"] == ID).unwrap()["version"].clone()
    };
    let server = world.server().unwrap();
    server.behave(Manners { bytes_per_second: Some(1000), ..Manners::default() });
    let mut running = Running::start(stratactl(&world, &["update", "-y", "--no-refresh", "scribe"]));
    running.says("downloading");
    kill_process(Pid::from_raw(engines(&world)[0]).unwrap(), Signal::KILL).unwrap();
    let killed = running.end();
    assert!(killed.err.contains("This was broken off before it was finished"), "{killed:?}");
    assert_eq!(version(), "1.2");
    server.behave(Manners::default());
    let _ = ctl(&world, &["update", "-y", "--no-refresh", "scribe"]).expect(0);
    assert_eq!(version(), "1.3");
}

#[test]
fn what_was_gone_back_from_is_not_offered_again_but_what_comes_after_it_is() {
    let alone = with_scribe();
    release(&alone.world, "1.3");
    let _ = alone.ctl(&["update", "-y", "scribe"]).expect(0);
    let back = alone.ctl(&["go-back", "scribe"]).expect(0);
    assert!(back.out.contains("Went back to the version before of Scribe"), "{back:?}");
    assert_eq!(scribe(&alone, &["list"]).unwrap()["version"], "1.2");
    let _ = alone.ctl(&["refresh"]).expect(0);
    assert_eq!(scribe(&alone, &["list", "--updates"]), None);
    release(&alone.world, "1.4");
    let _ = alone.ctl(&["refresh"]).expect(0);
    assert_eq!(scribe(&alone, &["list", "--updates"]).unwrap()["version"], "1.4");
}
