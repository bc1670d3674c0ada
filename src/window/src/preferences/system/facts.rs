//! What the page says of a system: from what the engine knows to rows, without any widget.

use crate::i18n::{gettext, gettext_f, ngettext_f};
use crate::sentence::{self, system as words};
use crate::system;
use strata_model::deployment::{BasePackage, Deployment};
use strata_model::snapshot::{Origin, PinNote, SystemStatus};
use strata_model::system::{Ability, Running, System};
use strata_model::{SourceKind, SystemObstacle};

/// A version of the system that lies on the disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct DeploymentFacts {
    pub(super) id: String,
    pub(super) title: String,
    /// What it is for, and when it was made.
    pub(super) line: String,
    /// What there is to know beside that, each with its heading.
    pub(super) more: Vec<(String, String)>,
    pub(super) pin: Pin,
    /// What a person noted when they pinned it.
    pub(super) note: String,
    /// It can be compared with what runs.
    pub(super) is_comparable: bool,
}

/// Whether a deployment is kept for good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pin {
    /// It is.
    Pinned,
    /// It could be.
    Free,
    /// It could not.
    Impossible,
}

/// What can be done about the versions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct WaysFacts {
    /// What waits for the restart.
    pub(super) waits: Option<Waits>,
    /// The version that Roll Back goes to.
    pub(super) back: Option<String>,
    /// Why there is no Roll Back, if so.
    pub(super) no_back: String,
    /// Why nothing can be pinned, if so.
    pub(super) no_pin: String,
}

/// What waits for the restart.
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Waits {
    pub(super) version: String,
    /// It is what runs, with other packages.
    pub(super) is_same_version: bool,
    /// It can be thrown away. If not, it was rolled back to, which can be undone.
    pub(super) is_staged: bool,
    /// Everything of it was brought into the running system already.
    pub(super) runs: bool,
    /// It does not come with a restart until whoever made it lets it go.
    pub(super) is_held_back: bool,
    /// It only adds packages to what runs, and the daemon can bring these in without a restart.
    pub(super) can_be_applied: bool,
}

/// A package that somebody asked for, or that is not as the image has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct PackageFacts {
    pub(super) name: String,
    pub(super) line: String,
    /// It was asked for, and can be taken away.
    pub(super) is_removable: bool,
    /// It is of the image, and can be had as the image has it.
    pub(super) is_resettable: bool,
}

/// The packages beside the image.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct PackagesFacts {
    pub(super) words: String,
    pub(super) layered: Vec<PackageFacts>,
    pub(super) base: Vec<PackageFacts>,
}

/// The page shows nothing but this, if there is something in the way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum InTheWay {
    /// It is being read.
    Reading,
    /// Nothing can be shown or done here.
    Obstacle(SystemObstacle),
    /// It could not be read.
    Failure(strata_model::Failure),
}

pub(super) fn in_the_way(status: &SystemStatus) -> Option<InTheWay> {
    match (status.system.capabilities.obstacle, &status.failure) {
        (Some(obstacle), _) => Some(InTheWay::Obstacle(obstacle)),
        (None, _) if status.ready => None,
        (None, Some(failure)) => Some(InTheWay::Failure(failure.clone())),
        (None, None) => Some(InTheWay::Reading),
    }
}

/// Why what is shown may not be so any more, if it could not be read anew.
pub(super) fn doubt(status: &SystemStatus) -> Option<strata_model::Failure> {
    status.failure.clone().filter(|_| status.ready)
}

pub(super) fn deployments(status: &SystemStatus) -> Vec<DeploymentFacts> {
    let system = &status.system;
    let can_pin = system.capabilities.refusal(Ability::Pin).is_none();
    let next = system.pending().map(|pending| pending.id.as_str());
    let facts = |deployment: &Deployment| DeploymentFacts {
        id: deployment.id.clone(),
        title: words::version(deployment),
        line: line(deployment, next == Some(&*deployment.id), note(status, deployment)),
        more: more(deployment),
        pin: match deployment.pinned {
            // What is staged has no place of its own yet.
            _ if !can_pin || deployment.staged => Pin::Impossible,
            true => Pin::Pinned,
            false => Pin::Free,
        },
        note: note(status, deployment).to_owned(),
        is_comparable: !deployment.booted && system.booted().is_some(),
    };
    system.deployments.iter().map(facts).collect()
}

