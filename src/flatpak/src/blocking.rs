//! The bridge between the engine's world, which never blocks, and libflatpak's, which always does.

use libflatpak::gio::{self, prelude::CancellableExt};
use std::time::Duration;
use strata_model::{Failure, FailureKind, Stop};
use tokio::task::JoinError;
use tokio_util::sync::CancellationToken;

/// How long a cancelled look at something is waited for.
const GRACE: Duration = Duration::from_secs(1);

/// Runs a piece of work that blocks, on a thread made for that. The token, or dropping the future, cancels what
/// libflatpak is doing; work that came to its end all the same keeps its result.
///
/// Cancelled work is waited for until it has wound up, because what it changes must be whole and its leftovers gone
/// before anybody is told that it ended. libflatpak heeds the cancelling everywhere but while it waits for a server to
/// answer a request for one of its lists, which takes it up to six minutes.
pub(crate) async fn blocking<T, F>(cancel: &CancellationToken, work: F) -> Result<T, Stop>
where
    T: Send + 'static,
    F: FnOnce(&gio::Cancellable) -> Result<T, Stop> + Send + 'static,
{
    let cancellable = CancelOnDrop(gio::Cancellable::new());
    let inside = cancellable.0.clone();
    let mut running = tokio::task::spawn_blocking(move || work(&inside));
    let joined = tokio::select! {
        joined = &mut running => joined,
        () = cancel.cancelled() => {
            cancellable.0.cancel();
            running.await
        }
    };
    joined.unwrap_or_else(|error| panicked(&error))
}

/// The same for work that only looks, and that may end whenever it likes: cancelled, it is left behind where it does
/// not end at once. What it holds (a turn at an installation, a folder) it holds until its own end.
pub(crate) async fn abandonable<T, F>(cancel: &CancellationToken, work: F) -> Result<T, Stop>
where
    T: Send + 'static,
    F: FnOnce(&gio::Cancellable) -> Result<T, Stop> + Send + 'static,
{
    let working = blocking(cancel, work);
    let enough = async {
        cancel.cancelled().await;
        tokio::time::sleep(GRACE).await;
    };
    tokio::select! {
        biased;
        done = working => done,
        () = enough => Err(Stop::Cancelled),
    }
}

/// The same for reading, which nobody cancels.
pub(crate) async fn reading<T, F>(work: F) -> Result<T, Failure>
where
    T: Send + 'static,
    F: FnOnce() -> Result<T, Failure> + Send + 'static,
{
    tokio::task::spawn_blocking(work).await.unwrap_or_else(|error| panicked(&error))
}

fn panicked<T, E: From<Failure>>(error: &JoinError) -> Result<T, E> {
    Err(Failure::new(FailureKind::Other, "Flatpak", error.to_string()).into())
}

struct CancelOnDrop(gio::Cancellable);

impl Drop for CancelOnDrop {
    fn drop(&mut self) {
        self.0.cancel();
    }
}

/// For calls that cannot be cancelled.
pub(crate) const NEVER: Option<&gio::Cancellable> = None;

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc;
    use std::time::Instant;

    #[tokio::test]
    async fn what_only_looks_is_left_behind() {
        let cancel = CancellationToken::new();
        let (let_go, wait) = mpsc::channel::<()>();
        let (ended, end) = mpsc::channel();
        cancel.cancel();
        let begun = Instant::now();
        let result = abandonable(&cancel, move |_| {
            let _ = wait.recv();
            let _ = ended.send(());
            Ok(())
        });
        assert_eq!(result.await, Err(Stop::Cancelled));
        assert!(begun.elapsed() < GRACE * 10);
        drop(let_go);
        end.recv_timeout(GRACE * 10).unwrap();
    }

    #[tokio::test]
    async fn what_is_done_all_the_same_keeps_its_result() {
        let cancel = CancellationToken::new();
        cancel.cancel();
        assert_eq!(abandonable(&cancel, |_| Ok(5)).await, Ok(5));
    }
}
