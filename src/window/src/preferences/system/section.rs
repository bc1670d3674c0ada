//! A group of rows that are made anew when what they show is another, and stay the same widgets otherwise.

use crate::widgets::state_page;
use relm4::adw;
use relm4::adw::prelude::*;
use relm4::gtk;

/// The group, with what it shows.
#[derive(Debug)]
pub(super) struct Section<T> {
    root: adw::PreferencesGroup,
    rows: Vec<gtk::Widget>,
    shown: Option<T>,
}

impl<T: PartialEq> Section<T> {
    /// Without rows, and so not to be seen.
    pub(super) fn new(title: &str) -> Self {
        let root = adw::PreferencesGroup::builder().title(title).visible(false).build();
        Self { root, rows: Vec::new(), shown: None }
    }

    pub(super) fn root(&self) -> &adw::PreferencesGroup {
        &self.root
    }

    /// Shows this in the rows that are made of it; without rows there is nothing to see.
    pub(super) fn show(&mut self, facts: T, make: impl FnOnce(&T) -> Vec<gtk::Widget>) {
        if self.shown.as_ref() == Some(&facts) {
            return;
        }
        for row in self.rows.drain(..) {
            self.root.remove(&row);
        }
        self.rows = make(&facts);
        for row in &self.rows {
            self.root.add(row);
        }
        self.root.set_visible(!self.rows.is_empty());
        self.shown = Some(facts);
    }

    /// A line under the heading, which may be empty.
    pub(super) fn set_words(&self, words: &str) {
        self.root
            .set_description(Some(&state_page::escaped(words)).filter(|words| !words.is_empty()).map(String::as_str));
    }

    /// Shows nothing.
    pub(super) fn clear(&mut self) {
        for row in self.rows.drain(..) {
            self.root.remove(&row);
        }
        self.root.set_visible(false);
        self.shown = None;
    }
}
