//! AppImages in the window: a file becomes an app, is updated, and gone back from.

#![cfg(target_arch = "x86_64")] // which the runtime of these is made for

use crate::scribe::{UPDATES, put, release, scribe_of};
use crate::tree::Role;
use crate::window::Window;
use strata_demo::Scenario;

#[test]
fn an_appimage_becomes_an_app_that_is_updated_and_gone_back_from() {
    let Some(window) = Window::open(Scenario::Default, &["--page", "installed"]) else { return };
    window.shows(Role::ToggleButton, "Search");
    let file = put(window.world(), "scribe.AppImage", &scribe_of("1.2", UPDATES));
    window.again(&[file.to_str().unwrap()]);
    window.press("Install");
    window.says("“Scribe” is ready");
    window.shows(Role::Button, "Remove Scribe");

    release(window.world(), "1.3");
    let _ = window.terminal(&["refresh"]);
    window.press("Update Scribe");
    window.act(Role::ToggleButton, "More for Scribe");
    window.act(Role::MenuItem, "Go Back to the Version Before");
    window.says("The version before of “Scribe” is back");
}
