//! Explore: categories, and what is new.

use crate::context::Context;
use crate::i18n::gettext;
use crate::live::Live;
use crate::pages::PageMsg;
use crate::reader::ReadError;
use crate::widgets::app_shelf::AppShelf;
use crate::widgets::category_tiles::CategoryTiles;
use crate::widgets::state_page;
use relm4::adw::prelude::*;
use relm4::{Component, ComponentParts, ComponentSender, adw, gtk};
use strata_catalogue::{Catalogue, CatalogueError, Category, List, Page};
use strata_model::{AppSummary, Failure};

/// Tiles under each heading: three rows of a wide window.
const SHELF: usize = 12;

/// The page.
#[derive(Debug)]
pub(crate) struct Explore {
    context: Context,
    live: Live,
    tiles: CategoryTiles,
    new: AppShelf,
    updated: AppShelf,
    state: gtk::Stack,
    shown: Option<Shown>,
}

/// What the page tells.
#[derive(Debug)]
pub(crate) enum ExploreOutput {
    /// The lists of apps were never read.
    NeedsLists,
}

/// What the page reads.
#[derive(Debug)]
pub(crate) struct Content {
    categories: Vec<(Category, usize)>,
    new: Vec<AppSummary>,
    updated: Vec<AppSummary>,
}

/// What is on the page instead of apps.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Shown {
    Apps,
    Loading,
    NoOrigins,
    NoApps,
    Failed(Failure),
}

impl Component for Explore {
    type CommandOutput = Result<Content, ReadError>;
    type Input = PageMsg;
    type Output = ExploreOutput;
    type Init = Context;
    type Root = adw::BreakpointBin;
    type Widgets = ();

    fn init_root() -> Self::Root {
        adw::BreakpointBin::builder().width_request(320).height_request(200).build()
    }

    fn init(context: Context, root: Self::Root, sender: ComponentSender<Self>) -> ComponentParts<Self> {
        let tiles = CategoryTiles::new();
        let new = AppShelf::new(context.clone(), &List::New);
        let updated = AppShelf::new(context.clone(), &List::RecentlyUpdated);
        let column = gtk::Box::builder().orientation(gtk::Orientation::Vertical).spacing(24).build();
        column.add_css_class("page");
        column.append(tiles.root());
        column.append(new.root());
        column.append(updated.root());
        let clamp = adw::Clamp::builder().maximum_size(1240).tightening_threshold(1200).child(&column).build();
        let scrolled = gtk::ScrolledWindow::builder().hscrollbar_policy(gtk::PolicyType::Never).child(&clamp).build();
        let state = gtk::Stack::builder().transition_type(gtk::StackTransitionType::Crossfade).build();
        state.add_named(&scrolled, Some("apps"));
        root.set_child(Some(&state));
        follow_width(&root, tiles.root(), &[new.flow(), updated.flow()]);
        let model = Self { context, live: Live::default(), tiles, new, updated, state, shown: None };
        model.read(&sender);
        ComponentParts { model, widgets: () }
    }

    fn update(&mut self, message: PageMsg, sender: ComponentSender<Self>, _root: &Self::Root) {
        match message {
            PageMsg::Reload => self.read(&sender),
            PageMsg::Live(live) => {
                self.new.live(&live);
                self.updated.live(&live);
                self.live = live;
                if self.shown.as_ref().is_some_and(|shown| *shown != Shown::Apps) {
                    self.read(&sender);
                }
            }
        }
    }

    fn update_cmd(&mut self, content: Self::CommandOutput, sender: ComponentSender<Self>, _root: &Self::Root) {
        let shown = match content {
            Ok(content) if !content.updated.is_empty() => {
                self.tiles.set(&content.categories);
                self.new.set(content.new);
                self.updated.set(content.updated);
                Shown::Apps
            }
            Ok(_) => nothing(&self.live, Shown::NoApps),
            Err(ReadError::NotBuilt) => nothing(&self.live, Shown::Loading),
            Err(ReadError::Failed(failure)) => Shown::Failed(failure),
        };
        let never = self.live.snapshot.as_ref().is_some_and(|snapshot| snapshot.checked == 0);
        if shown == Shown::NoApps && never {
            // Without the window there is nobody to read them for.
            let _ = sender.output(ExploreOutput::NeedsLists);
        }
        self.show(shown);
    }
}

