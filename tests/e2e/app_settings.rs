//! How an AppImage is started and where it lies, as the person says it in a terminal.

#![cfg(target_arch = "x86_64")] // which the runtime of these is made for

use crate::appimages::{Alone, brought};
use crate::documented::assert_documented;
use crate::scribe::{ID, UPDATES, put, release, scribe_doing};
use std::fs;
use std::path::PathBuf;
use strata_tests::until;

/// Writes where its home is, and what it was started with, and in the end that this is all.
const SAYS: &[u8] =
    b"#!/bin/sh\nprintf '%s\\n' \"$HOME\" \"$LANG\" \"$@\" end > \"$SAID.new\"\nmv \"$SAID.new\" \"$SAID\"\n";

/// A world in which it is installed, and the file that it writes.
fn installed() -> (Alone, PathBuf) {
    let alone = Alone::new();
    let file = put(&alone.world, "scribe.AppImage", &scribe_doing(SAYS, "1.2", UPDATES));
    let _ = alone.ctl(&["install", "-y", file.to_str().unwrap()]).expect(0);
    let said = alone.world.folder().join("said");
    (alone, said)
}

/// What it says once it is started.
fn start(alone: &Alone, said: &PathBuf) -> Vec<String> {
    let _ = fs::remove_file(said);
    let _ = alone.ctl(&["run", "scribe"]).expect(0);
    let text = until("it has said it", || fs::read_to_string(said).ok().filter(|text| text.ends_with("end\n")));
    text.lines().map(str::to_owned).collect()
}

fn desktop(alone: &Alone) -> String {
    let folder = alone.world.environment().shared_data().join("applications");
    fs::read_to_string(folder.join(format!("{ID}.desktop"))).unwrap()
}

#[test]
fn it_is_started_as_the_person_says() {
    let (alone, said) = installed();
    let home = alone.world.environment().home;
    let applications = home.join("Applications");
    let before = alone.json(&["app-settings", "scribe"]);
    let plain = serde_json::json!({"id": ID, "ref": ID, "folder": applications, "arguments": [], "environment": {},
        "terminal": "auto", "portable_home": false, "portable_config": false, "in_menus": true});
    assert_eq!(before, plain);

    let saying = format!("SAID={}", said.display());
    let words = ["--arguments", "--name 'a b; $(id)' %f \"\"", "--env", &saying, "--env", "LANG=C x"];
    let set = alone.json(&[&["app-settings", "scribe"][..], &words].concat());
    assert_eq!(set["arguments"], serde_json::json!(["--name", "a b; $(id)", "%f", ""]));
    assert_eq!(start(&alone, &said), [home.to_str().unwrap(), "C x", "--name", "a b; $(id)", "%f", "", "end"]);
    // Menus start it the same way: no shell, and no code of desktop files in what the person said.
    let exec = format!(
        " \"LANG=C x\" SAID={} {}/Scribe.AppImage --name \"a b; \\\\$(id)\" %%f \"\" %U\n",
        said.display(),
        applications.display(),
    );
    assert!(desktop(&alone).contains(&exec), "{exec}\n{}", desktop(&alone));

    let own = applications.join("Scribe.AppImage.home");
    let _ = alone.ctl(&["app-settings", "scribe", "--portable-home", "yes", "--arguments", "-x"]).expect(0);
    assert_eq!(start(&alone, &said), [own.to_str().unwrap(), "C x", "-x", "end"]);
    let shown = alone.ctl(&["app-settings", "scribe"]).expect(0).out;
    assert!(shown.contains("portable-home\tyes\n") && shown.contains("env\tLANG=C x\n"), "{shown}");

    // A new version is started the same way.
    release(&alone.world, "1.3");
    let _ = alone.ctl(&["update", "-y", "scribe"]).expect(0);
    assert!(desktop(&alone).contains("Scribe.AppImage -x %U\n"), "{}", desktop(&alone));
    // Here it unpacks itself, and would not look for its folder.
    assert!(desktop(&alone).contains(&format!(" HOME={} ", own.display())), "{}", desktop(&alone));
    let _ = alone.ctl(&["go-back", "scribe"]).expect(0);
    assert_eq!(start(&alone, &said), [own.to_str().unwrap(), "C x", "-x", "end"]);

    let unset =
        alone.json(&["app-settings", "scribe", "--unset-env", "SAID", "--unset-env", "NO", "--terminal", "yes"]);
    assert_documented("`app-settings APP`", 0, &unset);
    assert_eq!((&unset["environment"], &unset["terminal"]), (&serde_json::json!({"LANG": "C x"}), &"yes".into()));
    assert!(desktop(&alone).contains("Terminal=true\n"));
    assert_eq!(alone.json(&["app-settings", "scribe", "--reset"]), plain);
    assert!(!own.exists(), "there was nothing in it");
    let _ = alone.ctl(&["app-settings", "scribe", "--menus", "no"]).expect(0);
    assert!(brought(&alone.world).iter().all(|path| !path.ends_with(format!("applications/{ID}.desktop"))));
}

