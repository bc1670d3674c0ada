//! The one button that does the obvious thing with an app, and what stands in its place while that is done.

use crate::i18n::{gettext, gettext_f};
use crate::live::{AppState, Key, Place, Running, Work};
use crate::sentence;
use crate::widgets::set_label;
use relm4::adw;
use relm4::gtk;
use relm4::gtk::prelude::*;
use std::cell::OnceCell;
use std::rc::Rc;
use strata_model::{Action, Stage, TaskState};

/// So many letters of its words are shown: with large text in a narrow window the name beside it needs some room, too.
const LETTERS: i32 = 11;

/// What can be done with an app at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Abilities {
    /// One of its offers can be installed.
    pub(crate) get: bool,
    /// It can be opened.
    pub(crate) open: bool,
}

impl Abilities {
    /// There is something to press for it.
    fn anything(self, place: Place) -> bool {
        match place {
            Place::Unknown | Place::Updatable | Place::Waiting | Place::HeldBack => true,
            Place::Absent => self.get,
            Place::Installed => self.open,
        }
    }
}

/// The button, or progress with Cancel. Its parts are GTK objects: clones are the same button.
#[derive(Clone, Debug)]
pub(crate) struct ActionButton {
    root: gtk::Stack,
    button: gtk::Button,
    /// Not the button's own label, which a screen reader would be told instead of what it does with which app.
    text: gtk::Label,
    /// Made when there is something to do: most buttons of a long list never do anything.
    busy: Rc<OnceCell<Busy>>,
    large: bool,
}

/// What stands in the button's place meanwhile.
#[derive(Debug)]
struct Busy {
    bar: gtk::ProgressBar,
    spinner: adw::Spinner,
    words: gtk::Label,
    cancel: gtk::Button,
}

impl ActionButton {
    /// For a row: small, and quiet.
    pub(crate) fn small() -> Self {
        Self::new(false)
    }

    /// For an app's page: large, and the first thing to see.
    pub(crate) fn large() -> Self {
        Self::new(true)
    }

    /// The widget to put somewhere.
    pub(crate) fn root(&self) -> &gtk::Stack {
        &self.root
    }

    fn new(large: bool) -> Self {
        let text = gtk::Label::builder().ellipsize(gtk::pango::EllipsizeMode::End).build();
        let button = gtk::Button::builder().child(&text).valign(gtk::Align::Center).build();
        button.set_css_classes(&["action-button", "text-button"]);
        let root = gtk::Stack::builder()
            .hhomogeneous(false)
            .hexpand(false)
            .halign(gtk::Align::End)
            .valign(gtk::Align::Center)
            .css_classes(["action"])
            .build();
        if large {
            button.add_css_class("pill");
        }
        root.add_named(&gtk::Box::default(), Some("nothing"));
        root.add_named(&button, Some("button"));
        Self { root, button, text, busy: Rc::default(), large }
    }

    fn busy(&self) -> &Busy {
        self.busy.get_or_init(|| {
            let busy = Busy::new();
            self.root.add_named(&busy.arranged(self.large), Some("busy"));
            busy
        })
    }

    /// Shows how the app is. What cannot be opened has no button once it is there, and what cannot be got has none
    /// before.
    pub(crate) fn show(&self, key: &Key, name: &str, state: &AppState, can: Abilities) {
        match &state.work {
            Work::Running(running) => self.show_running(running, name),
            Work::Asking => {
                self.show_busy(&gettext("Preparing…"), &gettext("Preparing…"), None);
                let stop = &self.busy().cancel;
                set_label(stop, &cancel_words(name));
                stop.set_sensitive(true);
                gtk_action(stop, "win.stop-planning", &key.to_variant());
            }
            Work::Failed(task, _) => {
                self.show_button(&gettext("Try Again"), &gettext_f("Try again with {name}", &[("name", name)]), false);
                gtk_action(&self.button, "win.retry", &task.0.to_variant());
            }
            Work::Idle if !can.anything(state.place) => self.show_nothing(),
            Work::Idle => self.show_idle(key, name, state.place),
        }
    }

    fn show_idle(&self, key: &Key, name: &str, place: Place) {
        let (action, label, spoken) = match place {
            Place::Unknown => return self.show_nothing(),
            Place::Absent => ("win.get", gettext("Get"), gettext_f("Get {name}", &[("name", name)])),
            Place::Updatable => ("win.update", gettext("Update"), gettext_f("Update {name}", &[("name", name)])),
            Place::Installed => ("win.open", gettext("Open"), gettext_f("Open {name}", &[("name", name)])),
            Place::Waiting => {
                let spoken = gettext_f("Restart the computer for {name}", &[("name", name)]);
                return self.show_offer(&gettext("Restart"), &spoken, "win.restart");
            }
            // What is to be done about it stands there.
            Place::HeldBack => {
                let spoken = gettext_f("{name} is ready, and held back: show the system", &[("name", name)]);
                return self.show_offer(&gettext("Held Back"), &spoken, "win.system");
            }
        };
        self.show_button(&label, &spoken, self.large);
        gtk_action(&self.button, action, &key.to_variant());
    }

