//! Serving every face of the session over its bus.

use crate::activity::{Calls, until_idle};
use crate::face::Face;
use crate::looking::Looking;
use crate::serving::{Announcer, ServeError, start};
use crate::{memory, notify, refusing};
use std::sync::Arc;
use std::time::Duration;
use strata_engine::{Engine, Source};
use strata_model::wire;
use strata_platform::Environment;
use tokio_util::sync::CancellationToken;
use tokio_util::task::AbortOnDropHandle;
use zbus::Connection;
use zbus::fdo::RequestNameFlags;

/// Calls that the bus had passed on before it took the name back arrive within this time.
const LAST_CALLS: Duration = Duration::from_millis(100);

/// Serves the session until there was nothing to do for `idle`. `stop` cancels the work and ends it.
///
/// # Errors
/// See [`ServeError`]; [`ServeError::Taken`] also if another process has the engine's name on the bus.
pub async fn serve_bus(
    environment: Arc<Environment>,
    sources: Vec<Arc<dyn Source>>,
    idle: Duration,
    stop: CancellationToken,
) -> Result<(), ServeError> {
    let address = environment.session_bus.clone().ok_or(zbus::Error::Address("there is no session bus".to_owned()))?;
    let engine = match start(Arc::clone(&environment), &sources).await {
        Ok(engine) => engine,
        Err(error) => {
            if let Err(unsaid) = refusing::on_bus(&address, &error).await {
                tracing::warn!(%unsaid, "no face can be told why");
            }
            return Err(error);
        }
    };
    let served = serve(&engine, environment, &address, idle, &stop).await;
    engine.shut_down().await;
    served?.finish().await;
    Ok(())
}

async fn serve(
    engine: &Engine,
    environment: Arc<Environment>,
    address: &str,
    idle: Duration,
    stop: &CancellationToken,
) -> Result<Announcer, ServeError> {
    let (calls, looking) = (Calls::default(), Looking::default());
    let connection = zbus::connection::Builder::address(address)?
        .serve_at(wire::OBJECT_PATH, Face::new(engine.clone(), calls.clone(), looking.clone()))?
        .build()
        .await?;
    let announcer = Announcer::new(engine, &connection);
    take_name(&connection).await?;
    let notifying = notify::run(engine.clone(), environment, connection.clone(), looking, calls.clone());
    let _notifying = AbortOnDropHandle::new(tokio::spawn(notifying));
    let _giving_back = AbortOnDropHandle::new(tokio::spawn(memory::give_back(engine.work(), calls.watch())));
    tokio::select! {
        () = stop.cancelled() => {
            // Whoever asks from now on shall reach the next engine, which waits for this one's end.
            connection.release_name(wire::BUS_NAME).await?;
        }
        () = connection.closed() => tracing::warn!("the session bus is gone"),
        left = leave_when_idle(engine, &connection, &calls, idle) => left?,
    }
    Ok(announcer)
}

/// Waits for `idle`, then leaves so that no call is lost: first the name goes back, so that the bus starts a new engine
/// for whoever calls now; then calls that came before that are answered.
async fn leave_when_idle(
    engine: &Engine,
    connection: &Connection,
    calls: &Calls,
    idle: Duration,
) -> Result<(), ServeError> {
    loop {
        until_idle(engine.work(), calls.watch(), idle).await;
        let before = calls.watch().borrow().so_far;
        connection.release_name(wire::BUS_NAME).await?;
        let _ = tokio::time::timeout(LAST_CALLS, calls.watch().wait_for(|count| count.so_far > before)).await;
        if calls.watch().borrow().so_far == before {
            return Ok(());
        }
        if let Err(ServeError::Taken) = take_name(connection).await {
            // The next engine waits for the lock: finish what was asked of this one.
            until_idle(engine.work(), calls.watch(), LAST_CALLS).await;
            return Ok(());
        }
    }
}

pub(crate) async fn take_name(connection: &Connection) -> Result<(), ServeError> {
    let flags = RequestNameFlags::DoNotQueue.into();
    match connection.request_name_with_flags(wire::BUS_NAME, flags).await {
        Ok(_) => Ok(()),
        Err(zbus::Error::NameTaken) => Err(ServeError::Taken),
        Err(error) => Err(error.into()),
    }
}
