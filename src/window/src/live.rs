//! What the engine says right now, as the pages ask for it: how is this app?

mod key;

use crate::sentence;
pub(crate) use key::Key;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use strata_client::Engine;
use strata_model::listed;
use strata_model::settings::Sources;
use strata_model::snapshot::Snapshot;
use strata_model::{
    Action, AppId, Failure, Installed, Offer, OfferId, PartKind, Progress, Request, SourceKind, Task, TaskId,
    TaskState, Update,
};
use strata_platform::network::Network;

/// What the engine says right now. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub(crate) struct Live {
    /// The engine, once it is reached.
    pub(crate) engine: Option<Engine>,
    /// The engine's snapshot, once there is one.
    pub(crate) snapshot: Option<Arc<Snapshot>>,
    /// What is installed, as far as it is known without the engine.
    pub(crate) known: Option<Arc<Vec<Installed>>>,
    /// The apps that offers are of which tell nobody so: of packages, and of AppImages that a list has. Of what is installed
    /// or worked on.
    pub(crate) whose: Arc<BTreeMap<OfferId, Whose>>,
    /// What is being planned for this window.
    pub(crate) asking: Arc<BTreeSet<Key>>,
    /// Why the engine cannot be reached, if so.
    pub(crate) lost: Option<Failure>,
    /// What the machine says of its network.
    pub(crate) network: Network,
}

/// The app that an offer is of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Whose {
    /// Its id.
    pub(crate) app: AppId,
    /// Its name, which is seldom the package's.
    pub(crate) name: String,
}

/// The offer, if only the catalogue knows which app it is of.
pub(crate) fn unnamed(offer: &OfferId) -> Option<OfferId> {
    match offer.source {
        SourceKind::Package => Some(OfferId::package(&offer.reference)),
        SourceKind::AppImage => Some(offer.clone()).filter(|offer| !offer.origin.is_empty()),
        SourceKind::Flatpak => None,
    }
}

/// How an app is.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub(crate) struct AppState {
    /// Whether it is there.
    pub(crate) place: Place,
    /// What is being done about it.
    pub(crate) work: Work,
    /// It is kept at its version.
    pub(crate) held: bool,
    /// It can be kept at its version: packages go along with the system.
    pub(crate) can_be_held: bool,
    /// The version before can be brought back.
    pub(crate) can_go_back: bool,
    /// It has settings of its own here.
    pub(crate) has_settings: bool,
}

/// Whether an app is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// Nobody knows yet.
    Unknown,
    /// It is not installed.
    Absent,
    /// It is installed.
    Installed,
    /// It is installed, and there is a newer one.
    Updatable,
    /// It is layered, and comes with the next restart.
    Waiting,
    /// It is layered on a version that does not come with a restart until whoever made it lets it go.
    HeldBack,
}

impl Place {
    /// It can be removed.
    pub(crate) const fn is_here(self) -> bool {
        matches!(self, Self::Installed | Self::Updatable | Self::Waiting | Self::HeldBack)
    }
}

/// What is being done about an app.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Work {
    /// Nothing.
    Idle,
    /// It is being found out what would have to be done.
    Asking,
    /// A task is on its way.
    Running(Running),
    /// The last task failed.
    Failed(TaskId, Failure),
}

/// A task on its way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Running {
    /// Its number.
    pub(crate) task: TaskId,
    /// What was asked.
    pub(crate) action: Action,
    /// How far it is.
    pub(crate) state: TaskState,
    /// What has been done of it.
    pub(crate) progress: Progress,
}

impl Live {
    /// What is installed; `None` if nobody knows yet.
    pub(crate) fn installed(&self) -> Option<&[Installed]> {
        match &self.snapshot {
            Some(snapshot) if is_ready(snapshot) => Some(&snapshot.installed),
            _ => self.known.as_ref().map(|known| known.as_slice()),
        }
    }

    /// What could be newer; `None` if nobody knows yet.
    pub(crate) fn updates(&self) -> Option<&[Update]> {
        self.snapshot.as_ref().filter(|snapshot| is_ready(snapshot)).map(|snapshot| snapshot.updates.as_slice())
    }

