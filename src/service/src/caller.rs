//! Only the person whose engine it is may ask it for anything.

use crate::refusal::Refusal;
use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};
use zbus::Connection;
use zbus::message::Header;

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

async fn user_of(sender: &str, connection: &Connection) -> zbus::Result<u32> {
    const BUS: &str = "org.freedesktop.DBus";
    let path = "/org/freedesktop/DBus";
    let reply = connection.call_method(Some(BUS), path, Some(BUS), "GetConnectionUnixUser", &sender).await?;
    reply.body().deserialize()
}
