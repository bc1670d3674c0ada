use super::*;
use crate::system::tests::{deployment, system};
use strata_model::system::{AutomaticPolicy, Capabilities, Updater, UpdaterProgram};
use strata_model::{Failure, FailureKind};

fn status(system: System) -> SystemStatus {
    SystemStatus { ready: true, system, ..SystemStatus::default() }
}

fn staged() -> System {
    let mut system = system();
    system.deployments.insert(0, Deployment { staged: true, ..deployment("42.3") });
    system.capabilities.refuse(Ability::RollBack, SystemObstacle::Staged);
    system.capabilities.refuse(Ability::ApplyLive, SystemObstacle::OtherBase);
    system
}

fn rolled_back() -> System {
    let mut system = system();
    system.deployments.reverse();
    system
}

#[test]
fn a_version_says_what_it_is_for() {
    let lines =
        |system: &System| deployments(&status(system.clone())).into_iter().map(|one| one.line).collect::<Vec<_>>();
    assert_eq!(lines(&system()), ["Runs now", "To go back to"]);
    assert_eq!(lines(&staged()), ["Starts at the next restart", "Runs now", "To go back to"]);
    assert_eq!(lines(&rolled_back()), ["Starts at the next restart", "Runs now"]);
    let mut pinned = system();
    pinned.deployments[1].pinned = true;
    assert_eq!(lines(&pinned), ["Runs now", "To go back to · Pinned"]);
    let mut noted = status(pinned);
    let deployment = noted.system.deployments[1].id.clone();
    noted.notes = vec![PinNote { deployment, note: "works well".to_owned() }];
    assert_eq!(deployments(&noted)[1].line, "To go back to · Pinned · “works well”");
}

#[test]
fn what_is_staged_has_no_place_to_be_pinned_at() {
    let pins =
        |system: &System| deployments(&status(system.clone())).into_iter().map(|one| one.pin).collect::<Vec<_>>();
    assert_eq!(pins(&staged()), [Pin::Impossible, Pin::Free, Pin::Free]);
    let mut refused = system();
    refused.deployments[0].pinned = true;
    assert_eq!(pins(&refused), [Pin::Pinned, Pin::Free]);
    refused.capabilities.refuse(Ability::Pin, SystemObstacle::RootOnly);
    assert_eq!(pins(&refused), [Pin::Impossible, Pin::Impossible]);
    assert_eq!(ways(&refused).no_pin, SystemObstacle::RootOnly.sentence());
}

#[test]
fn the_ways_lead_where_they_can() {
    let plain = ways(&system());
    assert_eq!((plain.waits, plain.back.as_deref()), (None, Some("42.1")));

    let staged = ways(&staged());
    let waits = Waits {
        version: "42.3".to_owned(),
        is_same_version: false,
        is_staged: true,
        runs: false,
        is_held_back: false,
        can_be_applied: false,
    };
    assert_eq!(staged.waits, Some(waits), "it can be discarded");
    assert_eq!(staged.back.as_deref(), Some("42.1"), "after that was discarded");

    let mut kept = self::staged();
    kept.deployments[0].locked = true;
    assert!(ways(&kept).waits.is_some_and(|waits| waits.is_held_back && !waits.runs), "no restart brings it");

    let rolled_back = ways(&rolled_back());
    let waits = Waits {
        version: "42.1".to_owned(),
        is_same_version: false,
        is_staged: false,
        runs: false,
        is_held_back: false,
        can_be_applied: false,
    };
    assert_eq!((rolled_back.waits, rolled_back.back), (Some(waits), None), "it can be undone instead");

    let mut alone = system();
    alone.deployments.pop();
    alone.capabilities.refuse(Ability::RollBack, SystemObstacle::NoEarlier);
    let alone = ways(&alone);
    assert_eq!((alone.back, &*alone.no_back), (None, SystemObstacle::NoEarlier.sentence()));
}

#[test]
fn what_only_adds_packages_can_be_brought_into_what_runs() {
    let can = |booted: &[&str], staged: &[&str], refused: Option<SystemObstacle>| {
        let names = |all: &[&str]| all.iter().map(|name| (*name).to_owned()).collect();
        let mut system = self::staged();
        system.deployments[0].requested = names(staged);
        system.deployments[1].requested = names(booted);
        system.capabilities = Capabilities::default();
        if let Some(obstacle) = refused {
            system.capabilities.refuse(Ability::ApplyLive, obstacle);
        }
        ways(&system).waits.is_some_and(|waits| waits.can_be_applied)
    };
    assert!(can(&["htop"], &["htop", "vim"], None), "one more");
    assert!(!can(&["htop"], &["vim"], None), "one goes that may be running");
    assert!(!can(&[], &["vim"], Some(SystemObstacle::OtherBase)), "the image is another one");

    let mut applied = staged();
    applied.capabilities = Capabilities::default();
    (applied.deployments[0].checksum, applied.deployments[1].live) = ("c0ffee".to_owned(), "c0ffee".to_owned());
    assert!(ways(&applied).waits.is_some_and(|waits| waits.runs && !waits.can_be_applied), "it was brought in already");
}

