//! `system`: what lies beneath the apps, and what can be done with it.

pub(crate) mod changes;
mod deployments;
pub(crate) mod news;
mod reset;
mod status;

use crate::args::SystemCommand;
use crate::change::{self, Done};
use crate::ending::{Ending, Trouble};
use crate::follow;
use crate::session::Session;
use crate::text::{clean, gettext_f};
use crate::{json, resolve};
use gettextrs::gettext;
pub(crate) use status::at_work;
use strata_model::settings::Settings;
use strata_model::system::{Ability, SystemObstacle};
use strata_model::{Action, Request, Snapshot, System, SystemStatus, marked};

pub(crate) async fn run(mut session: Session, command: Option<SystemCommand>) -> Result<Ending, Trouble> {
    let session = &mut session;
    resolve::no_installation(session)?;
    match command.unwrap_or(SystemCommand::Status) {
        SystemCommand::Status => status(session).await,
        SystemCommand::Update { check } => update(session, check).await,
        SystemCommand::Rollback => {
            offered(&read(session).await?.system, Ability::RollBack)?;
            let question = gettext("Start the earlier version from the next restart on?");
            carry_out(session, Request::system(Action::RollBack, ""), &question).await
        }
        SystemCommand::Deploy { number: version } => deploy(session, version.trim()).await,
        SystemCommand::Discard => {
            offered(&read(session).await?.system, Ability::Discard)?;
            carry_out(session, Request::system(Action::Discard, ""), &gettext("Discard it?")).await
        }
        SystemCommand::Pin { deployment, note } => pin(session, Action::Pin, &deployment, note).await,
        SystemCommand::Unpin { deployment } => pin(session, Action::Unpin, &deployment, None).await,
        SystemCommand::Reset { packages } => reset::reset(session, &packages).await,
        SystemCommand::Hold => hold(session, true).await,
        SystemCommand::Release => hold(session, false).await,
        SystemCommand::Cancel => cancel(session).await,
    }
}

/// The system as it is now, or why there is none.
async fn read(session: &mut Session) -> Result<SystemStatus, Trouble> {
    let status = read_any(session).await?.0;
    match status.system.capabilities.obstacle {
        Some(obstacle) => Err(refused(obstacle)),
        None => Ok(status),
    }
}

/// The system as it is now, and the settings, also where there is nothing.
pub(crate) async fn read_any(session: &mut Session) -> Result<(SystemStatus, Settings), Trouble> {
    let whole = read_whole(session).await?;
    Ok((whole.system.0, whole.settings))
}

/// Everything that the engine knows once it has read the system.
pub(crate) async fn read_whole(session: &mut Session) -> Result<Snapshot, Trouble> {
    session.settled().await?;
    let engine = session.engine.clone();
    let silent = gettext("The service that updates the system does not answer yet. Waiting… (Ctrl+C leaves)");
    session.patiently(&silent, engine.read_system()).await??;
    // What the signals tell may be on its way.
    Ok(session.interrupt.or(engine.whole()).await??)
}

fn refused(obstacle: SystemObstacle) -> Trouble {
    Trouble::Refused(gettext(obstacle.sentence()))
}

fn offered(system: &System, ability: Ability) -> Result<(), Trouble> {
    system.capabilities.refusal(ability).map_or(Ok(()), |obstacle| Err(refused(obstacle)))
}

async fn status(session: &mut Session) -> Result<Ending, Trouble> {
    let (status, settings) = read_any(session).await?;
    show(session, &status, &settings);
    if let Some(arrived) = status.arrived.as_ref().filter(|_| !session.output.json) {
        changes::show_arrival(&session.output, arrived);
        // A person reads it; a program that asks for JSON has its own reasons.
        let engine = session.engine.clone();
        session.interrupt.or(engine.system_seen()).await??;
    }
    Ok(Ending::Done)
}

fn show(session: &Session, status: &SystemStatus, settings: &Settings) {
    if session.output.json {
        session.output.result(&json::SystemStatus::new(status, settings.updates.hold_system));
    } else {
        status::show(&session.output, status, settings.updates.hold_system);
    }
}

/// Asks what is newer, and brings it unless only that was asked.
async fn update(session: &mut Session, only_check: bool) -> Result<Ending, Trouble> {
    offered(&read(session).await?.system, Ability::Update)?;
    let tasks = session.engine.submit(&[Request::system(Action::CheckSystem, "")]).await?;
    let checked = follow::follow(session, &tasks).await?;
    if checked.ending() != Ending::Done {
        change::report(session, &checked, &[]);
        return Ok(checked.ending());
    }
    let (status, settings) = read_any(session).await?;
    let waits = status.system.update.as_ref().is_some_and(|update| is_there(&status.system, &update.deployment));
    match &status.system.update {
        _ if only_check && session.output.json => show(session, &status, &settings),
        None if !session.output.json => session.output.line(&gettext("The system is up to date.")),
        Some(update) if only_check => changes::show_update(&session.output, update),
        Some(_) if waits && !session.output.json => {
            if let Some(ready) = status.system.held_back() {
                session.output.line(&status::kept_back(ready));
                return Ok(Ending::Done);
            }
            session.output.line(&gettext("The newest version waits for a restart already."));
            say_restart(session).await?;
        }
        Some(update) if !waits => {
            changes::say_update(&session.output, update);
            return carry_out(session, Request::system(Action::UpdateSystem, ""), &gettext("Update the system?")).await;
        }
        // Nothing to do, as JSON.
        _ => session.output.result(&json::Tasks { tasks: Vec::new(), not_planned: Vec::new() }),
    }
    Ok(Ending::Done)
}

