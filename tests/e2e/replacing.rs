//! Files that are other versions of installed AppImages: in their place, or beside them.

#![cfg(target_arch = "x86_64")] // which the runtime of these is made for

use crate::appimages::{Alone, brought};
use crate::documented::assert_documented;
use crate::scribe::{ID, put, scribe_of, signed};
use strata_demo::Key;
use strata_tests::Terminal;

/// A file of this version.
fn file(alone: &Alone, version: &str) -> String {
    put(&alone.world, &format!("scribe-{version}.AppImage"), &scribe_of(version, "")).to_str().unwrap().to_owned()
}

/// Ids and versions of the AppImages that are there.
fn installed(alone: &Alone) -> Vec<(String, String)> {
    let list = alone.json(&["list", "--source", "app-image"]);
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    list.as_array().unwrap().iter().map(|part| (text(&part["id"]), text(&part["version"]))).collect()
}

#[test]
fn another_version_replaces_the_installed_one_and_that_can_come_back() {
    let alone = Alone::new();
    let before = brought(&alone.world);
    let _ = alone.ctl(&["install", "-y", &file(&alone, "1.0")]).expect(0);
    let newer = file(&alone, "2.0");
    let plan = alone.json(&["plan", &newer]);
    assert_documented("`plan APP…`", 0, &plan);
    assert_eq!(
        (
            &plan[0]["steps"][0]["version"],
            &plan[0]["warnings"][0]["kind"],
            &plan[0]["warnings"][0]["subject"],
            &plan[0]["replaces"]["ref"]
        ),
        (&"2.0".into(), &"replaces-version".into(), &"Scribe 1.0".into(), &ID.into())
    );

    let command = alone.command(&["install", &newer]);
    let mut terminal = Terminal::start(&command, 200);
    terminal
        .shows("Scribe 2.0: update app")
        .shows("“Scribe 1.0” is replaced. The version before is kept")
        .shows("[y/N]");
    terminal.types("y\n").shows("Installed Scribe");
    assert_eq!(terminal.end(), 0, "{}", terminal.screen());
    assert_eq!(installed(&alone), [(ID.to_owned(), "2.0".to_owned())]);
    let history = alone.json(&["history"]);
    assert_eq!(
        (&history[0]["action"], &history[0]["from_version"], &history[0]["to_version"]),
        (&"install-file".into(), &"1.0".into(), &"2.0".into()),
        "{history:#}"
    );

    let _ = alone.ctl(&["go-back", "scribe"]).expect(0);
    assert_eq!(installed(&alone), [(ID.to_owned(), "1.0".to_owned())]);
    let _ = alone.ctl(&["remove", "-y", "scribe"]).expect(0);
    assert_eq!(brought(&alone.world), before);
}

#[test]
fn both_are_kept_with_a_word_for_it() {
    let alone = Alone::new();
    let _ = alone.ctl(&["install", "-y", &file(&alone, "1.0")]).expect(0);
    let kept = alone.ctl(&["install", "-y", "--keep-both", &file(&alone, "2.0")]).expect(0);
    assert!(!kept.out.contains("is replaced"), "{kept:?}");
    let beside = format!("{ID}-appimage");
    assert_eq!(installed(&alone), [(ID.to_owned(), "1.0".to_owned()), (beside, "2.0".to_owned())]);
    let refused = alone.ctl(&["install", "-y", "--keep-both", "org.rookery.Rookery"]).expect(2);
    assert!(refused.err.contains("leave --keep-both out"), "{refused:?}");
}

#[test]
fn another_key_takes_the_place_with_a_yes_to_it_only() {
    let (alone, ours, other) = (Alone::new(), Key::create().unwrap(), Key::create().unwrap());
    let put = |version: &str, key: &Key| {
        let file = put(&alone.world, &format!("scribe-{version}.AppImage"), &signed(scribe_of(version, ""), key));
        file.to_str().unwrap().to_owned()
    };
    let _ = alone.ctl(&["install", "-y", &put("1.0", &ours)]).expect(0);
    let newer = put("2.0", &other);
    let stopped = alone.ctl(&["install", "-y", &newer]).expect(1);
    assert!(stopped.err.contains("“Scribe” is signed with another key than before"), "{stopped:?}");
    assert!(stopped.err.contains("say --accept-signature-change"), "{stopped:?}");
    assert_eq!(installed(&alone), [(ID.to_owned(), "1.0".to_owned())]);
    let _ = alone.ctl(&["install", "-y", "--accept-signature-change", &newer]).expect(0);
    assert_eq!(installed(&alone), [(ID.to_owned(), "2.0".to_owned())]);
}
