//! The page of one app.

mod details;
mod explain;
mod facts;
mod header;
mod near;
mod notice;
mod offers;
mod screenshots;
mod versions;

use crate::asked::Asked;
use crate::context::Context;
use crate::i18n::gettext;
use crate::live::{Key, Live, Place, Work};
use crate::marks;
use crate::reader::ReadError;
use crate::widgets::state_page;
use content::Content;
use explain::Known;
use facts::Fact;
use near::Near;
use relm4::adw::prelude::*;
use relm4::gtk::{gio, glib};
use relm4::{Component, ComponentParts, ComponentSender, adw, gtk};
use strata_model::{App, AppId, AppSummary, Offer, OfferId, Plan, Request, SourceKind, Stop};

mod content;

/// The page. One for all apps: its content is made anew for each.
#[derive(Debug)]
pub(crate) struct AppPage {
    context: Context,
    live: Live,
    id: Option<AppId>,
    app: Option<App>,
    content: Option<Content>,
    /// The offer that the person chose; without, the policy does.
    chosen: Option<OfferId>,
    /// The plan was asked for in this place and for this offer: it is asked for again only when that changes.
    planned: Option<(Place, Option<OfferId>)>,
    /// The question for it; another one takes its place.
    asked: Option<Asked>,
    /// What came back; `None` as long as nobody knows.
    plan: Option<Result<Plan, Stop>>,
    /// A dialog that waits for it.
    wanted: Option<String>,
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
    /// Take this offer.
    Choose(OfferId),
    /// Open the dialog with this name.
    Dialog(String),
    /// The same once all that it shows is known.
    DialogLater(String),
}

/// What the page finds out.
#[derive(Debug)]
pub(crate) enum Answer {
    /// What the catalogue knows of this app.
    App(AppId, Box<Result<Option<App>, ReadError>>),
    /// What getting it, or having it, means; for the offer that was chosen.
    Plan(AppId, Option<OfferId>, Box<Result<Plan, Stop>>),
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

    fn init(context: Context, root: Self::Root, sender: ComponentSender<Self>) -> ComponentParts<Self> {
        let state = gtk::Stack::new();
        let header = adw::HeaderBar::builder().show_title(false).build();
        let view = adw::ToolbarView::builder().content(&state).build();
        view.add_top_bar(&header);
        root.set_child(Some(&view));
        add_actions(&root, &sender);
        let live = Live::default();
        let model = Self {
            context,
            live,
            id: None,
            app: None,
            content: None,
            chosen: None,
            planned: None,
            asked: None,
            plan: None,
            wanted: None,
            state,
        };
        ComponentParts { model, widgets: () }
    }

    fn update(&mut self, message: AppMsg, sender: ComponentSender<Self>, root: &Self::Root) {
        match message {
            AppMsg::Show(id) => {
                if self.id.as_ref() != Some(&id) {
                    root.set_title("…");
                    self.clear();
                } else if matches!(self.plan, Some(Err(_))) {
                    // Whatever was in the way then.
                    self.planned = None;
                }
                if let Some(content) = &self.content {
                    content.to_top();
                }
                self.id = Some(id);
                self.read(&sender);
            }
            AppMsg::Reload => self.read(&sender),
            AppMsg::Live(live) => {
                let is_news = self.live.why_no_catalogue() != live.why_no_catalogue();
                self.live = live;
                // Only now may it be known that it is installed, or that there is nothing to wait for.
                if self.app.is_none() && (is_news || self.installed_unlisted().is_some()) {
                    self.read(&sender);
                }
                self.show_live(&sender);
            }
            AppMsg::Choose(offer) => {
                self.chosen = Some(offer);
                self.plan = None;
                self.show_live(&sender);
            }
            AppMsg::Dialog(name) => self.show_dialog(&name, root, &sender),
            AppMsg::DialogLater(name) if self.plan.is_some() => self.show_dialog(&name, root, &sender),
            AppMsg::DialogLater(name) => self.wanted = Some(name),
        }
    }

