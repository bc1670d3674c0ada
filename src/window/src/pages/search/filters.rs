//! The chips that narrow a search. What is chosen is the state of actions, so that chips, menu and "Clear Filters" take
//! the same way.

use crate::category;
use crate::i18n::gettext;
use crate::sentence;
use crate::widgets::chip::chip;
use crate::widgets::set_label;
use relm4::adw::prelude::*;
use relm4::gtk::{gio, glib};
use relm4::{adw, gtk};
use strata_catalogue::{Catalogue, CatalogueError, Category, Filter, List, Page};
use strata_model::{AppId, Installed, PartKind, SourceKind};

/// The name under which the page's actions are found.
const GROUP: &str = "filter";
/// The action that takes every filter off.
pub(super) const CLEAR: &str = "filter.clear";
/// Every source, in the order of their chips.
const SOURCES: [SourceKind; 3] = [SourceKind::Flatpak, SourceKind::AppImage, SourceKind::Package];

/// What the catalogue holds that a search can be narrowed to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Kinds {
    /// The tiles that hold apps, and how many each.
    categories: Vec<(Category, usize)>,
    sources: Vec<SourceKind>,
    verified: bool,
    free: bool,
    phone: bool,
}

/// What a person narrows the search to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Chosen {
    /// Whatever does not depend on what is installed.
    filter: Filter,
    installed: bool,
}

/// The chips.
#[derive(Debug)]
pub(super) struct Filters {
    root: adw::Clamp,
    chips: adw::WrapBox,
    actions: gio::SimpleActionGroup,
    category: gtk::MenuButton,
    shown: Kinds,
}

impl Kinds {
    /// Asks the catalogue.
    pub(super) fn read(catalogue: &Catalogue) -> Result<Self, CatalogueError> {
        let any = |filter: Filter| {
            let first = Page { offset: 0, limit: 1 };
            catalogue.browse_narrowed(&List::All, &filter, first).map(|apps| !apps.is_empty())
        };
        let mut sources = Vec::new();
        for source in SOURCES {
            if any(Filter { source: Some(source), ..Filter::default() })? {
                sources.push(source);
            }
        }
        Ok(Self {
            categories: catalogue.categories()?,
            sources,
            verified: any(Filter { verified: true, ..Filter::default() })?,
            free: any(Filter { free: true, ..Filter::default() })?,
            phone: any(Filter { phone: true, ..Filter::default() })?,
        })
    }

    /// What can be switched on and off: the action, and the chip's words.
    fn switches(&self) -> Vec<(&'static str, String)> {
        let all = [
            (self.verified, "verified", gettext("Verified")),
            (self.free, "free", gettext("Free Software")),
            (self.phone, "phone", gettext("Fits a Phone")),
            (true, "installed", gettext("Installed")),
        ];
        all.into_iter().filter(|(there, ..)| *there).map(|(_, name, words)| (name, words)).collect()
    }
}

impl Chosen {
    /// Nothing is chosen.
    pub(super) fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Packages that no list of apps has may be among what is looked for: nothing is known of them that could be chosen.
    pub(super) fn takes_packages(&self) -> bool {
        let package = Filter { source: Some(SourceKind::Package), ..Filter::default() };
        !self.installed && (self.filter == Filter::default() || self.filter == package)
    }

    /// Only installed apps are looked for.
    pub(super) fn wants_installed(&self) -> bool {
        self.installed
    }

    /// What the catalogue is asked for. As long as nobody knows what is installed, nothing is held against an app.
    pub(super) fn filter(&self, installed: Option<&[Installed]>) -> Filter {
        let installed = installed.filter(|_| self.installed).map(|parts| {
            let apps = parts.iter().filter(|part| part.kind == PartKind::App);
            apps.filter_map(|part| AppId::new(&part.id).ok()).collect()
        });
        Filter { installed, ..self.filter.clone() }
    }

    /// What the states of the actions say.
    fn of(actions: &gio::SimpleActionGroup) -> Self {
        let on = |name: &str| actions.action_state(name).and_then(|state| state.get()).unwrap_or(false);
        let word = |name: &str| actions.action_state(name).and_then(|state| state.get::<String>()).unwrap_or_default();
        let source = word("source");
        let filter = Filter {
            source: SOURCES.into_iter().find(|kind| kind.as_str() == source),
            category: Category::named(&word("category")),
            verified: on("verified"),
            free: on("free"),
            phone: on("phone"),
            ..Filter::default()
        };
        Self { filter, installed: on("installed") }
    }
}

impl Filters {
    /// No chips yet. `changed` hears of every change.
    pub(super) fn new(page: &impl IsA<gtk::Widget>, changed: impl Fn(Chosen) + Clone + 'static) -> Self {
        let chips = adw::WrapBox::builder().child_spacing(6).line_spacing(6).build();
        set_label(&chips, &gettext("Filters"));
        let root = adw::Clamp::builder().maximum_size(860).child(&chips).css_classes(["above"]).visible(false).build();
        let category = gtk::MenuButton::builder().css_classes(["chip"]).build();
        let actions = actions(changed);
        page.upcast_ref::<gtk::Widget>().insert_action_group(GROUP, Some(&actions));
        let filters = Self { root, chips, actions, category, shown: Kinds::default() };
        filters.show_chosen(&Chosen::default());
        filters
    }

    /// The widget to put somewhere.
    pub(super) fn root(&self) -> &adw::Clamp {
        &self.root
    }

