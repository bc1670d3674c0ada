//! The smallest window: nothing that can be pressed reaches out of it.

use crate::pages;
use crate::tree::{CONTROLS, Role};
use crate::window::Window;
use std::ffi::OsStr;
use strata_demo::Scenario;
use strata_tests::until_none;

/// Of what is inside of the frame, which is about five pixels wide where nobody manages windows.
const WIDTH: i32 = 360;
const FRAME: i32 = 6;

/// What stands side by side and is moved through by swiping: picks, screenshots, parts of a category.
fn is_swiped(name: &str) -> bool {
    name.starts_with("Picked today") || name.starts_with("Enlarge") || name.ends_with(" app") || name.ends_with(" apps")
}

fn stays_inside(scenario: Scenario, arguments: &[&str]) {
    stays_inside_with(scenario, arguments, &[]);
}

fn stays_inside_with(scenario: Scenario, arguments: &[&str], variables: &[(&str, &OsStr)]) {
    let Some(window) = Window::open_with(scenario, arguments, variables) else { return };
    window.shows(Role::ToggleButton, "Search");
    let outside = || -> Vec<String> {
        let controls = window.nodes().into_iter().filter(|node| CONTROLS.contains(&node.role));
        let placed = controls.filter_map(|node| window.area(&node).map(|area| (node, area)));
        placed
            .filter(|(_, area)| area.width > 0 && (area.x < -FRAME || area.x + area.width > WIDTH + FRAME))
            .filter(|(node, _)| !is_swiped(&node.name))
            .map(|(node, area)| format!("{} {:?} {area:?}", node.role.name(), node.name))
            .collect()
    };
    // A page that comes slides in from outside.
    let look = |place: &str| until_none(place, outside);
    match scenario {
        Scenario::Default => pages::walk(&window, look),
        _ => pages::walk_system(&window, look),
    }
}

#[test]
fn nothing_reaches_out_of_a_telephone() {
    stays_inside(Scenario::Default, &["--size", "370x650"]);
}

#[test]
fn nothing_reaches_out_of_the_smallest_window_from_right_to_left() {
    stays_inside(Scenario::Default, &["--size", "370x304", "--rtl"]);
}

#[test]
fn nothing_reaches_out_of_a_telephone_with_large_text() {
    // By what the desktop's own “Large Text” makes of the usual 11 points.
    let settings = tempfile::tempdir().unwrap();
    std::fs::create_dir(settings.path().join("gtk-4.0")).unwrap();
    std::fs::write(settings.path().join("gtk-4.0/settings.ini"), "[Settings]\ngtk-font-name=Sans 13.75\n").unwrap();
    let variables = [("XDG_CONFIG_HOME", settings.path().as_os_str())];
    stays_inside_with(Scenario::Default, &["--size", "370x650"], &variables);
}

#[test]
fn nothing_about_the_system_reaches_out_of_a_telephone() {
    stays_inside(Scenario::Advisories, &["--size", "370x650"]);
}
