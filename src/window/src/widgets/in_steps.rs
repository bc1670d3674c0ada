//! Long lists made in steps. GTK makes two hundred rows of a list at once, of which a window shows ten; made all at once
//! they keep it from answering.

use relm4::gtk;
use relm4::gtk::glib;
use relm4::gtk::prelude::*;
use std::cell::Cell;
use std::rc::Rc;

/// The beginning of a list that grows to the whole of it.
#[derive(Debug)]
pub(crate) struct InSteps {
    shown: gtk::SliceListModel,
    first: u32,
    step: u32,
    growing: Rc<Cell<bool>>,
}

impl InSteps {
    /// Puts itself between a selection and what it selects from. `first` items are there at once, `step` more at a time.
    pub(crate) fn new(selection: &gtk::NoSelection, first: u32, step: u32) -> Self {
        let shown = gtk::SliceListModel::new(selection.model(), 0, first);
        selection.set_model(Some(&shown));
        Self { shown, first, step, growing: Rc::default() }
    }

    /// Goes back to the beginning, or to those of it that stay, before the rest is replaced.
    pub(crate) fn keep(&self, kept: usize) {
        let kept = u32::try_from(kept).unwrap_or(u32::MAX);
        self.shown.set_size(kept.max(self.first));
    }

    /// Shows the rest whenever there is nothing else to do.
    pub(crate) fn grow(&self) {
        if self.growing.replace(true) {
            return;
        }
        let (shown, step, growing) = (self.shown.clone(), self.step, Rc::clone(&self.growing));
        glib::idle_add_local_full(glib::Priority::LOW, move || {
            let whole = shown.model().map_or(0, |model| model.n_items());
            if shown.size() >= whole {
                growing.set(false);
                return glib::ControlFlow::Break;
            }
            shown.set_size(shown.size().saturating_add(step));
            glib::ControlFlow::Continue
        });
    }
}
