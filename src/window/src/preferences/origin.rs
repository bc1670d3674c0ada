//! One origin as a row: on or off, and unfolded what it is and what can be changed.

use super::removal::{Removal, removal, requests};
use crate::i18n::{gettext, gettext_f, ngettext_f};
use crate::live::Live;
use crate::widgets::{dialogs, set_label};
use crate::window::Msg;
use relm4::adw::prelude::*;
use relm4::gtk::glib;
use relm4::{Sender, adw, gtk};
use std::cell::RefCell;
use std::rc::Rc;
use strata_model::snapshot::Origin;
use strata_model::{Action, Installed, OfferId, Request};

/// How many apps a question names before it only counts them.
const MOST_NAMED: usize = 6;

/// What the row's handlers look at: always the newest.
type Known = Rc<RefCell<(Origin, Live)>>;

/// The row.
#[derive(Debug)]
pub(super) struct OriginRow {
    root: adw::ExpanderRow,
    switch: gtk::Switch,
    address: adw::ActionRow,
    priority: adw::EntryRow,
    remove: adw::ButtonRow,
    known: Known,
}

impl OriginRow {
    pub(super) fn new(origin: &Origin, live: &Live, sender: &Sender<Msg>) -> Self {
        let row = Self {
            root: adw::ExpanderRow::builder().use_markup(false).build(),
            switch: gtk::Switch::builder().valign(gtk::Align::Center).build(),
            address: adw::ActionRow::builder()
                .title(gettext("Address"))
                .use_markup(false)
                .subtitle_selectable(true)
                .css_classes(["property"])
                .build(),
            priority: adw::EntryRow::builder()
                .title(gettext("Priority: greater comes first"))
                .input_purpose(gtk::InputPurpose::Number)
                .show_apply_button(true)
                .build(),
            remove: adw::ButtonRow::builder().title(gettext("Remove…")).build(),
            known: Rc::new(RefCell::new((origin.clone(), live.clone()))),
        };
        // Added, because a row that is made with classes loses its own.
        row.remove.add_css_class("destructive-action");
        row.root.add_suffix(&row.switch);
        row.root.add_row(&row.address);
        row.root.add_row(&row.priority);
        row.root.add_row(&row.remove);
        row.connect(sender);
        row.fill(origin);
        row
    }

    pub(super) fn root(&self) -> &adw::ExpanderRow {
        &self.root
    }

    pub(super) fn show(&self, origin: &Origin, live: &Live) {
        let is_other = self.known.borrow().0 != *origin;
        *self.known.borrow_mut() = (origin.clone(), live.clone());
        if is_other {
            self.fill(origin);
        }
        // What did not come about is taken back.
        let mut tasks = live.snapshot.iter().flat_map(|snapshot| &snapshot.tasks).filter(|task| !task.state.is_final());
        let is_about = |offer: &OfferId| (&offer.scope, &offer.origin) == (&origin.scope, &origin.name);
        if !tasks.any(|task| is_about(&task.request.offer)) {
            self.switch.set_active(origin.enabled);
        }
    }

    fn fill(&self, origin: &Origin) {
        let name = title(origin);
        self.root.set_title(name);
        let state = match (origin.enabled, origin.signed) {
            (false, _) => gettext("Switched off"),
            (true, false) => gettext("Not signed"),
            (true, true) => String::new(),
        };
        let host = origin.url.split("://").last().and_then(|rest| rest.split('/').next()).unwrap_or_default();
        let words = [host, &state].into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" · ");
        self.root.set_subtitle(&words);
        set_label(&self.switch, &gettext_f("Use {name}", &[("name", name)]));
        self.switch.set_active(origin.enabled);
        self.switch.set_state(origin.enabled);
        self.address.set_subtitle(&origin.url);
        self.priority.set_text(&origin.priority.to_string());
        set_label(&self.remove, &gettext_f("Remove {name}", &[("name", name)]));
    }

    fn connect(&self, sender: &Sender<Msg>) {
        let (known, said) = (Rc::clone(&self.known), sender.clone());
        // The switch's own state follows when the engine has done it.
        self.switch.connect_state_set(move |switch, on| {
            let (origin, live) = known.borrow().clone();
            if on != origin.enabled {
                turn(switch, &origin, &live, on, &said);
            }
            glib::Propagation::Stop
        });
        let (known, said) = (Rc::clone(&self.known), sender.clone());
        self.priority.connect_apply(move |row| {
            let origin = known.borrow().0.clone();
            match row.text().trim().parse() {
                Ok(number) => {
                    row.remove_css_class("error");
                    let Origin { source, scope, name, title, .. } = &origin;
                    let request = Request::prioritise_origin(*source, scope, name, number);
                    said.emit(Msg::Submit(vec![request.named(title)]));
                }
                Err(_) => row.add_css_class("error"),
            }
        });
        let (known, said) = (Rc::clone(&self.known), sender.clone());
        self.remove.connect_activated(move |row| {
            let (origin, live) = known.borrow().clone();
            ask_removing(row, &origin, &live, &said);
        });
    }
}

