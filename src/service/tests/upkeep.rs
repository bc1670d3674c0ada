//! What the engine does by itself, on private buses with stand-ins for what a machine has.
#![allow(missing_docs)]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests say what went wrong by panicking")]

mod bus;
mod desktop;
#[path = "../../engine/tests/toy/mod.rs"]
mod toy;

use bus::Bus;
use std::sync::Arc;
use std::time::Duration;
use strata_client::Engine;
use strata_engine::Source;
use strata_model::Upkeep;
use strata_platform::network::{Network, NetworkMonitor};
use strata_service::serve_bus;
use tokio_util::sync::CancellationToken;
use toy::{DEADLINE, Home, Toy, update};
use zbus::Connection;

/// `org.freedesktop.NetworkManager`.
#[derive(Debug)]
struct NetworkManager {
    state: u32,
    connectivity: u32,
    metered: u32,
}

#[zbus::interface(name = "org.freedesktop.NetworkManager")]
impl NetworkManager {
    #[zbus(property)]
    fn state(&self) -> u32 {
        self.state
    }

    #[zbus(property)]
    fn connectivity(&self) -> u32 {
        self.connectivity
    }

    #[zbus(property)]
    fn metered(&self) -> u32 {
        self.metered
    }
}

/// `org.freedesktop.UPower.PowerProfiles`.
#[derive(Debug)]
struct Profiles(&'static str);

#[zbus::interface(name = "org.freedesktop.UPower.PowerProfiles")]
impl Profiles {
    #[zbus(property)]
    fn active_profile(&self) -> &str {
        self.0
    }
}

/// Makes the machine so: state, connectivity and metering of its network, its power profile.
async fn machine(system: &Connection, (state, connectivity, metered): (u32, u32, u32), profile: &'static str) {
    let (network, power) = ("/org/freedesktop/NetworkManager", "/org/freedesktop/UPower/PowerProfiles");
    let server = system.object_server();
    server.remove::<NetworkManager, _>(network).await.unwrap_or_default();
    server.remove::<Profiles, _>(power).await.unwrap_or_default();
    server.at(network, NetworkManager { state, connectivity, metered }).await.unwrap();
    server.at(power, Profiles(profile)).await.unwrap();
    system.request_name("org.freedesktop.NetworkManager").await.unwrap();
    system.request_name("org.freedesktop.UPower.PowerProfiles").await.unwrap();
}

#[tokio::test]
async fn nothing_is_done_while_network_or_power_is_short_and_then_it_is_told() {
    let (session_folder, system_folder) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let session = Bus::new(session_folder.path(), None, &[]);
    let system = Bus::new(system_folder.path(), None, &[]);
    let home = Home::with(|environment| {
        environment.session_bus = Some(session.address.clone());
        environment.system_bus = Some(system.address.clone());
    });
    let desk = session.connect().await;
    let mut shown = desktop::with_server(&desk).await;
    let (toy, stop) = (Toy::new(), CancellationToken::new());
    toy.publish(&[update("chess"), update("maps")]);
    let sources: Vec<Arc<dyn Source>> = vec![Arc::clone(&toy) as Arc<dyn Source>];
    let served = tokio::spawn(serve_bus(Arc::clone(&home.environment), sources, Duration::from_mins(10), stop.clone()));
    session.until_owned(strata_model::wire::BUS_NAME).await;
    let face = Engine::connect(Arc::clone(&home.environment)).await.unwrap();
    face.set_setting("notifications.updates", "false").await.unwrap();
    face.set_setting("updates.automatic", "install").await.unwrap();
    let machine_bus = system.connect().await;
    let cases = [
        ((20, 1, 0), "balanced", Upkeep::Offline, "not connected"),
        ((70, 2, 0), "balanced", Upkeep::Offline, "a page wants something first"),
        ((70, 4, 1), "balanced", Upkeep::Metered, "the person said so"),
        ((70, 4, 3), "balanced", Upkeep::Metered, "a phone, most likely"),
        ((70, 4, 4), "power-saver", Upkeep::SavingPower, "the battery is low"),
    ];
    for (network, profile, expected, reason) in cases {
        machine(&machine_bus, network, profile).await;
        assert_eq!(face.upkeep().await.unwrap(), expected, "{reason}");
    }
    assert_eq!(toy.ran(), [] as [&str; 0]);
    machine(&machine_bus, (70, 0, 4), "performance").await;
    assert_eq!(face.upkeep().await.unwrap(), Upkeep::Begun, "nobody looks whether there is a way out");
    let said = shown.wait_for(|now| now.iter().any(|(_, note)| note.title == "2 apps were updated automatically"));
    let said = tokio::time::timeout(DEADLINE, said).await.expect("it is told").unwrap().clone();
    assert_eq!(said.len(), 1, "{said:?}");
    stop.cancel();
    served.await.unwrap().unwrap();
}

#[tokio::test]
async fn what_the_network_is_like_is_told_as_it_changes() {
    let folder = tempfile::tempdir().unwrap();
    let bus = Bus::new(folder.path(), None, &[]);
    let home = Home::with(|environment| environment.system_bus = Some(bus.address.clone()));
    let mut monitor = NetworkMonitor::find(&home.environment).await.unwrap();
    let mut until = async |network: Network| {
        let told = async { while monitor.now().await != network && monitor.changed().await {} };
        tokio::time::timeout(DEADLINE, told).await.expect("it is told");
        assert_eq!(monitor.now().await, network);
    };
    until(Network::There).await;
    let manager = bus.connect().await;
    machine(&manager, (20, 1, 0), "balanced").await;
    until(Network::Away).await;
    let there =
        manager.object_server().interface::<_, NetworkManager>("/org/freedesktop/NetworkManager").await.unwrap();
    *there.get_mut().await = NetworkManager { state: 70, connectivity: 4, metered: 1 };
    there.get().await.metered_changed(there.signal_emitter()).await.unwrap();
    until(Network::Metered).await;
    machine(&manager, (0, 0, 0), "balanced").await;
    until(Network::There).await;
    machine(&manager, (70, 4, 1), "balanced").await;
    until(Network::Metered).await;
    manager.release_name("org.freedesktop.NetworkManager").await.unwrap();
    until(Network::There).await;
}