async fn deploy(session: &mut Session, typed: &str) -> Result<Ending, Trouble> {
    let system = read(session).await?.system;
    offered(&system, Ability::Update)?;
    if system.booted().is_some_and(|booted| booted.container) {
        let sentence = marked(
            "The image of this system has no versions that can be asked for. What was before is gone back to with: stratactl system rollback",
        );
        return Err(Trouble::Refused(gettext(sentence)));
    }
    // A version has dots; what has none is the number of one that is here.
    let version = match typed.parse::<u32>() {
        Ok(_) => deployments::named(&system, typed)?.version.clone(),
        Err(_) => typed.to_owned(),
    };
    let runs = system.booted().is_some_and(|booted| booted.version == version);
    if runs && system.pending().is_none() && !session.output.json {
        session.output.line(&gettext_f("Version {version} runs already.", &[("version", &clean(&version))]));
        return Ok(Ending::Done);
    }
    let request = Request::system(Action::DeploySystem, &version).named(&version);
    carry_out(session, request, &gettext("Change the system to this version?")).await
}

fn is_there(system: &System, deployment: &str) -> bool {
    !deployment.is_empty() && system.deployments.iter().any(|one| one.id == deployment)
}

async fn pin(session: &mut Session, action: Action, typed: &str, note: Option<String>) -> Result<Ending, Trouble> {
    let status = read(session).await?;
    offered(&status.system, Ability::Pin)?;
    let deployment = deployments::named(&status.system, typed)?;
    let (id, name) = (&deployment.id, deployment.called());
    let question = match action {
        Action::Pin => gettext("Keep this version until it is unpinned?"),
        _ => gettext("Let this version go when newer ones come?"),
    };
    // What is pinned already keeps its note, unless there is another.
    let noted = || status.notes.iter().find(|one| one.deployment == *id).map(|one| one.note.clone());
    let request = match action {
        Action::Pin => Request::pin(id, &note.or_else(noted).unwrap_or_default()),
        _ => Request::system(action, id),
    };
    carry_out(session, request.named(name), &question).await
}

async fn carry_out(session: &mut Session, request: Request, question: &str) -> Result<Ending, Trouble> {
    carry_out_all(session, vec![request], question).await
}

/// Plans it, asks, does it, and says where a restart is what is left to do.
async fn carry_out_all(session: &mut Session, requests: Vec<Request>, question: &str) -> Result<Ending, Trouble> {
    let leads_elsewhere = !requests.iter().any(|request| matches!(request.action, Action::Pin | Action::Unpin));
    let Done { followed, not_planned, ending } = change::do_all(session, requests, question).await?;
    change::report(session, &followed, &not_planned);
    if ending == Ending::Done && leads_elsewhere && !followed.tasks.is_empty() {
        say_restart(session).await?;
    }
    Ok(ending)
}

/// What is left to do after a change of the system.
pub(crate) async fn say_restart(session: &mut Session) -> Result<(), Trouble> {
    let engine = session.engine.clone();
    let whole = session.interrupt.or(engine.whole()).await??;
    if whole.system.system.awaited().is_some() {
        session.output.line(&status::restart());
    }
    Ok(())
}

async fn hold(session: &mut Session, hold: bool) -> Result<Ending, Trouble> {
    let engine = session.engine.clone();
    let value = if hold { "true" } else { "false" };
    session.interrupt.or(engine.set_setting("updates.hold-system", value)).await??;
    session.output.result(&json::Held { held: hold });
    session.output.line(&if hold {
        gettext("Updates of the system are held. What else updates it goes on; see: stratactl system status")
    } else {
        gettext("Updates of the system are offered again.")
    });
    Ok(Ending::Done)
}

async fn cancel(session: &mut Session) -> Result<Ending, Trouble> {
    let status = read(session).await?;
    let title = status.system.running.map(|running| running.title);
    if title.is_some() {
        let engine = session.engine.clone();
        session.interrupt.or(engine.cancel_system()).await??;
    }
    session.output.result(&json::CancelledSystem { cancelled: title.as_deref() });
    session.output.line(&match &title {
        Some(title) => gettext_f("Cancelled: {title}", &[("title", &clean(title))]),
        None => gettext("Nothing changes the system at this moment."),
    });
    Ok(Ending::Done)
}