    /// How it is.
    pub(crate) fn state(&self, key: &Key) -> AppState {
        let found = self.find(key);
        let held = found.is_some_and(|installed| installed.held);
        let can_be_held = found.is_none_or(|installed| installed.offer.source == SourceKind::Flatpak);
        let can_go_back = found.is_some_and(|installed| installed.previous.is_some());
        let has_settings = found.is_some_and(|installed| installed.offer.source == SourceKind::AppImage);
        AppState { place: self.place(key), work: self.work(key), held, can_be_held, can_go_back, has_settings }
    }

    /// The installed thing that the key means.
    pub(crate) fn find(&self, key: &Key) -> Option<&Installed> {
        let apps = |one: &&Installed| one.kind == PartKind::App || matches!(key, Key::Offer(_));
        let apart = self.installed()?.iter().filter(apps).find(|one| key.is_offer(&one.offer, &one.id));
        // What goes by itself comes before what goes with the system.
        apart.or_else(|| self.installed()?.iter().find(|one| self.is_of(key, &one.offer)))
    }

    /// The update that the key means, if nobody holds it back.
    pub(crate) fn find_update(&self, key: &Key) -> Option<&Update> {
        self.updates()?.iter().find(|one| !one.held && key.is_offer(&one.offer, &one.id))
    }

    /// The updates that Update All is about: what is held is left out.
    pub(crate) fn wanted_updates(&self) -> impl Iterator<Item = &Update> {
        self.updates().unwrap_or_default().iter().filter(|one| !one.held)
    }

    /// A task by its number.
    pub(crate) fn task(&self, id: TaskId) -> Option<&Task> {
        self.snapshot.as_ref()?.tasks.iter().find(|task| task.id == id)
    }

    /// Some task that reads the origins anew is on its way.
    pub(crate) fn refreshing(&self) -> bool {
        let refresh = |task: &Task| task.request.action == Action::Refresh && !task.state.is_final();
        self.snapshot.as_ref().is_some_and(|snapshot| snapshot.tasks.iter().any(refresh))
    }

    /// What asks for news: every origin, the lists of AppImages, and where those that are here come from.
    pub(crate) fn refreshes(&self) -> Vec<Request> {
        let snapshot = self.snapshot.as_ref();
        let is_app_image = |part: &Installed| part.offer.source == SourceKind::AppImage;
        let has_app_images =
            snapshot.is_some_and(|now| now.settings.fetch_appimage_lists() || now.installed.iter().any(is_app_image));
        let sources = [SourceKind::Flatpak].into_iter().chain(has_app_images.then_some(SourceKind::AppImage));
        sources.map(Request::refresh).collect()
    }

    /// The offer to take: the best one, in the installation that the person prefers if it is to be had there too.
    pub(crate) fn best_offer(&self, offers: &[Offer]) -> Option<Offer> {
        self.arranged(offers).into_iter().find(Offer::is_installable)
    }

    /// The ways to get an app, in the order of the policy and of the person's wishes.
    pub(crate) fn arranged(&self, offers: &[Offer]) -> Vec<Offer> {
        let mut offers = offers.to_vec();
        if let Some(snapshot) = &self.snapshot {
            snapshot.settings.sources.arrange(&mut offers);
        }
        offers
    }

    /// Where apps come from, as the settings have it.
    pub(crate) fn sources(&self) -> Sources {
        self.snapshot.as_ref().map_or_else(Sources::default, |snapshot| snapshot.settings.sources.clone())
    }

    /// An origin's title for people, or its name.
    pub(crate) fn origin_title(&self, scope: &str, name: &str) -> String {
        let origins = self.snapshot.iter().flat_map(|snapshot| &snapshot.origins);
        let mut known =
            origins.filter(|origin| origin.scope == scope && origin.name == name).map(|origin| &origin.title);
        let title = known.find(|title| !title.is_empty()).cloned();
        title.unwrap_or_else(|| listed::title(name).unwrap_or(name).to_owned())
    }

    /// The lists of apps are being read.
    pub(crate) fn is_reading(&self) -> bool {
        self.refreshing() || self.snapshot.as_ref().is_some_and(|snapshot| snapshot.catalogue.building)
    }

    /// Why there are no lists of apps to show, if none are on their way.
    pub(crate) fn why_no_catalogue(&self) -> Option<&Failure> {
        match &self.snapshot {
            None => self.lost.as_ref(),
            Some(_) if self.is_reading() => None,
            Some(snapshot) => snapshot.catalogue.failure.as_ref(),
        }
    }

