//! What the demo does to the system from outside: pins, a restart, permission to go on.

use super::answers::{Refused, dbus_error};
use super::data::{Body, Data};
use super::server::Daemon;
use std::sync::Arc;

/// The object beside the daemon's own; a real daemon has none such.
pub const PATH: &str = "/io/github/strata_store/Strata/Demo/System";

/// Its methods, which take what they are given by number: `Pin(u b)`, `Restart()`, `Allow(u)`.
pub(super) fn call(daemon: &Arc<Daemon>, method: &str, arguments: &[Data]) -> Result<Body, Refused> {
    let number = || arguments.first().and_then(Data::as_number).and_then(|number| usize::try_from(number).ok());
    match (method, number()) {
        ("Pin", Some(index)) => {
            let pinned = arguments.get(1).and_then(Data::as_bool).unwrap_or_default();
            let mut done = Ok(());
            daemon.change(|state| done = state.pin(index, pinned));
            done.map_err(|words| dbus_error("Failed", words))?;
        }
        ("Restart", _) => daemon.restart(),
        ("Allow", Some(signals)) => daemon.allowed.add_permits(signals),
        _ => return Err(dbus_error("UnknownMethod", format!("No such method “{method}”"))),
    }
    Ok(Body::default())
}
