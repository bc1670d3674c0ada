//! `install`, `update`, `switch` and `remove`: plan, show, ask, do.

use crate::args;
use crate::ending::{Ending, Trouble, sentence_of};
use crate::follow::{self, Followed};
use crate::output::Output;
use crate::plan::{self, Planned};
use crate::session::Session;
use crate::system::news;
use crate::text::{clean, gettext_f};
use crate::{json, question, refresh, resolve, system, words};
use gettextrs::gettext;
use strata_model::{Action, Request, SourceKind, Task, TaskState, Update, marked};

pub(crate) async fn install(mut session: Session, asked: args::Install) -> Result<Ending, Trouble> {
    let snapshot = session.ready().await?;
    let mut requests = resolve::to_install(&mut session, &snapshot, &asked.apps, asked.source).await?;
    if asked.live {
        if let Some(other) = requests.iter().find(|request| request.offer.source != SourceKind::Package) {
            let sentence = marked("“{name}” is no package of the system, and needs no restart: leave --live out.");
            return Err(Trouble::Usage(gettext_f(sentence, &[("name", &words::subject(other))])));
        }
        for request in &mut requests {
            request.live = true;
        }
    }
    if asked.keep_both {
        let is_file =
            |request: &&Request| request.action == Action::InstallFile && request.offer.source == SourceKind::AppImage;
        if let Some(other) = requests.iter().find(|request| !is_file(request)) {
            let sentence = marked("“{name}” is no .AppImage file, and replaces none: leave --keep-both out.");
            return Err(Trouble::Usage(gettext_f(sentence, &[("name", &words::subject(other))])));
        }
        requests = requests.into_iter().map(Request::beside).collect();
    }
    carry_out(&mut session, requests, &gettext("Install?"), asked.accept_signature_change).await
}

/// Without names everything that could be newer, after the origins were asked what that is.
pub(crate) async fn update(mut session: Session, asked: args::Update) -> Result<Ending, Trouble> {
    session.ready().await?;
    let refreshed = if asked.no_refresh { Ending::Done } else { refresh::before_update(&mut session).await? };
    let updated = if asked.apps.is_empty() {
        update_all(&mut session, refreshed == Ending::Done, asked.accept_signature_change).await?
    } else {
        let snapshot = session.ready().await?;
        let mut requests = Vec::new();
        for name in &asked.apps {
            let part = resolve::installed(&mut session, &snapshot, name).await?;
            requests.push(resolve::apart(Request::update(part.offer.clone()).named(&part.name))?);
        }
        carry_out(&mut session, requests, &gettext("Update?"), asked.accept_signature_change).await?
    };
    // An origin that could not be asked may have news: that everything is up to date is then not known.
    Ok(if updated == Ending::Done { refreshed } else { updated })
}

/// Every app and what they stand on. The system has a command of its own, since it takes a plan and a restart: it is told of.
async fn update_all(session: &mut Session, is_asked: bool, accept: bool) -> Result<Ending, Trouble> {
    let snapshot = session.ready().await?;
    let scope = session.scope(&snapshot)?;
    let here = snapshot.updates.iter().filter(|update| scope.is_none_or(|scope| update.offer.scope == scope));
    let (held, wanted): (Vec<_>, Vec<_>) = here.partition(|update| update.held);
    say_held(&session.output, &held);
    let requests: Vec<_> =
        wanted.into_iter().map(|update| Request::update(update.offer.clone()).named(&update.name)).collect();
    if requests.is_empty() && held.is_empty() && is_asked && !session.output.json {
        let news = news::read(session).await?;
        session.output.line(&news::nothing(news.as_ref(), &snapshot));
        if let Some(news) = &news {
            news.say(&session.output);
        }
        return Ok(Ending::Done);
    }
    let ending = carry_out(session, requests, &gettext("Update?"), accept).await?;
    if ending == Ending::Cancelled {
        return Ok(ending);
    }
    // What became of the updates is the answer, whatever comes of looking further.
    match news::read(session).await {
        Ok(Some(news)) => news.say(&session.output),
        Ok(None) | Err(Trouble::Cancelled) => {}
        Err(trouble) => session.output.note(&trouble.sentence()),
    }
    Ok(ending)
}

/// What is held is left out, and that is said.
pub(crate) fn say_held(output: &Output, held: &[&Update]) {
    if !held.is_empty() {
        let names: Vec<_> = held.iter().map(|update| clean(&update.name)).collect();
        output.note(&gettext_f("Held, and so left out: {names}", &[("names", &names.join(", "))]));
    }
}

pub(crate) async fn remove(mut session: Session, asked: args::Remove) -> Result<Ending, Trouble> {
    let snapshot = session.ready().await?;
    let mut requests = Vec::new();
    if asked.unused {
        let scope = session.scope(&snapshot)?;
        let unused = snapshot.installed.iter().filter(|part| part.unused);
        for part in unused.filter(|part| scope.is_none_or(|scope| part.offer.scope == scope)) {
            let request = Request::remove_unused(part.offer.source, &part.offer.scope);
            if !requests.contains(&request) {
                requests.push(request);
            }
        }
    }
    for name in &asked.apps {
        let (source, delete_data) = (asked.source, asked.delete_data);
        let request = resolve::to_remove(&mut session, &snapshot, name, source, delete_data).await?;
        if !requests.contains(&request) {
            requests.push(request);
        }
    }
    carry_out(&mut session, requests, &gettext("Remove?"), false).await
}

