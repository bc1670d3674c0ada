//! Every page and dialog, as a screen reader walks through it: whatever can be pressed, chosen or filled in has a name.

use crate::pages;
use crate::tree::CONTROLS;
use crate::window::Window;
use std::thread::sleep;
use std::time::{Duration, Instant};
use strata_demo::Scenario;

/// How long a control may be without a name: a row that is made for a list gets it a moment later.
const MOMENT: Duration = Duration::from_secs(20);

#[test]
fn every_control_of_every_page_and_dialog_has_a_name() {
    let Some(window) = Window::open(Scenario::Default, &[]) else { return };
    pages::walk(&window, |place| {
        all_have_names(&window, place);
    });
}

#[test]
fn every_control_about_the_system_has_a_name() {
    let Some(window) = Window::open(Scenario::Advisories, &[]) else { return };
    pages::walk_system(&window, |place| {
        all_have_names(&window, place);
    });
}

fn all_have_names(window: &Window, place: &str) {
    let begin = Instant::now();
    loop {
        let unnamed = window.unnamed(&CONTROLS);
        if unnamed.is_empty() {
            return;
        }
        assert!(begin.elapsed() < MOMENT, "{place}: {unnamed:#?}");
        sleep(Duration::from_millis(50));
    }
}
