//! Explore: the picks of today, categories, what is liked and what is new.

use crate::context::Context;
use crate::i18n::gettext;
use crate::live::Live;
use crate::marks;
use crate::pages::PageMsg;
use crate::reader::ReadError;
use crate::widgets::app_shelf::AppShelf;
use crate::widgets::category_tiles::CategoryTiles;
use crate::widgets::picks::{self, Pick, Picks};
use crate::widgets::{state_page, when_painted};
use relm4::adw::prelude::*;
use relm4::{Component, ComponentParts, ComponentSender, adw, gtk};
use std::time::{SystemTime, UNIX_EPOCH};
use strata_catalogue::{Catalogue, CatalogueError, Category, List, Page};
use strata_model::{AppSummary, Failure};

/// Tiles under each heading: two rows of a wide window.
const SHELF: usize = 8;
/// The lists that have a shelf, in their order. The first one is there where nobody says what the next two are.
const SHELVES: [List; 5] = [List::Suggested, List::Popular, List::Trending, List::New, List::RecentlyUpdated];

/// Shelves of which something is seen without scrolling; the others come when these are on the screen.
const SEEN: usize = 2;

/// The page.
#[derive(Debug)]
pub(crate) struct Explore {
    context: Context,
    live: Live,
    picks: Picks,
    tiles: CategoryTiles,
    shelves: [AppShelf; 5],
    /// What shelves are still to show, by their places.
    waiting: Vec<(usize, Vec<AppSummary>)>,
    state: gtk::Stack,
    shown: Option<Shown>,
}

/// What the page tells.
#[derive(Debug)]
pub(crate) enum ExploreOutput {
    /// There is something to look at, and be it that something is missing.
    Ready,
    /// The lists of apps were never read.
    NeedsLists,
}

/// What comes from elsewhere.
#[derive(Debug)]
pub(crate) enum ExploreCmd {
    /// The catalogue's answer.
    Read(Result<Content, ReadError>),
    /// What is seen is on the screen: time for another shelf.
    Rest,
}