    /// Shows a chip for everything that there is. What is there no more is not asked for any longer.
    pub(super) fn set(&mut self, kinds: Kinds) {
        if self.shown == kinds {
            return;
        }
        while let Some(old) = self.chips.first_child() {
            self.chips.remove(&old);
        }
        let switches = kinds.switches();
        for name in ["verified", "free", "phone", "installed"] {
            if !switches.iter().any(|(known, _)| *known == name) {
                self.actions.change_action_state(name, &false.to_variant());
            }
        }
        let chosen = Chosen::of(&self.actions).filter;
        if chosen.source.is_some_and(|source| kinds.sources.len() < 2 || !kinds.sources.contains(&source)) {
            self.actions.change_action_state("source", &"".to_variant());
        }
        if chosen.category.is_some_and(|tile| !kinds.categories.iter().any(|(known, _)| *known == tile)) {
            self.actions.change_action_state("category", &"".to_variant());
        }
        if kinds.categories.len() > 1 {
            self.category.set_menu_model(Some(&menu(&kinds.categories)));
            self.chips.append(&self.category);
        }
        if kinds.sources.len() > 1 {
            for source in &kinds.sources {
                self.chips.append(&source_chip(*source));
            }
        }
        for (name, words) in switches {
            self.chips.append(&chip(&words, &words, &format!("{GROUP}.{name}"), None));
        }
        self.shown = kinds;
    }

    /// The category's chip says which one is chosen.
    pub(super) fn show_chosen(&self, chosen: &Chosen) {
        let words = chosen.filter.category.map_or_else(|| gettext("Category"), category::title);
        self.category.set_label(&words);
        if chosen.filter.category.is_some() {
            self.category.add_css_class("chosen");
        } else {
            self.category.remove_css_class("chosen");
        }
    }

    /// What is installed can be asked for as soon as it is known.
    pub(super) fn set_installed_known(&self, known: bool) {
        if let Some(action) = self.actions.lookup_action("installed").and_downcast::<gio::SimpleAction>() {
            action.set_enabled(known);
        }
    }

    /// Takes every filter off.
    pub(super) fn clear(&self) {
        self.actions.activate_action("clear", None);
    }
}

fn actions(changed: impl Fn(Chosen) + Clone + 'static) -> gio::SimpleActionGroup {
    let group = gio::SimpleActionGroup::new();
    let weak = group.downgrade();
    let say = move || {
        if let Some(group) = weak.upgrade() {
            changed(Chosen::of(&group));
        }
    };
    let add = |action: gio::SimpleAction| {
        let say = say.clone();
        action.connect_state_notify(move |_| say());
        group.add_action(&action);
    };
    for name in ["verified", "free", "phone", "installed"] {
        add(gio::SimpleAction::new_stateful(name, None, &false.to_variant()));
    }
    let text = Some(glib::VariantTy::STRING);
    add(gio::SimpleAction::new_stateful("category", text, &"".to_variant()));
    let source = gio::SimpleAction::new_stateful("source", text, &"".to_variant());
    // The chip of the chosen source takes it off again.
    source.connect_activate(|source, wanted| {
        let Some(wanted) = wanted else { return };
        let off = "".to_variant();
        source.set_state(if source.state().as_ref() == Some(wanted) { &off } else { wanted });
    });
    add(source);
    let clear = gio::SimpleAction::new("clear", None);
    let weak = group.downgrade();
    clear.connect_activate(move |_, _| {
        let Some(group) = weak.upgrade() else { return };
        for name in ["verified", "free", "phone", "installed"] {
            group.change_action_state(name, &false.to_variant());
        }
        for name in ["source", "category"] {
            group.change_action_state(name, &"".to_variant());
        }
    });
    group.add_action(&clear);
    group
}

fn source_chip(source: SourceKind) -> gtk::ToggleButton {
    let words = sentence::source(source);
    chip(&words, &words, &format!("{GROUP}.source"), Some(source.as_str()))
}

fn menu(categories: &[(Category, usize)]) -> gio::Menu {
    let menu = gio::Menu::new();
    let item = |words: &str, target: &str| {
        let item = gio::MenuItem::new(Some(words), None);
        item.set_action_and_target_value(Some(&format!("{GROUP}.category")), Some(&target.to_variant()));
        item
    };
    menu.append_item(&item(&gettext("All Categories"), ""));
    for tile in Category::ALL {
        if categories.iter().any(|(known, _)| *known == tile) {
            menu.append_item(&item(&category::title(tile), tile.as_str()));
        }
    }
    menu
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_there_is_gets_a_chip() {
        let names = |kinds: &Kinds| kinds.switches().into_iter().map(|(name, _)| name).collect::<Vec<_>>();
        assert_eq!(names(&Kinds::default()), ["installed"]);
        let kinds = Kinds { verified: true, phone: true, ..Kinds::default() };
        assert_eq!(names(&kinds), ["verified", "phone", "installed"]);
    }

    #[test]
    fn what_is_chosen_is_what_the_actions_say() {
        let group = actions(|_| ());
        assert!(Chosen::of(&group).is_empty());
        group.activate_action("free", None);
        group.activate_action("category", Some(&"play".to_variant()));
        group.activate_action("source", Some(&"package".to_variant()));
        let chosen = Chosen::of(&group);
        let expected = Filter {
            source: Some(SourceKind::Package),
            category: Some(Category::Play),
            free: true,
            ..Filter::default()
        };
        assert_eq!(chosen.filter(Some(&[])), expected);
        group.activate_action("source", Some(&"package".to_variant()));
        assert_eq!(Chosen::of(&group).filter.source, None, "the same chip again takes it off");
        group.activate_action("clear", None);
        assert!(Chosen::of(&group).is_empty());
    }

    #[test]
    fn installed_narrows_only_once_it_is_known() {
        let chosen = Chosen { installed: true, ..Chosen::default() };
        assert_eq!(chosen.filter(None).installed, None);
        assert_eq!(chosen.filter(Some(&[])).installed, Some(Vec::new()));
        assert_eq!(Chosen::default().filter(Some(&[])).installed, None);
    }
}
