//! What is worth a notification, and when one is no longer true. Decides only; nothing here speaks to anybody.

use super::system::{self, Cause, News};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use strata_engine::upkeep;
use strata_model::{Action, Attention, OfferId, PartKind, Request, Snapshot, SystemUpdate, Task, TaskState, Update};

/// One identifier for each thing that can be said: what is said later about it takes the place of what was said before.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Topic {
    /// How a request about one app or file ended.
    Request(String),
    /// Updates that were done.
    Updated,
    /// Updates that can be had.
    Updates,
    /// An update of the system that can be had.
    SystemUpdate,
    /// The system waits for a restart.
    Restart,
    /// A change of the system failed.
    SystemFailed,
    /// A layered package blocks the system's updates.
    Blocked,
    /// The system gets old.
    Stale,
}

impl fmt::Display for Topic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Request(about) => write!(f, "request {about}"),
            Self::Updated => write!(f, "updated"),
            Self::Updates => write!(f, "updates"),
            Self::SystemUpdate => write!(f, "system update"),
            Self::Restart => write!(f, "system restart"),
            Self::SystemFailed => write!(f, "system failed"),
            Self::Blocked => write!(f, "system blocked"),
            Self::Stale => write!(f, "system stale"),
        }
    }
}

/// What is said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Notice {
    /// It was installed and can be opened.
    Ready(Box<Task>),
    /// These were updated, by their names.
    Updated(Vec<String>),
    /// The same, by itself.
    UpdatedByItself(Vec<String>),
    /// It did not work.
    Failed(Box<Task>),
    /// These can be updated.
    Updates(Vec<Update>),
    /// The system can be updated.
    SystemUpdate(Box<SystemUpdate>),
    /// This version of the system waits for a restart.
    Restart(String),
    /// It did not work.
    SystemFailed(Box<Task>),
    /// This layered package blocks the system's updates.
    Blocked(String),
    /// The system is so many days old, and why.
    Stale(i64, Cause),
}

/// What is to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Deed {
    /// Say it.
    Show(Topic, Notice),
    /// It is no longer true.
    Withdraw(Topic),
}

/// Watches what the engine publishes.
#[derive(Debug)]
pub(crate) struct Watcher {
    before: Snapshot,
    shown: BTreeMap<Topic, Notice>,
    /// Updates that the person was told of, or saw; and what is true of the system, the same.
    told: BTreeSet<String>,
    /// Seconds since 1970.
    clock: fn() -> i64,
    /// Done since the first of a row of updates.
    updated: Vec<Request>,
}

impl Watcher {
    /// Begins with what is published already: how earlier tasks ended is no news. `told` are the updates that the person
    /// knows.
    pub(crate) fn new(snapshot: Snapshot, told: BTreeSet<String>) -> Self {
        Self { before: snapshot, shown: BTreeMap::new(), told, clock, updated: Vec::new() }
    }

    /// The updates that the person was told of, or saw.
    pub(crate) fn told(&self) -> &BTreeSet<String> {
        &self.told
    }

    /// It was closed: by the person, or because its time was over.
    pub(crate) fn closed(&mut self, topic: &Topic) {
        self.shown.remove(topic);
    }

    /// What to do now that this is published.
    pub(crate) fn hear(&mut self, now: Snapshot, seen: Attention) -> Vec<Deed> {
        let looking = seen >= Attention::Tasks;
        let mut deeds = self.withdraw(&now, looking);
        let ended: Vec<Task> = now.tasks.iter().filter(|task| self.has_ended(task)).cloned().collect();
        let is_open = now.tasks.iter().any(|task| is_update(task) && !task.state.is_final());
        for task in ended {
            self.hear_end(task, &now, looking, &mut deeds);
        }
        if !is_open && !self.updated.is_empty() {
            let updated = std::mem::take(&mut self.updated);
            if !looking && now.settings.notifications.finished {
                deeds.push(Deed::Show(Topic::Updated, row(updated)));
            }
        }
        self.hear_updates(&now, seen, is_open, &mut deeds);
        self.hear_system(&now, seen, &mut deeds);
        for deed in &deeds {
            if let Deed::Show(topic, notice) = deed {
                self.shown.insert(topic.clone(), notice.clone());
            }
        }
        self.before = now;
        deeds
    }

    fn has_ended(&self, task: &Task) -> bool {
        task.state.is_final() && !self.before.tasks.iter().any(|known| known.id == task.id && known.state.is_final())
    }

    fn hear_end(&mut self, task: Task, now: &Snapshot, looking: bool, deeds: &mut Vec<Deed>) {
        let wanted = &now.settings.notifications;
        match task.state {
            TaskState::Done if is_update(&task) && is_app(&task.request, now) => self.updated.push(task.request),
            TaskState::Done if wanted.finished && !looking && can_be_opened(&task.request, now) => {
                deeds.push(Deed::Show(topic(&task.request), Notice::Ready(Box::new(task))));
            }
            TaskState::Failed if wanted.failed && !looking && is_about_apps(&task.request) => {
                deeds.push(Deed::Show(topic(&task.request), Notice::Failed(Box::new(task))));
            }
            _ => {}
        }
    }

