//! What a request would do: found out before it is made where it may bring surprises, and asked about where it does.

use super::requests::Done;
use super::update_all::changes_more;
use super::{Cmd, Msg, Window};
use crate::asked::Asked;
use crate::live::{self, Key};
use crate::widgets::dialogs;
use relm4::adw::prelude::*;
use relm4::{ComponentSender, adw};
use std::collections::BTreeMap;
use std::sync::Arc;
use strata_client::Engine;
use strata_model::{Action, Failure, FailureKind, Plan, Request, SourceKind, Stop};

/// What is being found out, each until its answer is there or nobody wants it any more.
pub(super) type Planning = BTreeMap<Key, Asked>;

impl Window {
    pub(super) fn plan_getting(&mut self, key: Key, engine: Engine, sender: &ComponentSender<Self>) {
        let (reader, live, of) = (self.context.reader.clone(), self.live.clone(), key.clone());
        let plan = async move {
            let request = match &of {
                Key::Offer(offer) => {
                    let question = offer.clone();
                    let found = reader.ask(move |catalogue| catalogue.offer(&question)).await.ok().flatten();
                    // A package is called as it is named, and nothing else knows what else to call it.
                    let unlisted = if offer.source == SourceKind::Package { &*offer.reference } else { "" };
                    let name = found.map_or_else(|| unlisted.to_owned(), |found| found.name);
                    Some(Request::install(offer.clone()).named(&name))
                }
                Key::App(id) => {
                    let question = id.clone();
                    let app = reader.ask(move |catalogue| catalogue.app(&question)).await.ok().flatten();
                    app.and_then(|app| {
                        let offer = live.best_offer(&app.offers)?;
                        Some(Request::install(offer.id).named(&app.head.name))
                    })
                }
            };
            match request {
                Some(request) => engine.plan(&request).await.map_err(|stop| called_by_name(stop, &request)),
                None => Err(Failure::new(FailureKind::NotFound, subject(&of), "not in the catalogue").into()),
            }
        };
        self.plan(key, plan, sender);
    }

    pub(super) fn plan_switching(&mut self, from: &Key, to: Key, engine: Engine, sender: &ComponentSender<Self>) {
        let (Some(installed), Key::Offer(offer)) = (self.live.find(from), to.clone()) else { return };
        let name = self.live.name_of(installed);
        let request = Request::switch(installed.offer.clone(), offer, false).named(name);
        self.plan(to, async move { engine.plan(&request).await }, sender);
    }

    pub(super) fn update_one(&mut self, key: &Key, engine: Engine, sender: &ComponentSender<Self>) {
        let Some(update) = self.live.find_update(key) else { return };
        let request = Request::update(update.offer.clone()).named(&update.name);
        if !changes_more(update) {
            sender.input(Msg::Submit(vec![request]));
            return;
        }
        self.plan(key.clone(), async move { engine.plan(&request).await }, sender);
    }

    fn ask_or_submit(plan: &Plan, sender: &ComponentSender<Self>, root: &adw::ApplicationWindow) {
        let more = plan.request.action == Action::Update && !plan.new_permissions().is_empty();
        let request = plan.request.clone();
        if plan.warnings.is_empty() && !more {
            sender.input(Msg::Submit(vec![request]));
            return;
        }
        let sender = sender.input_sender().clone();
        dialogs::plan(root.upcast_ref(), plan, move |delete_data| {
            sender.emit(Msg::Submit(vec![Request { delete_data, ..request.clone() }]));
        });
    }

    /// What was found out, unless it was given up meanwhile.
    pub(super) fn planned(
        &mut self,
        key: Key,
        plan: Result<Plan, Stop>,
        sender: &ComponentSender<Self>,
        root: &adw::ApplicationWindow,
    ) {
        if !self.stop_planning(&key) {
            return;
        }
        match plan {
            Ok(plan) => Self::ask_or_submit(&plan, sender, root),
            Err(Stop::Cancelled) => {}
            Err(Stop::Failed(failure)) => {
                let again = if self.live.find_update(&key).is_some() { Msg::Update(key) } else { Msg::Get(key) };
                self.toast_again(&failure, again, sender, root);
            }
        }
    }

    /// Gives up what is being found out; `false` if it was not.
    pub(super) fn stop_planning(&mut self, key: &Key) -> bool {
        let was_planned = self.planning.remove(key).is_some();
        self.show_planning();
        was_planned
    }

    fn plan(
        &mut self,
        key: Key,
        plan: impl Future<Output = Result<Plan, Stop>> + Send + 'static,
        sender: &ComponentSender<Self>,
    ) {
        let (out, of) = (sender.command_sender().clone(), key.clone());
        let asked = Asked::new(async move { out.emit(Cmd::Done(Done::Planned(of, Box::new(plan.await)))) });
        self.planning.insert(key, asked);
        self.show_planning();
    }

    fn show_planning(&mut self) {
        self.live.asking = Arc::new(self.planning.keys().cloned().collect());
        self.tell_pages();
    }
}

fn called_by_name(stop: Stop, request: &Request) -> Stop {
    match stop {
        Stop::Failed(failure) => Stop::Failed(live::named(request, &failure)),
        Stop::Cancelled => Stop::Cancelled,
    }
}

fn subject(key: &Key) -> &str {
    match key {
        Key::App(id) => id.as_str(),
        Key::Offer(offer) => &offer.reference,
    }
}
