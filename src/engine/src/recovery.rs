//! What an engine finds that was broken off: a crash or a power cut in the middle of a task.

use crate::engine::{Inner, label, now};
use crate::guard::guarded;
use crate::store::Record;
use crate::switch::Switch;
use std::sync::Arc;
use strata_model::{Failure, FailureKind, Task, TaskState};

/// How a task that was broken off is shown until it is mended: on its way to its end, and nothing to join in with.
pub(crate) fn mending(record: &Record) -> Record {
    let task = Task { state: TaskState::Cancelling, ..record.task.clone() };
    Record { task, ..record.clone() }
}

/// Mends every task that was broken off, and ends it as interrupted. One that only waited left nothing to mend.
pub(crate) async fn mend(inner: &Arc<Inner>, broken_off: Vec<Record>) {
    for record in broken_off {
        let Record { task, .. } = record;
        tracing::warn!(id = %task.id, request = ?task.request, "a task was broken off");
        let mended = match task.state {
            TaskState::Queued => Ok(()),
            _ => recover(inner, &task).await,
        };
        let (kind, detail) = match mended {
            Ok(()) => (FailureKind::Interrupted, String::new()),
            Err(failure) if failure.kind == FailureKind::OutOfSight => (failure.kind, failure.detail),
            Err(failure) => {
                tracing::error!(id = %task.id, %failure, "a task that was broken off cannot be mended");
                (FailureKind::NotMended, failure.to_string())
            }
        };
        let failure = Failure::new(kind, label(&task.request), detail);
        let task = Task { state: TaskState::Failed, failure: Some(failure), finished: now(), ..task };
        inner.end(task.into()).await;
    }
}

async fn recover(inner: &Inner, task: &Task) -> Result<(), Failure> {
    let source = inner.source(task.request.offer.source)?;
    let request = task.request.clone();
    guarded(&label(&task.request), async move { source.recover(&request).await }).await??;
    Switch::recover(inner, &task.request).await
}
