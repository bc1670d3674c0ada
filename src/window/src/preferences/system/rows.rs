//! Rows of the page that stand for themselves.

use super::facts::{InTheWay, PackageFacts, PackagesFacts, WaysFacts};
use crate::i18n::{gettext, gettext_f};
use crate::sentence::{self, system as words};
use crate::widgets::{set_label, state_page, text_button};
use relm4::adw::prelude::*;
use relm4::{adw, gtk};
use strata_model::Failure;

/// What is shown in the place of everything else.
pub(super) fn in_the_way(in_the_way: &InTheWay) -> gtk::Widget {
    match in_the_way {
        InTheWay::Reading => state_page::loading(&gettext("Reading the system…")).upcast(),
        InTheWay::Obstacle(obstacle) => {
            let words = state_page::escaped(&sentence::system::obstacle(*obstacle));
            state_page::empty("computer-symbolic", &gettext("Nothing to Set Up Here"), &words).upcast()
        }
        InTheWay::Failure(failure) => {
            let again = gtk::Button::builder().label(gettext("Try Again")).halign(gtk::Align::Center).build();
            again.add_css_class("pill");
            again.set_action_name(Some("win.read-system"));
            let column = gtk::Box::builder().orientation(gtk::Orientation::Vertical).build();
            column.append(&state_page::failed(failure));
            column.append(&again);
            column.upcast()
        }
    }
}

/// That what stands below may not be so any more.
pub(super) fn doubt(failure: &Failure) -> gtk::Widget {
    let row = plain(&sentence::failure(failure), &sentence::remedy(failure));
    row.add_suffix(&button(&gettext("Try Again"), &gettext("Read the system again"), "win.read-system"));
    row.upcast()
}

/// What waits for the restart, and the way back.
pub(super) fn ways(facts: &WaysFacts) -> Vec<gtk::Widget> {
    let mut rows: Vec<gtk::Widget> = Vec::new();
    if let Some(waits) = &facts.waits {
        let name = [("version", waits.version.as_str())];
        let title = if waits.runs {
            gettext("Changed Packages Run Already")
        } else if waits.is_held_back {
            gettext_f("Version {version} Is Ready, and Held Back", &name)
        } else if waits.is_same_version {
            gettext("Changed Packages Wait for a Restart")
        } else {
            gettext_f("Version {version} Waits for a Restart", &name)
        };
        let row = plain(&title, &if waits.is_held_back { words::held_back() } else { String::new() });
        let (text, spoken, action) = if waits.is_staged && waits.is_same_version {
            (gettext("Discard"), gettext("Discard the changed packages"), "win.discard-staged")
        } else if waits.is_staged {
            (gettext("Discard"), gettext_f("Discard version {version}", &name), "win.discard-staged")
        } else {
            (gettext("Undo"), gettext("Stay with what runs now"), "win.undo-roll-back")
        };
        row.add_suffix(&button(&text, &spoken, action));
        if waits.can_be_applied {
            let apply = button(
                &gettext("Apply Now"),
                &gettext("Bring the packages into the running system, without a restart"),
                "win.apply-live",
            );
            apply.set_tooltip_text(Some(&gettext("Bring the packages into the running system, without a restart")));
            row.add_suffix(&apply);
        }
        if !waits.runs && !waits.is_held_back {
            let restart = button(&gettext("Restart"), &gettext("Restart the computer"), "win.restart");
            restart.add_css_class("suggested-action");
            row.add_suffix(&restart);
        }
        rows.push(row.upcast());
    }
    if let Some(version) = &facts.back {
        let row = plain(&gettext_f("Go Back to Version {version}", &[("version", version)]), "");
        row.add_suffix(&button(&gettext("Roll Back…"), &gettext("Roll the system back"), "win.roll-back"));
        rows.push(row.upcast());
    }
    for words in [&facts.no_back, &facts.no_pin] {
        if !words.is_empty() {
            rows.push(sentence_row(words).upcast());
        }
    }
    rows
}

/// The packages beside the image, each that can go with a way to go.
pub(super) fn packages(facts: &PackagesFacts) -> Vec<gtk::Widget> {
    let mut rows: Vec<gtk::Widget> = facts.layered.iter().chain(&facts.base).map(package).collect();
    if rows.is_empty() {
        rows.push(sentence_row(&gettext("None: the system is as its image has it")).upcast());
    }
    rows
}

fn package(facts: &PackageFacts) -> gtk::Widget {
    let row = plain(&facts.name, &facts.line);
    let name = [("name", facts.name.as_str())];
    if facts.is_removable {
        let spoken = gettext_f("Remove {name} from the system", &name);
        row.add_suffix(&about(facts, "user-trash-symbolic", &gettext("Remove…"), &spoken, "win.remove-package"));
    }
    if facts.is_resettable {
        let spoken = gettext_f("Bring {name} back as the image has it", &name);
        row.add_suffix(&about(facts, "edit-undo-symbolic", &gettext("Bring Back…"), &spoken, "win.reset-package"));
    }
    row.upcast()
}

/// A button that asks about the package.
fn about(facts: &PackageFacts, icon: &str, tooltip: &str, spoken: &str, action: &str) -> gtk::Button {
    let button = gtk::Button::builder().icon_name(icon).tooltip_text(tooltip).build();
    set_label(&button, spoken);
    button.set_valign(gtk::Align::Center);
    button.add_css_class("flat");
    button.set_action_target_value(Some(&facts.name.to_variant()));
    button.set_action_name(Some(action));
    button
}

/// What updates the system by itself.
pub(super) fn automatic(all: &[(String, String)]) -> Vec<gtk::Widget> {
    all.iter().map(|(name, does)| plain(name, does).upcast()).collect()
}

/// What another program does.
pub(super) fn other((title, words): &(String, String)) -> gtk::Widget {
    let row = plain(title, words);
    let spinner = adw::Spinner::builder().valign(gtk::Align::Center).build();
    set_label(&spinner, title);
    row.add_suffix(&spinner);
    row.add_suffix(&button(&gettext("Cancel"), &gettext("Cancel what changes the system"), "win.cancel-other"));
    row.upcast()
}

fn button(text: &str, spoken: &str, action: &str) -> gtk::Button {
    let button = text_button(text, spoken);
    button.set_valign(gtk::Align::Center);
    button.set_action_name(Some(action));
    button
}

/// A row of plain text.
fn plain(title: &str, words: &str) -> adw::ActionRow {
    adw::ActionRow::builder().use_markup(false).title(title).subtitle(words).build()
}

/// A sentence about the group.
fn sentence_row(words: &str) -> adw::ActionRow {
    plain("", words)
}
