//! AppImages in the window: a file becomes an app, and is updated.

#![cfg(target_arch = "x86_64")] // which the runtime of these is made for

use crate::scribe::{UPDATES, list, publish, put, release, scribe_of};
use crate::tree::Role;
use crate::window::Window;
use strata_demo::Scenario;

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
}

#[test]
fn a_listed_app_is_found_got_seen_in_installed_and_removed() {
    let Some(window) = Window::open(Scenario::Default, &[]) else { return };
    list(window.world(), &serde_json::json!({}));
    let _ = window.terminal(&["refresh"]);
    window.types("scribe");
    window.shows(Role::Button, "Get Scribe");
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
    window.again(&["--app", "appimagehub:Scribe"]);
    window.press("Remove Scribe");
    window.press("Remove");
    window.shows(Role::Button, "Get Scribe");
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
    strata_tests::until("only the AppImage is there", || {
        let all = window.terminal(&["list"]);
        let parts = all.as_array().unwrap().iter().filter(|part| part["id"] == "org.rookery.Rookery");
        let sources: Vec<_> = parts.map(|part| part["source"].clone()).collect();
        (sources == ["app-image"]).then_some(())
    });
}
