//! The system beneath: what is asked about it, and the questions that come before a change.

use super::requests::small;
use super::{Cmd, Msg, Window};
use crate::i18n::{gettext, gettext_f};
use crate::sentence::{self, system as words};
use crate::system;
use crate::widgets::{package_changes, roll_back, system_plan};
use relm4::adw::prelude::*;
use relm4::{ComponentSender, adw};
use strata_client::Engine;
use strata_model::deployment::Deployment;
use strata_model::system_update::PackageChange;
use strata_model::{Action, Failure, FailureKind, Request, Stop, TaskId, TaskState};

/// The setting that keeps the system at its version.
const HOLD: &str = "updates.hold-system";

/// What is asked about the system.
#[derive(Clone, Debug)]
pub(crate) enum SystemMsg {
    /// Read it, which wakes its daemon: a page that shows it is on the screen.
    Read,
    /// One of these; asked for by a button that says all there is to say.
    Do(Action, String),
    /// Keep a deployment, by its id, and note this of it.
    NotePin(String, String),
    /// Go back, once what is staged does not stand in the way.
    RollBack,
    /// Say what going back would change, and ask.
    AskRollBack,
    /// The person said yes: what is staged may go first.
    DiscardAndRollBack,
    /// The person said yes, and whether newer systems are to be held back.
    RollBackNow(bool),
    /// Offer newer systems again.
    Release,
    /// Ask about taking a layered package away.
    RemovePackage(String),
    /// Ask about bringing a package of the image back as the image has it.
    ResetPackage(String),
    /// Take no packages from this repository any more.
    SwitchOff(String),
    /// Ask about going to this version, older or newer.
    Deploy(String),
    /// Cancel what another program does.
    CancelOther,
    /// Restart the computer.
    Restart,
    /// Show what the newer system changes.
    ShowUpdate,
    /// Show what a deployment, by its id, changes of what runs.
    Compare(String),
    /// Show what came with the last restart.
    ShowArrived,
}

/// What came of it.
#[derive(Debug)]
pub(crate) enum SystemDone {
    /// It was read, and stands in the snapshot, or why not.
    Read(Result<(), Failure>),
    /// What waited for the restart is discarded, so that the way back is free.
    Discarded(Result<(), Stop>),
    /// It goes back at the next restart.
    RolledBack(Result<(), Stop>),
    /// What differs between what runs and this one.
    Compared(Box<Deployment>, Result<Vec<PackageChange>, Failure>),
}

impl Window {
    pub(super) fn system_request(
        &self,
        message: SystemMsg,
        engine: Engine,
        sender: &ComponentSender<Self>,
        root: &adw::ApplicationWindow,
    ) {
        let done = |done: SystemDone| Cmd::System(done);
        match message {
            SystemMsg::Read => {
                sender.oneshot_command(async move { done(SystemDone::Read(engine.read_system().await)) });
            }
            SystemMsg::Do(action, reference) => sender.input(Msg::Submit(vec![self.of_system(action, &reference)])),
            SystemMsg::NotePin(deployment, note) => {
                let pin = Request { location: note, ..self.of_system(Action::Pin, &deployment) };
                sender.input(Msg::Submit(vec![pin]));
            }
            SystemMsg::RollBack => self.ask_rolling_back(engine, sender, root),
            SystemMsg::DiscardAndRollBack => sender.oneshot_command(async move {
                done(SystemDone::Discarded(finish(&engine, &Request::system(Action::Discard, "")).await))
            }),
            SystemMsg::AskRollBack => self.show_roll_back(engine, sender, root),
            SystemMsg::RollBackNow(hold) => {
                sender.oneshot_command(async move { done(SystemDone::RolledBack(roll_back_now(&engine, hold).await)) });
            }
            SystemMsg::Release => sender.input(Msg::Set(HOLD, "false".to_owned())),
            SystemMsg::RemovePackage(name) => {
                system_plan::ask(root, engine, system::removal(&name), sender.input_sender());
            }
            SystemMsg::SwitchOff(name) => sender.input(Msg::Submit(vec![system::switch_off(&name)])),
            SystemMsg::ResetPackage(name) => {
                system_plan::ask(root, engine, Request::reset(&name).named(&name), sender.input_sender());
            }
            SystemMsg::Deploy(version) => {
                let request = Request::system(Action::DeploySystem, &version).named(&version);
                system_plan::ask(root, engine, request, sender.input_sender());
            }
            SystemMsg::CancelOther => small(sender, async move { engine.cancel_system().await }),
            SystemMsg::Restart => small(sender, async move { engine.restart().await }),
            SystemMsg::ShowUpdate => {
                let update = system::status(&self.live).and_then(|status| status.system.update.as_ref());
                if let Some(update) = update {
                    package_changes::update(update).present(root);
                }
            }
            SystemMsg::Compare(id) => self.compare(&id, engine, sender),
            SystemMsg::ShowArrived => self.show_arrived(engine, sender, root),
        }
    }

