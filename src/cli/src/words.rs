//! What actions, parts and permissions are called in front of people.

use crate::text::{clean, gettext_f};
use gettextrs::gettext;
use strata_model::order::Why;
use strata_model::permitted::Name;
use strata_model::plan::{StepChange, Warning, WarningKind};
use strata_model::settings::Sources;
use strata_model::system_update::PackageChangeKind;
use strata_model::{
    Action, Obstacle, Offer, PartKind, Permission, Request, Severity, SourceKind, Stage, TaskState, marked,
};

/// What a request is about, in a few words: the name, else whatever names it.
pub(crate) fn subject(request: &Request) -> String {
    let offer = &request.offer;
    let last = match request.action {
        Action::RemoveUnused | Action::Refresh => source(offer.source),
        _ => "",
    };
    let named = [&*request.name, short(&offer.reference), &offer.origin, &request.location, last];
    clean(named.into_iter().find(|name| !name.is_empty()).unwrap_or_default())
}

/// The part of a reference that people know: `org.gnome.Chess` of `app/org.gnome.Chess/x86_64/stable`.
pub(crate) fn short(reference: &str) -> &str {
    reference.split('/').nth(1).unwrap_or(reference)
}

/// The source's own name.
pub(crate) fn source(source: SourceKind) -> &'static str {
    match source {
        SourceKind::Flatpak => "Flatpak",
        SourceKind::AppImage => "AppImage",
        SourceKind::Package => "Package",
    }
}

/// What would be done, as a heading.
pub(crate) fn intention(request: &Request) -> String {
    let sentence = match request.action {
        Action::Install if request.replaces.is_some() => marked("Switch {name} to {source}"),
        Action::Install | Action::InstallFile => marked("Install {name}"),
        Action::Update => marked("Update {name}"),
        Action::Download => marked("Download the update of {name}"),
        Action::Remove if request.delete_data => marked("Remove {name} and what it has stored"),
        Action::Remove => marked("Remove {name}"),
        Action::GoBack => marked("Go back to the version before of {name}"),
        Action::RemoveUnused => marked("Remove what nothing needs any more"),
        Action::Refresh => marked("Ask the origins of {name} for news"),
        Action::AddOrigin => marked("Add the origin {name}"),
        Action::RemoveOrigin => marked("Remove the origin {name}"),
        Action::EnableOrigin => marked("Switch the origin {name} on"),
        Action::DisableOrigin => marked("Switch the origin {name} off"),
        Action::PrioritiseOrigin => marked("Give the origin {name} the priority {priority}"),
        Action::Hold => marked("Hold {name}"),
        Action::Release => marked("Release {name}"),
        Action::RemoveData => marked("Remove what {name} has stored"),
        Action::Reset => marked("Bring {name} back as the image has it"),
        Action::CheckSystem => marked("Look for a newer system"),
        Action::UpdateSystem => marked("Update the system"),
        Action::DeploySystem => marked("Change the system to version {name}"),
        Action::RollBack => marked("Roll the system back"),
        Action::Discard => marked("Discard what waits for a restart"),
        Action::ApplyLive => marked("Apply what waits for a restart now"),
        Action::Pin => marked("Pin {name}"),
        Action::Unpin => marked("Unpin {name}"),
    };
    let (priority, source) = (request.priority.to_string(), source(request.offer.source));
    gettext_f(sentence, &[("name", &subject(request)), ("priority", &priority), ("source", source)])
}

/// What happens to a package of the system.
pub(crate) fn package_change(change: PackageChangeKind) -> String {
    gettext(match change {
        PackageChangeKind::Added => marked("comes"),
        PackageChangeKind::Removed => marked("goes"),
        PackageChangeKind::Upgraded => marked("becomes newer:"),
        PackageChangeKind::Downgraded => marked("becomes older:"),
        PackageChangeKind::Reinstalled => marked("comes again"),
    })
}