#[test]
fn packages_are_those_of_the_next_restart() {
    let mut system = staged();
    system.deployments[0].requested = vec!["htop".to_owned(), "bash".to_owned()];
    system.deployments[0].layered = vec!["htop".to_owned()];
    system.deployments[0].local = vec!["own-1.noarch".to_owned()];
    let base = |name: &str, replacement: &str| BasePackage {
        name: name.to_owned(),
        version: "1".to_owned(),
        replacement: replacement.to_owned(),
        architecture: String::new(),
    };
    system.deployments[0].removed = vec![base("toolbox", "")];
    system.deployments[0].replaced = vec![base("podman", "2")];
    let packages = packages(&status(system));
    let told =
        |facts: &[PackageFacts]| facts.iter().map(|one| (one.name.clone(), one.line.clone())).collect::<Vec<_>>();
    let pair = |name: &str, line: &str| (name.to_owned(), line.to_owned());
    let layered = [
        pair("htop", ""),
        pair("bash", "The image carries it already"),
        pair("own-1.noarch", "From a file on this computer"),
    ];
    assert_eq!(told(&packages.layered), layered);
    let changed = [pair("toolbox", "Removed from the image"), pair("podman", "Replaced in the image: 1 → 2")];
    assert_eq!(told(&packages.base), changed);
    assert!(packages.base.iter().all(|one| one.is_resettable && !one.is_removable), "they come back instead");
    assert_eq!(packages.words, "As it will be after the next restart");
}

#[test]
fn locked_layering_says_so_and_still_lets_packages_go() {
    let mut system = system();
    system.deployments[0].requested = vec!["htop".to_owned()];
    system.capabilities.refuse(Ability::Install, SystemObstacle::LayeringLocked);
    let packages = packages(&status(system));
    assert_eq!(packages.words, SystemObstacle::LayeringLocked.sentence());
    assert!(packages.layered[0].is_removable);
}

#[test]
fn where_nothing_can_be_shown_nothing_else_is() {
    for obstacle in [SystemObstacle::NotImageBased, SystemObstacle::NoDaemon, SystemObstacle::Sandboxed] {
        let status = SystemStatus { system: System::missing(obstacle), ..SystemStatus::default() };
        assert_eq!(in_the_way(&status), Some(InTheWay::Obstacle(obstacle)));
    }
    let failure = Failure::new(FailureKind::NoDaemon, "", "");
    let failed = SystemStatus { failure: Some(failure.clone()), ..SystemStatus::default() };
    assert_eq!(in_the_way(&failed), Some(InTheWay::Failure(failure.clone())));
    let known = SystemStatus { ready: true, failure: Some(failure), system: system(), ..SystemStatus::default() };
    assert_eq!((in_the_way(&known), doubt(&known)), (None, known.failure.clone()), "what was known before stays");
    assert_eq!((doubt(&failed), doubt(&status(system()))), (None, None));
    assert_eq!(in_the_way(&SystemStatus::default()), Some(InTheWay::Reading));
}

#[test]
fn whatever_updates_the_system_is_named_with_what_it_does() {
    let updater = |program, unit: &str, enabled| Updater { program, unit: unit.to_owned(), enabled };
    let mut system = system();
    system.policy = AutomaticPolicy::Stage;
    system.updaters = vec![
        updater(UpdaterProgram::RpmOstree, "rpm-ostreed-automatic.timer", false),
        updater(UpdaterProgram::Uupd, "uupd.timer", true),
    ];
    let said: Vec<String> = automatic(&system).into_iter().map(|(_, does)| does).collect();
    let stages = "Downloads newer versions of the system, which start at the next restart";
    assert_eq!(said, [stages, "Is there, and is switched off", "Updates the system, Flatpaks and more"]);
}

#[test]
fn only_what_others_do_is_theirs() {
    let running = |own| {
        let title = "rpm-ostree upgrade".to_owned();
        let running = Running { title, method: "Upgrade".to_owned(), client: "cli".to_owned(), own };
        System { running: Some(running), ..system() }
    };
    assert_eq!(other(&running(true)), None);
    let told = |system: &System| other(system).unwrap();
    let theirs = ("Another Program Changes the System".to_owned(), "rpm-ostree upgrade · cli".to_owned());
    assert_eq!(told(&running(false)), theirs);
    let mut lost = running(false);
    lost.running.as_mut().unwrap().title = "strata update".to_owned();
    assert_eq!(told(&lost).0, "Strata Still Changes the System", "a service that was killed began it");
}
