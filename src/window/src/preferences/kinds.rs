//! The kinds of sources: which of them are offered, and which comes first.

use crate::i18n::{gettext, gettext_f};
use crate::live::Live;
use crate::sentence::{self, system as words};
use crate::system;
use crate::widgets::{announce, set_label};
use crate::window::Msg;
use relm4::adw::prelude::*;
use relm4::{Sender, adw, gtk};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use strata_model::system::Ability;
use strata_model::{SourceKind, SystemObstacle};

/// The group of their rows, the preferred one first.
#[derive(Debug)]
pub(super) struct Kinds {
    root: adw::PreferencesGroup,
    rows: Vec<Row>,
    common: Common,
}

/// What the rows' handlers share.
#[derive(Clone, Debug)]
struct Common {
    sender: Sender<Msg>,
    /// As the settings have it.
    order: Rc<RefCell<Vec<SourceKind>>>,
    /// What was moved and where to, until the settings say so.
    moved: Rc<Cell<Option<(SourceKind, Way)>>>,
    /// What the engine says is being shown, so nobody has chosen it.
    showing: Rc<Cell<bool>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    Up,
    Down,
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
            .build();
        let common = Common {
            sender: sender.clone(),
            order: Rc::new(RefCell::new(SourceKind::ALL.to_vec())),
            moved: Rc::default(),
            showing: Rc::default(),
        };
        let rows: Vec<Row> = SourceKind::ALL.iter().map(|kind| Row::new(*kind, &common)).collect();
        for row in &rows {
            root.add(&row.root);
        }
        root.set_sensitive(false);
        Self { root, rows, common }
    }

    pub(super) fn root(&self) -> &adw::PreferencesGroup {
        &self.root
    }

    pub(super) fn show(&mut self, live: &Live) {
        let Some(status) = system::status(live) else { return };
        let sources = live.sources();
        self.root.set_sensitive(true);
        self.common.showing.set(true);
        let refused = status.system.capabilities.refusal(Ability::Install);
        for row in &self.rows {
            row.switch.set_active(sources.offer(row.kind));
            row.root.set_subtitle(&line(row.kind, refused));
        }
        self.common.showing.set(false);
        self.arrange(&sources.in_order());
    }

    /// Brings the rows into this order; what was moved keeps the keyboard.
    fn arrange(&mut self, order: &[SourceKind]) {
        let is_other = !order.iter().eq(self.rows.iter().map(|row| &row.kind));
        *self.common.order.borrow_mut() = order.to_vec();
        if is_other {
            for row in &self.rows {
                self.root.remove(&row.root);
            }
            self.rows.sort_by_key(|row| order.iter().position(|kind| *kind == row.kind));
            for row in &self.rows {
                self.root.add(&row.root);
            }
        }
        let last = self.rows.len().saturating_sub(1);
        for (place, row) in self.rows.iter().enumerate() {
            row.up.set_sensitive(place > 0);
            row.down.set_sensitive(place < last);
        }
        if is_other && let Some((kind, way)) = self.common.moved.take() {
            self.stay_with(kind, way);
        }
    }

    fn stay_with(&self, kind: SourceKind, way: Way) {
        let Some((place, row)) = self.rows.iter().enumerate().find(|(_, row)| row.kind == kind) else { return };
        let (same, other) = if way == Way::Up { (&row.up, &row.down) } else { (&row.down, &row.up) };
        let button = if same.is_sensitive() { same } else { other };
        button.grab_focus();
        let (place, source) = ((place + 1).to_string(), sentence::source(kind));
        announce(&row.root, &gettext_f("{source} is number {place} now", &[("source", &source), ("place", &place)]));
    }
}

impl Row {
    fn new(kind: SourceKind, common: &Common) -> Self {
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
            let common = common.clone();
            button.connect_clicked(move |_| common.shift(kind, way));
        }
        let common = common.clone();
        row.switch.connect_active_notify(move |switch| {
            if !common.showing.get() {
                common.sender.emit(Msg::Set(key(kind), switch.is_active().to_string()));
            }
        });
        row
    }
}

impl Common {
    fn shift(&self, kind: SourceKind, way: Way) {
        let mut order = self.order.borrow().clone();
        let Some(place) = order.iter().position(|one| *one == kind) else { return };
        let other = if way == Way::Up { place.checked_sub(1) } else { Some(place + 1).filter(|&at| at < order.len()) };
        let Some(other) = other else { return };
        order.swap(place, other);
        self.moved.set(Some((kind, way)));
        let words: Vec<&str> = order.iter().map(|kind| kind.as_str()).collect();
        self.sender.emit(Msg::Set("sources.order", words.join(",")));
    }
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
