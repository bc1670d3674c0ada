//! Search as you type.

mod filters;
mod ideas;
mod packages;
mod told;

use crate::context::Context;
use crate::i18n::{gettext, ngettext_f};
use crate::live::{Key, Live};
use crate::marks;
use crate::pages::explore::follow_width;
use crate::reader::ReadError;
use crate::sentence;
use crate::widgets::action_button::Abilities;
use crate::widgets::app_list::AppList;
use crate::widgets::app_row::RowFacts;
use crate::widgets::category_tiles::CategoryTiles;
use crate::widgets::{announce, set_label, state_page};
use filters::{Chosen, Filters, Kinds};
use packages::Packages;
use relm4::adw::prelude::*;
use relm4::gtk::gio;
use relm4::{Component, ComponentParts, ComponentSender, adw, gtk};
use strata_catalogue::{Catalogue, Category, Fit, Found, Query};
use strata_model::system_update::FoundPackage;
use strata_model::{AppId, AppSummary, Installed, SourceKind};

/// The page.
#[derive(Debug)]
pub(crate) struct Search {
    context: Context,
    text: String,
    /// Counts the questions: an answer to an older one is not shown.
    asked: u64,
    /// The person pressed Enter before the answer came.
    open_first: bool,
    live: Live,
    /// Somebody has searched: until then nobody needs to know what can be narrowed to.
    entered: bool,
    chosen: Chosen,
    filters: Filters,
    /// What was found, as rows.
    found: Vec<RowFacts>,
    packages: Packages,
    list: AppList,
    tiles: CategoryTiles,
    ideas: adw::WrapBox,
    count: gtk::Label,
    state: gtk::Stack,
}

/// What the page can be told.
#[derive(Debug)]
pub(crate) enum SearchMsg {
    /// Search for this.
    Text(String),
    /// Open the first app that was found.
    OpenFirst,
    /// Search for what is so only.
    Narrow(Chosen),
    /// The person begins to search.
    Enter,
    /// The person is done searching.
    Leave,
    /// Read the catalogue again.
    Reload,
    /// The engine says something.
    Live(Live),
}

/// What the page tells.
#[derive(Debug)]
pub(crate) enum SearchOutput {
    /// Open the page of this app.
    Open(AppId),
}

/// An answer of the catalogue.
#[derive(Debug)]
pub(crate) enum Answer {
    /// To the question with this number.
    Found(u64, Result<Found, ReadError>),
    /// For the empty page.
    Categories(Result<Vec<(Category, usize)>, ReadError>),
    /// Words to begin with.
    Ideas(Result<Vec<String>, ReadError>),
    /// For the chips.
    Kinds(Result<Kinds, ReadError>),
    /// Packages for the question with this number.
    Packages(u64, Vec<FoundPackage>),
}

impl Component for Search {
    type CommandOutput = Answer;
    type Input = SearchMsg;
    type Output = SearchOutput;
    type Init = Context;
    type Root = adw::BreakpointBin;
    type Widgets = ();

    fn init_root() -> Self::Root {
        adw::BreakpointBin::builder().width_request(320).height_request(200).build()
    }

    fn init(context: Context, root: Self::Root, sender: ComponentSender<Self>) -> ComponentParts<Self> {
        let list = AppList::new(context.clone());
        set_label(list.view(), &gettext("Apps found"));
        let tiles = CategoryTiles::new();
        let count = gtk::Label::builder()
            .xalign(0.0)
            .wrap(true)
            .wrap_mode(gtk::pango::WrapMode::WordChar)
            .css_classes(["dimmed", "caption", "search-count"])
            .build();
        let state = gtk::Stack::new();
        let ideas = ideas::room();
        state.add_named(&empty_page(&tiles, &ideas), Some("empty"));
        state.add_named(&list.page(&count), Some("found"));
        state.set_vexpand(true);
        let input = sender.input_sender().clone();
        let filters = Filters::new(&root, move |chosen| input.emit(SearchMsg::Narrow(chosen)));
        let column = gtk::Box::builder().orientation(gtk::Orientation::Vertical).build();
        column.append(filters.root());
        column.append(&state);
        root.set_child(Some(&column));
        add_focus_first(&root, &state);
        follow_width(&root, tiles.root(), &[]);
        let model = Self {
            context,
            text: String::new(),
            asked: 0,
            open_first: false,
            live: Live::default(),
            entered: false,
            chosen: Chosen::default(),
            filters,
            found: Vec::new(),
            packages: Packages::default(),
            list,
            tiles,
            ideas,
            count,
            state,
        };
        model.read_categories(&sender);
        ComponentParts { model, widgets: () }
    }

