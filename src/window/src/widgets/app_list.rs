//! A list of rows, made only for what is on screen.

use crate::context::Context;
use crate::live::Live;
use crate::observed::Observed;
use crate::widgets::app_row::{AppRow, RowFacts};
use crate::widgets::in_steps::InSteps;
use relm4::adw::prelude::*;
use relm4::gtk::{gdk, glib};
use relm4::typed_view::list::TypedListView;
use relm4::{adw, gtk};

/// Widest list, in pixels.
const WIDTH: i32 = 860;
/// Rows that are made at once: what a window of usual size shows.
const AT_ONCE: u32 = 12;
/// Rows that are made at a time after that.
const STEP: u32 = 4;

/// A list of rows.
#[derive(Debug)]
pub(crate) struct AppList {
    context: Context,
    live: Live,
    view: gtk::ListView,
    rows: InSteps<AppRow>,
}

impl AppList {
    /// An empty list.
    pub(crate) fn new(context: Context) -> Self {
        let list: TypedListView<AppRow, gtk::NoSelection> = TypedListView::new();
        list.view.set_tab_behavior(gtk::ListTabBehavior::All);
        list.view.add_css_class("app-list");
        list.view.add_controller(arrows());
        let rows = InSteps::new(&list.view, &list.selection_model, AT_ONCE, STEP);
        Self { context, live: Live::default(), view: list.view, rows }
    }

    /// The widget to put somewhere.
    pub(crate) fn view(&self) -> &gtk::ListView {
        &self.view
    }

    /// The list in a page of its own: it scrolls below what always stays in sight.
    pub(crate) fn page(&self, above: &impl IsA<gtk::Widget>) -> gtk::Box {
        let above = adw::Clamp::builder().maximum_size(WIDTH).child(above).build();
        above.add_css_class("above");
        let column = gtk::Box::builder().orientation(gtk::Orientation::Vertical).build();
        column.append(&above);
        column.append(&self.scroller());
        column
    }

    /// The list, scrolling in the room that is there.
    pub(crate) fn scroller(&self) -> gtk::ScrolledWindow {
        self.view.add_css_class("page");
        let clamp = adw::ClampScrollable::builder().maximum_size(WIDTH + 8).child(&self.view).build();
        clamp.add_css_class("list-clamp");
        let scrolled = gtk::ScrolledWindow::builder().hscrollbar_policy(gtk::PolicyType::Never).build();
        scrolled.set_vexpand(true);
        scrolled.set_child(Some(&clamp));
        scrolled
    }

    /// Shows these rows. A row that says the same as before stays untouched, so that focus and scrolling stay where
    /// they are.
    pub(crate) fn set(&mut self, rows: Vec<RowFacts>) {
        let same = |at: u32, facts: &RowFacts| self.rows.ask(at, |row| row.facts == *facts) == Some(true);
        let kept = (0..).zip(&rows).take_while(|(at, facts)| same(*at, facts)).count();
        let kept_rows = u32::try_from(kept).unwrap_or(u32::MAX);
        if kept == rows.len() && kept_rows == self.rows.len() {
            return;
        }
        let (context, live) = (&self.context, &self.live);
        self.rows.replace(
            kept_rows,
            rows.into_iter().skip(kept).map(|facts| {
                let state = Observed::new(live.state(&facts.key));
                AppRow { facts, state, images: context.images.clone() }
            }),
        );
    }

    /// Shows how the apps are now.
    pub(crate) fn live(&mut self, live: &Live) {
        self.live = live.clone();
        for (key, state) in self.rows.all(|row| (row.facts.key.clone(), row.state.clone())) {
            state.set(live.state(&key));
        }
    }

    /// The app of the first row that has a page.
    pub(crate) fn first_page(&self) -> Option<strata_model::AppId> {
        self.rows.ask(0, |row| row.facts.page.clone()).flatten()
    }

    /// Shows the rows of another list, from the first one on.
    pub(crate) fn set_anew(&mut self, rows: Vec<RowFacts>) {
        self.rows.begin_anew();
        self.set(rows);
        if self.rows.len() > 0 {
            self.view.scroll_to(0, gtk::ListScrollFlags::NONE, None);
        }
    }
}

/// The arrows up and down move from row to row. GTK's own way moves between items that take the keyboard themselves, and
/// here only what is in them does.
fn arrows() -> gtk::EventControllerKey {
    let keys = gtk::EventControllerKey::new();
    keys.set_propagation_phase(gtk::PropagationPhase::Capture);
    keys.connect_key_pressed(|keys, key, _, _| {
        let Some(here) = keys.widget().and_then(|list| list.focus_child()) else { return glib::Propagation::Proceed };
        let there = match key {
            gdk::Key::Down | gdk::Key::KP_Down => here.next_sibling(),
            gdk::Key::Up | gdk::Key::KP_Up => here.prev_sibling(),
            _ => None,
        };
        // From button to button, or from app to app.
        let on_app = here.root().and_then(|root| root.focus()).is_some_and(|one| one.has_css_class("row-page"));
        let from = if on_app { gtk::DirectionType::TabForward } else { gtk::DirectionType::TabBackward };
        match there.map(|there| there.child_focus(from)) {
            Some(true) => glib::Propagation::Stop,
            _ => glib::Propagation::Proceed,
        }
    });
    keys
}
