//! How long the desktop may take.

use std::time::Duration;

/// How long the desktop may take to answer. One that hangs costs what it was asked, not what comes after it.
const PATIENCE: Duration = Duration::from_secs(5);

/// The desktop's answer, or that there is none.
pub(crate) async fn in_time<T>(asked: impl Future<Output = zbus::Result<T>>) -> zbus::Result<T> {
    let silent = || zbus::Error::Failure("the desktop does not answer".to_owned());
    tokio::time::timeout(PATIENCE, asked).await.unwrap_or_else(|_| Err(silent()))
}
