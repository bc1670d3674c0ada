//! What a person asks for: planned where that may bring surprises, asked about where it does, then submitted.

use super::{Cmd, Msg, Window};
use crate::app_settings;
use crate::i18n::{gettext, gettext_f};
use crate::live::{self, Key};
use crate::sentence;
use crate::system;
use crate::widgets::{dialogs, system_plan};
use relm4::adw::prelude::*;
use relm4::{ComponentSender, adw};
use strata_client::Engine;
use strata_model::{Action, Failure, OfferId, PartKind, Plan, Request, SourceKind, Stop, Task, TaskId, TaskState};

/// Where Flathub's own description of itself lies.
const FLATHUB: &str = "https://dl.flathub.org/repo/flathub.flatpakrepo";

/// What was asked of the engine, and came back.
#[derive(Debug)]
pub(crate) enum Done {
    /// What a request would do.
    Planned(Key, Box<Result<Plan, Stop>>),
    /// What a file would install.
    PlannedFile(Box<Result<Plan, Stop>>),
    /// What adding an origin would do.
    PlannedOrigin(Box<Result<Plan, Stop>>),
    /// The tasks of requests.
    Submitted(Result<Vec<TaskId>, Failure>),
    /// A setting.
    Set(&'static str, Result<(), Failure>),
    /// Something small; silence is success.
    Small(Result<(), Failure>),
}

impl Window {
    /// Does what needs the engine, or keeps it until the engine is reached, and has said how things are.
    pub(super) fn request(&mut self, message: Msg, sender: &ComponentSender<Self>, root: &adw::ApplicationWindow) {
        let Some(engine) = self.engine.clone() else {
            self.waiting.push(message);
            // The first wish after it could not be reached tries again, and so does whoever presses Refresh.
            if self.live.lost.is_some() && self.waiting.len() == 1 {
                sender.input(Msg::Connect);
            }
            return;
        };
        let is_early = match (needs(&message), self.live.snapshot.as_deref()) {
            (Needs::Nothing, _) | (Needs::Tasks, Some(_)) => false,
            (Needs::Tasks | Needs::State, None) => true,
            (Needs::State, Some(now)) => !live::is_ready(now),
        };
        if is_early {
            self.waiting.push(message);
            return;
        }
        match message {
            Msg::StopPlanning(key) => drop(self.stop_planning(&key)),
            Msg::Get(key) => self.plan_getting(key, engine, sender),
            Msg::Switch(from, to) => self.plan_switching(&from, to, engine, sender),
            Msg::Update(key) => self.update_one(&key, engine, sender),
            Msg::UpdateAll => self.update_all(sender, root),
            Msg::CancelUpdates => self.cancel_updates(sender),
            Msg::Remove(key) => self.ask_removing(&key, engine, sender, root),
            Msg::RemoveUnused => self.remove_unused(sender),
            Msg::Refresh => sender.input(Msg::Submit(self.live.refreshes())),
            Msg::AddFlathub => sender.input(Msg::Submit(vec![self.add_flathub()])),
            Msg::GoBack(key) => self.keep_or_release(&key, Request::go_back, sender),
            Msg::Hold(key) => self.keep_or_release(&key, Request::hold, sender),
            Msg::Release(key) => self.keep_or_release(&key, Request::release, sender),
            Msg::AppSettings(key) => self.show_app_settings(&key, engine, sender, root),
            Msg::Set(key, value) => {
                sender.oneshot_command(async move { Cmd::Done(Done::Set(key, engine.set_setting(key, &value).await)) });
            }
            Msg::ExportTo(file) => self.export(file, sender),
            Msg::KeepData(id) => self.keep_data(id, sender),
            Msg::ImportFrom(file) => self.import(file, engine, sender),
            Msg::CountLeftovers => self.count_leftovers(engine, sender),
            Msg::Submit(requests) => {
                sender.oneshot_command(async move { Cmd::Done(Done::Submitted(engine.submit(&requests).await)) });
            }
            Msg::PlanFile(location) => self.plan_file(&location, engine, sender),
            Msg::RunOnce(location) => small(sender, async move { engine.launch_file(&location).await }),
            Msg::OpenOrigin(location) => self.plan_origin(&location, engine, sender),
            Msg::Open(key) => self.open(&key, engine, sender),
            Msg::Cancel(task) => small(sender, async move { engine.cancel(task).await }),
            Msg::Dismiss(task) => acknowledge(engine, vec![task], sender),
            Msg::Retry(task) => self.retry(task, engine, sender),
            Msg::Details(task) => self.details(task, sender, root),
            Msg::System(message) => self.system_request(message, engine, sender, root),
            _ => {}
        }
    }