    fn update(&mut self, message: SearchMsg, sender: ComponentSender<Self>, _root: &Self::Root) {
        match message {
            SearchMsg::Text(text) => {
                text.trim().clone_into(&mut self.text);
                self.open_first = false;
                self.search(&sender);
            }
            SearchMsg::OpenFirst => {
                self.open_first = true;
                self.search(&sender);
            }
            SearchMsg::Narrow(chosen) if self.chosen != chosen => {
                self.filters.show_chosen(&chosen);
                self.chosen = chosen;
                self.search(&sender);
            }
            SearchMsg::Narrow(_) => {}
            SearchMsg::Enter => {
                if !std::mem::replace(&mut self.entered, true) {
                    self.read_kinds(&sender);
                }
            }
            SearchMsg::Leave => self.filters.clear(),
            SearchMsg::Reload => {
                self.read_categories(&sender);
                self.read_kinds(&sender);
                self.packages.forget();
                self.search(&sender);
            }
            SearchMsg::Live(live) => self.show_live(live, &sender),
        }
    }

    fn update_cmd(&mut self, answer: Answer, sender: ComponentSender<Self>, _root: &Self::Root) {
        match answer {
            Answer::Categories(Ok(categories)) => self.tiles.set(&categories),
            Answer::Kinds(Ok(kinds)) => self.filters.set(kinds),
            Answer::Found(number, found) if number == self.asked => self.show(found, &sender),
            Answer::Ideas(Ok(words)) => ideas::show(&self.ideas, &words),
            Answer::Packages(number, found) if number == self.asked => {
                self.packages.remember(self.text.clone(), found);
                self.show_packages();
            }
            Answer::Categories(Err(_))
            | Answer::Ideas(Err(_))
            | Answer::Kinds(Err(_))
            | Answer::Found(..)
            | Answer::Packages(..) => {}
        }
    }
}

impl Search {
    fn read_categories(&self, sender: &ComponentSender<Self>) {
        let answer = self.context.reader.ask(Catalogue::categories);
        sender.oneshot_command(async { Answer::Categories(answer.await) });
    }

    fn read_kinds(&self, sender: &ComponentSender<Self>) {
        if !self.entered {
            return;
        }
        let answer = self.context.reader.ask(Kinds::read);
        sender.oneshot_command(async { Answer::Kinds(answer.await) });
        let answer = self.context.reader.ask(ideas::read);
        sender.oneshot_command(async { Answer::Ideas(answer.await) });
    }

    fn show_live(&mut self, live: Live, sender: &ComponentSender<Self>) {
        self.list.live(&live);
        self.filters.set_installed_known(live.installed().is_some());
        let moved = self.live.installed() != live.installed();
        let is_news = self.live.why_no_catalogue() != live.why_no_catalogue();
        self.live = live;
        let is_unanswered = self.state.visible_child_name().as_deref() == Some("other");
        if (is_news && is_unanswered) || (moved && self.chosen.wants_installed()) {
            self.search(sender);
        }
    }

    fn search(&mut self, sender: &ComponentSender<Self>) {
        self.asked += 1;
        self.packages.give_up();
        self.filters.root().set_visible(!self.text.is_empty());
        if self.text.is_empty() {
            self.state.set_visible_child_name("empty");
            return;
        }
        let filter = self.chosen.filter(self.live.installed());
        let (number, query) = (self.asked, Query { filter, ..Query::new(self.text.as_str()) });
        let snapshot = self.live.snapshot.clone();
        let answer = self.context.reader.ask(move |catalogue| {
            let installed = snapshot.as_ref().map_or(&[][..], |snapshot| &snapshot.installed);
            Ok(with_unlisted(catalogue.search(&query)?, catalogue.unlisted(&query, installed)?))
        });
        sender.oneshot_command(async move { Answer::Found(number, answer.await) });
    }

    fn show(&mut self, found: Result<Found, ReadError>, sender: &ComponentSender<Self>) {
        match found {
            Ok(found) if found.apps.is_empty() && self.live.has_no_origins() => {
                self.found.clear();
                self.show_other(&state_page::no_origins());
                self.ask_packages(sender);
            }
            Ok(found) if found.apps.is_empty() => {
                self.found.clear();
                self.show_other(&told::nothing_found(&self.text, !self.chosen.is_empty()));
                self.ask_packages(sender);
            }
            Ok(found) => {
                self.show_found(found, sender);
                self.ask_packages(sender);
            }
            Err(ReadError::NotBuilt) => self.show_other(&state_page::no_catalogue(&self.live)),
            Err(ReadError::Failed(failure)) => self.show_other(&state_page::failed(&failure)),
        }
    }

    fn show_found(&mut self, found: Found, sender: &ComponentSender<Self>) {
        let count = told::found(&self.text, &found);
        announce(&self.count, &count);
        self.count.set_label(&count);
        let takes_packages = packages::are_taken(&self.live);
        self.found = found.apps.into_iter().map(|app| facts(app, takes_packages)).collect();
        self.list.set_anew(self.found.clone());
        self.state.set_visible_child_name("found");
        marks::painted(&self.state, &format!("found {}", self.text));
        if std::mem::take(&mut self.open_first)
            && let Some(app) = self.list.first_page()
        {
            // Without the window there is nobody to open it.
            let _ = sender.output(SearchOutput::Open(app));
        }
    }

