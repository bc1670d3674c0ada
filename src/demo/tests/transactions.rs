//! What transactions come to in the scenarios of the demo world, and what no recording holds.

#![allow(clippy::unwrap_used)]

use futures_util::StreamExt;
use std::time::{Duration, Instant};
use strata_demo::daemon::{Body, Data, NAME, ROOT, body};
use strata_demo::{Scenario, World, WorldOptions};
use zbus::{Connection, MessageStream, connection};

const TRANSACTION: &str = "org.projectatomic.rpmostree1.Transaction";
const PATIENCE: Duration = Duration::from_mins(1);

fn world(scenario: Scenario) -> World {
    World::create(&WorldOptions { scenario, ..WorldOptions::default() }).unwrap()
}

async fn bus(world: &World) -> Connection {
    let address = world.environment().system_bus.unwrap();
    connection::Builder::address(address.as_str()).unwrap().build().await.unwrap()
}

/// How a transaction ended.
#[derive(Debug, PartialEq)]
enum End {
    Finished(bool, String),
    /// The daemon was gone.
    Lost,
}

/// Calls a method of the system's object; the transaction's address.
async fn begin(bus: &Connection, method: &str, arguments: Vec<Data>) -> zbus::Result<String> {
    let path = format!("{ROOT}/orchard");
    let body = Body(arguments);
    let begun = bus.call_method(Some(NAME), path.as_str(), Some("org.projectatomic.rpmostree1.OS"), method, &body);
    begun.await?.body().deserialize()
}

/// Follows a transaction to its end; what it said, and how it ended.
async fn follow(address: &str, cancel_at: Option<&str>) -> (Vec<String>, End) {
    let peer = connection::Builder::address(address).unwrap().p2p().build().await.unwrap();
    let mut signals = MessageStream::from(&peer);
    peer.call_method(None::<&str>, "/", Some(TRANSACTION), "Start", &()).await.unwrap();
    let mut said = Vec::new();
    let end = loop {
        let Ok(Some(Ok(signal))) = tokio::time::timeout(PATIENCE, signals.next()).await else {
            break End::Lost;
        };
        let member = signal.header().member().map(ToString::to_string).unwrap_or_default();
        let arguments = body(&signal).unwrap().0;
        match (member.as_str(), &arguments[..]) {
            ("Finished", [Data::Bool(success), Data::Str(error)]) => break End::Finished(*success, error.clone()),
            (_, [Data::Str(text), ..]) => said.push(text.clone()),
            _ => {}
        }
        if cancel_at.is_some_and(|place| said.last().is_some_and(|text| text == place)) {
            peer.call_method(None::<&str>, "/", Some(TRANSACTION), "Cancel", &()).await.unwrap();
        }
    };
    let _ = peer.close().await;
    (said, end)
}

fn install(names: &[&str], options: &[&str]) -> Vec<Data> {
    let modifiers = Data::pairs([("install-packages", Data::texts(names.iter().copied()))]);
    let keep = ("no-pull-base", Data::Bool(true));
    let options = options.iter().map(|option| (*option, Data::Bool(true))).chain([keep]);
    vec![modifiers, Data::pairs(options)]
}

fn upgrade() -> Vec<Data> {
    vec![Data::pairs::<&str>([])]
}

