//! Versions that are signed otherwise than the one that is there: they wait for a yes to exactly that.

#![cfg(target_arch = "x86_64")] // which the runtime of these is made for

use crate::appimages::Alone;
use crate::scribe::{ID, UPDATES, publish, put, scribe_of, signed};
use strata_appimage::inspect;
use strata_demo::{Key, Scenario, World};
use strata_tests::{Terminal, ctl, stratactl, world};

/// The version that is there.
fn version(alone: &Alone) -> String {
    let list = alone.json(&["list"]);
    let part = list.as_array().unwrap().iter().find(|part| part["id"] == ID).unwrap().clone();
    part["version"].as_str().unwrap().to_owned()
}

/// From now on the forge has this file as a version, with its digest and no control file that would make it small.
fn release(world: &World, version: &str, file: &[u8]) {
    let digest = inspect(&mut std::io::Cursor::new(file)).unwrap().sha256;
    publish(world, version, file, Some(&digest));
    let control = format!("www/scribe/Scribe-{version}-x86_64.AppImage.zsync");
    std::fs::remove_file(world.folder().join(control)).unwrap();
}

#[test]
fn another_key_or_none_is_taken_with_a_yes_to_it_only() {
    let (alone, ours, other) = (Alone::new(), Key::create().unwrap(), Key::create().unwrap());
    let file = put(&alone.world, "scribe.AppImage", &signed(scribe_of("1.2", UPDATES), &ours));
    let _ = alone.ctl(&["install", "-y", file.to_str().unwrap()]).expect(0);
    let sent = || alone.world.server().unwrap().sent();

    let new = signed(scribe_of("1.3", UPDATES), &other);
    release(&alone.world, "1.3", &new);
    let stopped = alone.ctl(&["update", "-y", "scribe"]).expect(1);
    assert!(stopped.err.contains("“Scribe” is signed with another key than before"), "{stopped:?}");
    assert!(stopped.err.contains("say --accept-signature-change"), "{stopped:?}");
    assert_eq!(version(&alone), "1.2");
    let tasks = alone.ctl(&["--json", "update", "-y", "--no-refresh", "scribe"]).expect(1).json();
    let failure = &tasks["tasks"][0]["failure"];
    assert_eq!(failure["kind"], "key-changed", "{tasks:#}");
    assert_eq!(failure["detail"], format!("signed by {} before, now by {}", ours.id(), other.id()));
    let before = sent();
    let taken = alone.ctl(&["update", "-y", "--no-refresh", "--accept-signature-change", "scribe"]).expect(0);
    assert!(taken.out.contains("Updated Scribe"), "{taken:?}");
    assert_eq!(version(&alone), "1.3");
    assert!(sent() - before < new.len() as u64 / 2, "what had come already was not fetched again");

    release(&alone.world, "1.4", &scribe_of("1.4", UPDATES));
    let _ = alone.ctl(&["refresh"]).expect(0);
    let command = alone.command(&["update", "--no-refresh", "scribe"]);
    let mut terminal = Terminal::start(&command, 200);
    terminal.shows("[y/N]").types("y\n").shows("is not signed any more").shows(&other.id()[..4]);
    terminal.shows("Take the new version all the same?").types("n\n");
    assert_eq!(terminal.end(), 1, "{}", terminal.screen());
    assert_eq!(version(&alone), "1.3");
    let mut terminal = Terminal::start(&command, 200);
    terminal.shows("[y/N]").types("y\n").shows("Take the new version all the same?").types("y\n");
    terminal.shows("Updated Scribe");
    assert_eq!(terminal.end(), 0, "{}", terminal.screen());
    assert_eq!(version(&alone), "1.4");
}

#[test]
fn whoever_leaves_the_question_is_told_of_what_was_done_before() {
    let (world, ours, other) = (world(Scenario::Default), Key::create().unwrap(), Key::create().unwrap());
    let file = put(&world, "scribe.AppImage", &signed(scribe_of("1.2", UPDATES), &ours));
    let _ = ctl(&world, &["install", "-y", file.to_str().unwrap()]).expect(0);
    release(&world, "1.3", &signed(scribe_of("1.3", UPDATES), &other));
    let _ = ctl(&world, &["refresh"]).expect(0);
    let command = stratactl(&world, &["update", "--no-refresh", "scribe", "attic"]);
    let mut terminal = Terminal::start(&command, 200);
    terminal.shows("[y/N]").types("y\n").shows("Take the new version all the same?").types("\u{3}");
    terminal.shows("Cancelled.").shows("Not done: 1 of 2.").shows("Scribe: ");
    assert_eq!(terminal.end(), 4, "{}", terminal.screen());
    assert!(terminal.screen().contains("Updated Attic"), "{}", terminal.screen());
}
