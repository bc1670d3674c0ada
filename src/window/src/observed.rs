//! A value that list rows watch while they are on screen.

use std::cell::{Cell, RefCell};
use std::fmt;
use std::rc::{Rc, Weak};

type Watcher<T> = (u64, Rc<dyn Fn(&T)>);

/// A value with watchers; clones are the same value. For the main thread.
pub(crate) struct Observed<T>(Rc<Inner<T>>);

struct Inner<T> {
    value: RefCell<T>,
    watchers: RefCell<Vec<Watcher<T>>>,
    next: Cell<u64>,
}

/// Ends the watching when dropped.
pub(crate) struct Watching(Option<Box<dyn FnOnce()>>);

impl<T> Clone for Observed<T> {
    fn clone(&self) -> Self {
        Self(Rc::clone(&self.0))
    }
}

impl<T: fmt::Debug> fmt::Debug for Observed<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.value.borrow().fmt(f)
    }
}

impl fmt::Debug for Watching {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Watching")
    }
}

impl<T: PartialEq + 'static> Observed<T> {
    /// A value that nobody watches yet.
    pub(crate) fn new(value: T) -> Self {
        Self(Rc::new(Inner { value: RefCell::new(value), watchers: RefCell::default(), next: Cell::new(0) }))
    }

    /// Sets the value, and tells the watchers if it is another one.
    pub(crate) fn set(&self, value: T) {
        if *self.0.value.borrow() == value {
            return;
        }
        self.0.value.replace(value);
        let watchers: Vec<_> = self.0.watchers.borrow().iter().map(|(_, tell)| Rc::clone(tell)).collect();
        for tell in watchers {
            tell(&self.0.value.borrow());
        }
    }

    /// Tells the value now and whenever it changes, until the answer is dropped.
    pub(crate) fn watch(&self, tell: impl Fn(&T) + 'static) -> Watching {
        tell(&self.0.value.borrow());
        let id = self.0.next.replace(self.0.next.get() + 1);
        self.0.watchers.borrow_mut().push((id, Rc::new(tell)));
        let weak: Weak<Inner<T>> = Rc::downgrade(&self.0);
        Watching(Some(Box::new(move || {
            if let Some(inner) = weak.upgrade() {
                inner.watchers.borrow_mut().retain(|(known, _)| *known != id);
            }
        })))
    }
}

impl Drop for Watching {
    fn drop(&mut self) {
        if let Some(end) = self.0.take() {
            end();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn watchers_hear_changes_until_they_are_dropped() {
        let value = Observed::new(1);
        let heard = Rc::new(RefCell::new(Vec::new()));
        let watching = value.watch({
            let heard = Rc::clone(&heard);
            move |value| heard.borrow_mut().push(*value)
        });
        value.set(2);
        value.set(2);
        drop(watching);
        value.set(3);
        assert_eq!(*heard.borrow(), [1, 2]);
    }
}
