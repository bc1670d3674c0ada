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
use tokio::sync::watch;
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
    let address = session_bus(&environment)?.to_owned();
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

/// The session bus's address.
pub(crate) fn session_bus(environment: &Environment) -> Result<&str, ServeError> {
    Ok(environment.session_bus.as_deref().ok_or(zbus::Error::Address("there is no session bus".to_owned()))?)
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
    take_name(&connection, wire::BUS_NAME).await?;
    let notifying = notify::run(engine.clone(), environment, connection.clone(), looking, calls.clone());
    let _notifying = AbortOnDropHandle::new(tokio::spawn(notifying));
    let _giving_back = AbortOnDropHandle::new(tokio::spawn(memory::give_back(engine.work(), calls.watch())));
    stay(&Stay { connection: &connection, name: wire::BUS_NAME, work: engine.work(), calls: &calls, idle }, stop)
        .await?;
    Ok(announcer)
}

/// Somebody who has a name on the bus, and what keeps them there.
#[derive(Debug)]
pub(crate) struct Stay<'a> {
    pub(crate) connection: &'a Connection,
    pub(crate) name: &'a str,
    pub(crate) work: watch::Receiver<usize>,
    pub(crate) calls: &'a Calls,
    pub(crate) idle: Duration,
}

/// Returns when there was nothing to do for a while, when told to stop, or with the end of the bus.
pub(crate) async fn stay(stay: &Stay<'_>, stop: &CancellationToken) -> Result<(), ServeError> {
    tokio::select! {
        () = stop.cancelled() => {
            // Whoever asks from now on shall reach the next one, who waits for this one's end.
            stay.connection.release_name(stay.name).await?;
        }
        () = stay.connection.closed() => tracing::warn!("the session bus is gone"),
        left = leave_when_idle(stay) => left?,
    }
    Ok(())
}

/// Waits for `idle`, then leaves so that no call is lost: first the name goes back, so that the bus starts the next one
/// for whoever calls now; then calls that came before that are answered.
async fn leave_when_idle(stay: &Stay<'_>) -> Result<(), ServeError> {
    let Stay { connection, name, work, calls, idle } = stay;
    loop {
        until_idle(work.clone(), calls.watch(), *idle).await;
        let before = calls.watch().borrow().so_far;
        connection.release_name(*name).await?;
        let _ = tokio::time::timeout(LAST_CALLS, calls.watch().wait_for(|count| count.so_far > before)).await;
        if calls.watch().borrow().so_far == before {
            return Ok(());
        }
        if let Err(ServeError::Taken) = take_name(connection, name).await {
            // The next one waits for the lock: finish what was asked of this one.
            until_idle(work.clone(), calls.watch(), LAST_CALLS).await;
            return Ok(());
        }
    }
}

pub(crate) async fn take_name(connection: &Connection, name: &str) -> Result<(), ServeError> {
    let flags = RequestNameFlags::DoNotQueue.into();
    match connection.request_name_with_flags(name, flags).await {
        Ok(_) => Ok(()),
        Err(zbus::Error::NameTaken) => Err(ServeError::Taken),
        Err(error) => Err(error.into()),
    }
}
