//! AppImages from files: installed, opened, removed, and refused for their reasons.

#![cfg(target_arch = "x86_64")] // which the runtime of these is made for

use crate::documented::assert_documented;
use crate::facts::engines;
use crate::scribe::{ID, made, put, scribe_of};
use rustix::process::{Pid, Signal, kill_process};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use strata_demo::{Scenario, World};
use strata_tests::{Ended, Running, ctl, ctl_json, stratactl, until, world};
use tempfile::TempDir;

/// Without a session bus, so that what is opened has this test's environment: here AppImages have to unpack themselves.
pub(crate) struct Alone {
    pub(crate) world: World,
    runtime: TempDir,
}

impl Alone {
    pub(crate) fn new() -> Self {
        Self { world: world(Scenario::Default), runtime: tempfile::tempdir().unwrap() }
    }

    pub(crate) fn command(&self, words: &[&str]) -> Command {
        let mut command = stratactl(&self.world, words);
        command.env_remove("DBUS_SESSION_BUS_ADDRESS").env("XDG_RUNTIME_DIR", self.runtime.path());
        command.env("APPIMAGE_EXTRACT_AND_RUN", "1").env("TMPDIR", self.runtime.path());
        command
    }

    pub(crate) fn ctl(&self, words: &[&str]) -> Ended {
        Running::start(self.command(words)).end()
    }

    pub(crate) fn json(&self, words: &[&str]) -> serde_json::Value {
        self.ctl(&[&["--json"], words].concat()).expect(0).json()
    }
}

/// An AppImage that writes a file.
fn scribe() -> Vec<u8> {
    scribe_of("1.2", "")
}

/// Every file of the person's that an AppImage can have brought, but for the one that they had.
pub(crate) fn brought(world: &World) -> Vec<PathBuf> {
    let environment = world.environment();
    let shared = environment.shared_data();
    let folders = [
        environment.home.join("Applications"),
        environment.appimages(),
        environment.appimage_news(),
        shared.join("applications"),
        shared.join("icons"),
        shared.join("mime"),
    ];
    folders.iter().flat_map(|folder| below(folder)).collect()
}

fn below(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    entries.flat_map(|path| if path.is_dir() { below(&path) } else { vec![path] }).collect()
}

fn has_scribe(list: &serde_json::Value) -> bool {
    list.as_array().unwrap().iter().any(|part| part["id"] == ID)
}

#[test]
fn a_file_becomes_an_app_that_opens_and_goes_without_a_trace() {
    let alone = Alone::new();
    let before = brought(&alone.world);
    let file = put(&alone.world, "scribe-1.2.AppImage", &scribe());
    let path = file.to_str().unwrap();

    let plan = &alone.json(&["plan", path])[0];
    assert_eq!(plan["permissions"][0]["resource"], "everything", "{plan:#}");
    let warnings: Vec<_> = plan["warnings"].as_array().unwrap().iter().map(|one| one["kind"].clone()).collect();
    assert_eq!(warnings, ["not-verified", "moved"], "{plan:#}");
    assert_eq!(brought(&alone.world), before, "a plan changes nothing");

    let installed = alone.ctl(&["install", "-y", path]).expect(0);
    assert!(installed.out.contains("Installed Scribe"), "{installed:?}");
    let list = alone.json(&["list"]);
    let part = list.as_array().unwrap().iter().find(|part| part["id"] == ID).unwrap();
    assert_eq!(
        (&part["name"], &part["version"], &part["source"], &part["ref"]),
        (&"Scribe".into(), &"1.2".into(), &"app-image".into(), &ID.into())
    );
    let home = alone.world.environment().home;
    assert!(home.join("Applications/Scribe.AppImage").is_file() && !file.exists());
    assert!(alone.ctl(&["show", "scribe"]).expect(0).out.contains(ID));
    let again = put(&alone.world, "again.AppImage", &scribe());
    let refused = alone.ctl(&["install", "-y", again.to_str().unwrap()]);
    assert!(refused.status != 0 && refused.err.contains("is installed already"), "{refused:?}");

    let _ = alone.ctl(&["run", "scribe"]).expect(0);
    let written = home.join("written");
    let text = until("it has written", || fs::read_to_string(&written).ok().filter(|text| text.ends_with('\n')));
    assert_eq!(text, "1\n", "it leaves menus to Strata");

    let _ = alone.ctl(&["remove", "-y", "Scribe", "--source", "app-image"]).expect(0);
    assert_eq!(brought(&alone.world), before);
    assert!(!has_scribe(&alone.json(&["list"])));
    let _ = alone.ctl(&["run", "scribe"]).expect(3);
}

