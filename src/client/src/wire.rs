//! The wire to the engine: the session bus, or a socket pair to a child.

use crate::failure::gone;
use futures_util::StreamExt;
use serde::{Serialize, de::DeserializeOwned};
use std::os::fd::OwnedFd;
use std::process::Stdio;
use std::time::Duration;
use strata_model::{Attention, Change, Failure, FailureKind, wire};
use strata_platform::Environment;
use tokio::process::{Child, Command};
use zbus::message::{self, Flags, Message};
use zbus::zvariant::{DynamicType, Type};
use zbus::{Connection, MatchRule, MessageStream, connection::Builder};

const BUS: &str = "org.freedesktop.DBus";
const BUS_PATH: &str = "/org/freedesktop/DBus";

/// Changes that may wait to be applied before the socket has to.
const QUEUE: usize = 64;

/// How long a child that hung up may take to say why.
const LAST_WORDS: Duration = Duration::from_secs(2);

/// A connection on which the engine can be asked.
#[derive(Debug)]
pub(crate) struct Wire {
    connection: Connection,
    /// The bus; a socket pair has none.
    bus: Option<String>,
    /// The engine's name on a bus; a socket pair needs none.
    destination: Option<&'static str>,
}

/// What comes over the wire by itself.
#[derive(Debug)]
pub(crate) struct Listener {
    changes: MessageStream,
    owners: Option<MessageStream>,
    connection: Connection,
}

/// One thing that came.
#[derive(Debug)]
pub(crate) enum News {
    /// The engine published a change.
    Change(Box<Change>),
    /// A new engine took its place on the bus.
    Arrived,
    /// The engine left the bus: it had nothing to do, or it crashed.
    Left,
    /// Nothing comes over this wire any more.
    HungUp(Failure),
}

impl Wire {
    /// Finds the engine on the session bus, else starts one as a child.
    pub(crate) async fn open(environment: &Environment) -> Result<Self, Failure> {
        if let Some(address) = &environment.session_bus {
            match Self::on_bus(address).await {
                Ok(Some(wire)) => return Ok(wire),
                Ok(None) => tracing::debug!("the session bus knows no engine"),
                Err(error) => tracing::debug!(%error, "the session bus cannot be used"),
            }
        }
        Self::to_child(environment).await
    }

    /// `None` if the engine is not there and the bus cannot start it.
    async fn on_bus(address: &str) -> zbus::Result<Option<Self>> {
        let wire = Self::at(address).await?;
        let is_there: bool = wire.ask_bus("NameHasOwner", &wire::BUS_NAME).await?;
        let startable: Vec<String> = wire.ask_bus("ListActivatableNames", &()).await?;
        Ok((is_there || startable.iter().any(|name| name == wire::BUS_NAME)).then_some(wire))
    }

    async fn at(address: &str) -> zbus::Result<Self> {
        let connection = Builder::address(address)?.build().await?;
        Ok(Self { connection, bus: Some(address.to_owned()), destination: Some(wire::BUS_NAME) })
    }

    async fn ask_bus<R: DeserializeOwned + Type>(
        &self,
        method: &str,
        body: &(impl Serialize + DynamicType),
    ) -> zbus::Result<R> {
        self.connection.call_method(Some(BUS), BUS_PATH, Some(BUS), method, body).await?.body().deserialize()
    }

    async fn to_child(environment: &Environment) -> Result<Self, Failure> {
        let started = |error: std::io::Error| {
            Failure::new(FailureKind::EngineGone, environment.service.to_string_lossy(), error.to_string())
        };
        let (ours, theirs) = std::os::unix::net::UnixStream::pair().map_err(started)?;
        // In a process group of its own: Ctrl+C is for the face, which cancels the task; a child that died of it
        // would break the task off.
        let mut child = Command::new(&environment.service)
            .arg("--peer")
            .stdin(Stdio::from(OwnedFd::from(theirs)))
            .stdout(Stdio::null())
            .process_group(0)
            .spawn()
            .map_err(started)?;
        ours.set_nonblocking(true).map_err(started)?;
        let stream = tokio::net::UnixStream::from_std(ours).map_err(started)?;
        match Self::over(stream).await {
            Ok(wire) => Ok(wire),
            Err(error) => Err(last_words(&mut child, &error).await),
        }
    }

    /// A wire over one end of a socket pair, whoever serves the other end.
    pub(crate) async fn over(stream: tokio::net::UnixStream) -> zbus::Result<Self> {
        let connection = Builder::unix_stream(stream).p2p().build().await?;
        Ok(Self { connection, bus: None, destination: None })
    }

