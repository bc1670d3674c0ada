//! What a person asks for.

use crate::{OfferId, Question, ShownOrigin, SourceKind};
use serde::{Deserialize, Serialize};
use zvariant::Type;

/// The verbs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, Type)]
#[serde(rename_all = "kebab-case")]
#[zvariant(signature = "s")]
pub enum Action {
    /// Install the offer.
    Install,
    /// Install what a file or address describes (`.flatpakref`, `.flatpak`).
    InstallFile,
    /// Bring the installed offer to its newest version.
    Update,
    /// Fetch the newest version of the installed offer, and leave what is installed as it is.
    Download,
    /// Bring back the version that an update took the place of.
    GoBack,
    /// Remove the installed offer.
    Remove,
    /// Remove what nothing needs any more, in the offer's scope.
    RemoveUnused,
    /// Read the origins anew.
    Refresh,
    /// Add the origin that `location` describes.
    AddOrigin,
    /// Remove the origin.
    RemoveOrigin,
    /// Use the origin again.
    EnableOrigin,
    /// Keep the origin, but do not use it.
    DisableOrigin,
    /// Give the origin another priority among the others.
    PrioritiseOrigin,
    /// Keep the installed offer at its version until it is released.
    Hold,
    /// Let the installed offer be updated again.
    Release,
    /// Remove what an app that is gone has stored.
    RemoveData,
    /// Bring a package of the system's image, which was removed or replaced, back as the image has it.
    Reset,
    /// Ask what is newer than the system.
    CheckSystem,
    /// Download the newest system, with everything that is layered, and stage it.
    UpdateSystem,
    /// Stage a version of the system, which is the reference.
    DeploySystem,
    /// Start the deployment before at the next start; once more undoes it.
    RollBack,
    /// Throw away what is staged.
    Discard,
    /// Bring what is staged into the running system.
    ApplyLive,
    /// Keep a deployment, whose id is the reference, until it is unpinned.
    Pin,
    /// Let a deployment go with the others.
    Unpin,
}

impl Action {
    /// It is about the system as a whole, and not about an app, a package or an origin.
    pub const fn is_of_system(self) -> bool {
        use Action::{ApplyLive, CheckSystem, DeploySystem, Discard, Pin, RollBack, Unpin, UpdateSystem};
        matches!(self, CheckSystem | UpdateSystem | DeploySystem | RollBack | Discard | ApplyLive | Pin | Unpin)
    }
}

/// One thing to do. Made by its constructors, which say what each verb needs. The history keeps requests as JSON: a field
/// that comes later has a default there, so that what older versions wrote stays readable.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, Type)]
#[expect(clippy::struct_excessive_bools, reason = "each belongs to a verb of its own")]
pub struct Request {
    /// The verb.
    pub action: Action,
    /// What to do it to. For actions on an origin the reference is empty, for actions on a scope the origin too.
    pub offer: OfferId,
    /// The name to show for it, empty if none is known yet.
    #[serde(default)]
    pub name: String,
    /// Path or address, for [`Action::InstallFile`] and [`Action::AddOrigin`]; what to note, for [`Action::Pin`].
    #[serde(default)]
    pub location: String,
    /// With [`Action::Remove`]: the person's data too.
    #[serde(default)]
    pub delete_data: bool,
    /// For [`Action::PrioritiseOrigin`]: greater comes first.
    #[serde(default)]
    pub priority: i32,
    /// For layered packages: bring them into the running system as well, without a restart.
    #[serde(default)]
    pub live: bool,
    /// With [`Action::Install`]: what is installed, and goes once the offer is there. With `delete_data` the person's data of
    /// that go too. With [`Action::InstallFile`]: the installed AppImage that the file is another version of, and takes the
    /// place of.
    #[serde(default)]
    pub replaces: Option<OfferId>,
    /// With [`Action::InstallFile`]: the file becomes an app beside what it is another version of, and its plan says so.
    #[serde(default)]
    pub beside: bool,
    /// What the person said yes to, in its written form, empty if nothing: with [`Action::Update`], and with what
    /// a file takes the place of, a [`Question`](crate::Question), with [`Action::AddOrigin`] the [`ShownOrigin`](crate::ShownOrigin).
    #[serde(default)]
    pub accepted: String,
    /// Nobody asked for it at this moment, so nobody is asked anything: no password, no login.
    #[serde(default)]
    pub unattended: bool,
}

impl Request {
    fn new(action: Action, offer: OfferId) -> Self {
        let (name, location) = (String::new(), String::new());
        Self {
            action,
            offer,
            name,
            location,
            delete_data: false,
            priority: 0,
            live: false,
            replaces: None,
            beside: false,
            accepted: String::new(),
            unattended: false,
        }
    }

    /// Install an offer.
    pub fn install(offer: OfferId) -> Self {
        Self::new(Action::Install, offer)
    }

    /// Have an offer in the place of another one that is installed, whose data go too or stay.
    pub fn switch(installed: OfferId, offer: OfferId, delete_data: bool) -> Self {
        Self { replaces: Some(installed), delete_data, ..Self::install(offer) }
    }

