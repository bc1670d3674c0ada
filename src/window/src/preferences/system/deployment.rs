//! A version of the system as a row: what it is for, and unfolded what exactly it is.

use super::facts::{DeploymentFacts, Pin};
use crate::i18n::{gettext, gettext_f};
use crate::widgets::set_label;
use relm4::adw;
use relm4::adw::prelude::*;
use relm4::gtk;

/// The row.
#[derive(Debug)]
pub(super) struct DeploymentRow {
    root: adw::ExpanderRow,
    pin: gtk::ToggleButton,
    note: adw::EntryRow,
    more: Vec<adw::ActionRow>,
    compare: adw::ButtonRow,
    shown: DeploymentFacts,
}

impl DeploymentRow {
    pub(super) fn new(facts: DeploymentFacts) -> Self {
        let pin = gtk::ToggleButton::builder()
            .icon_name("view-pin-symbolic")
            .valign(gtk::Align::Center)
            .css_classes(["flat", "circular"])
            .build();
        let compare = adw::ButtonRow::builder().title(gettext("Compare with What Runs Now")).build();
        let root = adw::ExpanderRow::builder().use_markup(false).build();
        root.add_suffix(&pin);
        let note = adw::EntryRow::builder().title(gettext("Note")).show_apply_button(true).build();
        root.add_row(&note);
        let mut row = Self { root, pin, note, more: Vec::new(), compare, shown: facts };
        row.note.set_text(&row.shown.note);
        row.connect_note();
        row.fill();
        row
    }

    fn connect_note(&self) {
        let id = self.shown.id.clone();
        self.note.connect_apply(move |entry| {
            let target = (id.as_str(), entry.text().as_str()).to_variant();
            if let Err(error) = WidgetExt::activate_action(entry, "win.note-pin", Some(&target)) {
                tracing::error!(%error, "the note cannot be kept");
            }
        });
    }

    pub(super) fn root(&self) -> &adw::ExpanderRow {
        &self.root
    }

    pub(super) fn id(&self) -> &str {
        &self.shown.id
    }

    pub(super) fn show(&mut self, facts: &DeploymentFacts) {
        if self.shown != *facts {
            // Not while somebody writes another one.
            if self.shown.note != facts.note {
                self.note.set_text(&facts.note);
            }
            self.shown = facts.clone();
            for row in self.more.drain(..) {
                self.root.remove(&row);
            }
            if self.compare.parent().is_some() {
                self.root.remove(&self.compare);
            }
            self.fill();
        }
        // Pressing it does not make it so: the engine does.
        self.pin.set_active(self.shown.pin == Pin::Pinned);
    }

    fn fill(&mut self) {
        let DeploymentFacts { id, title, line, more, pin, is_comparable, .. } = &self.shown;
        self.root.set_title(title);
        self.root.set_subtitle(line);
        self.note.set_visible(*pin == Pin::Pinned);
        self.pin.set_visible(*pin != Pin::Impossible);
        self.pin.set_active(*pin == Pin::Pinned);
        let name = [("version", title.as_str())];
        let (action, words) = match pin {
            Pin::Pinned => ("win.unpin", gettext_f("Unpin {version}", &name)),
            _ => ("win.pin", gettext_f("Pin {version}: keep it until it is unpinned", &name)),
        };
        self.pin.set_action_target_value(Some(&id.to_variant()));
        self.pin.set_action_name(Some(action));
        self.pin.set_tooltip_text(Some(&words));
        set_label(&self.pin, &words);
        for (title, words) in more {
            let row = adw::ActionRow::builder()
                .use_markup(false)
                .title(title)
                .subtitle(words)
                .subtitle_selectable(true)
                .css_classes(["property"])
                .build();
            self.root.add_row(&row);
            self.more.push(row);
        }
        if *is_comparable {
            set_label(&self.compare, &gettext_f("Compare {version} with what runs now", &name));
            self.compare.set_action_target_value(Some(&id.to_variant()));
            self.compare.set_action_name(Some("win.compare-deployment"));
            self.root.add_row(&self.compare);
        }
    }
}
