//! The mirror: keeps a copy of the engine's snapshot whole, over missed changes, sleeping engines and new ones.

use crate::Link;
use crate::failure::failure_of;
use crate::wire::{Listener, News, Wire};
use std::sync::Arc;
use std::time::Duration;
use strata_model::{Attention, Change, Failure, Snapshot};
use strata_platform::Environment;
use tokio::sync::watch;

/// Waiting between two tries to reach the engine again: from this …
const FIRST_PAUSE: Duration = Duration::from_millis(200);

/// … doubling up to this.
const LONGEST_PAUSE: Duration = Duration::from_secs(10);

/// What the mirror shows.
#[derive(Debug)]
pub(crate) struct Mirror {
    pub(crate) wire: watch::Sender<Arc<Wire>>,
    pub(crate) snapshot: watch::Sender<Arc<Snapshot>>,
    pub(crate) link: watch::Sender<Link>,
    /// What the person sees at this face.
    pub(crate) attention: watch::Sender<Attention>,
    environment: Arc<Environment>,
}

/// A wire that is listened to, and the whole as it was then.
#[derive(Debug)]
pub(crate) struct Reached {
    pub(crate) wire: Wire,
    pub(crate) listener: Listener,
    pub(crate) snapshot: Snapshot,
}

/// Listens before it fetches, so that no change falls between.
pub(crate) async fn reach(wire: Wire) -> Result<Reached, Failure> {
    let listener = wire.listen().await.map_err(|error| failure_of(&error))?;
    let snapshot = wire.call("Snapshot", &()).await.map_err(|error| failure_of(&error))?;
    Ok(Reached { wire, listener, snapshot })
}

impl Mirror {
    pub(crate) fn new(environment: Arc<Environment>, wire: Wire, snapshot: Snapshot) -> Self {
        Self {
            wire: watch::Sender::new(Arc::new(wire)),
            snapshot: watch::Sender::new(Arc::new(snapshot)),
            link: watch::Sender::new(Link::Connected),
            attention: watch::Sender::default(),
            environment,
        }
    }

    /// Follows the engine for ever.
    pub(crate) async fn follow(self, mut listener: Listener) {
        loop {
            let failure = self.listen(&mut listener).await;
            tracing::debug!(%failure, "the engine is out of reach");
            self.link.send_replace(Link::Lost(failure));
            listener = self.reach_again().await;
            self.look().await;
            self.link.send_replace(Link::Connected);
        }
    }

    /// Applies what comes until the engine is lost, and says why.
    async fn listen(&self, listener: &mut Listener) -> Failure {
        loop {
            let is_whole = match listener.next().await {
                News::Change(change) => self.apply(*change),
                News::Arrived => {
                    self.look().await;
                    false
                }
                News::Left if self.is_anything_open() => {
                    return crate::failure::gone("the engine ended in the middle of work");
                }
                // It sleeps; the next call wakes it.
                News::Left => true,
                News::HungUp(failure) => return failure,
            };
            if !is_whole && let Err(failure) = self.fetch().await {
                return failure;
            }
        }
    }

    /// `false` if the whole has to be fetched.
    fn apply(&self, change: Change) -> bool {
        let known = self.snapshot.borrow().clone();
        if change.engine == known.engine && change.sequence <= known.sequence {
            // The whole that was fetched holds it already.
            return true;
        }
        let mut snapshot = Snapshot::clone(&known);
        let applied = snapshot.apply(change).is_ok();
        if applied {
            self.snapshot.send_replace(Arc::new(snapshot));
        }
        applied
    }

    /// Tells a new engine what the person sees at this face.
    async fn look(&self) {
        let (wire, attention) = (self.wire.borrow().clone(), *self.attention.borrow());
        if attention > Attention::Nothing
            && let Err(error) = wire.look(attention).await
        {
            tracing::debug!(%error, "the engine does not know that it is looked at");
        }
    }

    fn is_anything_open(&self) -> bool {
        self.snapshot.borrow().tasks.iter().any(|task| !task.state.is_final())
    }

    async fn fetch(&self) -> Result<(), Failure> {
        let wire = self.wire.borrow().clone();
        let snapshot: Snapshot = wire.call("Snapshot", &()).await.map_err(|error| failure_of(&error))?;
        self.snapshot.send_replace(Arc::new(snapshot));
        Ok(())
    }

    async fn reach_again(&self) -> Listener {
        let mut pause = FIRST_PAUSE;
        loop {
            tokio::time::sleep(pause).await;
            let reached = match Wire::open(&self.environment).await {
                Ok(wire) => reach(wire).await,
                Err(failure) => Err(failure),
            };
            match reached {
                Ok(Reached { wire, listener, snapshot }) => {
                    self.wire.send_replace(Arc::new(wire));
                    self.snapshot.send_replace(Arc::new(snapshot));
                    return listener;
                }
                Err(failure) => {
                    tracing::debug!(%failure, "the engine is still out of reach");
                    self.link.send_replace(Link::Lost(failure));
                }
            }
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }
}