#[test]
fn a_file_is_run_once_and_stays_a_file() {
    let alone = Alone::new();
    let before = brought(&alone.world);
    let file = put(&alone.world, "scribe-1.2.AppImage", &scribe());
    let (path, written) = (file.to_str().unwrap(), alone.world.environment().home.join("written"));
    let text = || until("it has written", || fs::read_to_string(&written).ok().filter(|text| text.ends_with('\n')));
    let _ = alone.ctl(&["run", path]).expect(0);
    assert_eq!(text(), "1\n", "it leaves menus to Strata");
    fs::remove_file(&written).unwrap();
    let address = format!("file://{path}");
    let launched = alone.json(&["run", &address]);
    assert_documented("`run APP`", 0, &launched);
    assert_eq!(launched["launched"], address.as_str());
    let _ = text();
    assert!(file.is_file() && !has_scribe(&alone.json(&["list"])));
    assert_eq!(brought(&alone.world), before);

    let refused = alone.ctl(&["--installation", "system", "run", path]).expect(3);
    assert!(refused.err.contains("cannot be had in this way"), "{refused:?}");
    let page = put(&alone.world, "page.AppImage", b"#!/bin/sh\ntouch never\n");
    let refused = alone.ctl(&["run", page.to_str().unwrap()]).expect(1);
    assert!(refused.err.contains("cannot be read"), "{refused:?}");
    for missing in ["./nothing.AppImage", file.parent().unwrap().to_str().unwrap()] {
        let refused = alone.ctl(&["run", missing]).expect(3);
        assert!(refused.err.contains("There is no file"), "{refused:?}");
    }
    let _ = alone.ctl(&["settings", "sources.appimages", "false"]).expect(0);
    let refused = alone.ctl(&["run", path]).expect(1);
    assert!(refused.err.contains("switched off"), "{refused:?}");
}

#[test]
fn what_is_no_appimage_is_refused_with_its_reason() {
    let alone = Alone::new();
    let program = made::Elf { mark: [0; 3], ..made::Elf::default() }.build();
    let other = made::Elf { machine: 183, ..made::Elf::default() }.build();
    let file = |name: &str, bytes: &[u8]| put(&alone.world, name, bytes).to_str().unwrap().to_owned();
    let cases = [
        (
            file("page.AppImage", &b"<html>not here any more</html>\n".repeat(8)),
            "cannot be read",
            "it is no program for Linux",
        ),
        (file("program.AppImage", &program), "cannot be read", "carries no AppImage mark"),
        (file("other.AppImage", &other), "is not made for this computer’s processor", "aarch64"),
        ("https://example.org/a.AppImage".to_owned(), "This cannot be done", "fetch it first"),
    ];
    for (location, sentence, reason) in cases {
        let ended = alone.ctl(&["install", "-y", "--verbose", &location]);
        assert_ne!(ended.status, 0, "{location}");
        assert!(ended.err.contains(sentence) && ended.err.contains(reason), "{location}: {ended:?}");
        assert!(!location.starts_with('/') || Path::new(&location).exists(), "{location} stays where it is");
    }
    let missing = alone.ctl(&["install", "-y", "./nothing.AppImage"]).expect(3);
    assert!(missing.err.contains("There is no file"), "{missing:?}");
}

#[test]
fn data_beside_a_removed_one_stays_until_somebody_wants_it_gone() {
    let alone = Alone::new();
    let before = brought(&alone.world);
    let data = alone.world.environment().home.join("Applications/Scribe.AppImage.home");
    let install = || {
        let file = put(&alone.world, "scribe.AppImage", &scribe());
        let _ = alone.ctl(&["install", "-y", file.to_str().unwrap()]).expect(0);
    };
    install();
    fs::create_dir(&data).unwrap();
    fs::write(data.join("notes"), vec![1; 5000]).unwrap();
    assert_eq!(alone.json(&["leftovers"]), serde_json::json!([]), "it is in use");
    let _ = alone.ctl(&["remove", "-y", "scribe"]).expect(0);
    let left = alone.json(&["leftovers"]);
    assert_eq!((&left[0]["source"], &left[0]["id"]), (&"app-image".into(), &"Scribe.AppImage".into()), "{left:#}");
    assert_eq!((&left[0]["name"], &left[0]["size"]), (&"Scribe".into(), &5000.into()), "{left:#}");
    // It finds what it had.
    install();
    assert_eq!(alone.json(&["leftovers"]), serde_json::json!([]));
    let _ = alone.ctl(&["remove", "-y", "scribe"]).expect(0);
    let removed = alone.ctl(&["leftovers", "remove", "-y", "scribe"]).expect(0);
    assert!(removed.out.contains("Removed what Scribe had stored"), "{removed:?}");
    assert!(!data.exists());
    install();
    fs::create_dir(&data).unwrap();
    fs::write(data.join("notes"), "x").unwrap();
    let _ = alone.ctl(&["remove", "-y", "--delete-data", "scribe"]).expect(0);
    assert_eq!(brought(&alone.world), before);
}

#[test]
fn killed_during_an_install_the_old_state_or_the_new_one_is_there() {
    let world = world(Scenario::Default);
    let _ = ctl(&world, &["list"]).expect(0);
    let before = brought(&world);
    let file = put(&world, "scribe.AppImage", &scribe());
    // So much that it takes a while to read, and no room on the disk.
    fs::File::options().write(true).open(&file).unwrap().set_len(1 << 27).unwrap();
    let path = file.to_str().unwrap();
    let mut running = Running::start(stratactl(&world, &["install", "-y", path]));
    running.says("installing");
    let engine = engines(&world);
    assert_eq!(engine.len(), 1, "one engine for one person");
    kill_process(Pid::from_raw(engine[0]).unwrap(), Signal::KILL).unwrap();
    let ended = running.end();
    let is_there = has_scribe(&ctl_json(&world, 0, &["list"]));
    assert_ne!(is_there, file.exists(), "{ended:?}");
    if !is_there {
        assert!(ended.err.contains("This was broken off before it was finished"), "{ended:?}");
        assert_eq!(brought(&world), before);
        let _ = ctl(&world, &["install", "-y", path]).expect(0);
    }
    let _ = ctl(&world, &["remove", "-y", "scribe"]).expect(0);
    assert_eq!(brought(&world), before);
}
