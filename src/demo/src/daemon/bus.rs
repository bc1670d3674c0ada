//! The daemon's connection to the bus: calls come in, answers and signals go out.

use super::answers::{self, Refused, dbus_error, io_error};
use super::data::{Body, Data};
use super::objects::{EXPERIMENTAL, INTERFACES, Kind, METHODS, Method};
use super::request::Request;
use super::server::Daemon;
use super::store::Store;
use super::transaction::Transaction;
use super::{NAME, ROOT, authority, busy, control, decode};
use crate::DemoError;
use futures_util::{FutureExt, StreamExt};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::mpsc;
use zbus::message::Type;
use zbus::names::{InterfaceName, MemberName};
use zbus::zvariant::ObjectPath;
use zbus::{Connection, MatchRule, Message, MessageStream, connection};

pub(super) const DBUS: &str = "org.freedesktop.DBus";
const PROPERTIES: &str = "org.freedesktop.DBus.Properties";

/// How long another program may take to begin, and between two looks whether it has.
const A_MOMENT: Duration = Duration::from_secs(2);
const SHORTLY: Duration = Duration::from_millis(10);

/// Serves the system in this folder on a bus, until nobody needs it any more.
///
/// # Errors
/// [`DemoError::Bus`] when there is no such bus or the name is taken, and what is wrong with the folder.
pub async fn serve(address: &str, store: Store) -> Result<(), DemoError> {
    let (outgoing, mut messages) = mpsc::unbounded_channel::<Message>();
    let daemon = Daemon::new(store, outgoing)?;
    let connection = connection::Builder::address(address)?.build().await?;
    let mut incoming = MessageStream::from(&connection);
    watch(&connection).await?;
    let sending = connection.clone();
    let sending = tokio::spawn(async move {
        while let Some(message) = messages.recv().await {
            if let Err(error) = sending.send(&message).await {
                tracing::debug!(%error, "the bus is gone");
            }
        }
    });
    if daemon.system.manners.busy {
        begin_busy(&daemon, &connection, &mut incoming, address).await;
    }
    connection.request_name(NAME).await?;
    let mut last = Instant::now();
    loop {
        // Looked at now and then: what keeps it here has no signal of its own.
        let message = tokio::time::timeout(Duration::from_millis(250), incoming.next()).await;
        match message {
            Ok(None) => return Ok(()),
            Ok(Some(Ok(message))) => {
                take(&daemon, &connection, &message).await;
                last = Instant::now();
            }
            Ok(Some(Err(error))) => tracing::debug!(%error, "not understood"),
            Err(_) if is_idle(&daemon, last) => {
                // As the real one: the name goes first, and whoever called until then is answered.
                connection.release_name(NAME).await?;
                while let Some(Some(Ok(message))) = incoming.next().now_or_never() {
                    take(&daemon, &connection, &message).await;
                }
                if is_idle(&daemon, last) {
                    break;
                }
                connection.request_name(NAME).await?;
                last = Instant::now();
            }
            Err(_) => {}
        }
    }
    drop(daemon);
    let _ = tokio::time::timeout(Duration::from_secs(1), sending).await;
    Ok(())
}

/// Another program is at work before anybody else can ask.
async fn begin_busy(daemon: &Arc<Daemon>, connection: &Connection, incoming: &mut MessageStream, address: &str) {
    let name = connection.unique_name().map(ToString::to_string).unwrap_or_default();
    tokio::spawn(busy::keep_busy(address.to_owned(), name));
    let begun = Instant::now();
    while !daemon.is_at_work() && begun.elapsed() < A_MOMENT {
        if let Ok(Some(Ok(message))) = tokio::time::timeout(SHORTLY, incoming.next()).await {
            take(daemon, connection, &message).await;
        }
    }
    if !daemon.is_at_work() {
        tracing::warn!("the other program is not at work yet");
    }
}

fn is_idle(daemon: &Daemon, last: Instant) -> bool {
    let inner = daemon.inner();
    let idle = inner.config.idle;
    idle > 0 && inner.clients.is_empty() && inner.active.is_none() && last.elapsed() > Duration::from_secs(idle)
}

async fn watch(connection: &Connection) -> zbus::Result<()> {
    let rule = MatchRule::builder().msg_type(Type::Signal).sender(DBUS)?.member("NameOwnerChanged")?.build();
    connection.call_method(Some(DBUS), "/org/freedesktop/DBus", Some(DBUS), "AddMatch", &rule.to_string()).await?;
    Ok(())
}

async fn take(daemon: &Arc<Daemon>, connection: &Connection, message: &Message) {
    let body = decode::body(message).unwrap_or_default();
    match message.message_type() {
        Type::Signal => left(daemon, message, &body),
        Type::MethodCall => {
            let answer = call(daemon, connection, message, &body).await;
            daemon.send(match answer {
                Ok(body) => Message::method_return(&message.header()).and_then(|reply| reply.build(&body)),
                Err((name, text)) => Message::error(&message.header(), name).and_then(|reply| reply.build(&text)),
            });
            if changes(message) {
                daemon.show();
            }
        }
        _ => {}
    }
}

