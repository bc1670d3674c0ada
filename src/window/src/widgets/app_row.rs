//! A row: icon, name, what there is to know, and the button.

use crate::i18n::{gettext, gettext_f};
use crate::images::{IconPlace, Images};
use crate::live::{AppState, Key, Place, Work};
use crate::observed::{Observed, Watching};
use crate::sentence;
use crate::widgets::action_button::{Abilities, ActionButton};
use crate::widgets::app_tile::verified_mark;
use crate::widgets::icon::{self, Loading};
use crate::widgets::{set_label, set_text};
use relm4::gtk;
use relm4::gtk::gio;
use relm4::gtk::prelude::*;
use relm4::typed_view::list::RelmListItem;
use std::cell::OnceCell;
use std::rc::Rc;
use strata_model::app::Icon;
use strata_model::{AppId, Failure, Question, TaskId};

/// So many letters of a name are shown, however narrow the window and however large the text.
const NAME: i32 = 5;

/// What a row says. Two rows with the same facts look the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RowFacts {
    /// What stands above it, where a group of rows begins; may be empty.
    pub(crate) heading: String,
    /// What its button is about.
    pub(crate) key: Key,
    /// The app whose page it opens, if it has one.
    pub(crate) page: Option<AppId>,
    /// Its name.
    pub(crate) name: String,
    /// The name stands for an app of its own developer.
    pub(crate) verified: bool,
    /// One line under the name.
    pub(crate) line: String,
    /// A quieter line below, may be empty.
    pub(crate) small: String,
    /// Something to know before pressing the button, may be empty.
    pub(crate) warning: String,
    /// Its icon.
    pub(crate) icon: Icon,
    /// It can be opened, and one of its offers can be installed.
    pub(crate) can: Abilities,
    /// It can be removed here.
    pub(crate) removable: bool,
}

/// An app as a row.
#[derive(Debug)]
pub(crate) struct AppRow {
    /// What the row says.
    pub(crate) facts: RowFacts,
    /// How the app is.
    pub(crate) state: Observed<AppState>,
    /// Where its icon comes from.
    pub(crate) images: Images,
}

/// A row's widgets.
#[derive(Debug)]
pub(crate) struct Widgets {
    heading: gtk::Label,
    page: gtk::Button,
    image: gtk::Image,
    name: gtk::Label,
    verified: gtk::Image,
    line: gtk::Label,
    small: gtk::Label,
    warning: gtk::Label,
    failure: FailureLine,
    more: More,
    button: ActionButton,
    loading: Option<Loading>,
    watching: Option<Watching>,
}

/// The menu of what else can be done, where there is anything.
#[derive(Clone, Debug, Default)]
struct More {
    root: gtk::Box,
    /// Made when it is shown first: no row of a search has one.
    button: Rc<OnceCell<gtk::MenuButton>>,
}

/// Why the last task failed, with Details and Dismiss.
#[derive(Clone, Debug)]
pub(crate) struct FailureLine {
    root: gtk::Box,
    /// Made when something fails, which it seldom does.
    parts: Rc<OnceCell<FailureParts>>,
}

#[derive(Debug)]
struct FailureParts {
    words: gtk::Label,
    details: gtk::Button,
    dismiss: gtk::Button,
}

impl RelmListItem for AppRow {
    type Root = gtk::Box;
    type Widgets = Widgets;

    fn setup(item: &gtk::ListItem) -> (gtk::Box, Widgets) {
        item.set_activatable(false);
        item.set_focusable(false);
        item.set_selectable(false);
        let (card, widgets) = Self::make();
        let root = gtk::Box::builder().orientation(gtk::Orientation::Vertical).build();
        root.append(&widgets.heading);
        root.append(&card);
        (root, widgets)
    }

    fn bind(&mut self, widgets: &mut Widgets, _root: &mut gtk::Box) {
        self.show(widgets);
    }

    fn unbind(&mut self, widgets: &mut Widgets, _root: &mut gtk::Box) {
        widgets.loading = None;
        widgets.watching = None;
    }
}