    pub(super) fn system_done(
        &self,
        message: SystemDone,
        sender: &ComponentSender<Self>,
        root: &adw::ApplicationWindow,
    ) {
        match message {
            SystemDone::Read(Ok(()))
            | SystemDone::RolledBack(Err(Stop::Cancelled))
            | SystemDone::Discarded(Err(Stop::Cancelled)) => {}
            // The pages say it, from the snapshot.
            SystemDone::Read(Err(failure)) => tracing::info!(%failure, "the system was not read"),
            SystemDone::Discarded(Ok(())) => sender.input(Msg::System(SystemMsg::AskRollBack)),
            SystemDone::RolledBack(Ok(())) => roll_back::offer_restart(root, sender.input_sender()),
            SystemDone::RolledBack(Err(Stop::Failed(failure)))
            | SystemDone::Discarded(Err(Stop::Failed(failure)))
            | SystemDone::Compared(_, Err(failure)) => {
                self.toast_failure(&failure, root);
            }
            SystemDone::Compared(deployment, Ok(changes)) => {
                let title = gettext_f("Version {version}", &[("version", &words::version(&deployment))]);
                let same = gettext("It has the same packages as what runs now.");
                let apart = gettext("Compared with what runs now:");
                let words = if changes.is_empty() { same } else { apart };
                package_changes::changes(&title, &words, &changes).present(root);
            }
        }
    }

    /// Offers to see what came with the last restart.
    pub(super) fn announce_arrival(&self) {
        let arrived = system::status(&self.live).and_then(|status| status.arrived.as_ref());
        if let Some(arrived) = arrived {
            let title = gettext_f("Version {version} of the system runs now", &[("version", &arrived.to_version)]);
            self.layout.arrival.set_title(&crate::widgets::state_page::escaped(&title));
        }
        self.layout.arrival.set_revealed(arrived.is_some());
    }

    fn of_system(&self, action: Action, reference: &str) -> Request {
        let mut deployments = system::status(&self.live).into_iter().flat_map(|status| &status.system.deployments);
        let name = deployments.find(|deployment| deployment.id == reference).map(words::version);
        Request::system(action, reference).named(&name.unwrap_or_default())
    }

    fn ask_rolling_back(&self, engine: Engine, sender: &ComponentSender<Self>, root: &adw::ApplicationWindow) {
        let staged = system::status(&self.live).and_then(|status| status.system.staged());
        if let Some(staged) = staged {
            roll_back::ask_discarding(root, staged, sender.input_sender());
            return;
        }
        self.show_roll_back(engine, sender, root);
    }

    fn show_roll_back(&self, engine: Engine, sender: &ComponentSender<Self>, root: &adw::ApplicationWindow) {
        let Some(snapshot) = &self.live.snapshot else { return };
        let Some(target) = system::way_back(&snapshot.system.system) else { return };
        let held = snapshot.settings.updates.hold_system;
        roll_back::ask(root, engine, target, held, sender.input_sender());
    }

