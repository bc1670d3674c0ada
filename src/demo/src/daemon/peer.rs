//! The socket of a transaction, and one connection to it.

use super::data::{Body, Data};
use super::decode;
use super::script::Signal;
use super::server::Daemon;
use super::transaction::{INTERFACE, Transaction};
use futures_util::StreamExt;
use std::fs;
use std::io::ErrorKind;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::Arc;
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::mpsc::{self, UnboundedReceiver};
use zbus::message::Type;
use zbus::names::MemberName;
use zbus::{Connection, Guid, Message, MessageStream, connection};

/// Makes the socket anew: what is left of the one before is taken away. Everybody may come to it, as an ordinary user follows
/// what polkit let them begin.
pub(super) fn listen(path: &Path) -> std::io::Result<UnixListener> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let listener = UnixListener::bind(path)?;
    fs::set_permissions(path, fs::Permissions::from_mode(0o666))?;
    Ok(listener)
}

/// Takes connections until the transaction is gone.
pub(super) async fn accept(daemon: Arc<Daemon>, transaction: Arc<Transaction>, listener: UnixListener) {
    loop {
        let stream = tokio::select! {
            () = transaction.gone.cancelled() => return,
            accepted = listener.accept() => accepted,
        };
        let Ok((stream, _)) = stream else {
            return;
        };
        let (to, signals) = mpsc::unbounded_channel();
        // From now on it counts, although it did not say who it is yet.
        let number = transaction.attach(to);
        let (daemon, transaction) = (Arc::clone(&daemon), Arc::clone(&transaction));
        tokio::spawn(async move {
            if let Err(error) = serve(&daemon, &transaction, stream, signals).await {
                tracing::debug!(%error, "a peer is gone");
            }
            transaction.detach(number);
            daemon.left(&transaction);
        });
    }
}

async fn serve(
    daemon: &Arc<Daemon>,
    transaction: &Arc<Transaction>,
    stream: UnixStream,
    mut signals: UnboundedReceiver<Signal>,
) -> zbus::Result<()> {
    let connection = connection::Builder::unix_stream(stream).server(Guid::generate())?.p2p().build().await?;
    let mut calls = MessageStream::from(&connection);
    loop {
        tokio::select! {
            () = transaction.gone.cancelled() => return connection.close().await,
            signal = signals.recv() => match signal {
                Some(signal) => send(&connection, &signal).await?,
                None => return connection.close().await,
            },
            call = calls.next() => match call {
                Some(call) => answer(daemon, transaction, &connection, &call?).await?,
                None => return Ok(()),
            },
        }
    }
}

async fn send(connection: &Connection, signal: &Signal) -> zbus::Result<()> {
    let properties = "org.freedesktop.DBus.Properties";
    let interface = if signal.name == "PropertiesChanged" { properties } else { INTERFACE };
    connection.send(&Message::signal("/", interface, signal.name)?.build(&signal.body)?).await
}

async fn answer(
    daemon: &Arc<Daemon>,
    transaction: &Arc<Transaction>,
    connection: &Connection,
    call: &Message,
) -> zbus::Result<()> {
    if call.message_type() != Type::MethodCall {
        return Ok(());
    }
    let header = call.header();
    let member = header.member().map(MemberName::as_str).unwrap_or_default();
    let reply = async |values| connection.reply(&header, &Body(values)).await;
    match member {
        "Start" => {
            let begun = transaction.begin();
            reply(vec![Data::Bool(begun)]).await?;
            if begun {
                tokio::spawn(Arc::clone(daemon).run(Arc::clone(transaction)));
            } else if let Some(end) = transaction.finished() {
                send(connection, &end).await?;
            }
            Ok(())
        }
        "Cancel" => {
            transaction.cancelled.cancel();
            reply(Vec::new()).await
        }
        "GetAll" => reply(vec![transaction.properties()]).await,
        "Get" => {
            let body = decode::body(call)?;
            let name = body.0.get(1).and_then(Data::as_str).unwrap_or_default();
            match transaction.properties().get(name) {
                Some(value) => reply(vec![Data::Variant(Box::new(value.clone()))]).await,
                None => refuse(connection, call, &format!("No such property “{name}”")).await,
            }
        }
        "Ping" => reply(Vec::new()).await,
        _ => refuse(connection, call, &format!("No such method “{member}”")).await,
    }
}

async fn refuse(connection: &Connection, call: &Message, text: &str) -> zbus::Result<()> {
    let name = "org.freedesktop.DBus.Error.UnknownMethod";
    connection.reply_error(&call.header(), name, &text).await
}
