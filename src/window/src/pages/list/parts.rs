//! The parts of a tile, as chips above its apps. They wrap where there is room, and scroll sideways on a telephone.

use crate::category;
use crate::i18n::{gettext, ngettext_f};
use crate::widgets::chip::chip;
use crate::widgets::set_label;
use relm4::adw::prelude::*;
use relm4::gtk::{gio, glib};
use relm4::{adw, gtk};
use strata_catalogue::{Category, List, Subcategory};

/// The name under which the page's action is found.
const GROUP: &str = "list";

/// The chips.
#[derive(Debug)]
pub(super) struct Parts {
    root: adw::Clamp,
    chips: adw::WrapBox,
    row: gtk::ScrolledWindow,
    chosen: gio::SimpleAction,
    shown: Option<(Category, Vec<(Subcategory, usize)>)>,
}

impl Parts {
    /// Hidden until there are parts. `show` hears which list was chosen.
    pub(super) fn new(page: &impl IsA<gtk::Widget>, show: impl Fn(List) + 'static) -> Self {
        let chips = adw::WrapBox::builder().child_spacing(6).line_spacing(6).build();
        set_label(&chips, &gettext("Parts"));
        let row = gtk::ScrolledWindow::builder().vscrollbar_policy(gtk::PolicyType::Never).build();
        row.set_hscrollbar_policy(gtk::PolicyType::External);
        let root =
            adw::Clamp::builder().maximum_size(1240).tightening_threshold(1200).child(&chips).visible(false).build();
        root.add_css_class("above");
        let chosen = gio::SimpleAction::new_stateful("part", Some(glib::VariantTy::STRING), &"".to_variant());
        chosen.connect_activate(move |chosen, word| {
            let list = word.and_then(glib::Variant::str).and_then(category::list_from_word);
            if let (Some(word), Some(list)) = (word, list) {
                chosen.set_state(word);
                show(list);
            }
        });
        let group = gio::SimpleActionGroup::new();
        group.add_action(&chosen);
        page.upcast_ref::<gtk::Widget>().insert_action_group(GROUP, Some(&group));
        Self { root, chips, row, chosen, shown: None }
    }

    /// The widget to put somewhere.
    pub(super) fn root(&self) -> &adw::Clamp {
        &self.root
    }

    /// One line that scrolls, where many lines would leave no room for apps.
    pub(super) fn narrows(&self, breakpoint: &adw::Breakpoint) {
        let parts = || (self.root.clone(), self.row.clone(), self.chips.clone());
        let (root, row, chips) = parts();
        breakpoint.connect_apply(move |_| {
            root.set_child(Some(&row));
            let viewport = gtk::Viewport::builder().child(&chips).scroll_to_focus(true).build();
            viewport.set_hscroll_policy(gtk::ScrollablePolicy::Natural);
            row.set_child(Some(&viewport));
        });
        let (root, row, chips) = parts();
        breakpoint.connect_unapply(move |_| {
            if let Some(viewport) = row.child().and_downcast::<gtk::Viewport>() {
                viewport.set_child(gtk::Widget::NONE);
            }
            row.set_child(gtk::Widget::NONE);
            root.set_child(Some(&chips));
        });
    }

    /// The list that is shown; chips of another tile go at once.
    pub(super) fn choose(&mut self, list: &List) {
        if self.shown.as_ref().map(|(tile, _)| *tile) != tile(list) {
            self.root.set_visible(false);
            self.shown = None;
        }
        self.chosen.set_state(&category::list_word(list).to_variant());
    }

    /// Shows a chip for every part, and one for all of them before.
    pub(super) fn set(&mut self, tile: Category, parts: Vec<(Subcategory, usize)>) {
        if self.shown.as_ref().is_some_and(|(known, shown)| *known == tile && *shown == parts) {
            return;
        }
        while let Some(old) = self.chips.first_child() {
            self.chips.remove(&old);
        }
        let action = format!("{GROUP}.part");
        let all = gettext("All");
        self.chips.append(&chip(&all, &all, &action, Some(&category::list_word(&List::Category(tile)))));
        for (part, count) in &parts {
            let name = gettext(part.label());
            let spoken = ngettext_f("{name}, {n} app", "{name}, {n} apps", *count, &[("name", &name)]);
            let word = category::list_word(&List::Subcategory(tile, *part));
            self.chips.append(&chip(&name, &spoken, &action, Some(&word)));
        }
        self.row.hadjustment().set_value(0.0);
        self.root.set_visible(!parts.is_empty());
        self.shown = Some((tile, parts));
    }
}

/// The tile that a list belongs to.
pub(super) fn tile(list: &List) -> Option<Category> {
    match list {
        List::Category(tile) | List::Subcategory(tile, _) => Some(*tile),
        _ => None,
    }
}
