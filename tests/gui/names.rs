//! Every page and dialog, as a screen reader walks through it: whatever can be pressed, chosen or filled in has a name.

use crate::pages;
use crate::tree::{CONTROLS, Role};
use crate::window::Window;
use strata_demo::Scenario;
use strata_tests::until_none;

#[test]
fn every_control_of_every_page_and_dialog_has_a_name() {
    let Some(window) = Window::open(Scenario::Default, &[]) else { return };
    pages::walk(&window, |place| {
        all_have_names(&window, place);
    });
    window.again(&["--page", "sources"]);
    window.press("Add a Source for You Only");
    window.shows(Role::Label, "Choose a File…");
    all_have_names(&window, "adding a source");
}

#[test]
fn every_control_about_the_system_has_a_name() {
    let Some(window) = Window::open(Scenario::Advisories, &[]) else { return };
    pages::walk_system(&window, |place| {
        all_have_names(&window, place);
    });
}

fn all_have_names(window: &Window, place: &str) {
    // A row that is made for a list gets its name a moment later.
    until_none(place, || window.unnamed(&CONTROLS));
}
