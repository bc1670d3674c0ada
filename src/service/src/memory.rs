//! Memory that is done with goes back to the machine.

use crate::activity::{Count, until_idle};
use std::time::Duration;
use tokio::sync::watch;

/// How long nothing has to have happened before it is worth a few milliseconds.
const CALM: Duration = Duration::from_secs(2);

/// After each work and call, once all is calm, gives back what the C library keeps of what was freed: libflatpak reads
/// whole summaries, in threads that each have a store of their own. Never returns.
pub(crate) async fn give_back(mut work: watch::Receiver<usize>, mut calls: watch::Receiver<Count>) {
    loop {
        until_idle(work.clone(), calls.clone(), CALM).await;
        trim();
        work.mark_unchanged();
        calls.mark_unchanged();
        tokio::select! {
            Ok(()) = work.changed() => {}
            Ok(()) = calls.changed() => {}
            else => return,
        }
    }
}

#[cfg(target_env = "gnu")]
fn trim() {
    #[expect(unsafe_code, reason = "the C library's own call for it; it may be made at any time, by any thread")]
    unsafe {
        libc::malloc_trim(0);
    }
}

#[cfg(not(target_env = "gnu"))]
const fn trim() {}
