//! Whether this is a good moment for work that nobody waits for: what the machine says of its network and its power.

use crate::Environment;
use crate::bus::{self, Service};
use crate::network::{self, Network};
use std::time::Duration;

/// How long each of the two may take to be found out.
const PATIENCE: Duration = Duration::from_secs(3);

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
const POWER_PORTAL: Service = Service { interface: "org.freedesktop.portal.PowerProfileMonitor", ..network::PORTAL };

/// What the machine says. Where nobody says anything, nothing speaks against work.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Conditions {
    /// The network.
    pub network: Network,
    /// The person, or an almost empty battery, wants power to be saved.
    pub saves_power: bool,
}

/// Asks the machine; takes a few seconds at most.
pub async fn conditions(environment: &Environment) -> Conditions {
    let network = tokio::time::timeout(PATIENCE, network::ask(environment));
    let saves_power = tokio::time::timeout(PATIENCE, saves_power(environment));
    let (network, saves_power) = tokio::join!(network, saves_power);
    let unsaid = |error: zbus::Error| tracing::info!(%error, "the machine does not say how it is");
    Conditions {
        network: network.unwrap_or(Ok(Network::There)).map_err(unsaid).unwrap_or_default(),
        saves_power: saves_power.unwrap_or(Ok(false)).map_err(unsaid).unwrap_or_default(),
    }
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
