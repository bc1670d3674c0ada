//! Icon, name, and the one button.

use super::offers::Picker;
use crate::context::Context;
use crate::i18n::{gettext, gettext_f};
use crate::images::IconPlace;
use crate::live::{AppState, Key, Live, Place, Work};
use crate::widgets::action_button::{Abilities, ActionButton};
use crate::widgets::app_row::{FailureLine, Menu, app_menu, more_button};
use crate::widgets::app_tile::verified_mark;
use crate::widgets::icon::{self, Loading};
use crate::widgets::{set_label, text_button};
use relm4::adw::prelude::*;
use relm4::{adw, gtk};
use std::cell::RefCell;
use strata_model::{App, Obstacle, Offer};

/// The head of an app's page.
#[derive(Debug)]
pub(crate) struct Header {
    root: gtk::Box,
    line: gtk::Box,
    text: gtk::Box,
    buttons: adw::WrapBox,
    name: String,
    can: Abilities,
    /// The package of the system's image that it is, if it is one that can be opened.
    carried: Option<Key>,
    labels: Vec<gtk::Label>,
    developer: gtk::Box,
    button: ActionButton,
    open: gtk::Button,
    remove: gtk::Button,
    picker: Picker,
    more: gtk::MenuButton,
    /// What the menu is of: another one closes it.
    menu: RefCell<Option<(Key, Menu)>>,
    mark: gtk::Image,
    /// Its first offer is verified.
    verified: bool,
    failure: FailureLine,
    _icon: Option<Loading>,
}

impl Header {
    pub(super) fn new(app: &App, context: &Context) -> Self {
        let head = &app.head;
        let image = icon::image(128);
        image.set_valign(gtk::Align::Start);
        let loading = icon::show(&image, &context.images, IconPlace::large(&head.icon));
        let mark = verified_mark();
        let (text, labels, developer) = words(app, &mark);
        let open = text_button(&gettext("Open"), &gettext_f("Open {name}", &[("name", &head.name)]));
        open.add_css_class("pill");
        open.set_visible(false);
        let remove = gtk::Button::builder()
            .icon_name("user-trash-symbolic")
            .tooltip_text(gettext("Remove"))
            .valign(gtk::Align::Center)
            .css_classes(["circular"])
            .visible(false)
            .build();
        set_label(&remove, &gettext_f("Remove {name}", &[("name", &head.name)]));
        let button = ActionButton::large();
        // Large text and long words need more than the line of a narrow window.
        let buttons = adw::WrapBox::builder().child_spacing(12).line_spacing(6).valign(gtk::Align::Center).build();
        buttons.append(button.root());
        buttons.append(&open);
        buttons.append(&remove);
        let more = more_button();
        set_label(&more, &gettext_f("More for {name}", &[("name", &head.name)]));
        buttons.append(&more);
        let line = gtk::Box::builder().spacing(24).build();
        line.append(&image);
        line.append(&text);
        let picker = Picker::new(&head.name);
        let side = gtk::Box::builder().orientation(gtk::Orientation::Vertical).spacing(6).build();
        side.set_valign(gtk::Align::Center);
        side.append(&buttons);
        side.append(picker.root());
        let failure = FailureLine::new();
        line.append(&side);
        let root = gtk::Box::builder().orientation(gtk::Orientation::Vertical).spacing(12).build();
        root.append(&line);
        root.append(failure.root());
        let name = head.name.clone();
        let can = Abilities { get: app.offers.iter().any(Offer::is_installable), open: true };
        Self {
            root,
            line,
            text,
            buttons,
            name,
            can,
            carried: carried(app),
            labels,
            developer,
            button,
            open,
            remove,
            picker,
            more,
            menu: RefCell::new(None),
            mark,
            verified: head.verified,
            failure,
            _icon: loading,
        }
    }

    pub(super) fn root(&self) -> &gtk::Box {
        &self.root
    }

