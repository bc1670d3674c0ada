//! Following tasks to their end, whoever asked for them, through interruptions and engines that come and go.

use crate::ending::{Ending, Trouble, sentence, sentence_of};
use crate::output::Output;
use crate::progress::Progress;
use crate::session::{Session, gone};
use crate::system::at_work;
use crate::{json, words};
use gettextrs::gettext;
use std::collections::HashMap;
use std::pin::pin;
use std::time::Duration;
use strata_model::{Attention, Failure, FailureKind, Request, Snapshot, SourceKind, Stage, Task, TaskId, TaskState};

/// How long nothing may come from the engine before it is asked about tasks that the snapshot lacks.
const PATIENCE: Duration = Duration::from_secs(1);

/// What became of the tasks that were followed.
#[derive(Debug)]
pub(crate) struct Followed {
    /// In the order in which they were asked for.
    pub(crate) tasks: Vec<Task>,
    /// The person interrupted.
    pub(crate) interrupted: bool,
}

impl Followed {
    /// The exit status. Cancelled counts more than failed where the person interrupted, less where somebody else did.
    pub(crate) fn ending(&self) -> Ending {
        let any = |state| self.tasks.iter().any(|task| task.state == state);
        let failed = any(TaskState::Failed) || self.tasks.iter().any(|task| !task.partial.is_empty());
        match (any(TaskState::Cancelled), failed) {
            (true, false) => Ending::Cancelled,
            (true, true) if self.interrupted => Ending::Cancelled,
            (_, true) => Ending::Failed,
            (false, false) => Ending::Done,
        }
    }
}

/// Asks for what needs no question, and says how it ended.
pub(crate) async fn to_the_end(session: &mut Session, requests: &[Request]) -> Result<Ending, Trouble> {
    let tasks = session.engine.submit(requests).await?;
    let followed = follow(session, &tasks).await?;
    if session.output.json {
        let tasks = followed.tasks.iter().map(json::Task::new).collect();
        session.output.result(&json::Tasks { tasks, not_planned: Vec::new() });
    }
    Ok(followed.ending())
}

/// Waits until every task came to its end, and takes the outcomes out of the snapshot.
///
/// Ctrl+C asks the engine to cancel them all and goes on waiting; a second Ctrl+C leaves, and the engine ends its work
/// alone.
pub(crate) async fn follow(session: &mut Session, tasks: &[TaskId]) -> Result<Followed, Trouble> {
    let mut progress = Progress::new(&session.output);
    let mut ended: HashMap<TaskId, Task> = HashMap::new();
    let mut interrupted = false;
    let engine = session.engine.clone();
    // What is followed here needs no notification.
    if let Err(failure) = engine.look(Attention::Tasks).await {
        session.output.detail(&failure);
    }
    let (mut snapshot, mut lost) = (engine.snapshot(), pin!(engine.lost()));
    loop {
        let current = snapshot.borrow_and_update().clone();
        let missing = look(&current, tasks, &mut ended, &mut progress, &session.output);
        if tasks.iter().all(|task| ended.contains_key(task)) {
            break;
        }
        tokio::select! {
            biased;
            () = session.interrupt.wait() => {
                if interrupted {
                    return Err(Trouble::Cancelled);
                }
                interrupted = true;
                let note = gettext("Cancelling… (Ctrl+C again leaves without waiting)");
                progress.between(|| session.output.note(&note));
                cancel(session, tasks, &ended).await?;
            }
            changed = snapshot.changed() => changed.map_err(|_| gone())?,
            failure = &mut lost => return Err(failure.into()),
            () = tokio::time::sleep(PATIENCE), if !missing.is_empty() => {
                look_up(session, &missing, &mut ended, &progress).await?;
            }
        }
    }
    if let Err(failure) = session.engine.acknowledge(tasks).await {
        session.output.detail(&failure);
    }
    let tasks = tasks.iter().filter_map(|task| ended.remove(task)).collect();
    Ok(Followed { tasks, interrupted })
}

