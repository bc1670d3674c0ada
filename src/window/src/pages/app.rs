//! The page of one app.

mod details;
mod facts;
mod header;
mod near;
mod screenshots;

use crate::context::Context;
use crate::i18n::gettext;
use crate::live::{Key, Live, Place, Work};
use crate::reader::ReadError;
use crate::widgets::state_page;
use content::Content;
use near::Near;
use relm4::adw::prelude::*;
use relm4::{Component, ComponentParts, ComponentSender, adw, gtk};
use strata_model::{App, AppId, Plan, Request, Stop};

mod content;

/// The page. One for all apps: its content is made anew for each.
#[derive(Debug)]
pub(crate) struct AppPage {
    context: Context,
    live: Live,
    id: Option<AppId>,
    app: Option<App>,
    content: Option<Content>,
    /// What is known of the app was asked for in this place, so that it is asked for again only when that changes.
    planned: Option<Place>,
    brand: gtk::CssProvider,
    state: gtk::Stack,
}

/// What the page can be told.
#[derive(Debug)]
pub(crate) enum AppMsg {
    /// Show this app.
    Show(AppId),
    /// Read the catalogue again.
    Reload,
    /// The engine says something.
    Live(Live),
}

/// What the page finds out.
#[derive(Debug)]
pub(crate) enum Answer {
    /// What the catalogue knows of this app.
    App(AppId, Box<Result<Option<App>, ReadError>>),
    /// What getting it, or having it, means.
    Plan(AppId, Box<Result<Plan, Stop>>),
    /// What stands near it.
    Near(AppId, Result<Near, ReadError>),
}

impl Component for AppPage {
    type CommandOutput = Answer;
    type Input = AppMsg;
    type Output = ();
    type Init = Context;
    type Root = adw::NavigationPage;
    type Widgets = ();

    fn init_root() -> Self::Root {
        adw::NavigationPage::builder().tag("app").title("…").build()
    }

    fn init(context: Context, root: Self::Root, _sender: ComponentSender<Self>) -> ComponentParts<Self> {
        let state = gtk::Stack::new();
        let header = adw::HeaderBar::builder().show_title(false).build();
        let view = adw::ToolbarView::builder().content(&state).build();
        view.add_top_bar(&header);
        root.set_child(Some(&view));
        let brand = gtk::CssProvider::new();
        // Below the desktop's own rules, as every style sheet of an application.
        gtk::style_context_add_provider_for_display(
            &WidgetExt::display(&root),
            &brand,
            gtk::STYLE_PROVIDER_PRIORITY_APPLICATION,
        );
        let live = Live::default();
        let model = Self { context, live, id: None, app: None, content: None, planned: None, brand, state };
        ComponentParts { model, widgets: () }
    }

    fn update(&mut self, message: AppMsg, sender: ComponentSender<Self>, root: &Self::Root) {
        match message {
            AppMsg::Show(id) => {
                if self.id.as_ref() != Some(&id) {
                    root.set_title("…");
                    self.clear();
                }
                self.id = Some(id);
                self.read(&sender);
            }
            AppMsg::Reload => self.read(&sender),
            AppMsg::Live(live) => {
                self.live = live;
                self.show_live(&sender);
            }
        }
    }

    fn update_cmd(&mut self, answer: Answer, sender: ComponentSender<Self>, root: &Self::Root) {
        match answer {
            Answer::App(id, app) if self.id.as_ref() == Some(&id) => self.show(*app, root, &sender),
            Answer::Plan(id, plan) if self.id.as_ref() == Some(&id) => self.show_plan(*plan),
            Answer::Near(id, Ok(near)) if self.id.as_ref() == Some(&id) => {
                if let Some(content) = &mut self.content {
                    content.show_near(near);
                }
            }
            Answer::App(..) | Answer::Plan(..) | Answer::Near(..) => {}
        }
    }
}

