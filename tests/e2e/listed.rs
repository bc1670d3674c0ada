//! Apps of AppImageHub's list: found, installed from the release of their project, opened, removed, and refused for their
//! reasons.

#![cfg(target_arch = "x86_64")] // which the runtime of these is made for

use crate::appimages::{Alone, brought};
use crate::facts::engines;
use crate::scribe::{list, publish, release, scribe_of};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::json;
use std::fs;
use std::io::Cursor;
use strata_demo::{Manners, Scenario, World};
use strata_tests::{Running, ctl, ctl_json, stratactl, until, world};

/// AppImageHub and the project have an app that is installed as a Flatpak.
fn rookery(world: &World, digest: Option<&str>) {
    let app = ctl_json(world, 0, &["show", "org.rookery.Rookery"]);
    list(world, &json!({"name": app["name"], "description": app["summary"]}));
    publish(world, "1.2", &scribe_of("1.2", ""), digest);
    let _ = ctl(world, &["refresh"]).expect(0);
}

/// The sources that it is installed from.
fn sources(world: &World) -> Vec<serde_json::Value> {
    let all = ctl_json(world, 0, &["list"]);
    let parts = all.as_array().unwrap().iter().filter(|part| part["id"] == "org.rookery.Rookery");
    parts.map(|part| part["source"].clone()).collect()
}

/// As the catalogue calls it that has it from nowhere else.
const LISTED: &str = "appimagehub:Scribe";

fn digest(bytes: &[u8]) -> String {
    strata_appimage::inspect(&mut Cursor::new(bytes)).unwrap().sha256
}

/// The list is known, and the project has version 1.2.
fn known(world: &World) {
    list(world, &json!({}));
    let bytes = scribe_of("1.2", "");
    publish(world, "1.2", &bytes, Some(&digest(&bytes)));
}

fn parts(list: &serde_json::Value) -> Vec<&serde_json::Value> {
    list.as_array().unwrap().iter().filter(|part| part["source"] == "app-image").collect()
}

#[test]
fn a_listed_app_is_one_from_search_to_removal() {
    let alone = Alone::new();
    let before = brought(&alone.world);
    known(&alone.world);
    let _ = alone.ctl(&["refresh"]).expect(0);
    let found = alone.json(&["search", "scribe"]);
    assert_eq!((&found[0]["id"], &found[0]["installed"]), (&LISTED.into(), &false.into()), "{found:#}");
    assert_eq!(
        (&found[0]["offers"][0]["installable"], &found[0]["offers"][0]["obstacle"]),
        (&true.into(), &json!(null))
    );

    let plan = alone.ctl(&["plan", "scribe"]).expect(0);
    assert!(plan.out.contains("It comes from github.com/ann/Scribe 1.2, and is checked by the digest"), "{plan:?}");
    let installed = alone.ctl(&["install", "-y", "scribe", "--source", "app-image"]).expect(0);
    assert!(installed.out.contains("Installed Scribe"), "{installed:?}");
    let listed = alone.json(&["list"]);
    let [part] = parts(&listed)[..] else { panic!("{listed:#}") };
    assert_eq!(
        (&part["id"], &part["name"], &part["version"], &part["origin"], &part["ref"]),
        (&LISTED.into(), &"Scribe".into(), &"1.2".into(), &"appimagehub".into(), &"Scribe".into())
    );
    let found = alone.json(&["search", "scribe"]);
    assert_eq!((found.as_array().unwrap().len(), &found[0]["installed"]), (1, &true.into()), "{found:#}");
    let shown = alone.json(&["show", "scribe"]);
    assert_eq!((&shown["id"], &shown["installed_as"][0]["version"]), (&LISTED.into(), &"1.2".into()));
    let again = alone.ctl(&["install", "-y", "scribe"]);
    assert!(again.status != 0 && again.err.contains("is installed already"), "{again:?}");

    let _ = alone.ctl(&["run", "scribe"]).expect(0);
    let written = alone.world.environment().home.join("written");
    until("it has written", || fs::read_to_string(&written).ok().filter(|text| text.ends_with('\n')));
    // The file says nothing of updates: its project has them.
    release(&alone.world, "1.3");
    let updated = alone.ctl(&["update", "-y", "scribe"]).expect(0);
    assert!(updated.out.contains("Updated Scribe"), "{updated:?}");
    assert_eq!(parts(&alone.json(&["list"]))[0]["version"], "1.3");
    let _ = alone.ctl(&["remove", "-y", "scribe"]).expect(0);
    assert_eq!(brought(&alone.world), before);
    assert_eq!(alone.json(&["search", "scribe"])[0]["installed"], false);
}

#[test]
fn an_app_that_a_remote_has_too_is_the_same_app() {
    let world = world(Scenario::Default);
    rookery(&world, None);
    let shown = ctl_json(&world, 0, &["show", "org.rookery.Rookery"]);
    let offered: Vec<_> = shown["offers"].as_array().unwrap().iter().map(|offer| offer["source"].clone()).collect();
    assert_eq!((&offered[0], offered.last().unwrap()), (&"flatpak".into(), &"app-image".into()));
    let _ = ctl(&world, &["install", "-y", "org.rookery.Rookery", "--source", "app-image"]).expect(0);
    let mut both = sources(&world);
    both.sort_by_key(ToString::to_string);
    assert_eq!(both, ["app-image", "flatpak"]);
}

