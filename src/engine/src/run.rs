//! Working through a lane: each task runs, shows how far it is, and gets its end and its record. Tasks that wait behind
//! each other and that their source does in one go are one piece of work.

use crate::board::ended;
use crate::catalogue::{self, Look};
use crate::engine::{Inner, label, now};
use crate::guard::guarded;
use crate::source::{Outcome, Reporter};
use crate::sources;
use crate::store::{Record, Store};
use crate::switch::{Switch, lane_of};
use std::collections::{BTreeSet, VecDeque};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;
use strata_model::{
    Action, Change, Failure, FailureKind, Progress, Request, SourceKind, Stop, Task, TaskId, TaskState,
};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

/// Progress is published at most this often: five times a second looks alive and costs nothing.
const PROGRESS_PERIOD: Duration = Duration::from_millis(200);

/// When the system's origin was last asked what is newer; see [`Store::fact`].
pub(crate) const SYSTEM_CHECKED: &str = "checked system";

/// Tasks that are done in one go, each with what tells it to stop; mostly one.
type Group = Vec<(Task, CancellationToken)>;

/// Works through a lane until it is empty.
pub(crate) async fn lane(inner: Arc<Inner>, lane: String) {
    inner.recovered.cancelled().await;
    while let Some(group) = next(&inner, &lane) {
        let mut groups = VecDeque::from([group]);
        while let Some(group) = groups.pop_front() {
            groups.extend(run(&inner, group).await);
        }
    }
}

/// Takes the next task, and those after it that its source does in one go with it. They become running before the queue
/// is let go, so that whoever cancels finds them either waiting or running.
fn next(inner: &Inner, lane: &str) -> Option<Group> {
    let mut queue = inner.queue();
    let mut group = loop {
        let (id, cancel) = queue.next(lane)?;
        match begin(inner, id) {
            Some(task) => break vec![(task, cancel)],
            None => queue.close(id),
        }
    };
    let Some(source) = inner.sources.get(group[0].0.request.offer.source) else { return Some(group) };
    let fits = |group: &Group, id: TaskId| {
        let more = inner.board.task(id).map(|task| task.request);
        let requests: Vec<Request> = group.iter().map(|(task, _)| task.request.clone()).chain(more).collect();
        requests.len() > group.len() && source.go_together(&requests)
    };
    while let Some(id) = queue.next_if(lane, |id| fits(&group, id)) {
        let cancel = queue.token(id);
        group.extend(begin(inner, id).map(|task| (task, cancel)));
    }
    Some(group)
}

fn begin(inner: &Inner, id: TaskId) -> Option<Task> {
    inner.board.edit_task(id, |task| task.state = TaskState::Running);
    inner.board.task(id)
}

/// Does what a group asks, and gives those that are to be tried again without the others.
async fn run(inner: &Arc<Inner>, group: Group) -> Vec<Group> {
    let mut ready = Group::new();
    for (task, cancel) in group {
        match prepare(inner, &task).await {
            Ok(()) => ready.push((task, cancel)),
            Err(failure) => end(inner, vec![(task, cancel)], Err(failure.into())).await,
        }
    }
    if ready.is_empty() {
        return Vec::new();
    }
    let result = work(inner, &ready).await;
    let (over, again) = match &result {
        Err(stop) => divide(inner, ready, stop),
        Ok(_) => (ready, Vec::new()),
    };
    end(inner, over, result).await;
    again
}

/// Nothing is begun unless it is on record, and allowed.
async fn prepare(inner: &Inner, task: &Task) -> Result<(), Failure> {
    let id = task.id;
    inner.record(move |store| store.start(id)).await?;
    inner.check_allowed(&task.request).await?;
    inner.check_source(&task.request)?;
    inner.check_held(&task.request)
}

/// Those of a group that have come to their end with this, and those that can go on without them.
fn divide(inner: &Inner, group: Group, stop: &Stop) -> (Group, Vec<Group>) {
    let is_over = |place: usize, cancel: &CancellationToken| match stop {
        Stop::Cancelled => cancel.is_cancelled(),
        Stop::Failed(failure) => {
            let requests: Vec<Request> = group.iter().map(|(task, _)| task.request.clone()).collect();
            let source = inner.sources.get(requests[0].offer.source);
            source.and_then(|source| source.blamed(&requests, failure)) == Some(place)
        }
    };
    let over: Vec<bool> = group.iter().enumerate().map(|(place, (_, cancel))| is_over(place, cancel)).collect();
    if !over.contains(&true) {
        // Nobody in particular, so each by itself: one cannot be what keeps all the others from going well.
        let is_apart = group.len() > 1 && matches!(stop, Stop::Failed(failure) if !is_about_all(failure));
        let apart = |group: Group| group.into_iter().map(|member| vec![member]).collect();
        return if is_apart { (Group::new(), apart(group)) } else { (group, Vec::new()) };
    }
    let (mut ended, mut again) = (Group::new(), Group::new());
    for (member, over) in group.into_iter().zip(over) {
        if over { ended.push(member) } else { again.push(member) }
    }
    (ended, vec![again])
}

/// Whatever is asked, it would fail like this.
fn is_about_all(failure: &Failure) -> bool {
    use FailureKind::{Dismissed, NoDaemon, NoSpace, NoSystemBus, NotAuthorised, SystemBusy};
    matches!(failure.kind, NotAuthorised | Dismissed | NoDaemon | NoSystemBus | NoSpace | SystemBusy)
}

