//! Pages that are made when they are needed, or once the window rests: making and measuring what nobody sees yet takes
//! a third of the time until the first page is on the screen.

use relm4::{Component, ComponentBuilder, ComponentController, Controller};
use std::cell::{OnceCell, RefCell};
use std::{fmt, mem};

/// A page whose root is there at once, and what is in it later.
pub(super) struct Later<C: Component> {
    root: C::Root,
    waiting: RefCell<Option<Waiting<C>>>,
    made: OnceCell<Controller<C>>,
}

struct Waiting<C: Component> {
    make: Box<dyn FnOnce() -> Controller<C>>,
    /// What it was told before it was there: the last of each kind, since a window that nobody sees may wait for hours.
    told: Vec<C::Input>,
}

impl<C: Component> Later<C> {
    /// A page that this will make.
    pub(super) fn new(make: impl FnOnce(ComponentBuilder<C>) -> Controller<C> + 'static) -> Self {
        let builder = C::builder();
        let root = builder.root.clone();
        let waiting = Waiting { make: Box::new(move || make(builder)), told: Vec::new() };
        Self { root, waiting: RefCell::new(Some(waiting)), made: OnceCell::new() }
    }

    /// The widget to put somewhere.
    pub(super) fn widget(&self) -> &C::Root {
        &self.root
    }

    /// Makes it. Whether there was anything to make.
    pub(super) fn make(&self) -> bool {
        let Some(waiting) = self.waiting.take() else {
            return false;
        };
        let page = self.made.get_or_init(waiting.make);
        for message in waiting.told {
            page.emit(message);
        }
        true
    }

    /// Makes it if need be, and tells it something.
    pub(super) fn emit(&self, message: C::Input) {
        self.make();
        self.tell(message);
    }

    /// Tells it something, once it is there.
    pub(super) fn tell(&self, message: C::Input) {
        if let Some(page) = self.made.get() {
            page.emit(message);
        } else if let Some(waiting) = &mut *self.waiting.borrow_mut() {
            waiting.told.retain(|older| mem::discriminant(older) != mem::discriminant(&message));
            waiting.told.push(message);
        }
    }
}

impl<C: Component> fmt::Debug for Later<C> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Later").field("made", &self.made.get().is_some()).finish_non_exhaustive()
    }
}
