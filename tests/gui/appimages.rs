//! AppImages in the window: a file becomes an app, and is updated.

#![cfg(target_arch = "x86_64")] // which the runtime of these is made for

use crate::scribe::{UPDATES, put, release, scribe_of};
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
