//! The engine's side of the window: reaching it, and hearing what it says.

use super::{Cmd, Msg, SystemMsg, Window};
use crate::system;
use relm4::adw::prelude::*;
use relm4::gtk::glib;
use relm4::{ComponentSender, adw};
use std::cell::Cell;
use std::sync::Arc;
use std::time::Duration;
use strata_client::{Engine, Link};
use strata_model::settings::Style;
use strata_model::snapshot::Snapshot;
use strata_model::{Attention, Failure, FailureKind, PartKind};
use strata_platform::Environment;
use strata_platform::network::{Network, NetworkMonitor};

/// Snapshots are shown at most this often; the last one always is.
const PAUSE: Duration = Duration::from_millis(60);
/// After this long people want to know what is being waited for.
const LONG: Duration = Duration::from_secs(5);

/// What comes from the engine.
#[derive(Debug)]
pub(crate) enum Heard {
    /// It was reached, or cannot be.
    Connected(Result<Engine, Failure>),
    /// It was to be reached for this long by now.
    Slow,
    /// What it publishes now.
    Snapshot(Arc<Snapshot>),
    /// It went away, or is there again.
    Link(Link),
    /// How the machine's network is.
    Network(Network),
}

impl Window {
    /// The window is on the screen before the engine is woken.
    pub(super) fn connect_when_shown(root: &adw::ApplicationWindow, sender: &ComponentSender<Self>) {
        let first = Cell::new(true);
        let input = sender.input_sender().clone();
        root.connect_is_active_notify(move |root| input.emit(Msg::Look(root.is_active())));
        let sender = sender.input_sender().clone();
        root.connect_map(move |_| {
            if first.replace(false) {
                let sender = sender.clone();
                glib::idle_add_local_once(move || sender.emit(Msg::Connect));
            }
        });
    }

    pub(super) fn connect(&mut self, sender: &ComponentSender<Self>) {
        let environment = Arc::clone(&self.environment);
        sender.oneshot_command(async move { Cmd::Heard(Heard::Connected(Engine::connect(environment).await)) });
        sender.oneshot_command(async move {
            tokio::time::sleep(LONG).await;
            Cmd::Heard(Heard::Slow)
        });
    }

    /// While the person looks at the window nothing is notified.
    pub(super) fn look(&self, looking: bool, sender: &ComponentSender<Self>) {
        let Some(engine) = self.engine.clone() else { return };
        let attention = if looking { Attention::Everything } else { Attention::Nothing };
        sender.command(move |_, shutdown| {
            shutdown
                .register(async move {
                    if let Err(failure) = engine.look(attention).await {
                        tracing::debug!(%failure, "the engine does not know whether it is looked at");
                    }
                })
                .drop_on_shutdown()
        });
    }

    pub(super) fn hear(&mut self, heard: Heard, sender: &ComponentSender<Self>, root: &adw::ApplicationWindow) {
        match heard {
            Heard::Connected(Ok(engine)) => {
                listen(engine.clone(), sender);
                follow_network(Arc::clone(&self.environment), sender);
                self.engine = Some(engine.clone());
                self.live.engine = Some(engine);
                self.live.lost = None;
                self.look(root.is_active(), sender);
                for message in std::mem::take(&mut self.waiting) {
                    sender.input(message);
                }
                self.show_lasting();
            }
            Heard::Connected(Err(failure)) => {
                if !std::mem::take(&mut self.waiting).is_empty() {
                    self.toast_failure(&failure, root);
                }
                self.live.lost = Some(failure);
                self.show_lasting();
                self.tell_pages();
            }
            Heard::Slow if self.engine.is_none() && self.live.lost.is_none() => {
                self.live.lost = Some(Failure::new(FailureKind::EngineSilent, "", ""));
                self.show_lasting();
                self.tell_pages();
            }
            Heard::Slow => {}
            Heard::Link(link) => {
                self.live.lost = match link {
                    Link::Connected => None,
                    Link::Lost(failure) => Some(failure),
                };
                self.show_lasting();
            }
            Heard::Snapshot(snapshot) => self.show_snapshot(snapshot, sender, root),
            Heard::Network(network) => {
                self.live.network = network;
                self.show_lasting();
            }
        }
    }

    fn show_snapshot(
        &mut self,
        snapshot: Arc<Snapshot>,
        sender: &ComponentSender<Self>,
        root: &adw::ApplicationWindow,
    ) {
        let generation = |snapshot: &Arc<Snapshot>| snapshot.catalogue.generation;
        let new = generation(&snapshot);
        if self.live.snapshot.as_ref().map(generation) != Some(new) {
            self.context.reader.reopen(new);
            self.pages.reload();
        }
        // Another engine knows nothing of a system that somebody looks at already.
        let is_other = |before: &Arc<Snapshot>| before.engine != snapshot.engine && before.system.ready;
        if self.live.snapshot.as_ref().is_some_and(is_other) {
            sender.input(Msg::System(SystemMsg::Read));
        }
        set_style(snapshot.settings.appearance.style);
        self.context.images.let_web(snapshot.settings.network.screenshots);
        self.live.snapshot = Some(snapshot);
        self.ask_whose(sender);
        self.layout.busy.set_visible(self.live.is_reading());
        let apps = self.live.wanted_updates().filter(|one| one.kind == PartKind::App).count();
        let system = usize::from(system::offered(&self.live).is_some());
        self.layout.set_updates(apps + system);
        self.show_lasting();
        self.announce_arrival();
        self.tell_pages();
        self.settle(sender, root);
        // What is still too early comes back.
        for message in std::mem::take(&mut self.waiting) {
            sender.input(message);
        }
    }
}

/// Hears what the machine says of its network until the window is gone.
fn follow_network(environment: Arc<Environment>, sender: &ComponentSender<Window>) {
    sender.command(move |out, shutdown| {
        shutdown
            .register(async move {
                let Some(mut monitor) = NetworkMonitor::find(&environment).await else { return };
                while out.send(Cmd::Heard(Heard::Network(monitor.now().await))).is_ok() && monitor.changed().await {}
            })
            .drop_on_shutdown()
    });
}

/// Hears the engine until the window is gone.
fn listen(engine: Engine, sender: &ComponentSender<Window>) {
    sender.command(move |out, shutdown| {
        shutdown
            .register(async move {
                let (mut snapshots, mut link) = (engine.snapshot(), engine.link());
                let say = |heard| out.send(Cmd::Heard(heard)).is_ok();
                let first = snapshots.borrow_and_update().clone();
                let mut going = say(Heard::Snapshot(first));
                while going {
                    tokio::select! {
                        changed = snapshots.changed() => {
                            if changed.is_err() { break }
                            let snapshot = snapshots.borrow_and_update().clone();
                            going = say(Heard::Snapshot(snapshot));
                            tokio::time::sleep(PAUSE).await;
                        }
                        changed = link.changed() => {
                            if changed.is_err() { break }
                            let state = link.borrow_and_update().clone();
                            going = say(Heard::Link(state));
                        }
                    }
                }
            })
            .drop_on_shutdown()
    });
}

fn set_style(style: Style) {
    let manager = adw::StyleManager::default();
    let scheme = match style {
        Style::System => adw::ColorScheme::Default,
        Style::Light => adw::ColorScheme::ForceLight,
        Style::Dark => adw::ColorScheme::ForceDark,
    };
    if manager.color_scheme() != scheme {
        manager.set_color_scheme(scheme);
    }
}