    fn compare(&self, id: &str, engine: Engine, sender: &ComponentSender<Self>) {
        let Some(system) = system::status(&self.live).map(|status| &status.system) else { return };
        let deployment = system.deployments.iter().find(|deployment| deployment.id == id);
        let (Some(booted), Some(deployment)) = (system.booted(), deployment) else { return };
        let (from, deployment) = (booted.id.clone(), Box::new(deployment.clone()));
        sender.oneshot_command(async move {
            let changes = engine.differences(&from, &deployment.id).await;
            Cmd::System(SystemDone::Compared(deployment, changes))
        });
    }

    fn show_arrived(&self, engine: Engine, sender: &ComponentSender<Self>, root: &adw::ApplicationWindow) {
        let Some(arrived) = system::status(&self.live).and_then(|status| status.arrived.as_ref()) else { return };
        let title = gettext_f("Version {version}", &[("version", &arrived.to_version)]);
        let before = match arrived.from_version.as_str() {
            "" => String::new(),
            from => gettext_f("Before the restart it was {version}.", &[("version", from)]),
        };
        let unknown =
            gettext("Which packages are others is not known: what ran before cannot be compared with any more.");
        let words = [Some(before).filter(|before| !before.is_empty()), (!arrived.changes_known).then_some(unknown)];
        let words = words.into_iter().flatten().collect::<Vec<_>>().join("\n");
        let sheet = package_changes::changes(&title, &words, &arrived.changes);
        sheet.present(root);
        let sender = sender.clone();
        sheet.dialog().connect_closed(move |_| {
            let engine = engine.clone();
            small(&sender, async move { engine.system_seen().await });
        });
    }
}

/// Goes back at the next restart, and holds newer systems back if that is wanted. That comes first: the window may be
/// closed before the end, and the version that was left would come back tomorrow.
async fn roll_back_now(engine: &Engine, hold: bool) -> Result<(), Stop> {
    if hold {
        engine.set_setting(HOLD, "true").await?;
    }
    let done = finish(engine, &Request::system(Action::RollBack, "")).await;
    if hold && done.is_err() {
        engine.set_setting(HOLD, "false").await?;
    }
    done
}

/// Has something done, to its end.
async fn finish(engine: &Engine, request: &Request) -> Result<(), Stop> {
    let mut snapshots = engine.snapshot();
    let submitted = engine.submit(std::slice::from_ref(request)).await?;
    let mut seen = false;
    loop {
        let end = {
            let snapshot = snapshots.borrow_and_update();
            end_of(&submitted, &snapshot.tasks, &mut seen)
        };
        if let Some(end) = end {
            return end;
        }
        if snapshots.changed().await.is_err() {
            return Err(Failure::new(FailureKind::EngineGone, "", "").into());
        }
    }
}

/// How the task ended, once it has. One that was there and is gone was taken out by whoever read its end.
fn end_of(submitted: &[TaskId], tasks: &[strata_model::Task], seen: &mut bool) -> Option<Result<(), Stop>> {
    let task = tasks.iter().find(|task| submitted.contains(&task.id));
    let Some(task) = task else { return seen.then_some(Ok(())) };
    *seen = true;
    match (task.state, &task.failure) {
        (TaskState::Done, _) => Some(Ok(())),
        (TaskState::Cancelled, _) => Some(Err(Stop::Cancelled)),
        (TaskState::Failed, Some(failure)) => Some(Err(failure.clone().into())),
        (TaskState::Failed, None) => Some(Err(Failure::new(FailureKind::Other, "", "").into())),
        _ => None,
    }
}

/// What a toast says of a change of the system, and whether it takes a restart to come about.
pub(super) fn done_words(request: &Request) -> Option<(String, bool)> {
    if !request.action.is_of_system() {
        return None;
    }
    let restart = matches!(request.action, Action::UpdateSystem | Action::DeploySystem);
    Some((sentence::task::done(request, TaskState::Done), restart))
}
