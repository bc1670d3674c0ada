//! A grid of tiles: as many to a row as fit, made only for what is on screen.

use crate::context::Context;
use crate::live::{Key, Live};
use crate::observed::Observed;
use crate::widgets::app_tile::AppTile;
use relm4::gtk;
use relm4::gtk::prelude::*;
use relm4::typed_view::grid::TypedGridView;
use strata_model::AppSummary;

/// A grid of tiles.
#[derive(Debug)]
pub(crate) struct AppGrid {
    context: Context,
    live: Live,
    grid: TypedGridView<AppTile, gtk::NoSelection>,
}

impl AppGrid {
    /// An empty grid.
    pub(crate) fn new(context: Context) -> Self {
        let grid: TypedGridView<AppTile, gtk::NoSelection> = TypedGridView::new();
        grid.view.set_min_columns(1);
        grid.view.set_max_columns(4);
        grid.view.set_tab_behavior(gtk::ListTabBehavior::All);
        grid.view.add_css_class("app-grid");
        Self { context, live: Live::default(), grid }
    }

    /// The widget to put somewhere.
    pub(crate) fn view(&self) -> &gtk::GridView {
        &self.grid.view
    }

    /// Shows these apps. What is shown already stays untouched.
    pub(crate) fn set(&mut self, apps: Vec<AppSummary>) {
        let same = self.grid.len() as usize == apps.len()
            && (0..).zip(&apps).all(|(at, app)| self.grid.get(at).is_some_and(|item| item.borrow().app == *app));
        if same {
            return;
        }
        self.grid.clear();
        self.append(apps);
    }

    /// Shows these apps after the others.
    pub(crate) fn append(&mut self, apps: Vec<AppSummary>) {
        let (context, live) = (&self.context, &self.live);
        self.grid.extend_from_iter(apps.into_iter().map(|app| {
            let state = Observed::new(live.state(&Key::App(app.id.clone())));
            AppTile { app, state, images: context.images.clone() }
        }));
    }

    /// Shows how the apps are now.
    pub(crate) fn live(&mut self, live: &Live) {
        let same = self.live.same_places(live);
        self.live = live.clone();
        if same {
            return;
        }
        for at in 0..self.grid.len() {
            if let Some(item) = self.grid.get(at) {
                let (key, state) = {
                    let tile = item.borrow();
                    (Key::App(tile.app.id.clone()), tile.state.clone())
                };
                state.set(live.state(&key));
            }
        }
    }
}
