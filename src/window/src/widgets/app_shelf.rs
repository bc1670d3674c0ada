//! A few tiles under a heading. A `GtkGridView` knows its height only where it scrolls by itself; a shelf stands in a
//! page that scrolls as a whole, and is short.

use crate::category;
use crate::context::Context;
use crate::i18n::{gettext, gettext_f};
use crate::live::{Key, Live};
use crate::observed::Observed;
use crate::widgets::app_tile::{AppTile, Widgets, empty_tile};
use crate::widgets::{set_label, text_button};
use relm4::gtk;
use relm4::gtk::prelude::*;
use relm4::typed_view::grid::RelmGridItem;
use strata_catalogue::List;
use strata_model::AppSummary;

/// A heading, a way to see the whole list, and the first tiles of it.
#[derive(Debug)]
pub(crate) struct AppShelf {
    context: Context,
    live: Live,
    root: gtk::Box,
    all: gtk::Button,
    flow: gtk::FlowBox,
    tiles: Vec<(AppTile, Widgets)>,
}

impl AppShelf {
    /// A shelf that is hidden until it has tiles.
    pub(crate) fn new(context: Context, list: &List) -> Self {
        Self::titled(context, list, &category::list_title(list))
    }

    /// The same under a heading of its own.
    pub(crate) fn titled(context: Context, list: &List, title: &str) -> Self {
        let heading =
            gtk::Label::builder().label(title).xalign(0.0).hexpand(true).wrap(true).css_classes(["title-4"]).build();
        let all = text_button(&gettext("See All"), &gettext_f("See all of {list}", &[("list", title)]));
        all.add_css_class("flat");
        all.set_action_target_value(Some(&category::list_word(list).to_variant()));
        all.set_action_name(Some("win.show-list"));
        let line = gtk::Box::builder().spacing(12).build();
        line.append(&heading);
        line.append(&all);
        let flow = gtk::FlowBox::builder()
            .homogeneous(true)
            .selection_mode(gtk::SelectionMode::None)
            .row_spacing(12)
            .column_spacing(12)
            .min_children_per_line(4)
            .max_children_per_line(4)
            .css_classes(["shelf"])
            .build();
        set_label(&flow, title);
        let root = gtk::Box::builder().orientation(gtk::Orientation::Vertical).spacing(12).visible(false).build();
        root.append(&line);
        root.append(&flow);
        Self { context, live: Live::default(), root, all, flow, tiles: Vec::new() }
    }

    /// The widget to put somewhere.
    pub(crate) fn root(&self) -> &gtk::Box {
        &self.root
    }

    /// The tiles; their number in a row follows the window's width.
    pub(crate) fn flow(&self) -> &gtk::FlowBox {
        &self.flow
    }

    /// Shows the first of these apps, and a way to see all where there are more.
    pub(crate) fn set_first(&mut self, mut apps: Vec<AppSummary>, most: usize) {
        self.all.set_visible(apps.len() > most);
        apps.truncate(most);
        self.set(apps);
    }

    /// Shows these apps. What is shown already stays untouched.
    pub(crate) fn set(&mut self, apps: Vec<AppSummary>) {
        if self.tiles.iter().map(|(tile, _)| &tile.app).eq(&apps) {
            return;
        }
        self.flow.remove_all();
        self.tiles.clear();
        for app in apps {
            let state = Observed::new(self.live.state(&Key::App(app.id.clone())));
            let mut tile = AppTile { app, state, images: self.context.images.clone() };
            let (mut button, mut widgets) = empty_tile();
            tile.bind(&mut widgets, &mut button);
            let child = gtk::FlowBoxChild::builder().child(&button).focusable(false).build();
            self.flow.append(&child);
            self.tiles.push((tile, widgets));
        }
        self.root.set_visible(!self.tiles.is_empty());
    }

    /// Nothing is shown.
    pub(crate) fn is_empty(&self) -> bool {
        self.tiles.is_empty()
    }

    /// Shows how the apps are now.
    pub(crate) fn live(&mut self, live: &Live) {
        self.live = live.clone();
        for (tile, _) in &self.tiles {
            tile.state.set(live.state(&Key::App(tile.app.id.clone())));
        }
    }
}
