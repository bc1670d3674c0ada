//! The operating system beneath, where it is built from images and updated as a whole: what its update daemon says.

use crate::deployment::Deployment;
pub use crate::system_obstacle::SystemObstacle;
use crate::system_update::SystemUpdate;
use serde::{Deserialize, Serialize};
use zvariant::Type;

/// The system as faces show it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct System {
    /// What can be done here. Where nothing can, the rest is empty.
    pub capabilities: Capabilities,
    /// The name of the operating system as its deployments have it (`fedora`), empty if unknown.
    pub name: String,
    /// Every deployment on the disk, in the order in which the machine offers them at its start: the first is started
    /// next.
    pub deployments: Vec<Deployment>,
    /// What is newer, as far as the daemon knows from the last time that somebody asked it to look.
    pub update: Option<SystemUpdate>,
    /// What changes the system at this moment, whoever began it.
    pub running: Option<Running>,
    /// What the daemon does by itself.
    pub policy: AutomaticPolicy,
    /// What else is set up on this machine to update the system.
    pub updaters: Vec<Updater>,
}

impl System {
    /// A system of which nothing can be shown, and why.
    pub fn missing(obstacle: SystemObstacle) -> Self {
        Self { capabilities: Capabilities::missing(obstacle), ..Self::default() }
    }

    /// The deployment that runs now.
    pub fn booted(&self) -> Option<&Deployment> {
        self.deployments.iter().find(|deployment| deployment.booted)
    }

    /// The deployment that was made ready for the next start, and takes its place while the machine shuts down.
    pub fn staged(&self) -> Option<&Deployment> {
        self.deployments.iter().find(|deployment| deployment.staged)
    }

    /// The deployment that Roll Back goes to.
    pub fn rollback(&self) -> Option<&Deployment> {
        self.deployments.iter().find(|deployment| deployment.rollback)
    }

    /// The deployment that is started next, if it is another than the one that runs: a restart is needed to get there.
    pub fn pending(&self) -> Option<&Deployment> {
        self.deployments.first().filter(|first| !first.booted && self.booted().is_some())
    }

    /// What a restart is needed for: [`System::pending`], unless it was brought into the running system already, or would
    /// not come with a restart.
    pub fn awaited(&self) -> Option<&Deployment> {
        self.pending().filter(|pending| !self.runs_already(pending) && !pending.is_held_back())
    }

    /// What would be started next, and is not to come with a restart until whoever made it lets it go.
    pub fn held_back(&self) -> Option<&Deployment> {
        self.pending().filter(|pending| pending.is_held_back())
    }

    /// It was brought into the running system.
    pub fn runs_already(&self, deployment: &Deployment) -> bool {
        self.booted().is_some_and(|booted| !deployment.checksum.is_empty() && booted.live == deployment.checksum)
    }

    /// It is what runs with other packages beside it, and no other version.
    pub fn is_same_version(&self, deployment: &Deployment) -> bool {
        let base =
            |one: &Deployment| one.base_checksum == deployment.base_checksum && one.version == deployment.version;
        self.booted().is_some_and(base)
    }
}

/// What can be done with the system, and why the rest cannot.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Capabilities {
    /// Why nothing at all can be done or shown, if so.
    pub obstacle: Option<SystemObstacle>,
    /// What cannot be done, each with its reason. What is not named here can be done, if `obstacle` is `None`.
    pub refused: Vec<Refused>,
}

impl Capabilities {
    /// Nothing can be done, for this reason.
    pub fn missing(obstacle: SystemObstacle) -> Self {
        Self { obstacle: Some(obstacle), refused: Vec::new() }
    }

    /// Why it cannot be done, if so.
    pub fn refusal(&self, ability: Ability) -> Option<SystemObstacle> {
        let refused = self.refused.iter().find(|refused| refused.ability == ability);
        self.obstacle.or(refused.map(|refused| refused.obstacle))
    }

    /// It cannot be done, for this reason. The first reason stays.
    pub fn refuse(&mut self, ability: Ability, obstacle: SystemObstacle) {
        if self.refused.iter().all(|refused| refused.ability != ability) {
            self.refused.push(Refused { ability, obstacle });
        }
    }
}

/// Something that cannot be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Refused {
    /// What.
    pub ability: Ability,
    /// Why not.
    pub obstacle: SystemObstacle,
}

/// What can be done with a system.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, Type)]
#[serde(rename_all = "kebab-case")]
#[zvariant(signature = "s")]
pub enum Ability {
    /// Layer packages.
    Install,
    /// Take layered packages away.
    Remove,
    /// Download and stage what is newer.
    Update,
    /// Go back to the deployment before.
    RollBack,
    /// Throw away what waits for the next restart.
    Discard,
    /// Bring what is staged into the running system.
    ApplyLive,
    /// Keep deployments until they are unpinned.
    Pin,
    /// Switch package repositories on and off.
    ChangeRepositories,
}

impl Ability {
    /// Every one, for tables and tests.
    pub const ALL: [Self; 8] = [
        Self::Install,
        Self::Remove,
        Self::Update,
        Self::RollBack,
        Self::Discard,
        Self::ApplyLive,
        Self::Pin,
        Self::ChangeRepositories,
    ];
}

