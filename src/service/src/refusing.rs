//! A process whose engine cannot start: it tells whoever asks why, and leaves. A face has no other way to know.

use crate::activity::{Calls, until_idle};
use crate::bus::take_name;
use crate::face::Face;
use crate::serving::ServeError;
use std::time::Duration;
use strata_engine::StartError;
use strata_model::{Failure, FailureKind, wire};
use tokio::net::UnixStream;
use tokio::sync::watch;
use zbus::connection::Builder;

/// On a bus it leaves when nobody has asked for so long: whoever asks later may find that the cause is gone.
const LAST_ASKED: Duration = Duration::from_secs(1);

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
    take_name(&connection).await?;
    until_idle(watch::Sender::new(0).subscribe(), calls.watch(), LAST_ASKED).await;
    connection.release_name(wire::BUS_NAME).await?;
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
