//! How the system beneath is, as the window shows it.

use crate::live::{Live, Running, Work};
use strata_model::deployment::Deployment;
use strata_model::snapshot::SystemStatus;
use strata_model::system::Ability;
use strata_model::{
    Action, Failure, FailureKind, Request, Snapshot, SourceKind, Standing, System, SystemUpdate, Task, TaskState,
};

/// The system as the engine knows it.
pub(crate) fn status(live: &Live) -> Option<&SystemStatus> {
    live.snapshot.as_ref().map(|snapshot| &*snapshot.system)
}

/// How it is.
pub(crate) fn standing(snapshot: &Snapshot) -> Standing<'_> {
    snapshot.system.standing(snapshot.settings.updates.hold_system)
}

/// The newer system that Update All is about.
pub(crate) fn offered(live: &Live) -> Option<&SystemUpdate> {
    let snapshot = live.snapshot.as_ref()?;
    match standing(snapshot) {
        Standing::Newer(update) if !matches!(work(snapshot), Work::Running(_)) => Some(update),
        _ => None,
    }
}

/// What is being done about the system as a whole, or how its last update failed.
pub(crate) fn work(snapshot: &Snapshot) -> Work {
    let of_system = |task: &&Task| task.request.action.is_of_system();
    let last = snapshot.tasks.iter().filter(of_system).max_by_key(|task| (!task.state.is_final(), task.id));
    match last {
        Some(task) if !task.state.is_final() => Work::Running(Running {
            task: task.id,
            action: task.request.action,
            state: task.state,
            progress: task.progress,
        }),
        Some(Task { id, request, state: TaskState::Failed, failure: Some(failure), .. })
            if request.action == Action::UpdateSystem =>
        {
            Work::Failed(*id, failure.clone())
        }
        _ => Work::Idle,
    }
}

/// The packages that somebody asked for, of the system as it is after the next restart.
pub(crate) fn wanted_packages(status: &SystemStatus) -> Option<&Deployment> {
    status.system.pending().or_else(|| status.system.booted())
}

/// What Roll Back would start at the next restart: the version before or, if that was asked for already, what runs.
pub(crate) fn way_back(system: &System) -> Option<&Deployment> {
    if system.pending().is_some_and(|pending| !pending.staged) { system.booted() } else { system.rollback() }
}

/// A layered package that keeps the system from being updated, by that failure.
pub(crate) fn blocking<'a>(status: &'a SystemStatus, failure: &Failure) -> Option<&'a str> {
    let blocks = matches!(failure.kind, FailureKind::Unsolvable | FailureKind::ScriptFailed);
    let deployment = wanted_packages(status).filter(|_| blocks)?;
    deployment.requested_as(&failure.subject)
}

/// The package repository that keeps the system from being changed, by that failure, if it can be switched off.
pub(crate) fn gone<'a>(status: &SystemStatus, failure: &'a Failure) -> Option<&'a str> {
    let refused = status.system.capabilities.refusal(Ability::ChangeRepositories).is_some();
    (failure.kind == FailureKind::RepositoryGone && !refused).then_some(failure.subject.as_str())
}

/// The request that switches a package repository off.
pub(crate) fn switch_off(repository: &str) -> Request {
    let scope = strata_model::OfferId::package("").scope;
    Request::change_origin(Action::DisableOrigin, SourceKind::Package, &scope, repository).named(repository)
}

/// The request that takes a layered package away.
pub(crate) fn removal(package: &str) -> Request {
    Request::remove(strata_model::OfferId::package(package), false).named(package)
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use std::sync::Arc;
    use strata_model::{TaskId, Variant};

    /// A deployment of this version.
    pub(crate) fn deployment(version: &str) -> Deployment {
        Deployment { id: format!("orchard-{version}"), version: version.to_owned(), ..Deployment::default() }
    }

    /// One that runs, and one to go back to.
    pub(crate) fn system() -> System {
        let booted = Deployment { booted: true, ..deployment("42.2") };
        let old = Deployment { rollback: true, ..deployment("42.1") };
        System { deployments: vec![booted, old], ..System::default() }
    }

    /// What the engine says of this system.
    pub(crate) fn snapshot(system: System) -> Snapshot {
        let system = Variant(SystemStatus { ready: true, system, ..SystemStatus::default() });
        Snapshot { sequence: 1, system, ..Snapshot::default() }
    }

    /// An update of the system that failed.
    pub(crate) fn failed_update(failure: Failure) -> Task {
        task(1, Action::UpdateSystem, TaskState::Failed, Some(failure))
    }

    fn task(id: u64, action: Action, state: TaskState, failure: Option<Failure>) -> Task {
        Task {
            id: TaskId(id),
            request: Request::system(action, ""),
            state,
            progress: strata_model::Progress::default(),
            failure,
            partial: Vec::new(),
            submitted: 0,
            finished: 0,
        }
    }

    #[test]
    fn an_update_that_is_held_is_not_offered() {
        let update = SystemUpdate { version: "42.3".to_owned(), ..SystemUpdate::default() };
        let mut known = snapshot(System { update: Some(update.clone()), ..system() });
        let live = |known: &Snapshot| Live { snapshot: Some(Arc::new(known.clone())), ..Live::default() };
        assert_eq!(offered(&live(&known)), Some(&update));
        known.settings.updates.hold_system = true;
        assert_eq!(offered(&live(&known)), None);
    }

    #[test]
    fn only_what_is_layered_can_block() {
        let mut system = system();
        system.deployments[0].requested = vec!["legacy-viewer".to_owned()];
        let status = SystemStatus { system, ..SystemStatus::default() };
        let failure = |kind, subject: &str| Failure::new(kind, subject, "");
        assert_eq!(blocking(&status, &failure(FailureKind::Unsolvable, "legacy-viewer")), Some("legacy-viewer"));
        assert_eq!(blocking(&status, &failure(FailureKind::Unsolvable, "glibc")), None, "of the image");
        assert_eq!(blocking(&status, &failure(FailureKind::NoSpace, "legacy-viewer")), None, "another reason");
    }

    #[test]
    fn a_repository_that_is_gone_can_be_switched_off() {
        let mut status = SystemStatus { system: system(), ..SystemStatus::default() };
        let failure = |kind| Failure::new(kind, "copr:a:b", "");
        let repository = failure(FailureKind::RepositoryGone);
        assert_eq!(gone(&status, &repository), Some("copr:a:b"));
        assert_eq!(gone(&status, &failure(FailureKind::Offline)), None, "it may come back");
        assert_eq!(switch_off("copr:a:b").offer.origin, "copr:a:b");
        status.system.capabilities.refuse(Ability::ChangeRepositories, strata_model::SystemObstacle::RootOnly);
        assert_eq!(gone(&status, &repository), None);
    }

    #[test]
    fn a_failed_update_is_told_until_something_else_is_done() {
        let failure = Failure::new(FailureKind::NoSpace, "", "");
        let failed = failed_update(failure.clone());
        let mut now = snapshot(system());
        now.tasks = vec![failed.clone()];
        assert_eq!(work(&now), Work::Failed(TaskId(1), failure));
        now.tasks = vec![failed, task(2, Action::CheckSystem, TaskState::Running, None)];
        assert!(matches!(work(&now), Work::Running(Running { task: TaskId(2), .. })));
    }
}