/// How a task ended, as a line.
pub(crate) fn outcome(request: &Request, state: TaskState) -> String {
    let sentence = match (state, request.action) {
        (TaskState::Done, Action::Install | Action::InstallFile) if request.live => {
            marked("Installed {name}: it is there now")
        }
        (TaskState::Done, Action::Install) if request.replaces.is_some() => marked("Switched {name} to {source}"),
        (TaskState::Done, Action::Install | Action::InstallFile) => marked("Installed {name}"),
        (TaskState::Done, Action::Update) => marked("Updated {name}"),
        (TaskState::Done, Action::Download) => marked("Downloaded the update of {name}"),
        (TaskState::Done, Action::Remove) => marked("Removed {name}"),
        (TaskState::Done, Action::GoBack) => marked("Went back to the version before of {name}"),
        (TaskState::Done, Action::RemoveUnused) => marked("Removed what nothing needed any more"),
        (TaskState::Done, Action::Refresh) => marked("Asked the origins of {name} for news"),
        (TaskState::Done, Action::AddOrigin) => marked("Added the origin {name}"),
        (TaskState::Done, Action::RemoveOrigin) => marked("Removed the origin {name}"),
        (TaskState::Done, Action::EnableOrigin) => marked("Switched the origin {name} on"),
        (TaskState::Done, Action::DisableOrigin) => marked("Switched the origin {name} off"),
        (TaskState::Done, Action::PrioritiseOrigin) => marked("Gave the origin {name} the priority {priority}"),
        (TaskState::Done, Action::Hold) => marked("Held {name} at its version"),
        (TaskState::Done, Action::Release) => marked("Released {name}"),
        (TaskState::Done, Action::RemoveData) => marked("Removed what {name} had stored"),
        (TaskState::Done, Action::Reset) => marked("Brought {name} back as the image has it"),
        (TaskState::Done, Action::CheckSystem) => marked("Looked for a newer system"),
        (TaskState::Done, Action::UpdateSystem) => marked("Updated the system: it is there after a restart"),
        (TaskState::Done, Action::DeploySystem) => {
            marked("Changed the system to version {name}: it is there after a restart")
        }
        (TaskState::Done, Action::RollBack) => marked("Rolled the system back: it is there after a restart"),
        (TaskState::Done, Action::Discard) => marked("Discarded what waited for a restart"),
        (TaskState::Done, Action::ApplyLive) => marked("Applied what waited for a restart: it is there now"),
        (TaskState::Done, Action::Pin) => marked("Pinned {name}"),
        (TaskState::Done, Action::Unpin) => marked("Unpinned {name}"),
        (TaskState::Cancelled, _) => marked("Cancelled: {intention}"),
        (TaskState::Failed, _) => marked("Failed: {intention}"),
        (TaskState::Queued | TaskState::Running | TaskState::Cancelling, _) => marked("{intention}"),
    };
    let priority = request.priority.to_string();
    let (name, intention, source) = (subject(request), intention(request), source(request.offer.source));
    let values = [("name", &*name), ("intention", &*intention), ("priority", &*priority), ("source", source)];
    gettext_f(sentence, &values)
}

/// What a task is doing.
pub(crate) fn doing(state: TaskState, step: Stage) -> String {
    gettext(match (state, step) {
        (TaskState::Done, _) => marked("done"),
        (TaskState::Failed, _) => marked("failed"),
        (TaskState::Cancelled, _) => marked("cancelled"),
        (TaskState::Cancelling, _) => marked("cancelling"),
        (TaskState::Queued, _) | (_, Stage::Waiting) => marked("waiting"),
        (_, Stage::Unanswered) => marked("waiting, as the update service does not answer"),
        (_, Stage::Preparing) => marked("preparing"),
        (_, Stage::Downloading) => marked("downloading"),
        (_, Stage::Installing) => marked("installing"),
        (_, Stage::Removing) => marked("removing"),
        (_, Stage::Finishing) => marked("finishing"),
    })
}

pub(crate) fn part(kind: PartKind) -> String {
    gettext(match kind {
        PartKind::App => marked("app"),
        PartKind::Runtime => marked("runtime"),
        PartKind::Addon => marked("add-on"),
        PartKind::Package => marked("package"),
    })
}

pub(crate) fn change(change: StepChange) -> String {
    gettext(match change {
        StepChange::Install => marked("install"),
        StepChange::Update => marked("update"),
        StepChange::Remove => marked("remove"),
    })
}

