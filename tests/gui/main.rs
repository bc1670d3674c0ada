//! The window as people use it: the real `strata` on a display of its own, in a demo world, found and pressed the way
//! a screen reader finds and presses things.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests say what went wrong by panicking")]

mod app_page;
mod app_settings;
mod appimages;
mod display;
mod keeping;
mod lasting;
mod names;
mod narrow;
mod opening;
#[path = "../shared/overrides.rs"]
mod overrides;
mod pages;
#[cfg(target_arch = "x86_64")]
#[path = "../shared/scribe.rs"]
mod scribe;
mod search;
mod sources;
#[path = "../shared/stopped.rs"]
mod stopped;
mod system;
mod translated;
mod tree;
mod window;

use strata_demo::Scenario;
use tree::Role;
use window::Window;

#[test]
fn an_app_is_found_installed_opened_and_removed() {
    let Some(window) = Window::open(Scenario::Default, &[]) else { return };
    window.types("hexfall");
    window.shows(Role::Button, "Get Hexfall");
    window.presses_key("Return");
    window.shows(Role::Button, "Back");
    window.downloads_crawl();
    window.press("Get Hexfall");
    window.moves("Installing Hexfall");
    window.downloads_hurry();
    window.press("Open Hexfall");
    window.has_file("home/.var/app/io.github.sixsides.Hexfall/data/started");
    window.press("Remove Hexfall");
    window.press("Remove");
    window.shows(Role::Button, "Get Hexfall");
}

#[test]
fn an_installation_that_is_cancelled_leaves_the_app_to_be_had() {
    let Some(window) = Window::open(Scenario::Default, &["--app", "io.github.sixsides.Hexfall"]) else { return };
    window.downloads_crawl();
    window.press("Get Hexfall");
    window.shows(Role::ProgressBar, "Installing Hexfall");
    window.press("Cancel Hexfall");
    window.cancelled_downloads_hurry();
    window.shows(Role::Button, "Get Hexfall");
}

#[test]
fn who_does_not_want_to_wait_for_a_plan_cancels_it() {
    let Some(window) = Window::open(Scenario::Default, &["--app", "io.github.sixsides.Hexfall"]) else { return };
    window.shows(Role::Button, "Get Hexfall");
    window.network_is_silent();
    window.press("Get Hexfall");
    window.shows(Role::Label, "Preparing…");
    window.press("Cancel Hexfall");
    window.shows(Role::Button, "Get Hexfall");
    assert_eq!(window.terminal(&["tasks"]), serde_json::json!([]));
}

#[test]
fn an_update_that_wants_more_asks_before() {
    let Some(window) = Window::open(Scenario::Default, &["--page", "updates"]) else { return };
    window.press("Update Rookery");
    window.shows(Role::Label, "The network");
    window.press("Update");
    window.vanishes(Role::Button, "Update Rookery");
}

#[test]
fn all_is_updated_but_what_wants_more() {
    let Some(window) = Window::open(Scenario::Default, &["--page", "updates"]) else { return };
    window.shows(Role::Button, "Update Attic");
    window.press("Update All");
    window.press("Update the Others");
    for app in ["Attic", "Gouache", "Needledrop", "Parlour", "Quillfold"] {
        window.vanishes(Role::Button, &format!("Update {app}"));
    }
    window.shows(Role::Button, "Update Rookery");
}

#[test]
fn all_updates_are_cancelled_at_once() {
    let Some(window) = Window::open(Scenario::Default, &["--page", "updates"]) else { return };
    window.shows(Role::Button, "Update Attic");
    window.downloads_crawl();
    window.press("Update All");
    window.press("Update the Others");
    window.press("Cancel All");
    window.cancelled_downloads_hurry();
    window.vanishes(Role::Button, "Cancel All");
    window.shows(Role::Button, "Update Attic");
}

#[test]
fn a_search_is_narrowed_by_chips_and_widened_again() {
    let Some(window) = Window::open(Scenario::Default, &["--search", "hexfall"]) else { return };
    window.shows(Role::Button, "Get Hexfall");
    window.switch("Free Software");
    window.shows(Role::Button, "Get Hexfall");
    window.switch("Verified");
    window.shows(Role::Label, "Nothing Found for “hexfall”");
    window.press("Clear Filters");
    window.shows(Role::Button, "Get Hexfall");
    window.switch("Verified");
    window.shows(Role::Label, "Nothing Found for “hexfall”");
    // The next search begins without what narrowed this one.
    window.presses_key("Escape");
    window.types("hexfall");
    window.shows(Role::Button, "Get Hexfall");
}

#[test]
fn a_pick_of_today_leads_to_its_page_and_on_to_its_neighbours() {
    let Some(window) = Window::open(Scenario::Default, &[]) else { return };
    window.press("Next Pick");
    window.press("Picked today: Terracotta. Sculpt in three dimensions with your hands");
    window.shows(Role::Button, "Get Terracotta");
    window.shows(Role::Button, "See all of Similar Apps");
}

#[test]
fn the_way_back_leads_through_everything() {
    let Some(window) = Window::open(Scenario::Default, &["--app", "io.github.sixsides.Hexfall"]) else { return };
    window.shows(Role::Button, "Get Hexfall");
    window.press("See all of Similar Apps");
    window.vanishes(Role::Button, "Get Hexfall");
    let is_app = |name: &String| name.contains(". ");
    let similar = strata_tests::until("there are similar apps", || window.names(Role::Button).into_iter().find(is_app));
    window.press(&similar);
    window.press("See all of Similar Apps");
    window.vanishes(Role::Button, "See all of Similar Apps");
    window.presses_key("alt+Left");
    window.shows(Role::Button, "See all of Similar Apps");
    window.presses_key("alt+Left");
    window.shows(Role::Button, &similar);
    window.presses_key("alt+Left");
    window.shows(Role::Button, "Get Hexfall");
    window.presses_key("alt+Left");
    window.shows(Role::Button, "Next Pick");
}

#[test]
fn a_shelf_leads_to_its_whole_list() {
    let Some(window) = Window::open(Scenario::Default, &[]) else { return };
    for list in ["Popular", "Trending", "New", "Recently Updated"] {
        window.press(&format!("See all of {list}"));
        window.press("Back");
    }
}

#[test]
fn a_category_is_narrowed_to_one_of_its_parts() {
    let Some(window) = Window::open(Scenario::Default, &["--list", "category play"]) else { return };
    window.shows(Role::Button, "Rookery. Play chess against the computer or a friend Installed.");
    window.switch("Falling Blocks, 1 app");
    window.vanishes(Role::Button, "Rookery. Play chess against the computer or a friend Installed.");
    window.switch("All");
    window.shows(Role::Button, "Rookery. Play chess against the computer or a friend Installed.");
}