fn note<'s>(status: &'s SystemStatus, deployment: &Deployment) -> &'s str {
    let of_it = |note: &&PinNote| note.deployment == deployment.id;
    status.notes.iter().find(of_it).map(|note| note.note.as_str()).unwrap_or_default()
}

fn line(deployment: &Deployment, is_next: bool, note: &str) -> String {
    let roles = [
        deployment.booted.then(|| gettext("Runs now")),
        (is_next && !deployment.is_held_back()).then(|| gettext("Starts at the next restart")),
        (deployment.rollback && !is_next).then(|| gettext("To go back to")),
        deployment.pinned.then(|| gettext("Pinned")),
    ];
    let day = Some(sentence::day(deployment.timestamp)).filter(|day| !day.is_empty());
    let note = Some(note).filter(|note| !note.is_empty()).map(|note| gettext_f("“{note}”", &[("note", note)]));
    roles.into_iter().chain([day, note]).flatten().collect::<Vec<_>>().join(" · ")
}

fn more(deployment: &Deployment) -> Vec<(String, String)> {
    let Deployment { reference, digest, checksum, end_of_life, container, .. } = deployment;
    let live = if deployment.live.is_empty() { String::new() } else { gettext("Packages were added while it ran") };
    let held_back = if deployment.is_held_back() { words::held_back() } else { String::new() };
    let image = if *container { gettext("Image") } else { gettext("Branch") };
    let all = [
        (image, reference.clone()),
        (gettext("Digest"), digest.clone()),
        (gettext("Commit"), checksum.clone()),
        (gettext("Beside the Image"), beside(deployment)),
        (gettext("Gets No More Updates"), end_of_life.clone()),
        (gettext("Not as It Was Made"), words::unlocked(deployment.unlocked)),
        (gettext("Changed"), live),
        (gettext("Held Back"), held_back),
    ];
    all.into_iter().filter(|(_, words)| !words.is_empty()).collect()
}