    /// Each update is told once; what the person sees in a window needs no telling. A terminal that waits for something
    /// else does not show them: they are told when it is done.
    fn hear_updates(&mut self, now: &Snapshot, seen: Attention, is_updating: bool, deeds: &mut Vec<Deed>) {
        // What is about to be installed by itself is no news yet.
        if is_updating || upkeep::is_under_way(now) || now.sources.iter().any(|source| !source.ready) {
            return;
        }
        let updates: Vec<Update> = now.updates.iter().filter(|update| is_offered(update)).cloned().collect();
        let known: BTreeSet<String> = updates.iter().map(revision).collect();
        let is_news = !known.is_subset(&self.told);
        if is_news && seen == Attention::Tasks {
            return;
        }
        if is_news && seen == Attention::Nothing && now.settings.notifications.updates {
            deeds.push(Deed::Show(Topic::Updates, Notice::Updates(updates)));
        }
        self.told.retain(|mark| mark.starts_with(system::MARK));
        self.told.extend(known);
    }

    /// What is true of the system is told once, unless the person sees it; and taken back when it is true no longer.
    fn hear_system(&mut self, now: &Snapshot, seen: Attention, deeds: &mut Vec<Deed>) {
        // A daemon that sleeps says nothing new.
        let Some(news) = system::news(now, (self.clock)()) else { return };
        let is_true = |topic: &Topic| news.iter().any(|one| one.topic == *topic);
        for topic in [Topic::SystemUpdate, Topic::Restart, Topic::SystemFailed, Topic::Blocked, Topic::Stale] {
            // What an engine before this one said stays on the screen until somebody takes it back.
            let was_told = self.told.iter().any(|mark| mark.starts_with(&system::mark(&topic)));
            if !is_true(&topic) && (self.shown.remove(&topic).is_some() || was_told) {
                deeds.push(Deed::Withdraw(topic));
            }
        }
        let before: Vec<String> = self.told.iter().filter(|mark| mark.starts_with(system::MARK)).cloned().collect();
        self.told.retain(|mark| !mark.starts_with(system::MARK));
        for News { topic, mark, notice } in news {
            let (is_seen, is_news) = (seen != Attention::Nothing, !before.contains(&mark));
            let is_elsewhere = match topic {
                // No page says how old the system is: whoever looks has not seen that.
                Topic::Stale => is_seen,
                // A terminal that waits for something else does not show it.
                Topic::SystemUpdate => seen == Attention::Tasks,
                _ => false,
            };
            if is_news && is_elsewhere {
                continue;
            }
            if is_news && !is_seen {
                deeds.push(Deed::Show(topic, notice));
            }
            self.told.insert(mark);
        }
    }

    /// Takes back what is no longer true, and what the person now sees for themselves.
    fn withdraw(&mut self, now: &Snapshot, looking: bool) -> Vec<Deed> {
        let is_over = |notice: &Notice| match notice {
            Notice::Ready(task) => looking || !is_installed(&task.request.offer, now),
            Notice::Updated(_) | Notice::UpdatedByItself(_) => looking,
            // Somebody took note of it, or it is being tried again.
            Notice::Failed(failed) => {
                let again = |task: &Task| !task.state.is_final() && topic(&task.request) == topic(&failed.request);
                now.tasks.iter().any(again) || !now.tasks.iter().any(|task| task.id == failed.id)
            }
            Notice::Updates(_) => !now.updates.iter().any(is_offered),
            // See `hear_system`.
            Notice::SystemUpdate(_)
            | Notice::Restart(_)
            | Notice::SystemFailed(_)
            | Notice::Blocked(_)
            | Notice::Stale(..) => false,
        };
        let over: Vec<Topic> =
            self.shown.iter().filter(|(_, notice)| is_over(notice)).map(|(topic, _)| topic.clone()).collect();
        for topic in &over {
            self.shown.remove(topic);
        }
        over.into_iter().map(Deed::Withdraw).collect()
    }
}

fn clock() -> i64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}

fn topic(request: &Request) -> Topic {
    let OfferId { scope, reference, .. } = &request.offer;
    Topic::Request(format!("{scope} {reference} {}", request.location))
}

fn is_update(task: &Task) -> bool {
    task.request.action == Action::Update
}

/// A row of updates that came to its end.
fn row(updated: Vec<Request>) -> Notice {
    let by_itself = updated.iter().all(|request| request.unattended);
    let names = updated.into_iter().map(|request| request.name).collect();
    if by_itself { Notice::UpdatedByItself(names) } else { Notice::Updated(names) }
}

/// Failures of the rest are shown where they were asked for; a refresh that met no network is no news to anybody, nor is
/// what nobody asked for and is tried again tomorrow.
fn is_about_apps(request: &Request) -> bool {
    let about_apps = matches!(request.action, Action::Install | Action::InstallFile | Action::Update | Action::Remove);
    about_apps && !request.unattended
}

fn can_be_opened(request: &Request, now: &Snapshot) -> bool {
    request.action == Action::Install && is_app(request, now)
}

/// What it is about is an app that is installed, no runtime and no add-on.
fn is_app(request: &Request, now: &Snapshot) -> bool {
    now.installed.iter().any(|part| part.kind == PartKind::App && same(&part.offer, &request.offer))
}

fn is_installed(offer: &OfferId, now: &Snapshot) -> bool {
    now.installed.iter().any(|part| same(&part.offer, offer))
}

/// The same thing in the same place, wherever it came from.
fn same(one: &OfferId, other: &OfferId) -> bool {
    (one.source, &one.scope, &one.reference) == (other.source, &other.scope, &other.reference)
}

/// An update of an app that nobody holds back.
pub(crate) fn is_offered(update: &Update) -> bool {
    update.kind == PartKind::App && !update.held
}

fn revision(update: &Update) -> String {
    format!("{} {} {}", update.offer.scope, update.offer.reference, update.revision)
}

#[cfg(test)]
#[path = "watcher_tests.rs"]
mod tests;
