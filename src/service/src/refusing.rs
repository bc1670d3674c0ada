//! A process whose engine cannot start: it tells whoever asks why, and leaves. A face has no other way to know.

use crate::activity::Calls;
use crate::bus::take_name;
use crate::face::Face;
use crate::serving::ServeError;
use std::time::Duration;
use strata_engine::StartError;
use strata_model::{Failure, FailureKind, wire};
use tokio::net::UnixStream;
use zbus::connection::Builder;

/// On a bus somebody asks at once, since that is what the bus started the process for.
const FIRST_CALL: Duration = Duration::from_secs(5);

/// Others who ask at the same time do so within this. Whoever asks later may find that the cause is gone.
const OTHER_CALLS: Duration = Duration::from_millis(100);

/// What a face is told, if it can do something about it.
fn reason(error: &ServeError) -> Option<Failure> {
    match error {
        ServeError::Taken => Some(Failure::new(FailureKind::OutOfReach, "", error.to_string())),
        ServeError::Start(StartError::Failed(failure)) => Some(failure.clone()),
        _ => None,
    }
}

/// Tells every face of the session that asks.
pub(crate) async fn on_bus(address: &str, error: &ServeError) -> Result<(), ServeError> {
    let Some(failure) = reason(error) else { return Ok(()) };
    let calls = Calls::default();
    let face = Face::refusing(failure, calls.clone());
    let connection = Builder::address(address)?.serve_at(wire::OBJECT_PATH, face)?.build().await?;
    take_name(&connection, wire::BUS_NAME).await?;
    let _ = tokio::time::timeout(FIRST_CALL, calls.watch().wait_for(|count| count.so_far > 0)).await;
    tokio::time::sleep(OTHER_CALLS).await;
    connection.release_name(wire::BUS_NAME).await?;
    // Calls that the bus had passed on before that are still answered.
    tokio::time::sleep(OTHER_CALLS).await;
    Ok(())
}

/// Tells the face at the other end, until it hangs up.
pub(crate) async fn to_peer(stream: UnixStream, error: &ServeError) -> Result<(), ServeError> {
    let Some(failure) = reason(error) else { return Ok(()) };
    let face = Face::refusing(failure, Calls::default());
    let builder = Builder::unix_stream(stream).server(zbus::Guid::generate())?.p2p();
    builder.serve_at(wire::OBJECT_PATH, face)?.build().await?.closed().await;
    Ok(())
}