    pub(super) fn done(&mut self, done: Done, sender: &ComponentSender<Self>, root: &adw::ApplicationWindow) {
        match done {
            Done::Planned(key, plan) => self.planned(key, *plan, sender, root),
            Done::PlannedFile(plan) => self.ask_about_file(*plan, sender, root),
            Done::PlannedOrigin(plan) => self.ask_about_origin(*plan, sender, root),
            Done::Submitted(Ok(tasks)) => {
                self.outcomes.expect(&tasks);
                self.settle(sender, root);
            }
            Done::Submitted(Err(failure)) | Done::Small(Err(failure)) => self.toast_failure(&failure, root),
            Done::Set(key, Err(failure)) => {
                self.give_up_setting(key);
                self.toast_failure(&failure, root);
                // A switch that was turned shows what is, not what was wished.
                self.show_in_dialogs();
            }
            Done::Set(_, Ok(())) | Done::Small(Ok(())) => {}
        }
    }

    /// Says what happened where it passes, with the technical words behind a button; where a layered package or a repository is
    /// in the way, the button takes that away.
    pub(super) fn toast_failure(&self, failure: &Failure, root: &adw::ApplicationWindow) {
        let toast = adw::Toast::builder().title(sentence::failure(failure)).use_markup(false).build();
        // What went wrong does not wait behind what went well.
        toast.set_priority(adw::ToastPriority::High);
        let status = system::status(&self.live);
        let offer = |words: String, about: &str, action: &str| {
            toast.set_button_label(Some(&words));
            toast.set_action_target_value(Some(&about.to_variant()));
            toast.set_action_name(Some(action));
        };
        if let Some(package) = status.and_then(|status| system::blocking(status, failure)) {
            offer(gettext_f("Remove “{name}”…", &[("name", package)]), package, "win.remove-package");
            return self.toast(toast);
        }
        if let Some(repository) = status.and_then(|status| system::gone(status, failure)) {
            offer(gettext_f("Switch “{name}” Off", &[("name", repository)]), repository, "win.switch-off-repository");
            return self.toast(toast);
        }
        toast.set_button_label(Some(&gettext("Details")));
        let (root, failure) = (root.downgrade(), failure.clone());
        toast.connect_button_clicked(move |_| {
            if let Some(root) = root.upgrade() {
                dialogs::details(root.upcast_ref(), &failure);
            }
        });
        self.toast(toast);
    }

    /// What failed has a remedy that is a button: something that is in the way can be taken away.
    pub(super) fn has_remedy(&self, failure: &Failure) -> bool {
        system::status(&self.live)
            .is_some_and(|status| system::blocking(status, failure).or(system::gone(status, failure)).is_some())
    }

    fn cancel_updates(&self, sender: &ComponentSender<Self>) {
        let tasks = self.live.snapshot.iter().flat_map(|snapshot| &snapshot.tasks);
        for task in tasks.filter(|task| task.request.action == Action::Update && !task.state.is_final()) {
            sender.input(Msg::Cancel(task.id));
        }
    }

    fn ask_removing(&self, key: &Key, engine: Engine, sender: &ComponentSender<Self>, root: &adw::ApplicationWindow) {
        let Some(installed) = self.live.find(key) else { return };
        let (offer, name) = (installed.offer.clone(), self.live.name_of(installed).to_owned());
        if installed.kind == PartKind::Package {
            let request = Request::remove(offer, false).named(&name);
            return system_plan::ask(root, engine, request, sender.input_sender());
        }
        let sender = sender.input_sender().clone();
        let (title, app) = (name.clone(), Some(offer.source).filter(|_| installed.kind == PartKind::App));
        dialogs::remove(root.upcast_ref(), &title, app, move |data| {
            sender.emit(Msg::Submit(vec![Request::remove(offer.clone(), data).named(&name)]));
        });
    }

