//! Files that are opened with Strata: a plan first, always.

use crate::tree::Role;
use crate::window::Window;
use strata_demo::Scenario;

/// As a double click on a file of the world does.
fn opens(window: &Window, file: &str) {
    window.again(&[window.folder().join(file).to_str().unwrap()]);
}

#[test]
fn a_file_is_shown_before_it_is_installed() {
    let Some(window) = Window::open(Scenario::Default, &[]) else { return };
    window.shows(Role::ToggleButton, "Search");
    opens(&window, "www/apps/io.github.sixsides.Hexfall.flatpakref");
    window.press("Install");
    window.says("“Hexfall” is ready");
}

#[test]
fn an_origin_from_a_file_is_added_on_yes_only() {
    let Some(window) = Window::open(Scenario::Empty, &[]) else { return };
    window.shows(Role::ToggleButton, "Search");
    opens(&window, "www/meadow.flatpakrepo");
    window.shows(Role::Label, "Add “Meadow Community”?");
    window.shows(Role::Label, "Everybody who uses this computer");
    window.press("Cancel");
    window.vanishes(Role::Button, "Add");
    opens(&window, "www/meadow.flatpakrepo");
    window.press("Add");
    window.says("“Meadow Community” was added");
}

#[test]
fn what_is_no_app_is_said_to_be_none() {
    let Some(window) = Window::open(Scenario::Default, &["appstream:io.github.sixsides.Hexfall"]) else { return };
    window.shows(Role::Button, "Get Hexfall");
    opens(&window, "www/index.html");
    window.says("Strata does not know how to open “index.html”");
}