impl AppRow {
    /// The widgets of a row that shows nothing yet.
    pub(crate) fn make() -> (gtk::Box, Widgets) {
        let widgets = Widgets {
            heading: heading_label(),
            page: gtk::Button::builder().hexpand(true).css_classes(["flat", "row-page"]).build(),
            image: icon::image(48),
            name: name_label(),
            verified: verified_mark(),
            line: two_lines(),
            small: line_label(&["caption", "dimmed", "numeric"]),
            warning: warning_label(),
            failure: FailureLine::new(),
            more: More::default(),
            button: ActionButton::small(),
            loading: None,
            watching: None,
        };
        (row(&widgets), widgets)
    }

    /// Shows the app in these widgets for as long as they are there, or show another.
    pub(crate) fn show(&self, widgets: &mut Widgets) {
        let facts = &self.facts;
        set_text(&widgets.heading, &facts.heading);
        widgets.name.set_label(&facts.name);
        widgets.verified.set_visible(facts.verified);
        set_text(&widgets.line, &facts.line);
        set_text(&widgets.small, &facts.small);
        set_text(&widgets.warning, &facts.warning);
        set_label(&widgets.page, &spoken(facts));
        widgets.page.set_action_target_value(facts.page.as_ref().map(|id| id.as_str().to_variant()).as_ref());
        widgets.page.set_action_name(facts.page.is_some().then_some("win.show-app"));
        widgets.loading = icon::show(&widgets.image, &self.images, IconPlace::small(&facts.icon));
        let (button, failure, more) = (widgets.button.clone(), widgets.failure.clone(), widgets.more.clone());
        let is_own = matches!(facts.key, Key::Offer(_)) && (facts.can.open || facts.removable);
        let facts = facts.clone();
        widgets.watching = Some(self.state.watch(move |state| {
            button.show(&facts.key, &facts.name, state, facts.can);
            failure.show(&state.work);
            if is_own && state.place.is_here() {
                more.show(&facts, state);
            } else {
                more.hide();
            }
        }));
    }
}

impl FailureLine {
    /// Hidden until something fails.
    pub(crate) fn new() -> Self {
        let root = gtk::Box::builder().spacing(6).css_classes(["failure-line"]).visible(false).build();
        Self { root, parts: Rc::default() }
    }

    /// The widget to put somewhere.
    pub(crate) fn root(&self) -> &gtk::Box {
        &self.root
    }

    /// Shows why the work failed, if it did.
    pub(crate) fn show(&self, work: &Work) {
        self.root.set_visible(matches!(work, Work::Failed(..)));
        if let Work::Failed(task, failure) = work {
            self.fill(*task, failure);
        }
    }

    fn fill(&self, task: TaskId, failure: &Failure) {
        let parts = self.parts.get_or_init(|| FailureParts::new(&self.root));
        parts.words.set_label(&format!("{} {}", sentence::failure(failure), sentence::remedy(failure)));
        let asks = Question::of(failure).is_some();
        parts.details.set_label(&if asks { gettext("Answer…") } else { gettext("Details") });
        for (button, action) in [(&parts.details, "win.details"), (&parts.dismiss, "win.dismiss")] {
            button.set_action_target_value(Some(&task.0.to_variant()));
            button.set_action_name(Some(action));
        }
    }
}

impl FailureParts {
    fn new(root: &gtk::Box) -> Self {
        let words = gtk::Label::builder().xalign(0.0).wrap(true).hexpand(true).css_classes(["error"]).build();
        let details = gtk::Button::builder().label(gettext("Details")).css_classes(["flat"]).build();
        let dismiss =
            gtk::Button::builder().icon_name("window-close-symbolic").css_classes(["flat", "circular"]).build();
        dismiss.set_tooltip_text(Some(&gettext("Dismiss")));
        root.append(&words);
        for button in [&details, &dismiss] {
            button.set_valign(gtk::Align::Center);
            root.append(button);
        }
        Self { words, details, dismiss }
    }
}

fn spoken(facts: &RowFacts) -> String {
    let parts = [&facts.name, &facts.line, &facts.small, &facts.warning];
    parts.into_iter().filter(|part| !part.is_empty()).map(String::as_str).collect::<Vec<_>>().join(". ")
}

fn line_label(classes: &[&str]) -> gtk::Label {
    gtk::Label::builder().xalign(0.0).ellipsize(gtk::pango::EllipsizeMode::End).css_classes(classes.to_vec()).build()
}

