//! Whether this is a good moment for work that nobody waits for: what the machine says of its network and its power.

use crate::Environment;
use crate::bus::{self, Service};
use std::collections::HashMap;
use std::time::Duration;
use zbus::Connection;
use zbus::zvariant::OwnedValue;

/// How long each of the two may take to be found out.
const PATIENCE: Duration = Duration::from_secs(3);

/// <https://networkmanager.dev/docs/api/latest/gdbus-org.freedesktop.NetworkManager.html>
const NETWORK_MANAGER: Service = Service {
    name: "org.freedesktop.NetworkManager",
    path: "/org/freedesktop/NetworkManager",
    interface: "org.freedesktop.NetworkManager",
};

/// `NM_STATE_CONNECTED_SITE`; from there on there is a way out.
const CONNECTED: u32 = 60;

/// `NM_CONNECTIVITY_NONE` and `NM_CONNECTIVITY_PORTAL`: nothing, and a page that wants something first.
const NO_WAY_OUT: [u32; 2] = [1, 2];

/// `NM_METERED_YES` and `NM_METERED_GUESS_YES`.
const METERED: [u32; 2] = [1, 3];

/// power-profiles-daemon, and whoever speaks in its name (tuned, TLP); the second is its older name.
/// <https://upower.pages.freedesktop.org/power-profiles-daemon/gdbus-org.freedesktop.UPower.PowerProfiles.html>
const POWER_PROFILES: [Service; 2] = [
    Service {
        name: "org.freedesktop.UPower.PowerProfiles",
        path: "/org/freedesktop/UPower/PowerProfiles",
        interface: "org.freedesktop.UPower.PowerProfiles",
    },
    Service {
        name: "net.hadess.PowerProfiles",
        path: "/net/hadess/PowerProfiles",
        interface: "net.hadess.PowerProfiles",
    },
];

/// What it calls saving.
const SAVER: &str = "power-saver";

/// For a sandbox, which does not reach the machine's bus.
/// <https://flatpak.github.io/xdg-desktop-portal/docs/doc-org.freedesktop.portal.PowerProfileMonitor.html>
const POWER_PORTAL: Service = Service { interface: "org.freedesktop.portal.PowerProfileMonitor", ..PORTAL };

const PORTAL: Service = Service {
    name: "org.freedesktop.portal.Desktop",
    path: "/org/freedesktop/portal/desktop",
    interface: "org.freedesktop.portal.NetworkMonitor",
};

/// What the machine says. Where nobody says anything, nothing speaks against work.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Conditions {
    /// The network.
    pub network: Network,
    /// The person, or an almost empty battery, wants power to be saved.
    pub saves_power: bool,
}

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

/// Asks the machine; takes a few seconds at most.
pub async fn conditions(environment: &Environment) -> Conditions {
    let network = tokio::time::timeout(PATIENCE, network(environment));
    let saves_power = tokio::time::timeout(PATIENCE, saves_power(environment));
    let (network, saves_power) = tokio::join!(network, saves_power);
    let unsaid = |error: zbus::Error| tracing::info!(%error, "the machine does not say how it is");
    Conditions {
        network: network.unwrap_or(Ok(Network::There)).map_err(unsaid).unwrap_or_default(),
        saves_power: saves_power.unwrap_or(Ok(false)).map_err(unsaid).unwrap_or_default(),
    }
}

async fn network(environment: &Environment) -> zbus::Result<Network> {
    if environment.sandboxed {
        return by_portal(&bus::session(environment).await?).await;
    }
    let connection = bus::system(environment).await?;
    if !bus::is_there(&connection, NETWORK_MANAGER.name).await? {
        return Ok(Network::There);
    }
    let state: u32 = NETWORK_MANAGER.property(&connection, "State").await?;
    let connectivity: u32 = NETWORK_MANAGER.property(&connection, "Connectivity").await?;
    let metered: u32 = NETWORK_MANAGER.property(&connection, "Metered").await?;
    Ok(if state < CONNECTED || NO_WAY_OUT.contains(&connectivity) {
        Network::Away
    } else if METERED.contains(&metered) {
        Network::Metered
    } else {
        Network::There
    })
}

/// <https://flatpak.github.io/xdg-desktop-portal/docs/doc-org.freedesktop.portal.NetworkMonitor.html>
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

async fn saves_power(environment: &Environment) -> zbus::Result<bool> {
    if environment.sandboxed {
        return POWER_PORTAL.property(&bus::session(environment).await?, "power-saver-enabled").await;
    }
    let connection = bus::system(environment).await?;
    for service in POWER_PROFILES {
        if bus::is_there(&connection, service.name).await? {
            let profile: String = service.property(&connection, "ActiveProfile").await?;
            return Ok(profile == SAVER);
        }
    }
    Ok(false)
}
