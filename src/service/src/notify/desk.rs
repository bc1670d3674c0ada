//! The desktop's place for notifications: the portal, else the desktop's own service.

use super::desktop::Desktop;
use super::portal::Portal;
use super::watcher::Topic;
use super::words::{Act, Words};
use crate::activity::Calls;
use crate::caller::ask_bus;
use strata_platform::Environment;
use zbus::Connection;

/// What comes back from the desktop.
#[derive(Debug)]
pub(crate) enum Event {
    /// The person pressed it. The token lets a window come to the front (empty if the desktop has none).
    Pressed(Act, String),
    /// It is not shown any more.
    Closed(Topic),
}

/// Where notifications go.
#[derive(Debug)]
pub(crate) enum Desk {
    /// It remembers what buttons do and starts the window for them, also after the engine has left.
    Portal(Portal),
    /// It tells this process about buttons: the engine stays while a notification is shown.
    Desktop(Box<Desktop>),
}

impl Desk {
    /// Finds it; `None` where the desktop shows no notifications.
    pub(crate) async fn find(
        connection: &Connection,
        environment: &Environment,
        calls: Calls,
    ) -> zbus::Result<Option<Self>> {
        if is_there(connection, super::portal::NAME).await? {
            match Portal::open(connection, environment.sandboxed).await {
                Ok(portal) => return Ok(Some(Self::Portal(portal))),
                // Older ones do not let a program outside of a sandbox say who it is.
                Err(error) => tracing::debug!(%error, "the portal is of no use"),
            }
        }
        if is_there(connection, super::desktop::NAME).await? {
            return Ok(Some(Self::Desktop(Box::new(Desktop::open(connection, calls).await?))));
        }
        Ok(None)
    }

    pub(crate) async fn show(&mut self, topic: &Topic, words: Words) -> zbus::Result<()> {
        match self {
            Self::Portal(portal) => portal.show(topic, &words).await,
            Self::Desktop(desktop) => desktop.show(topic, words).await,
        }
    }

    pub(crate) async fn withdraw(&mut self, topic: &Topic) -> zbus::Result<()> {
        match self {
            Self::Portal(portal) => portal.withdraw(topic).await,
            Self::Desktop(desktop) => desktop.withdraw(topic).await,
        }
    }
}

/// Waits for what comes back; for ever where nothing was shown yet.
pub(crate) async fn next(desk: &mut Option<Desk>) -> Event {
    match desk {
        Some(Desk::Desktop(desktop)) => desktop.next().await,
        Some(Desk::Portal(_)) | None => std::future::pending().await,
    }
}

/// Whether somebody has the name on the bus, or would be started for it.
async fn is_there(connection: &Connection, name: &str) -> zbus::Result<bool> {
    if ask_bus(connection, "NameHasOwner", &name).await? {
        return Ok(true);
    }
    let startable: Vec<String> = ask_bus(connection, "ListActivatableNames", &()).await?;
    Ok(startable.iter().any(|known| known == name))
}
