//! The desktop's own search on a private session bus.
#![allow(missing_docs)]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests say what went wrong by panicking")]

mod bus;
mod desktop;

use bus::Bus;
use std::sync::Arc;
use std::time::Duration;
use strata_model::wire;
use strata_platform::Environment;
use strata_service::{ServeError, serve_search};
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;
use zbus::Connection;
use zbus::fdo::DBusProxy;

const LONG: Duration = Duration::from_mins(10);
const DEADLINE: Duration = Duration::from_secs(30);

async fn desk(x11: bool) -> (Arc<Environment>, Connection, Bus, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let bus = Bus::new(folder.path(), None, &[]);
    let home = folder.path().as_os_str().to_owned();
    let plain = Environment::from_variables(&|name| match name {
        "HOME" => Some(home.clone()),
        "STRATA_POLICY" => Some("/nonexistent".into()),
        _ => None,
    });
    let environment = Environment { session_bus: Some(bus.address.clone()), x11, ..plain };
    let connection = bus.connect().await;
    (Arc::new(environment), connection, bus, folder)
}

async fn has_owner(connection: &Connection) -> bool {
    let bus = DBusProxy::new(connection).await.unwrap();
    bus.name_has_owner(wire::search_name().try_into().unwrap()).await.unwrap()
}

async fn finds(connection: &Connection) -> Vec<String> {
    let (name, interface) = (wire::search_name(), Some("org.gnome.Shell.SearchProvider2"));
    let place = wire::object_path(&name);
    let terms = &["chess"][..];
    let reply = connection.call_method(Some(name), place, interface, "GetInitialResultSet", &(terms,)).await;
    reply.unwrap().body().deserialize().unwrap()
}

#[tokio::test]
async fn it_leaves_when_nobody_searches_any_more() {
    let (environment, connection, bus, _folder) = desk(false).await;
    let served = tokio::spawn(serve_search(environment, Duration::from_millis(300), CancellationToken::new()));
    bus.until_owned(&wire::search_name()).await;
    assert_eq!(finds(&connection).await, [""; 0], "there is no catalogue");
    tokio::time::timeout(DEADLINE, served).await.expect("it leaves").unwrap().unwrap();
    assert!(!has_owner(&connection).await);
}

#[tokio::test]
async fn there_is_one_at_a_time_and_it_ends_when_told_to() {
    let (environment, connection, bus, _folder) = desk(false).await;
    let stop = CancellationToken::new();
    let served = tokio::spawn(serve_search(Arc::clone(&environment), LONG, stop.clone()));
    bus.until_owned(&wire::search_name()).await;
    let second = serve_search(environment, LONG, CancellationToken::new()).await;
    assert!(matches!(second, Err(ServeError::Taken)), "{second:?}");
    stop.cancel();
    tokio::time::timeout(DEADLINE, served).await.expect("it ends").unwrap().unwrap();
    assert!(!has_owner(&connection).await);
}

#[tokio::test]
async fn the_time_of_a_choice_goes_to_windows_that_go_by_it() {
    for (x11, permit) in [(true, "strata_TIME42"), (false, "")] {
        let (environment, connection, bus, _folder) = desk(x11).await;
        let mut window = desktop::with_window(&connection).await;
        let stop = CancellationToken::new();
        let served = tokio::spawn(serve_search(environment, LONG, stop.clone()));
        bus.until_owned(&wire::search_name()).await;
        let (name, interface) = (wire::search_name(), Some("org.gnome.Shell.SearchProvider2"));
        let place = wire::object_path(&name);
        let chosen = (&["chess"][..], 42_u32);
        connection.call_method(Some(name), place, interface, "LaunchSearch", &chosen).await.unwrap();
        let asked = tokio::time::timeout(DEADLINE, window.wait_for(|asked| !asked.is_empty())).await;
        assert_eq!(asked.unwrap().unwrap()[0], format!("search-for(\"chess\") {permit}"));
        stop.cancel();
        served.await.unwrap().unwrap();
    }
}