#[test]
fn it_goes_to_another_folder_with_all_that_it_has() {
    let (alone, said) = installed();
    let home = alone.world.environment().home;
    let saying = format!("SAID={}", said.display());
    let _ = alone.ctl(&["app-settings", "scribe", "--portable-home", "yes", "--env", &saying]).expect(0);
    let notes = |folder: &str| home.join(folder).join("Scribe.AppImage.home/notes");
    fs::write(notes("Applications"), "precious").unwrap();
    let mut command = alone.command(&["--json", "app-settings", "scribe", "--folder", "big/../big/apps"]);
    fs::create_dir(home.join("big")).unwrap();
    let moved = strata_tests::Running::start({
        command.current_dir(&home);
        command
    });
    assert_eq!(moved.end().expect(0).json()["folder"], home.join("big/apps").to_str().unwrap());
    assert_eq!(fs::read_to_string(notes("big/apps")).unwrap(), "precious");
    assert_eq!(fs::read_dir(home.join("Applications")).unwrap().count(), 0);
    assert_eq!(start(&alone, &said)[0], home.join("big/apps/Scribe.AppImage.home").to_str().unwrap());
    assert_eq!(alone.json(&["leftovers"]), serde_json::json!([]));
    // Its data is not lost with it.
    let refused = alone.ctl(&["app-settings", "scribe", "--portable-home", "no"]).expect(1);
    assert!(refused.err.contains("Scribe.AppImage.home” is not empty"), "{refused:?}");
    let _ = alone.ctl(&["remove", "-y", "scribe"]).expect(0);
    assert_eq!(fs::read_to_string(notes("big/apps")).unwrap(), "precious");
}

#[test]
fn what_cannot_be_is_refused_with_its_reason_and_changes_nothing() {
    let (alone, _) = installed();
    let home = alone.world.environment().home;
    let before = (alone.json(&["app-settings", "scribe"]), desktop(&alone));
    fs::write(home.join("file"), "").unwrap();
    fs::create_dir_all(home.join("taken/Scribe.AppImage")).unwrap();
    let at = |name: &str| home.join(name).to_str().unwrap().to_owned();
    let (file, taken, odd) = (at("file"), at("taken"), at("a=b"));
    let many = "x ".repeat(60_000);
    for (words, status, sentence) in [
        (["--arguments", "'a"], 2, "A quotation mark is opened"),
        (["--arguments", &many], 2, "200 arguments"),
        (["--arguments", "a\nb\u{1}"], 2, "Line breaks"),
        (["--env", "A B=1"], 2, "The name of a variable"),
        (["--env", "A=1\n2"], 2, "Line breaks"),
        (["--env", "A"], 2, "The name of a variable"),
        (["--folder", &file], 1, "is no folder"),
        (["--folder", &taken], 1, "taken/Scribe.AppImage” is in the way"),
        (["--folder", &odd], 1, "AppImages cannot lie in"),
    ] {
        let refused = alone.ctl(&[&["app-settings", "scribe"][..], &words].concat()).expect(status);
        assert!(refused.err.contains(sentence), "{words:.100?}: {refused:.2000?}");
    }
    assert_eq!((alone.json(&["app-settings", "scribe"]), desktop(&alone)), before);
    let refused = alone.ctl(&["app-settings", "attic"]).expect(1);
    assert!(refused.err.contains("Strata keeps no settings of its own for"), "{refused:?}");
    let _ = alone.ctl(&["app-settings", "no such app at all"]).expect(3);
    fs::remove_file(home.join("Applications/Scribe.AppImage")).unwrap();
    let refused = alone.ctl(&["app-settings", "scribe", "--terminal", "yes"]).expect(3);
    assert!(refused.err.contains("is not installed"), "{refused:?}");
}
