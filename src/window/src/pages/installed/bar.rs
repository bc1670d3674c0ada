//! What stands above the list: what to show, in which order, how much it is, and what can be cleared away.

use super::InstalledMsg;
use crate::i18n::{gettext, gettext_f};
use crate::sentence;
use crate::widgets::set_label;
use relm4::adw::prelude::*;
use relm4::gtk::gio;
use relm4::{Sender, adw, gtk};

/// The order of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Order {
    /// By name.
    Name,
    /// The largest first.
    Size,
    /// What was installed or updated last first.
    Changed,
}

/// As in the choice.
const ORDERS: [Order; 3] = [Order::Name, Order::Size, Order::Changed];

/// The bar.
#[derive(Debug)]
pub(super) struct Bar {
    root: adw::Clamp,
    entry: gtk::SearchEntry,
    total: gtk::Label,
    storage: gtk::Button,
    free: gtk::Label,
}

impl Bar {
    pub(super) fn new(sender: &Sender<InstalledMsg>) -> Self {
        let entry = gtk::SearchEntry::builder().placeholder_text(gettext("Filter")).hexpand(true).build();
        set_label(&entry, &gettext("Filter what is installed"));
        let filter = sender.clone();
        entry.connect_search_changed(move |entry| filter.emit(InstalledMsg::FilterBy(entry.text().into())));
        entry.connect_stop_search(|entry| entry.set_text(""));
        let orders = [gettext("Name"), gettext("Size"), gettext("Recently Updated")];
        let orders: Vec<&str> = orders.iter().map(String::as_str).collect();
        let order = gtk::DropDown::from_strings(&orders);
        order.set_tooltip_text(Some(&gettext("Sort by")));
        set_label(&order, &gettext("Sort by"));
        let sort = sender.clone();
        order.connect_selected_notify(move |order| {
            if let Some(order) = ORDERS.get(order.selected() as usize) {
                sort.emit(InstalledMsg::Sort(*order));
            }
        });
        let more = gtk::MenuButton::builder()
            .icon_name("view-more-symbolic")
            .menu_model(&menu())
            .tooltip_text(gettext("More"))
            .css_classes(["flat"])
            .build();
        set_label(&more, &gettext("More about what is installed"));
        let total = gtk::Label::builder().xalign(0.0).hexpand(true).css_classes(["dimmed", "caption"]).build();
        let free = gtk::Label::default();
        let storage = gtk::Button::builder().child(&free).action_name("win.storage").build();
        storage.set_css_classes(&["flat", "caption", "storage"]);

        let line = |parts: &[&gtk::Widget]| {
            let line = gtk::Box::builder().spacing(6).build();
            for part in parts {
                line.append(*part);
            }
            line
        };
        let column = gtk::Box::builder().orientation(gtk::Orientation::Vertical).spacing(6).build();
        column.append(&line(&[entry.upcast_ref(), order.upcast_ref(), more.upcast_ref()]));
        column.append(&line(&[total.upcast_ref(), storage.upcast_ref()]));
        let root = adw::Clamp::builder().maximum_size(860).child(&column).css_classes(["above"]).build();
        let bar = Self { root, entry, total, storage, free };
        bar.show("", 0);
        bar
    }

    pub(super) fn root(&self) -> &adw::Clamp {
        &self.root
    }

    /// Ready to type.
    pub(super) fn focus(&self) {
        self.entry.grab_focus();
    }

    /// Shows how much is there, and how much of something else could go.
    pub(super) fn show(&self, total: &str, freeable: u64) {
        self.total.set_label(total);
        let words = if freeable > 0 {
            gettext_f("Clean Up {size}…", &[("size", &sentence::size(freeable))])
        } else {
            gettext("Storage…")
        };
        self.free.set_label(&words);
        set_label(&self.storage, &words);
    }
}

fn menu() -> gio::Menu {
    let menu = gio::Menu::new();
    menu.append(Some(&gettext("_Export the List of Apps…")), Some("win.export"));
    menu.append(Some(&gettext("_Import a List of Apps…")), Some("win.import"));
    menu.append(Some(&gettext("_Storage…")), Some("win.storage"));
    menu
}
