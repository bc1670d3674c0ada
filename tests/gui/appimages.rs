//! AppImages in the window: a file becomes an app, and is updated.

#![cfg(target_arch = "x86_64")] // which the runtime of these is made for

use crate::scribe::{ID, UPDATES, list, made, publish, put, release, scribe_of, signed};
use crate::tree::Role;
use crate::window::Window;
use strata_demo::{Key, Scenario};
use strata_tests::until;

const FILIGREE: &str = "org.filigree.Filigree";

#[test]
fn an_appimage_becomes_an_app_that_is_updated() {
    let Some(window) = Window::open(Scenario::Default, &["--page", "installed"]) else { return };
    window.shows(Role::ToggleButton, "Search");
    let file = put(window.world(), "scribe.AppImage", &scribe_of("1.2", UPDATES));
    window.again(&[file.to_str().unwrap()]);
    window.press("Install");
    window.says("“Scribe” is ready");
    // The row is far below; the filter has the keyboard.
    window.types_on("scribe");
    window.shows(Role::Button, "Open Scribe");

    release(window.world(), "1.3");
    let _ = window.terminal(&["refresh"]);
    window.press("Update Scribe");
    window.shows(Role::Button, "Open Scribe");
    has_version(&window, "1.3");
    // GTK gives the items of its menus no names of their own; going back is the first.
    window.switch("More for Scribe");
    window.has_any(Role::MenuItem, true);
    window.presses_key("Return");
    window.says("The version before of “Scribe” is back");
    has_version(&window, "1.2");
    window.shows(Role::Button, "Open Scribe");
}

#[test]
fn another_version_that_was_opened_replaces_the_installed_one_or_stands_beside_it() {
    let Some(window) = Window::open(Scenario::Default, &[]) else { return };
    window.shows(Role::ToggleButton, "Search");
    let open = |version: &str| {
        let file = put(window.world(), &format!("scribe-{version}.AppImage"), &scribe_of(version, ""));
        window.again(&[file.to_str().unwrap()]);
    };
    let count = || window.terminal(&["list", "--source", "app-image"]).as_array().unwrap().len();
    open("1.0");
    window.press("Install");
    has_version(&window, "1.0");
    open("2.0");
    window.shows_beginning(Role::Label, "Replace with “Scribe 2.0”?");
    window.shows_beginning(Role::Label, "“Scribe 1.0” is replaced.");
    window.press("Replace");
    has_version(&window, "2.0");
    assert_eq!(count(), 1);
    open("3.0");
    window.press("Keep Both");
    until("both are there", || (count() == 2).then_some(()));
    has_version(&window, "2.0");
}

#[test]
fn a_file_that_was_opened_is_run_once_and_nothing_is_installed() {
    let Some(window) = Window::open(Scenario::Default, &[]) else { return };
    window.shows(Role::ToggleButton, "Search");
    let file = put(window.world(), "writer.AppImage", &made::writer(0));
    window.again(&[file.to_str().unwrap()]);
    window.shows(Role::Button, "Install");
    window.press("Run Once");
    window.vanishes(Role::Button, "Run Once");
    let written = window.world().environment().home.join("written");
    until("it has written", || std::fs::read(&written).ok().filter(|text| text == b"written"));
    let all = window.terminal(&["list", "--source", "app-image"]);
    assert_eq!(all, serde_json::json!([]), "nothing was installed");
    assert!(file.is_file());
    // What does not start is told, as with an app.
    window.again(&[put(window.world(), "failing.AppImage", &made::writer(3)).to_str().unwrap()]);
    window.press("Run Once");
    window.says("Something went wrong with");
}

/// Waits until Scribe is there in this version.
fn has_version(window: &Window, version: &str) {
    until("the version is there", || {
        let list = window.terminal(&["list"]);
        list.as_array().unwrap().iter().any(|part| part["id"] == ID && part["version"] == version).then_some(())
    });
}

#[test]
fn one_app_is_offered_by_three_sources() {
    let Some(window) = Window::open(Scenario::Atomic, &[]) else { return };
    let app = window.terminal(&["show", FILIGREE]);
    list(window.world(), &serde_json::json!({"name": app["name"], "description": app["summary"]}));
    publish(window.world(), "1.2", &scribe_of("1.2", ""), None);
    let _ = window.terminal(&["refresh"]);
    window.again(&["--app", FILIGREE]);
    window.press_beginning("From ");
    window.shows_ending(Role::RadioButton, " · Flatpak");
    window.shows_ending(Role::RadioButton, " · AppImage");
    window.shows(Role::RadioButton, "Package");
    // Each says what its apps are like.
    window.shows_beginning(Role::Label, "Not sandboxed; one file that you keep");
    window.presses_key("Down");
    window.presses_key("Return");
    window.shows_beginning(Role::Button, "From AppImageHub · AppImage");
    window.press_beginning("Get ");
    window.shows_beginning(Role::Label, "It comes from github.com/ann/Scribe 1.2");
    window.press("Cancel");
}