/// What the page reads.
#[derive(Debug)]
pub(crate) struct Content {
    picks: Vec<Pick>,
    categories: Vec<(Category, usize)>,
    shelves: [Vec<AppSummary>; 5],
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
    type CommandOutput = ExploreCmd;
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
        let picks = Picks::new(context.images.clone());
        let shelves = SHELVES.each_ref().map(|list| AppShelf::new(context.clone(), list));
        let column = gtk::Box::builder().orientation(gtk::Orientation::Vertical).spacing(24).build();
        column.add_css_class("page");
        column.append(picks.root());
        column.append(tiles.root());
        for shelf in &shelves {
            column.append(shelf.root());
        }
        let clamp = adw::Clamp::builder().maximum_size(1240).tightening_threshold(1200).child(&column).build();
        let scrolled = gtk::ScrolledWindow::builder().hscrollbar_policy(gtk::PolicyType::Never).child(&clamp).build();
        let state = gtk::Stack::builder().transition_type(gtk::StackTransitionType::Crossfade).build();
        state.add_named(&scrolled, Some("apps"));
        root.set_child(Some(&state));
        let narrowest = follow_width(&root, tiles.root(), &shelves.each_ref().map(AppShelf::flow));
        if let Some(narrowest) = narrowest {
            picks.narrows(&narrowest);
        }
        let model =
            Self { context, live: Live::default(), picks, tiles, shelves, waiting: Vec::new(), state, shown: None };
        model.read(&sender);
        ComponentParts { model, widgets: () }
    }

    fn update(&mut self, message: PageMsg, sender: ComponentSender<Self>, _root: &Self::Root) {
        match message {
            PageMsg::Reload => self.read(&sender),
            PageMsg::Live(live) => {
                for shelf in &mut self.shelves {
                    shelf.live(&live);
                }
                self.live = live;
                if self.shown.as_ref().is_some_and(|shown| *shown != Shown::Apps) {
                    self.read(&sender);
                }
            }
        }
    }

    fn update_cmd(&mut self, command: ExploreCmd, sender: ComponentSender<Self>, _root: &Self::Root) {
        let content = match command {
            ExploreCmd::Read(content) => content,
            ExploreCmd::Rest => return self.show_rest(&sender),
        };
        let shown = match content {
            Ok(content) if !content.shelves.iter().all(Vec::is_empty) => {
                self.picks.set(content.picks);
                self.tiles.set(&content.categories);
                self.show_shelves(content.shelves, &sender);
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
        if self.shown.is_none() {
            // As above.
            let _ = sender.output(ExploreOutput::Ready);
        }
        self.show(shown);
    }
}

impl Explore {
    fn read(&self, sender: &ComponentSender<Self>) {
        let answer = self.context.reader.ask(read);
        sender.oneshot_command(async move { ExploreCmd::Read(answer.await) });
    }

    /// Those that are seen at once; those that had nothing to show before and come below wait.
    fn show_shelves(&mut self, shelves: [Vec<AppSummary>; 5], sender: &ComponentSender<Self>) {
        self.waiting.clear();
        let mut seen = 0;
        for (place, apps) in shelves.into_iter().enumerate() {
            seen += usize::from(!apps.is_empty());
            if seen <= SEEN || apps.is_empty() || !self.shelves[place].is_empty() {
                self.shelves[place].set(apps);
            } else {
                self.waiting.push((place, apps));
            }
        }
        self.rest_later(sender);
    }

    /// One shelf at a time, so that the window answers in between.
    fn show_rest(&mut self, sender: &ComponentSender<Self>) {
        if !self.waiting.is_empty() {
            let (place, apps) = self.waiting.remove(0);
            self.shelves[place].set(apps);
            self.rest_later(sender);
        }
    }

    fn rest_later(&self, sender: &ComponentSender<Self>) {
        if self.waiting.is_empty() {
            return;
        }
        let sender = sender.command_sender().clone();
        when_painted(&self.state, move || sender.emit(ExploreCmd::Rest));
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
            Shown::NoOrigins => Some(state_page::no_origins()),
            Shown::NoApps => Some(no_apps()),
            Shown::Failed(failure) => Some(state_page::failed(failure)),
        };
        match other {
            None => {
                self.state.set_visible_child_name("apps");
                marks::painted(&self.state, "explore");
            }
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
    let [suggested, popular, trending, new, updated] = SHELVES.each_ref().map(|list| catalogue.browse(list, first));
    let (mut suggested, mut popular, mut trending) = (suggested?, popular?, trending?);
    let known = catalogue.knows_popularity()?;
    if known {
        suggested.clear();
    } else {
        popular.clear();
    }
    if !known || !says_more(&trending, &popular) {
        trending.clear();
    }
    let shelves = [suggested, popular, trending, new?, updated?];
    Ok(Content { picks: picks_of_today(catalogue)?, categories: catalogue.categories()?, shelves })
}

/// Whether a list has an app that the other one has not.
fn says_more(list: &[AppSummary], other: &[AppSummary]) -> bool {
    list.iter().any(|app| !other.iter().any(|known| known.id == app.id))
}

fn picks_of_today(catalogue: &Catalogue) -> Result<Vec<Pick>, CatalogueError> {
    // A clock before 1970 draws for the first day.
    let day = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_secs() / 86_400);
    let apps = catalogue.browse(&List::Picks { day }, Page { offset: 0, limit: picks::MOST })?;
    let pick = |app: AppSummary| {
        let branding = catalogue.app(&app.id)?.map(|whole| whole.branding).unwrap_or_default();
        Ok(Pick { app, branding })
    };
    apps.into_iter().map(pick).collect()
}

/// Why there is nothing to show, as far as the engine knows; otherwise it is still on its way.
fn nothing(live: &Live, otherwise: Shown) -> Shown {
    match live.why_no_catalogue() {
        Some(failure) => Shown::Failed(failure.clone()),
        None if live.snapshot.is_none() || live.is_reading() => Shown::Loading,
        None if live.has_no_origins() => Shown::NoOrigins,
        None => otherwise,
    }
}

fn no_apps() -> adw::StatusPage {
    let words = gettext("The lists of apps are empty. Perhaps they were never read.");
    let page = state_page::empty("folder-download-symbolic", &gettext("No Apps"), &words);
    state_page::with_button(page, &gettext("Refresh"), "win.refresh")
}

/// Eight category tiles and four apps in a row of a wide window, two and one on a telephone. Gives the last breakpoint,
/// that of a telephone.
pub(crate) fn follow_width(
    bin: &adw::BreakpointBin,
    categories: &gtk::FlowBox,
    shelves: &[&gtk::FlowBox],
) -> Option<adw::Breakpoint> {
    let mut last = None;
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
        bin.add_breakpoint(breakpoint.clone());
        last = Some(breakpoint);
    }
    last
}

#[cfg(test)]
mod tests {
    use super::*;
    use strata_model::AppId;

    #[test]
    fn a_list_that_says_nothing_more_is_left_out() {
        let list = |ids: &[&str]| -> Vec<AppSummary> {
            ids.iter().map(|id| AppSummary::new(AppId::new(id).unwrap())).collect()
        };
        let popular = list(&["a.b.C", "a.b.D"]);
        let cases: [(&[&str], bool, &str); 4] = [
            (&[], false, "nothing at all"),
            (&["a.b.D", "a.b.C"], false, "the same in another order"),
            (&["a.b.D"], false, "a part of it"),
            (&["a.b.C", "a.b.E"], true, "another one"),
        ];
        for (ids, expected, reason) in cases {
            assert_eq!(says_more(&list(ids), &popular), expected, "{reason}");
        }
    }
}
