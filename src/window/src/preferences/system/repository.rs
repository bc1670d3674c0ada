//! A repository of packages as a row with a switch.

use crate::i18n::gettext_f;
use crate::live::Live;
use crate::preferences::origin::title;
use crate::widgets::set_label;
use crate::window::Msg;
use relm4::adw::prelude::*;
use relm4::gtk::glib;
use relm4::{Sender, adw, gtk};
use std::cell::RefCell;
use std::rc::Rc;
use strata_model::snapshot::Origin;
use strata_model::{Action, Request};

/// The row.
#[derive(Debug)]
pub(super) struct RepositoryRow {
    root: adw::ActionRow,
    switch: gtk::Switch,
    /// What the switch's handler looks at: always the newest.
    known: Rc<RefCell<Origin>>,
}

impl RepositoryRow {
    pub(super) fn new(origin: &Origin, sender: &Sender<Msg>) -> Self {
        let root = adw::ActionRow::builder().use_markup(false).title(title(origin)).subtitle(&origin.name).build();
        let switch = gtk::Switch::builder().valign(gtk::Align::Center).build();
        switch.set_active(origin.enabled);
        switch.set_state(origin.enabled);
        set_label(&switch, &gettext_f("Use {name}", &[("name", title(origin))]));
        root.add_suffix(&switch);
        let known = Rc::new(RefCell::new(origin.clone()));
        let (newest, sender) = (Rc::clone(&known), sender.clone());
        // The switch's own state follows when the engine has done it.
        switch.connect_state_set(move |_, on| {
            let origin = newest.borrow();
            if on != origin.enabled {
                let action = if on { Action::EnableOrigin } else { Action::DisableOrigin };
                let request = Request::change_origin(action, origin.source, &origin.scope, &origin.name);
                sender.emit(Msg::Submit(vec![request.named(title(&origin))]));
            }
            glib::Propagation::Stop
        });
        Self { root, switch, known }
    }

    pub(super) fn root(&self) -> &adw::ActionRow {
        &self.root
    }

    pub(super) fn name(&self) -> String {
        self.known.borrow().name.clone()
    }

    pub(super) fn show(&self, origin: &Origin, live: &Live, can_change: bool) {
        self.known.replace(origin.clone());
        self.switch.set_sensitive(can_change);
        self.switch.set_state(origin.enabled);
        // What did not come about is taken back.
        let mut tasks = live.snapshot.iter().flat_map(|snapshot| &snapshot.tasks).filter(|task| !task.state.is_final());
        let is_own = |offer: &strata_model::OfferId| offer.source == origin.source && offer.origin == origin.name;
        if !tasks.any(|task| is_own(&task.request.offer)) {
            self.switch.set_active(origin.enabled);
        }
    }
}
