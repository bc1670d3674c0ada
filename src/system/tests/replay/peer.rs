//! The transaction's socket of a recording.

use crate::values::Typed;
use serde_json::Value as Json;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use tokio::net::UnixListener;
use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::AbortHandle;
use zbus::{Connection, Guid, connection};

const INTERFACE: &str = "org.projectatomic.rpmostree1.Transaction";

/// A call on the socket, and where its answer goes.
type Called = (&'static str, oneshot::Sender<Json>);

/// The object `/` of a transaction.
#[derive(Clone, Debug)]
pub(crate) struct Transaction {
    title: String,
    initiator: String,
    calls: mpsc::UnboundedSender<Called>,
    started: watch::Sender<bool>,
}

impl Transaction {
    async fn call(&self, name: &'static str) -> zbus::fdo::Result<Json> {
        let (answer, answered) = oneshot::channel();
        let gone = || zbus::fdo::Error::Failed("the recording has ended".to_owned());
        self.calls.send((name, answer)).map_err(|_| gone())?;
        match answered.await.map_err(|_| gone())? {
            Json::String(refusal) => Err(zbus::fdo::Error::AccessDenied(refusal)),
            answer => Ok(answer),
        }
    }
}

#[zbus::interface(name = "org.projectatomic.rpmostree1.Transaction")]
impl Transaction {
    async fn start(&self) -> zbus::fdo::Result<bool> {
        self.started.send_replace(true);
        Ok(self.call("Start").await?.as_bool().unwrap())
    }

    async fn cancel(&self) -> zbus::fdo::Result<()> {
        self.call("Cancel").await.map(drop)
    }

    #[zbus(property)]
    fn title(&self) -> String {
        self.title.clone()
    }

    #[zbus(property)]
    fn initiating_client_description(&self) -> String {
        self.initiator.clone()
    }
}

/// The socket and who is connected to it.
#[derive(Debug)]
pub(crate) struct Peers {
    socket: PathBuf,
    transaction: Transaction,
    calls: mpsc::UnboundedReceiver<Called>,
    connections: Arc<Mutex<Vec<Connection>>>,
    accepted: watch::Sender<usize>,
    /// Connections that were waited for.
    expected: usize,
    listener: Option<AbortHandle>,
}

impl Peers {
    pub(crate) fn new(socket: PathBuf, title: &str, initiator: &str) -> Self {
        let (sender, calls) = mpsc::unbounded_channel();
        let (title, initiator) = (title.to_owned(), initiator.to_owned());
        let transaction = Transaction { title, initiator, calls: sender, started: watch::Sender::new(false) };
        let connections = Arc::default();
        Self { socket, transaction, calls, connections, accepted: watch::Sender::new(0), expected: 0, listener: None }
    }

    /// The address, with the socket open.
    pub(crate) fn open(&mut self) -> String {
        if self.listener.is_none() {
            let listener = UnixListener::bind(&self.socket).unwrap();
            let (transaction, connections) = (self.transaction.clone(), Arc::clone(&self.connections));
            let accepted = self.accepted.clone();
            let accept = async move {
                while let Ok((stream, _)) = listener.accept().await {
                    let guid = Guid::generate();
                    let builder = connection::Builder::unix_stream(stream).server(guid).unwrap().p2p();
                    let served = builder.serve_at("/", transaction.clone()).unwrap().build().await;
                    // A client that thought better of it.
                    let Ok(connection) = served else { continue };
                    connections.lock().unwrap().push(connection);
                    accepted.send_modify(|count| *count += 1);
                }
            };
            self.listener = Some(tokio::spawn(accept).abort_handle());
        }
        format!("unix:path={}", self.socket.display())
    }

    /// The transaction is over: the next one begins anew.
    pub(crate) fn shut(&mut self) {
        if let Some(listener) = self.listener.take() {
            listener.abort();
            let _ = std::fs::remove_file(&self.socket);
        }
        self.transaction.started.send_replace(false);
        self.expected = *self.accepted.borrow();
    }

    /// Waits for the client to connect.
    pub(crate) async fn connected(&mut self) {
        self.expected += 1;
        let expected = self.expected;
        self.accepted.subscribe().wait_for(|count| *count >= expected).await.unwrap();
    }

    /// Waits for a call and answers it; with a text it is refused.
    pub(crate) async fn answer(&mut self, name: &str, reply: &Json) -> Result<(), String> {
        let (called, answer) = self.calls.recv().await.ok_or("the socket is gone")?;
        if called != name {
            return Err(format!("{called} instead of {name}"));
        }
        answer.send(reply.clone()).map_err(|_| format!("nobody waits for the answer to {name}"))
    }

    /// Says something to everybody who listens. Nothing is said before somebody let the transaction begin.
    pub(crate) async fn say(&self, name: &str, arguments: &Typed) -> Result<(), String> {
        self.transaction.started.subscribe().wait_for(|started| *started).await.unwrap();
        let interface = if name == "PropertiesChanged" { "org.freedesktop.DBus.Properties" } else { INTERFACE };
        let connections = self.connections.lock().unwrap().clone();
        for connection in connections.iter().filter(|connection| !connection.is_closed()) {
            let said = match arguments.body() {
                Some(body) => connection.emit_signal(None::<&str>, "/", interface, name, &body).await,
                None => connection.emit_signal(None::<&str>, "/", interface, name, &()).await,
            };
            said.map_err(|error| format!("{name}: {error}"))?;
        }
        Ok(())
    }

    /// Waits until nobody is connected.
    pub(crate) async fn hung_up(&self) {
        let connections = self.connections.lock().unwrap().clone();
        for connection in connections {
            connection.closed().await;
        }
        self.connections.lock().unwrap().clear();
    }

    /// The daemon's end goes away.
    pub(crate) async fn die(&mut self) {
        self.lose().await;
        self.shut();
    }

    /// The connections are lost; others can be made.
    pub(crate) async fn lose(&self) {
        let connections = std::mem::take(&mut *self.connections.lock().unwrap());
        for connection in connections {
            let _ = connection.close().await;
        }
    }
}
