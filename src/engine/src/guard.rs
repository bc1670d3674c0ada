//! Sources are strangers' libraries at heart: a panic in one costs the piece of work, not the engine.

use std::any::Any;
use strata_model::{Failure, FailureKind};
use tokio::task::JoinError;
use tokio_util::task::AbortOnDropHandle;

/// Runs a source's work and gives its result, or says that it crashed. The work goes on if the caller loses interest.
pub(crate) async fn guarded<T: Send + 'static>(
    subject: &str,
    work: impl Future<Output = T> + Send + 'static,
) -> Result<T, Failure> {
    tokio::spawn(work).await.map_err(|error| broken(subject, error))
}

/// The same, for work that ends where it waits once the caller loses interest.
pub(crate) async fn guarded_while_wanted<T: Send + 'static>(
    subject: &str,
    work: impl Future<Output = T> + Send + 'static,
) -> Result<T, Failure> {
    AbortOnDropHandle::new(tokio::spawn(work)).await.map_err(|error| broken(subject, error))
}

fn broken(subject: &str, error: JoinError) -> Failure {
    let detail = match error.try_into_panic() {
        Ok(payload) => format!("crashed: {}", words(payload.as_ref())),
        Err(error) => error.to_string(),
    };
    tracing::error!(subject, detail);
    Failure::new(FailureKind::Other, subject, detail)
}

/// Like [`guarded`], for work that blocks.
pub(crate) async fn guarded_blocking<T: Send + 'static>(
    subject: &str,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Failure> {
    let blocking = tokio::task::spawn_blocking(work);
    blocking.await.map_err(|error| Failure::new(FailureKind::Other, subject, error.to_string()))
}

fn words(payload: &(dyn Any + Send)) -> &str {
    let literal = payload.downcast_ref::<&str>().copied();
    literal.or_else(|| payload.downcast_ref::<String>().map(String::as_str)).unwrap_or("no reason given")
}