    fn remove_unused(&self, sender: &ComponentSender<Self>) {
        let unused = self.live.installed().unwrap_or_default().iter().filter(|one| one.unused);
        let mut scopes: Vec<(SourceKind, String)> =
            unused.map(|one| (one.offer.source, one.offer.scope.clone())).collect();
        scopes.sort();
        scopes.dedup();
        let requests = scopes.iter().map(|(source, scope)| Request::remove_unused(*source, scope)).collect();
        sender.input(Msg::Submit(requests));
    }

    fn add_flathub(&self) -> Request {
        Request::add_origin(SourceKind::Flatpak, self.usual_scope(), "flathub", FLATHUB).named("Flathub")
    }

    fn open(&self, key: &Key, engine: Engine, sender: &ComponentSender<Self>) {
        let offer: OfferId = match (self.live.find(key), key) {
            (Some(installed), _) => installed.offer.clone(),
            // What the system's image carries is in no list of what is installed.
            (None, Key::Offer(offer)) => offer.clone(),
            (None, Key::App(_)) => return,
        };
        small(sender, async move { engine.launch(&offer).await });
    }

    fn show_app_settings(
        &self,
        key: &Key,
        engine: Engine,
        sender: &ComponentSender<Self>,
        root: &adw::ApplicationWindow,
    ) {
        if let Some(installed) = self.live.find(key) {
            let (offer, name) = (installed.offer.clone(), self.live.name_of(installed));
            app_settings::show(root, engine, offer, name, sender.input_sender());
        }
    }

    fn retry(&self, task: TaskId, engine: Engine, sender: &ComponentSender<Self>) {
        if let Some(task) = self.live.task(task).filter(|task| task.state == TaskState::Failed) {
            sender.input(Msg::Submit(vec![task.request.clone()]));
            acknowledge(engine, vec![task.id], sender);
        }
    }

    /// Says more of what failed; what stopped for a question asks it.
    fn details(&self, task: TaskId, sender: &ComponentSender<Self>, root: &adw::ApplicationWindow) {
        if let Some(task @ Task { request, failure: Some(failure), .. }) = self.live.task(task)
            && !self.ask_what_stopped(task, sender, root)
        {
            dialogs::details(root.upcast_ref(), &live::named(request, failure));
        }
    }
}

/// What the engine has to have said before a wish means anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Needs {
    Nothing,
    /// Which tasks there are.
    Tasks,
    /// What is installed, could be newer, or is set.
    State,
}

const fn needs(message: &Msg) -> Needs {
    match message {
        Msg::CancelUpdates | Msg::Retry(_) | Msg::Details(_) => Needs::Tasks,
        Msg::Get(_)
        | Msg::Update(_)
        | Msg::UpdateAll
        | Msg::Remove(_)
        | Msg::RemoveUnused
        | Msg::Refresh
        | Msg::AddFlathub
        | Msg::GoBack(_)
        | Msg::Hold(_)
        | Msg::Release(_)
        | Msg::Open(_)
        | Msg::AppSettings(_)
        | Msg::KeepData(_)
        | Msg::ExportTo(_)
        | Msg::PlanFile(_)
        | Msg::OpenOrigin(_) => Needs::State,
        _ => Needs::Nothing,
    }
}

/// Takes outcomes out of the engine's snapshot.
pub(super) fn acknowledge(engine: Engine, tasks: Vec<TaskId>, sender: &ComponentSender<Window>) {
    small(sender, async move { engine.acknowledge(&tasks).await });
}

pub(super) fn small(
    sender: &ComponentSender<Window>,
    work: impl Future<Output = Result<(), Failure>> + Send + 'static,
) {
    sender.oneshot_command(async move { Cmd::Done(Done::Small(work.await)) });
}
