//! How tasks ended: said once, then taken out of the engine's snapshot.

use super::requests::acknowledge;
use super::system;
use super::{Msg, Window};
use crate::i18n::{gettext, gettext_f};
use crate::live::{self, Key};
use crate::sentence;
use relm4::gtk::prelude::*;
use relm4::{ComponentSender, adw};
use std::collections::BTreeSet;
use std::time::{SystemTime, UNIX_EPOCH};
use strata_model::{Action, Failure, PartKind, Request, SourceKind, Task, TaskId, TaskState};

/// How long words stand that somebody may want to act on, in seconds.
const LONG: u32 = 10;
/// Outcomes that nobody waited for are cleared away when they are this old, in seconds: whoever asked has seen them.
const OLD: i64 = 60;

/// The tasks that this window asked for.
#[derive(Debug, Default)]
pub(super) struct Outcomes {
    own: BTreeSet<TaskId>,
    /// Outcomes that were said already.
    said: BTreeSet<TaskId>,
}

impl Outcomes {
    /// These tasks are this window's.
    pub(super) fn expect(&mut self, tasks: &[TaskId]) {
        self.own.extend(tasks);
    }
}

impl Window {
    /// Says how this window's tasks ended. A failure stays in the snapshot, and so on its row, until it is dismissed.
    pub(super) fn settle(&mut self, sender: &ComponentSender<Self>, root: &adw::ApplicationWindow) {
        let (Some(engine), Some(snapshot)) = (self.engine.clone(), self.live.snapshot.clone()) else { return };
        let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs().cast_signed());
        let mut over = Vec::new();
        for task in snapshot.tasks.iter().filter(|task| task.state.is_final()) {
            let own = self.outcomes.own.contains(&task.id);
            if (!own && task.finished > now - OLD) || !self.outcomes.said.insert(task.id) {
                continue;
            }
            if own {
                self.say(task, sender, root);
            }
            if !stays(task) {
                over.push(task.id);
            }
        }
        if !over.is_empty() {
            acknowledge(engine, over, sender);
        }
    }

    fn say(&self, task: &Task, sender: &ComponentSender<Self>, root: &adw::ApplicationWindow) {
        match (task.state, &task.failure) {
            (TaskState::Failed, _) if self.ask_what_stopped(task, sender, root) => {}
            (TaskState::Failed, Some(failure)) => {
                let failure = live::named(&task.request, failure);
                if stays(task) {
                    self.toast_failure(&failure, root);
                } else {
                    self.toast_again(&failure, Msg::Submit(vec![task.request.clone()]), sender, root);
                }
            }
            (TaskState::Done, _) => {
                self.say_done(task);
                for failure in &task.partial {
                    self.toast_failure(failure, root);
                }
            }
            _ => {}
        }
    }

    /// Says what failed and has no place where it stays, and offers to try it again where that may help.
    pub(super) fn toast_again(
        &self,
        failure: &Failure,
        again: Msg,
        sender: &ComponentSender<Self>,
        root: &adw::ApplicationWindow,
    ) {
        if self.has_remedy(failure) || !failure.kind.may_pass() {
            return self.toast_failure(failure, root);
        }
        let toast = adw::Toast::builder().title(sentence::failure(failure)).use_markup(false).timeout(LONG).build();
        toast.set_priority(adw::ToastPriority::High);
        toast.set_button_label(Some(&gettext("Try Again")));
        let sender = sender.input_sender().clone();
        toast.connect_button_clicked(move |_| sender.emit(again.clone()));
        self.toast(toast);
    }

    fn say_done(&self, task: &Task) {
        let name = [("name", task.request.name.as_str())];
        let key = Key::Offer(task.request.offer.clone());
        let toast = match task.request.action {
            Action::Install | Action::InstallFile | Action::Remove if waits_for_restart(&task.request) => {
                let words = match task.request.action {
                    Action::Remove => gettext_f("“{name}” goes with the next restart", &name),
                    _ => gettext_f("“{name}” comes with the next restart", &name),
                };
                self.restarting(&words)
            }
            Action::Install if self.live.find(&key).is_some_and(|installed| installed.kind == PartKind::App) => {
                let toast = adw::Toast::new(&gettext_f("“{name}” is ready", &name));
                toast.set_button_label(Some(&gettext("Open")));
                toast.set_action_target_value(Some(&key.to_variant()));
                toast.set_action_name(Some("win.open"));
                toast
            }
            Action::Reset => self.restarting(&gettext_f("“{name}” is back with the next restart", &name)),
            Action::Install | Action::InstallFile => adw::Toast::new(&gettext_f("“{name}” is ready", &name)),
            Action::AddOrigin => adw::Toast::new(&gettext_f("“{name}” was added", &name)),
            Action::Remove => adw::Toast::new(&gettext_f("“{name}” was removed", &name)),
            Action::GoBack => adw::Toast::new(&gettext_f("The version before of “{name}” is back", &name)),
            Action::Hold => adw::Toast::new(&gettext_f("“{name}” stays at its version", &name)),
            Action::Release => adw::Toast::new(&gettext_f("“{name}” can be updated again", &name)),
            Action::RemoveUnused => adw::Toast::new(&gettext("Unused runtimes were removed")),
            _ => match system::done_words(&task.request) {
                Some((words, true)) => self.restarting(&words),
                Some((words, false)) => adw::Toast::new(&words),
                None => return,
            },
        };
        toast.set_use_markup(false);
        self.toast(toast);
    }

    /// A toast that offers a restart, unless that would not bring it.
    fn restarting(&self, words: &str) -> adw::Toast {
        let toast = adw::Toast::new(words);
        if !self.live.is_held_back() {
            toast.set_button_label(Some(&gettext("Restart")));
            toast.set_action_name(Some("win.restart"));
        }
        toast
    }
}

/// What is layered on the system, or taken from it, and not brought into the running one.
fn waits_for_restart(request: &Request) -> bool {
    request.offer.source == SourceKind::Package && !request.live
}

/// Failures about an app are shown beside it, those of an update of the system on Updates; there is no such place for the
/// others.
fn stays(task: &Task) -> bool {
    let Request { action, offer, .. } = &task.request;
    let has_place = match action {
        Action::Install | Action::Update | Action::Remove => offer.source != SourceKind::Package,
        action => *action == Action::UpdateSystem,
    };
    task.state == TaskState::Failed && has_place
}
