//! Counts what the engine has to do, so that its process knows when it may leave.

use tokio::sync::watch;

/// The number of pieces of work under way.
#[derive(Clone, Debug)]
pub(crate) struct Work(watch::Sender<usize>);

/// One piece of work, from its making to its drop.
#[derive(Debug)]
pub(crate) struct Working(watch::Sender<usize>);

impl Work {
    pub(crate) fn none() -> Self {
        Self(watch::Sender::new(0))
    }

    pub(crate) fn begin(&self) -> Working {
        self.0.send_modify(|count| *count += 1);
        Working(self.0.clone())
    }

    /// Waits until nothing is under way.
    pub(crate) async fn none_left(&self) {
        // The sender lives in `self`, so this cannot fail.
        let _ = self.watch().wait_for(|count| *count == 0).await;
    }

    pub(crate) fn watch(&self) -> watch::Receiver<usize> {
        self.0.subscribe()
    }
}

impl Drop for Working {
    fn drop(&mut self) {
        self.0.send_modify(|count| *count -= 1);
    }
}