/// Gives tasks their end and their records.
async fn end(inner: &Arc<Inner>, group: Group, result: Result<Outcome, Stop>) {
    let offers = group.iter().flat_map(|(task, _)| [Some(&task.request.offer), task.request.replaces.as_ref()]);
    let touched: BTreeSet<SourceKind> = offers.flatten().map(|offer| offer.source).collect();
    let mut records = Vec::new();
    for (task, cancel) in group {
        records.push(record(inner, task, &cancel, result.clone()).await);
    }
    // Whatever came of it: faces see the end of the task and what it left at the same moment. A system that does not answer is
    // not waited for: its task has ended, by a cancel mostly.
    for source in touched {
        let is_system = inner.sources.get(source).is_some_and(|source| source.system().is_some());
        let patience = if is_system { sources::ANSWER } else { Duration::MAX };
        if tokio::time::timeout(patience, inner.sources.read(source)).await.is_err() {
            inner.spawn(move |inner| async move { inner.read_source(source).await });
        }
    }
    for mut record in records {
        record.changed |= asks_for_news(&record.task.request) && inner.has_news();
        inner.end(record).await;
    }
}

async fn record(inner: &Arc<Inner>, task: Task, cancel: &CancellationToken, result: Result<Outcome, Stop>) -> Record {
    let (id, request) = (task.id, task.request.clone());
    let mut record = Record::from(Task { finished: now(), progress: Progress::default(), ..task });
    match result {
        Ok(outcome) => {
            record.task.state = TaskState::Done;
            let is_whole = aftermath(inner, &request, &outcome, cancel).await;
            record.changed = !outcome.unchanged && (!asks_for_news(&request) || outcome.feeds_changed);
            Outcome {
                partial: record.task.partial,
                from_version: record.from_version,
                to_version: record.to_version,
                ..
            } = outcome;
            if is_whole.is_err() {
                record.task.state = TaskState::Cancelled;
            }
        }
        Err(Stop::Cancelled) => record.task.state = TaskState::Cancelled,
        Err(Stop::Failed(failure)) => {
            tracing::warn!(%id, %failure, "a task failed");
            record.task.state = TaskState::Failed;
            record.task.failure = Some(failure);
            // Also without a network a damaged catalogue is mended by it. It has failed before anybody cancels that.
            if request.action == Action::Refresh {
                let _mended = catalogue::bring_up_to_date_for(inner, Look::Thorough, cancel).await;
            }
        }
    }
    record
}

/// The work itself. It is told to stop when one of the group is: the others are begun anew then.
async fn work(inner: &Inner, group: &Group) -> Result<Outcome, Stop> {
    let requests: Vec<Request> = group.iter().map(|(task, _)| task.request.clone()).collect();
    let ids: Vec<TaskId> = group.iter().map(|(task, _)| task.id).collect();
    let source = inner.source(requests[0].offer.source)?;
    let (reporter, progress) = Reporter::new();
    let (subject, cancel) = (label(&requests[0]), CancellationToken::new());
    let (switch, turns) = (Switch::of(inner, &requests[0])?, Arc::clone(&inner.turns));
    if group.iter().any(|(_, own)| own.is_cancelled()) {
        cancel.cancel();
    }
    let told = cancel.clone();
    let work = guarded(&subject, async move {
        if let Some(switch) = switch {
            return switch.run(&turns, &reporter, &told).await;
        }
        let _turn = turns.take(&lane_of(&*source, &requests[0]), &told).await?;
        match requests.as_slice() {
            [request] => source.run(request, &reporter, &told).await,
            requests => source.run_together(requests, &reporter, &told).await,
        }
    });
    let cancelled = futures_util::future::select_all(group.iter().map(|(_, own)| Box::pin(own.cancelled())));
    let pass_on = async {
        cancelled.await;
        cancel.cancel();
        std::future::pending::<()>().await;
    };
    tokio::select! {
        result = work => result?,
        () = show(inner, &ids, progress) => Err(Stop::Cancelled),
        () = pass_on => Err(Stop::Cancelled),
    }
}

/// Shows how far a task is, for as long as it is polled.
async fn show(inner: &Inner, ids: &[TaskId], mut progress: watch::Receiver<Progress>) {
    while progress.changed().await.is_ok() {
        let now = *progress.borrow_and_update();
        for id in ids {
            inner.board.edit_task(*id, |task| task.progress = now);
        }
        tokio::time::sleep(PROGRESS_PERIOD).await;
    }
    // The reporter is gone, the result is about to come.
    std::future::pending::<()>().await;
}

/// What else is different now that a task did what was asked. An error means that it was cancelled before what it brought
/// can be found.
async fn aftermath(
    inner: &Arc<Inner>,
    request: &Request,
    outcome: &Outcome,
    cancel: &CancellationToken,
) -> Result<(), Stop> {
    if matches!(request.action, Action::Pin | Action::Unpin) {
        let note = if request.action == Action::Pin { &*request.location } else { "" };
        if let Err(failure) = inner.sources.notes.note(&request.offer.reference, note).await {
            tracing::error!(%failure, "what was noted of a deployment cannot be kept");
        }
    }
    if matches!(request.action, Action::CheckSystem | Action::UpdateSystem) {
        let asked = now();
        inner.sources.system_checked.store(asked, Ordering::Relaxed);
        if let Err(failure) = inner.record(move |store| store.set_fact(SYSTEM_CHECKED, asked)).await {
            tracing::error!(%failure, "when the system was asked for cannot be recorded");
        }
    }
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
        return catalogue::bring_up_to_date_for(inner, Look::Thorough, cancel).await;
    }
    if outcome.feeds_changed {
        catalogue::bring_up_to_date(inner, Look::Glance).await;
    }
    Ok(())
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
