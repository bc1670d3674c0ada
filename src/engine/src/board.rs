//! The board: what the engine publishes. Every change goes through [`Board::edit`], which numbers it, applies it to the
//! whole in the same way as the faces do, and sends it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use strata_model::{Action, Change, Request, Snapshot, Task, TaskId, TaskState};
use tokio::sync::broadcast;

/// Changes that a slow listener may be behind before it has to fetch the whole again.
const BACKLOG: usize = 256;

/// Outcomes that are kept for a face to acknowledge; the oldest go first.
pub(crate) const MAX_OUTCOMES: usize = 200;

#[derive(Debug)]
pub(crate) struct Board {
    snapshot: Mutex<Snapshot>,
    changes: broadcast::Sender<Arc<Change>>,
}

impl Board {
    pub(crate) fn new(snapshot: Snapshot) -> Self {
        Self { snapshot: Mutex::new(snapshot), changes: broadcast::Sender::new(BACKLOG) }
    }

    /// A panic while the lock was held cannot leave half a change: `edit` applies changes whole.
    fn lock(&self) -> MutexGuard<'_, Snapshot> {
        self.snapshot.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn snapshot(&self) -> Snapshot {
        self.lock().clone()
    }

    /// The whole, and every change after it.
    pub(crate) fn subscribe(&self) -> (Snapshot, broadcast::Receiver<Arc<Change>>) {
        let snapshot = self.lock();
        (snapshot.clone(), self.changes.subscribe())
    }

    /// Publishes what `change` says, and gives the same back; nothing is published if it says `None`.
    pub(crate) fn edit(&self, change: impl FnOnce(&Snapshot) -> Option<Change>) {
        let mut snapshot = self.lock();
        let Some(change) = change(&snapshot) else { return };
        let change = Change { sequence: snapshot.sequence + 1, engine: snapshot.engine.clone(), ..change };
        if snapshot.apply(change.clone()).is_ok() {
            // Nobody listening is no fault.
            let _ = self.changes.send(Arc::new(change));
        }
    }

    /// Changes one task.
    pub(crate) fn edit_task(&self, id: TaskId, edit: impl FnOnce(&mut Task)) {
        self.edit(|snapshot| {
            let mut task = find(snapshot, id)?.clone();
            edit(&mut task);
            Some(Change { tasks: vec![task], ..Change::default() })
        });
    }

    pub(crate) fn task(&self, id: TaskId) -> Option<Task> {
        find(&self.lock(), id).cloned()
    }

    /// What is asked by the tasks that are queued or running, the oldest first.
    pub(crate) fn wanted(&self) -> Vec<(Request, TaskId)> {
        let snapshot = self.lock();
        let wanted = snapshot.tasks.iter().filter(|task| task.state.is_wanted());
        wanted.map(|task| (task.request.clone(), task.id)).collect()
    }
}

/// The change that ends a task, the failures that it makes good, and the oldest outcomes that have to go for it.
pub(crate) fn ended(snapshot: &Snapshot, task: Task) -> Change {
    let outcomes = snapshot.tasks.iter().filter(|known| known.state.is_final() && known.id != task.id);
    let (mut gone, kept): (Vec<&Task>, Vec<&Task>) = outcomes.partition(|known| makes_good(&task, known));
    let surplus = (kept.len() + 1).saturating_sub(MAX_OUTCOMES);
    gone.extend(&kept[..surplus]);
    Change { gone: gone.into_iter().map(|known| known.id).collect(), tasks: vec![task], ..Change::default() }
}

/// What failed before was done now: the same, or an app that is there, or gone, after all.
fn makes_good(done: &Task, failed: &Task) -> bool {
    let (now, then) = (&done.request, &failed.request);
    let same = now.action == then.action || [now.action, then.action].iter().all(|action| changes_app(*action));
    done.state == TaskState::Done && failed.state == TaskState::Failed && now.offer == then.offer && same
}

const fn changes_app(action: Action) -> bool {
    matches!(action, Action::Install | Action::Update | Action::Download | Action::Remove)
}

pub(crate) fn find(snapshot: &Snapshot, id: TaskId) -> Option<&Task> {
    snapshot.tasks.iter().find(|task| task.id == id)
}
