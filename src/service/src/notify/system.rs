//! What is worth saying of the system beneath. Decides only, as the watcher does.

use super::watcher::{Notice, Topic};
use strata_model::system::{AutomaticPolicy, UpdaterProgram};
use strata_model::{Action, FailureKind, Snapshot, Standing, System, SystemUpdate, Task, TaskState};

const SECONDS_A_DAY: i64 = 86_400;
/// So many changed packages tell one update from another.
const MOST_MARKED: usize = 40;

/// What the marks of the system begin with, among what was told.
pub(crate) const MARK: &str = "system ";

/// Something that is true at this moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct News {
    pub(crate) topic: Topic,
    /// By this it is known whether it was told: each thing once.
    pub(crate) mark: String,
    pub(crate) notice: Notice,
}

/// Why a system gets old.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Cause {
    /// Its updates are held.
    Held,
    /// A layered package does not go together with what is newer.
    Blocked(String),
    /// What would update it by itself is switched off: its unit.
    UpdaterOff(String),
}

/// What is true of the system and wanted by the settings; `None` while nobody knows how it is. `now` in seconds since 1970.
pub(crate) fn news(snapshot: &Snapshot, now: i64) -> Option<Vec<News>> {
    let status = Some(&snapshot.system.0).filter(|status| status.ready)?;
    let (system, wanted) = (&status.system, &snapshot.settings.notifications);
    let failed = last_failed(snapshot);
    let blocker = failed.and_then(|task| blocker(task, system));
    let update = update(snapshot, blocker).filter(|_| wanted.updates);
    let restart = restart(system).filter(|_| wanted.restart);
    let said = failed.map(|task| failure(task, blocker)).filter(|_| wanted.failed);
    let stale = stale(snapshot, blocker, now);
    Some(update.into_iter().chain(restart).chain(said).chain(stale).collect())
}

fn of(topic: Topic, mark: &str, notice: Notice) -> News {
    News { mark: format!("{}{mark}", self::mark(&topic)), topic, notice }
}

/// What the marks of a topic begin with.
pub(crate) fn mark(topic: &Topic) -> String {
    let word = match topic {
        Topic::SystemUpdate => "update",
        Topic::Restart => "restart",
        Topic::Blocked => "blocked",
        Topic::Stale => "stale",
        _ => "failed",
    };
    format!("{MARK}{word} ")
}

/// A newer system, where nobody brings it by itself and nothing is known to block it.
fn update(snapshot: &Snapshot, blocker: Option<&str>) -> Option<News> {
    let Standing::Newer(update) = snapshot.system.standing(snapshot.settings.updates.hold_system) else { return None };
    if blocker.is_some() || comes_by_itself(&snapshot.system.system) {
        return None;
    }
    let mark = mark_of(update);
    Some(of(Topic::SystemUpdate, &mark, Notice::SystemUpdate(Box::new(update.clone()))))
}

/// What tells one update from the next. Of packages alone, and of an image that was not downloaded, there is no checksum.
fn mark_of(update: &SystemUpdate) -> String {
    if !update.checksum.is_empty() {
        return [&update.version, &update.checksum].map(String::as_str).join(" ");
    }
    let layers = update.layers.iter().map(|layers| format!("{} {}", layers.total_size, layers.added_size));
    let changes = update.changes.iter().take(MOST_MARKED).map(|change| format!("{} {}", change.name, change.to));
    [update.version.clone()].into_iter().chain(layers).chain(changes).collect::<Vec<_>>().join(" ")
}

fn comes_by_itself(system: &System) -> bool {
    let brings = matches!(system.policy, AutomaticPolicy::Stage | AutomaticPolicy::Apply);
    system.updaters.iter().any(|one| one.enabled && (brings || one.program != UpdaterProgram::RpmOstree))
}

fn restart(system: &System) -> Option<News> {
    let pending = system.awaited()?;
    let version = if system.is_same_version(pending) { String::new() } else { pending.version.clone() };
    Some(of(Topic::Restart, &pending.id, Notice::Restart(version)))
}

/// The last change of the system as a whole that somebody asked for, if it failed.
fn last_failed(snapshot: &Snapshot) -> Option<&Task> {
    let changes = |task: &&Task| {
        matches!(task.request.action, Action::UpdateSystem | Action::DeploySystem | Action::RollBack)
            && !task.request.unattended
    };
    let last = snapshot.tasks.iter().filter(changes).max_by_key(|task| task.id)?;
    (last.state == TaskState::Failed).then_some(last)
}

/// The layered package that the failure names.
fn blocker<'t>(task: &'t Task, system: &System) -> Option<&'t str> {
    let failure = task.failure.as_ref().filter(|failure| failure.kind == FailureKind::Unsolvable)?;
    let next = system.deployments.first()?;
    next.requested_as(&failure.subject).map(|_| &*failure.subject)
}

fn failure(task: &Task, blocker: Option<&str>) -> News {
    match blocker {
        Some(package) => of(Topic::Blocked, &format!("{} {package}", task.id), Notice::Blocked(package.to_owned())),
        None => of(Topic::SystemFailed, &task.id.to_string(), Notice::SystemFailed(Box::new(task.clone()))),
    }
}

/// The system is old, and it is known why. That alone is worth saying: nobody can do anything about the rest.
fn stale(snapshot: &Snapshot, blocker: Option<&str>, now: i64) -> Option<News> {
    let (system, most) = (&snapshot.system.system, i64::from(snapshot.settings.notifications.stale_system_days));
    let booted = system.booted().filter(|booted| booted.timestamp > 0 && system.pending().is_none())?;
    let days = (now - booted.timestamp) / SECONDS_A_DAY;
    if most == 0 || days < most {
        return None;
    }
    let off = || {
        let is_off = system.policy == AutomaticPolicy::None && system.updaters.iter().all(|one| !one.enabled);
        system.updaters.first().filter(|_| is_off).map(|updater| Cause::UpdaterOff(updater.unit.clone()))
    };
    let cause = if snapshot.settings.updates.hold_system {
        Cause::Held
    } else {
        blocker.map(|package| Cause::Blocked(package.to_owned())).or_else(off)?
    };
    Some(of(Topic::Stale, &format!("{} {cause:?}", booted.id), Notice::Stale(days, cause)))
}
