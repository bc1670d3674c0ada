//! `tasks`, `cancel` and `history`: what the engine does and did, whoever asked for it.

use crate::ending::{Ending, Trouble, message};
use crate::json;
use crate::session::Session;
use crate::table::Table;
use crate::text::{gettext_f, moment};
use crate::words;
use gettextrs::gettext;
use strata_model::history::Entry;
use strata_model::{Stage, Task, TaskId, TaskState, marked};

/// Outcomes that a person has seen here are taken out of the snapshot; a program's look changes nothing.
pub(crate) async fn tasks(mut session: Session) -> Result<Ending, Trouble> {
    // By then an engine that has just started has found what the one before left.
    let snapshot = session.settled().await?;
    if session.output.json {
        session.output.result(&snapshot.tasks.iter().map(json::Task::new).collect::<Vec<_>>());
        return Ok(Ending::Done);
    }
    let header =
        [marked("Task"), marked("What"), marked("State"), marked("Progress"), marked("Why"), marked("Reference")]
            .map(gettext);
    let mut table = Table::new(header.to_vec(), &[5, 4, 1]).dimmed(5);
    for task in &snapshot.tasks {
        let percent = task.progress.percent.filter(|_| !task.state.is_final());
        let percent = percent.map_or_else(String::new, |percent| format!("{percent} %"));
        let state = words::doing(task.state, task.progress.stage);
        let why = task.failure.as_ref().map(message).unwrap_or_default();
        let (number, what) = (task.id.to_string(), words::intention(&task.request));
        table.row(&[&number, &what, &state, &percent, &why, &task.request.offer.reference]);
    }
    if table.is_empty() {
        session.output.note(&gettext("Nothing is being done."));
    }
    session.output.table(&table);
    if session.output.width().is_some() {
        let ended = snapshot.tasks.iter().filter(|task| task.state.is_final());
        let ended: Vec<_> = ended.map(|task| task.id).collect();
        session.engine.acknowledge(&ended).await?;
    }
    Ok(Ending::Done)
}

/// Asks tasks to stop, and waits until they have.
pub(crate) async fn cancel(mut session: Session, numbers: Vec<u64>) -> Result<Ending, Trouble> {
    let snapshot = session.engine.snapshot().borrow().clone();
    for number in &numbers {
        if !snapshot.tasks.iter().any(|task| task.id == TaskId(*number)) {
            let number = number.to_string();
            let sentence = gettext_f("There is no task {number}.", &[("number", &number)]);
            return Err(Trouble::NothingFound(sentence));
        }
    }
    let engine = session.engine.clone();
    let cancelling = async {
        let mut ended = Vec::new();
        for number in &numbers {
            engine.cancel(TaskId(*number)).await?;
        }
        for number in &numbers {
            ended.push(engine.finished(TaskId(*number)).await?);
        }
        Ok::<Vec<Task>, strata_model::Failure>(ended)
    };
    let ended = session.interrupt.or(cancelling).await??;
    if session.output.json {
        let tasks = ended.iter().map(json::Task::new).collect();
        session.output.result(&json::Tasks { tasks, not_planned: Vec::new() });
    } else {
        for task in &ended {
            session.output.line(&words::outcome(&task.request, task.state));
        }
    }
    Ok(if ended.iter().all(|task| task.state == TaskState::Cancelled) { Ending::Done } else { Ending::Failed })
}

pub(crate) async fn history(mut session: Session, limit: u32, all: bool) -> Result<Ending, Trouble> {
    let engine = session.engine.clone();
    let entries = session.interrupt.or(engine.history(limit, all)).await??;
    if session.output.json {
        session.output.result(&entries.iter().map(json::Past::new).collect::<Vec<_>>());
        return Ok(Ending::Done);
    }
    let header = [
        marked("When"),
        marked("Task"),
        marked("What"),
        marked("State"),
        marked("Version"),
        marked("Why"),
        marked("Reference"),
    ]
    .map(gettext);
    let mut table = Table::new(header.to_vec(), &[6, 5, 2, 4]).dimmed(6);
    for entry in &entries {
        let state = words::doing(entry.state, Stage::Waiting);
        let why: Vec<String> = entry.failure.iter().chain(&entry.partial).map(message).collect();
        let (when, number, what) = (moment(entry.finished), entry.id.to_string(), words::intention(&entry.request));
        let (version, reference) = (versions(entry), &entry.request.offer.reference);
        table.row(&[&when, &number, &what, &state, &version, &why.join(" "), reference]);
    }
    if table.is_empty() {
        session.output.note(&gettext("Nothing was done yet."));
    }
    session.output.table(&table);
    Ok(Ending::Done)
}

fn versions(entry: &Entry) -> String {
    match (&*entry.from_version, &*entry.to_version) {
        (from, to) if from == to => to.to_owned(),
        ("", only) | (only, "") => only.to_owned(),
        (from, to) => format!("{from} → {to}"),
    }
}
