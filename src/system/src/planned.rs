//! Requests as changes of the system, and what a change would do as the plan of its request.

use crate::header::Package;
use crate::packages::split;
use std::collections::BTreeSet;
use std::path::PathBuf;
use strata_engine::{PackageSet, Rubbish, SystemChange};
use strata_model::plan::{SystemPlan, Warning, WarningKind};
use strata_model::system::{Ability, UpdaterProgram};
use strata_model::system_update::PackageChange;
use strata_model::{Action, Failure, FailureKind, Plan, Request, System};

/// What a request is to the system.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Asked {
    /// A question.
    Check,
    /// A change.
    Change(SystemChange),
}

/// What a request asks of the system.
///
/// # Errors
/// [`FailureKind::BadRequest`] where packages know no such thing.
pub(crate) fn asked(request: &Request) -> Result<Asked, Failure> {
    let reference = request.offer.reference.clone();
    let named = || {
        let nothing = || Failure::new(FailureKind::BadRequest, "", "nothing is named");
        Some(reference.clone()).filter(|name| !name.is_empty()).ok_or_else(nothing)
    };
    let one = |name: String| BTreeSet::from([name]);
    let live = request.live;
    let change = match request.action {
        Action::CheckSystem => return Ok(Asked::Check),
        Action::Install => SystemChange::Packages(PackageSet { install: one(named()?), live, ..PackageSet::default() }),
        Action::InstallFile => {
            SystemChange::Packages(PackageSet { local: vec![file(request)?], live, ..PackageSet::default() })
        }
        Action::Remove => SystemChange::Packages(PackageSet { remove: one(named()?), ..PackageSet::default() }),
        Action::Reset => SystemChange::Packages(PackageSet { reset: one(named()?), ..PackageSet::default() }),
        Action::Refresh => SystemChange::RefreshPackages,
        Action::EnableOrigin | Action::DisableOrigin => SystemChange::SwitchRepository {
            id: request.offer.origin.clone(),
            enabled: request.action == Action::EnableOrigin,
        },
        Action::UpdateSystem => SystemChange::Update,
        Action::DeploySystem => SystemChange::Deploy { version: named()? },
        Action::RollBack => SystemChange::RollBack,
        Action::Discard => SystemChange::CleanUp([Rubbish::Pending].into()),
        Action::ApplyLive => SystemChange::ApplyLive,
        Action::Pin | Action::Unpin => {
            SystemChange::Pin { deployment: named()?, pinned: request.action == Action::Pin }
        }
        Action::Update
        | Action::Download
        | Action::GoBack
        | Action::RemoveUnused
        | Action::AddOrigin
        | Action::RemoveOrigin
        | Action::PrioritiseOrigin
        | Action::Hold
        | Action::Release
        | Action::RemoveData => {
            let detail = "packages come and go with the system, and are updated together with it";
            return Err(Failure::new(FailureKind::BadRequest, subject(request), detail));
        }
    };
    Ok(Asked::Change(change))
}

/// What several requests ask together: packages that come and go in one go. `None` if they have to be done one after the
/// other: because they are about something else, or about the same package, or not all of them live.
pub(crate) fn together(requests: &[Request]) -> Option<PackageSet> {
    let mut all: Option<PackageSet> = None;
    for request in requests {
        let Ok(Asked::Change(SystemChange::Packages(one))) = asked(request) else { return None };
        let Some(set) = &mut all else {
            all = Some(one);
            continue;
        };
        let undoes = !set.install.is_disjoint(&one.remove) || !set.remove.is_disjoint(&one.install);
        if undoes || set.live != one.live {
            return None;
        }
        set.install.extend(one.install);
        set.local.extend(one.local);
        set.remove.extend(one.remove);
        set.reset.extend(one.reset);
    }
    all
}

/// The request that asked for what a failure names.
pub(crate) fn blamed(requests: &[Request], failure: &Failure) -> Option<usize> {
    let asked_for = |request: &Request| {
        let file = request.location.rsplit('/').next().unwrap_or_default();
        // `foo-extra-1.0-1.noarch.rpm` is no `foo`.
        let is_file = file.strip_suffix(".rpm").is_some_and(|nevra| split(nevra).0 == failure.subject);
        request.offer.reference == failure.subject || request.location == failure.subject || is_file
    };
    if failure.subject.is_empty() { None } else { requests.iter().position(asked_for) }
}

/// The file that is to be layered.
pub(crate) fn file(request: &Request) -> Result<PathBuf, Failure> {
    let path = PathBuf::from(&request.location);
    let absent = || Failure::new(FailureKind::BadFile, &request.location, "only files of this machine can be layered");
    path.is_absolute().then_some(path).ok_or_else(absent)
}

/// What a request is about.
pub(crate) fn subject(request: &Request) -> String {
    let Request { name, location, offer, .. } = request;
    let texts = [name, &offer.reference, location, &offer.origin];
    texts.into_iter().find(|text| !text.is_empty()).cloned().unwrap_or_default()
}