impl AppPage {
    fn read(&self, sender: &ComponentSender<Self>) {
        let Some(id) = self.id.clone() else { return };
        let question = id.clone();
        let answer = self.context.reader.ask(move |catalogue| catalogue.app(&question));
        sender.oneshot_command(async move { Answer::App(id, Box::new(answer.await)) });
    }

    fn read_near(&self, sender: &ComponentSender<Self>) {
        let (Some(asked), Some(app)) = (self.id.clone(), &self.app) else { return };
        let (id, developer) = (app.head.id.clone(), app.head.developer.clone());
        let answer = self.context.reader.ask(move |catalogue| Near::read(catalogue, &id, &developer));
        sender.oneshot_command(async move { Answer::Near(asked, answer.await) });
    }

    fn show(
        &mut self,
        app: Result<Option<App>, ReadError>,
        root: &adw::NavigationPage,
        sender: &ComponentSender<Self>,
    ) {
        match app {
            Ok(Some(app)) if self.app.as_ref() == Some(&app) => self.read_near(sender),
            Ok(Some(app)) => {
                root.set_title(&app.head.name);
                self.clear();
                self.show_app(app);
                self.show_live(sender);
                self.read_near(sender);
            }
            Ok(None) => {
                let words = gettext("None of the places that you get apps from has it any more.");
                self.show_other(&state_page::empty("edit-find-symbolic", &gettext("App Not Found"), &words));
            }
            Err(ReadError::NotBuilt) => self.show_other(&state_page::loading(&gettext("Reading the lists of apps…"))),
            Err(ReadError::Failed(failure)) => self.show_other(&state_page::failed(&failure)),
        }
    }

    fn show_app(&mut self, app: App) {
        let shots = self.live.snapshot.as_ref().is_none_or(|snapshot| snapshot.settings.network.screenshots);
        let content = Content::new(&app, &self.context, shots);
        self.state.add_named(content.root(), Some("app"));
        self.state.set_visible_child_name("app");
        self.brand.load_from_string(&screenshots::brand(&app.branding));
        self.content = Some(content);
        self.app = Some(app);
    }

    fn show_other(&mut self, other: &adw::StatusPage) {
        self.clear();
        self.state.add_named(other, Some("other"));
        self.state.set_visible_child_name("other");
    }

    fn clear(&mut self) {
        while let Some(child) = self.state.first_child() {
            self.state.remove(&child);
        }
        (self.app, self.content, self.planned) = (None, None, None);
    }

    fn show_live(&mut self, sender: &ComponentSender<Self>) {
        let (Some(app), Some(content)) = (&self.app, &mut self.content) else { return };
        let key = Key::App(app.head.id.clone());
        let state = self.live.state(&key);
        content.show_live(&self.live, &key, &state);
        let place = Some(state.place).filter(|place| *place != Place::Unknown && state.work == Work::Idle);
        if place.is_some() && place != self.planned {
            self.planned = place;
            self.plan(&key, sender);
        }
    }

    /// Asks what getting the app would mean; of an installed app, what it may do.
    fn plan(&self, key: &Key, sender: &ComponentSender<Self>) {
        let (Some(app), Some(engine)) = (&self.app, self.live.engine.clone()) else { return };
        let request = match self.live.find(key) {
            Some(installed) => Some(Request::remove(installed.offer.clone(), false)),
            None => self.live.best_offer(&app.offers).map(|offer| Request::install(offer.id.clone())),
        };
        let Some(request) = request else { return };
        let id = app.head.id.clone();
        sender.oneshot_command(async move { Answer::Plan(id, Box::new(engine.plan(&request).await)) });
    }

    fn show_plan(&mut self, plan: Result<Plan, Stop>) {
        match (plan, &mut self.content) {
            (Ok(plan), Some(content)) => content.show_plan(&plan),
            // What cannot be planned now is not shown; getting the app then says why.
            (Err(stop), _) => tracing::info!(%stop, "what the app needs is not known"),
            (Ok(_), None) => {}
        }
    }
}