    /// Whether the same wire leads to the next engine too.
    pub(crate) fn is_bus(&self) -> bool {
        self.destination.is_some()
    }

    /// Asks the engine.
    pub(crate) async fn call<R: DeserializeOwned + Type>(
        &self,
        method: &str,
        body: &(impl Serialize + DynamicType),
    ) -> zbus::Result<R> {
        let interface = Some(wire::INTERFACE);
        let answer = self.connection.call_method(self.destination, wire::OBJECT_PATH, interface, method, body).await?;
        answer.body().deserialize()
    }

    /// The same for what may take long, on a connection of its own: dropped, it leaves the bus, by which the engine hears
    /// that nobody waits for the answer any more, though this face stays. A socket pair has no other connection; there it
    /// is answered in vain.
    pub(crate) async fn call_apart<R: DeserializeOwned + Type>(
        &self,
        method: &str,
        body: &(impl Serialize + DynamicType),
    ) -> zbus::Result<R> {
        match &self.bus {
            Some(bus) => Self::at(bus).await?.call(method, body).await,
            None => self.call(method, body).await,
        }
    }

    /// Starts the engine if it is not there.
    pub(crate) async fn ping(&self) -> zbus::Result<()> {
        let interface = Some("org.freedesktop.DBus.Peer");
        self.connection.call_method(self.destination, wire::OBJECT_PATH, interface, "Ping", &()).await?;
        Ok(())
    }

    /// Says what the person sees here. No engine is woken to hear that it is nothing.
    pub(crate) async fn look(&self, attention: Attention) -> zbus::Result<()> {
        if attention > Attention::Nothing {
            return self.call("Look", &attention).await;
        }
        let mut message = Message::method_call(wire::OBJECT_PATH, "Look")?
            .interface(wire::INTERFACE)?
            .with_flags(Flags::NoAutoStart)?
            .with_flags(Flags::NoReplyExpected)?;
        if let Some(name) = self.destination {
            message = message.destination(name)?;
        }
        self.connection.send(&message.build(&attention)?).await
    }

    /// Listens to what comes by itself.
    pub(crate) async fn listen(&self) -> zbus::Result<Listener> {
        let rule = MatchRule::builder()
            .msg_type(message::Type::Signal)
            .path(wire::OBJECT_PATH)?
            .interface(wire::INTERFACE)?
            .member("Changed")?;
        let rule = match self.destination {
            Some(name) => rule.sender(name)?.build(),
            None => rule.build(),
        };
        let owners = match self.destination {
            Some(name) => Some(self.owners(name).await?),
            None => None,
        };
        let changes = MessageStream::for_match_rule(rule, &self.connection, Some(QUEUE)).await?;
        Ok(Listener { changes, owners, connection: self.connection.clone() })
    }

    async fn owners(&self, name: &'static str) -> zbus::Result<MessageStream> {
        let rule = MatchRule::builder()
            .msg_type(message::Type::Signal)
            .sender(BUS)?
            .interface(BUS)?
            .member("NameOwnerChanged")?
            .arg(0, name)?
            .build();
        MessageStream::for_match_rule(rule, &self.connection, None).await
    }
}

impl Listener {
    /// Waits for the next thing to come.
    pub(crate) async fn next(&mut self) -> News {
        let owner = async {
            match &mut self.owners {
                Some(owners) => owners.next().await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            // What came before the end counts.
            biased;
            change = self.changes.next() => news(change, |message| {
                Ok(News::Change(Box::new(message.body().deserialize()?)))
            }),
            owner = owner => news(owner, |message| {
                let body = message.body();
                let (_, _, new): (&str, &str, &str) = body.deserialize()?;
                Ok(if new.is_empty() { News::Left } else { News::Arrived })
            }),
            () = self.connection.closed() => News::HungUp(gone("the connection was closed")),
        }
    }
}

fn news(message: Option<zbus::Result<zbus::Message>>, read: impl FnOnce(&zbus::Message) -> zbus::Result<News>) -> News {
    match message {
        Some(message) => {
            message.and_then(|message| read(&message)).unwrap_or_else(|error| News::HungUp(gone(error.to_string())))
        }
        None => News::HungUp(gone("the connection was closed")),
    }
}

/// Why a child hung up before it served.
async fn last_words(child: &mut Child, error: &zbus::Error) -> Failure {
    match tokio::time::timeout(LAST_WORDS, child.wait()).await {
        Ok(Ok(status)) => gone(format!("the engine ended at once: {status}")),
        _ => gone(error.to_string()),
    }
}
