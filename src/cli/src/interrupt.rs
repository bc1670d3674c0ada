//! Ctrl+C: the first one asks the engine to stop and waits for it, the second one leaves the waiting.

use crate::ending::Trouble;
use std::future::Future;
use strata_model::{Failure, FailureKind};
use tokio::signal::unix::{Signal, SignalKind, signal};

/// Watches for Ctrl+C, a request to end, and a closed terminal.
#[derive(Debug)]
pub(crate) struct Interrupt {
    keyboard: Signal,
    terminate: Signal,
    hang_up: Signal,
}

impl Interrupt {
    /// Starts to watch. From here on none of them ends the process by itself.
    pub(crate) fn watch() -> Result<Self, Trouble> {
        let on = |kind| signal(kind).map_err(|error| Failure::new(FailureKind::Other, "signals", error.to_string()));
        Ok(Self {
            keyboard: on(SignalKind::interrupt())?,
            terminate: on(SignalKind::terminate())?,
            hang_up: on(SignalKind::hangup())?,
        })
    }

    /// Waits for the person to interrupt.
    pub(crate) async fn wait(&mut self) {
        tokio::select! {
            _ = self.keyboard.recv() => {}
            _ = self.terminate.recv() => {}
            _ = self.hang_up.recv() => {}
        }
    }

    /// The result of some work that may be dropped at any time, unless the person interrupts it.
    pub(crate) async fn or<T>(&mut self, work: impl Future<Output = T>) -> Result<T, Trouble> {
        tokio::select! {
            biased;
            () = self.wait() => Err(Trouble::Cancelled),
            result = work => Ok(result),
        }
    }
}
