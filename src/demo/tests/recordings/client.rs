//! One recorded client: its connection to the bus, and its connection to a transaction.

use futures_util::StreamExt;
use rustix::process::Uid;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use strata_demo::daemon::{Body, Data, body};
use tokio::net::UnixStream;
use tokio::task::JoinHandle;
use zbus::message::Type;
use zbus::names::{InterfaceName, MemberName};
use zbus::zvariant::ObjectPath;
use zbus::{Connection, Message, MessageStream, connection};

/// How long anything may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// A connection whose signals are collected as they come.
pub(crate) struct Link {
    pub(crate) connection: Connection,
    seen: Arc<Mutex<Seen>>,
    /// How many were looked at.
    pub(crate) read: usize,
    collecting: JoinHandle<()>,
}

#[derive(Default)]
struct Seen {
    signals: Vec<Came>,
    ended: bool,
}

/// A signal that came.
#[derive(Clone, Debug)]
pub(crate) struct Came {
    pub(crate) path: String,
    pub(crate) interface: String,
    pub(crate) name: String,
    pub(crate) arguments: Vec<Data>,
}

impl Link {
    /// On the bus as this user; which user it is the bus sees from the thread that connects.
    pub(crate) async fn bus(address: &str, uid: u32) -> Self {
        let address = address.to_owned();
        if uid == 0 {
            let builder = connection::Builder::address(address.as_str()).unwrap();
            return Self::collect(builder.build().await.unwrap());
        }
        let become_user = |uid| {
            let id = Uid::from_raw(uid);
            rustix::thread::set_thread_res_uid(Uid::ROOT, id, Uid::ROOT).unwrap();
        };
        become_user(uid);
        let stream = UnixStream::connect(address.trim_start_matches("unix:path=")).await;
        become_user(0);
        Self::collect(connection::Builder::unix_stream(stream.unwrap()).user_id(uid).build().await.unwrap())
    }

    /// To a transaction.
    pub(crate) async fn peer(address: &str) -> zbus::Result<Self> {
        Ok(Self::collect(connection::Builder::address(address)?.p2p().build().await?))
    }

    fn collect(connection: Connection) -> Self {
        let seen = Arc::new(Mutex::new(Seen::default()));
        let mut stream = MessageStream::from(&connection);
        let into = Arc::clone(&seen);
        let collecting = tokio::spawn(async move {
            while let Some(Ok(message)) = stream.next().await {
                let came = came(&message);
                // That it has a name is what the bus says to each.
                if message.message_type() == Type::Signal && came.name != "NameAcquired" {
                    into.lock().unwrap().signals.push(came);
                }
            }
            into.lock().unwrap().ended = true;
        });
        Self { connection, seen, read: 0, collecting }
    }

    /// Signals of the daemon, and of its coming and going.
    pub(crate) async fn listen(&self) {
        let name = strata_demo::daemon::NAME;
        for rule in [
            format!("type='signal',sender='{name}'"),
            format!("type='signal',sender='org.freedesktop.DBus',member='NameOwnerChanged',arg0='{name}'"),
        ] {
            let dbus = Some("org.freedesktop.DBus");
            self.connection.call_method(dbus, "/org/freedesktop/DBus", dbus, "AddMatch", &rule).await.unwrap();
        }
    }

    /// The next signal, when it comes.
    pub(crate) async fn next(&mut self) -> Result<Came, String> {
        let place = self.read;
        let found = until(|| self.seen.lock().unwrap().signals.get(place).cloned()).await;
        let found = found.ok_or("no signal came")?;
        self.read += 1;
        Ok(found)
    }

    /// Signals that nobody waited for.
    pub(crate) fn rest(&self) -> Vec<Came> {
        self.seen.lock().unwrap().signals[self.read..].to_vec()
    }

    /// Until the other end is gone.
    pub(crate) async fn ended(&self) -> Result<(), String> {
        until(|| self.seen.lock().unwrap().ended.then_some(())).await.ok_or_else(|| "it did not end".to_owned())
    }

    pub(crate) async fn close(self) {
        self.collecting.abort();
        let _ = self.connection.close().await;
    }
}

/// What is found in time.
pub(crate) async fn until<T>(mut look: impl FnMut() -> Option<T>) -> Option<T> {
    let begun = Instant::now();
    while begun.elapsed() < PATIENCE {
        if let Some(found) = look() {
            return Some(found);
        }
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    None
}

fn came(message: &Message) -> Came {
    let header = message.header();
    let text = |part: Option<&str>| part.unwrap_or_default().to_owned();
    Came {
        path: text(header.path().map(ObjectPath::as_str)),
        interface: text(header.interface().map(InterfaceName::as_str)),
        name: text(header.member().map(MemberName::as_str)),
        arguments: body(message).unwrap().0,
    }
}

/// What a call came to.
pub(crate) type Answer = Result<Vec<Data>, (String, String)>;

/// Calls, and reads the answer.
pub(crate) async fn call(
    connection: Connection,
    to: Option<&str>,
    path: &str,
    method: (&str, &str),
    body: Body,
) -> Answer {
    let answer = connection.call_method(to, path, Some(method.0), method.1, &body);
    match tokio::time::timeout(PATIENCE, answer).await {
        Ok(Ok(reply)) => Ok(self::body(&reply).unwrap().0),
        Ok(Err(zbus::Error::MethodError(name, text, _))) => Err((name.to_string(), text.unwrap_or_default())),
        Ok(Err(error)) => Err(("failed".to_owned(), error.to_string())),
        Err(_) => Err(("failed".to_owned(), "no reply came".to_owned())),
    }
}