    /// Shows the way to open what is there without having been got.
    pub(crate) fn show_opening(&self, key: &Key, name: &str) {
        self.show_idle(key, name, Place::Installed);
    }

    fn show_button(&self, label: &str, spoken: &str, strong: bool) {
        self.text.set_label(label);
        let letters = i32::try_from(label.chars().count()).unwrap_or(LETTERS);
        self.text.set_width_chars(letters.min(LETTERS));
        set_label(&self.button, spoken);
        if strong {
            self.button.add_css_class("suggested-action");
        } else {
            self.button.remove_css_class("suggested-action");
        }
        self.show_part("button");
    }

    fn show_running(&self, running: &Running, name: &str) {
        let spoken = match running.action {
            Action::Remove => gettext_f("Removing {name}", &[("name", name)]),
            Action::Update => gettext_f("Updating {name}", &[("name", name)]),
            Action::Download => gettext_f("Downloading the update of {name}", &[("name", name)]),
            _ => gettext_f("Installing {name}", &[("name", name)]),
        };
        self.show_task(running, &spoken, &cancel_words(name));
    }

    /// Shows nothing at all.
    pub(crate) fn show_nothing(&self) {
        self.show_part("nothing");
    }

    /// What was said of the work that is over goes with it.
    fn show_part(&self, name: &str) {
        self.root.set_tooltip_text(None);
        self.root.set_visible_child_name(name);
    }

    /// Shows a button that does something else than what is done with apps.
    pub(crate) fn show_offer(&self, label: &str, spoken: &str, action: &str) {
        self.button.set_action_name(None);
        self.button.set_action_target_value(None);
        self.button.set_action_name(Some(action));
        self.show_button(label, spoken, self.large);
    }

    /// Shows how far a task is, and the way to stop it.
    pub(crate) fn show_task(&self, running: &Running, spoken: &str, cancel: &str) {
        let words = if self.large { sentence::running_long(running) } else { sentence::running(running) };
        self.show_busy(&words, spoken, sentence::fraction(running));
        let can_stop = matches!(running.state, TaskState::Queued | TaskState::Running)
            && running.progress.stage != Stage::Finishing;
        let stop = &self.busy().cancel;
        set_label(stop, cancel);
        // Not hidden between two steps: a press that began would come to nothing.
        stop.set_sensitive(can_stop);
        gtk_action(stop, "win.cancel", &running.task.0.to_variant());
    }

    fn show_busy(&self, words: &str, spoken: &str, fraction: Option<f64>) {
        let busy = self.busy();
        busy.words.set_label(words);
        self.root.set_tooltip_text(Some(words));
        busy.bar.set_visible(fraction.is_some());
        busy.spinner.set_visible(fraction.is_none());
        busy.bar.set_fraction(fraction.unwrap_or_default());
        set_label(&busy.bar, spoken);
        set_label(&busy.spinner, spoken);
        self.root.set_visible_child_name("busy");
    }
}

impl Busy {
    fn new() -> Self {
        Self {
            bar: gtk::ProgressBar::builder().valign(gtk::Align::Center).build(),
            spinner: adw::Spinner::builder().valign(gtk::Align::Center).width_request(16).height_request(16).build(),
            words: gtk::Label::builder().css_classes(["caption", "numeric", "dimmed"]).xalign(0.0).build(),
            cancel: gtk::Button::builder()
                .icon_name("process-stop-symbolic")
                .tooltip_text(gettext("Cancel"))
                .valign(gtk::Align::Center)
                .css_classes(["flat", "circular"])
                .build(),
        }
    }

    fn arranged(&self, large: bool) -> gtk::Box {
        let all = gtk::Box::builder().spacing(6).valign(gtk::Align::Center).build();
        if large {
            let line = gtk::Box::builder().spacing(6).build();
            line.append(&self.spinner);
            line.append(&self.words);
            let column = gtk::Box::builder().orientation(gtk::Orientation::Vertical).spacing(6).build();
            column.set_valign(gtk::Align::Center);
            column.set_width_request(220);
            column.append(&line);
            column.append(&self.bar);
            all.append(&column);
        } else {
            self.bar.set_width_request(84);
            all.append(&self.spinner);
            all.append(&self.bar);
        }
        all.append(&self.cancel);
        all
    }
}

fn cancel_words(name: &str) -> String {
    gettext_f("Cancel {name}", &[("name", name)])
}

fn gtk_action(button: &gtk::Button, name: &str, target: &gtk::glib::Variant) {
    // The old action would be asked to take the new target.
    button.set_action_name(None);
    button.set_action_target_value(Some(target));
    button.set_action_name(Some(name));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_button_is_there_for_what_can_be_done() {
        use Place::{Absent, Installed, Unknown, Updatable};
        let places = |get, open| [Unknown, Absent, Installed, Updatable].map(|at| Abilities { get, open }.anything(at));
        assert_eq!(places(true, true), [true, true, true, true]);
        assert_eq!(places(false, true), [true, false, true, true], "not to be had");
        assert_eq!(places(true, false), [true, true, false, true], "an add-on");
    }
}
