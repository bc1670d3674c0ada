//! What both ways of serving share: the start of the engine, and its changes as signals.

use crate::face::Face;
use crate::sendable::Sendable;
use std::sync::Arc;
use std::time::Duration;
use strata_engine::{Engine, Source, StartError};
use strata_model::{Change, wire};
use strata_platform::Environment;
use tokio::sync::broadcast::{Receiver, error::RecvError};
use tokio_util::sync::CancellationToken;
use zbus::Connection;
use zbus::object_server::SignalEmitter;

/// An engine that is on its way out lets go of the lock within this time.
const HANDOVER: Duration = Duration::from_secs(3);
const RETRY: Duration = Duration::from_millis(50);

/// Why the process could not serve.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// Another engine works for this person, or another process answers their searches.
    #[error("another process works for this person already")]
    Taken,
    /// The other end belongs to somebody else.
    #[error("the caller is another user")]
    Stranger,
    /// The engine did not start.
    #[error("the engine cannot start: {0}")]
    Start(StartError),
    /// The socket is none, or broke.
    #[error("the socket cannot be used: {0}")]
    Socket(#[from] std::io::Error),
    /// D-Bus did not come about.
    #[error("D-Bus: {0}")]
    Bus(#[from] zbus::Error),
}

/// Starts the engine, waiting a moment for another one that is leaving.
pub(crate) async fn start(environment: Arc<Environment>, sources: &[Arc<dyn Source>]) -> Result<Engine, ServeError> {
    let deadline = tokio::time::Instant::now() + HANDOVER;
    loop {
        match Engine::start(Arc::clone(&environment), sources.to_vec()).await {
            Err(StartError::Taken) if tokio::time::Instant::now() < deadline => tokio::time::sleep(RETRY).await,
            Err(StartError::Taken) => return Err(ServeError::Taken),
            Err(error) => return Err(ServeError::Start(error)),
            Ok(engine) => return Ok(engine),
        }
    }
}

/// Sends the engine's changes as signals, until told to stop; what was published before that is still sent.
#[derive(Debug)]
pub(crate) struct Announcer {
    stop: CancellationToken,
    task: tokio::task::JoinHandle<()>,
}

impl Announcer {
    pub(crate) fn new(engine: &Engine, connection: &Connection) -> Self {
        let ((_, changes), stop, connection) = (engine.subscribe(), CancellationToken::new(), connection.clone());
        let task = tokio::spawn(announce(changes, connection, stop.clone()));
        Self { stop, task }
    }

    pub(crate) async fn finish(self) {
        self.stop.cancel();
        // A panic in it was reported by the runtime, and there is nothing left to send.
        let _ = self.task.await;
    }
}

async fn announce(mut changes: Receiver<Arc<Change>>, connection: Connection, stop: CancellationToken) {
    let emitter = match SignalEmitter::new(&connection, wire::OBJECT_PATH) {
        Ok(emitter) => emitter,
        Err(error) => return tracing::error!(%error, "changes cannot be announced"),
    };
    loop {
        let change = tokio::select! {
            biased;
            change = changes.recv() => change,
            () = stop.cancelled() => return,
        };
        match change {
            Ok(change) => {
                let change = Sendable(Change::clone(&change));
                if let Err(error) = Face::changed(&emitter, &change).await {
                    tracing::debug!(%error, "a change was not announced");
                }
            }
            // Faces see the gap in the numbers and fetch the whole.
            Err(RecvError::Lagged(missed)) => tracing::warn!(missed, "changes came faster than they can be announced"),
            Err(RecvError::Closed) => return,
        }
    }
}