    fn update_cmd(&mut self, answer: Answer, sender: ComponentSender<Self>, root: &Self::Root) {
        match answer {
            Answer::App(id, app) if self.id.as_ref() == Some(&id) => self.show(*app, root, &sender),
            Answer::Plan(id, chosen, plan) if self.id.as_ref() == Some(&id) && self.chosen == chosen => {
                self.set_plan(*plan);
                if let Some(name) = self.wanted.take() {
                    self.show_dialog(&name, root, &sender);
                }
            }
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
                let chosen = self.chosen.take().filter(|chosen| app.offers.iter().any(|offer| offer.id == *chosen));
                self.clear();
                self.chosen = chosen;
                self.show_app(app);
                self.show_live(sender);
                self.read_near(sender);
            }
            Ok(None) if self.installed_unlisted().is_some() => self.show(Ok(self.installed_unlisted()), root, sender),
            Ok(None) => {
                let words = gettext("None of the places that you get apps from has it.");
                self.show_other(&state_page::empty("edit-find-symbolic", &gettext("App Not Found"), &words));
            }
            Err(ReadError::NotBuilt) => self.show_other(&state_page::no_catalogue(&self.live)),
            Err(ReadError::Failed(failure)) => self.show_other(&state_page::failed(&failure)),
        }
    }

    /// What is installed and stands in no list any more has a page with the little that it says itself.
    fn installed_unlisted(&self) -> Option<App> {
        let installed = self.live.find(&Key::App(self.id.clone()?))?;
        AppSummary::of_installed(installed).map(App::new)
    }

    fn show_app(&mut self, app: App) {
        let shots = self.live.snapshot.as_ref().is_none_or(|snapshot| snapshot.settings.network.screenshots);
        let content = Content::new(&app, &self.context, shots);
        self.state.add_named(content.root(), Some("app"));
        self.state.set_visible_child_name("app");
        marks::painted(&self.state, "app");
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
        (self.app, self.content, self.chosen, self.planned, self.plan) = (None, None, None, None, None);
        self.asked = None;
    }

    fn show_live(&mut self, sender: &ComponentSender<Self>) {
        let Some(key) = self.key() else { return };
        let state = self.live.state(&key);
        let place = (state.place, self.chosen.clone());
        if let Some(content) = &mut self.content {
            content.show_live(&self.live, &key, &state);
        }
        // Where the app is may be known before there is anybody to ask.
        let can_ask = self.live.engine.is_some() && place.0 != Place::Unknown && state.work == Work::Idle;
        if can_ask && self.planned.as_ref() != Some(&place) {
            self.planned = Some(place);
            self.ask_plan(&key, sender);
        }
        self.show_facts();
    }

    /// What the page's buttons are about: the app, or the offer that was chosen.
    fn key(&self) -> Option<Key> {
        let app = self.app.as_ref()?;
        Some(match &self.chosen {
            Some(offer) => Key::Offer(offer.clone()),
            None => Key::App(app.head.id.clone()),
        })
    }

    /// Asks what getting the app would mean; of an installed app, what it may do.
    fn ask_plan(&mut self, key: &Key, sender: &ComponentSender<Self>) {
        self.asked = None;
        let (Some(app), Some(engine)) = (&self.app, self.live.engine.clone()) else { return };
        let request = match self.live.find(key) {
            Some(installed) => Some(Request::remove(installed.offer.clone(), false)),
            None => self.offer(app).map(|offer| Request::install(offer.id.clone())),
        };
        let Some(request) = request else { return };
        let (id, chosen, answers) = (app.head.id.clone(), self.chosen.clone(), sender.command_sender().clone());
        if request.offer.source == SourceKind::Package {
            // The update daemon would have to try it, keep others waiting meanwhile, and maybe ask for a password.
            return answers.emit(Answer::Plan(id, chosen, Box::new(Ok(Plan::of_package(&request)))));
        }
        self.asked = Some(Asked::new(async move {
            answers.emit(Answer::Plan(id, chosen, Box::new(engine.plan(&request).await)));
        }));
    }

    fn set_plan(&mut self, plan: Result<Plan, Stop>) {
        if let Err(stop) = &plan {
            // Getting the app then says why.
            tracing::info!(%stop, "what the app needs is not known");
        }
        self.plan = Some(plan);
        self.show_facts();
    }

    fn show_dialog(&self, name: &str, root: &adw::NavigationPage, sender: &ComponentSender<Self>) {
        let (Some(known), Some(content)) = (self.known(), &self.content) else { return };
        let parent: &gtk::Widget = root.upcast_ref();
        if let Some(fact) = Fact::named(name) {
            explain::show(fact, &known, parent);
        } else if let Some(at) = screenshots::picture_named(name) {
            content.open_picture(at, parent);
        } else if name == "versions" {
            versions::sheet(known.app, known.installed).present(parent);
        } else if name == "offers" {
            let input = sender.input_sender().clone();
            let choose = move |offer| input.emit(AppMsg::Choose(offer));
            offers::sheet(&known.app.head.name, known.live, &known.app.offers, known.offer, choose).present(parent);
        }
    }

    fn show_facts(&mut self) {
        // Taken out, because the rest of the page says what is known.
        let Some(mut content) = self.content.take() else { return };
        if let Some(known) = self.known() {
            content.show_facts(&known, matches!(self.plan, Some(Err(_))));
        }
        self.content = Some(content);
    }

    /// What is known of the app that is shown.
    fn known(&self) -> Option<Known<'_>> {
        let app = self.app.as_ref()?;
        let installed = self.live.find(&self.key()?);
        let plan = self.plan.as_ref().and_then(|plan| plan.as_ref().ok());
        let failure = match &self.plan {
            Some(Err(Stop::Failed(failure))) => Some(failure),
            _ => None,
        };
        let (offer, live, context) = (self.offer(app), &self.live, &self.context);
        Some(Known { app, offer, plan, failure, installed, live, context })
    }

    /// The offer that the page is about.
    fn offer<'a>(&self, app: &'a App) -> Option<&'a Offer> {
        let here = self.live.find(&self.key()?).map(|installed| installed.offer.clone());
        let meant = self.chosen.clone().or(here).or_else(|| self.live.best_offer(&app.offers).map(|best| best.id))?;
        app.offers.iter().find(|offer| offer.id == meant)
    }
}

/// The page's own actions.
fn add_actions(root: &adw::NavigationPage, sender: &ComponentSender<AppPage>) {
    let dialog = gio::SimpleAction::new("dialog", Some(glib::VariantTy::STRING));
    let input = sender.input_sender().clone();
    dialog.connect_activate(move |_, name| {
        if let Some(name) = name.and_then(glib::Variant::str) {
            input.emit(AppMsg::Dialog(name.to_owned()));
        }
    });
    let group = gio::SimpleActionGroup::new();
    group.add_action(&dialog);
    root.insert_action_group("app", Some(&group));
}
