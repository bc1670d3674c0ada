//! Tasks: requests on their way.

use crate::{Failure, Request, TaskId};
use serde::{Deserialize, Serialize};
use zvariant::Type;

/// A request that the engine has taken on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Task {
    /// Its number.
    pub id: TaskId,
    /// What was asked.
    pub request: Request,
    /// How far it is.
    pub state: TaskState,
    /// What has been done of it; only while it runs.
    pub progress: Progress,
    /// Why it failed; only then.
    pub failure: Option<Failure>,
    /// Parts of it that failed while the rest went on (a broken remote in a refresh).
    pub partial: Vec<Failure>,
    /// When it was asked for, seconds since 1970.
    pub submitted: i64,
    /// When it came to its end, seconds since 1970, 0 before.
    pub finished: i64,
}

/// The states of a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, Type)]
#[serde(rename_all = "kebab-case")]
#[zvariant(signature = "s")]
pub enum TaskState {
    /// Waits for its turn.
    Queued,
    /// At work.
    Running,
    /// Asked to stop, not stopped yet.
    Cancelling,
    /// Did what was asked.
    Done,
    /// Did not; the old state is still there.
    Failed,
    /// Stopped because the person asked for it; the old state is still there.
    Cancelled,
}

impl TaskState {
    /// Nothing more will come of it.
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Done | Self::Failed | Self::Cancelled)
    }

    /// It waits or works, and nobody asked it to stop.
    pub const fn is_wanted(self) -> bool {
        matches!(self, Self::Queued | Self::Running)
    }
}

/// What has been done of a task.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Progress {
    /// What it is doing.
    pub stage: Stage,
    /// 0 to 100, never going back; `None` where nobody can know.
    pub percent: Option<u8>,
    /// Bytes that have come.
    pub bytes: u64,
    /// Bytes that have to come at most, 0 if unknown.
    pub total_bytes: u64,
}

/// What a task is doing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "kebab-case")]
#[zvariant(signature = "s")]
pub enum Stage {
    /// Waits for its turn, or for something outside.
    #[default]
    Waiting,
    /// Whoever does the work does not answer.
    Unanswered,
    /// Finds out what has to be done.
    Preparing,
    /// Bytes come over the network.
    Downloading,
    /// Puts things in their place.
    Installing,
    /// Takes things away.
    Removing,
    /// Last steps; cannot be stopped any more.
    Finishing,
}
