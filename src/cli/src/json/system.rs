//! What `system --json` prints.

use serde::Serialize;
use strata_model::system::{AutomaticPolicy, Capabilities, Running, Updater};
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
    held: bool,
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
            restart_needed: system.pending().is_some(),
            held,
        }
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
