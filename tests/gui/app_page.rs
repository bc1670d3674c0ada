//! The page of one app: its facts, its offers, its pictures, its versions.

use crate::tree::Role;
use crate::window::Window;
use strata_demo::Scenario;

const RIVET: &[&str] = &["--app", "dev.rivet.Rivet"];
const ROOKERY: &[&str] = &["--app", "org.rookery.Rookery"];
const WEATHERVANE: &[&str] = &["--app", "io.github.ridgeline.Weathervane"];

#[test]
fn safety_is_explained_the_gravest_first() {
    let Some(window) = Window::open(Scenario::Default, RIVET) else { return };
    window.press("Safety: Some Risk");
    window.shows(Role::Label, "It reaches some of your things. Get it if you trust its developer.");
    let lists = window.names(Role::List);
    let heads: Vec<&str> = lists.iter().map(String::as_str).filter(|name| name.contains("Risk")).collect();
    assert_eq!(heads, ["Medium Risk", "Low Risk"]);
    window.shows(Role::ListItem, "Use your SSH keys");
    window.shows(Role::Label, "It can log in to other computers as you, without seeing the keys themselves.");
    window.presses_key("Escape");
    window.vanishes(Role::ListItem, "Use your SSH keys");
}

#[test]
fn what_an_app_takes_is_said_part_by_part() {
    let Some(window) = Window::open(Scenario::Default, &["--app", "net.lecternapp.Lectern"]) else { return };
    window.press_beginning("Size: ");
    window.shows(Role::List, "To Download");
    window.shows(Role::ListItem, "Lectern");
    window.shows(Role::List, "On Your Disk");
}

#[test]
fn downloads_are_plotted_and_said_in_words() {
    let Some(window) = Window::open(Scenario::Default, ROOKERY) else { return };
    window.press("Downloads a Month: 184\u{202f}220");
    window.shows_beginning(Role::Image, "Downloads a month: ");
}

#[test]
fn downloads_that_nobody_tells_are_said_to_be_unknown() {
    let Some(window) = Window::open(Scenario::Default, ROOKERY) else { return };
    window.shows_beginning(Role::Button, "Safety: Safe");
    window.network_is_silent();
    window.press("Downloads a Month: 184\u{202f}220");
    window.shows_beginning(Role::Label, "The months before cannot be shown");
}

#[test]
fn an_app_is_had_from_the_place_that_the_person_chooses() {
    let Some(window) = Window::open(Scenario::Default, WEATHERVANE) else { return };
    window.press("From Orchard · Flatpak. Choose where to get Weathervane from");
    window.shows(Role::RadioButton, "Meadow Community · Flatpak · only for you");
    window.presses_key("Down");
    window.presses_key("Return");
    window.shows_beginning(Role::Button, "From Meadow Community");
    window.press("Get Weathervane");
    window.shows(Role::Button, "Open Weathervane");
    window.has_file("home/.local/share/flatpak/app/io.github.ridgeline.Weathervane/current/active/metadata");
}

#[test]
fn pictures_are_enlarged_and_turned_by_the_keyboard() {
    let Some(window) = Window::open(Scenario::Default, ROOKERY) else { return };
    window.press("Enlarge: A Sunday game");
    window.shows(Role::Label, "Picture 1 of 2");
    window.shows(Role::Image, "A Sunday game");
    window.presses_key("Right");
    window.shows(Role::Label, "Picture 2 of 2");
    window.shows(Role::Image, "Five hundred puzzles");
    window.presses_key("plus");
    window.press("Fit to Window");
    window.presses_key("Home");
    window.shows(Role::Label, "Picture 1 of 2");
    window.presses_key("Escape");
    window.vanishes(Role::Label, "Picture 1 of 2");
}

#[test]
fn every_version_is_told_of() {
    let Some(window) = Window::open(Scenario::Default, ROOKERY) else { return };
    window.press("Version history of Rookery");
    window.shows(Role::Label, "4.6");
    window.shows(Role::Label, "New puzzles.");
}

#[test]
fn an_app_at_its_end_leads_to_what_takes_its_place() {
    let Some(window) = Window::open(Scenario::Default, &["--app", "io.github.hourglass.Scribbler"]) else { return };
    window.shows(Role::Label, "“Scribbler” gets no more updates. Scribbler has become Marginalia");
    window.press("Show What Takes Its Place");
    window.shows(Role::Grouping, "Marginalia");
}

#[test]
fn pictures_turn_the_other_way_where_people_read_from_right_to_left() {
    let Some(window) = Window::open(Scenario::Default, &["--rtl", "--app", "org.rookery.Rookery"]) else { return };
    window.press("Enlarge: A Sunday game");
    window.shows(Role::Image, "A Sunday game");
    window.presses_key("Left");
    window.shows(Role::Image, "Five hundred puzzles");
}
