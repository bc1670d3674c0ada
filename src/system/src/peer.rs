//! A transaction's own connection: no bus between it and the daemon.

use crate::fields::{Fields, Properties, cut};
use crate::names::{PROPERTIES, TRANSACTION};
use crate::progress::{Download, Said};
use futures_util::StreamExt;
use serde::de::DeserializeOwned;
use std::collections::VecDeque;
use std::pin::pin;
use std::time::Duration;
use zbus::message::{Message, Type};
use zbus::{Connection, MessageStream, connection};
use zvariant::DynamicType;

/// How long the daemon may take to accept a connection.
const PATIENCE: Duration = Duration::from_secs(10);
/// Signals that are kept while an answer is waited for. Above it the oldest progress is dropped, never an end.
const MAX_WAITING: usize = 4096;

/// A connection to a transaction. It has to end with [`Peer::close`], at once after the transaction: the daemon takes no
/// other as long as anybody listens.
#[derive(Debug)]
pub(crate) struct Peer {
    connection: Connection,
    stream: MessageStream,
    heard: VecDeque<Heard>,
}

/// What comes from the other end.
#[derive(Debug)]
pub(crate) enum Heard {
    /// A signal.
    Said(Said),
    /// The other end is gone.
    Gone,
}

impl Peer {
    /// Connects to the address that the daemon gave.
    pub(crate) async fn connect(address: &str) -> Result<Self, zbus::Error> {
        // D-Bus addresses can also name programs to run and hosts to reach.
        if !["unix:path=", "unix:abstract="].iter().any(|kind| address.starts_with(kind)) {
            return Err(zbus::Error::Address(cut(address).to_owned()));
        }
        let connecting = async {
            let connection = connection::Builder::address(address)?.p2p().build().await?;
            let stream = MessageStream::from(&connection);
            Ok(Self { connection, stream, heard: VecDeque::new() })
        };
        match tokio::time::timeout(PATIENCE, connecting).await {
            Ok(connected) => connected,
            Err(_) => Err(zbus::Error::Failure("the transaction’s socket does not answer".to_owned())),
        }
    }

    /// Its title and who began it.
    pub(crate) async fn about(&mut self) -> Result<(String, String), zbus::Error> {
        let properties: Properties = self.ask(PROPERTIES, "GetAll", &TRANSACTION).await?.body().deserialize()?;
        let fields = Fields::of_properties(&properties);
        Ok((fields.text("Title"), fields.text("InitiatingClientDescription")))
    }

    /// Lets it begin. No: it has begun already, or ended; then its end is told again.
    pub(crate) async fn start(&mut self) -> Result<bool, zbus::Error> {
        self.ask(TRANSACTION, "Start", &()).await?.body().deserialize()
    }

    /// Asks it to stop. Its end says whether it did.
    pub(crate) async fn cancel(&mut self) -> Result<(), zbus::Error> {
        self.ask(TRANSACTION, "Cancel", &()).await.map(drop)
    }

    /// The next that comes.
    pub(crate) async fn next(&mut self) -> Heard {
        if let Some(heard) = self.heard.pop_front() {
            return heard;
        }
        next(&mut self.stream).await
    }

    /// Hangs up.
    pub(crate) async fn close(self) {
        if let Err(error) = self.connection.close().await {
            tracing::debug!("the transaction’s connection was closed already: {error}");
        }
    }

    /// Calls a method. What comes before the answer is kept: signals may, and a queue that nobody empties would keep the
    /// answer from coming.
    async fn ask<B>(&mut self, interface: &str, method: &str, body: &B) -> Result<Message, zbus::Error>
    where
        B: serde::Serialize + DynamicType + Sync,
    {
        let connection = self.connection.clone();
        let mut answer = pin!(connection.call_method(None::<&str>, "/", Some(interface), method, body));
        loop {
            let heard = tokio::select! {
                biased;
                answer = &mut answer => return answer,
                heard = next(&mut self.stream) => heard,
            };
            if matches!(heard, Heard::Gone) {
                self.heard.push_back(heard);
                return answer.await;
            }
            if self.heard.len() >= MAX_WAITING {
                self.heard.pop_front();
            }
            self.heard.push_back(heard);
        }
    }
}

async fn next(stream: &mut MessageStream) -> Heard {
    loop {
        match stream.next().await {
            Some(Ok(message)) if message.message_type() == Type::Signal => {
                if let Some(said) = said(&message) {
                    return Heard::Said(said);
                }
            }
            Some(Ok(_)) => {}
            Some(Err(error)) => {
                tracing::debug!("the transaction’s connection ended: {error}");
                return Heard::Gone;
            }
            None => return Heard::Gone,
        }
    }
}

/// The meaning of a signal; one that nobody understands is skipped.
fn said(message: &Message) -> Option<Said> {
    let header = message.header();
    let member = header.member()?.as_str();
    match header.interface()?.as_str() {
        TRANSACTION => of_transaction(member, message),
        PROPERTIES if member == "PropertiesChanged" => {
            let (_, changed, _): (String, Properties, Vec<String>) = body(message)?;
            let fields = Fields::of_properties(&changed);
            fields.has("Title").then(|| Said::Title(fields.text("Title")))
        }
        _ => None,
    }
}

fn of_transaction(member: &str, message: &Message) -> Option<Said> {
    match member {
        "Finished" => body::<(bool, String)>(message).map(|(well, error)| Said::Finished(well, kept(&error))),
        "Message" => body(message).map(|text: String| Said::Message(kept(&text))),
        "TaskBegin" => body(message).map(|text: String| Said::Begin(kept(&text))),
        "TaskEnd" => Some(Said::End),
        "PercentProgress" => body(message).map(|(text, percent): (String, u32)| Said::Percent(kept(&text), percent)),
        "ProgressEnd" => Some(Said::PercentEnd),
        "DownloadProgress" => body(message).map(download),
        _ => None,
    }
}

fn kept(text: &str) -> String {
    cut(text).to_owned()
}

/// Times; fetches and writes that are open; metadata scanned, fetched, open; delta parts all, here, their superblocks and
/// size; files here, asked for; bytes that came, and in a second.
type Downloading = ((u64, u64), (u32, u32), (u32, u32, u32), (u32, u32, u32, u64), (u32, u32), (u64, u64));

fn download((_, _, metadata, delta, content, transfer): Downloading) -> Said {
    Said::Download(Download {
        metadata_outstanding: metadata.2,
        delta_parts: (delta.0, delta.1),
        delta_size: delta.3,
        fetched: content.0,
        requested: content.1,
        bytes: transfer.0,
    })
}

fn body<T: DeserializeOwned + zvariant::Type>(message: &Message) -> Option<T> {
    let read = message.body().deserialize::<T>();
    read.inspect_err(|error| tracing::info!("a signal of the transaction’s cannot be read: {error}")).ok()
}
