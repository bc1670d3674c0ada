//! What a task would do, before anyone says yes.

use crate::{
    Action, Permission, Request, installed::EndOfLife, installed::PartKind, permission::Resource, snapshot::Origin,
    system_update::PackageChange,
};
use serde::{Deserialize, Serialize};
use zvariant::Type;

/// What a request would do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Plan {
    /// What was asked.
    pub request: Request,
    /// Everything that would change, in order.
    pub steps: Vec<Step>,
    /// Bytes to download at most, over all steps.
    pub download_size: u64,
    /// Bytes on the disk when it is done, minus those before.
    pub size_change: i64,
    /// What the app may do now; empty if it is not installed.
    pub permissions_before: Vec<Permission>,
    /// What the app may do afterwards; empty if it is removed.
    pub permissions_after: Vec<Permission>,
    /// The person should know before saying yes.
    pub warnings: Vec<Warning>,
    /// It takes effect only after a restart of the machine.
    pub restart_needed: bool,
    /// What changes of the system, where that is what is asked for.
    pub system: Option<SystemPlan>,
    /// The origin as it would be set up, where adding one is what is asked for.
    pub origin: Option<Origin>,
}

/// What a request would do to the system.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct SystemPlan {
    /// The packages that change.
    pub changes: Vec<PackageChange>,
    /// The list of changes is whole. It is not where nobody can know before: a container image not yet downloaded.
    pub changes_known: bool,
    /// Everything is as asked already.
    pub nothing_to_do: bool,
    /// It takes effect only after a restart.
    pub restart_needed: bool,
}

/// One change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Step {
    /// What happens to it.
    pub change: StepChange,
    /// The part it plays.
    pub kind: PartKind,
    /// The reference within its origin.
    pub reference: String,
    /// Where it comes from.
    pub origin: String,
    /// The version that comes or, for a removal, goes; empty where nobody says it.
    pub version: String,
    /// Bytes to download at most.
    pub download_size: u64,
    /// Bytes on the disk: of what is installed or, for a removal, of what goes.
    pub installed_size: u64,
}

/// What happens to a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "kebab-case")]
#[zvariant(signature = "s")]
pub enum StepChange {
    /// It comes.
    Install,
    /// It is brought to a newer version.
    Update,
    /// It goes.
    Remove,
}

/// Something to know before saying yes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Warning {
    /// What kind of thing.
    pub kind: WarningKind,
    /// The reference or origin that it is about.
    pub subject: String,
    /// Further facts of the kind; for an end of life its reason and its successor.
    pub end_of_life: Option<EndOfLife>,
}

/// The kinds of warnings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "kebab-case")]
#[zvariant(signature = "s")]
pub enum WarningKind {
    /// It gets no more updates.
    EndOfLife,
    /// Another app takes its place; the person's data goes along.
    Replaced,
    /// A new origin would be added.
    NewOrigin,
    /// What comes from a new origin is not signed.
    Unsigned,
    /// Flatpak was told to leave it alone: it would be installed and never updated.
    Masked,
    /// Other installed things need what would be removed.
    StillNeeded,
    /// It becomes part of the system, and every update of the system has to add it again.
    Layered,
    /// The system's image carries it already.
    InImage,
    /// Something else is staged already, and is staged anew together with this.
    Staged,
    /// The version that is staged, the subject, goes; what is layered together with it stays.
    StagedGoes,
    /// It is made on top of the version that was rolled back to, the subject, and not of what runs.
    OnRolledBack,
    /// It goes with the next restart by itself: the version that was rolled back to is without it.
    Leaving,
    /// Another program, the subject, updates the system by itself, and may refuse to while packages are layered.
    UpdaterMayRefuse,
    /// The settings hold updates of the system, and this one would be made all the same.
    SystemHeld,
    /// Nobody signed it in a way that can be checked: who made it, nobody can tell.
    NotVerified,
    /// It is signed with a key, the subject, that was not seen here before.
    KeyFirstSeen,
    /// The file is moved, to the subject, and goes when the app is removed.
    Moved,
    /// The file is another version of what is installed, the subject with its version, and takes its place. That one is
    /// kept until the new one has been started.
    ReplacesVersion,
    /// It needs FUSE 2 to start, which this machine has not.
    NeedsFuse2,
    /// It is an app for a terminal, and is started in one.
    WantsTerminal,
    /// It is fetched from where its project publishes it, the subject, which names a digest that it is checked by.
    Checked,
    /// The same, and nobody names a digest: it is checked by its size at most.
    Unchecked,
    /// The version is not meant for everybody yet.
    Development,
    /// Nobody seems to look after it any more.
    Neglected,
    /// What takes its place does not see what the subject has stored, and that stays on the disk.
    DataStays,
    /// The same, and what it has stored goes.
    DataGoes,
}

impl Plan {
    /// The plan of what changes nothing.
    pub fn nothing(request: &Request) -> Self {
        Self {
            request: request.clone(),
            steps: Vec::new(),
            download_size: 0,
            size_change: 0,
            permissions_before: Vec::new(),
            permissions_after: Vec::new(),
            warnings: Vec::new(),
            restart_needed: false,
            system: None,
            origin: None,
        }
    }

    /// What is known of a package that comes or goes before the update daemon is asked: it is part of the system, and
    /// nothing keeps it from anything.
    pub fn of_package(request: &Request) -> Self {
        let whole = |by: &[Action]| {
            let is_one = by.contains(&request.action);
            if is_one { vec![Permission::plain(Resource::Everything)] } else { Vec::new() }
        };
        Self {
            permissions_before: whole(&[Action::Remove]),
            permissions_after: whole(&[Action::Install, Action::InstallFile]),
            ..Self::nothing(request)
        }
    }

    /// What the app may do afterwards and may not do now.
    pub fn new_permissions(&self) -> Vec<Permission> {
        let known = |permission: &&Permission| !self.permissions_before.contains(permission);
        self.permissions_after.iter().filter(known).cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::OfferId;

    #[test]
    fn a_package_may_everything_once_it_is_there_and_nothing_once_it_is_gone() {
        let whole = vec![Permission::plain(Resource::Everything)];
        let named = Request::install(OfferId::package("htop"));
        let cases = [
            (Action::Install, Vec::new(), whole.clone()),
            (Action::InstallFile, Vec::new(), whole.clone()),
            (Action::Remove, whole, Vec::new()),
            (Action::UpdateSystem, Vec::new(), Vec::new()),
        ];
        for (action, before, after) in cases {
            let plan = Plan::of_package(&Request { action, ..named.clone() });
            assert_eq!((plan.permissions_before, plan.permissions_after), (before, after), "{action:?}");
        }
    }
}