    /// It is known which origins there are, and none of them lists apps.
    pub(crate) fn has_no_origins(&self) -> bool {
        let listed = |snapshot: &Arc<Snapshot>| snapshot.origins.iter().any(|origin| origin.listed);
        self.installed().is_some() && !self.snapshot.as_ref().is_some_and(listed)
    }

    /// Nothing was installed, removed or published in between.
    pub(crate) fn same_places(&self, other: &Self) -> bool {
        self.installed() == other.installed() && self.updates() == other.updates()
    }

    /// What it is called: as an app, where it is one.
    pub(crate) fn name_of<'a>(&'a self, one: &'a Installed) -> &'a str {
        self.whose(&one.offer).map_or(&one.name, |app| &app.name)
    }

    fn whose(&self, offer: &OfferId) -> Option<&Whose> {
        self.whose.get(&unnamed(offer)?)
    }

    /// It is this app's, as the catalogue says.
    fn is_of(&self, key: &Key, offer: &OfferId) -> bool {
        matches!(key, Key::App(app) if self.whose(offer).is_some_and(|one| one.app == *app))
    }

    /// It is layered on what comes with the next restart, and on nothing that runs.
    fn waits(&self, one: &Installed) -> bool {
        let booted = self.snapshot.as_ref().and_then(|snapshot| snapshot.system.system.booted());
        one.kind == PartKind::Package
            && booted.is_some_and(|booted| {
                let layered = [&booted.requested, &booted.layered, &booted.local];
                booted.live.is_empty() && !layered.iter().any(|names| names.contains(&one.offer.reference))
            })
    }

    fn place(&self, key: &Key) -> Place {
        if self.installed().is_none() {
            Place::Unknown
        } else if self.find_update(key).is_some() {
            Place::Updatable
        } else {
            self.find(key).map_or(Place::Absent, |one| self.place_of(one))
        }
    }

    fn place_of(&self, one: &Installed) -> Place {
        match self.waits(one) {
            true if self.is_held_back() => Place::HeldBack,
            true => Place::Waiting,
            false => Place::Installed,
        }
    }

    /// What is ready does not come with a restart.
    pub(crate) fn is_held_back(&self) -> bool {
        self.snapshot.as_ref().is_some_and(|snapshot| snapshot.system.system.held_back().is_some())
    }

    fn work(&self, key: &Key) -> Work {
        let about = |task: &&Task| {
            let offer = &task.request.offer;
            let is_meant = key.is_offer(offer, reference_id(&offer.reference)) || self.is_of(key, offer);
            is_meant && is_about_app(task.request.action)
        };
        let tasks = self.snapshot.iter().flat_map(|snapshot| &snapshot.tasks).filter(about);
        let last = tasks.max_by_key(|task| (!task.state.is_final(), task.id));
        match last {
            Some(task) if !task.state.is_final() => Work::Running(Running {
                task: task.id,
                action: task.request.action,
                state: task.state,
                progress: task.progress,
            }),
            _ if self.asking.contains(key) => Work::Asking,
            Some(Task { id, request, state: TaskState::Failed, failure: Some(failure), .. }) => {
                Work::Failed(*id, named(request, failure))
            }
            _ => Work::Idle,
        }
    }
}

/// What is shown in the place of an app's button while it is done.
pub(crate) const fn is_about_app(action: Action) -> bool {
    use Action::{Download, Install, InstallFile, Remove, Update};
    matches!(action, Install | InstallFile | Update | Download | Remove)
}

/// The failure of a request, in which the app is called by its name.
pub(crate) fn named(request: &Request, failure: &Failure) -> Failure {
    sentence::named(failure, reference_id(&request.offer.reference), &request.name)
}

/// A source is not ready while the engine still reads it; one that failed never becomes ready.
pub(crate) fn is_ready(snapshot: &Snapshot) -> bool {
    snapshot.sources.iter().all(|source| source.ready || source.failure.is_some())
}

/// The id within a Flatpak's reference, `app/ID/arch/branch`.
pub(crate) fn reference_id(reference: &str) -> &str {
    reference.split('/').nth(1).unwrap_or(reference)
}

#[cfg(test)]
mod tests;
