//! One list of apps, whole.

mod parts;

use crate::category;
use crate::context::Context;
use crate::live::Live;
use crate::reader::ReadError;
use crate::widgets::app_grid::AppGrid;
use crate::widgets::{set_label, state_page};
use parts::Parts;
use relm4::adw::prelude::*;
use relm4::{Component, ComponentParts, ComponentSender, adw, gtk};
use strata_catalogue::{Category, List, Page, Subcategory};
use strata_model::AppSummary;

/// Apps read at once.
const PART: usize = 200;

/// The page.
#[derive(Debug)]
pub(crate) struct ListPage {
    context: Context,
    live: Live,
    list: Option<List>,
    parts: Parts,
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

/// An answer of the catalogue.
#[derive(Debug)]
pub(crate) enum Answer {
    /// Some apps of a list, and how many come before.
    Apps(List, usize, Result<Vec<AppSummary>, ReadError>),
    /// The parts of a tile.
    Parts(Category, Result<Vec<(Subcategory, usize)>, ReadError>),
}

impl Component for ListPage {
    type CommandOutput = Answer;
    type Input = ListMsg;
    type Output = ();
    type Init = Context;
    type Root = adw::NavigationPage;
    type Widgets = ();

    fn init_root() -> Self::Root {
        adw::NavigationPage::builder().tag("list").title("…").build()
    }

    fn init(context: Context, root: Self::Root, sender: ComponentSender<Self>) -> ComponentParts<Self> {
        let grid = AppGrid::new(context.clone());
        grid.view().add_css_class("page");
        let clamp = adw::ClampScrollable::builder().maximum_size(1240).tightening_threshold(1200).build();
        clamp.set_child(Some(grid.view()));
        let scrolled = gtk::ScrolledWindow::builder().hscrollbar_policy(gtk::PolicyType::Never).child(&clamp).build();
        let state = gtk::Stack::new();
        state.add_named(&scrolled, Some("apps"));
        state.set_vexpand(true);
        let input = sender.input_sender().clone();
        let parts = Parts::new(&root, move |list| input.emit(ListMsg::Show(list)));
        let column = gtk::Box::builder().orientation(gtk::Orientation::Vertical).build();
        column.append(parts.root());
        column.append(&state);
        let view = adw::ToolbarView::builder().content(&following_width(&column, &parts)).build();
        view.add_top_bar(&adw::HeaderBar::new());
        root.set_child(Some(&view));
        ComponentParts { model: Self { context, live: Live::default(), list: None, parts, grid, state }, widgets: () }
    }

    fn update(&mut self, message: ListMsg, sender: ComponentSender<Self>, root: &Self::Root) {
        match message {
            ListMsg::Show(list) => {
                root.set_title(&parts::tile(&list).map_or_else(|| category::list_title(&list), category::title));
                set_label(self.grid.view(), &category::list_title(&list));
                if self.list.as_ref() != Some(&list) {
                    self.grid.begin_anew();
                }
                self.parts.choose(&list);
                self.read_parts(&list, &sender);
                self.read(list, 0, &sender);
            }
            ListMsg::Reload => {
                if let Some(list) = self.list.clone() {
                    self.read_parts(&list, &sender);
                    self.read(list, 0, &sender);
                }
            }
            ListMsg::Live(live) => {
                self.grid.live(&live);
                let is_news = self.live.why_no_catalogue() != live.why_no_catalogue();
                self.live = live;
                if is_news && self.state.visible_child_name().as_deref() == Some("other") {
                    sender.input(ListMsg::Reload);
                }
            }
        }
    }

    fn update_cmd(&mut self, answer: Answer, sender: ComponentSender<Self>, _root: &Self::Root) {
        match answer {
            Answer::Apps(list, offset, apps) if self.list.as_ref() == Some(&list) => {
                self.show_apps(list, offset, apps, &sender);
            }
            Answer::Parts(tile, Ok(parts)) if self.list.as_ref().and_then(parts::tile) == Some(tile) => {
                self.parts.set(tile, parts);
            }
            Answer::Apps(..) | Answer::Parts(..) => {}
        }
    }
}

impl ListPage {
    fn read(&mut self, list: List, offset: usize, sender: &ComponentSender<Self>) {
        self.list = Some(list.clone());
        let question = list.clone();
        let page = Page { offset, limit: PART };
        let answer = self.context.reader.ask(move |catalogue| catalogue.browse(&question, page));
        sender.oneshot_command(async move { Answer::Apps(list, offset, answer.await) });
    }

    fn read_parts(&self, list: &List, sender: &ComponentSender<Self>) {
        if let Some(tile) = parts::tile(list) {
            let answer = self.context.reader.ask(move |catalogue| catalogue.subcategories(tile));
            sender.oneshot_command(async move { Answer::Parts(tile, answer.await) });
        }
    }

    fn show_apps(
        &mut self,
        list: List,
        offset: usize,
        apps: Result<Vec<AppSummary>, ReadError>,
        sender: &ComponentSender<Self>,
    ) {
        match apps {
            // The catalogue was read anew meanwhile, and the list with it.
            Ok(_) if offset > 0 && offset != self.grid.len() => {}
            Ok(apps) => {
                let full = apps.len() == PART;
                if offset == 0 {
                    self.grid.set(apps);
                } else {
                    self.grid.append(apps);
                }
                if full {
                    self.read(list, offset + PART, sender);
                }
                self.state.set_visible_child_name("apps");
            }
            Err(ReadError::NotBuilt) => self.show(&state_page::no_catalogue(&self.live)),
            Err(ReadError::Failed(failure)) => self.show(&state_page::failed(&failure)),
        }
    }

    fn show(&self, other: &adw::StatusPage) {
        if let Some(old) = self.state.child_by_name("other") {
            self.state.remove(&old);
        }
        self.state.add_named(other, Some("other"));
        self.state.set_visible_child_name("other");
    }
}

fn following_width(column: &gtk::Box, parts: &Parts) -> adw::BreakpointBin {
    let bin = adw::BreakpointBin::builder().width_request(320).height_request(200).child(column).build();
    let breakpoint = adw::Breakpoint::new(adw::BreakpointCondition::new_length(
        adw::BreakpointConditionLengthType::MaxWidth,
        600.0,
        adw::LengthUnit::Px,
    ));
    parts.narrows(&breakpoint);
    bin.add_breakpoint(breakpoint);
    bin
}
