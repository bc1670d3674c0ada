//! Notices that somebody else moved, changed or deleted an AppImage: the folders that they lie in are watched.

use rustix::fs::inotify::{self, CreateFlags, WatchFlags};
use std::collections::BTreeSet;
use std::io;
use std::os::fd::OwnedFd;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio::io::Interest;
use tokio::io::unix::AsyncFd;
use tokio::sync::watch;

/// Watches folders for as long as somebody listens.
#[derive(Debug, Default)]
pub(super) struct Watcher {
    changes: watch::Sender<u64>,
    folders: watch::Sender<BTreeSet<PathBuf>>,
    started: AtomicBool,
}

impl Watcher {
    /// Counts up with each change in the folders.
    pub(super) fn changes(&self) -> watch::Receiver<u64> {
        let changes = self.changes.subscribe();
        if !self.started.swap(true, Ordering::SeqCst) {
            tokio::spawn(watch(self.changes.clone(), self.folders.subscribe()));
        }
        changes
    }

    /// Which folders are watched from now on.
    pub(super) fn look_at(&self, folders: BTreeSet<PathBuf>) {
        self.folders.send_if_modified(|known| {
            let differs = *known != folders;
            *known = folders;
            differs
        });
    }
}

/// Until nobody listens any more, or nothing can be watched.
async fn watch(changes: watch::Sender<u64>, mut folders: watch::Receiver<BTreeSet<PathBuf>>) {
    loop {
        let wanted = folders.borrow_and_update().clone();
        // Anew for each change: what happens until then is read with the change, which comes later.
        let watched = match watched(&wanted) {
            Ok(watched) => watched,
            Err(error) => return tracing::warn!(%error, "changes of AppImages are not noticed"),
        };
        tokio::select! {
            () = changes.closed() => return,
            more = folders.changed() => {
                if more.is_err() {
                    return;
                }
            }
            happened = watched.readable() => {
                if let Err(error) = happened {
                    return tracing::warn!(%error, "changes of AppImages are not noticed");
                }
                drop(watched);
                changes.send_modify(|count| *count += 1);
            }
        }
    }
}

#[expect(deprecated, reason = "an owned descriptor stays what it is; the other way to say so is unsafe")]
fn watched(folders: &BTreeSet<PathBuf>) -> io::Result<AsyncFd<OwnedFd>> {
    let descriptor = inotify::init(CreateFlags::CLOEXEC | CreateFlags::NONBLOCK)?;
    let what = WatchFlags::CLOSE_WRITE | WatchFlags::DELETE | WatchFlags::MOVE | WatchFlags::ONLYDIR;
    for folder in folders {
        if let Err(error) = inotify::add_watch(&descriptor, folder, what) {
            // A drive that is not there: what lay on it is shown as gone.
            tracing::debug!(%error, folder = %folder.display(), "a folder of AppImages is not watched");
        }
    }
    AsyncFd::with_interest(descriptor, Interest::READABLE)
}
