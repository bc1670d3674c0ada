//! The daemon's state and its one transaction, shared by everything that serves it.

use super::config::Config;
use super::data::{Body, Data};
use super::description::System;
use super::script::{self, Step};
use super::state::State;
use super::store::Store;
use super::transaction::Transaction;
use super::{ROOT, objects, peer};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::Semaphore;
use tokio::sync::mpsc::UnboundedSender;
use zbus::Message;

/// How long peers may stay after the end, before they are thrown out.
const LINGER: Duration = Duration::from_secs(30);

/// Everything that lives as long as the process.
#[derive(Debug)]
pub(super) struct Daemon {
    pub(super) system: Arc<System>,
    pub(super) store: Store,
    /// What goes out on the bus, in this order.
    outgoing: UnboundedSender<Message>,
    /// Signals that may still be sent, where each is asked for.
    pub(super) allowed: Semaphore,
    inner: Mutex<Inner>,
}

/// What changes.
#[derive(Debug)]
pub(super) struct Inner {
    pub(super) state: State,
    pub(super) config: Config,
    /// Names on the bus of those who registered, and what they call themselves.
    pub(super) clients: BTreeMap<String, String>,
    pub(super) active: Option<Arc<Transaction>>,
    shown: [Vec<(&'static str, Data)>; 2],
}

impl Daemon {
    pub(super) fn new(store: Store, outgoing: UnboundedSender<Message>) -> Result<Arc<Self>, crate::DemoError> {
        let system = Arc::new(store.system()?);
        let state = store.state(&system)?;
        let inner = Inner {
            state,
            config: store.config(),
            clients: BTreeMap::new(),
            active: None,
            shown: [Vec::new(), Vec::new()],
        };
        let daemon = Self { system, store, outgoing, allowed: Semaphore::new(0), inner: Mutex::new(inner) };
        // What is there at the beginning is no change.
        let shown = objects::properties(&daemon, &daemon.inner());
        daemon.inner().shown = shown;
        Ok(Arc::new(daemon))
    }

    pub(super) fn inner(&self) -> MutexGuard<'_, Inner> {
        // Nothing panics while it holds the lock.
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sends a message on the bus, after those that were sent before.
    pub(super) fn send(&self, message: zbus::Result<Message>) {
        match message {
            // Without a bus there is nobody to tell, and the process is about to end.
            Ok(message) => drop(self.outgoing.send(message)),
            Err(error) => tracing::warn!(%error, "not sent"),
        }
    }

    /// Changes the state, keeps it on disk and shows it.
    pub(super) fn change(&self, change: impl FnOnce(&mut State)) {
        {
            let mut inner = self.inner();
            change(&mut inner.state);
            self.store.keep(&self.system, &inner.state);
        }
        self.show();
    }

    /// Tells of all properties that changed, those of the system before the others; later ones stand first.
    pub(super) fn show(&self) {
        let mut inner = self.inner();
        let now = objects::properties(self, &inner);
        for (place, path) in [(1, self.system.path()), (0, format!("{ROOT}/Sysroot"))] {
            let changed = now[place].iter().filter(|entry| !inner.shown[place].contains(entry)).rev();
            let changed: Vec<(&str, Data)> = changed.cloned().collect();
            if changed.is_empty() {
                continue;
            }
            let interface = Data::text(objects::INTERFACES[place]);
            let body = Body(vec![interface, Data::pairs(changed), Data::texts::<&str>([])]);
            let signal = Message::signal(path, "org.freedesktop.DBus.Properties", "PropertiesChanged");
            self.send(signal.and_then(|signal| signal.build(&body)));
        }
        inner.shown = now;
    }

    /// The properties of an object as they were last computed.
    pub(super) fn shown(&self, place: usize) -> Vec<(&'static str, Data)> {
        self.inner().shown[place].clone()
    }

    /// A transaction was started.
    pub(super) fn is_at_work(&self) -> bool {
        self.inner().active.as_ref().is_some_and(|active| !active.is_waiting())
    }

    /// Makes a transaction the active one.
    ///
    /// # Errors
    /// The system's words when there can be no socket.
    pub(super) fn open(self: &Arc<Self>, transaction: Transaction) -> Result<(), String> {
        let listener = peer::listen(&self.store.socket()).map_err(|error| error.to_string())?;
        self.allowed.forget_permits(usize::MAX);
        let transaction = Arc::new(transaction);
        self.inner().active = Some(Arc::clone(&transaction));
        tokio::spawn(peer::accept(Arc::clone(self), transaction, listener));
        Ok(())
    }

    /// A peer left: the last one of a finished transaction makes room for the next.
    pub(super) fn left(&self, transaction: &Arc<Transaction>) {
        if transaction.is_over() {
            self.clear(transaction);
        }
    }

    /// Somebody left the bus. A transaction that was never started goes with its owner.
    pub(super) fn vanished(&self, name: &str) {
        self.inner().clients.remove(name);
        let active = self.inner().active.clone();
        if let Some(transaction) = active.filter(|active| active.owner == name && active.is_waiting()) {
            self.clear(&transaction);
        }
    }

    fn clear(&self, transaction: &Arc<Transaction>) {
        {
            let mut inner = self.inner();
            if !inner.active.as_ref().is_some_and(|active| Arc::ptr_eq(active, transaction)) {
                return;
            }
            inner.active = None;
        }
        transaction.gone.cancel();
        self.show();
    }

    /// Does a transaction's work from its start to its end.
    pub(super) async fn run(self: Arc<Self>, transaction: Arc<Transaction>) {
        if let Some(signal) = transaction.retitle() {
            self.say(&transaction, &signal).await;
        }
        let (state, config) = {
            let inner = self.inner();
            (inner.state.clone(), inner.config.clone())
        };
        let script = script::write(&transaction.request, &self.system, &state, &config);
        let mut error = script.error;
        for step in script.steps {
            if let Some(place) = self.step(&transaction, step).await {
                error = Some(format!("{place}: Operation was cancelled"));
                break;
            }
        }
        self.permit().await;
        transaction.finish(error.as_deref());
        if let (None, Some(change)) = (&error, script.afterwards) {
            self.change(|state| change(state));
        }
        self.left(&transaction);
        let restart = error.is_none() && script.restart;
        tokio::select! {
            () = transaction.gone.cancelled() => {}
            // A system that goes down waits for nobody.
            () = tokio::time::sleep(if restart { Duration::from_secs(1) } else { LINGER }) => self.clear(&transaction),
        }
        if restart {
            self.restart();
        }
    }

    /// Where it was cancelled, if it was.
    async fn step(&self, transaction: &Arc<Transaction>, step: Step) -> Option<String> {
        match step {
            Step::Say(signal) => self.say(transaction, &signal).await,
            Step::Work(milliseconds) => self.work(transaction, milliseconds).await,
            Step::Change(change) => self.change(|state| change(state)),
            Step::Note(change) => {
                let mut inner = self.inner();
                change(&mut inner.state);
                self.store.keep(&self.system, &inner.state);
            }
            Step::Point { place, task } => {
                if transaction.cancelled.is_cancelled() {
                    if task {
                        self.say(transaction, &script::task_end()).await;
                    }
                    return Some(place);
                }
            }
        }
        None
    }

    async fn say(&self, transaction: &Transaction, signal: &script::Signal) {
        self.permit().await;
        transaction.say(signal);
        let deadly = self.system.manners.dies_at.as_deref();
        let text = signal.body.0.first().and_then(Data::as_str);
        if deadly.is_some() && text == deadly {
            // As killed: nothing more is said, nothing is put in order. What was said is on its way.
            tokio::time::sleep(Duration::from_millis(50)).await;
            self.store.died();
            std::process::exit(137);
        }
    }

    /// Waits until a signal may be sent.
    async fn permit(&self) {
        if self.system.manners.stepwise
            && let Ok(permit) = self.allowed.acquire().await
        {
            permit.forget();
        }
    }

    async fn work(&self, transaction: &Transaction, milliseconds: u64) {
        let pace = self.system.manners.pace;
        if pace > 0.0 {
            let time = Duration::from_millis(milliseconds).mul_f64(pace);
            tokio::select! {
                () = transaction.cancelled.cancelled() => {}
                () = tokio::time::sleep(time) => {}
            }
        }
    }

    /// The system goes down and comes up again: what waits is booted, and this process is gone.
    pub(super) fn restart(self: &Arc<Self>) {
        let daemon = Arc::clone(self);
        tokio::spawn(async move {
            // Those who listen hear the end first.
            tokio::time::sleep(Duration::from_millis(20)).await;
            {
                let mut inner = daemon.inner();
                inner.state.restart(&daemon.system);
                daemon.store.keep(&daemon.system, &inner.state);
                daemon.store.booted(&daemon.system, &inner.state);
            }
            std::process::exit(0);
        });
    }
}
