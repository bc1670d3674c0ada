//! The smallest window: nothing that can be pressed reaches out of it.

use crate::pages;
use crate::tree::{CONTROLS, Role};
use crate::window::Window;
use strata_demo::Scenario;

/// Of what is inside of the frame, which is about five pixels wide where nobody manages windows.
const WIDTH: i32 = 360;
const FRAME: i32 = 6;

/// What stands side by side and is moved through by swiping: picks, screenshots, parts of a category.
fn is_swiped(name: &str) -> bool {
    name.starts_with("Picked today") || name.starts_with("Enlarge") || name.ends_with(" app") || name.ends_with(" apps")
}

fn stays_inside(scenario: Scenario, arguments: &[&str]) {
    let Some(window) = Window::open(scenario, arguments) else { return };
    window.shows(Role::ToggleButton, "Search");
    let look = |place: &str| {
        let controls = window.nodes().into_iter().filter(|node| CONTROLS.contains(&node.role));
        let placed = controls.filter_map(|node| window.area(&node).map(|area| (node, area)));
        let outside: Vec<String> = placed
            .filter(|(_, area)| area.width > 0 && (area.x < -FRAME || area.x + area.width > WIDTH + FRAME))
            .filter(|(node, _)| !is_swiped(&node.name))
            .map(|(node, area)| format!("{} {:?} {area:?}", node.role.name(), node.name))
            .collect();
        assert!(outside.is_empty(), "{place}: {outside:#?}");
    };
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
fn nothing_about_the_system_reaches_out_of_a_telephone() {
    stays_inside(Scenario::Advisories, &["--size", "370x650"]);
}