/// Properties are computed anew after these, not whenever someone asks.
fn changes(message: &Message) -> bool {
    let header = message.header();
    let member = header.member().map(MemberName::as_str).unwrap_or_default();
    member.starts_with("Reload") || METHODS.iter().any(|it| it.name == member && it.kind == Kind::Transaction)
}

fn left(daemon: &Daemon, message: &Message, body: &Body) {
    let member = message.header().member().map(ToString::to_string);
    if member.as_deref() == Some("NameOwnerChanged")
        && let [name, _, new] = &body.0[..]
        && new.as_str() == Some("")
    {
        daemon.vanished(name.as_str().unwrap_or_default());
    }
}

async fn call(daemon: &Arc<Daemon>, connection: &Connection, message: &Message, body: &Body) -> Result<Body, Refused> {
    let header = message.header();
    let text = |part: Option<&str>| part.unwrap_or_default().to_owned();
    let path = text(header.path().map(ObjectPath::as_str));
    let interface = text(header.interface().map(InterfaceName::as_str));
    let member = text(header.member().map(MemberName::as_str));
    if path == control::PATH {
        return control::call(daemon, &member, &body.0);
    }
    let own = match path.strip_prefix(ROOT) {
        Some("/Sysroot") => &INTERFACES[..1],
        Some(_) if path == daemon.system.path() => &[INTERFACES[1], EXPERIMENTAL],
        _ => return Err(dbus_error("UnknownMethod", format!("Object does not exist at path “{path}”"))),
    };
    if interface == PROPERTIES && matches!(member.as_str(), "Get" | "GetAll") {
        return answers::property(daemon, &path, &member, &body.0);
    }
    let known = METHODS.iter().find(|method| {
        method.name == member
            && (interface == method.interface || interface.is_empty())
            && own.contains(&method.interface)
    });
    let method = known.ok_or_else(|| dbus_error("UnknownMethod", format!("No such method “{member}”")))?;
    check_signature(method, message)?;
    if method.kind != Kind::Free {
        authority::authorise(connection, message, method, &body.0).await?;
    }
    if method.kind == Kind::Transaction {
        return begin(daemon, connection, message, method, &body.0).await;
    }
    answers::answer(daemon, message, method.name, &body.0)
}

fn check_signature(method: &Method, message: &Message) -> Result<(), Refused> {
    let body = message.body();
    let came = body.signature().to_string_no_parens();
    if came == method.takes {
        return Ok(());
    }
    let words = format!("Type of message, “({came})”, does not match expected type “({})”", method.takes);
    Err(dbus_error("InvalidArgs", words))
}

async fn begin(
    daemon: &Arc<Daemon>,
    connection: &Connection,
    message: &Message,
    method: &Method,
    arguments: &[Data],
) -> Result<Body, Refused> {
    let automatic = method.name == "AutomaticUpdateTrigger";
    let address = Data::text(daemon.store.address());
    let reply = |address| Body(if automatic { vec![Data::Bool(true), address] } else { vec![address] });
    let active = daemon.inner().active.clone();
    if let Some(active) = active {
        if active.is_same(message) {
            return Ok(reply(address));
        }
        let words = "You can cancel the current transaction with `rpm-ostree cancel`";
        return Err(io_error(26, format!("Transaction in progress: {}\n {words}", active.title())));
    }
    let request = if automatic {
        match mode(daemon, arguments)? {
            Some(request) => request,
            None => return Ok(Body(vec![Data::Bool(false), Data::text("")])),
        }
    } else {
        Request::parse(method.name, arguments).map_err(|words| io_error(0, words))?
    };
    let owner = message.header().sender().map(ToString::to_string).unwrap_or_default();
    let uid = authority::user(connection, message).await.unwrap_or_default();
    let id = daemon.inner().clients.get(&owner).cloned().unwrap_or_default();
    let id = if id.is_empty() { id } else { format!("id:{id} ") };
    let description = format!("client({id}dbus:{} uid:{uid})", owner.trim_start_matches(':'));
    daemon.open(Transaction::new(request, message, owner, description)).map_err(|words| io_error(0, words))?;
    Ok(reply(address))
}

/// What an automatic update does now: nothing, if the policy says so.
fn mode(daemon: &Daemon, arguments: &[Data]) -> Result<Option<Request>, Refused> {
    let options = arguments.first();
    let text = options.and_then(|options| options.get("mode")).and_then(Data::as_str).unwrap_or("auto");
    let policy = daemon.inner().config.policy.clone();
    let mode = if text == "auto" { policy.as_str() } else { text };
    let to_self = options.and_then(|options| options.get("output-to-self")).and_then(Data::as_bool).unwrap_or(true);
    match mode {
        "none" => Ok(None),
        "check" | "stage" | "apply" => Ok(Some(Request::automatic(mode, to_self))),
        _ => Err(io_error(0, format!("Invalid value for AutomaticUpdatePolicy: '{mode}'"))),
    }
}
