//! Questions, to the engine or to the network, that somebody may cease to wait for.

use std::fmt;

/// A question under way. Dropped, it is given up, and nobody looks for its answer any more.
pub(crate) struct Asked<T = ()>(relm4::JoinHandle<T>);

impl<T: Send + 'static> Asked<T> {
    /// Asks. What comes of it is waited for, or passed on by the question itself.
    pub(crate) fn new(question: impl Future<Output = T> + Send + 'static) -> Self {
        Self(relm4::spawn(question))
    }

    /// The answer; `None` if the program ends before.
    pub(crate) async fn answer(mut self) -> Option<T> {
        (&mut self.0).await.ok()
    }
}

impl<T> Drop for Asked<T> {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl<T> fmt::Debug for Asked<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Asked").field("answered", &self.0.is_finished()).finish()
    }
}
