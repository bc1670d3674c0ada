//! Apps that stand near this one: like it, or by the same developer.

use crate::context::Context;
use crate::i18n::gettext_f;
use crate::live::Live;
use crate::widgets::app_shelf::AppShelf;
use relm4::adw::prelude::*;
use relm4::{adw, gtk};
use strata_catalogue::{Catalogue, CatalogueError, List, Page};
use strata_model::{App, AppId, AppSummary};

/// Tiles of one shelf.
const SHELF: usize = 4;

/// What the catalogue has near an app.
#[derive(Debug)]
pub(crate) struct Near {
    similar: Vec<AppSummary>,
    developer: Vec<AppSummary>,
}

impl Near {
    /// Asks the catalogue, for one app more than is shown: whether there are more is to be seen.
    pub(super) fn read(catalogue: &Catalogue, id: &AppId, developer: &str) -> Result<Self, CatalogueError> {
        let similar = catalogue.browse(&List::Similar(id.clone()), Page { offset: 0, limit: SHELF + 1 })?;
        let developer = if developer.is_empty() {
            Vec::new()
        } else {
            let own = Page { offset: 0, limit: SHELF + 2 };
            let mut apps = catalogue.browse(&List::Developer(developer.to_owned()), own)?;
            apps.retain(|app| app.id != *id);
            apps
        };
        Ok(Self { similar, developer })
    }
}

/// The shelves at the end of the page.
#[derive(Debug)]
pub(super) struct Shelves {
    similar: AppShelf,
    developer: AppShelf,
}

impl Shelves {
    /// Hidden until there is something on them.
    pub(super) fn new(app: &App, context: &Context) -> Self {
        let name = &app.head.developer;
        let more = gettext_f("More by {name}", &[("name", name)]);
        let similar = AppShelf::new(context.clone(), &List::Similar(app.head.id.clone()));
        let developer = AppShelf::titled(context.clone(), &List::Developer(name.clone()), &more);
        for shelf in [&similar, &developer] {
            shelf.flow().set_min_children_per_line(2);
            shelf.flow().set_max_children_per_line(2);
        }
        Self { similar, developer }
    }

    /// The widgets to put somewhere, in their order.
    pub(super) fn roots(&self) -> [&gtk::Box; 2] {
        [self.similar.root(), self.developer.root()]
    }

    /// One below the other where there is little room.
    pub(super) fn narrows(&self, breakpoint: &adw::Breakpoint) {
        for shelf in [&self.similar, &self.developer] {
            for property in ["min-children-per-line", "max-children-per-line"] {
                breakpoint.add_setter(shelf.flow(), property, Some(&1_u32.to_value()));
            }
        }
    }

    /// Shows what was found.
    pub(super) fn set(&mut self, near: Near) {
        self.similar.set_first(near.similar, SHELF);
        self.developer.set_first(near.developer, SHELF);
    }

    /// Shows how the apps are now.
    pub(super) fn live(&mut self, live: &Live) {
        self.similar.live(live);
        self.developer.live(live);
    }
}