    /// Update what is installed.
    pub fn update(offer: OfferId) -> Self {
        Self::new(Action::Update, offer)
    }

    /// Fetch the newest version of what is installed.
    pub fn download(offer: OfferId) -> Self {
        Self::new(Action::Download, offer)
    }

    /// Remove what is installed, with the person's data or without.
    pub fn remove(offer: OfferId, delete_data: bool) -> Self {
        Self { delete_data, ..Self::new(Action::Remove, offer) }
    }

    /// Remove what nothing needs in a scope.
    pub fn remove_unused(source: SourceKind, scope: &str) -> Self {
        Self::new(Action::RemoveUnused, scope_of(source, scope, ""))
    }

    /// Install what a file or address describes.
    pub fn install_file(source: SourceKind, scope: &str, location: &str) -> Self {
        Self { location: location.to_owned(), ..Self::new(Action::InstallFile, scope_of(source, scope, "")) }
    }

    /// The same, and what is installed stays as it is.
    #[must_use]
    pub fn beside(self) -> Self {
        Self { replaces: None, beside: true, ..self }
    }

    /// Read the origins of a source anew.
    pub fn refresh(source: SourceKind) -> Self {
        Self::new(Action::Refresh, scope_of(source, "", ""))
    }

    /// Add an origin under a name; the name may be empty where the file brings its own.
    pub fn add_origin(source: SourceKind, scope: &str, name: &str, location: &str) -> Self {
        Self { location: location.to_owned(), ..Self::new(Action::AddOrigin, scope_of(source, scope, name)) }
    }

    /// Remove, enable or disable an origin.
    pub fn change_origin(action: Action, source: SourceKind, scope: &str, name: &str) -> Self {
        Self::new(action, scope_of(source, scope, name))
    }

    /// Give an origin another priority; greater comes first.
    pub fn prioritise_origin(source: SourceKind, scope: &str, name: &str, priority: i32) -> Self {
        Self { priority, ..Self::change_origin(Action::PrioritiseOrigin, source, scope, name) }
    }

    /// Keep what is installed at its version.
    pub fn hold(offer: OfferId) -> Self {
        Self::new(Action::Hold, offer)
    }

    /// Let what is installed be updated again.
    pub fn release(offer: OfferId) -> Self {
        Self::new(Action::Release, offer)
    }

    /// Bring back the version that an update took the place of.
    pub fn go_back(offer: OfferId) -> Self {
        Self::new(Action::GoBack, offer)
    }

    /// Remove what an app that is gone has stored; `id` is the app's. Data are the person's own, so are they here.
    pub fn remove_data(source: SourceKind, id: &str) -> Self {
        Self::new(Action::RemoveData, OfferId { reference: id.to_owned(), ..scope_of(source, "user", "") })
    }

    /// Bring a package of the image back as the image has it.
    pub fn reset(package: &str) -> Self {
        Self::system(Action::Reset, package)
    }

    /// Something about the system as a whole. The reference is a deployment's id for [`Action::Pin`] and
    /// [`Action::Unpin`], a version for [`Action::DeploySystem`], else empty.
    pub fn system(action: Action, reference: &str) -> Self {
        Self::new(action, OfferId::package(reference))
    }

    /// Keep a deployment, by its id, and note something of it.
    pub fn pin(deployment: &str, note: &str) -> Self {
        Self { location: note.to_owned(), ..Self::system(Action::Pin, deployment) }
    }

    /// What is asked, without the name to show and who asked: two requests ask for the same if this is the same.
    #[must_use]
    pub fn asked(&self) -> Self {
        Self { unattended: false, ..self.clone().named("") }
    }

    /// The same, and nobody is there to be asked.
    #[must_use]
    pub fn unattended(self) -> Self {
        Self { unattended: true, ..self }
    }

    /// The same, with a yes to what stopped it.
    #[must_use]
    pub fn accepting(self, question: &Question) -> Self {
        Self { accepted: question.to_string(), ..self }
    }

    /// The same, with a yes to the origin as it was shown: another one is not added.
    #[must_use]
    pub fn agreeing_to(self, shown: &ShownOrigin) -> Self {
        Self { accepted: shown.to_string(), ..self }
    }

    /// It says yes to nothing, or to what its action asks about.
    pub fn accepts_what_is_asked(&self) -> bool {
        let text = &self.accepted;
        text.is_empty()
            || match self.action {
                Action::Update => Question::read(text).is_some(),
                Action::InstallFile => self.replaces.is_some() && Question::read(text).is_some(),
                Action::AddOrigin => ShownOrigin::read(text).is_some(),
                _ => false,
            }
    }

    /// The same, with a name to show.
    #[must_use]
    pub fn named(mut self, name: &str) -> Self {
        name.clone_into(&mut self.name);
        self
    }
}

fn scope_of(source: SourceKind, scope: &str, origin: &str) -> OfferId {
    OfferId { source, scope: scope.to_owned(), origin: origin.to_owned(), reference: String::new() }
}