/// Something to know before saying yes, as a sentence.
pub(crate) fn warning(warning: &Warning) -> String {
    let end = warning.end_of_life.as_ref();
    let reason = end.map(|end| clean(&end.reason)).unwrap_or_default();
    let successor = end.map(|end| clean(short(&end.successor))).unwrap_or_default();
    let sentence = match warning.kind {
        WarningKind::EndOfLife => marked("{subject} gets no more updates. {reason}"),
        WarningKind::Replaced => marked("{successor} takes the place of {subject}; your data goes along. {reason}"),
        WarningKind::NewOrigin => marked("The origin {subject} will be added."),
        WarningKind::Unsigned => marked(
            "What comes from {subject} is not signed: whoever controls the way to it decides what gets installed.",
        ),
        WarningKind::Masked => {
            marked("Flatpak was told to leave “{subject}” alone: it will be installed and not updated from then on.")
        }
        WarningKind::StillNeeded => marked("Other installed apps still need {subject}."),
        WarningKind::Layered => marked(
            "{subject} becomes part of the system: it is there after a restart, and every update of the system takes longer for it.",
        ),
        WarningKind::UpdaterMayRefuse => marked(
            "“{subject}” updates this system by itself, and may refuse to while packages are layered: then update it from here.",
        ),
        WarningKind::InImage => marked("The system carries {subject} already."),
        WarningKind::SystemHeld => marked("Updates of the system are held. This one is made all the same."),
        WarningKind::Staged => marked("What waits for a restart already is kept, and comes together with it."),
        WarningKind::StagedGoes => {
            marked("Version {subject}, which waits for a restart, is discarded. Packages that wait with it come along.")
        }
        WarningKind::OnRolledBack => marked(
            "It starts from version {subject}, which was rolled back to: what was changed since then does not come along.",
        ),
        WarningKind::Leaving => marked(
            "“{subject}” goes with the next restart by itself: the version that was rolled back to is without it.",
        ),
        WarningKind::NotVerified => {
            marked("Nobody can tell who made “{subject}”: it has no signature that could be checked.")
        }
        WarningKind::KeyFirstSeen => {
            marked("It is signed with a key that was not seen here before, so nobody can tell whose it is: {subject}")
        }
        WarningKind::Moved => marked("The file is moved to {subject}, and goes when the app is removed."),
        WarningKind::ReplacesVersion => {
            marked("“{subject}” is replaced. The version before is kept until the new one has been started.")
        }
        WarningKind::NeedsFuse2 => {
            marked("“{subject}” cannot start without FUSE 2, which this computer does not have.")
        }
        WarningKind::WantsTerminal => marked("“{subject}” is an app for a terminal, and is started in one."),
        WarningKind::Checked => marked("It comes from {subject}, and is checked by the digest that is named there."),
        WarningKind::Unchecked => marked(
            "It comes from {subject}, where no digest is named to check it by: whoever can change it there decides what comes.",
        ),
        WarningKind::Development => marked("The newest version of “{subject}” is not meant for everybody yet."),
        WarningKind::DataStays => marked(
            "What “{subject}” has stored for itself stays on the disk, and the new one does not see it: it begins anew.",
        ),
        WarningKind::DataGoes => marked(
            "What “{subject}” has stored for itself is removed, as far as that is certainly its own: the new one begins anew.",
        ),
        WarningKind::Neglected => {
            marked("Nobody seems to look after “{subject}”: mistakes in it may stay, those that harm you too.")
        }
    };
    // The subject is an address, a pattern, a path or a key, of which no part may be missing, or a name.
    let subject = match warning.kind {
        WarningKind::NewOrigin
        | WarningKind::Unsigned
        | WarningKind::Masked
        | WarningKind::NotVerified
        | WarningKind::KeyFirstSeen
        | WarningKind::UpdaterMayRefuse
        | WarningKind::Moved
        | WarningKind::ReplacesVersion
        | WarningKind::NeedsFuse2
        | WarningKind::WantsTerminal
        | WarningKind::Checked
        | WarningKind::Unchecked
        | WarningKind::Development
        | WarningKind::Neglected
        | WarningKind::DataStays
        | WarningKind::DataGoes => clean(&warning.subject),
        _ => clean(short(&warning.subject)),
    };
    let said = gettext_f(sentence, &[("subject", &subject), ("reason", &reason), ("successor", &successor)]);
    said.trim_end().to_owned()
}

/// What speaks against an offer, as a sentence.
pub(crate) fn obstacle(obstacle: &Obstacle) -> String {
    let said = gettext_f(obstacle.sentence(), &[("detail", &clean(obstacle.detail()))]);
    said.trim_end().to_owned()
}

/// The same in a word or two, for a table.
pub(crate) fn short_obstacle(obstacle: &Obstacle) -> String {
    gettext(match obstacle {
        Obstacle::EndOfLife(_) => marked("no more updates"),
        Obstacle::Masked { .. } => marked("masked"),
        Obstacle::Hidden { .. } => marked("hidden"),
        Obstacle::SourceOff { .. } => marked("its source is switched off"),
        Obstacle::System { .. } => marked("from your system’s packages"),
        Obstacle::InSystem => marked("part of the system"),
        Obstacle::OtherMachine { .. } => marked("for another processor"),
        Obstacle::OtherApp { .. } => marked("another app"),
        Obstacle::NotCarried => marked("not at its origin"),
        Obstacle::ByHand { .. } => marked("to be downloaded by hand"),
        Obstacle::Missing { .. } => marked("was not there when last asked for"),
        Obstacle::Neglected => marked("nobody looks after it"),
        Obstacle::Guarded { .. } => marked("kept back by parental controls"),
    })
}

/// What speaks for an offer being of its app.
pub(crate) fn evidence(offer: &Offer) -> String {
    let signs = offer.evidence.iter();
    let said = signs.map(|evidence| gettext_f(evidence.sign.sentence(), &[("detail", &clean(&evidence.detail))]));
    said.collect::<Vec<_>>().join(", ")
}

/// Why one offer comes before another.
pub(crate) fn why(first: &Offer, second: &Offer, sources: &Sources) -> String {
    let (from, other) = (clean(first.from()), clean(second.from()));
    gettext_f(Why::of(first, second, sources).sentence(), &[("first", &from), ("second", &other)])
}

/// What an app may do, in plain words. `None` for what every app needs.
pub(crate) fn permission(permission: &Permission) -> Option<String> {
    if permission.severity() == Severity::None {
        return None;
    }
    let permitted = permission.permitted();
    let name = match permitted.name {
        Name::Words(words) => gettext(words),
        Name::Verbatim(name) => clean(name),
    };
    Some(gettext_f(permitted.sentence, &[("name", &name)]))
}