/// What changes the system at this moment.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Running {
    /// What it calls itself, in the words of whoever began it: often a command line. Not translated, may be empty.
    pub title: String,
    /// The daemon's method that began it (`UpdateDeployment`, `Upgrade`, `Rollback` …).
    pub method: String,
    /// Who began it, as the daemon describes it; empty if it does not.
    pub client: String,
    /// This Strata began it.
    pub own: bool,
}

impl Running {
    /// A Strata began it, by its title: this one, one that was broken off, or another person's.
    pub fn is_stratas(&self) -> bool {
        self.own || self.title.starts_with("strata ")
    }
}

/// What the daemon does by itself, on its own timer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, Type)]
#[serde(rename_all = "kebab-case")]
#[zvariant(signature = "s")]
pub enum AutomaticPolicy {
    /// Nothing.
    #[default]
    None,
    /// It looks for updates.
    Check,
    /// It downloads and stages them.
    Stage,
    /// It stages them and restarts the machine.
    Apply,
    /// Something that this version of Strata does not know.
    Unknown,
}

/// A timer that updates the system, whether anybody asks or not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Updater {
    /// Which one.
    pub program: UpdaterProgram,
    /// The unit of systemd's.
    pub unit: String,
    /// It is started with the machine. If not, it is there and does nothing by itself.
    pub enabled: bool,
}

/// Programs that update a system by themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, Type)]
#[serde(rename_all = "kebab-case")]
#[zvariant(signature = "s")]
pub enum UpdaterProgram {
    /// The daemon's own timer, which does what [`AutomaticPolicy`] says.
    RpmOstree,
    /// Universal Blue's `uupd`: the system, Flatpaks and more.
    Uupd,
    /// Universal Blue's older `ublue-update`.
    UblueUpdate,
    /// `bootc upgrade --apply`, which restarts the machine.
    Bootc,
}

/// A repository of packages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Repository {
    /// Its name in its `.repo` file.
    pub id: String,
    /// Its title for people, empty if none.
    pub title: String,
    /// Packages come from it.
    pub enabled: bool,
    /// It holds what developers need to build.
    pub devel: bool,
    /// It holds sources.
    pub source: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn deployment(id: &str, booted: bool, staged: bool) -> Deployment {
        Deployment { id: id.to_owned(), booted, staged, ..Deployment::default() }
    }

    #[test]
    fn a_restart_is_pending_when_another_deployment_comes_first() {
        let (booted, staged, old) =
            (deployment("booted", true, false), deployment("staged", false, true), deployment("old", false, false));
        let cases = [
            (vec![&booted, &old], None, "the first runs already"),
            (vec![&staged, &booted, &old], Some("staged"), "an update is staged"),
            (vec![&old, &booted], Some("old"), "it was rolled back, and nothing is staged"),
            (vec![&old], None, "nothing is booted: a system that is being made"),
            (vec![], None, "nothing is known"),
        ];
        for (deployments, pending, reason) in cases {
            let system = System { deployments: deployments.into_iter().cloned().collect(), ..System::default() };
            assert_eq!(system.pending().map(|deployment| deployment.id.as_str()), pending, "{reason}");
        }
    }

    #[test]
    fn no_restart_is_needed_for_what_runs_already() {
        let commit = |one: Deployment, checksum: &str| Deployment { checksum: checksum.to_owned(), ..one };
        let staged = commit(deployment("staged", false, true), "c0ffee");
        for (live, awaited) in [("", true), ("c0ffee", false), ("decade", true)] {
            let booted = Deployment { live: live.to_owned(), ..deployment("booted", true, false) };
            let system = System { deployments: vec![staged.clone(), booted], ..System::default() };
            assert_eq!(system.awaited().is_some(), awaited, "{live}");
        }
    }

    #[test]
    fn what_a_restart_does_not_bring_is_not_waited_for() {
        let locked = Deployment { locked: true, ..deployment("staged", false, true) };
        let system = System { deployments: vec![locked, deployment("booted", true, false)], ..System::default() };
        assert_eq!((system.awaited(), system.pending().is_some()), (None, true));
    }

    #[test]
    fn what_stands_in_the_way_of_everything_comes_first() {
        let mut capabilities = Capabilities::default();
        capabilities.refuse(Ability::Install, SystemObstacle::LayeringLocked);
        capabilities.refuse(Ability::Install, SystemObstacle::RootOnly);
        assert_eq!(capabilities.refusal(Ability::Install), Some(SystemObstacle::LayeringLocked), "the first stays");
        assert_eq!(capabilities.refusal(Ability::RollBack), None);
        capabilities.obstacle = Some(SystemObstacle::Sandboxed);
        for ability in Ability::ALL {
            assert_eq!(capabilities.refusal(ability), Some(SystemObstacle::Sandboxed), "{ability:?}");
        }
    }

    #[test]
    fn every_obstacle_has_a_sentence_of_its_own() {
        let sentences: std::collections::HashSet<_> = SystemObstacle::ALL.map(SystemObstacle::sentence).into();
        assert_eq!(sentences.len(), SystemObstacle::ALL.len());
        assert!(sentences.iter().all(|sentence| sentence.ends_with('.')));
    }
}