    /// Asks for packages that are no app's, unless that is known or nobody wants them.
    fn ask_packages(&mut self, sender: &ComponentSender<Self>) {
        if self.packages.known(&self.text).is_some() {
            self.show_packages();
            return;
        }
        let Some(engine) = self.live.engine.clone() else { return };
        if self.chosen.takes_packages() && packages::can_be_asked(&self.live, &self.text) {
            let (number, answer) = (self.asked, sender.command_sender().clone());
            self.packages.ask(&self.text, engine, self.context.reader.clone(), move |found| {
                answer.emit(Answer::Packages(number, found));
            });
        }
    }

    /// Below what was found already.
    fn show_packages(&mut self) {
        let known = self.packages.known(&self.text).unwrap_or_default();
        if known.is_empty() || !self.chosen.takes_packages() {
            return;
        }
        let words = ngettext_f("{n} package of your system", "{n} packages of your system", known.len(), &[]);
        announce(&self.count, &words);
        if self.found.is_empty() {
            self.count.set_label(&words);
            self.state.set_visible_child_name("found");
        }
        self.list.set(self.found.iter().cloned().chain(packages::rows(known)).collect());
    }

    fn show_other(&mut self, other: &adw::StatusPage) {
        self.open_first = false;
        if let Some(old) = self.state.child_by_name("other") {
            self.state.remove(&old);
        }
        announce(other, &other.title());
        self.state.add_named(other, Some("other"));
        self.state.set_visible_child_name("other");
    }
}

/// What was found, with installed apps that no list has. Nobody says how likely these are meant, so only what is called
/// exactly so comes first.
fn with_unlisted(mut found: Found, unlisted: Vec<(Fit, Installed)>) -> Found {
    for (fit, part) in unlisted {
        if let Some(app) = AppSummary::of_installed(&part) {
            let is_meant = fit == Fit::Exact;
            found.apps.insert(if is_meant { 0 } else { found.apps.len() }, app);
            found.total += 1;
            if is_meant {
                (found.corrected, found.partly, found.only_mentioned) = (None, None, false);
            }
        }
    }
    found
}

/// The action that gives the keyboard to the first app that was found, or to the first idea or tile of the empty page.
/// An action and no message, because the next key comes at once.
fn add_focus_first(root: &adw::BreakpointBin, state: &gtk::Stack) {
    let action = gio::SimpleAction::new("focus-first", None);
    let state = state.downgrade();
    action.connect_activate(move |_, _| {
        if let Some(shown) = state.upgrade().and_then(|state| state.visible_child()) {
            shown.child_focus(gtk::DirectionType::TabForward);
        }
    });
    let group = gio::SimpleActionGroup::new();
    group.add_action(&action);
    root.insert_action_group("search", Some(&group));
}

fn empty_page(tiles: &CategoryTiles, ideas: &adw::WrapBox) -> gtk::ScrolledWindow {
    tiles.root().set_min_children_per_line(4);
    tiles.root().set_max_children_per_line(4);
    let label = |words: &str, class: &str| {
        let label = gtk::Label::builder().label(words).wrap(true).css_classes([class]).build();
        label.set_justify(gtk::Justification::Center);
        label
    };
    let words = gtk::Box::builder().orientation(gtk::Orientation::Vertical).spacing(12).margin_top(36).build();
    words.append(&label(&gettext("What Are You Looking For?"), "title-1"));
    words.append(&label(&gettext("Type a name, or what it should do. Or look around."), "body"));
    let column = gtk::Box::builder().orientation(gtk::Orientation::Vertical).spacing(36).css_classes(["page"]).build();
    column.append(&words);
    column.append(ideas);
    column.append(tiles.root());
    let clamp = adw::Clamp::builder().maximum_size(720).child(&column).build();
    gtk::ScrolledWindow::builder().hscrollbar_policy(gtk::PolicyType::Never).child(&clamp).build()
}

fn facts(app: AppSummary, takes_packages: bool) -> RowFacts {
    // Flatpak is the usual source; only others are worth a word.
    let only_packaged = app.sources.iter().all(|kind| *kind == SourceKind::Package);
    let others = app.sources.iter().filter(|kind| **kind != SourceKind::Flatpak).map(|kind| match kind {
        SourceKind::Package if app.carried => gettext("Part of the system"),
        SourceKind::Package if only_packaged => gettext("System package"),
        kind => sentence::source(*kind),
    });
    let small: Vec<String> = std::iter::once(app.developer).chain(others).filter(|part| !part.is_empty()).collect();
    RowFacts {
        heading: String::new(),
        key: Key::App(app.id.clone()),
        page: Some(app.id),
        name: app.name,
        verified: app.verified,
        line: app.summary,
        small: small.join(" · "),
        warning: String::new(),
        icon: app.icon,
        can: Abilities { get: !only_packaged || (takes_packages && !app.carried), open: true },
        removable: false,
    }
}