/// Shows the tasks as the snapshot has them, keeps those that ended, and gives those that it does not have.
fn look(
    snapshot: &Snapshot,
    tasks: &[TaskId],
    ended: &mut HashMap<TaskId, Task>,
    progress: &mut Progress,
    output: &Output,
) -> Vec<TaskId> {
    let mut missing = Vec::new();
    for id in tasks.iter().filter(|id| !ended.contains_key(id)).copied().collect::<Vec<_>>() {
        let Some(task) = snapshot.tasks.iter().find(|task| task.id == id) else {
            missing.push(id);
            continue;
        };
        progress.show(task, in_the_way(snapshot, task).as_deref());
        if task.state.is_final() {
            progress.between(|| say(output, task));
            ended.insert(id, task.clone());
        }
    }
    missing
}

/// What a task of the system waits behind, where that is none of this Strata's.
fn in_the_way(snapshot: &Snapshot, task: &Task) -> Option<String> {
    let waits = task.request.offer.source == SourceKind::Package && task.progress.stage == Stage::Waiting;
    let running = snapshot.system.system.running.as_ref().filter(|running| !running.own);
    running.filter(|_| waits && task.state.is_wanted()).map(at_work)
}

/// A task that is not in the snapshot has ended, and somebody else has taken note of it.
async fn look_up(
    session: &mut Session,
    missing: &[TaskId],
    ended: &mut HashMap<TaskId, Task>,
    progress: &Progress,
) -> Result<(), Trouble> {
    for id in missing {
        match session.interrupt.or(session.engine.outcome(*id)).await? {
            Ok(Some(task)) => {
                progress.between(|| say(&session.output, &task));
                ended.insert(task.id, task);
            }
            Ok(None) => {}
            // The next one is on its way, or it is lost for good.
            Err(failure) if failure.kind == FailureKind::EngineGone => {}
            Err(failure) => return Err(failure.into()),
        }
    }
    Ok(())
}

async fn cancel(session: &mut Session, tasks: &[TaskId], ended: &HashMap<TaskId, Task>) -> Result<(), Trouble> {
    let engine = session.engine.clone();
    let left: Vec<_> = tasks.iter().filter(|task| !ended.contains_key(task)).copied().collect();
    let cancelling = async {
        for task in left {
            engine.cancel(task).await?;
        }
        Ok::<(), Failure>(())
    };
    Ok(session.interrupt.or(cancelling).await??)
}

/// The outcome of one task, in words.
fn say(output: &Output, task: &Task) {
    if output.json {
        return;
    }
    let outcome = words::outcome(&task.request, task.state);
    match &task.failure {
        Some(failure) if task.state == TaskState::Failed => {
            output.note(&format!("{outcome}. {}", sentence_of(&task.request, failure)));
            output.detail(failure);
        }
        _ => output.line(&outcome),
    }
    for failure in &task.partial {
        output.note(&format!("  {}", sentence(failure)));
        output.detail(failure);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use strata_model::SourceKind;

    fn ending(states: &[TaskState], interrupted: bool) -> Ending {
        let task = |state: &TaskState| Task {
            id: TaskId(1),
            request: Request::refresh(SourceKind::Flatpak),
            state: *state,
            progress: strata_model::Progress::default(),
            failure: None,
            partial: Vec::new(),
            submitted: 0,
            finished: 0,
        };
        Followed { tasks: states.iter().map(task).collect(), interrupted }.ending()
    }

    #[test]
    fn the_status_tells_how_it_went() {
        use TaskState::{Cancelled, Done, Failed};
        assert_eq!(ending(&[Done, Done], false), Ending::Done);
        assert_eq!(ending(&[Done, Done], true), Ending::Done);
        assert_eq!(ending(&[Done, Failed], false), Ending::Failed);
        assert_eq!(ending(&[Done, Cancelled], true), Ending::Cancelled);
        assert_eq!(ending(&[Failed, Cancelled], true), Ending::Cancelled);
        assert_eq!(ending(&[Failed, Cancelled], false), Ending::Failed);
    }
}
