//! Long lists made in steps. GTK makes two hundred rows of a list at once, of which a window shows ten; made all at once
//! they keep it from answering.

use crate::widgets::when_painted;
use relm4::gtk;
use relm4::gtk::prelude::*;
use relm4::gtk::{gio, glib};
use std::cell::Cell;
use std::marker::PhantomData;
use std::rc::Rc;
use std::time::Duration;

/// How long a list stays as it is before it grows: whoever types meanwhile gets other rows, and never waits for those.
const PAUSE: Duration = Duration::from_millis(250);
/// More than GTK makes of any list: from here on, growing costs nothing.
const MADE: u32 = 240;

/// Rows that are there at once where they are made one by one.
const FIRST: usize = 24;
/// Rows that are made in one go after them.
const STEP: usize = 6;

/// Appends a row for each item: the first ones now, the others whenever there is nothing else to do and as long as the
/// container is there.
pub(crate) fn append<C: IsA<gtk::Widget>, T: 'static>(
    container: &C,
    items: impl IntoIterator<Item = T, IntoIter: 'static>,
    mut append: impl FnMut(&C, T) + 'static,
) {
    let mut items = items.into_iter();
    items.by_ref().take(FIRST).for_each(|item| append(container, item));
    let mut next = items.next();
    let container = container.downgrade();
    let grow = move || {
        let Some(container) = container.upgrade() else { return glib::ControlFlow::Break };
        for _ in 0..STEP {
            let Some(item) = next.take() else { return glib::ControlFlow::Break };
            append(&container, item);
            next = items.next();
        }
        glib::ControlFlow::Continue
    };
    glib::idle_add_local_full(glib::Priority::LOW, grow);
}

/// A list that begins with its first items and grows to the whole of it.
#[derive(Debug)]
pub(crate) struct InSteps<T> {
    view: gtk::Widget,
    /// The whole of it.
    whole: gio::ListStore,
    shown: gtk::SliceListModel,
    /// Items that a window of usual size shows.
    first: u32,
    step: u32,
    /// How often it was replaced; what grows an older one ends.
    turn: Rc<Cell<u64>>,
    items: PhantomData<T>,
}

impl<T: 'static> InSteps<T> {
    /// What a view of relm4's shows and selects from. `first` items are there at once, of an empty list half of them; `step` more at
    /// a time.
    pub(crate) fn new(view: &impl IsA<gtk::Widget>, selection: &gtk::NoSelection, first: u32, step: u32) -> Self {
        let view = view.clone().upcast();
        let whole = gio::ListStore::new::<glib::BoxedAnyObject>();
        let shown = gtk::SliceListModel::new(Some(whole.clone()), 0, first);
        selection.set_model(Some(&shown));
        Self { view, whole, shown, first, step, turn: Rc::default(), items: PhantomData }
    }

    /// How many items it has.
    pub(crate) fn len(&self) -> u32 {
        self.whole.n_items()
    }

    /// What one says of itself, if it is there.
    pub(crate) fn ask<A>(&self, at: u32, question: impl FnOnce(&T) -> A) -> Option<A> {
        let item = self.whole.item(at).and_downcast::<glib::BoxedAnyObject>()?;
        Some(question(&item.borrow::<T>()))
    }

    /// What each says of itself.
    pub(crate) fn all<A>(&self, question: impl Fn(&T) -> A) -> Vec<A> {
        (0..self.len()).filter_map(|at| self.ask(at, &question)).collect()
    }

    /// What comes next is another list, seen from its beginning.
    pub(crate) fn begin_anew(&self) {
        // Rows that are there are used again; new ones take time.
        let is_empty = self.shown.n_items() == 0;
        self.shown.set_size(if is_empty { self.first.div_ceil(2) } else { self.first });
        self.grow_later();
    }

    /// Keeps the first so many and puts these in the place of the others, in one change: the rows that are there are
    /// used again, and whoever has scrolled stays where they are.
    pub(crate) fn replace(&self, kept: u32, items: impl IntoIterator<Item = T>) {
        let items: Vec<_> = items.into_iter().map(glib::BoxedAnyObject::new).collect();
        self.whole.splice(kept, self.len().saturating_sub(kept), &items);
        self.grow_later();
    }

    /// Shows the rest whenever there is nothing else to do.
    fn grow_later(&self) {
        let now = self.turn.get() + 1;
        self.turn.set(now);
        let (whole, shown, step, turn) = (self.whole.clone(), self.shown.clone(), self.step, Rc::clone(&self.turn));
        let (first, usual, still) = (self.first, shown.clone(), Rc::clone(&turn));
        when_painted(&self.view, move || {
            if still.get() == now && usual.size() < first {
                usual.set_size(first);
            }
        });
        let grow = move || {
            if turn.get() != now || shown.size() >= whole.n_items() {
                return glib::ControlFlow::Break;
            }
            let more = if shown.size() < MADE { step } else { u32::MAX };
            shown.set_size(shown.size().saturating_add(more));
            glib::ControlFlow::Continue
        };
        glib::timeout_add_local_once(PAUSE, move || {
            glib::idle_add_local_full(glib::Priority::LOW, grow);
        });
    }
}
