//! The connection to the system bus, and what is heard there of the daemon.

use crate::names::{BUS_NAME, NAMESPACE, PROPERTIES};
use futures_util::StreamExt;
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::AbortHandle;
use zbus::message::Type;
use zbus::{Connection, MatchRule, MessageStream, connection, fdo};

/// How long the bus may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// What was heard of the daemon.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Activity {
    /// The unique name of the daemon that runs, empty if none does.
    pub(crate) owner: String,
    /// Counts what may have changed.
    pub(crate) changes: u64,
}

/// A connection to the bus. It wakes nobody: it only listens.
#[derive(Debug)]
pub(crate) struct Bus {
    pub(crate) connection: Connection,
    activity: watch::Receiver<Activity>,
    listener: AbortHandle,
}

impl Drop for Bus {
    fn drop(&mut self) {
        self.listener.abort();
    }
}

impl Bus {
    /// Connects. `address` is the machine's own bus if there is none; `changes` counts whatever may have changed.
    pub(crate) async fn connect(address: Option<&str>, changes: watch::Sender<u64>) -> Result<Self, zbus::Error> {
        match tokio::time::timeout(PATIENCE, Self::connect_at(address, changes)).await {
            Ok(connected) => connected,
            Err(_) => Err(zbus::Error::Failure("the system bus does not answer".to_owned())),
        }
    }

    async fn connect_at(address: Option<&str>, changes: watch::Sender<u64>) -> Result<Self, zbus::Error> {
        let builder = match address {
            Some(address) => connection::Builder::address(address)?,
            None => connection::Builder::system()?,
        };
        let connection = builder.build().await?;
        let owners = MatchRule::builder()
            .msg_type(Type::Signal)
            .sender("org.freedesktop.DBus")?
            .interface("org.freedesktop.DBus")?
            .member("NameOwnerChanged")?
            .arg(0, BUS_NAME)?
            .build();
        let properties = MatchRule::builder()
            .msg_type(Type::Signal)
            .sender(BUS_NAME)?
            .interface(PROPERTIES)?
            .member("PropertiesChanged")?
            .path_namespace(NAMESPACE)?
            .build();
        let owners = MessageStream::for_match_rule(owners, &connection, None).await?;
        let properties = MessageStream::for_match_rule(properties, &connection, None).await?;
        let owner = owner(&connection).await?;
        let (heard, activity) = watch::channel(Activity { owner, changes: 0 });
        let listener = tokio::spawn(listen(owners, properties, heard, changes)).abort_handle();
        Ok(Self { connection, activity, listener })
    }

    /// The connection was lost.
    pub(crate) fn is_closed(&self) -> bool {
        self.connection.is_closed()
    }

    /// What was heard so far, and what comes.
    pub(crate) fn activity(&self) -> watch::Receiver<Activity> {
        self.activity.clone()
    }

    /// A daemon runs.
    pub(crate) fn is_running(&self) -> bool {
        !self.activity.borrow().owner.is_empty()
    }

    /// A call would start a daemon.
    pub(crate) async fn is_activatable(&self) -> Result<bool, zbus::Error> {
        let names: Vec<String> = self.ask("ListActivatableNames", &()).await?.body().deserialize()?;
        Ok(names.iter().any(|name| name == BUS_NAME))
    }

    /// This connection's name on the bus.
    pub(crate) fn own_name(&self) -> String {
        self.connection.unique_name().map(ToString::to_string).unwrap_or_default()
    }

    async fn ask<B>(&self, method: &str, body: &B) -> Result<zbus::Message, zbus::Error>
    where
        B: serde::Serialize + zvariant::DynamicType,
    {
        ask(&self.connection, method, body).await
    }
}

/// Asks the bus itself.
async fn ask<B>(connection: &Connection, method: &str, body: &B) -> Result<zbus::Message, zbus::Error>
where
    B: serde::Serialize + zvariant::DynamicType,
{
    let bus = "org.freedesktop.DBus";
    connection.call_method(Some(bus), "/org/freedesktop/DBus", Some(bus), method, body).await
}

/// The daemon that runs, empty if none does.
async fn owner(connection: &Connection) -> Result<String, zbus::Error> {
    match ask(connection, "GetNameOwner", &BUS_NAME).await {
        Ok(owner) => owner.body().deserialize(),
        Err(zbus::Error::MethodError(..)) => Ok(String::new()),
        Err(error) => Err(error),
    }
}

/// Keeps account until the connection ends. What the signals say is only taken as a hint: whoever wants to know asks.
async fn listen(
    mut owners: MessageStream,
    mut properties: MessageStream,
    heard: watch::Sender<Activity>,
    changes: watch::Sender<u64>,
) {
    loop {
        let owner = tokio::select! {
            biased;
            owner = owners.next() => match owner {
                Some(Ok(message)) => fdo::NameOwnerChanged::from_message(message),
                _ => break,
            },
            properties = properties.next() => match properties {
                Some(Ok(_)) => None,
                _ => break,
            },
        };
        let owner = owner.as_ref().and_then(|signal| signal.args().ok());
        heard.send_modify(|activity| {
            if let Some(owner) = &owner {
                activity.owner = owner.new_owner().as_ref().map(ToString::to_string).unwrap_or_default();
            }
            activity.changes += 1;
        });
        // A daemon that comes or goes changes nothing by that; whoever looked again would wake the one that left.
        if owner.is_none() {
            changes.send_modify(|count| *count += 1);
        }
    }
    heard.send_modify(|activity| *activity = Activity { owner: String::new(), changes: activity.changes + 1 });
}
