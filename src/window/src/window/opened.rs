//! Files and addresses that were opened with Strata: shown first, done on yes.

use super::requests::Done;
use super::{Cmd, Msg, Window};
use crate::i18n::{gettext, gettext_f};
use crate::live::reference_id;
use crate::opening::{self, Opening};
use crate::reader::Reader;
use crate::widgets::dialogs;
use crate::widgets::opened::{self, Answer};
use relm4::adw::prelude::*;
use relm4::gtk::gdk;
use relm4::{ComponentSender, adw, gtk};
use std::ffi::OsStr;
use std::path::Path;
use strata_client::Engine;
use strata_model::plan::Plan;
use strata_model::{AppId, OfferId, PartKind, Request, SourceKind, Stop};

impl Window {
    /// Files that are dropped on the window are opened.
    pub(super) fn take_drops(root: &adw::ApplicationWindow, sender: &ComponentSender<Self>) {
        let target = gtk::DropTarget::new(gdk::FileList::static_type(), gdk::DragAction::COPY);
        let sender = sender.input_sender().clone();
        target.connect_drop(move |_, value, _, _| {
            let Ok(list) = value.get::<gdk::FileList>() else { return false };
            for file in list.files() {
                sender.emit(Msg::OpenGiven(opening::read(OsStr::new(file.uri().as_str()), Path::new("/"))));
            }
            true
        });
        root.add_controller(target);
    }

    pub(super) fn open_given(&self, opening: Opening, sender: &ComponentSender<Self>) {
        match opening {
            Opening::App(id) => sender.input(Msg::ShowApp(id)),
            Opening::Install(location) => {
                self.say_looking(&location);
                sender.input(Msg::PlanFile(location));
            }
            Opening::AddOrigin(location) => sender.input(Msg::OpenOrigin(location)),
            Opening::Unknown(text) => {
                let name = opened::file_name(&text);
                self.say_shortly(&gettext_f("Strata does not know how to open “{name}”", &[("name", name)]));
            }
        }
    }

    pub(super) fn plan_file(&self, location: &str, engine: Engine, sender: &ComponentSender<Self>) {
        let request = match opening::source(location) {
            SourceKind::AppImage => {
                Request::install_file(SourceKind::AppImage, &OfferId::app_image("", "").scope, location)
            }
            source => Request::install_file(source, self.usual_scope(), location),
        };
        let reader = self.context.reader.clone();
        sender.oneshot_command(async move {
            let plan = match engine.plan(&request).await {
                Ok(plan) => Ok(named(plan, &reader).await),
                stopped => stopped,
            };
            Cmd::Done(Done::PlannedFile(Box::new(plan)))
        });
    }

    pub(super) fn ask_about_file(
        &self,
        plan: Result<Plan, Stop>,
        sender: &ComponentSender<Self>,
        root: &adw::ApplicationWindow,
    ) {
        self.say_no_looking();
        match plan {
            Ok(plan) if plan.steps.is_empty() => {
                self.say_shortly(&gettext("There is nothing to install from this file"));
            }
            Ok(plan) => {
                let (sender, request) = (sender.input_sender().clone(), plan.request.clone());
                opened::ask_installing(root.upcast_ref(), &plan, move |answer| {
                    sender.emit(match answer {
                        Answer::Install => Msg::Submit(vec![request.clone()]),
                        Answer::KeepBoth => Msg::Submit(vec![request.clone().beside()]),
                        Answer::RunOnce => Msg::RunOnce(request.location.clone()),
                    });
                });
            }
            Err(Stop::Cancelled) => {}
            // It was opened for this, and there is no other place to say it.
            Err(Stop::Failed(failure)) => dialogs::details(root.upcast_ref(), &failure),
        }
    }

    pub(super) fn plan_origin(&self, location: &str, engine: Engine, sender: &ComponentSender<Self>) {
        self.say_looking(location);
        let request = Request::add_origin(SourceKind::Flatpak, self.usual_scope(), "", location);
        sender.oneshot_command(async move {
            let plan = engine.plan(&request).await;
            Cmd::Done(Done::PlannedOrigin(Box::new(plan)))
        });
    }

    pub(super) fn ask_about_origin(
        &self,
        plan: Result<Plan, Stop>,
        sender: &ComponentSender<Self>,
        root: &adw::ApplicationWindow,
    ) {
        self.say_no_looking();
        match plan {
            Ok(Plan { request, origin: Some(origin), .. }) => {
                let sender = sender.input_sender().clone();
                opened::ask_adding(root, &origin, move || {
                    sender.emit(Msg::Submit(vec![request.clone()]));
                });
            }
            Ok(_) | Err(Stop::Cancelled) => {}
            Err(Stop::Failed(failure)) => dialogs::details(root.upcast_ref(), &failure),
        }
    }

    /// Says that something is looked at, until that is over.
    fn say_looking(&self, location: &str) {
        let words = gettext_f("Looking at “{name}”…", &[("name", opened::file_name(location))]);
        let toast = adw::Toast::builder().title(words).use_markup(false).timeout(0).build();
        self.toast(toast.clone());
        if let Some(before) = self.looking.replace(Some(toast)) {
            before.dismiss();
        }
    }

    fn say_no_looking(&self) {
        if let Some(looking) = self.looking.take() {
            looking.dismiss();
        }
    }

    fn say_shortly(&self, words: &str) {
        self.toast(adw::Toast::builder().title(words).use_markup(false).build());
    }

    /// Where new things go: as the settings say.
    pub(super) fn usual_scope(&self) -> &'static str {
        let settings = self.live.snapshot.as_ref().map(|snapshot| snapshot.settings.sources.installation);
        settings.unwrap_or_default().scope()
    }
}

/// The plan under the name of what it is about: a file may say only a reference, the catalogue may know its app.
async fn named(plan: Plan, reader: &Reader) -> Plan {
    let steps = &plan.steps;
    let main = steps.iter().find(|step| step.kind == PartKind::App).or(steps.last());
    let id = main.map(|step| reference_id(&step.reference)).unwrap_or_default().to_owned();
    let app = match AppId::new(&id) {
        Ok(id) => reader.ask(move |catalogue| catalogue.app(&id)).await.ok().flatten(),
        Err(_) => None,
    };
    let said = Some(plan.request.name.clone()).filter(|name| !name.is_empty());
    let name = said.or(app.map(|app| app.head.name)).unwrap_or(id);
    Plan { request: plan.request.named(&name), ..plan }
}