    /// One below the other, and centred, where there is little room.
    pub(super) fn narrows(&self, breakpoint: &adw::Breakpoint) {
        breakpoint.add_setter(&self.line, "orientation", Some(&gtk::Orientation::Vertical.to_value()));
        breakpoint.add_setter(&self.line, "spacing", Some(&12.to_value()));
        breakpoint.add_setter(&self.text, "halign", Some(&gtk::Align::Center.to_value()));
        breakpoint.add_setter(&self.buttons, "align", Some(&0.5_f32.to_value()));
        breakpoint.add_setter(&self.developer, "halign", Some(&gtk::Align::Center.to_value()));
        for label in &self.labels {
            breakpoint.add_setter(label, "xalign", Some(&0.5_f32.to_value()));
            breakpoint.add_setter(label, "justify", Some(&gtk::Justification::Center.to_value()));
        }
    }

    /// Shows which offer is meant.
    pub(super) fn show_offer(&self, live: &Live, offers: &[Offer], meant: Option<&Offer>) {
        self.picker.show(live, offers, meant);
        self.mark.set_visible(meant.map_or(self.verified, |offer| offer.verified));
    }

    /// Shows how the app is now.
    pub(super) fn show(&self, key: &Key, state: &AppState) {
        let carried = self.carried.as_ref().filter(|_| state.place == Place::Absent && state.work == Work::Idle);
        match carried {
            // There is nothing else to do with it.
            Some(carried) if !self.can.get => self.button.show_opening(carried, &self.name),
            _ => self.button.show(key, &self.name, state, self.can),
        }
        self.failure.show(&state.work);
        let idle = matches!(state.work, Work::Idle | Work::Failed(..));
        let failed = matches!(state.work, Work::Failed(..));
        let here = state.place.is_here();
        let is_on_disk = !matches!(state.place, Place::Waiting | Place::HeldBack);
        let opens = here && idle && (failed && is_on_disk || state.place == Place::Updatable);
        self.open.set_visible(opens || carried.is_some() && self.can.get);
        self.remove.set_visible(here && idle);
        let held = state.can_be_held.then_some(state.held);
        let can = Menu { go_back: state.can_go_back, held, settings: state.has_settings, ..Menu::default() };
        self.more.set_visible(here && idle && (can.go_back || can.held.is_some() || can.settings));
        let menu = Some((key.clone(), can));
        if *self.menu.borrow() != menu {
            self.more.set_menu_model(Some(&app_menu(key, can)));
            self.menu.replace(menu);
        }
        let opened = carried.unwrap_or(key);
        for (button, action, key) in [(&self.open, "win.open", opened), (&self.remove, "win.remove", key)] {
            button.set_action_target_value(Some(&key.to_variant()));
            button.set_action_name(Some(action));
        }
    }
}

/// The way to open what the system's image carries.
fn carried(app: &App) -> Option<Key> {
    let is_carried = |offer: &&Offer| offer.obstacle == Some(Obstacle::InSystem) && !offer.launcher.is_empty();
    app.offers.iter().find(is_carried).map(|offer| Key::Offer(offer.id.clone()))
}

fn words(app: &App, mark: &gtk::Image) -> (gtk::Box, Vec<gtk::Label>, gtk::Box) {
    let head = &app.head;
    let text = gtk::Box::builder().orientation(gtk::Orientation::Vertical).spacing(6).hexpand(true).build();
    text.set_valign(gtk::Align::Center);
    let label = |words: &str, class: &str| {
        let label = gtk::Label::builder().label(words).xalign(0.0).wrap(true).css_classes([class]).build();
        label.set_wrap_mode(gtk::pango::WrapMode::WordChar);
        label.set_visible(!words.is_empty());
        label
    };
    let (name, developer, summary) =
        (label(&head.name, "title-1"), label(&head.developer, "dimmed"), label(&head.summary, "body"));
    mark.set_visible(head.verified);
    if !app.verified_by.is_empty() {
        mark.set_tooltip_text(Some(&gettext_f("Verified by {who}", &[("who", &app.verified_by)])));
    }
    let line = gtk::Box::builder().spacing(6).visible(!head.developer.is_empty()).build();
    line.append(&developer);
    line.append(mark);
    text.append(&name);
    text.append(&line);
    text.append(&summary);
    (text, vec![name, developer, summary], line)
}
