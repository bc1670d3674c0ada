//! The whole system out of the daemon's properties: pure, without D-Bus.

use crate::fields::{Fields, Properties, text};
use crate::update::update;
use strata_model::system::{Ability, AutomaticPolicy, Capabilities, Repository, Running, SystemObstacle};
use strata_model::{Deployment, System};
use zvariant::Value;

/// What is known beside the properties.
#[derive(Clone, Copy, Debug, Default)]
pub struct Circumstances {
    /// Why no packages are layered, though the daemon is there; see [`strata_platform::layering::ruled_out`].
    pub layering: Option<SystemObstacle>,
    /// This process is root's.
    pub root: bool,
    /// Programs can be run with root's rights.
    pub pkexec: bool,
}

/// Reads the properties of `Sysroot` and of the operating system's object. A transaction that runs has no title yet: only
/// its peer connection knows it; other updaters are systemd's to tell.
pub fn system(sysroot: &Properties, os: &Properties, here: Circumstances) -> System {
    let (sysroot, os) = (Fields::of_properties(sysroot), Fields::of_properties(os));
    let rollback = os.fields("RollbackDeployment").text("id");
    let deployments = crate::deployments::deployments(sysroot.list("Deployments"), &rollback);
    let mut system = System {
        name: os.text("Name"),
        update: update(&os.fields("CachedUpdate"), &deployments),
        running: running(&sysroot),
        policy: policy(&sysroot.text("AutomaticUpdatePolicy")),
        updaters: Vec::new(),
        deployments,
        capabilities: Capabilities::default(),
    };
    system.capabilities = capabilities(&system, here);
    system
}

/// The deployments alone, of the properties of `Sysroot`.
pub(crate) fn deployments(sysroot: &Properties) -> Vec<Deployment> {
    crate::deployments::deployments(Fields::of_properties(sysroot).list("Deployments"), "")
}

/// `ActiveTransaction` is (method, who called it, object); of none all are empty.
fn running(sysroot: &Fields<'_>) -> Option<Running> {
    let address = sysroot.text("ActiveTransactionPath");
    let method = match sysroot.value("ActiveTransaction") {
        Some(Value::Structure(active)) => active.fields().first().map(text).unwrap_or_default(),
        _ => String::new(),
    };
    (!address.is_empty()).then(|| Running { method, ..Running::default() })
}

fn policy(word: &str) -> AutomaticPolicy {
    match word {
        "none" | "" => AutomaticPolicy::None,
        "check" => AutomaticPolicy::Check,
        "stage" => AutomaticPolicy::Stage,
        "apply" => AutomaticPolicy::Apply,
        _ => AutomaticPolicy::Unknown,
    }
}

/// What can be done with a system like this.
fn capabilities(system: &System, here: Circumstances) -> Capabilities {
    let mut capabilities = Capabilities::default();
    let (booted, staged, pending) = (system.booted(), system.staged(), system.pending());
    if let Some(obstacle) = here.layering {
        capabilities.refuse(Ability::Install, obstacle);
        // The daemon's own lock. Taking packages away still works, and is the way out: only the last of them.
        let is_locked = obstacle == SystemObstacle::LayeringLocked;
        if is_locked && system.deployments.first().is_some_and(Deployment::is_changed) {
            capabilities.refuse(Ability::Update, obstacle);
        }
    }
    match (staged, system.rollback(), pending) {
        (Some(_), _, _) => capabilities.refuse(Ability::RollBack, SystemObstacle::Staged),
        // Rolled back already: once more goes back to what runs.
        (None, None, None) => capabilities.refuse(Ability::RollBack, SystemObstacle::NoEarlier),
        _ => {}
    }
    // What waits after a roll back is the way back itself: rolling back once more undoes that, discarding would delete it.
    if staged.is_none() && pending.is_some() {
        capabilities.refuse(Ability::Discard, SystemObstacle::NothingStaged);
    }
    if pending.is_none() {
        capabilities.refuse(Ability::Discard, SystemObstacle::NothingPending);
        capabilities.refuse(Ability::ApplyLive, SystemObstacle::NothingPending);
    }
    let base = |deployment: &Deployment| deployment.base_checksum.clone();
    if pending.map(base) != booted.map(base) {
        capabilities.refuse(Ability::ApplyLive, SystemObstacle::OtherBase);
    }
    if !here.root {
        capabilities.refuse(Ability::ApplyLive, SystemObstacle::RootOnly);
    }
    if !here.root && !here.pkexec {
        capabilities.refuse(Ability::Pin, SystemObstacle::RootOnly);
    }
    capabilities
}

/// The repositories, of `aa{sv}`.
pub(crate) fn repositories(value: &Value<'_>) -> Vec<Repository> {
    let read = |entry| {
        let fields = Fields::of(entry);
        Repository {
            id: fields.text("id"),
            title: fields.text("description"),
            enabled: fields.flag("is-enabled"),
            devel: fields.flag("is-devel"),
            source: fields.flag("is-source"),
        }
    };
    crate::fields::list(value).map(read).filter(|repository| !repository.id.is_empty()).collect()
}
