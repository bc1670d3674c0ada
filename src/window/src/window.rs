//! The window: the pages, what moves between them, and what is asked of the engine.

mod actions;
mod banner;
mod help;
mod keeping;
mod later;
mod layout;
mod link;
mod opened;
mod outcomes;
mod over;
mod pages;
mod planning;
mod presence;
mod question;
mod requests;
mod system;
mod update_all;
mod whose;

use crate::context::Context;
use crate::images::Images;
use crate::live::{Key, Live, Whose};
use crate::opening::Opening;
use crate::pages::history::HistoryMsg;
use crate::pages::search::SearchMsg;
use crate::preferences::Preferences;
use crate::reader::Reader;
use crate::storage::Storage;
use crate::web::Web;
use crate::widgets::{dialogs, when_painted};
use keeping::{Kept, Open};
use layout::Layout;
use link::Heard;
use outcomes::Outcomes;
use pages::Pages;
use planning::Planning;
use presence::Presence;
use relm4::gtk::prelude::Cast;
use relm4::{Component, ComponentController, ComponentParts, ComponentSender, adw};
use requests::Done;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use strata_catalogue::List;
use strata_client::Engine;
use strata_model::{AppId, Failure, OfferId, Request, TaskId};
use strata_platform::Environment;
use system::SystemDone;
pub(crate) use system::SystemMsg;
use whose::Asked;

/// What the window begins with.
#[derive(Debug)]
pub(crate) struct Init {
    environment: Arc<Environment>,
    reader: Reader,
}

impl Init {
    /// Opens the catalogue while GTK still starts.
    pub(crate) fn new(environment: Arc<Environment>) -> Self {
        let reader = Reader::new(environment.catalogue());
        Self { environment, reader }
    }
}

/// The window.
#[derive(Debug)]
pub(crate) struct Window {
    environment: Arc<Environment>,
    context: Context,
    engine: Option<Engine>,
    live: Live,
    /// What has to wait until the engine is reached.
    waiting: Vec<Msg>,
    /// The app that the one page of apps shows.
    shown: Option<AppId>,
    /// What says that a file is looked at, as long as it is.
    looking: RefCell<Option<adw::Toast>>,
    planning: Planning,
    outcomes: Outcomes,
    whose: Asked,
    first_refresh: bool,
    searching: bool,
    narrow: bool,
    presence: Presence,
    layout: Layout,
    preferences: Open<Preferences>,
    storage: Open<Storage>,
    pages: Pages,
}