/// How much stands beside the image.
fn beside(deployment: &Deployment) -> String {
    let Deployment { removed, replaced, .. } = deployment;
    let layered = deployment.layered.len() + deployment.local.len();
    let parts = [
        (layered > 0).then(|| ngettext_f("{n} package layered", "{n} packages layered", layered, &[])),
        (!removed.is_empty()).then(|| ngettext_f("{n} removed", "{n} removed", removed.len(), &[])),
        (!replaced.is_empty()).then(|| ngettext_f("{n} replaced", "{n} replaced", replaced.len(), &[])),
        deployment.initramfs.then(|| gettext("a ramdisk of its own")),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

pub(super) fn ways(system: &System) -> WaysFacts {
    let refused = |ability| system.capabilities.refusal(ability);
    let waits = system.pending().map(|pending| Waits {
        version: words::version(pending),
        is_same_version: system.is_same_version(pending),
        is_staged: pending.staged,
        runs: system.runs_already(pending),
        is_held_back: pending.is_held_back(),
        can_be_applied: pending.staged && refused(Ability::ApplyLive).is_none() && only_adds(system, pending),
    });
    let undone = waits.as_ref().is_some_and(|waits| !waits.is_staged);
    // What is staged is offered to be discarded first.
    let no_back = refused(Ability::RollBack).filter(|obstacle| *obstacle != SystemObstacle::Staged);
    let no_back = no_back.or(system.rollback().is_none().then_some(SystemObstacle::NoEarlier)).filter(|_| !undone);
    let back = system.rollback().filter(|_| no_back.is_none() && !undone).map(words::version);
    let no_pin = refused(Ability::Pin).map(words::obstacle).unwrap_or_default();
    WaysFacts { waits, back, no_back: no_back.map(words::obstacle).unwrap_or_default(), no_pin }
}

/// Its origin has other versions by their numbers: the image of a container has none but the one that its tag names.
pub(super) fn has_other_versions(system: &System) -> bool {
    let is_container = system.booted().is_some_and(|booted| booted.container);
    !is_container && system.capabilities.refusal(Ability::Update).is_none()
}

/// What runs keeps every package that somebody layered on it, and has not got the new ones yet.
fn only_adds(system: &System, pending: &Deployment) -> bool {
    let all = |old: &[String], new: &[String]| old.iter().all(|name| new.contains(name));
    system.booted().is_some_and(|booted| {
        system.awaited().is_some() && all(&booted.requested, &pending.requested) && all(&booted.local, &pending.local)
    })
}

pub(super) fn packages(status: &SystemStatus) -> PackagesFacts {
    let Some(deployment) = system::wanted_packages(status) else { return PackagesFacts::default() };
    let removable = status.system.capabilities.refusal(Ability::Remove).is_none();
    let asked = |name: &String| {
        let in_image = !deployment.layered.contains(name);
        let line = if in_image { gettext("The image carries it already") } else { String::new() };
        PackageFacts { name: name.clone(), line, is_removable: removable, is_resettable: false }
    };
    let local = |name: &String| {
        let line = gettext("From a file on this computer");
        PackageFacts { name: name.clone(), line, is_removable: removable, is_resettable: false }
    };
    let base = |package: &BasePackage| {
        let line = match package.replacement.as_str() {
            "" => gettext("Removed from the image"),
            new => {
                let versions = [("old", package.version.as_str()), ("new", new)];
                gettext_f("Replaced in the image: {old} → {new}", &versions)
            }
        };
        PackageFacts { name: package.name.clone(), line, is_removable: false, is_resettable: removable }
    };
    let refused = status.system.capabilities.refusal(Ability::Install).map(words::obstacle);
    let after = || gettext("As it will be after the next restart");
    let kept = || gettext("As it will be in the version that is held back");
    let state = || status.system.awaited().map(|_| after()).or_else(|| status.system.held_back().map(|_| kept()));
    let words = refused.or_else(state).unwrap_or_default();
    PackagesFacts {
        words,
        layered: deployment.requested.iter().map(asked).chain(deployment.local.iter().map(local)).collect(),
        base: deployment.removed.iter().chain(&deployment.replaced).map(base).collect(),
    }
}

/// The repositories, those in use first.
pub(super) fn repositories(origins: &[Origin]) -> Vec<&Origin> {
    let mut own: Vec<&Origin> = origins.iter().filter(|origin| origin.source == SourceKind::Package).collect();
    own.sort_by_key(|origin| (!origin.enabled, &origin.name));
    own
}

/// What updates the system without anybody asking, each with what it does.
pub(super) fn automatic(system: &System) -> Vec<(String, String)> {
    let updaters = system.updaters.iter().map(|updater| {
        let name = format!("{} ({})", words::updater(updater.program), updater.unit);
        (name, words::does(updater, system.policy))
    });
    let policy = (gettext("The Update Service’s Own Setting"), words::policy(system.policy));
    std::iter::once(policy).chain(updaters).collect()
}

/// What is done to the system that nothing here follows: whose it is, its words, and who began it.
pub(super) fn other(system: &System) -> Option<(String, String)> {
    let running = system.running.as_ref().filter(|running| !running.own)?;
    let Running { title, method, client, .. } = running;
    let what = [title, method].into_iter().find(|words| !words.is_empty()).cloned().unwrap_or_default();
    let words = [what.as_str(), client].into_iter().filter(|words| !words.is_empty()).collect::<Vec<_>>().join(" · ");
    let whose = if running.is_stratas() {
        gettext("Strata Still Changes the System")
    } else {
        gettext("Another Program Changes the System")
    };
    Some((whose, words))
}

#[cfg(test)]
#[path = "facts_tests.rs"]
mod tests;