/// What it is called in front of people.
pub(super) fn title(origin: &Origin) -> &str {
    if origin.title.is_empty() { &origin.name } else { &origin.title }
}

fn turn(switch: &gtk::Switch, origin: &Origin, live: &Live, on: bool, sender: &Sender<Msg>) {
    let action = if on { Action::EnableOrigin } else { Action::DisableOrigin };
    let request = Request::change_origin(action, origin.source, &origin.scope, &origin.name).named(title(origin));
    let apps = match removal(origin, live.installed().unwrap_or_default()) {
        Removal::With(apps) if !on => apps,
        _ => Vec::new(),
    };
    if apps.is_empty() {
        sender.emit(Msg::Submit(vec![request]));
        return;
    }
    let heading = gettext_f("Switch “{name}” Off?", &[("name", title(origin))]);
    let names = [("names", &*names(&apps))];
    let body = gettext_f("Its apps will not be found any more, and these get no more updates: {names}.", &names);
    let sender = sender.clone();
    let question = dialogs::question(&heading, &body, &gettext("Switch Off"));
    question.connect_response(Some("yes"), move |_, _| sender.emit(Msg::Submit(vec![request.clone()])));
    let switch_back = switch.clone();
    question.connect_response(Some("no"), move |_, _| switch_back.set_active(true));
    question.present(Some(switch));
}

fn ask_removing(parent: &adw::ButtonRow, origin: &Origin, live: &Live, sender: &Sender<Msg>) {
    let removal = removal(origin, live.installed().unwrap_or_default());
    let name = [("name", title(origin))];
    if let Removal::Needed(apps) = &removal {
        let heading = gettext_f("“{name}” Is Still Needed", &name);
        let body = gettext_f(
            "Apps from elsewhere stand on what came from it: {names}. Remove these first, or switch it off.",
            &[("names", &names(apps))],
        );
        let dialog = adw::AlertDialog::new(Some(&heading), Some(&body));
        dialog.add_response("close", &gettext("Close"));
        dialog.set_close_response("close");
        dialog.present(Some(parent));
        return;
    }
    let apps: &[Installed] = if let Removal::With(apps) = &removal { apps } else { &[] };
    let body = match &removal {
        Removal::With(_) if apps.is_empty() => {
            gettext("Its apps will not be found any more. The runtimes that came from it go with it.")
        }
        Removal::With(_) => ngettext_f(
            "Its apps will not be found any more. {n} app that came from it goes with it: {names}. Its data stays.",
            "Its apps will not be found any more. {n} apps that came from it go with it: {names}. Their data stays.",
            apps.len(),
            &[("names", &names(apps))],
        ),
        _ => gettext("Its apps will not be found any more. Nothing is installed from it."),
    };
    let dialog = dialogs::warning(&gettext_f("Remove “{name}”?", &name), &body, &gettext("Remove"));
    let (sender, requests) = (sender.clone(), requests(origin, &removal));
    dialog.connect_response(Some("yes"), move |_, _| sender.emit(Msg::Submit(requests.clone())));
    dialog.present(Some(parent));
}

/// The first few by their names, and how many more there are.
fn names(apps: &[Installed]) -> String {
    let named = apps.iter().take(MOST_NAMED).map(|app| app.name.as_str()).collect::<Vec<_>>().join(", ");
    match apps.len().saturating_sub(MOST_NAMED) {
        0 => named,
        more => gettext_f("{names} and {count} more", &[("names", &named), ("count", &more.to_string())]),
    }
}
