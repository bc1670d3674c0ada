//! What is being done and what was done, by whichever window or terminal.

mod entry;

use crate::i18n::gettext;
use crate::live::Live;
use crate::sentence;
use crate::widgets::in_steps;
use crate::widgets::running_rows::RunningRows;
use crate::widgets::state_page;
use relm4::adw::prelude::*;
use relm4::gtk::glib;
use relm4::{Component, ComponentParts, ComponentSender, adw, gtk};
use strata_model::history::Entry;
use strata_model::{Failure, TaskId};

/// How many entries are shown.
const MOST: u32 = 300;

/// The page.
#[derive(Debug)]
pub(crate) struct HistoryPage {
    live: Live,
    /// It was shown, so it has to be right from now on.
    wanted: bool,
    /// The tasks in the snapshot when the history was last read.
    read: Vec<(TaskId, bool)>,
    shown: Vec<Entry>,
    running: RunningRows,
    days: gtk::Box,
    state: gtk::Stack,
}

/// What the page can be told.
#[derive(Debug)]
pub(crate) enum HistoryMsg {
    /// It is about to be looked at.
    Show,
    /// The engine says something.
    Live(Live),
}

impl Component for HistoryPage {
    type CommandOutput = Result<Vec<Entry>, Failure>;
    type Input = HistoryMsg;
    type Output = ();
    type Init = ();
    type Root = adw::NavigationPage;
    type Widgets = ();

    fn init_root() -> Self::Root {
        adw::NavigationPage::builder().tag("history").title(gettext("History")).build()
    }

    fn init((): (), root: Self::Root, _sender: ComponentSender<Self>) -> ComponentParts<Self> {
        let running = RunningRows::new(|_| true);
        let days = gtk::Box::builder().orientation(gtk::Orientation::Vertical).spacing(24).build();
        let column =
            gtk::Box::builder().orientation(gtk::Orientation::Vertical).spacing(24).css_classes(["page"]).build();
        column.append(running.root());
        column.append(&days);
        let clamp = adw::Clamp::builder().maximum_size(760).child(&column).build();
        let scrolled = gtk::ScrolledWindow::builder().hscrollbar_policy(gtk::PolicyType::Never).child(&clamp).build();
        let state = gtk::Stack::new();
        let words = gettext("What is installed, updated and removed appears here, also what a terminal asked for.");
        state.add_named(&state_page::loading(&gettext("Reading the history…")), Some("loading"));
        state.add_named(
            &state_page::empty("document-open-recent-symbolic", &gettext("Nothing Done Yet"), &words),
            Some("nothing"),
        );
        state.add_named(&scrolled, Some("entries"));
        let view = adw::ToolbarView::builder().content(&state).build();
        view.add_top_bar(&adw::HeaderBar::new());
        root.set_child(Some(&view));
        let live = Live::default();
        let model = Self { live, wanted: false, read: Vec::new(), shown: Vec::new(), running, days, state };
        ComponentParts { model, widgets: () }
    }

    fn update(&mut self, message: HistoryMsg, sender: ComponentSender<Self>, _root: &Self::Root) {
        match message {
            HistoryMsg::Show => {
                self.wanted = true;
                self.read.clear();
                self.running.show(&self.live);
                self.look(&sender);
            }
            HistoryMsg::Live(live) => {
                self.live = live;
                if self.wanted {
                    self.running.show(&self.live);
                    self.look(&sender);
                    self.show_state();
                }
            }
        }
    }

    fn update_cmd(&mut self, entries: Self::CommandOutput, _sender: ComponentSender<Self>, _root: &Self::Root) {
        match entries {
            Ok(entries) => self.show(entries),
            Err(failure) => {
                if let Some(old) = self.state.child_by_name("failed") {
                    self.state.remove(&old);
                }
                self.state.add_named(&state_page::failed(&failure), Some("failed"));
                self.state.set_visible_child_name("failed");
            }
        }
    }
}

impl HistoryPage {
    /// Reads the history if a task has come to its end since.
    fn look(&mut self, sender: &ComponentSender<Self>) {
        let (Some(engine), Some(snapshot)) = (self.live.engine.clone(), &self.live.snapshot) else { return };
        let now: Vec<(TaskId, bool)> = snapshot.tasks.iter().map(|task| (task.id, task.state.is_final())).collect();
        if self.read != now || now.is_empty() && self.state.visible_child_name().is_some_and(|name| name == "loading") {
            self.read = now;
            sender.oneshot_command(async move { engine.history(MOST, false).await });
        }
    }

    fn show(&mut self, entries: Vec<Entry>) {
        if self.shown != entries || entries.is_empty() {
            while let Some(child) = self.days.first_child() {
                self.days.remove(&child);
            }
            let days = gtk::Box::builder().orientation(gtk::Orientation::Vertical).spacing(24).build();
            self.days.append(&days);
            let mut last: Option<(i64, adw::PreferencesGroup)> = None;
            in_steps::append(&days, entries.clone(), move |days, entry| {
                let same = last.take().filter(|(before, _)| day(*before) == day(entry.finished));
                let group = same.map_or_else(|| group(days, entry.finished), |(_, group)| group);
                group.add(&entry::row(&entry));
                last = Some((entry.finished, group));
            });
            self.shown = entries;
        }
        self.state.set_visible_child_name("entries");
        self.show_state();
    }

    fn show_state(&self) {
        let loading = self.state.visible_child_name().is_some_and(|name| name == "loading" || name == "failed");
        if !loading {
            let any = !self.shown.is_empty() || !self.running.is_empty();
            self.state.set_visible_child_name(if any { "entries" } else { "nothing" });
        }
    }
}

/// The group of a day, after those that are there.
fn group(days: &gtk::Box, when: i64) -> adw::PreferencesGroup {
    let group = adw::PreferencesGroup::builder().title(glib::markup_escape_text(&heading(when))).build();
    days.append(&group);
    group
}

/// The day in the person's own time zone.
fn day(seconds: i64) -> Option<(i32, i32)> {
    let time = glib::DateTime::from_unix_local(seconds).ok()?;
    Some((time.year(), time.day_of_year()))
}

fn heading(seconds: i64) -> String {
    let ago = |days: i32| {
        let then = glib::DateTime::now_local().ok()?.add_days(-days).ok()?;
        Some((then.year(), then.day_of_year()))
    };
    let day = day(seconds);
    if day.is_some() && day == ago(0) {
        gettext("Today")
    } else if day.is_some() && day == ago(1) {
        gettext("Yesterday")
    } else {
        sentence::day(seconds)
    }
}
