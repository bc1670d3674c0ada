//! The window: the pages, what moves between them, and what is asked of the engine.

mod actions;
mod help;
mod keeping;
mod layout;
mod link;
mod opened;
mod outcomes;
mod presence;
mod requests;
mod system;
mod update_all;

use crate::context::Context;
use crate::images::Images;
use crate::live::{Key, Live};
use crate::opening::Opening;
use crate::pages::PageMsg;
use crate::pages::app::{AppMsg, AppPage};
use crate::pages::explore::{Explore, ExploreOutput};
use crate::pages::history::{HistoryMsg, HistoryPage};
use crate::pages::installed::{InstalledMsg, InstalledPage};
use crate::pages::list::{ListMsg, ListPage};
use crate::pages::search::{Search, SearchMsg, SearchOutput};
use crate::pages::updates::Updates;
use crate::preferences::Preferences;
use crate::reader::Reader;
use crate::storage::Storage;
use crate::web::Web;
use crate::widgets::dialogs;
use keeping::{Kept, Open};
use layout::Layout;
use link::Heard;
use outcomes::Outcomes;
use presence::Presence;
use relm4::gtk::prelude::Cast;
use relm4::{Component, ComponentController, ComponentParts, ComponentSender, Controller, adw};
use requests::Done;
use std::path::PathBuf;
use std::sync::Arc;
use strata_catalogue::List;
use strata_client::Engine;
use strata_model::{AppId, Request, TaskId};
use strata_platform::Environment;
use system::SystemDone;
pub(crate) use system::SystemMsg;

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
    outcomes: Outcomes,
    first_refresh: bool,
    searching: bool,
    narrow: bool,
    presence: Presence,
    layout: Layout,
    preferences: Open<Preferences>,
    storage: Open<Storage>,
    explore: Controller<Explore>,
    search: Controller<Search>,
    installed: Controller<InstalledPage>,
    updates: Controller<Updates>,
    history: Controller<HistoryPage>,
    list: Controller<ListPage>,
    app: Controller<AppPage>,
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
    /// The person looks at the window, or does not.
    Look(bool),
    Get(Key),
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
    Hold(Key),
    Release(Key),
    Set(&'static str, String),
    /// Ask what removed apps have left behind.
    CountLeftovers,
    KeepData(String),
    Export,
    Import,
    ExportTo(PathBuf),
    ImportFrom(PathBuf),
    Submit(Vec<Request>),
    /// A file or an address was opened with Strata.
    OpenGiven(Opening),
    /// Find out what a file would install.
    PlanFile(String),
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
        let explore =
            Explore::builder().launch(context.clone()).forward(sender.input_sender(), |output| match output {
                ExploreOutput::Ready => Msg::Ready,
                ExploreOutput::NeedsLists => Msg::FirstRefresh,
            });
        let search = Search::builder().launch(context.clone()).forward(sender.input_sender(), |output| match output {
            SearchOutput::Open(app) => Msg::ShowApp(app),
        });
        let installed = InstalledPage::builder().launch(context.clone()).detach();
        let updates = Updates::builder().launch(context.clone()).detach();
        let history = HistoryPage::builder().launch(()).detach();
        let list = ListPage::builder().launch(context.clone()).detach();
        let app = AppPage::builder().launch(context.clone()).detach();
        let layout = Layout::new(&root, &sender);
        layout.add_pages(explore.widget(), installed.widget(), updates.widget(), search.widget());
        layout.add_sub_pages(&[list.widget(), app.widget(), history.widget()]);
        actions::add(&root, &sender);
        let known = strata_platform::witness::read(&environment).map(Arc::new);
        let live = Live { known, ..Live::default() };
        let model = Self {
            environment,
            context,
            engine: None,
            live,
            waiting: Vec::new(),
            outcomes: Outcomes::default(),
            first_refresh: true,
            searching: false,
            narrow: false,
            presence: Presence::default(),
            layout,
            preferences: Open::default(),
            storage: Open::default(),
            explore,
            search,
            installed,
            updates,
            history,
            list,
            app,
        };
        model.tell_pages();
        Self::connect_when_shown(&root, &sender);
        Self::take_drops(&root, &sender);
        ComponentParts { model, widgets: () }
    }

    fn update(&mut self, message: Msg, sender: ComponentSender<Self>, root: &Self::Root) {
        match message {
            Msg::ShowApp(id) => {
                self.app.emit(AppMsg::Show(id));
                self.layout.push("app");
            }
            Msg::ShowAppDialog(name) => self.app.emit(AppMsg::DialogLater(name)),
            Msg::ShowNewest => self.ask_newest(&sender),
            Msg::ShowList(list) => {
                self.list.emit(ListMsg::Show(list));
                self.layout.push("list");
            }
            Msg::ShowPage(name) => {
                self.set_searching(false);
                self.layout.show_page(&name);
            }
            Msg::ShowHistory => {
                self.history.emit(HistoryMsg::Show);
                self.layout.push("history");
            }
            Msg::Preferences(page) => self.open_preferences(page, &sender, root),
            Msg::Storage => self.open_storage(&sender, root),
            Msg::Export => Self::ask_where_to_export(&sender, root),
            Msg::Import => Self::ask_what_to_import(&sender, root),
            Msg::ExportTo(file) => self.export(file, &sender),
            Msg::KeepData(id) => self.keep_data(id, &sender),
            Msg::Find => self.find(),
            Msg::Search(on) => self.set_searching(on),
            Msg::SearchFor(text) => {
                self.set_searching(true);
                self.layout.set_search_text(&text);
            }
            Msg::SearchText(text) => self.search.emit(SearchMsg::Text(text)),
            Msg::OpenFirst => self.search.emit(SearchMsg::OpenFirst),
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
            Msg::Ready => self.presence.ready(root),
            Msg::Shortcuts => help::shortcuts(root),
            Msg::About => help::about(root),
            Msg::OpenLink(url) => help::open_link(root, &url),
            Msg::LostDetails => {
                if let Some(failure) = self.lasting_failure() {
                    dialogs::details(root.upcast_ref(), &failure);
                }
            }
            Msg::Connect => self.connect(&sender),
            Msg::OpenGiven(opening) => self.open_given(opening, &sender, root),
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
            Cmd::System(done) => self.system_done(done, &sender, root),
        }
    }
}

impl Window {
    fn set_searching(&mut self, on: bool) {
        self.searching = on;
        self.layout.arrange(self.narrow, on);
        if on {
            self.search.emit(SearchMsg::Enter);
            self.layout.focus_search();
        } else {
            self.search.emit(SearchMsg::Leave);
        }
    }

    /// Tells every page what is known now.
    fn tell_pages(&self) {
        let live = || self.live.clone();
        self.explore.emit(PageMsg::Live(live()));
        self.search.emit(SearchMsg::Live(live()));
        self.installed.emit(InstalledMsg::Live(live()));
        self.updates.emit(PageMsg::Live(live()));
        self.history.emit(HistoryMsg::Live(live()));
        self.show_in_dialogs();
        self.list.emit(ListMsg::Live(live()));
        self.app.emit(AppMsg::Live(live()));
    }

    /// Lets every page read the catalogue again.
    fn reload_pages(&self) {
        self.explore.emit(PageMsg::Reload);
        self.search.emit(SearchMsg::Reload);
        self.installed.emit(InstalledMsg::Reload);
        self.updates.emit(PageMsg::Reload);
        self.list.emit(ListMsg::Reload);
        self.app.emit(AppMsg::Reload);
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