#[test]
fn a_version_with_another_key_is_asked_about() {
    let Some(window) = Window::open(Scenario::Default, &["--page", "installed"]) else { return };
    let (ours, other) = (Key::create().unwrap(), Key::create().unwrap());
    let file = put(window.world(), "scribe.AppImage", &signed(scribe_of("1.2", UPDATES), &ours));
    window.again(&[file.to_str().unwrap()]);
    window.press("Install");
    window.says("“Scribe” is ready");
    publish(window.world(), "1.3", &signed(scribe_of("1.3", UPDATES), &other), None);
    let _ = window.terminal(&["refresh"]);
    window.types_on("scribe");
    window.press("Update Scribe");
    window.shows_beginning(Role::Label, "Up to now it was signed with the key");
    window.press("Cancel");
    window.vanishes(Role::Button, "Update All the Same");
    // A notification of it leads to the question.
    window.does("details", &format!("uint64 {}", window.terminal(&["tasks"])[0]["task"]));
    window.shows(Role::Button, "Update All the Same");
    window.press("Cancel");
    window.vanishes(Role::Button, "Update All the Same");
    // What stopped stays on its row until it is answered.
    window.press("Answer…");
    window.press("Update All the Same");
    window.shows(Role::Button, "Open Scribe");
    has_version(&window, "1.3");
}

#[test]
fn a_listed_app_is_found_got_seen_in_installed_and_removed() {
    let Some(window) = Window::open(Scenario::Default, &[]) else { return };
    let icon = window.world().folder().join("www/appimagehub/database/scribe.png");
    std::fs::create_dir_all(icon.parent().unwrap()).unwrap();
    std::fs::write(&icon, made::PNG).unwrap();
    list(window.world(), &serde_json::json!({"icons": ["scribe.png"]}));
    let _ = window.terminal(&["refresh"]);
    window.types("scribe");
    window.shows(Role::Button, "Get Scribe");
    let kept = window.world().environment().cache.join("icons");
    let _icon = until("its icon was fetched", || kept.read_dir().ok()?.next());
    window.again(&["--app", "appimagehub:Scribe"]);
    window.shows_beginning(Role::Label, "The project of “Scribe” is not there any more. It may have moved");
    publish(window.world(), "1.2", &scribe_of("1.2", ""), None);
    window.press("Get Scribe");
    window.shows_beginning(Role::Label, "It comes from github.com/ann/Scribe 1.2");
    window.press("Get");
    window.shows(Role::Button, "Open Scribe");
    window.again(&["--page", "installed"]);
    window.types_on("scribe");
    window.shows(Role::Button, "Open Scribe");
    let data = window.world().environment().home.join("Applications/Scribe.AppImage.home");
    std::fs::create_dir(&data).unwrap();
    window.again(&["--app", "appimagehub:Scribe"]);
    window.press("Remove Scribe");
    window.press("Remove");
    window.shows(Role::Button, "Get Scribe");
    assert_eq!(window.terminal(&["leftovers"])[0]["id"], "Scribe.AppImage");
    window.again(&["--page", "storage"]);
    window.press("Remove the data of Scribe");
    window.press("Remove");
    window.shows(Role::Label, "Nothing is left of any removed app");
    assert!(!data.exists());
}

#[test]
fn an_app_is_switched_to_the_offer_that_the_person_chooses() {
    let Some(window) = Window::open(Scenario::Default, &[]) else { return };
    let app = window.terminal(&["show", "org.rookery.Rookery"]);
    list(window.world(), &serde_json::json!({"name": app["name"], "description": app["summary"]}));
    publish(window.world(), "1.2", &scribe_of("1.2", ""), None);
    let _ = window.terminal(&["refresh"]);
    window.again(&["--app", "org.rookery.Rookery"]);
    window.press_beginning("From ");
    window.shows_beginning(Role::RadioButton, "AppImageHub");
    window.presses_key("Down");
    window.presses_key("Return");
    window.shows_beginning(Role::Button, "From AppImageHub · AppImage");
    window.press("Switch to This One…");
    window.shows_beginning(Role::Label, "What “Rookery” has stored for itself stays");
    window.press("Switch");
    window.shows_beginning(Role::Button, "Open Rookery");
    until("only the AppImage is there", || {
        let all = window.terminal(&["list"]);
        let parts = all.as_array().unwrap().iter().filter(|part| part["id"] == "org.rookery.Rookery");
        let sources: Vec<_> = parts.map(|part| part["source"].clone()).collect();
        (sources == ["app-image"]).then_some(())
    });
}
