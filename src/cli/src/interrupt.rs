//! Ctrl+C: the first one asks the engine to stop and waits for it, the second one leaves the waiting. Before and after
//! there is an engine to wait for, it ends the command at once.

use crate::ending::{Ending, Trouble};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::flag::register_conditional_shutdown;
use std::future::Future;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, LazyLock};
use strata_model::{Failure, FailureKind};
use tokio::signal::unix::{Signal, SignalKind, signal};

/// Nobody watches. Signals belong to the whole process, and so does this.
static UNWATCHED: LazyLock<Arc<AtomicBool>> = LazyLock::new(|| Arc::new(AtomicBool::new(true)));

/// From here on an interruption that nobody watches for ends the process with the status of a command that a person
/// stopped.
pub(crate) fn begin() -> Result<(), Trouble> {
    for signal in [SIGINT, SIGTERM, SIGHUP] {
        register_conditional_shutdown(signal, Ending::Cancelled as i32, Arc::clone(&UNWATCHED))
            .map_err(|error| Failure::new(FailureKind::Other, "signals", error.to_string()))?;
    }
    Ok(())
}

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
        let watching = Self {
            keyboard: on(SignalKind::interrupt())?,
            terminate: on(SignalKind::terminate())?,
            hang_up: on(SignalKind::hangup())?,
        };
        UNWATCHED.store(false, Ordering::Relaxed);
        Ok(watching)
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

impl Drop for Interrupt {
    fn drop(&mut self) {
        UNWATCHED.store(true, Ordering::Relaxed);
    }
}