/// Once the daemon has room again.
async fn run(bus: &Connection, method: &str, arguments: Vec<Data>) -> (Vec<String>, End) {
    let begun = Instant::now();
    loop {
        match begin(bus, method, arguments.clone()).await {
            Ok(address) => return follow(&address, None).await,
            Err(error) => assert!(begun.elapsed() < PATIENCE, "{error}"),
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

fn failed(text: &str) -> End {
    End::Finished(false, text.to_owned())
}

fn done() -> End {
    End::Finished(true, String::new())
}

#[tokio::test]
async fn what_goes_wrong_is_said_as_the_real_daemon_says_it() {
    let problem = "Could not depsolve transaction; 1 problem detected:\n Problem: conflicting requests\n  - nothing \
                   provides";
    let cases = [
        (
            Scenario::BrokenDependency,
            "Upgrade",
            upgrade(),
            failed(&format!("{problem} libold needed by legacy-viewer-0.9-12.x86_64 from orchard")),
        ),
        (
            Scenario::FailingScript,
            "Upgrade",
            upgrade(),
            failed("Running %post for motd-tools: bwrap(/bin/sh): Child process exited with code 7"),
        ),
        (
            Scenario::LockedLayering,
            "UpdateDeployment",
            install(&["fish"], &[]),
            failed("Cannot operate; `LockLayering=true` in configuration."),
        ),
        (Scenario::LockedLayering, "Upgrade", upgrade(), done()),
        (Scenario::Container, "UpdateDeployment", install(&["tmux"], &[]), done()),
        (Scenario::Advisories, "Upgrade", upgrade(), done()),
    ];
    // A download takes some seconds, so all go on at a time.
    let runs = cases.into_iter().map(|(scenario, method, arguments, expected)| async move {
        let world = world(scenario);
        let (_, end) = run(&bus(&world).await, method, arguments).await;
        assert_eq!(end, expected, "{method} in {scenario:?}");
    });
    futures_util::future::join_all(runs).await;
}

#[tokio::test]
async fn a_daemon_that_dies_leaves_the_system_as_it_was() {
    let world = world(Scenario::Dying);
    let bus = bus(&world).await;
    let (said, end) = run(&bus, "UpdateDeployment", install(&["htop"], &[])).await;
    assert_eq!((said.last().map(String::as_str), end), (Some("Importing packages"), End::Lost));
    let cleanup = vec![Data::texts(["pending-deploy"])];
    let (said, end) = run(&bus, "Cleanup", cleanup).await;
    assert_eq!((said, end), (vec!["Deployments unchanged.".to_owned()], done()));
    assert_eq!(run(&bus, "UpdateDeployment", install(&["htop"], &[])).await.1, done());
}

#[tokio::test]
async fn another_program_is_named_and_waited_for() {
    let world = world(Scenario::Busy);
    let bus = bus(&world).await;
    let begun = Instant::now();
    let mut text = String::new();
    // Its title is the command's from the start on.
    while !text.contains("Transaction in progress: uupd\n") {
        assert!(begun.elapsed() < PATIENCE, "nobody is at work: {text}");
        tokio::time::sleep(Duration::from_millis(5)).await;
        if is_active(&bus).await {
            let refused = begin(&bus, "Rollback", upgrade()).await.unwrap_err();
            text = refused.to_string();
        }
    }
}

async fn is_active(bus: &Connection) -> bool {
    let asked = ("org.projectatomic.rpmostree1.Sysroot", "ActiveTransactionPath");
    let path = format!("{ROOT}/Sysroot");
    let value = bus.call_method(Some(NAME), path.as_str(), Some("org.freedesktop.DBus.Properties"), "Get", &asked);
    body(&value.await.unwrap()).unwrap().0[0].as_str().is_some_and(|address| !address.is_empty())
}

#[tokio::test]
async fn a_container_fetches_only_the_layers_that_are_not_there() {
    let world = world(Scenario::Container);
    let (said, end) = run(&bus(&world).await, "Upgrade", upgrade()).await;
    assert_eq!(end, done());
    assert!(said.contains(&"ostree chunk layers already present: 5".to_owned()), "{said:?}");
    let fetched = said.iter().filter(|text| text.contains("Fetching ostree chunk")).count();
    assert_eq!(fetched, 4, "{said:?}");
}

#[tokio::test]
async fn a_dry_run_lists_and_changes_nothing() {
    let world = world(Scenario::Classic);
    let bus = bus(&world).await;
    let (said, end) = run(&bus, "UpdateDeployment", install(&["tmux"], &["dry-run"])).await;
    assert_eq!(end, done());
    let list = ["Installing 2 packages:", "  libevent-2.1.12-16.x86_64 (orchard)", "  tmux-3.5a-5.x86_64 (orchard)"];
    assert_eq!(said[said.len() - 3..], list);
    assert_eq!(run(&bus, "Cleanup", vec![Data::texts(["pending-deploy"])]).await.0, ["Deployments unchanged."]);
}

#[tokio::test]
async fn a_cancel_is_noticed_wherever_it_comes() {
    let places = ["Checking out tree", "Checking out packages", "Writing OSTree commit", "Staging deployment"];
    for place in places {
        let world = world(Scenario::Classic);
        let bus = bus(&world).await;
        let address = begin(&bus, "UpdateDeployment", install(&["tmux"], &[])).await.unwrap();
        let base = "Checking out tree";
        let exact = if place == base { tree(&bus).await } else { place.to_owned() };
        let (_, end) = follow(&address, Some(&exact)).await;
        let End::Finished(false, error) = &end else {
            unreachable!("{place}: {end:?}");
        };
        assert!(error.ends_with(": Operation was cancelled"), "{place}: {error}");
    }
}

/// "Checking out tree" with the beginning of the booted commit.
async fn tree(bus: &Connection) -> String {
    let asked = Body(vec![Data::text("org.projectatomic.rpmostree1.OS")]);
    let path = format!("{ROOT}/orchard");
    let all = bus.call_method(Some(NAME), path.as_str(), Some("org.freedesktop.DBus.Properties"), "GetAll", &asked);
    let all = body(&all.await.unwrap()).unwrap().0.remove(0);
    let checksum = all.get("BootedDeployment").and_then(|it| it.get("checksum")).and_then(Data::as_str).unwrap();
    format!("Checking out tree {}", &checksum[..7])
}
