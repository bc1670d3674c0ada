//! Who calls: only the person whose engine it is may ask it for anything, and what they asked ends with them.

use crate::refusal::Refusal;
use futures_util::StreamExt;
use serde::{Serialize, de::DeserializeOwned};
use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};
use tokio_util::sync::CancellationToken;
use zbus::message::{self, Header};
use zbus::zvariant::{DynamicType, Type};
use zbus::{Connection, MatchRule, MessageStream};

const BUS: &str = "org.freedesktop.DBus";

/// Callers that are remembered; a bus never gives a unique name twice.
const MAX_KNOWN: usize = 256;

/// Knows who may call.
#[derive(Debug, Default)]
pub(crate) struct Callers {
    known: Mutex<HashSet<String>>,
}

impl Callers {
    /// Refuses callers with another user id. On a socket pair the other end was checked when the connection was made.
    pub(crate) async fn check(&self, header: &Header<'_>, connection: &Connection) -> Result<(), Refusal> {
        if !connection.is_bus() {
            return Ok(());
        }
        let sender = header.sender().ok_or_else(|| Refusal::stranger("a call from nobody"))?.to_string();
        if self.known.lock().unwrap_or_else(PoisonError::into_inner).contains(&sender) {
            return Ok(());
        }
        let user = user_of(&sender, connection).await.map_err(|error| Refusal::stranger(error.to_string()))?;
        if !is_own(user) {
            return Err(Refusal::stranger(format!("user {user} is not the one whose engine this is")));
        }
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MAX_KNOWN {
            known.clear();
        }
        known.insert(sender);
        Ok(())
    }
}

/// Whether a user id is the one of this process.
pub(crate) fn is_own(user: u32) -> bool {
    user == rustix::process::getuid().as_raw()
}

/// Returns when whoever made the call is gone.
pub(crate) async fn left(header: &Header<'_>, connection: &Connection) {
    match header.sender() {
        Some(sender) if connection.is_bus() => gone(sender, connection).await,
        _ => {
            connection.closed().await;
        }
    }
}

/// Returns when a connection of the bus is gone, or the bus itself.
pub(crate) async fn gone(name: &str, connection: &Connection) {
    let enough = CancellationToken::new();
    let _enough_when_dropped = enough.clone().drop_guard();
    // A task of its own: zbus's subscriptions are shared, and one that is dropped before it stands is deaf for all that
    // come after it.
    let told = tokio::spawn(until_left(name.to_owned(), connection.clone(), enough));
    let left = async {
        match told.await {
            Ok(Ok(())) => {}
            failed => {
                tracing::warn!(?failed, "the bus does not tell when a caller leaves");
                std::future::pending::<()>().await;
            }
        }
    };
    tokio::select! {
        () = left => {}
        () = connection.closed() => {}
    }
}

/// Ends when a connection of the bus has left, or when that is of no interest any more.
async fn until_left(name: String, connection: Connection, enough: CancellationToken) -> zbus::Result<()> {
    let rule = MatchRule::builder()
        .msg_type(message::Type::Signal)
        .sender(BUS)?
        .interface(BUS)?
        .member("NameOwnerChanged")?
        .arg(0, name.as_str())?
        .build();
    let mut changes = MessageStream::for_match_rule(rule, &connection, None).await?;
    // It may have left before anybody listened.
    let mut is_there: bool = ask_bus(&connection, "NameHasOwner", &name).await?;
    while is_there {
        let Some(change) = enough.run_until_cancelled(changes.next()).await else { return Ok(()) };
        // The end of the messages is the end of the bus, and no word about the caller.
        let body = change.ok_or(zbus::Error::InvalidReply)??.body();
        let (_, _, owner): (&str, &str, &str) = body.deserialize()?;
        is_there = !owner.is_empty();
    }
    Ok(())
}

async fn user_of(sender: &str, connection: &Connection) -> zbus::Result<u32> {
    ask_bus(connection, "GetConnectionUnixUser", &sender).await
}

/// Asks the bus itself.
pub(crate) async fn ask_bus<T: DeserializeOwned + Type>(
    connection: &Connection,
    method: &str,
    body: &(impl Serialize + DynamicType),
) -> zbus::Result<T> {
    let reply = connection.call_method(Some(BUS), "/org/freedesktop/DBus", Some(BUS), method, body).await?;
    reply.body().deserialize()
}