/// One task for both.
pub(crate) async fn switch(mut session: Session, asked: args::Switch) -> Result<Ending, Trouble> {
    let snapshot = session.ready().await?;
    let args::Switch { app, to, delete_data } = asked;
    let request = resolve::to_switch(&mut session, &snapshot, &app, to, delete_data).await?;
    carry_out(&mut session, vec![request], &gettext("Switch?"), false).await
}

/// What came of requests.
#[derive(Debug)]
pub(crate) struct Done {
    pub(crate) followed: Followed,
    /// What could not even be planned.
    pub(crate) not_planned: Vec<Planned>,
    pub(crate) ending: Ending,
}

/// `accept` is a yes to versions that are signed otherwise than before.
async fn carry_out(
    session: &mut Session,
    requests: Vec<Request>,
    question: &str,
    accept: bool,
) -> Result<Ending, Trouble> {
    let Done { mut followed, not_planned, .. } = do_all(session, requests, question).await?;
    let ending = match question::settle(session, &mut followed, accept).await {
        Ok(()) => ending_of(&followed, &not_planned),
        // Whoever leaves the question is told of what was done before it all the same.
        Err(Trouble::Cancelled) => {
            session.output.note(&Trouble::Cancelled.sentence());
            Ending::Cancelled
        }
        Err(trouble) => return Err(trouble),
    };
    report(session, &followed, &not_planned);
    let waits = |task: &Task| {
        task.state == TaskState::Done && task.request.offer.source == SourceKind::Package && !task.request.live
    };
    if followed.tasks.iter().any(waits) {
        system::say_restart(session).await?;
    }
    Ok(ending)
}

/// Plans everything, asks, and does what can be done; what cannot costs only itself and is said at the end.
pub(crate) async fn do_all(session: &mut Session, requests: Vec<Request>, question: &str) -> Result<Done, Trouble> {
    let planned = plan::all(session, requests).await?;
    let (failed, planned): (Vec<_>, Vec<_>) = planned.into_iter().partition(|planned| planned.plan.is_err());
    let (idle, to_do): (Vec<_>, Vec<_>) = planned.into_iter().partition(Planned::is_empty);
    if !session.output.json {
        for planned in &idle {
            planned.say_warnings(&session.output);
        }
        plan::show(session, &to_do);
        plan::show(session, &failed);
    }
    if to_do.is_empty() {
        let followed = Followed { tasks: Vec::new(), interrupted: false };
        let ending = ending_of(&followed, &failed);
        return Ok(Done { followed, not_planned: failed, ending });
    }
    session.consent(question).await?;
    let requests: Vec<_> = to_do.into_iter().map(Planned::into_request).collect();
    let tasks = session.engine.submit(&requests).await?;
    let followed = follow::follow(session, &tasks).await?;
    let ending = ending_of(&followed, &failed);
    Ok(Done { followed, not_planned: failed, ending })
}

/// How all of it ended, with what could not even be planned.
fn ending_of(followed: &Followed, not_planned: &[Planned]) -> Ending {
    if followed.tasks.is_empty() {
        return plan::ending(not_planned);
    }
    match followed.ending() {
        Ending::Done if !not_planned.is_empty() => Ending::Failed,
        ending => ending,
    }
}

/// What was not done, once more and together: it may have scrolled away.
pub(crate) fn report(session: &Session, followed: &Followed, not_planned: &[Planned]) {
    let output = &session.output;
    if output.json {
        let tasks = followed.tasks.iter().map(json::Task::new).collect();
        output.result(&json::Tasks { tasks, not_planned: not_planned.iter().map(Planned::json).collect() });
        return;
    }
    if followed.tasks.is_empty() {
        // What could not be planned was said a moment ago.
        if not_planned.is_empty() {
            output.line(&gettext("Nothing to do."));
        }
        return;
    }
    let failed = followed.tasks.iter().filter(|task| task.state == TaskState::Failed);
    let failed = failed.filter_map(|task| task.failure.as_ref().map(|failure| (&task.request, failure)));
    let failed =
        failed.chain(not_planned.iter().filter_map(|planned| Some((&planned.request, planned.plan.as_ref().err()?))));
    let failed: Vec<_> = failed.collect();
    let all = followed.tasks.len() + not_planned.len();
    if failed.is_empty() || all == 1 {
        return;
    }
    let (count, all) = (failed.len().to_string(), all.to_string());
    output.note(&gettext_f("Not done: {count} of {all}.", &[("count", &count), ("all", &all)]));
    for (request, failure) in failed {
        output.note(&format!("  {}: {}", words::subject(request), sentence_of(request, failure)));
    }
}
