//! The parts that pages are made of.

pub(crate) mod action_button;
pub(crate) mod app_grid;
pub(crate) mod app_list;
pub(crate) mod app_row;
pub(crate) mod app_shelf;
pub(crate) mod app_tile;
pub(crate) mod band;
pub(crate) mod category_tiles;
pub(crate) mod changes;
pub(crate) mod chip;
pub(crate) mod description;
pub(crate) mod dialogs;
pub(crate) mod icon;
pub(crate) mod import;
pub(crate) mod in_steps;
pub(crate) mod opened;
pub(crate) mod package_changes;
pub(crate) mod picks;
pub(crate) mod roll_back;
pub(crate) mod row_group;
pub(crate) mod running_rows;
pub(crate) mod sheet;
pub(crate) mod state_page;
pub(crate) mod system_plan;

use relm4::gtk;
use relm4::gtk::glib;
use relm4::gtk::prelude::*;
use std::cell::Cell;

/// Says to a screen reader what a control does.
pub(crate) fn set_label(widget: &impl IsA<gtk::Widget>, label: &str) {
    widget.upcast_ref::<gtk::Widget>().update_property(&[gtk::accessible::Property::Label(label)]);
}

/// Shows a text in a label, or hides the label where there is none.
pub(crate) fn set_text(label: &gtk::Label, text: &str) {
    label.set_label(text);
    label.set_visible(!text.is_empty());
}

/// Says something to a screen reader, when it has time.
pub(crate) fn announce(widget: &impl IsA<gtk::Widget>, words: &str) {
    widget.upcast_ref::<gtk::Widget>().announce(words, gtk::AccessibleAnnouncementPriority::Low);
}

/// A button with a short text, and a longer one for a screen reader. `GtkButton`'s own label would be read instead.
pub(crate) fn text_button(text: &str, spoken: &str) -> gtk::Button {
    let button = gtk::Button::builder().child(&gtk::Label::new(Some(text))).css_classes(["text-button"]).build();
    set_label(&button, spoken);
    button
}

/// Does this when the widget's next frame is on the screen and there is nothing else to do.
pub(crate) fn when_painted(widget: &impl IsA<gtk::Widget>, then: impl FnOnce() + 'static) {
    let then = Cell::new(Some(then));
    widget.add_tick_callback(move |_, _| {
        if let Some(then) = then.take() {
            glib::idle_add_local_once(then);
        }
        glib::ControlFlow::Break
    });
}
