//! Questions to the engine that somebody may cease to wait for.

use std::fmt;

/// A question under way. Dropped, it is given up, and the engine stops looking for its answer.
pub(crate) struct Asked(relm4::JoinHandle<()>);

impl Asked {
    /// Asks; what comes of it is passed on by the question itself.
    pub(crate) fn new(question: impl Future<Output = ()> + Send + 'static) -> Self {
        Self(relm4::spawn(question))
    }
}

impl Drop for Asked {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl fmt::Debug for Asked {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Asked").field("answered", &self.0.is_finished()).finish()
    }
}
