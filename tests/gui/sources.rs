//! Preferences › Sources: which source comes first, and which are switched off.

use crate::stopped::{Stopped, process};
use crate::tree::Role;
use crate::window::Window;
use serde_json::json;
use strata_demo::Scenario;
use strata_model::wire::BUS_NAME;
use strata_tests::until;

const PAGE: [&str; 2] = ["--page", "sources"];

#[test]
fn sources_are_put_in_another_order_by_the_keyboard_and_stay_where_they_are_put() {
    let Some(window) = Window::open(Scenario::Atomic, &PAGE) else { return };
    let becomes = |order: [&str; 3]| {
        until("the order is set", || (window.terminal(&["settings", "sources.order"]) == json!(order)).then_some(()));
    };
    window.shows(Role::Button, "Move Package up");
    assert!(!window.shows(Role::Button, "Move Flatpak up").enabled, "it is the first");
    assert!(!window.shows(Role::Button, "Move Package down").enabled, "it is the last");
    window.press("Move Package up");
    window.says("Package is number 2 now");
    // What was moved keeps the keyboard.
    window.presses_key("space");
    window.says("Package is number 1 now");
    becomes(["package", "flatpak", "app-image"]);
    window.presses_key("space");
    becomes(["flatpak", "package", "app-image"]);
    window.press("Move Package up");
    until("it is the first", || (!window.shows(Role::Button, "Move Package up").enabled).then_some(()));
    window.again(&["--app", "org.filigree.Filigree"]);
    window.presses_key("Escape");
    window.press("Get Filigree");
    window.shows(Role::Label, "Get “Filigree”?");
}

#[test]
fn two_quick_moves_are_two_also_before_the_settings_have_the_first() {
    let Some(window) = Window::open(Scenario::Atomic, &PAGE) else { return };
    assert!(window.shows(Role::Button, "Move Package up").enabled);
    let engine = Stopped::new(process(window.world(), "--session", BUS_NAME));
    window.press("Move Package up");
    window.says("Package is number 2 now");
    window.press("Move Package up");
    window.says("Package is number 1 now");
    drop(engine);
    let order = json!(["package", "flatpak", "app-image"]);
    until("the settings follow", || (window.terminal(&["settings", "sources.order"]) == order).then_some(()));
    assert!(!window.shows(Role::Button, "Move Package up").enabled, "it stays the first");
}

#[test]
fn what_an_origin_is_is_looked_at_where_the_person_waits_for_it() {
    let Some(window) = Window::open(Scenario::Empty, &PAGE) else { return };
    let url = window.world().server().unwrap().url();
    window.press("Add a Source for You Only");
    window.shows(Role::Label, "Choose a File…");
    window.network_is_silent();
    window.types_on(&format!("{url}/nothing.flatpakrepo"));
    window.presses_key("Return");
    window.shows(Role::Label, "Looking at “nothing.flatpakrepo”…");
    window.press("Stop looking");
    window.vanishes(Role::Label, "Looking at “nothing.flatpakrepo”…");
    window.downloads_hurry();

    window.presses_key("Return");
    window.shows_beginning(Role::Label, &format!("There is nothing at “{url}/nothing.flatpakrepo”."));
    window.presses_key("ctrl+a");
    window.types_on(&format!("{url}/orchard.flatpakrepo"));
    window.presses_key("Return");
    window.shows_beginning(Role::Label, "Add “");
    window.act_last(Role::Button, "Add");
    until("it is added", || (window.terminal(&["remotes"])[0]["name"] == "orchard").then_some(()));
    window.vanishes(Role::Label, "Choose a File…");
}

#[test]
fn a_source_is_switched_off_and_its_apps_say_so() {
    let Some(window) = Window::open(Scenario::Atomic, &["--app", "org.htopper.Htop"]) else { return };
    window.shows(Role::Button, "Get Process Gauge");
    window.again(&PAGE);
    window.act(Role::CheckBox, "Offer apps as Package");
    window.presses_key("Escape");
    window.shows(Role::Label, "System packages are switched off in the settings (sources.packages).");
    window.vanishes(Role::Button, "Get Process Gauge");
    assert_eq!(window.terminal(&["settings", "sources.packages"]), json!(false));
    window.again(&["--search", "process gauge"]);
    window.shows(Role::Label, "Nothing Found for “process gauge”");
    window.again(&PAGE);
    window.act(Role::CheckBox, "Offer apps as Package");
    window.presses_key("Escape");
    window.again(&["--app", "org.htopper.Htop"]);
    window.shows(Role::Button, "Get Process Gauge");
}

#[test]
fn the_folder_of_new_appimages_is_chosen_and_given_back() {
    let Some(window) = Window::open(Scenario::Classic, &PAGE) else { return };
    let folder = window.folder().join("home/images");
    std::fs::create_dir(&folder).unwrap();
    window.shows(Role::Label, "~/Applications");
    window.press("Choose the folder for new AppImages");
    window.answers("Choose a Folder", &folder);
    window.shows(Role::Label, folder.to_str().unwrap());
    assert_eq!(window.terminal(&["settings", "appimages.folder"]), json!(folder));
    window.press("Put new AppImages into the usual folder again");
    window.shows(Role::Label, "~/Applications");
    assert_eq!(window.terminal(&["settings", "appimages.folder"]), json!("~/Applications"));
}
