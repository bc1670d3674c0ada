//! What lasts stands in the banner: no network, a network that costs money, a restart that waits.

use crate::tree::Role;
use crate::window::Window;
use strata_demo::Scenario;
use tokio::runtime::Runtime;
use zbus::Connection;
use zbus::connection::Builder;

/// `org.freedesktop.NetworkManager`: state, connectivity, metered.
#[derive(Debug)]
struct NetworkManager(u32, u32, u32);

#[zbus::interface(name = "org.freedesktop.NetworkManager")]
impl NetworkManager {
    #[zbus(property)]
    fn state(&self) -> u32 {
        self.0
    }

    #[zbus(property)]
    fn connectivity(&self) -> u32 {
        self.1
    }

    #[zbus(property)]
    fn metered(&self) -> u32 {
        self.2
    }
}

/// The machine of the window's world has such a network as long as this is kept.
async fn network(window: &Window, network: NetworkManager) -> Connection {
    let address = window.variable("DBUS_SYSTEM_BUS_ADDRESS");
    let bus = Builder::address(address.to_str().unwrap()).unwrap();
    let bus = bus.serve_at("/org/freedesktop/NetworkManager", network).unwrap();
    bus.name("org.freedesktop.NetworkManager").unwrap().build().await.unwrap()
}

#[test]
fn what_lasts_is_said_as_long_as_it_lasts() {
    let Some(window) = Window::open(Scenario::Advisories, &["--page", "updates"]) else { return };
    let runtime = Runtime::new().unwrap();
    let offline = "There is no network: nothing can be downloaded";
    let away = runtime.block_on(network(&window, NetworkManager(20, 1, 4)));
    window.shows(Role::Label, offline);
    runtime.block_on(away.close()).unwrap();
    window.vanishes(Role::Label, offline);
    window.terminal(&["settings", "updates.automatic", "download"]);
    let metered = runtime.block_on(network(&window, NetworkManager(70, 4, 1)));
    window.shows(Role::Label, "This network may cost money: nothing is updated by itself");
    window.press("Download the newer system");
    window.shows(Role::Label, "Version 42.20261115.0 of the system is ready");
    window.shows(Role::Button, "Restart to Finish");
    runtime.block_on(metered.close()).unwrap();
}
