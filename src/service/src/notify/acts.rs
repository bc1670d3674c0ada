//! Doing what was pressed on a notification: here, or in the window.

use super::watcher::is_offered;
use super::words::Act;
use crate::window::{self, AppAction};
use strata_engine::Engine;
use strata_model::{Failure, OfferId, Request, SourceKind, Task};
use zbus::Connection;
use zbus::zvariant::Value;

/// Does what was pressed.
#[derive(Debug)]
pub(crate) struct Actor {
    pub(crate) engine: Engine,
    pub(crate) connection: Connection,
}

impl Actor {
    /// Does it. What does not work is shown in the window.
    pub(crate) async fn act(&self, act: Act, token: &str) {
        let done = match &act {
            Act::Open(offer) => self.engine.launch(offer).await.map(|()| true),
            Act::Retry(task) => self.retry(task).await.map(|()| true),
            Act::UpdateAll => self.update_all().await,
            Act::Restart => self.engine.restart().await.map(|()| true),
            Act::Later => Ok(true),
            Act::Answer(_) | Act::Show(_) | Act::ShowUpdates | Act::ShowInstalled => Ok(false),
        };
        let is_done = done.unwrap_or_else(|failure| {
            tracing::warn!(%failure, ?act, "what a notification offered did not work");
            false
        });
        if !is_done {
            window::ask(&self.connection, &AppAction::of(&act), &window::with_token(token)).await;
        }
    }

    async fn retry(&self, task: &Task) -> Result<(), Failure> {
        self.engine.submit(std::slice::from_ref(&task.request)).await?;
        self.engine.acknowledge(&[task.id]).await
    }

    /// Updates everything, unless one of them asks something: then it does nothing and gives `false`.
    async fn update_all(&self) -> Result<bool, Failure> {
        let snapshot = self.engine.snapshot();
        let updates = || snapshot.updates.iter().filter(|update| is_offered(update));
        if updates().any(|update| !update.new_permissions.is_empty() || update.end_of_life.is_some()) {
            return Ok(false);
        }
        let requests: Vec<_> =
            updates().map(|update| Request::update(update.offer.clone()).named(&update.name)).collect();
        self.engine.submit(&requests).await?;
        Ok(true)
    }
}

impl AppAction {
    /// The action that does the same in the window.
    pub(crate) fn of(act: &Act) -> Self {
        let (name, target) = match act {
            Act::Open(offer) => ("open", Some(key(offer))),
            Act::Retry(task) => ("retry", Some(Value::from(task.id.0))),
            // What the window says more of a failure that is a question is that question.
            Act::Answer(task) => ("details", Some(Value::from(task.0))),
            Act::UpdateAll => ("update-all", None),
            // The reference of an AppImage that came from a file is its id.
            Act::Show(offer) => match offer.reference.split('/').nth(1) {
                None if offer.source == SourceKind::AppImage
                    && offer.origin.is_empty()
                    && !offer.reference.is_empty() =>
                {
                    ("show-app", Some(Value::from(offer.reference.clone())))
                }
                Some(id) => ("show-app", Some(Value::from(id.to_owned()))),
                None => ("show-page", Some(Value::from("installed"))),
            },
            Act::Restart => ("restart", None),
            Act::Later | Act::ShowUpdates => ("show-page", Some(Value::from("updates"))),
            Act::ShowInstalled => ("show-page", Some(Value::from("installed"))),
        };
        Self { name, target }
    }
}

/// An installed thing as the window's actions name it.
fn key(offer: &OfferId) -> Value<'static> {
    let OfferId { source, scope, origin, reference } = offer.clone();
    Value::from((String::new(), source.as_str().to_owned(), scope, origin, reference))
}
