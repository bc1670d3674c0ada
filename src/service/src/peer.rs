//! Serving one face over a socket pair, where there is no session bus.

use crate::activity::Calls;
use crate::caller::is_own;
use crate::face::Face;
use crate::looking::Looking;
use crate::refusing;
use crate::serving::{Announcer, ServeError, start};
use std::sync::Arc;
use strata_engine::Source;
use strata_model::wire;
use strata_platform::Environment;
use tokio::net::UnixStream;
use tokio_util::sync::CancellationToken;

/// Serves the face at the other end until it hangs up, then until no work is left. `stop` cancels the work and ends
/// it.
///
/// # Errors
/// See [`ServeError`].
pub async fn serve_peer(
    environment: Arc<Environment>,
    sources: Vec<Arc<dyn Source>>,
    stream: UnixStream,
    stop: CancellationToken,
) -> Result<(), ServeError> {
    if !is_own(stream.peer_cred()?.uid()) {
        return Err(ServeError::Stranger);
    }
    let engine = match start(environment, &sources).await {
        Ok(engine) => engine,
        Err(error) => {
            let telling = stop.run_until_cancelled(refusing::to_peer(stream, &error)).await;
            if let Some(Err(unsaid)) = telling {
                tracing::warn!(%unsaid, "the face cannot be told why");
            }
            return Err(error);
        }
    };
    let connection = zbus::connection::Builder::unix_stream(stream)
        .server(zbus::Guid::generate())?
        .p2p()
        .serve_at(wire::OBJECT_PATH, Face::new(engine.clone(), Calls::default(), Looking::default()))?
        .build()
        .await?;
    let announcer = Announcer::new(&engine, &connection);
    let mut work = engine.work();
    let left_alone = async {
        connection.closed().await;
        // The engine holds the sender, so this cannot fail.
        let _ = work.wait_for(|count| *count == 0).await;
    };
    tokio::select! {
        () = left_alone => {}
        () = stop.cancelled() => {}
    }
    engine.shut_down().await;
    announcer.finish().await;
    Ok(())
}
