//! The engine as the faces see it: found on the session bus or started as a child, mirrored, and asked.

use std::sync::Arc;
use strata_model::snapshot::Snapshot;
use strata_model::{Failure, FailureKind, OfferId, Plan, Request, Stop, Task, TaskId, history};
use strata_platform::Environment;
use tokio::sync::watch;

/// Whether the engine can be reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Link {
    /// It can; it may be asleep, and wakes when it is asked for something.
    Connected,
    /// It went away in the middle of work, and the client tries to reach it again.
    Lost(Failure),
}

/// The engine. Cheap to clone; every clone is the same connection.
#[derive(Clone, Debug)]
pub struct Engine {
    snapshot: watch::Receiver<Arc<Snapshot>>,
    link: watch::Receiver<Link>,
}

impl Engine {
    /// Reaches the engine: on the session bus, which starts it when needed, else as a child of this process. Returns
    /// when the first snapshot is there. Needs a tokio runtime, and goes on using it.
    ///
    /// # Errors
    /// [`FailureKind::EngineGone`] when the engine cannot be started.
    #[expect(clippy::unused_async, reason = "not connected yet")]
    pub async fn connect(_environment: Arc<Environment>) -> Result<Self, Failure> {
        Err(not_connected())
    }

    /// What the engine publishes, always whole: gaps and new engines are handled inside.
    pub fn snapshot(&self) -> watch::Receiver<Arc<Snapshot>> {
        self.snapshot.clone()
    }

    /// Whether the engine can be reached. It is reached again by itself.
    pub fn link(&self) -> watch::Receiver<Link> {
        self.link.clone()
    }

    /// What a request would do.
    pub async fn plan(&self, _request: &Request) -> Result<Plan, Stop> {
        Err(not_connected().into())
    }

    /// Queues requests, and gives their tasks in the same order. A request that is queued or running already gives
    /// that task.
    pub async fn submit(&self, _requests: &[Request]) -> Result<Vec<TaskId>, Failure> {
        Err(not_connected())
    }

    /// Asks a task to stop. Fine if it came to its end meanwhile.
    pub async fn cancel(&self, _task: TaskId) -> Result<(), Failure> {
        Err(not_connected())
    }

    /// Takes the outcomes of ended tasks out of the snapshot.
    pub async fn acknowledge(&self, _tasks: &[TaskId]) -> Result<(), Failure> {
        Err(not_connected())
    }

    /// Sets one setting: a dotted key, and a TOML value or a bare word.
    pub async fn set_setting(&self, _key: &str, _value: &str) -> Result<(), Failure> {
        Err(not_connected())
    }

    /// Starts an installed app.
    pub async fn launch(&self, _offer: &OfferId) -> Result<(), Failure> {
        Err(not_connected())
    }

    /// The last ended tasks, newest first.
    pub async fn history(&self, _limit: u32) -> Result<Vec<history::Entry>, Failure> {
        Err(not_connected())
    }

    /// Waits for the end of a task.
    pub async fn finished(&self, _task: TaskId) -> Result<Task, Failure> {
        Err(not_connected())
    }

    /// Wakes a sleeping engine, so that what changed outside meanwhile is noticed: for a window that comes to the
    /// front.
    pub async fn wake(&self) -> Result<(), Failure> {
        Err(not_connected())
    }
}

fn not_connected() -> Failure {
    Failure::new(FailureKind::EngineGone, "", "not connected")
}
