//! Lanes: tasks of one lane run in the order they were asked for, lanes run side by side.

use crate::work::Working;
use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};
use strata_model::{Stop, TaskId};
use tokio::sync::OwnedMutexGuard;
use tokio_util::sync::CancellationToken;

#[derive(Debug, Default)]
pub(crate) struct Queue {
    /// A lane is here for as long as somebody works through it.
    lanes: HashMap<String, VecDeque<TaskId>>,
    /// Every task without an end.
    open: HashMap<TaskId, Open>,
}

#[derive(Debug)]
struct Open {
    lane: String,
    cancel: CancellationToken,
    _working: (Working, Working),
}

/// What cancelling found.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Cancelled {
    /// It waited, and is out of its lane now: whoever cancelled ends it.
    Waiting,
    /// It runs, and was told.
    Running,
    /// It has an end already, or was never there.
    Nothing,
}

impl Queue {
    /// Puts a task at the end of its lane. `true` if nobody works through the lane yet: the caller then has to.
    #[must_use]
    pub(crate) fn push(&mut self, id: TaskId, lane: &str, working: (Working, Working)) -> bool {
        let open = Open { lane: lane.to_owned(), cancel: CancellationToken::new(), _working: working };
        self.open.insert(id, open);
        let is_new = !self.lanes.contains_key(lane);
        self.lanes.entry(lane.to_owned()).or_default().push_back(id);
        is_new
    }

    /// The next task of a lane. `None` closes the lane.
    pub(crate) fn next(&mut self, lane: &str) -> Option<(TaskId, CancellationToken)> {
        if let Some(id) = self.lanes.get_mut(lane).and_then(VecDeque::pop_front) {
            return Some((id, self.token(id)));
        }
        self.lanes.remove(lane);
        None
    }

    /// The next task of a lane, if it is one that is wanted; the lane stays open.
    pub(crate) fn next_if(&mut self, lane: &str, wanted: impl FnOnce(TaskId) -> bool) -> Option<TaskId> {
        let waiting = self.lanes.get_mut(lane)?;
        waiting.front().copied().filter(|id| wanted(*id)).and_then(|_| waiting.pop_front())
    }

    /// What tells a task to stop.
    pub(crate) fn token(&self, id: TaskId) -> CancellationToken {
        self.open.get(&id).map(|open| open.cancel.clone()).unwrap_or_default()
    }

    /// Stops a task, wherever it is.
    pub(crate) fn cancel(&mut self, id: TaskId) -> Cancelled {
        let Some(open) = self.open.get(&id) else { return Cancelled::Nothing };
        open.cancel.cancel();
        let lane = self.lanes.get_mut(&open.lane);
        let waiting = lane.and_then(|lane| Some((lane.iter().position(|waiting| *waiting == id)?, lane)));
        match waiting {
            Some((position, lane)) => {
                lane.remove(position);
                Cancelled::Waiting
            }
            None => Cancelled::Running,
        }
    }

    /// The task has its end.
    pub(crate) fn close(&mut self, id: TaskId) {
        self.open.remove(&id);
    }

    /// Every task without an end.
    pub(crate) fn open(&self) -> Vec<TaskId> {
        self.open.keys().copied().collect()
    }
}

/// Whose turn it is in each lane. A task may have something to do in another lane than its own: one thing is done at a time
/// there too. Nobody takes a turn while having another.
#[derive(Debug, Default)]
pub(crate) struct Turns(Mutex<HashMap<String, Arc<tokio::sync::Mutex<()>>>>);

impl Turns {
    /// Waits for the turn.
    ///
    /// # Errors
    /// [`Stop::Cancelled`].
    pub(crate) async fn take(&self, lane: &str, cancel: &CancellationToken) -> Result<OwnedMutexGuard<()>, Stop> {
        let turn = {
            let mut lanes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(lanes.entry(lane.to_owned()).or_default())
        };
        cancel.run_until_cancelled(turn.lock_owned()).await.ok_or(Stop::Cancelled)
    }
}
