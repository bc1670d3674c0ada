//! A grid of tiles: as many to a row as fit, made only for what is on screen.

use crate::context::Context;
use crate::live::{Key, Live};
use crate::observed::Observed;
use crate::widgets::app_tile::AppTile;
use crate::widgets::in_steps::InSteps;
use relm4::gtk;
use relm4::gtk::prelude::*;
use relm4::typed_view::grid::TypedGridView;
use strata_model::AppSummary;

/// Tiles that are made at once: what a window of usual size shows.
const AT_ONCE: u32 = 32;
/// Tiles that are made at a time after that.
const STEP: u32 = 8;

/// A grid of tiles.
#[derive(Debug)]
pub(crate) struct AppGrid {
    context: Context,
    live: Live,
    view: gtk::GridView,
    tiles: InSteps<AppTile>,
}

impl AppGrid {
    /// An empty grid.
    pub(crate) fn new(context: Context) -> Self {
        let grid: TypedGridView<AppTile, gtk::NoSelection> = TypedGridView::new();
        grid.view.set_min_columns(1);
        grid.view.set_max_columns(4);
        grid.view.set_tab_behavior(gtk::ListTabBehavior::All);
        grid.view.add_css_class("app-grid");
        let tiles = InSteps::new(&grid.view, &grid.selection_model, AT_ONCE, STEP);
        Self { context, live: Live::default(), view: grid.view, tiles }
    }

    /// The widget to put somewhere.
    pub(crate) fn view(&self) -> &gtk::GridView {
        &self.view
    }

    /// Shows these apps. What is shown already stays untouched.
    pub(crate) fn set(&mut self, apps: Vec<AppSummary>) {
        let same = |at: u32, app: &AppSummary| self.tiles.ask(at, |tile| tile.app == *app) == Some(true);
        let kept = (0..).zip(&apps).take_while(|(at, app)| same(*at, app)).count();
        let kept_tiles = u32::try_from(kept).unwrap_or(u32::MAX);
        if kept < apps.len() || kept_tiles < self.tiles.len() {
            self.replace(kept_tiles, apps.into_iter().skip(kept));
        }
    }

    /// How many apps it shows.
    pub(crate) fn len(&self) -> usize {
        self.tiles.len() as usize
    }

    /// Empties it for another list.
    pub(crate) fn begin_anew(&mut self) {
        self.tiles.begin_anew();
        self.set(Vec::new());
    }

    /// Shows these apps after the others.
    pub(crate) fn append(&mut self, apps: Vec<AppSummary>) {
        self.replace(self.tiles.len(), apps);
    }

    fn replace(&self, kept: u32, apps: impl IntoIterator<Item = AppSummary>) {
        let (context, live) = (&self.context, &self.live);
        self.tiles.replace(
            kept,
            apps.into_iter().map(|app| {
                let state = Observed::new(live.state(&Key::App(app.id.clone())));
                AppTile { app, state, images: context.images.clone() }
            }),
        );
    }

    /// Shows how the apps are now.
    pub(crate) fn live(&mut self, live: &Live) {
        let same = self.live.same_places(live);
        self.live = live.clone();
        if same {
            return;
        }
        for (id, state) in self.tiles.all(|tile| (tile.app.id.clone(), tile.state.clone())) {
            state.set(live.state(&Key::App(id)));
        }
    }
}
