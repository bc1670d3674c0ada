//! What is being done right now, as a group of rows. A row stays the same widgets while its task runs, so that Cancel keeps its focus.

use crate::i18n::{gettext, gettext_f};
use crate::live::{Live, Running};
use crate::sentence::{self, task};
use crate::widgets::set_label;
use relm4::adw::prelude::*;
use relm4::{adw, gtk};
use strata_model::{Request, Stage, Task, TaskId, TaskState};

/// The group of what is being done.
#[derive(Debug)]
pub(crate) struct RunningRows {
    root: adw::PreferencesGroup,
    is_meant: fn(&Request) -> bool,
    rows: Vec<RunningRow>,
}

#[derive(Debug)]
struct RunningRow {
    id: TaskId,
    root: adw::ActionRow,
    bar: gtk::ProgressBar,
    cancel: gtk::Button,
}

impl RunningRows {
    /// A group of the tasks that are meant.
    pub(crate) fn new(is_meant: fn(&Request) -> bool) -> Self {
        let root = adw::PreferencesGroup::builder().title(gettext("Now")).visible(false).build();
        Self { root, is_meant, rows: Vec::new() }
    }

    /// The widget to put somewhere.
    pub(crate) fn root(&self) -> &adw::PreferencesGroup {
        &self.root
    }

    /// Nothing is being done.
    pub(crate) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Shows what is being done now.
    pub(crate) fn show(&mut self, live: &Live) {
        let tasks = live.snapshot.iter().flat_map(|snapshot| &snapshot.tasks);
        let Self { root, is_meant, rows } = self;
        let tasks: Vec<&Task> = tasks.filter(|task| !task.state.is_final() && is_meant(&task.request)).collect();
        rows.retain(|row| {
            let stays = tasks.iter().any(|task| task.id == row.id);
            if !stays {
                root.remove(&row.root);
            }
            stays
        });
        for task in tasks {
            if !rows.iter().any(|row| row.id == task.id) {
                let row = RunningRow::new(task);
                root.add(&row.root);
                rows.push(row);
            }
            if let Some(row) = rows.iter().find(|row| row.id == task.id) {
                row.show(task);
            }
        }
        root.set_visible(!rows.is_empty());
    }
}

impl RunningRow {
    fn new(task: &Task) -> Self {
        let what = task::intention(&task.request);
        let root = adw::ActionRow::builder().use_markup(false).title(&what).build();
        let bar = gtk::ProgressBar::builder().valign(gtk::Align::Center).width_request(84).build();
        set_label(&bar, &what);
        let cancel = gtk::Button::builder()
            .icon_name("process-stop-symbolic")
            .tooltip_text(gettext("Cancel"))
            .valign(gtk::Align::Center)
            .css_classes(["flat", "circular"])
            .build();
        // Translators: {what} is a task, as in “Install Chess”
        set_label(&cancel, &gettext_f("Cancel: {what}", &[("what", &what)]));
        cancel.set_action_target_value(Some(&task.id.0.to_variant()));
        cancel.set_action_name(Some("win.cancel"));
        root.add_suffix(&bar);
        root.add_suffix(&cancel);
        Self { id: task.id, root, bar, cancel }
    }

    fn show(&self, task: &Task) {
        let Task { id, request, state, progress, .. } = task;
        let running = Running { task: *id, action: request.action, state: *state, progress: *progress };
        self.root.set_subtitle(&sentence::running_long(&running));
        let fraction = sentence::fraction(&running);
        self.bar.set_visible(fraction.is_some());
        self.bar.set_fraction(fraction.unwrap_or_default());
        let can_stop = matches!(state, TaskState::Queued | TaskState::Running) && progress.stage != Stage::Finishing;
        self.cancel.set_sensitive(can_stop);
    }
}
