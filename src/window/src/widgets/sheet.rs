//! A dialog that explains one thing: a sign, what it is in a few words and in a sentence, and rows with the rest.

use crate::widgets::{in_steps, set_label};
use relm4::adw::prelude::*;
use relm4::{adw, gtk};

/// Widest content, in pixels.
const WIDTH: i32 = 560;

/// The dialog.
#[derive(Clone, Debug)]
pub(crate) struct Sheet {
    dialog: adw::Dialog,
    column: gtk::Box,
}

/// What stands first.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Lead<'a> {
    /// Its sign.
    pub(crate) icon: &'a str,
    /// The style class of its colour: `success`, `warning`, `error`, `accent`.
    pub(crate) class: &'a str,
    /// In a few words.
    pub(crate) title: &'a str,
    /// In a sentence or two.
    pub(crate) words: &'a str,
}

impl Sheet {
    /// An empty one.
    pub(crate) fn new(title: &str) -> Self {
        let column = gtk::Box::builder().orientation(gtk::Orientation::Vertical).spacing(24).build();
        column.add_css_class("sheet");
        let clamp = adw::Clamp::builder().maximum_size(WIDTH).child(&column).build();
        let scrolled = gtk::ScrolledWindow::builder()
            .hscrollbar_policy(gtk::PolicyType::Never)
            .propagate_natural_height(true)
            .focusable(true)
            .child(&clamp)
            .build();
        let view = adw::ToolbarView::builder().content(&scrolled).build();
        view.add_top_bar(&adw::HeaderBar::new());
        let dialog = adw::Dialog::builder().title(title).content_width(WIDTH).child(&view).build();
        // Not the first row, which would be scrolled to, past what stands first.
        dialog.set_focus(Some(&scrolled));
        Self { dialog, column }
    }

    /// Says what it is about, first of all.
    pub(crate) fn lead(&self, lead: &Lead<'_>) {
        let image = gtk::Image::builder().icon_name(lead.icon).pixel_size(32).halign(gtk::Align::Center).build();
        image.set_accessible_role(gtk::AccessibleRole::Presentation);
        image.set_css_classes(&["sheet-sign", lead.class]);
        let label = |words: &str, class: &str| {
            let label = gtk::Label::builder().label(words).wrap(true).css_classes([class]).build();
            label.set_justify(gtk::Justification::Center);
            label.set_wrap_mode(gtk::pango::WrapMode::WordChar);
            label
        };
        let part = gtk::Box::builder().orientation(gtk::Orientation::Vertical).spacing(6).build();
        part.append(&image);
        part.append(&label(lead.title, "title-2"));
        part.append(&label(lead.words, "body"));
        self.column.append(&part);
    }

    /// Rows under a heading; nothing where there are none.
    pub(crate) fn group(&self, title: &str, rows: &[adw::ActionRow]) {
        if rows.is_empty() {
            return;
        }
        let list = self.empty_group(title);
        for row in rows {
            list.append(row);
        }
    }

    /// The same with many rows, which are made in steps.
    pub(crate) fn long_group(&self, title: &str, rows: impl IntoIterator<Item = adw::ActionRow, IntoIter: 'static>) {
        let list = self.empty_group(title);
        in_steps::append(&list, rows, |list, row| list.append(&row));
    }

    fn empty_group(&self, title: &str) -> gtk::ListBox {
        let list = gtk::ListBox::builder().selection_mode(gtk::SelectionMode::None).css_classes(["boxed-list"]).build();
        set_label(&list, title);
        let part = gtk::Box::builder().orientation(gtk::Orientation::Vertical).spacing(9).build();
        part.append(&gtk::Label::builder().label(title).xalign(0.0).wrap(true).css_classes(["heading"]).build());
        part.append(&list);
        self.column.append(&part);
        list
    }

    /// A sentence for whoever reads to the end.
    pub(crate) fn note(&self, words: &str) {
        let note = gtk::Label::builder().label(words).xalign(0.0).wrap(true).css_classes(["caption", "dimmed"]).build();
        self.column.append(&note);
    }

    /// Something else.
    pub(crate) fn append(&self, widget: &impl IsA<gtk::Widget>) {
        self.column.append(widget);
    }

    /// Shows it over a window.
    pub(crate) fn present(&self, parent: &impl IsA<gtk::Widget>) {
        self.dialog.present(Some(parent));
    }

    /// The dialog itself.
    pub(crate) fn dialog(&self) -> &adw::Dialog {
        &self.dialog
    }
}

/// A row of plain text.
pub(crate) fn row(title: &str, words: &str) -> adw::ActionRow {
    adw::ActionRow::builder().use_markup(false).title(title).subtitle(words).build()
}

/// The same with a sign before it.
pub(crate) fn signed(row: adw::ActionRow, icon: &str, class: &str) -> adw::ActionRow {
    let image = gtk::Image::builder().icon_name(icon).css_classes([class]).build();
    image.set_accessible_role(gtk::AccessibleRole::Presentation);
    row.add_prefix(&image);
    row
}

/// The same with a word after it.
pub(crate) fn valued(row: adw::ActionRow, value: &str, classes: &[&str]) -> adw::ActionRow {
    let value = gtk::Label::builder().label(value).css_classes(classes.to_vec()).build();
    row.add_suffix(&value);
    row
}

/// The same as a way to a page of the web.
pub(crate) fn linked(row: adw::ActionRow, url: &str) -> adw::ActionRow {
    if url.is_empty() {
        return row;
    }
    let image = gtk::Image::from_icon_name("adw-external-link-symbolic");
    image.set_accessible_role(gtk::AccessibleRole::Presentation);
    row.add_suffix(&image);
    row.set_tooltip_text(Some(url));
    row.set_activatable(true);
    row.set_action_target_value(Some(&url.to_variant()));
    row.set_action_name(Some("win.open-link"));
    row
}
