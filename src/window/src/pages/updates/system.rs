//! The system among the updates: one row under a heading of its own.

use super::system_facts::{self, Blocking, Offer, SystemFacts};
use crate::i18n::{gettext, gettext_f};
use crate::live::{Live, Running, Work};
use crate::sentence;
use crate::system;
use crate::widgets::action_button::ActionButton;
use crate::widgets::app_row::FailureLine;
use crate::widgets::{set_label, set_text, text_button};
use relm4::gtk::prelude::*;
use relm4::{adw, gtk};
use strata_model::{Action, Request};

/// The row.
#[derive(Debug)]
pub(super) struct SystemRow {
    root: gtk::Box,
    title: gtk::Label,
    line: gtk::Label,
    small: gtk::Label,
    warning: gtk::Label,
    reading: adw::Spinner,
    button: ActionButton,
    changes: gtk::Button,
    check: gtk::Button,
    remove: gtk::Button,
    failure: FailureLine,
    other: gtk::Box,
    other_words: gtk::Label,
}

impl SystemRow {
    pub(super) fn new() -> Self {
        let label = |classes: &[&str]| {
            let label = gtk::Label::builder().xalign(0.0).wrap(true).css_classes(classes.to_vec()).build();
            label.set_wrap_mode(gtk::pango::WrapMode::WordChar);
            label
        };
        let flat = |text: &str, spoken: &str, action: &str| {
            let button = text_button(text, spoken);
            button.add_css_class("flat");
            button.set_action_name(Some(action));
            button
        };
        let row = Self {
            root: gtk::Box::builder().orientation(gtk::Orientation::Vertical).spacing(6).visible(false).build(),
            title: label(&["heading"]),
            line: label(&["row-line"]),
            small: label(&["caption", "dimmed", "numeric"]),
            warning: label(&["caption", "warning"]),
            reading: adw::Spinner::builder().valign(gtk::Align::Center).build(),
            button: ActionButton::small(),
            changes: flat(&gettext("What Changes"), &gettext("What changes in the system"), "win.show-system-update"),
            check: flat(&gettext("Look for Newer"), &gettext("Look for a newer system"), "win.check-system"),
            remove: gtk::Button::builder().css_classes(["flat", "text-button"]).build(),
            failure: FailureLine::new(),
            other: gtk::Box::builder().spacing(12).css_classes(["failure-line"]).build(),
            other_words: label(&[]),
        };
        row.check.set_tooltip_text(Some(&gettext("Ask for a newer system; may want a password")));
        row.assemble();
        row
    }

    fn assemble(&self) {
        let heading = gtk::Label::builder().label(gettext("System")).xalign(0.0).css_classes(["heading"]).build();
        heading.set_accessible_role(gtk::AccessibleRole::Heading);
        let image = gtk::Image::builder().icon_name("computer-symbolic").pixel_size(32).width_request(48).build();
        image.set_accessible_role(gtk::AccessibleRole::Presentation);
        image.set_valign(gtk::Align::Start);
        let text = gtk::Box::builder().orientation(gtk::Orientation::Vertical).spacing(3).hexpand(true).build();
        text.set_valign(gtk::Align::Center);
        for label in [&self.title, &self.line, &self.small, &self.warning] {
            text.append(label);
        }
        let line = gtk::Box::builder().spacing(12).css_classes(["system-line"]).build();
        line.append(&image);
        line.append(&text);
        line.append(&self.reading);
        line.append(self.button.root());
        let more = adw::WrapBox::builder().child_spacing(6).line_spacing(6).build();
        for button in [&self.changes, &self.check, &self.remove] {
            more.append(button);
        }
        let spinner = adw::Spinner::builder().valign(gtk::Align::Center).build();
        let cancel = text_button(&gettext("Cancel"), &gettext("Cancel what changes the system"));
        cancel.set_action_name(Some("win.cancel-other"));
        cancel.set_valign(gtk::Align::Center);
        self.other_words.set_hexpand(true);
        self.other.append(&spinner);
        self.other.append(&self.other_words);
        self.other.append(&cancel);
        let card = gtk::Box::builder().orientation(gtk::Orientation::Vertical).css_classes(["app-row"]).build();
        for part in [line.upcast_ref::<gtk::Widget>(), self.other.upcast_ref()] {
            card.append(part);
        }
        card.append(self.failure.root());
        card.append(&more);
        self.root.append(&heading);
        self.root.append(&card);
    }

