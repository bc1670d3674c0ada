//! Says why what is typed cannot be: in the row, and in words under its group.

use crate::i18n::gettext;
use crate::widgets::{announce, set_text};
use relm4::adw::prelude::*;
use relm4::{adw, gtk};
use strata_model::app_settings::Unfit;

/// The words under a group.
#[derive(Debug)]
pub(super) struct Wrong(gtk::Label);

impl Wrong {
    /// Nothing is wrong.
    pub(super) fn new() -> Self {
        let label = gtk::Label::builder().xalign(0.0).wrap(true).visible(false).margin_top(6).build();
        label.set_css_classes(&["error", "caption"]);
        Self(label)
    }

    pub(super) fn root(&self) -> &gtk::Label {
        &self.0
    }

    /// Says what is wrong, or that nothing is any more.
    pub(super) fn say(&self, unfit: Option<Unfit>) {
        let words = unfit.map_or_else(String::new, |unfit| gettext(unfit.sentence()));
        if !words.is_empty() && self.0.label() != words {
            announce(&self.0, &words);
        }
        set_text(&self.0, &words);
    }
}

/// Shows that what stands in a row cannot be.
pub(super) fn mark(row: &adw::EntryRow, is_wrong: bool) {
    if is_wrong {
        row.add_css_class("error");
    } else {
        row.remove_css_class("error");
    }
}
