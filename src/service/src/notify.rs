//! Notifications: what happened while the person looked at no face of Strata. The engine publishes, `watcher` decides,
//! `words` says it, `desk` puts it on the desktop, `acts` does what is pressed.

mod acts;
mod desk;
mod desktop;
mod portal;
mod system;
mod told;
mod watcher;
mod words;

use crate::activity::Calls;
use crate::looking::Looking;
use crate::patience::in_time;
use acts::Actor;
use desk::{Desk, Event};
use std::sync::Arc;
use strata_engine::Engine;
use strata_model::{Attention, Change, Snapshot};
use strata_platform::Environment;
use tokio::sync::broadcast::{Receiver, error::RecvError};
use watcher::{Deed, Watcher};
use zbus::Connection;

/// Notifies until it is dropped or the engine ends. Where the desktop shows no notifications it does nothing.
pub(crate) async fn run(
    engine: Engine,
    environment: Arc<Environment>,
    connection: Connection,
    looking: Looking,
    calls: Calls,
) {
    let (snapshot, changes) = engine.subscribe();
    let known = Arc::clone(&environment);
    let told = tokio::task::spawn_blocking(move || told::read(&known)).await.unwrap_or_default();
    let watcher = Watcher::new(snapshot.clone(), told);
    let actor = Actor { engine, connection };
    Notifier { snapshot, watcher, desk: None, calls, actor, environment }.work(changes, looking).await;
}

#[derive(Debug)]
struct Notifier {
    snapshot: Snapshot,
    watcher: Watcher,
    /// Found when there is something to say: a portal would be started for nothing otherwise.
    desk: Option<Desk>,
    calls: Calls,
    actor: Actor,
    environment: Arc<Environment>,
}

impl Notifier {
    async fn work(mut self, mut changes: Receiver<Arc<Change>>, looking: Looking) {
        let mut seen = looking.watch();
        loop {
            tokio::select! {
                change = changes.recv() => {
                    if !self.follow(change, &mut changes) {
                        return;
                    }
                }
                // Never before the engine's face is gone.
                go_on = seen.changed() => if !go_on { return },
                event = desk::next(&mut self.desk) => match event {
                    Event::Pressed(act, token) => self.actor.act(act, &token).await,
                    Event::Closed(topic) => self.watcher.closed(&topic),
                },
            }
            self.tell(seen.now()).await;
        }
    }

    /// `false` when the engine has ended.
    fn follow(&mut self, change: Result<Arc<Change>, RecvError>, changes: &mut Receiver<Arc<Change>>) -> bool {
        match change {
            Ok(change) => {
                if self.snapshot.apply(Change::clone(&change)).is_err() {
                    (self.snapshot, *changes) = self.actor.engine.subscribe();
                }
            }
            Err(RecvError::Lagged(_)) => (self.snapshot, *changes) = self.actor.engine.subscribe(),
            Err(RecvError::Closed) => return false,
        }
        true
    }

    async fn tell(&mut self, seen: Attention) {
        let told = self.watcher.told().clone();
        for deed in self.watcher.hear(self.snapshot.clone(), seen) {
            if let Err(error) = in_time(self.carry_out(&deed)).await {
                tracing::warn!(%error, ?deed, "a notification was lost");
            }
        }
        if *self.watcher.told() != told {
            let (environment, told) = (Arc::clone(&self.environment), self.watcher.told().clone());
            let written = tokio::task::spawn_blocking(move || told::write(&environment, &told)).await;
            if let Ok(Err(error)) = written {
                tracing::warn!(%error, "what was told cannot be kept, and will be told again");
            }
        }
    }

    async fn carry_out(&mut self, deed: &Deed) -> zbus::Result<()> {
        if self.desk.is_none() {
            self.desk = Desk::find(&self.actor.connection, &self.environment, self.calls.clone()).await?;
        }
        let Some(desk) = &mut self.desk else {
            tracing::debug!(?deed, "this desktop shows no notifications");
            return Ok(());
        };
        match deed {
            Deed::Show(topic, notice) => desk.show(topic, words::words(notice)).await,
            Deed::Withdraw(topic) => desk.withdraw(topic).await,
        }
    }
}
