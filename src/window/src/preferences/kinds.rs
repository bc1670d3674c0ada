//! The kinds of sources: which of them are offered, and which comes first.

use super::order::{Order, Way};
use crate::i18n::{gettext, gettext_f};
use crate::live::Live;
use crate::sentence::{self, system as words};
use crate::system;
use crate::widgets::{announce, set_label};
use crate::window::Msg;
use relm4::adw::prelude::*;
use relm4::{Sender, adw, gtk};
use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};
use strata_model::system::Ability;
use strata_model::{SourceKind, SystemObstacle};

/// The setting of their order.
pub(super) const ORDER: &str = "sources.order";

/// The group of their rows, the preferred one first.
#[derive(Debug)]
pub(super) struct Kinds(Rc<Inner>);

#[derive(Debug)]
struct Inner {
    root: adw::PreferencesGroup,
    /// As they stand in the group.
    rows: RefCell<Vec<Row>>,
    order: RefCell<Order>,
    sender: Sender<Msg>,
    /// What the engine says is being shown, so nobody has chosen it.
    showing: Rc<Cell<bool>>,
}

impl Drop for Inner {
    /// What was moved last may still wait behind what was moved before.
    fn drop(&mut self) {
        if let Some(order) = self.order.borrow().rest() {
            set(&self.sender, order);
        }
    }
}

#[derive(Debug)]
struct Row {
    kind: SourceKind,
    root: adw::ActionRow,
    up: gtk::Button,
    down: gtk::Button,
    switch: gtk::Switch,
}

impl Kinds {
    pub(super) fn new(sender: &Sender<Msg>) -> Self {
        let root = adw::PreferencesGroup::builder()
            .title(gettext("Order of Preference"))
            .description(gettext("Where an app can be had in several ways, the first of them is taken"))
            .sensitive(false)
            .build();
        let showing = Rc::default();
        Self(Rc::new_cyclic(|inner| {
            let rows: Vec<Row> = SourceKind::ALL.iter().map(|kind| Row::new(*kind, inner, sender, &showing)).collect();
            for row in &rows {
                root.add(&row.root);
            }
            let order = RefCell::new(Order::new());
            Inner { root, rows: RefCell::new(rows), order, sender: sender.clone(), showing }
        }))
    }

    pub(super) fn root(&self) -> &adw::PreferencesGroup {
        &self.0.root
    }

    pub(super) fn show(&self, live: &Live) {
        let Some(status) = system::status(live) else { return };
        let (inner, sources) = (&self.0, live.sources());
        inner.root.set_sensitive(true);
        inner.showing.set(true);
        let refused = status.system.capabilities.refusal(Ability::Install);
        for row in inner.rows.borrow().iter() {
            row.switch.set_active(sources.offer(row.kind));
            row.root.set_subtitle(&line(row.kind, refused));
        }
        inner.showing.set(false);
        inner.order.borrow_mut().hear(&sources.in_order());
        inner.follow();
    }

    /// Their order could not be set.
    pub(super) fn give_up(&self) {
        self.0.order.borrow_mut().give_up();
        self.0.follow();
    }
}

impl Inner {
    fn shift(&self, kind: SourceKind, way: Way) {
        if self.order.borrow_mut().shift(kind, way) {
            self.follow();
            self.stay_with(kind, way);
        }
    }

    /// Brings the rows, and then the settings, into the order that there is now.
    fn follow(&self) {
        let order = self.order.borrow().now().to_vec();
        self.arrange(&order);
        let sent = self.order.borrow_mut().send();
        if let Some(order) = sent {
            set(&self.sender, &order);
        }
    }

    fn arrange(&self, order: &[SourceKind]) {
        let mut rows = self.rows.borrow_mut();
        if !order.iter().eq(rows.iter().map(|row| &row.kind)) {
            for row in rows.iter() {
                self.root.remove(&row.root);
            }
            rows.sort_by_key(|row| order.iter().position(|kind| *kind == row.kind));
            for row in rows.iter() {
                self.root.add(&row.root);
            }
        }
        let last = rows.len().saturating_sub(1);
        for (place, row) in rows.iter().enumerate() {
            row.up.set_sensitive(place > 0);
            row.down.set_sensitive(place < last);
        }
    }

