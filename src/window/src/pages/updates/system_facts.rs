//! What the row of the system says.

use crate::i18n::{gettext, gettext_f};
use crate::live::Work;
use crate::sentence::{self, system as words};
use crate::system;
use crate::widgets::package_changes;
use strata_model::deployment::Deployment;
use strata_model::snapshot::Snapshot;
use strata_model::system::Running;
use strata_model::{SourceKind, Standing, System, SystemObstacle, SystemUpdate};

/// What the row says, and what can be pressed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct SystemFacts {
    pub(super) title: String,
    /// In a sentence.
    pub(super) line: String,
    /// Quieter lines below.
    pub(super) small: String,
    /// What is in the way.
    pub(super) warning: String,
    pub(super) button: Option<Offer>,
    /// There is a list of what changes.
    pub(super) has_changes: bool,
    /// It makes sense to look for a newer system.
    pub(super) can_check: bool,
    /// What blocks the update and can be taken out of its way.
    pub(super) blocking: Option<Blocking>,
    /// Something is on its way of which nobody knows how far it is.
    pub(super) is_reading: bool,
    /// What is done to the system that nothing here follows: whose it is, and its own words.
    pub(super) other: Option<String>,
}

/// What blocks the update.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Blocking {
    /// A layered package.
    Package(String),
    /// A repository of packages that is not there any more.
    Repository(String),
}

/// The obvious thing to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Offer {
    Download,
    Restart,
    Release,
    ReadAgain,
}

/// What there is to say; nothing where the system is none of Strata's business.
pub(super) fn facts(snapshot: &Snapshot) -> Option<SystemFacts> {
    let system = &snapshot.system.system;
    let mut facts = match system::standing(snapshot) {
        Standing::Impossible(SystemObstacle::NotImageBased) => return None,
        Standing::Impossible(obstacle) => {
            SystemFacts { title: gettext("System"), line: words::obstacle(obstacle), ..SystemFacts::default() }
        }
        // Whether there is anything to read is said by its source.
        Standing::Unread if !snapshot.sources.iter().any(|one| one.source == SourceKind::Package && one.ready) => {
            return None;
        }
        Standing::Unread => {
            SystemFacts { title: gettext("Reading the system…"), is_reading: true, ..SystemFacts::default() }
        }
        Standing::Unreadable(failure) => SystemFacts {
            title: gettext("System"),
            line: format!("{} {}", sentence::failure(failure), sentence::remedy(failure)),
            button: Some(Offer::ReadAgain),
            ..SystemFacts::default()
        },
        Standing::Newer(update) => SystemFacts { button: Some(Offer::Download), ..newer(system.booted(), update) },
        Standing::Refused(update, obstacle) => {
            SystemFacts { warning: words::obstacle(obstacle), ..newer(system.booted(), update) }
        }
        Standing::Pending(pending) => ready(pending, system),
        Standing::HeldBack(ready) => SystemFacts {
            title: gettext_f("Version {version} Is Ready, and Held Back", &[("version", &words::version(ready))]),
            line: words::held_back(),
            ..SystemFacts::default()
        },
        Standing::Held(_) => SystemFacts {
            title: gettext_f("Held at Version {version}", &running(system.booted())),
            line: gettext("Newer versions of the system are not offered"),
            button: Some(Offer::Release),
            ..SystemFacts::default()
        },
        Standing::Newest => SystemFacts {
            title: gettext_f("Version {version}", &running(system.booted())),
            line: gettext("No newer one is known"),
            small: looked(snapshot.system.checked),
            can_check: true,
            ..SystemFacts::default()
        },
    };
    // What stands there may not be so any more.
    if let Some(failure) =
        snapshot.system.failure.as_ref().filter(|_| snapshot.system.ready && facts.warning.is_empty())
    {
        facts.warning = format!("{} {}", sentence::failure(failure), sentence::remedy(failure));
    }
    if let Work::Failed(_, failure) = system::work(snapshot) {
        let package = system::blocking(&snapshot.system, &failure).map(|name| Blocking::Package(name.to_owned()));
        let repository = || system::gone(&snapshot.system, &failure).map(|name| Blocking::Repository(name.to_owned()));
        facts.blocking = package.or_else(repository);
    }
    facts.other = system.running.as_ref().filter(|running| !running.own).map(other);
    Some(facts)
}

/// When its origin was last asked from here.
fn looked(checked: i64) -> String {
    match checked {
        0 => gettext("Strata has not looked for a newer one yet"),
        when => gettext_f("Last looked on {moment}", &[("moment", &sentence::moment(when))]),
    }
}

fn other(running: &Running) -> String {
    let named = [&running.title, &running.method, &running.client].into_iter().find(|words| !words.is_empty());
    let title = [("title", named.map(String::as_str).unwrap_or_default())];
    if running.is_stratas() {
        gettext_f("Strata still changes the system, from before: {title}", &title)
    } else {
        gettext_f("Another program changes the system: {title}", &title)
    }
}

