//! What only a person can know, asked once work stopped for it.

use super::requests::acknowledge;
use super::{Msg, Window};
use crate::i18n::{gettext, gettext_f};
use crate::sentence;
use crate::widgets::dialogs;
use relm4::adw::prelude::*;
use relm4::{ComponentSender, adw};
use strata_model::{Failure, Question, Request, Task};

impl Window {
    /// Asks what a task stopped for, if it was a question; `false` if not. With a yes it is done after all.
    pub(super) fn ask_what_stopped(
        &self,
        task: &Task,
        sender: &ComponentSender<Self>,
        root: &adw::ApplicationWindow,
    ) -> bool {
        let Some((failure, question)) = asked(task) else { return false };
        let heading = gettext_f("Update “{name}”?", &[("name", &task.request.name)]);
        let values = question.values();
        let values: Vec<_> = values.iter().map(|(name, value)| (*name, &**value)).collect();
        let (meaning, remedy) = (gettext_f(question.meaning(), &values), sentence::remedy(failure));
        let dialog = dialogs::warning(&heading, &format!("{meaning}\n\n{remedy}"), &gettext("Update All the Same"));
        let request = Request { unattended: false, ..task.request.clone().accepting(&question) };
        let (engine, id, sender) = (self.engine.clone(), task.id, sender.clone());
        dialog.connect_response(Some("yes"), move |_, _| {
            sender.input(Msg::Submit(vec![request.clone()]));
            if let Some(engine) = engine.clone() {
                acknowledge(engine, vec![id], &sender);
            }
        });
        dialog.present(Some(root));
        true
    }
}

fn asked(task: &Task) -> Option<(&Failure, Question)> {
    let failure = task.failure.as_ref()?;
    Some((failure, Question::of(failure)?))
}
