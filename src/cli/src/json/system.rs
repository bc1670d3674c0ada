//! What `system --json` prints.

use serde::Serialize;
use strata_model::snapshot::{PinNote, SystemArrival};
use strata_model::system::{AutomaticPolicy, Capabilities, Running, Updater};
use strata_model::system_update::PackageChange;
use strata_model::{Deployment, SystemUpdate};

/// The system, and what is known of it.
#[derive(Debug, Serialize)]
pub(crate) struct SystemStatus<'a> {
    name: &'a str,
    deployments: &'a [Deployment],
    update: Option<&'a SystemUpdate>,
    running: Option<&'a Running>,
    capabilities: &'a Capabilities,
    policy: AutomaticPolicy,
    updaters: &'a [Updater],
    /// Another deployment than the one that runs is started next.
    restart_needed: bool,
    /// Changes were brought into what runs.
    live: bool,
    /// What came with the last restart, until somebody has seen it.
    arrived: Option<Arrived<'a>>,
    held: bool,
    /// What was noted of pinned deployments.
    notes: &'a [PinNote],
    /// When its origin was last asked from here, 0 for never.
    checked: i64,
}

/// What came with the last restart.
#[derive(Debug, Serialize)]
struct Arrived<'a> {
    from_version: &'a str,
    to_version: &'a str,
    changes: &'a [PackageChange],
    changes_known: bool,
}

impl<'a> SystemStatus<'a> {
    pub(crate) fn new(status: &'a strata_model::SystemStatus, held: bool) -> Self {
        let system = &status.system;
        Self {
            name: &system.name,
            deployments: &system.deployments,
            update: system.update.as_ref(),
            running: system.running.as_ref(),
            capabilities: &system.capabilities,
            policy: system.policy,
            updaters: &system.updaters,
            restart_needed: system.awaited().is_some(),
            live: system.booted().is_some_and(|booted| !booted.live.is_empty()),
            arrived: status.arrived.as_ref().map(Arrived::new),
            held,
            notes: &status.notes,
            checked: status.checked,
        }
    }
}

impl<'a> Arrived<'a> {
    fn new(arrival: &'a SystemArrival) -> Self {
        let SystemArrival { from_version, to_version, changes, changes_known } = arrival;
        Self { from_version, to_version, changes, changes_known: *changes_known }
    }
}

/// Whether updates of the system are held.
#[derive(Debug, Serialize)]
pub(crate) struct Held {
    pub(crate) held: bool,
}

/// What was cancelled, if anything was.
#[derive(Debug, Serialize)]
pub(crate) struct CancelledSystem<'a> {
    pub(crate) cancelled: Option<&'a str>,
}
