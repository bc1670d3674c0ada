//! The simulated daemon asks a real polkitd, on a private bus.

#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::Path;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};
use strata_demo::daemon::{Body, Data, NAME, ROOT};
use strata_demo::{Scenario, World, WorldOptions};
use tokio::net::UnixStream;
use zbus::{Connection, connection};

const POLKITD: &str = "/usr/lib/polkit-1/polkitd";
/// Where it also looks for actions: the development root's own, thrown away with it.
const ACTIONS: &str = "/run/polkit-1/actions";

/// Ends it whatever happens.
struct Polkit(Child);

impl Drop for Polkit {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Two actions: everyone may clean up, nobody may upgrade.
fn write_actions() {
    fs::create_dir_all(ACTIONS).unwrap();
    let action = |name: &str, allowed: &str| {
        format!(
            "<action id=\"org.projectatomic.rpmostree1.{name}\"><description>{name}</description><message>{name}</message>\
             <defaults><allow_any>{allowed}</allow_any><allow_inactive>{allowed}</allow_inactive>\
             <allow_active>{allowed}</allow_active></defaults></action>"
        )
    };
    let text = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE policyconfig PUBLIC \"-//freedesktop//DTD PolicyKit Policy \
         Configuration 1.0//EN\" \"http://www.freedesktop.org/standards/PolicyKit/1/policyconfig.dtd\">\n\
         <policyconfig>{}{}</policyconfig>\n",
        action("cleanup", "yes"),
        action("upgrade", "no")
    );
    fs::write(Path::new(ACTIONS).join("org.projectatomic.rpmostree1.policy"), text).unwrap();
}

/// On the bus as an ordinary user.
async fn as_user(address: &str) -> Connection {
    let become_user = |uid| {
        let root = rustix::process::Uid::ROOT;
        rustix::thread::set_thread_res_uid(root, rustix::process::Uid::from_raw(uid), root).unwrap();
    };
    become_user(1000);
    let stream = UnixStream::connect(address.trim_start_matches("unix:path=")).await;
    become_user(0);
    connection::Builder::unix_stream(stream.unwrap()).user_id(1000).build().await.unwrap()
}

async fn begin(bus: &Connection, method: &str, argument: Data) -> zbus::Result<()> {
    let path = format!("{ROOT}/orchard");
    let interface = Some("org.projectatomic.rpmostree1.OS");
    bus.call_method(Some(NAME), path.as_str(), interface, method, &Body(vec![argument])).await.map(drop)
}

async fn until_polkit_is_there(bus: &Connection) {
    let dbus = Some("org.freedesktop.DBus");
    let begun = Instant::now();
    loop {
        let asked = bus.call_method(dbus, "/org/freedesktop/DBus", dbus, "NameHasOwner", &"org.freedesktop.PolicyKit1");
        if asked.await.unwrap().body().deserialize().unwrap() {
            return;
        }
        assert!(begun.elapsed() < Duration::from_secs(20), "polkitd does not come");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

#[tokio::test]
async fn polkit_decides_for_an_ordinary_user() {
    // Its actions lie in the machine's own folders: only where these are thrown away.
    let private = std::env::var_os("DEV_ROOT").is_some() && rustix::process::geteuid().is_root();
    if !private || !Path::new(POLKITD).exists() {
        eprintln!("left out: it needs the development root, as root, with polkitd");
        return;
    }
    write_actions();
    let world = World::create(&WorldOptions { scenario: Scenario::Classic, ..WorldOptions::default() }).unwrap();
    let open: fs::Permissions = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    for folder in ["", "run"] {
        fs::set_permissions(world.folder().join(folder), open.clone()).unwrap();
    }
    let address = world.environment().system_bus.unwrap();
    let polkit = world.command(POLKITD).arg("--no-debug").stdin(Stdio::null()).spawn();
    let _polkit = Polkit(polkit.unwrap());
    let root: Connection = connection::Builder::address(address.as_str()).unwrap().build().await.unwrap();
    until_polkit_is_there(&root).await;
    let user = as_user(&address).await;
    let refused = begin(&user, "Upgrade", Data::pairs::<&str>([])).await.unwrap_err().to_string();
    assert!(refused.contains("rpmostreed OS operation Upgrade not allowed for user"), "{refused}");
    begin(&user, "Cleanup", Data::texts(["pending-deploy"])).await.unwrap();
}
