//! A group of rows under a heading, in a page that scrolls as a whole; for as many as a person looks through.

use crate::context::Context;
use crate::live::{AppState, Live};
use crate::observed::Observed;
use crate::widgets::app_row::{AppRow, RowFacts, Widgets};
use crate::widgets::{changes, set_label, set_text};
use relm4::gtk;
use relm4::gtk::prelude::*;
use strata_model::app::Release;

/// What one row shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct GroupRow {
    /// What the row says.
    pub(crate) facts: RowFacts,
    /// What came between the installed version and the next, newest first; can be unfolded.
    pub(crate) news: Vec<Release>,
}

/// The group.
#[derive(Debug)]
pub(crate) struct RowGroup {
    context: Context,
    root: gtk::Box,
    words: gtk::Label,
    list: gtk::ListBox,
    rows: Vec<(GroupRow, Observed<AppState>, Widgets)>,
    live: Live,
}

impl RowGroup {
    /// A group without rows, and so not to be seen.
    pub(crate) fn new(context: Context, title: &str) -> Self {
        let heading = gtk::Label::builder().label(title).xalign(0.0).css_classes(["heading"]).build();
        heading.set_accessible_role(gtk::AccessibleRole::Heading);
        let words = gtk::Label::builder().xalign(0.0).wrap(true).css_classes(["dimmed", "caption"]).build();
        let list = gtk::ListBox::builder().selection_mode(gtk::SelectionMode::None).css_classes(["app-list"]).build();
        set_label(&list, title);
        let root = gtk::Box::builder().orientation(gtk::Orientation::Vertical).spacing(6).visible(false).build();
        set_text(&words, "");
        for part in [heading.upcast_ref::<gtk::Widget>(), words.upcast_ref(), list.upcast_ref()] {
            root.append(part);
        }
        Self { context, root, words, list, rows: Vec::new(), live: Live::default() }
    }

    /// The widget to put somewhere.
    pub(crate) fn root(&self) -> &gtk::Box {
        &self.root
    }

    /// A line under the heading.
    pub(crate) fn set_words(&self, words: &str) {
        set_text(&self.words, words);
    }

    /// Shows these rows. One that says the same as before stays untouched, so that focus and what is unfolded stay.
    pub(crate) fn set(&mut self, rows: Vec<GroupRow>) {
        self.root.set_visible(!rows.is_empty());
        // What is gone goes first: what stood below it is no other for that.
        for at in (0..self.rows.len()).rev() {
            let known = &self.rows[at].0;
            if !rows.contains(known) {
                self.remove(at);
            }
        }
        let kept = self.rows.iter().zip(&rows).take_while(|((known, ..), row)| known == *row).count();
        for at in (kept..self.rows.len()).rev() {
            self.remove(at);
        }
        for row in rows.into_iter().skip(kept) {
            self.append(row);
        }
    }

    fn remove(&mut self, at: usize) {
        if let Some(row) = self.list.row_at_index(i32::try_from(at).unwrap_or(i32::MAX)) {
            self.list.remove(&row);
        }
        self.rows.remove(at);
    }

    fn append(&mut self, row: GroupRow) {
        let (widget, mut widgets) = AppRow::make();
        let state = Observed::new(self.live.state(&row.facts.key));
        let shown = AppRow { facts: row.facts.clone(), state: state.clone(), images: self.context.images.clone() };
        shown.show(&mut widgets);
        if !row.news.is_empty() {
            widget.append(&changes::expander(&row.facts.name, &row.news));
        }
        let line = gtk::ListBoxRow::builder().child(&widget).activatable(false).focusable(false).build();
        self.list.append(&line);
        self.rows.push((row, state, widgets));
    }

    /// Shows how the apps are now.
    pub(crate) fn live(&mut self, live: &Live) {
        self.live = live.clone();
        for (row, state, _) in &self.rows {
            state.set(live.state(&row.facts.key));
        }
    }
}
