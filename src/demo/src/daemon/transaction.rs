//! One transaction: its title, who listens, how far it is.

use super::data::{Body, Data};
use super::request::Request;
use super::script::Signal;
use std::sync::{Mutex, MutexGuard, PoisonError};
use tokio::sync::mpsc::UnboundedSender;
use tokio_util::sync::CancellationToken;
use zbus::Message;

/// The interface on the peer connection.
pub(super) const INTERFACE: &str = "org.projectatomic.rpmostree1.Transaction";

/// A transaction from its call to the moment that its last listener leaves.
#[derive(Debug)]
pub(super) struct Transaction {
    pub(super) request: Request,
    /// The call as it came, by which equal ones join: its method and its body's bytes.
    pub(super) call: (String, Vec<u8>),
    /// The caller's name on the bus.
    pub(super) owner: String,
    /// Who began it, for others.
    pub(super) description: String,
    pub(super) cancelled: CancellationToken,
    /// Nobody can attach any more.
    pub(super) gone: CancellationToken,
    inner: Mutex<Inner>,
}

#[derive(Debug)]
struct Inner {
    title: String,
    phase: Phase,
    listeners: Vec<(u64, UnboundedSender<Signal>)>,
    next: u64,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Phase {
    Waiting,
    Running,
    Finished(bool, String),
}

impl Transaction {
    pub(super) fn new(request: Request, message: &Message, owner: String, description: String) -> Self {
        let method = message.header().member().map(ToString::to_string).unwrap_or_default();
        let inner = Inner { title: request.title().to_owned(), phase: Phase::Waiting, listeners: Vec::new(), next: 0 };
        Self {
            request,
            call: (method, message.body().data().bytes().to_vec()),
            owner,
            description,
            cancelled: CancellationToken::new(),
            gone: CancellationToken::new(),
            inner: Mutex::new(inner),
        }
    }

    /// Whether this call is the same, byte for byte: the order of its dictionaries counts.
    pub(super) fn is_same(&self, message: &Message) -> bool {
        let same_method = message.header().member().is_some_and(|member| member.as_str() == self.call.0);
        same_method && message.body().data().bytes() == self.call.1
    }

    pub(super) fn title(&self) -> String {
        self.inner().title.clone()
    }

    /// Both properties.
    pub(super) fn properties(&self) -> Data {
        let description = Data::text(&self.description);
        Data::pairs([("InitiatingClientDescription", description), ("Title", Data::text(self.title()))])
    }

    /// Begins, if nobody did. What it is called from now on is told to all.
    pub(super) fn begin(&self) -> bool {
        let mut inner = self.inner();
        if inner.phase != Phase::Waiting {
            return false;
        }
        inner.phase = Phase::Running;
        true
    }

    /// The title from the start on, and what tells of it.
    pub(super) fn retitle(&self) -> Option<Signal> {
        let Request::Deploy(order) = &self.request else {
            return None;
        };
        self.inner().title.clone_from(&order.title);
        let changed = Data::pairs([("Title", Data::text(&order.title))]);
        let body = vec![Data::text(INTERFACE), changed, Data::texts::<&str>([])];
        Some(Signal { name: "PropertiesChanged", body: Body(body) })
    }

    pub(super) fn is_waiting(&self) -> bool {
        self.inner().phase == Phase::Waiting
    }

    /// It ended, and nobody listens any more.
    pub(super) fn is_over(&self) -> bool {
        let inner = self.inner();
        matches!(inner.phase, Phase::Finished(..)) && inner.listeners.is_empty()
    }

    /// Tells all who listen.
    pub(super) fn say(&self, signal: &Signal) {
        for (_, listener) in &self.inner().listeners {
            // One that just left is taken off the list by its own task.
            let _ = listener.send(signal.clone());
        }
    }

    /// The end, told to all who listen and kept for those who come late.
    pub(super) fn finish(&self, error: Option<&str>) {
        self.inner().phase = Phase::Finished(error.is_none(), error.unwrap_or_default().to_owned());
        if let Some(signal) = self.finished() {
            self.say(&signal);
        }
    }

    /// The end, if it was reached.
    pub(super) fn finished(&self) -> Option<Signal> {
        match &self.inner().phase {
            Phase::Finished(success, error) => {
                let body = Body(vec![Data::Bool(*success), Data::text(error)]);
                Some(Signal { name: "Finished", body })
            }
            _ => None,
        }
    }

    pub(super) fn attach(&self, listener: UnboundedSender<Signal>) -> u64 {
        let mut inner = self.inner();
        inner.next += 1;
        let number = inner.next;
        inner.listeners.push((number, listener));
        number
    }

    pub(super) fn detach(&self, number: u64) {
        self.inner().listeners.retain(|(known, _)| *known != number);
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        // Nothing panics while it holds the lock.
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