impl Explore {
    fn read(&self, sender: &ComponentSender<Self>) {
        sender.oneshot_command(self.context.reader.ask(read));
    }

    fn show(&mut self, shown: Shown) {
        if self.shown.as_ref() == Some(&shown) {
            return;
        }
        if let Some(old) = self.state.child_by_name("other") {
            self.state.remove(&old);
        }
        let other = match &shown {
            Shown::Apps => None,
            Shown::Loading => Some(state_page::loading(&gettext("Reading the lists of apps…"))),
            Shown::NoOrigins => Some(no_origins()),
            Shown::NoApps => Some(no_apps()),
            Shown::Failed(failure) => Some(state_page::failed(failure)),
        };
        match other {
            None => self.state.set_visible_child_name("apps"),
            Some(other) => {
                self.state.add_named(&other, Some("other"));
                self.state.set_visible_child_name("other");
            }
        }
        self.shown = Some(shown);
    }
}

fn read(catalogue: &Catalogue) -> Result<Content, CatalogueError> {
    let first = Page { offset: 0, limit: SHELF };
    let new = catalogue.browse(&List::New, first)?;
    let updated = catalogue.browse(&List::RecentlyUpdated, first)?;
    Ok(Content { categories: catalogue.categories()?, new, updated })
}

/// Why there is nothing to show, as far as the engine knows; otherwise it is still on its way.
fn nothing(live: &Live, otherwise: Shown) -> Shown {
    let Some(snapshot) = &live.snapshot else {
        return live.lost.clone().map_or(Shown::Loading, Shown::Failed);
    };
    if snapshot.catalogue.building || live.refreshing() {
        Shown::Loading
    } else if let Some(failure) = &snapshot.catalogue.failure {
        Shown::Failed(failure.clone())
    } else if live.installed().is_some() && !snapshot.origins.iter().any(|origin| origin.listed) {
        Shown::NoOrigins
    } else {
        otherwise
    }
}

fn no_origins() -> adw::StatusPage {
    let words = gettext("No place to get apps from is set up. Flathub has some thousands of them, for every desktop.");
    let page = state_page::empty("folder-download-symbolic", &gettext("Nowhere to Get Apps From"), &words);
    state_page::with_button(page, &gettext("Add Flathub"), "win.add-flathub")
}

fn no_apps() -> adw::StatusPage {
    let words = gettext("The lists of apps are empty. Perhaps they were never read.");
    let page = state_page::empty("folder-download-symbolic", &gettext("No Apps"), &words);
    state_page::with_button(page, &gettext("Refresh"), "win.refresh")
}

/// Eight category tiles and four apps in a row of a wide window, two and one on a telephone.
pub(crate) fn follow_width(bin: &adw::BreakpointBin, categories: &gtk::FlowBox, shelves: &[&gtk::FlowBox]) {
    for (width, many, few) in [(1150.0, 4_u32, 3_u32), (860.0, 4, 2), (560.0, 2, 1)] {
        let condition = adw::BreakpointCondition::new_length(
            adw::BreakpointConditionLengthType::MaxWidth,
            width,
            adw::LengthUnit::Px,
        );
        let breakpoint = adw::Breakpoint::new(condition);
        let shelves = shelves.iter().map(|shelf| (*shelf, few));
        for (flow, columns) in [(categories, many)].into_iter().chain(shelves) {
            breakpoint.add_setter(flow, "min-children-per-line", Some(&columns.to_value()));
            breakpoint.add_setter(flow, "max-children-per-line", Some(&columns.to_value()));
        }
        bin.add_breakpoint(breakpoint);
    }
}