/// The plan of a package in a file, which the daemon need not name among what comes.
pub(crate) fn of_file(mut plan: Plan, package: &Package) -> Plan {
    plan.request = plan.request.named(&package.name);
    let Some(system) = plan.system.as_mut().filter(|system| !system.nothing_to_do) else { return plan };
    if system.changes.iter().all(|change| change.name != package.name) {
        let Package { name, version, architecture } = package.clone();
        let change = PackageChange { name, to: version, architecture, layered: true, ..PackageChange::default() };
        system.changes.insert(0, change);
    }
    for warning in plan.warnings.iter_mut().filter(|warning| warning.subject == plan.request.location) {
        warning.subject.clone_from(&package.name);
    }
    plan
}

/// What has to be possible for a change.
pub(crate) fn ability(change: &SystemChange) -> Option<Ability> {
    match change {
        SystemChange::Packages(set) if set.takes_only() => Some(Ability::Remove),
        SystemChange::Packages(_) => Some(Ability::Install),
        SystemChange::Update | SystemChange::Deploy { .. } => Some(Ability::Update),
        SystemChange::RollBack => Some(Ability::RollBack),
        SystemChange::CleanUp(_) => Some(Ability::Discard),
        SystemChange::ApplyLive => Some(Ability::ApplyLive),
        SystemChange::Pin { .. } => Some(Ability::Pin),
        SystemChange::SwitchRepository { .. } => Some(Ability::ChangeRepositories),
        SystemChange::RefreshPackages => None,
    }
}

/// It is to change what runs, too.
pub(crate) fn is_live(change: &SystemChange) -> bool {
    matches!(change, SystemChange::Packages(set) if set.live)
}

/// What it did can be seen in the deployments.
pub(crate) fn moves_deployments(change: &SystemChange) -> bool {
    !matches!(change, SystemChange::SwitchRepository { .. } | SystemChange::RefreshPackages)
}

/// It leads to another version of the system.
pub(crate) fn changes_version(change: &SystemChange) -> bool {
    matches!(change, SystemChange::Update | SystemChange::Deploy { .. } | SystemChange::RollBack)
}

/// The plan of what changes nothing, and why it does not: the image carries the package, or it goes by itself.
pub(crate) fn nothing(request: &Request, why: WarningKind, package: &str) -> Plan {
    let system = SystemPlan { nothing_to_do: true, changes_known: true, ..SystemPlan::default() };
    let warnings = vec![warning(why, package)];
    Plan { warnings, system: Some(system), ..Plan::of_package(request) }
}

/// The plan of a change of this system. What changes stands in its part of the plan, and not among the steps.
pub(crate) fn plan(request: &Request, change: &SystemChange, planned: SystemPlan, system: &System) -> Plan {
    let mut warnings = Vec::new();
    if !planned.nothing_to_do {
        if ability(change) == Some(Ability::Install) && !request.live {
            warnings.push(warning(WarningKind::Layered, &subject(request)));
        }
        if ability(change) == Some(Ability::Install) {
            warnings.extend(refusing(system).map(|unit| warning(WarningKind::UpdaterMayRefuse, unit)));
        }
        warnings.extend(about_pending(change, system));
    }
    Plan { warnings, restart_needed: planned.restart_needed, system: Some(planned), ..Plan::of_package(request) }
}

/// The unit of another program that updates the system by itself, and leaves that to nobody: bootc refuses where packages are
/// layered, and so may those that use it.
fn refusing(system: &System) -> Option<&str> {
    let others = system.updaters.iter().filter(|one| one.enabled && one.program != UpdaterProgram::RpmOstree);
    // It has refused before, if so.
    let is_first = system.deployments.first().is_none_or(|next| next.layered.is_empty() && next.local.is_empty());
    others.map(|updater| updater.unit.as_str()).next().filter(|_| is_first)
}

/// What becomes of what waits for the next restart: the daemon makes such changes on top of it.
fn about_pending(change: &SystemChange, system: &System) -> Option<Warning> {
    let (pending, booted) = (system.pending()?, system.booted()?);
    let waits = |name: &String| booted.requested_as(name).is_none();
    match change {
        SystemChange::Packages(_) | SystemChange::Update | SystemChange::Deploy { .. } if !pending.staged => {
            Some(warning(WarningKind::OnRolledBack, pending.called()))
        }
        SystemChange::Deploy { .. } if !system.is_same_version(pending) => {
            Some(warning(WarningKind::StagedGoes, pending.called()))
        }
        // It is taken out of what waits, and nobody needs to be told that the rest stays.
        SystemChange::Packages(set) if set.takes_only() && set.reset.is_empty() && set.remove.iter().all(waits) => None,
        SystemChange::Packages(_) | SystemChange::Update | SystemChange::Deploy { .. } => {
            Some(warning(WarningKind::Staged, ""))
        }
        _ => None,
    }
}

fn warning(kind: WarningKind, subject: &str) -> Warning {
    Warning { kind, subject: subject.to_owned(), end_of_life: None }
}
