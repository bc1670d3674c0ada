//! What only a person can know, asked once work stopped for it: `--yes` is no yes to that.

use crate::choice;
use crate::ending::Trouble;
use crate::follow::{self, Followed};
use crate::session::Session;
use crate::text::gettext_f;
use gettextrs::gettext;
use strata_model::{Question, Request, Task, TaskState};

/// Asks about each task that stopped for a question, and goes on with those that get a yes. `accept` is one to all of them,
/// given beforehand.
pub(crate) async fn settle(session: &mut Session, followed: &mut Followed, accept: bool) -> Result<(), Trouble> {
    let mut again: Vec<(usize, Request)> = Vec::new();
    for (place, task) in followed.tasks.iter().enumerate() {
        let Some(question) = asked(task) else { continue };
        if accept || is_meant(session, &question).await? {
            again.push((place, task.request.clone().accepting(&question)));
        }
    }
    if again.is_empty() {
        return Ok(());
    }
    let requests: Vec<_> = again.iter().map(|(_, request)| request.clone()).collect();
    let tasks = session.engine.submit(&requests).await?;
    let done = follow::follow(session, &tasks).await?;
    followed.interrupted |= done.interrupted;
    for ((place, _), task) in again.into_iter().zip(done.tasks) {
        followed.tasks[place] = task;
    }
    Ok(())
}

/// What a task stopped for, if that was a question.
fn asked(task: &Task) -> Option<Question> {
    let failure = task.failure.as_ref().filter(|_| task.state == TaskState::Failed)?;
    Question::of(failure)
}

/// Says what is known, and asks. Where nobody can be asked it says how to answer.
async fn is_meant(session: &mut Session, question: &Question) -> Result<bool, Trouble> {
    let output = &session.output;
    if !choice::can_choose(output, session.global.yes) {
        output.note(&gettext("To take it all the same, say --accept-signature-change."));
        return Ok(false);
    }
    let values = question.values();
    let values: Vec<_> = values.iter().map(|(name, value)| (*name, &**value)).collect();
    output.note(&gettext_f(question.meaning(), &values));
    session.ask(&gettext("Take the new version all the same?")).await
}