    pub(super) fn root(&self) -> &gtk::Box {
        &self.root
    }

    /// Shows how the system is now.
    pub(super) fn show(&self, live: &Live) {
        let snapshot = live.snapshot.as_deref();
        let Some((facts, snapshot)) = snapshot.and_then(|now| Some((system_facts::facts(now)?, now))) else {
            self.root.set_visible(false);
            return;
        };
        let work = system::work(snapshot);
        self.show_words(&facts, &work);
        self.show_button(&facts, &work);
        let idle = !matches!(work, Work::Running(_)) && facts.other.is_none();
        self.changes.set_visible(facts.has_changes);
        self.check.set_visible(facts.can_check);
        self.check.set_sensitive(idle);
        self.failure.show(&work);
        self.show_blocking(facts.blocking.as_ref());
        self.other.set_visible(facts.other.is_some());
        self.other_words.set_label(&facts.other.unwrap_or_default());
        self.root.set_visible(true);
    }

    fn show_words(&self, facts: &SystemFacts, work: &Work) {
        self.title.set_label(&facts.title);
        set_text(&self.line, &facts.line);
        set_text(&self.warning, &facts.warning);
        self.reading.set_visible(facts.is_reading);
        set_label(&self.reading, &facts.title);
        match work {
            Work::Running(running) => set_text(&self.small, &sentence::running_long(running)),
            _ => set_text(&self.small, &facts.small),
        }
    }

    fn show_button(&self, facts: &SystemFacts, work: &Work) {
        if let Work::Running(running) = work {
            self.show_running(running);
            return;
        }
        let retry = matches!(work, Work::Failed(..)) && facts.button == Some(Offer::Download);
        let (text, spoken, action) = match facts.button {
            None => return self.button.show_nothing(),
            Some(Offer::Download) if retry => {
                (gettext("Try Again"), gettext("Try the update of the system again"), "win.update-system")
            }
            Some(Offer::Download) => (gettext("Download"), gettext("Download the newer system"), "win.update-system"),
            Some(Offer::Restart) => {
                (gettext("Restart to Finish"), gettext("Restart the computer to finish the update"), "win.restart")
            }
            Some(Offer::Release) => (gettext("Release"), gettext("Offer newer systems again"), "win.release-system"),
            Some(Offer::ReadAgain) => (gettext("Try Again"), gettext("Read the system again"), "win.read-system"),
        };
        self.button.show_offer(&text, &spoken, action);
    }

    fn show_running(&self, running: &Running) {
        let what = sentence::task::intention(&Request::system(running.action, ""));
        let spoken = if running.action == Action::UpdateSystem { gettext("Updating the system") } else { what.clone() };
        self.button.show_task(running, &spoken, &gettext_f("Cancel: {what}", &[("what", &what)]));
    }

    fn show_blocking(&self, blocking: Option<&Blocking>) {
        self.remove.set_visible(blocking.is_some());
        let (words, name, action) = match blocking {
            None => return,
            Some(Blocking::Package(name)) => {
                (gettext_f("Remove “{name}”…", &[("name", name)]), name, "win.remove-package")
            }
            Some(Blocking::Repository(name)) => {
                (gettext_f("Switch “{name}” Off", &[("name", name)]), name, "win.switch-off-repository")
            }
        };
        self.remove.set_child(Some(&gtk::Label::new(Some(&words))));
        set_label(&self.remove, &words);
        self.remove.set_action_name(None);
        self.remove.set_action_target_value(Some(&name.to_variant()));
        self.remove.set_action_name(Some(action));
    }
}
