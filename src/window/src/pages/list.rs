//! One list of apps, whole.

use crate::category;
use crate::context::Context;
use crate::live::Live;
use crate::reader::ReadError;
use crate::widgets::app_grid::AppGrid;
use crate::widgets::{set_label, state_page};
use relm4::adw::prelude::*;
use relm4::{Component, ComponentParts, ComponentSender, adw, gtk};
use strata_catalogue::{List, Page};
use strata_model::AppSummary;

/// Apps read at once.
const PART: usize = 200;

/// The page.
#[derive(Debug)]
pub(crate) struct ListPage {
    context: Context,
    list: Option<List>,
    grid: AppGrid,
    state: gtk::Stack,
}

/// What the page can be told.
#[derive(Debug)]
pub(crate) enum ListMsg {
    /// Show this list.
    Show(List),
    /// Read the catalogue again.
    Reload,
    /// The engine says something.
    Live(Live),
}

/// A part of a list.
#[derive(Debug)]
pub(crate) struct Part {
    list: List,
    offset: usize,
    apps: Result<Vec<AppSummary>, ReadError>,
}

impl Component for ListPage {
    type CommandOutput = Part;
    type Input = ListMsg;
    type Output = ();
    type Init = Context;
    type Root = adw::NavigationPage;
    type Widgets = ();

    fn init_root() -> Self::Root {
        adw::NavigationPage::builder().tag("list").title("…").build()
    }

    fn init(context: Context, root: Self::Root, _sender: ComponentSender<Self>) -> ComponentParts<Self> {
        let grid = AppGrid::new(context.clone());
        grid.view().add_css_class("page");
        let clamp = adw::ClampScrollable::builder().maximum_size(1240).tightening_threshold(1200).build();
        clamp.set_child(Some(grid.view()));
        let scrolled = gtk::ScrolledWindow::builder().hscrollbar_policy(gtk::PolicyType::Never).child(&clamp).build();
        let state = gtk::Stack::new();
        state.add_named(&scrolled, Some("apps"));
        let view = adw::ToolbarView::builder().content(&state).build();
        view.add_top_bar(&adw::HeaderBar::new());
        root.set_child(Some(&view));
        ComponentParts { model: Self { context, list: None, grid, state }, widgets: () }
    }

    fn update(&mut self, message: ListMsg, sender: ComponentSender<Self>, root: &Self::Root) {
        match message {
            ListMsg::Show(list) => {
                root.set_title(&category::list_title(&list));
                set_label(self.grid.view(), &category::list_title(&list));
                if self.list.as_ref() != Some(&list) {
                    self.grid.set(Vec::new());
                }
                self.read(list, 0, &sender);
            }
            ListMsg::Reload => {
                if let Some(list) = self.list.clone() {
                    self.read(list, 0, &sender);
                }
            }
            ListMsg::Live(live) => self.grid.live(&live),
        }
    }

    fn update_cmd(&mut self, part: Part, sender: ComponentSender<Self>, _root: &Self::Root) {
        if self.list.as_ref() != Some(&part.list) {
            return;
        }
        match part.apps {
            Ok(apps) => {
                let full = apps.len() == PART;
                if part.offset == 0 {
                    self.grid.set(apps);
                } else {
                    self.grid.append(apps);
                }
                if full {
                    self.read(part.list, part.offset + PART, &sender);
                }
                self.state.set_visible_child_name("apps");
            }
            Err(ReadError::NotBuilt) => {
                self.show(&state_page::loading(&crate::i18n::gettext("Reading the lists of apps…")));
            }
            Err(ReadError::Failed(failure)) => self.show(&state_page::failed(&failure)),
        }
    }
}

impl ListPage {
    fn read(&mut self, list: List, offset: usize, sender: &ComponentSender<Self>) {
        self.list = Some(list.clone());
        let question = list.clone();
        let page = Page { offset, limit: PART };
        let answer = self.context.reader.ask(move |catalogue| catalogue.browse(&question, page));
        sender.oneshot_command(async move { Part { list, offset, apps: answer.await } });
    }

    fn show(&self, other: &adw::StatusPage) {
        if let Some(old) = self.state.child_by_name("other") {
            self.state.remove(&old);
        }
        self.state.add_named(other, Some("other"));
        self.state.set_visible_child_name("other");
    }
}
