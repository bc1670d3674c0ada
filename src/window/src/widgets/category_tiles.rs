//! The coloured tiles that lead to categories.

use crate::category;
use crate::i18n::{gettext, ngettext_f};
use crate::widgets::set_label;
use relm4::gtk;
use relm4::gtk::prelude::*;
use std::cell::RefCell;
use strata_catalogue::{Category, List};

/// The coloured tiles.
#[derive(Clone, Debug)]
pub(crate) struct CategoryTiles {
    root: gtk::FlowBox,
    /// What the tiles are of.
    shown: RefCell<Vec<(Category, usize)>>,
}

impl CategoryTiles {
    /// No tiles yet.
    pub(crate) fn new() -> Self {
        let root = gtk::FlowBox::builder()
            .homogeneous(true)
            .selection_mode(gtk::SelectionMode::None)
            .row_spacing(12)
            .column_spacing(12)
            .min_children_per_line(8)
            .max_children_per_line(8)
            .css_classes(["category-tiles"])
            .build();
        set_label(&root, &gettext("Categories"));
        Self { root, shown: RefCell::default() }
    }

    /// The widget to put somewhere; its `*-children-per-line` follow the window's width.
    pub(crate) fn root(&self) -> &gtk::FlowBox {
        &self.root
    }

    /// Shows a tile for each category that has apps, and one for all apps.
    pub(crate) fn set(&self, categories: &[(Category, usize)]) {
        if self.root.first_child().is_some() && *self.shown.borrow() == categories {
            return;
        }
        self.shown.replace(categories.to_vec());
        self.root.remove_all();
        for category in Category::ALL {
            if let Some((_, count)) = categories.iter().find(|(known, _)| *known == category) {
                let spoken =
                    ngettext_f("{name}, {n} app", "{name}, {n} apps", *count, &[("name", &category::title(category))]);
                self.append(&List::Category(category), category.as_str(), category::icon(category), &spoken);
            }
        }
        self.append(&List::All, "all", "view-app-grid-symbolic", &category::list_title(&List::All));
    }

    fn append(&self, list: &List, class: &str, icon: &str, spoken: &str) {
        let image = gtk::Image::builder().icon_name(icon).pixel_size(20).build();
        image.set_accessible_role(gtk::AccessibleRole::Presentation);
        let label =
            gtk::Label::builder().label(category::list_title(list)).ellipsize(gtk::pango::EllipsizeMode::End).build();
        let line = gtk::Box::builder().spacing(9).halign(gtk::Align::Center).build();
        line.append(&image);
        line.append(&label);
        let button = gtk::Button::builder()
            .child(&line)
            .action_name("win.show-list")
            .action_target(&category::list_word(list).to_variant())
            .css_classes(["category-tile", class])
            .build();
        set_label(&button, spoken);
        let child = gtk::FlowBoxChild::builder().child(&button).focusable(false).build();
        self.root.append(&child);
    }
}
