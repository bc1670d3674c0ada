//! Every page and the great dialogs, as a screen reader walks through it: whatever can be pressed, chosen or filled in has a name.

use crate::tree::Role;
use crate::window::Window;
use strata_demo::Scenario;

const ROOKERY: &str = "org.rookery.Rookery";

/// What can be pressed, chosen or filled in.
const CONTROLS: [Role; 11] = [
    Role::Button,
    Role::ToggleButton,
    Role::CheckBox,
    Role::RadioButton,
    Role::ComboBox,
    Role::Entry,
    Role::MenuItem,
    Role::PageTab,
    Role::Slider,
    Role::SpinButton,
    Role::Link,
];

/// Goes where the arguments lead, waits for what is to be seen there, and looks at everything.
fn walk(window: &Window, arguments: &[&str], role: Role, sign: &str) {
    window.again(arguments);
    window.shows(role, sign);
    let unnamed = window.unnamed(&CONTROLS);
    assert!(unnamed.is_empty(), "{arguments:?}: {unnamed:#?}");
}

#[test]
fn every_control_of_every_page_has_a_name() {
    let Some(window) = Window::open(Scenario::Default, &[]) else { return };
    window.shows(Role::ToggleButton, "Search");
    walk(&window, &["--page", "explore"], Role::Button, "Next Pick");
    walk(&window, &["--page", "installed"], Role::Button, "Open Lanternway");
    walk(&window, &["--page", "updates"], Role::Button, "Update All");
    walk(&window, &["--search", "hexfall"], Role::Button, "Get Hexfall");
    walk(&window, &["--list", "category play"], Role::Button, "Back");
    walk(&window, &["--app", ROOKERY], Role::Button, "Update Rookery");
    walk(&window, &["--page", "history"], Role::Label, "Nothing Done Yet");
}

#[test]
fn every_control_of_the_great_dialogs_has_a_name() {
    let Some(window) = Window::open(Scenario::Default, &["--app", ROOKERY]) else { return };
    window.shows(Role::Button, "Update Rookery");
    for (arguments, sign) in [
        (["--page", "preferences"].as_slice(), "Load Screenshots"),
        (&["--page", "storage"], "Data of Removed Apps"),
        (&["--app", ROOKERY, "--dialog", "safety"], "Who It Comes From"),
    ] {
        walk(&window, arguments, Role::Label, sign);
        window.presses_key("Escape");
        window.vanishes(Role::Label, sign);
    }
}
