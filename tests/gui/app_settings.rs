//! The settings of an AppImage, by mouse and keyboard.

#![cfg(target_arch = "x86_64")] // which the runtime of these is made for

use crate::scribe::{ID, put, scribe_of};
use crate::tree::Role;
use crate::window::Window;
use serde_json::json;
use strata_demo::Scenario;
use strata_tests::until;

const APPLY: &str = "Apply the settings of Scribe";

/// A window that shows the page of an AppImage.
fn with_scribe() -> Option<Window> {
    let window = Window::open(Scenario::Default, &[])?;
    // It gets the keyboard.
    window.types("hexfall");
    let file = put(window.world(), "scribe.AppImage", &scribe_of("1.2", ""));
    let _ = window.terminal(&["install", "-y", file.to_str().unwrap()]);
    window.again(&["--app", ID]);
    window.shows(Role::Button, "Open Scribe");
    Some(window)
}

/// Waits until this is set.
fn is_set(window: &Window, so: impl Fn(&serde_json::Value) -> bool) {
    until("it is set", || so(&window.terminal(&["app-settings", "scribe"])).then_some(()));
}

#[test]
fn how_an_appimage_starts_and_where_it_lies_is_set_in_a_dialog() {
    let Some(window) = with_scribe() else { return };
    window.again(&["--app", ID, "--dialog", "app-settings"]);
    window.shows(Role::Button, "Choose the folder that it lies in");
    // The first row has the keyboard.
    window.types_on("calm --say \"two words");
    window.shows(Role::Label, "A quotation mark is opened and does not end.");
    window.types_on("\"");
    window.vanishes(Role::Label, "A quotation mark is opened and does not end.");
    for _ in 0..3 {
        window.presses_key("Tab");
    }
    window.types_on("1LANG=C");
    window.shows_beginning(Role::Label, "The name of a variable has letters");
    window.presses_key("Home");
    window.presses_key("Delete");
    window.presses_key("Return");
    window.shows(Role::Button, "Remove the variable LANG");
    // What is typed counts, whether it was put among the others or not.
    window.types_on("PLAIN=");
    window.act_last(Role::CheckBox, "All Data in a Folder of Its Own");
    let folder = window.folder().join("home/images");
    std::fs::create_dir(&folder).unwrap();
    window.press("Choose the folder that it lies in");
    window.answers("Choose a Folder", &folder);
    window.shows(Role::Label, folder.to_str().unwrap());
    window.press(APPLY);
    window.vanishes(Role::Button, APPLY);
    is_set(&window, |now| now["folder"] == folder.to_str().unwrap());
    let now = window.terminal(&["app-settings", "scribe"]);
    assert_eq!(now["arguments"], json!(["calm", "--say", "two words"]), "{now:#}");
    assert_eq!(now["environment"], json!({"LANG": "C", "PLAIN": ""}), "{now:#}");
    assert!(folder.join("Scribe.AppImage.home").is_dir());

    // It shows what is so, and what is taken away goes.
    window.again(&["--app", ID, "--dialog", "app-settings"]);
    window.press("Remove the variable PLAIN");
    window.vanishes(Role::Button, "Remove the variable PLAIN");
    window.press(APPLY);
    window.vanishes(Role::Button, APPLY);
    is_set(&window, |now| now["environment"] == json!({"LANG": "C"}));
}

#[test]
fn what_cannot_be_applied_is_told_and_nothing_is_changed() {
    let Some(window) = with_scribe() else { return };
    let before = window.terminal(&["app-settings", "scribe"]);
    let folder = window.folder().join("home/images");
    std::fs::create_dir(&folder).unwrap();
    // GTK gives the items of its menus no names of their own; the settings are the only one.
    window.switch("More for Scribe");
    window.has_any(Role::MenuItem, true);
    window.presses_key("Return");
    window.press("Choose the folder that it lies in");
    window.answers("Choose a Folder", &folder);
    window.shows(Role::Label, folder.to_str().unwrap());
    std::fs::write(folder.join("Scribe.AppImage"), "theirs").unwrap();
    window.press(APPLY);
    window.shows_ending(Role::Label, "images/Scribe.AppImage” is in the way.");
    window.press("Leave the settings as they are");
    window.vanishes(Role::Button, APPLY);
    assert_eq!(window.terminal(&["app-settings", "scribe"]), before);
}