fn heading_label() -> gtk::Label {
    gtk::Label::builder().xalign(0.0).wrap(true).visible(false).css_classes(["heading", "group-heading"]).build()
}

fn two_lines() -> gtk::Label {
    let label = line_label(&["row-line"]);
    label.set_wrap(true);
    label.set_wrap_mode(gtk::pango::WrapMode::WordChar);
    label.set_lines(2);
    label
}

fn name_label() -> gtk::Label {
    let label = line_label(&["heading"]);
    label.set_width_chars(NAME);
    label
}

fn warning_label() -> gtk::Label {
    let label = gtk::Label::builder().xalign(0.0).wrap(true).css_classes(["caption", "warning"]).build();
    label.set_wrap_mode(gtk::pango::WrapMode::WordChar);
    label
}

impl More {
    fn show(&self, facts: &RowFacts, state: &AppState) {
        let button = self.button.get_or_init(|| {
            let button = more_button();
            self.root.append(&button);
            button
        });
        set_label(button, &gettext_f("More for {name}", &[("name", &facts.name)]));
        button.set_sensitive(!matches!(state.work, Work::Running(_) | Work::Asking));
        let open = facts.can.open && state.place == Place::Updatable;
        let held = (facts.can.open && state.can_be_held).then_some(state.held);
        let (go_back, settings) = (state.can_go_back, state.has_settings);
        let can = Menu { open, go_back, held, settings, remove: facts.removable };
        button.set_menu_model(Some(&app_menu(&facts.key, can)));
        self.root.set_visible(true);
    }

    fn hide(&self) {
        self.root.set_visible(false);
    }
}

/// What else can be done with something that is installed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is an item of its own")]
pub(crate) struct Menu {
    /// It can be opened, and no button does it.
    pub(crate) open: bool,
    /// The version before can be brought back.
    pub(crate) go_back: bool,
    /// Whether it is held at its version; `None` if it cannot be.
    pub(crate) held: Option<bool>,
    /// It has settings of its own.
    pub(crate) settings: bool,
    /// It can be removed, and no button does it.
    pub(crate) remove: bool,
}

/// The menu of that.
pub(crate) fn app_menu(key: &Key, can: Menu) -> gio::Menu {
    let menu = gio::Menu::new();
    let append = |words: &str, action: &str| {
        let item = gio::MenuItem::new(Some(words), None);
        item.set_action_and_target_value(Some(action), Some(&key.to_variant()));
        menu.append_item(&item);
    };
    if can.open {
        append(&gettext("_Open"), "win.open");
    }
    if can.go_back {
        append(&gettext("Go _Back to the Version Before"), "win.go-back");
    }
    match can.held {
        Some(true) => append(&gettext("_Release"), "win.release"),
        Some(false) => append(&gettext("_Hold at This Version"), "win.hold"),
        None => {}
    }
    if can.settings {
        append(&gettext("App _Settings…"), "win.app-settings");
    }
    if can.remove {
        append(&gettext("_Remove…"), "win.remove");
    }
    menu
}

/// Opens that menu.
pub(crate) fn more_button() -> gtk::MenuButton {
    gtk::MenuButton::builder()
        .icon_name("view-more-symbolic")
        .tooltip_text(gettext("More"))
        .valign(gtk::Align::Center)
        .css_classes(["flat", "circular"])
        .build()
}

fn row(widgets: &Widgets) -> gtk::Box {
    let head = gtk::Box::builder().spacing(6).build();
    head.append(&widgets.name);
    head.append(&widgets.verified);
    let text = gtk::Box::builder().orientation(gtk::Orientation::Vertical).spacing(3).hexpand(true).build();
    text.set_valign(gtk::Align::Center);
    text.append(&head);
    for label in [&widgets.line, &widgets.small, &widgets.warning] {
        text.append(label);
    }
    let page = gtk::Box::builder().spacing(12).build();
    page.append(&widgets.image);
    page.append(&text);
    widgets.page.set_child(Some(&page));
    let line = gtk::Box::builder().spacing(6).build();
    line.append(&widgets.page);
    line.append(widgets.button.root());
    line.append(&widgets.more.root);
    let card = gtk::Box::builder().orientation(gtk::Orientation::Vertical).css_classes(["app-row"]).build();
    card.append(&line);
    card.append(widgets.failure.root());
    card
}
