//! What both desktops' ways of asking share.

use super::finder::Finder;
use crate::activity::{Call, Calls};
use crate::caller::Callers;
use crate::refusal::Refusal;
use crate::window::{self, AppAction, Permit};
use std::sync::Arc;
use strata_model::AppId;
use strata_platform::Environment;
use zbus::Connection;
use zbus::message::Header;
use zbus::zvariant::Value;

/// Lets in who may ask, and opens the window for what was found.
#[derive(Debug)]
pub(super) struct Door {
    pub(super) environment: Arc<Environment>,
    pub(super) finder: Finder,
    calls: Calls,
    callers: Callers,
}

impl Door {
    pub(super) fn new(environment: Arc<Environment>, calls: Calls) -> Self {
        let finder = Finder::new(Arc::clone(&environment));
        Self { environment, finder, calls, callers: Callers::default() }
    }

    /// What every call does first. It keeps the process until it is answered.
    pub(super) async fn admit(&self, header: &Header<'_>, connection: &Connection) -> Result<Call, Refusal> {
        self.callers.check(header, connection).await?;
        Ok(self.calls.begin())
    }
}

/// Shows the page of an app in the window. What is no id of an app was never a result of ours.
pub(super) async fn show_app(connection: &Connection, id: &str, permit: &Permit) {
    match AppId::new(id) {
        Ok(id) => {
            let target = Some(Value::from(id.as_str().to_owned()));
            window::ask(connection, &AppAction { name: "show-app", target }, permit).await;
        }
        Err(error) => tracing::debug!(%error, "a result that was never given"),
    }
}

/// Shows in the window what a text finds.
pub(super) async fn show_search(connection: &Connection, text: String, permit: &Permit) {
    window::ask(connection, &AppAction { name: "search-for", target: Some(Value::from(text)) }, permit).await;
}