#[test]
fn what_is_not_as_it_should_be_is_refused_and_leaves_nothing() {
    let world = world(Scenario::Default);
    let before = brought(&world);
    list(&world, &json!({}));
    let _ = ctl(&world, &["refresh"]).expect(0);
    let gone = ctl(&world, &["install", "-y", "scribe"]).expect(1);
    assert!(gone.err.contains("The project of “Scribe” is not there any more. It may have moved"), "{gone:?}");
    let _ = ctl(&world, &["refresh"]).expect(0);
    let offer = &ctl_json(&world, 0, &["search", "scribe"])[0]["offers"][0];
    assert_eq!((&offer["obstacle"]["kind"], &offer["obstacle"]["detail"]), (&"missing".into(), &"project-gone".into()));

    publish(&world, "1.2", &scribe_of("1.2", ""), Some(&"ab".repeat(32)));
    let wrong = ctl(&world, &["install", "-y", "scribe"]).expect(1);
    assert!(wrong.err.contains("“Scribe” is damaged at its origin"), "{wrong:?}");
    assert_eq!(brought(&world), before);

    let _ = fs::remove_dir_all(world.environment().releases());
    world.server().unwrap().behave(Manners { busy: true, ..Manners::default() });
    let busy = ctl(&world, &["plan", "scribe"]).expect(1);
    assert!(busy.err.contains("“github.com” was asked too often and answers later"), "{busy:?}");
}

#[test]
fn what_nobody_looks_after_says_so() {
    let world = world(Scenario::Default);
    known(&world);
    fs::write(world.folder().join("www/appimagehub/archived-apps"), "scribe\n").unwrap();
    let _ = ctl(&world, &["refresh"]).expect(0);
    let found = ctl_json(&world, 0, &["search", "scribe"]);
    assert_eq!(found[0]["offers"][0]["obstacle"]["kind"], "neglected", "{found:#}");
    let plan = ctl_json(&world, 0, &["plan", "scribe"]);
    let warnings: Vec<_> = plan[0]["warnings"].as_array().unwrap().iter().map(|one| one["kind"].clone()).collect();
    assert_eq!(warnings, ["checked", "neglected"], "{plan:#}");
}

#[test]
fn a_download_that_breaks_off_or_is_cancelled_or_killed_leaves_the_old_state() {
    let world = world(Scenario::Default);
    let before = brought(&world);
    known(&world);
    let _ = ctl(&world, &["refresh"]).expect(0);
    let server = world.server().unwrap();
    let _ = ctl(&world, &["plan", "scribe"]).expect(0);
    server.behave(Manners { cut_after: Some(60_000), ..Manners::default() });
    let cut = ctl(&world, &["install", "-y", "scribe"]).expect(1);
    assert!(cut.err.contains("could not be reached. Check the network connection"), "{cut:?}");

    server.behave(Manners { bytes_per_second: Some(60_000), ..Manners::default() });
    let mut running = Running::start(stratactl(&world, &["install", "-y", "scribe"]));
    running.says("downloading").signal(Signal::INT);
    let cancelled = running.end();
    assert_eq!((cancelled.status, brought(&world)), (4, before.clone()), "{cancelled:?}");

    let mut running = Running::start(stratactl(&world, &["install", "-y", "scribe"]));
    running.says("downloading");
    let engine = engines(&world);
    kill_process(Pid::from_raw(engine[0]).unwrap(), Signal::KILL).unwrap();
    let killed = running.end();
    assert!(killed.err.contains("This was broken off before it was finished"), "{killed:?}");
    assert!(parts(&ctl_json(&world, 0, &["list"])).is_empty());
    server.behave(Manners::default());
    let _ = ctl(&world, &["install", "-y", "scribe"]).expect(0);
    assert_eq!(parts(&ctl_json(&world, 0, &["list"])).len(), 1);
    let _ = ctl(&world, &["remove", "-y", "scribe"]).expect(0);
    assert_eq!(brought(&world), before);
}

#[test]
fn an_app_is_switched_to_another_source_and_back() {
    let world = world(Scenario::Default);
    let before = brought(&world);
    rookery(&world, Some(&"ab".repeat(32)));
    assert_eq!(sources(&world), ["flatpak"]);
    let wrong = ctl(&world, &["switch", "-y", "rookery", "--to", "app-image"]).expect(1);
    assert!(wrong.err.contains("is damaged at its origin"), "{wrong:?}");
    assert_eq!(sources(&world), ["flatpak"], "nothing is different");

    rookery(&world, None);
    let data = world.environment().home.join(".var/app/org.rookery.Rookery/data/game");
    fs::create_dir_all(data.parent().unwrap()).unwrap();
    fs::write(&data, "won").unwrap();
    let switched = ctl(&world, &["switch", "-y", "rookery", "--to", "app-image"]).expect(0);
    assert!(switched.out.contains("stays on the disk, and the new one does not see it"), "{switched:?}");
    assert!(switched.out.contains("Switched Rookery to AppImage"), "{switched:?}");
    assert_eq!((sources(&world), data.exists()), (vec!["app-image".into()], true));
    let there = ctl(&world, &["switch", "-y", "rookery", "--to", "app-image"]).expect(2);
    assert!(there.err.contains("“rookery” comes from there already (AppImage)"), "{there:?}");

    let _ = ctl(&world, &["switch", "-y", "rookery", "--to", "flatpak"]).expect(0);
    assert_eq!((sources(&world), brought(&world)), (vec!["flatpak".into()], before));
    let refused = ctl(&world, &["switch", "-y", "rookery", "--to", "package"]);
    assert!(refused.status != 0, "{refused:?}");
    let _ = ctl(&world, &["switch", "-y", "rookery", "--to", "app-image", "--delete-data"]).expect(0);
    assert!(!data.exists());
}