    /// What was moved keeps the keyboard.
    fn stay_with(&self, kind: SourceKind, way: Way) {
        let rows = self.rows.borrow();
        let Some((place, row)) = rows.iter().enumerate().find(|(_, row)| row.kind == kind) else { return };
        let (same, other) = if way == Way::Up { (&row.up, &row.down) } else { (&row.down, &row.up) };
        let button = if same.is_sensitive() { same } else { other };
        button.grab_focus();
        let (place, source) = ((place + 1).to_string(), sentence::source(kind));
        announce(&row.root, &gettext_f("{source} is number {place} now", &[("source", &source), ("place", &place)]));
    }
}

impl Row {
    fn new(kind: SourceKind, group: &Weak<Inner>, sender: &Sender<Msg>, showing: &Rc<Cell<bool>>) -> Self {
        let source = [("source", &*sentence::source(kind))];
        let row = Self {
            kind,
            root: adw::ActionRow::builder().title(sentence::source(kind)).use_markup(false).build(),
            up: button("go-up-symbolic", &gettext("Up"), &gettext_f("Move {source} up", &source)),
            down: button("go-down-symbolic", &gettext("Down"), &gettext_f("Move {source} down", &source)),
            switch: gtk::Switch::builder().valign(gtk::Align::Center).build(),
        };
        set_label(&row.switch, &gettext_f("Offer apps as {source}", &source));
        row.root.add_suffix(&row.up);
        row.root.add_suffix(&row.down);
        row.root.add_suffix(&row.switch);
        for (button, way) in [(&row.up, Way::Up), (&row.down, Way::Down)] {
            let group = Weak::clone(group);
            button.connect_clicked(move |_| {
                if let Some(group) = group.upgrade() {
                    group.shift(kind, way);
                }
            });
        }
        // It turns over before it says so; the page may be left by then.
        let (sender, showing) = (sender.clone(), Rc::clone(showing));
        row.switch.connect_active_notify(move |switch| {
            if !showing.get() {
                sender.emit(Msg::Set(key(kind), switch.is_active().to_string()));
            }
        });
        row
    }
}

fn set(sender: &Sender<Msg>, order: &[SourceKind]) {
    let words: Vec<&str> = order.iter().map(|kind| kind.as_str()).collect();
    sender.emit(Msg::Set(ORDER, words.join(",")));
}

/// The setting that switches a kind on and off.
const fn key(kind: SourceKind) -> &'static str {
    match kind {
        SourceKind::Flatpak => "sources.flatpaks",
        SourceKind::AppImage => "sources.appimages",
        SourceKind::Package => "sources.packages",
    }
}

/// What its apps are like, or why there are none here.
fn line(kind: SourceKind, refused: Option<SystemObstacle>) -> String {
    match refused.filter(|_| kind == SourceKind::Package) {
        Some(obstacle) => words::obstacle(obstacle),
        None => sentence::manners(kind),
    }
}

fn button(icon: &str, tooltip: &str, spoken: &str) -> gtk::Button {
    let button = gtk::Button::builder().icon_name(icon).tooltip_text(tooltip).valign(gtk::Align::Center).build();
    button.add_css_class("flat");
    set_label(&button, spoken);
    button
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packages_say_why_there_are_none_and_others_what_they_are_like() {
        let refused = Some(SystemObstacle::NotImageBased);
        assert_eq!(line(SourceKind::Package, refused), SystemObstacle::NotImageBased.sentence());
        assert_eq!(line(SourceKind::Flatpak, refused), sentence::manners(SourceKind::Flatpak));
        assert_eq!(line(SourceKind::Package, None), sentence::manners(SourceKind::Package));
    }

    #[test]
    fn every_kind_has_its_switch() {
        for kind in SourceKind::ALL {
            assert!(strata_model::settings::KEYS.iter().any(|known| known.name == key(kind)), "{kind:?}");
        }
    }
}