/// What the window can be told: by its actions, by its pages, by itself.
#[derive(Clone, Debug)]
pub(crate) enum Msg {
    ShowApp(AppId),
    ShowAppDialog(String),
    ShowNewest,
    ShowList(List),
    ShowPage(String),
    ShowHistory,
    /// The preferences, at this page if one is named.
    Preferences(Option<&'static str>),
    Storage,
    Find,
    Search(bool),
    SearchFor(String),
    SearchText(String),
    OpenFirst,
    Narrow(bool),
    Connect,
    /// Bring the window to the front.
    Present,
    /// There is something to look at.
    Ready,
    /// It is on the screen: time for what nobody sees yet.
    Rest,
    /// The person looks at the window, or does not.
    Look(bool),
    Get(Key),
    /// Do not wait any more for what getting or updating it would do.
    StopPlanning(Key),
    /// Have the second in the place of the first.
    Switch(Key, Key),
    Open(Key),
    Update(Key),
    UpdateAll,
    /// Cancel all updates that run or wait.
    CancelUpdates,
    Remove(Key),
    RemoveUnused,
    Refresh,
    /// Read the lists of apps for the first time; once, for it may fail.
    FirstRefresh,
    AddFlathub,
    GoBack(Key),
    Hold(Key),
    Release(Key),
    /// Show the settings of this app.
    AppSettings(Key),
    /// Say what failed.
    Tell(Failure),
    Set(&'static str, String),
    /// Ask what removed apps have left behind.
    CountLeftovers,
    KeepData(String),
    Export,
    Import,
    ExportTo(PathBuf),
    ImportFrom(PathBuf),
    Submit(Vec<Request>),
    /// Leave every page that lies over the front ones.
    ToFront,
    /// The way back has left this page.
    Left(adw::NavigationPage),
    /// A file or an address was opened with Strata.
    OpenGiven(Opening),
    /// Find out what a file would install.
    PlanFile(String),
    /// Start this file, which is no app.
    RunOnce(String),
    /// Find out what an origin is that a file or an address describes, for whom the settings say.
    OpenOrigin(String),
    Cancel(TaskId),
    Retry(TaskId),
    Dismiss(TaskId),
    Details(TaskId),
    LostDetails,
    /// Something about the system beneath.
    System(SystemMsg),
    OpenLink(String),
    Shortcuts,
    About,
}

/// What comes from elsewhere.
#[derive(Debug)]
pub(crate) enum Cmd {
    /// The engine says something.
    Heard(Heard),
    /// Something that was asked of it is done.
    Done(Done),
    /// The app to show where none was named.
    Newest(Option<AppId>),
    /// Something about what is kept.
    Kept(Kept),
    /// The apps that offers are of.
    Whose(Asked, BTreeMap<OfferId, Whose>),
    /// Something about the system beneath.
    System(SystemDone),
}

impl Component for Window {
    type CommandOutput = Cmd;
    type Input = Msg;
    type Output = ();
    type Init = Init;
    type Root = adw::ApplicationWindow;
    type Widgets = ();

    fn init_root() -> Self::Root {
        layout::root()
    }

    fn init(init: Init, root: Self::Root, sender: ComponentSender<Self>) -> ComponentParts<Self> {
        let Init { environment, reader } = init;
        let web = Web::default();
        let images = Images::new(&environment, web.clone());
        let context = Context { reader, images, web, environment: Arc::clone(&environment) };
        let pages = Pages::new(&context, &sender);
        let layout = Layout::new(&root, &sender);
        layout.add_pages(
            pages.explore.widget(),
            pages.installed.widget(),
            pages.updates.widget(),
            pages.search.widget(),
        );
        layout.add_sub_pages(&[pages.list.widget(), pages.app.widget(), pages.history.widget()], &sender);
        actions::add(&root, &sender);
        let live = Live { known: whose::known(&environment), ..Live::default() };
        let mut model = Self {
            environment,
            context,
            engine: None,
            live,
            waiting: Vec::new(),
            shown: None,
            looking: RefCell::default(),
            planning: Planning::default(),
            outcomes: Outcomes::default(),
            whose: Asked::default(),
            first_refresh: true,
            searching: false,
            narrow: false,
            presence: Presence::default(),
            layout,
            preferences: Open::default(),
            storage: Open::default(),
            pages,
        };
        model.tell_pages();
        model.ask_whose(&sender);
        Self::connect_when_shown(&root, &sender);
        Self::take_drops(&root, &sender);
        ComponentParts { model, widgets: () }
    }

    fn update(&mut self, message: Msg, sender: ComponentSender<Self>, root: &Self::Root) {
        match message {
            Msg::ShowApp(id) => self.show_app(id, &sender),
            Msg::ShowAppDialog(name) => self.show_app_dialog(name),
            Msg::ToFront => self.layout.to_front(),
            Msg::Left(page) => self.pages.over.left(&page),
            Msg::ShowNewest => self.ask_newest(&sender),
            Msg::ShowList(list) => self.show_list(list, &sender),
            Msg::ShowPage(name) => {
                self.set_searching(false);
                self.pages.make_named(&name);
                self.layout.show_page(&name);
            }
            Msg::ShowHistory => {
                self.pages.history.emit(HistoryMsg::Show);
                self.layout.push("history");
            }
            Msg::Preferences(page) => self.open_preferences(page, &sender, root),
            Msg::Storage => self.open_storage(&sender, root),
            Msg::Export => Self::ask_where_to_export(&sender, root),
            Msg::Import => Self::ask_what_to_import(&sender, root),
            Msg::Find => self.find(),
            Msg::Search(on) => self.set_searching(on),
            Msg::SearchFor(text) => {
                self.set_searching(true);
                self.layout.set_search_text(&text);
            }
            Msg::SearchText(text) => self.pages.search.emit(SearchMsg::Text(text)),
            Msg::OpenFirst => self.pages.search.emit(SearchMsg::OpenFirst),
            Msg::Narrow(narrow) => {
                self.narrow = narrow;
                self.layout.arrange(self.narrow, self.searching);
            }
            Msg::FirstRefresh => {
                if std::mem::take(&mut self.first_refresh) {
                    sender.input(Msg::Refresh);
                }
            }
            Msg::Present => self.presence.present(&sender, root),
            Msg::Ready => self.presence.ready(&sender, root),
            Msg::Rest => self.make_next_page(&sender, root),
            Msg::Shortcuts => help::shortcuts(root),
            Msg::About => help::about(root),
            Msg::OpenLink(url) => help::open_link(root, &url),
            Msg::Tell(failure) => self.toast_failure(&failure, root),
            Msg::LostDetails => {
                if let Some(failure) = self.lasting_failure() {
                    dialogs::details(root.upcast_ref(), failure);
                }
            }
            Msg::Connect => self.connect(&sender),
            Msg::OpenGiven(opening) => self.open_given(opening, &sender),
            Msg::Look(looking) => self.look(looking, &sender),
            other => self.request(other, &sender, root),
        }
    }

    fn update_cmd(&mut self, command: Cmd, sender: ComponentSender<Self>, root: &Self::Root) {
        match command {
            Cmd::Heard(heard) => self.hear(heard, &sender, root),
            Cmd::Done(done) => self.done(done, &sender, root),
            Cmd::Newest(Some(app)) => sender.input(Msg::ShowApp(app)),
            Cmd::Newest(None) => {}
            Cmd::Kept(kept) => self.hear_kept(kept, &sender, root),
            Cmd::Whose(asked, apps) => self.hear_whose(&asked, apps),
            Cmd::System(done) => self.system_done(done, &sender, root),
        }
    }
}

impl Window {
    fn set_searching(&mut self, on: bool) {
        self.searching = on;
        self.layout.arrange(self.narrow, on);
        if on {
            self.pages.search.emit(SearchMsg::Enter);
            self.layout.focus_search();
        } else {
            self.pages.search.tell(SearchMsg::Leave);
        }
    }

    /// One page at a time, so that the window answers in between.
    fn make_next_page(&self, sender: &ComponentSender<Self>, root: &adw::ApplicationWindow) {
        if self.pages.make_next() {
            let sender = sender.input_sender().clone();
            when_painted(root, move || sender.emit(Msg::Rest));
        }
    }

    /// Tells every page what is known now.
    fn tell_pages(&self) {
        self.pages.tell(&self.live);
        self.show_in_dialogs();
    }

    fn ask_newest(&self, sender: &ComponentSender<Self>) {
        let page = strata_catalogue::Page { offset: 0, limit: 1 };
        let answer = self.context.reader.ask(move |catalogue| catalogue.browse(&List::RecentlyUpdated, page));
        sender.oneshot_command(async move {
            let apps = answer.await.unwrap_or_default();
            Cmd::Newest(apps.into_iter().next().map(|app| app.id))
        });
    }
}