fn running(booted: Option<&Deployment>) -> [(&'static str, &str); 1] {
    [("version", booted.map_or("", |booted| booted.version.as_str()))]
}

fn newer(booted: Option<&Deployment>, update: &SystemUpdate) -> SystemFacts {
    let to = update.called().to_owned();
    let from = booted.map(words::version).unwrap_or_default();
    let versions = if from.is_empty() || from == to { to } else { format!("{from} → {to}") };
    let day = sentence::day(update.timestamp);
    let unknown = if update.changes_known { String::new() } else { known_later() };
    let small = [day, package_changes::summary(update), unknown];
    SystemFacts {
        title: if update.new_image { gettext("A New Version") } else { gettext("New Layered Packages") },
        line: versions,
        small: small.into_iter().filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n"),
        has_changes: !update.changes.is_empty() || !update.advisories.is_empty(),
        can_check: true,
        ..SystemFacts::default()
    }
}

fn known_later() -> String {
    gettext("Which packages change is known after the download.")
}

fn ready(pending: &Deployment, system: &System) -> SystemFacts {
    let update = system.update.as_ref().filter(|update| update.deployment == pending.id);
    let title = if system.is_same_version(pending) {
        gettext("Changed Packages Are Ready")
    } else {
        gettext_f("Version {version} Is Ready", &[("version", &words::version(pending))])
    };
    SystemFacts {
        title,
        line: gettext("It starts at the next restart"),
        small: update.map(package_changes::summary).unwrap_or_default(),
        button: Some(Offer::Restart),
        has_changes: update.is_some_and(|update| !update.changes.is_empty()),
        can_check: true,
        ..SystemFacts::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::system::tests::{deployment, snapshot, system};
    use strata_model::system::Ability;
    use strata_model::system_update::{LayerChange, PackageChange};
    use strata_model::{Failure, FailureKind};

    fn update() -> SystemUpdate {
        let changes = vec![PackageChange { name: "libnew".to_owned(), ..PackageChange::default() }];
        let version = "42.3".to_owned();
        SystemUpdate { version, changes, changes_known: true, new_image: true, ..SystemUpdate::default() }
    }

    fn offered(system: System) -> (String, Option<Offer>) {
        let facts = facts(&snapshot(system)).unwrap();
        (facts.title, facts.button)
    }

    #[test]
    fn each_standing_has_its_own_button() {
        let with = |update| System { update: Some(update), ..system() };
        assert_eq!(offered(system()), ("Version 42.2".to_owned(), None));
        assert_eq!(offered(with(update())), ("A New Version".to_owned(), Some(Offer::Download)));
        let mut locked = with(update());
        locked.capabilities.refuse(Ability::Update, SystemObstacle::LayeringLocked);
        assert_eq!(offered(locked), ("A New Version".to_owned(), None));
        let mut staged = system();
        staged.deployments.insert(0, Deployment { staged: true, ..deployment("42.3") });
        assert_eq!(offered(staged), ("Version 42.3 Is Ready".to_owned(), Some(Offer::Restart)));
        let mut held = snapshot(with(update()));
        held.settings.updates.hold_system = true;
        assert_eq!(facts(&held).unwrap().button, Some(Offer::Release));
    }

    #[test]
    fn when_it_was_looked_for_is_said() {
        let said = |checked| {
            let mut known = snapshot(system());
            known.system.checked = checked;
            facts(&known).unwrap().small
        };
        assert_eq!(said(0), "Strata has not looked for a newer one yet");
        assert!(said(1_794_700_800).starts_with("Last looked on "), "{}", said(1_794_700_800));
    }

    #[test]
    fn an_ordinary_system_is_not_spoken_of() {
        assert_eq!(facts(&snapshot(System::missing(SystemObstacle::NotImageBased))), None);
        let gone = facts(&snapshot(System::missing(SystemObstacle::NoDaemon))).unwrap();
        assert_eq!((&*gone.line, gone.can_check), (SystemObstacle::NoDaemon.sentence(), false));
    }

    #[test]
    fn an_image_says_how_much_has_to_come() {
        let layers = LayerChange { total: 9, added: 4, added_size: 117_630_000, ..LayerChange::default() };
        let image = SystemUpdate { layers: Some(layers), changes: Vec::new(), changes_known: false, ..update() };
        let facts = facts(&snapshot(System { update: Some(image), ..system() })).unwrap();
        assert!(facts.small.starts_with("4 of 9 layers to download, 117.6"), "{}", facts.small);
        assert!(facts.small.ends_with("known after the download."), "{}", facts.small);
        assert_eq!((&*facts.line, facts.has_changes), ("42.2 → 42.3", false));
    }

    #[test]
    fn what_others_do_is_told_in_their_words_or_by_its_method() {
        let told = |running: Running| facts(&snapshot(System { running: Some(running), ..system() })).unwrap().other;
        let running = Running { method: "Upgrade".to_owned(), ..Running::default() };
        let titled = |title: &str| told(Running { title: title.to_owned(), ..running.clone() }).unwrap();
        assert_eq!(titled(""), "Another program changes the system: Upgrade");
        assert_eq!(titled("uupd"), "Another program changes the system: uupd");
        let lost = "Strata still changes the system, from before: strata update";
        assert_eq!(titled("strata update"), lost, "a service that was killed began it");
        assert_eq!(told(Running { own: true, ..running }), None);
    }

    #[test]
    fn a_package_that_blocks_the_update_can_be_removed() {
        let mut blocked = system();
        blocked.deployments[0].requested = vec!["legacy-viewer".to_owned()];
        blocked.update = Some(update());
        let mut now = snapshot(blocked);
        let failure = Failure::new(FailureKind::Unsolvable, "legacy-viewer", "");
        now.tasks = vec![crate::system::tests::failed_update(failure)];
        assert_eq!(facts(&now).unwrap().blocking, Some(Blocking::Package("legacy-viewer".to_owned())));
        let failure = Failure::new(FailureKind::RepositoryGone, "copr:a:b", "");
        now.tasks = vec![crate::system::tests::failed_update(failure)];
        assert_eq!(facts(&now).unwrap().blocking, Some(Blocking::Repository("copr:a:b".to_owned())));
    }
}
