//! The bridge between the engine's world, which never blocks, and libflatpak's, which always does.

use libflatpak::gio::{self, prelude::CancellableExt};
use strata_model::{Failure, FailureKind, Stop};
use tokio_util::sync::CancellationToken;

/// Runs a piece of work that blocks, on a thread made for that. The token, or dropping the future, cancels what
/// libflatpak is doing; work that came to its end all the same keeps its result.
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
    joined.unwrap_or_else(|error| Err(Failure::new(FailureKind::Other, "Flatpak", error.to_string()).into()))
}

/// The same for reading, which nobody cancels.
pub(crate) async fn reading<T, F>(work: F) -> Result<T, Failure>
where
    T: Send + 'static,
    F: FnOnce() -> Result<T, Failure> + Send + 'static,
{
    let read = tokio::task::spawn_blocking(work).await;
    read.unwrap_or_else(|error| Err(Failure::new(FailureKind::Other, "Flatpak", error.to_string())))
}

struct CancelOnDrop(gio::Cancellable);

impl Drop for CancelOnDrop {
    fn drop(&mut self) {
        self.0.cancel();
    }
}

/// For calls that cannot be cancelled.
pub(crate) const NEVER: Option<&gio::Cancellable> = None;
