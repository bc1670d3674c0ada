//! Asking the window, which the session bus starts if there is none.

use crate::patience::in_time;
use std::collections::HashMap;
use strata_model::{APP_ID, wire};
use zbus::Connection;
use zbus::zvariant::Value;

/// What lets a window come to the front, by the names that the desktop entry specification has for it.
pub(crate) type Permit = HashMap<&'static str, Value<'static>>;

/// An action of the window's application, and what it is about.
#[derive(Debug)]
pub(crate) struct AppAction {
    pub(crate) name: &'static str,
    pub(crate) target: Option<Value<'static>>,
}

impl AppAction {
    /// As the portal wants it: the application's own.
    pub(crate) fn full_name(&self) -> String {
        format!("app.{}", self.name)
    }
}

/// The permit that is a token; empty if the desktop has none.
pub(crate) fn with_token(token: &str) -> Permit {
    let token = Some(token).filter(|token| !token.is_empty());
    token.map(|token| ("activation-token", Value::from(token.to_owned()))).into_iter().collect()
}

/// Has the window do it. The person sees by themselves when there is no window.
pub(crate) async fn ask(connection: &Connection, action: &AppAction, permit: &Permit) {
    // The window may take a while to start, and it was asked by then.
    if let Err(error) = in_time(activate(connection, action, permit)).await {
        tracing::warn!(%error, ?action, "the window cannot be asked");
    }
}

/// <https://specifications.freedesktop.org/desktop-entry-spec/latest/dbus.html>
async fn activate(connection: &Connection, action: &AppAction, permit: &Permit) -> zbus::Result<()> {
    let target: Vec<&Value<'_>> = action.target.iter().collect();
    let interface = Some("org.freedesktop.Application");
    let body = (action.name, target, permit);
    connection.call_method(Some(APP_ID), wire::object_path(APP_ID), interface, "ActivateAction", &body).await?;
    Ok(())
}
