//! The desktop's own search: what can be had, found where the person types anyway. A process of its own, started by the
//! bus for a name of its own and without an engine: it reads the catalogue's file as the faces do, so a search wakes no
//! source and waits for none. `finder` is the one search, `shell` and `krunner` are how two desktops ask.

mod door;
mod finder;
mod krunner;
mod shelf;
mod shell;

use crate::activity::Calls;
use crate::bus::{Stay, session_bus, stay, take_name};
use crate::serving::ServeError;
use door::Door;
use krunner::Runner;
use shell::Shell;
use std::sync::Arc;
use std::time::Duration;
use strata_model::wire;
use strata_platform::Environment;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

/// Answers the desktop's search until nobody asked for `idle`, or until `stop`.
///
/// # Errors
/// [`ServeError::Taken`] if another process answers already; [`ServeError::Bus`].
pub async fn serve_search(
    environment: Arc<Environment>,
    idle: Duration,
    stop: CancellationToken,
) -> Result<(), ServeError> {
    let (name, calls) = (wire::search_name(), Calls::default());
    let place = wire::object_path(&name);
    let address = session_bus(&environment)?.to_owned();
    let door = Arc::new(Door::new(environment, calls.clone()));
    let connection = zbus::connection::Builder::address(address.as_str())?
        .serve_at(place.as_str(), Shell::new(Arc::clone(&door)))?
        .serve_at(place.as_str(), Runner::new(door))?
        .build()
        .await?;
    take_name(&connection, &name).await?;
    // Nothing goes on here between calls.
    let (_work, none) = watch::channel(0);
    stay(&Stay { connection: &connection, name: &name, work: none, calls: &calls, idle }, &stop).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use strata_model::APP_ID;

    #[test]
    fn the_files_that_desktops_read_name_what_is_served() {
        let name = wire::search_name();
        let place = wire::object_path(&name);
        let data = concat!(env!("CARGO_MANIFEST_DIR"), "/../../data");
        for (file, keys) in [
            ("gnome-shell/{id}.search-provider.ini", ["BusName", "ObjectPath"]),
            ("krunner/{id}.KRunner.desktop", ["X-Plasma-DBusRunner-Service", "X-Plasma-DBusRunner-Path"]),
        ] {
            let text = std::fs::read_to_string(format!("{data}/{}", file.replace("{id}", APP_ID))).unwrap();
            for (key, value) in keys.iter().zip([&name, &place]) {
                assert!(text.lines().any(|line| line == format!("{key}={value}")), "{key} in {file}");
            }
        }
        let service = std::fs::read_to_string(format!("{data}/dbus-1/{name}.service.in")).unwrap();
        assert!(service.contains(&format!("Name={name}\n")), "{service}");
    }
}
