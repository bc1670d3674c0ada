//! Searching, by keyboard alone.

use crate::tree::Role;
use crate::window::Window;
use strata_demo::Scenario;

#[test]
fn results_are_walked_through_and_opened_by_the_keyboard() {
    let Some(window) = Window::open(Scenario::Default, &[]) else { return };
    window.types("game");
    window.shows_ending(Role::Label, " apps");
    // A row's way to its page says the app's name, what it is for, and who makes it.
    let rows: Vec<String> = window.names(Role::Button).into_iter().filter(|name| name.contains(". ")).collect();
    let second = rows[1].split(". ").next().unwrap();
    window.presses_key("Down");
    window.presses_key("Down");
    window.presses_key("Return");
    window.shows(Role::Button, "Back");
    window.shows(Role::Grouping, second);
    window.presses_key("alt+Left");
    window.shows_ending(Role::Label, " apps");
    window.presses_key("Escape");
    window.shows_beginning(Role::Button, "See all of Popular");
}

#[test]
fn a_misspelt_word_is_put_right_and_enter_opens_the_first_app() {
    let Some(window) = Window::open(Scenario::Default, &[]) else { return };
    window.types("hexfal");
    window.shows(Role::Button, "Get Hexfall");
    window.presses_key("Escape");
    window.types("hexfxll");
    window.shows(Role::Label, "Nothing for “hexfxll”. These are for “hexfall”.");
    window.presses_key("Return");
    window.shows(Role::Grouping, "Hexfall");
}

#[test]
fn whoever_has_no_word_gets_some() {
    let Some(window) = Window::open(Scenario::Default, &[]) else { return };
    window.shows(Role::ToggleButton, "Search");
    window.presses_key("ctrl+f");
    window.shows(Role::Label, "What Are You Looking For?");
    window.shows(Role::Button, "Search for Chess");
    window.presses_key("Down");
    window.presses_key("Return");
    window.shows_ending(Role::Label, " apps");
}

#[test]
fn an_installed_app_that_no_list_has_is_found() {
    let Some(window) = Window::open(Scenario::Default, &["--page", "installed"]) else { return };
    window.shows(Role::Button, "Open Lanternway");
    window.again(&["--search", "scribbler"]);
    window.shows(Role::Button, "Update Scribbler");
}

#[test]
fn what_the_desktops_search_asks_for_comes_to_the_front_and_can_be_switched_off() {
    let Some(window) = Window::open(Scenario::Default, &["--app", "io.github.sixsides.Hexfall"]) else { return };
    window.shows(Role::Grouping, "Hexfall");
    window.does("search-for", "'lanternway'");
    window.shows(Role::Button, "Open Lanternway");
    window.does("show-app", "'io.github.sixsides.Hexfall'");
    window.shows(Role::Button, "Get Hexfall");
    window.again(&["--page", "preferences"]);
    window.act_last(Role::CheckBox, "Show in the Desktop’s Search");
    let shown = || window.terminal(&["settings", "search.desktop"]) == true;
    strata_tests::until("it is switched off", || (!shown()).then_some(()));
    window.act_last(Role::CheckBox, "Show in the Desktop’s Search");
    strata_tests::until("it is switched on again", || shown().then_some(()));
}

#[test]
fn who_has_no_place_to_get_apps_from_is_told_so() {
    let Some(window) = Window::open(Scenario::Empty, &[]) else { return };
    window.shows(Role::Button, "Add Flathub");
    window.again(&["--search", "chess"]);
    window.shows(Role::Entry, "Search for apps");
    window.shows(Role::Label, "Nowhere to Get Apps From");
    window.vanishes(Role::Label, "Nothing Found for “chess”");
}
