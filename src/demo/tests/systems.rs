//! The operating systems of the demo world: what each scenario begins with, and what can be done to it from outside.

#![allow(clippy::unwrap_used)]

use std::time::{Duration, Instant};
use strata_demo::daemon::{Body, Data, NAME, ROOT, body};
use strata_demo::{Scenario, World, WorldOptions};
use zbus::{Connection, connection};

const SYSTEM: &str = "org.projectatomic.rpmostree1.OS";

fn world(scenario: Scenario) -> World {
    World::create(&WorldOptions { scenario, ..WorldOptions::default() }).unwrap()
}

async fn bus(world: &World) -> Connection {
    let address = world.environment().system_bus.unwrap();
    connection::Builder::address(address.as_str()).unwrap().build().await.unwrap()
}

/// All properties of the system's object.
async fn properties(bus: &Connection) -> zbus::Result<Data> {
    let asked = Body(vec![Data::text(SYSTEM)]);
    let path = format!("{ROOT}/orchard");
    let all = bus.call_method(Some(NAME), path.as_str(), Some("org.freedesktop.DBus.Properties"), "GetAll", &asked);
    Ok(body(&all.await?)?.0.remove(0))
}

fn version(properties: &Data, deployment: &str) -> Option<String> {
    Some(properties.get(deployment)?.get("version")?.as_str()?.to_owned())
}

#[tokio::test]
async fn each_scenario_begins_as_its_name_says() {
    const OLD: &str = "42.20261101.0";
    const NEW: &str = "42.20261115.0";
    // Scenario, the default deployment's version, whether an update is known, and layered packages.
    let cases: [(Scenario, &str, bool, &[&str]); 9] = [
        (Scenario::Classic, OLD, false, &[]),
        (Scenario::Container, OLD, false, &[]),
        (Scenario::LockedLayering, OLD, false, &[]),
        (Scenario::RefusedLayering, OLD, false, &[]),
        (Scenario::Advisories, OLD, true, &["htop"]),
        (Scenario::Staged, NEW, true, &[]),
        (Scenario::BrokenDependency, OLD, false, &["legacy-viewer"]),
        (Scenario::FailingScript, OLD, false, &["motd-tools"]),
        (Scenario::Dying, OLD, false, &[]),
    ];
    for (scenario, default, update, layered) in cases {
        let world = world(scenario);
        let all = properties(&bus(&world).await).await.unwrap();
        assert_eq!(version(&all, "BootedDeployment").as_deref(), Some(OLD), "{scenario:?}");
        assert_eq!(version(&all, "DefaultDeployment").as_deref(), Some(default), "{scenario:?}");
        assert_eq!(version(&all, "RollbackDeployment").as_deref(), Some("42.20261018.0"), "{scenario:?}");
        assert_eq!(all.get("CachedUpdate").unwrap().get("checksum").is_some(), update, "{scenario:?}");
        let booted = all.get("BootedDeployment").unwrap();
        assert_eq!(booted.get("packages").unwrap().strings(), layered, "{scenario:?}");
        let image = booted.get("container-image-reference").is_some();
        assert_eq!(image, scenario == Scenario::Container, "{scenario:?}");
        let advisories = all.get("CachedUpdate").unwrap().get("advisories").map_or(0, |it| it.items().len());
        assert_eq!(advisories, if scenario == Scenario::Advisories { 2 } else { 0 }, "{scenario:?}");
    }
}

#[tokio::test]
async fn without_a_daemon_there_is_an_ostree_system_and_nobody_to_ask() {
    let world = world(Scenario::NoDaemon);
    assert!(world.environment().ostree_booted().exists());
    let error = properties(&bus(&world).await).await.unwrap_err();
    assert!(error.to_string().contains("ServiceUnknown"), "{error}");
}

#[tokio::test]
async fn a_world_of_apps_has_no_operating_system() {
    let world = world(Scenario::Bare);
    assert!(!world.environment().ostree_booted().exists());
    assert!(properties(&bus(&world).await).await.is_err());
}

#[tokio::test]
async fn a_restart_boots_what_is_staged_and_pins_are_noticed() {
    let world = world(Scenario::Staged);
    let bus = bus(&world).await;
    assert_eq!(version(&properties(&bus).await.unwrap(), "BootedDeployment").as_deref(), Some("42.20261101.0"));
    assert!(world.command("strata-demo").args(["system", "restart"]).status().unwrap().success());
    let all = until(&bus, |all| version(all, "BootedDeployment").as_deref() == Some("42.20261115.0")).await;
    assert_eq!(version(&all, "RollbackDeployment").as_deref(), Some("42.20261101.0"));
    assert!(all.get("CachedUpdate").unwrap().get("checksum").is_none(), "the update is there");
    // As Strata pins: OSTree's own program, through the one that asks for a password.
    let environment = world.environment();
    let pin = |words: &[&str]| {
        let mut command = world.command(environment.pkexec());
        command.arg("--disable-internal-agent").arg(environment.ostree()).args(["admin", "pin"]).args(words);
        command.output().unwrap().status.success()
    };
    assert!(pin(&["1"]));
    until(&bus, is_pinned).await;
    assert!(pin(&["-u", "1"]));
    until(&bus, |all| !is_pinned(all)).await;
    assert!(!pin(&["7"]), "there are not so many");
}

fn is_pinned(all: &Data) -> bool {
    all.get("RollbackDeployment").and_then(|it| it.get("pinned")).and_then(Data::as_bool) == Some(true)
}

async fn until(bus: &Connection, fits: impl Fn(&Data) -> bool) -> Data {
    let begun = Instant::now();
    loop {
        // While it restarts there may be no answer.
        if let Ok(all) = properties(bus).await
            && fits(&all)
        {
            return all;
        }
        assert!(begun.elapsed() < Duration::from_secs(20), "it does not become so");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}
