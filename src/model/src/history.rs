//! What was done, for good.

use crate::{Failure, Progress, Request, Task, TaskId, TaskState};
use serde::{Deserialize, Serialize};
use zvariant::Type;

/// The record of one task that came to its end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Entry {
    /// The task's number.
    pub id: TaskId,
    /// What was asked.
    pub request: Request,
    /// How it ended: a final state.
    pub state: TaskState,
    /// Why it failed; only then.
    pub failure: Option<Failure>,
    /// What failed while the rest was done; see [`Task::partial`].
    pub partial: Vec<Failure>,
    /// Version before, empty if it was not installed or has none.
    pub from_version: String,
    /// Version after, empty if it is not installed or has none.
    pub to_version: String,
    /// It left something different: of a refresh, news of any origin; of anything else, that it came to a good end. Of
    /// tasks that an older version recorded nobody knows, so they count as if they had.
    pub changed: bool,
    /// When it was asked for, seconds since 1970.
    pub submitted: i64,
    /// When it came to its end, seconds since 1970.
    pub finished: i64,
}

impl From<Entry> for Task {
    /// The task that came to this end.
    fn from(entry: Entry) -> Self {
        let Entry { id, request, state, failure, partial, submitted, finished, .. } = entry;
        Self { id, request, state, progress: Progress::default(), failure, partial, submitted, finished }
    }
}
