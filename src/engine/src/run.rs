//! Working through a lane: each task runs, shows how far it is, and gets its end and its record.

use crate::board::ended;
use crate::catalogue::{self, Look};
use crate::engine::{Inner, label, now};
use crate::guard::guarded;
use crate::source::{Outcome, Reporter};
use crate::store::{Record, Store};
use std::sync::Arc;
use std::time::Duration;
use strata_model::{Action, Change, Failure, Progress, Request, SourceKind, Stop, Task, TaskId, TaskState};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

/// Progress is published at most this often: five times a second looks alive and costs nothing.
const PROGRESS_PERIOD: Duration = Duration::from_millis(200);

/// Works through a lane until it is empty.
pub(crate) async fn lane(inner: Arc<Inner>, lane: String) {
    inner.recovered.cancelled().await;
    while let Some((task, cancel)) = next(&inner, &lane) {
        run(&inner, task, cancel).await;
    }
}

/// Takes the next task. It becomes running before the queue is let go, so that whoever cancels finds it either waiting
/// or running.
fn next(inner: &Inner, lane: &str) -> Option<(Task, CancellationToken)> {
    let mut queue = inner.queue();
    loop {
        let (id, cancel) = queue.next(lane)?;
        inner.board.edit_task(id, |task| task.state = TaskState::Running);
        if let Some(task) = inner.board.task(id) {
            return Some((task, cancel));
        }
        queue.close(id);
    }
}

async fn run(inner: &Arc<Inner>, task: Task, cancel: CancellationToken) {
    let (id, request) = (task.id, task.request.clone());
    let result = work(inner, id, request.clone(), cancel).await;
    let mut record = Record::from(Task { finished: now(), progress: Progress::default(), ..task });
    match result {
        Ok(outcome) => {
            record.task.state = TaskState::Done;
            aftermath(inner, &request, &outcome).await;
            record.changed = !outcome.unchanged && (!asks_for_news(&request) || outcome.feeds_changed);
            Outcome {
                partial: record.task.partial,
                from_version: record.from_version,
                to_version: record.to_version,
                ..
            } = outcome;
        }
        Err(Stop::Cancelled) => record.task.state = TaskState::Cancelled,
        Err(Stop::Failed(failure)) => {
            tracing::warn!(%id, %failure, "a task failed");
            record.task.state = TaskState::Failed;
            record.task.failure = Some(failure);
            // Also without a network a damaged catalogue is mended by it.
            if request.action == Action::Refresh {
                catalogue::bring_up_to_date(inner, Look::Thorough).await;
            }
        }
    }
    // Whatever came of it: faces see the end of the task and what it left at the same moment.
    inner.sources.read(request.offer.source).await;
    record.changed |= asks_for_news(&request) && inner.has_news();
    inner.end(record).await;
}

/// The work itself, never begun unless it is on record.
async fn work(inner: &Inner, id: TaskId, request: Request, cancel: CancellationToken) -> Result<Outcome, Stop> {
    inner.record(move |store| store.start(id)).await?;
    let source = inner.source(request.offer.source)?;
    inner.check_allowed(&request).await?;
    inner.check_held(&request)?;
    let (reporter, progress) = Reporter::new();
    let subject = label(&request);
    let work = guarded(&subject, async move { source.run(&request, &reporter, &cancel).await });
    tokio::select! {
        result = work => result?,
        () = show(inner, id, progress) => Err(Stop::Cancelled),
    }
}

/// Shows how far a task is, for as long as it is polled.
async fn show(inner: &Inner, id: TaskId, mut progress: watch::Receiver<Progress>) {
    while progress.changed().await.is_ok() {
        let now = *progress.borrow_and_update();
        inner.board.edit_task(id, |task| task.progress = now);
        tokio::time::sleep(PROGRESS_PERIOD).await;
    }
    // The reporter is gone, the result is about to come.
    std::future::pending::<()>().await;
}

/// What else is different now that a task did what was asked.
async fn aftermath(inner: &Arc<Inner>, request: &Request, outcome: &Outcome) {
    if request.action == Action::Refresh {
        let kind = request.offer.source;
        let kinds = inner.sources.kinds();
        let remembered = inner.record(move |store| {
            store.set_fact(&fact(kind), now())?;
            checked(store, &kinds)
        });
        match remembered.await {
            Ok(checked) => inner.board.edit(|_| Some(Change { checked: Some(checked), ..Change::default() })),
            Err(failure) => tracing::error!(%failure, "the time of a refresh cannot be recorded"),
        }
    }
    // A refresh is done when what it brought can be found; also where it brought nothing, but the catalogue is damaged.
    if request.action == Action::Refresh {
        catalogue::bring_up_to_date(inner, Look::Thorough).await;
    } else if outcome.feeds_changed {
        catalogue::bring_up_to_date(inner, Look::Glance).await;
    }
}

/// It changes nothing but what is known.
fn asks_for_news(request: &Request) -> bool {
    matches!(request.action, Action::Refresh | Action::CheckSystem)
}

/// When every source was last asked for news, 0 if one never was.
pub(crate) fn checked(store: &Store, kinds: &[SourceKind]) -> Result<i64, Failure> {
    let mut times = Vec::with_capacity(kinds.len());
    for kind in kinds {
        times.push(store.fact(&fact(*kind))?.unwrap_or_default());
    }
    Ok(times.into_iter().min().unwrap_or_default())
}

fn fact(kind: SourceKind) -> String {
    format!("checked {}", kind.as_str())
}

impl Inner {
    /// There are other updates than those that are published, of apps or of the system.
    fn has_news(&self) -> bool {
        let known = self.board.snapshot();
        let change = self.sources.change(&known).unwrap_or_default();
        let system = change.system.is_some_and(|status| status.system.update != known.system.system.update);
        change.updates.is_some() || system
    }

    /// Writes to the history, and publishes when the disk does not take it any more.
    pub(crate) async fn record<T: Send + 'static>(
        &self,
        write: impl FnOnce(&mut Store) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, Failure> {
        let (written, lost) = self.history.ask(|store| Ok((write(store), store.take_lost()))).await?;
        if let Some(lost) = lost {
            self.board.edit(|known| {
                let faults = known.faults.iter().cloned().chain([lost]).collect();
                Some(Change { faults: Some(faults), ..Change::default() })
            });
        }
        written
    }

    /// Records and publishes the end of a task, with whatever its source now has.
    pub(crate) async fn end(&self, record: Record) {
        let (task, id) = (record.task.clone(), record.task.id);
        let recorded = self.record(move |store| store.finish(&record)).await;
        if let Err(failure) = recorded {
            tracing::error!(%failure, %id, "the end of a task cannot be recorded");
        }
        self.board.edit(|known| {
            let Change { tasks, gone, .. } = ended(known, task);
            Some(Change { tasks, gone, ..self.sources.change(known).unwrap_or_default() })
        });
        self.queue().close(id);
    }
}
