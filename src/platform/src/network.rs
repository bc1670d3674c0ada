//! What the machine says of its network, and when it says something else.

use crate::Environment;
use crate::bus::{self, Service};
use futures_util::{StreamExt, stream};
use std::collections::HashMap;
use std::ops::Range;
use zbus::zvariant::OwnedValue;
use zbus::{Connection, MatchRule, MessageStream, message};

/// <https://networkmanager.dev/docs/api/latest/gdbus-org.freedesktop.NetworkManager.html>
const NETWORK_MANAGER: Service = Service {
    name: "org.freedesktop.NetworkManager",
    path: "/org/freedesktop/NetworkManager",
    interface: "org.freedesktop.NetworkManager",
};

/// From `NM_STATE_ASLEEP` to before `NM_STATE_CONNECTED_SITE`. Below is `NM_STATE_UNKNOWN`, from there on a way out.
const NOT_CONNECTED: Range<u32> = 10..60;

/// `NM_CONNECTIVITY_NONE` and `NM_CONNECTIVITY_PORTAL`: nothing, and a page that wants something first.
const NO_WAY_OUT: [u32; 2] = [1, 2];

/// `NM_METERED_YES` and `NM_METERED_GUESS_YES`.
const METERED: [u32; 2] = [1, 3];

/// For a sandbox, which does not reach the machine's bus.
/// <https://flatpak.github.io/xdg-desktop-portal/docs/doc-org.freedesktop.portal.NetworkMonitor.html>
pub(crate) const PORTAL: Service = Service {
    name: "org.freedesktop.portal.Desktop",
    path: "/org/freedesktop/portal/desktop",
    interface: "org.freedesktop.portal.NetworkMonitor",
};

const PROPERTIES: &str = "org.freedesktop.DBus.Properties";

/// What is known of the network.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Network {
    /// It is there, or nobody says that it is not.
    #[default]
    There,
    /// It is there, and what comes over it may cost money.
    Metered,
    /// It is not there.
    Away,
}

/// The network, followed.
#[derive(Debug)]
pub struct NetworkMonitor {
    connection: Connection,
    sandboxed: bool,
    signals: stream::SelectAll<MessageStream>,
}

impl NetworkMonitor {
    /// Begins to listen; `None` where there is no bus on which anybody could say something.
    pub async fn find(environment: &Environment) -> Option<Self> {
        let found = find(environment).await;
        found.inspect_err(|error| tracing::debug!(%error, "nobody says how the network is")).ok()
    }

    /// How it is now; there, where nobody says anything else.
    pub async fn now(&self) -> Network {
        let told = told(&self.connection, self.sandboxed).await;
        told.inspect_err(|error| tracing::debug!(%error, "nobody says how the network is")).unwrap_or_default()
    }

    /// Waits until it may be different; `false` when nobody will tell any more.
    pub async fn changed(&mut self) -> bool {
        matches!(self.signals.next().await, Some(Ok(_)))
    }
}

async fn find(environment: &Environment) -> zbus::Result<NetworkMonitor> {
    let connection = connect(environment).await?;
    // What is told while the first answer is read counts; and who tells may come later than we.
    let rules = if environment.sandboxed {
        let signal = MatchRule::builder().msg_type(message::Type::Signal).sender(PORTAL.name)?;
        vec![signal.path(PORTAL.path)?.interface(PORTAL.interface)?.member("changed")?.build()]
    } else {
        let signal = || MatchRule::builder().msg_type(message::Type::Signal);
        let properties = signal().sender(NETWORK_MANAGER.name)?.path(NETWORK_MANAGER.path)?.interface(PROPERTIES)?;
        let owner = signal().sender("org.freedesktop.DBus")?.member("NameOwnerChanged")?;
        vec![properties.build(), owner.arg(0, NETWORK_MANAGER.name)?.build()]
    };
    let mut signals = stream::SelectAll::new();
    for rule in rules {
        signals.push(MessageStream::for_match_rule(rule, &connection, None).await?);
    }
    Ok(NetworkMonitor { connection, sandboxed: environment.sandboxed, signals })
}

async fn connect(environment: &Environment) -> zbus::Result<Connection> {
    if environment.sandboxed { bus::session(environment).await } else { bus::system(environment).await }
}

/// Asks once.
pub(crate) async fn ask(environment: &Environment) -> zbus::Result<Network> {
    told(&connect(environment).await?, environment.sandboxed).await
}

async fn told(connection: &Connection, sandboxed: bool) -> zbus::Result<Network> {
    if sandboxed { by_portal(connection).await } else { by_network_manager(connection).await }
}

async fn by_network_manager(connection: &Connection) -> zbus::Result<Network> {
    if !bus::is_there(connection, NETWORK_MANAGER.name).await? {
        return Ok(Network::There);
    }
    let state: u32 = NETWORK_MANAGER.property(connection, "State").await?;
    let connectivity: u32 = NETWORK_MANAGER.property(connection, "Connectivity").await?;
    let metered: u32 = NETWORK_MANAGER.property(connection, "Metered").await?;
    Ok(if NOT_CONNECTED.contains(&state) || NO_WAY_OUT.contains(&connectivity) {
        Network::Away
    } else if METERED.contains(&metered) {
        Network::Metered
    } else {
        Network::There
    })
}

async fn by_portal(connection: &Connection) -> zbus::Result<Network> {
    let Service { name, path, interface } = PORTAL;
    let reply = connection.call_method(Some(name), path, Some(interface), "GetStatus", &()).await?;
    let status: HashMap<String, OwnedValue> = reply.body().deserialize()?;
    let says = |key: &str| status.get(key).and_then(|value| value.downcast_ref::<bool>().ok());
    Ok(match (says("available"), says("metered")) {
        (Some(false), _) => Network::Away,
        (_, Some(true)) => Network::Metered,
        _ => Network::There,
    })
}
