//! The backend's changes and questions: what it asks is what was recorded, what it says is what a face can show.

use crate::daemon::{Replay, State};
use crate::recording::{Recording, Step};
use crate::world::World;
use std::collections::BTreeSet;
use std::future::Future;
use std::path::PathBuf;
use std::sync::Arc;
use strata_engine::{PackageSet, Reporter, Rubbish, SystemBackend, SystemChange};
use strata_model::{FailureKind, Stop};
use strata_system::RpmOstree;
use tokio_util::sync::CancellationToken;

/// A recording being played, and the client for it.
struct Stage {
    folder: PathBuf,
    cancel: CancellationToken,
    system: Arc<RpmOstree>,
    reporter: Reporter,
}

/// Plays a recording to a client that does `work`. Both have to come to their end, without a difference.
async fn play<W, F>(recording: Recording, work: W) -> Arc<State>
where
    W: FnOnce(Stage) -> F,
    F: Future<Output = ()>,
{
    let world = World::new();
    let cancel = CancellationToken::new();
    let replay = Replay::new(&world, recording, &cancel).await;
    let state = replay.state();
    let playing = tokio::spawn(replay.play());
    let system = Arc::new(RpmOstree::new(world.environment()));
    let working = work(Stage { folder: world.path().to_owned(), cancel, system, reporter: Reporter::new().0 });
    let played = async { playing.await.unwrap().unwrap() };
    tokio::join!(played, working);
    state
}

fn names(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

fn install(packages: &[&str]) -> SystemChange {
    SystemChange::Packages(PackageSet { install: names(packages), ..PackageSet::default() })
}

fn remove(packages: &[&str]) -> SystemChange {
    SystemChange::Packages(PackageSet { remove: names(packages), ..PackageSet::default() })
}

fn clean_up(what: &[Rubbish]) -> SystemChange {
    SystemChange::CleanUp(what.iter().copied().collect())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn changes_are_asked_for_word_for_word() {
    let reset = SystemChange::Packages(PackageSet { reset: names(&["base-doc"]), ..PackageSet::default() });
    let deploy = SystemChange::Deploy { version: "41.2".to_owned() };
    let cases = [
        ("install-one", install(&["greet"]), true),
        ("container-install", install(&["greet"]), true),
        ("uninstall", remove(&["greet"]), true),
        ("lock-layering-uninstall", remove(&["greet"]), true),
        ("override-reset", reset, true),
        ("upgrade", SystemChange::Update, true),
        ("upgrade-none", SystemChange::Update, false),
        ("upgrade-again-when-staged", SystemChange::Update, false),
        ("upgrade-layered-only-update", SystemChange::Update, true),
        ("http-download", SystemChange::Update, true),
        ("http-upgrade-again-when-staged", SystemChange::Update, false),
        ("container-upgrade", SystemChange::Update, true),
        ("container-upgrade-again-when-staged", SystemChange::Update, false),
        ("deploy-version", deploy, true),
        ("rollback", SystemChange::RollBack, true),
        ("cleanup-pending", clean_up(&[Rubbish::Pending]), true),
        ("cleanup-rollback", clean_up(&[Rubbish::Rollback]), true),
        ("cleanup-nothing", clean_up(&[Rubbish::Pending]), false),
        ("cleanup-base-and-repomd", clean_up(&[Rubbish::Base, Rubbish::PackageLists]), false),
        ("refresh-md", SystemChange::RefreshPackages, false),
        ("live-apply-success", SystemChange::ApplyLive, true),
        ("never-started", clean_up(&[Rubbish::Pending]), false),
    ];
    for (name, change, changed) in cases {
        play(Recording::of(name, "a"), |stage| async move {
            let outcome = stage.system.run(&change, &stage.reporter, &stage.cancel).await.unwrap();
            assert_eq!(outcome.changed, changed, "{name}");
            assert_eq!(outcome.system.running, None, "{name}");
        })
        .await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_does_not_work_says_why() {
    let unknown = SystemChange::Deploy { version: "99.9".to_owned() };
    let cases = [
        ("install-unknown", install(&["nosuchpkg"]), FailureKind::NotFound, "nosuchpkg"),
        ("install-already-in-base", install(&["base-tool"]), FailureKind::InSystem, "base-tool"),
        ("install-already-requested", install(&["greet"]), FailureKind::AlreadyInstalled, "greet"),
        ("install-broken-dependency", install(&["brokendep"]), FailureKind::Unsolvable, "brokendep"),
        ("install-failing-script", install(&["badscript"]), FailureKind::ScriptFailed, "badscript"),
        ("uninstall-not-layered", remove(&["notlayered"]), FailureKind::NotInstalled, "notlayered"),
        ("uninstall-base-package", remove(&["base-doc"]), FailureKind::NotInstalled, "base-doc"),
        ("rollback-with-staged", SystemChange::RollBack, FailureKind::Staged, ""),
        ("rollback-without-target", SystemChange::RollBack, FailureKind::NoEarlierSystem, ""),
        ("lock-layering-install", install(&["etcpkg"]), FailureKind::LayeringLocked, ""),
        ("lock-layering-upgrade", SystemChange::Update, FailureKind::LayeringLocked, ""),
        ("http-unreachable", SystemChange::Update, FailureKind::Offline, "127.0.0.1:8009"),
        ("deploy-unknown-version", unknown, FailureKind::NotFound, "99.9"),
        ("live-apply", SystemChange::ApplyLive, FailureKind::RestartNeeded, ""),
    ];
    for (name, change, kind, subject) in cases {
        play(Recording::of(name, "a"), |stage| async move {
            let ended = stage.system.run(&change, &stage.reporter, &stage.cancel).await;
            let Err(Stop::Failed(failure)) = ended else { panic!("{name}: {ended:?}") };
            assert_eq!((failure.kind, failure.subject.as_str()), (kind, subject), "{name}");
        })
        .await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_layered_package_that_is_in_the_way_of_another_is_named() {
    let mut recording = Recording::of("install-broken-dependency", "a");
    recording.before = Recording::of("status-layered", "a").before;
    recording.after = None;
    let end = recording.steps.iter_mut().find_map(|step| match step {
        Step::PeerSignal { name, arguments } if name == "Finished" => Some(&mut arguments.value[1]),
        _ => None,
    });
    *end.unwrap() = "Could not depsolve transaction; 1 problem detected:\n Problem: package brokendep-1.0-1.noarch from rig conflicts with greet < 2 provided by greet-1.0-1.noarch from @System".into();
    play(recording, |stage| async move {
        let ended = stage.system.run(&install(&["brokendep"]), &stage.reporter, &stage.cancel).await;
        let Err(Stop::Failed(failure)) = ended else { panic!("{ended:?}") };
        assert_eq!((failure.kind, failure.subject.as_str()), (FailureKind::Unsolvable, "greet"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cancel_is_no_failure_wherever_it_comes() {
    for name in ["cancel-before-start", "cancel-midway", "cancel-while-resolving", "cancel-late"] {
        play(Recording::of(name, "a"), |stage| async move {
            let ended = stage.system.run(&install(&["greet"]), &stage.reporter, &stage.cancel).await;
            assert_eq!(ended.unwrap_err(), Stop::Cancelled, "{name}");
        })
        .await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn looking_for_updates_waits_for_what_the_daemon_says_after_the_end() {
    let cases = [
        ("upgrade-check", Some("41.2")),
        ("upgrade-check-layered", Some("41.2")),
        ("upgrade-check-none", None),
        ("http-upgrade-check", Some("41.3")),
        ("container-upgrade-check", Some("41.2")),
        ("container-upgrade-check-none", None),
        ("container-chunked-upgrade-check", Some("41.2")),
        ("advisories", Some("41.2")),
    ];
    for (name, version) in cases {
        play(Recording::of(name, "a"), |stage| async move {
            let update = stage.system.check(&stage.reporter, &stage.cancel).await.unwrap();
            assert_eq!(update.map(|update| update.version).as_deref(), version, "{name}");
        })
        .await;
    }
    play(Recording::of("http-unreachable-check", "a"), |stage| async move {
        let ended = stage.system.check(&stage.reporter, &stage.cancel).await;
        assert!(matches!(ended, Err(Stop::Failed(failure)) if failure.kind == FailureKind::Offline));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_plan_is_the_daemons_dry_run() {
    play(Recording::of("install-two-with-dependency-dry-run", "a"), |stage| async move {
        let plan = stage.system.plan(&install(&["greet", "scripted"]), &stage.cancel).await.unwrap();
        let comes: Vec<_> = plan.changes.iter().map(|change| (change.name.as_str(), change.to.as_str())).collect();
        assert_eq!(comes, [("greet", "1.0-1"), ("libgreet", "1.0-1"), ("scripted", "1.0-1")]);
        assert!(plan.restart_needed && plan.changes_known && !plan.nothing_to_do);
        assert_eq!(plan.changes[1].repository, "rig");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn files_go_by_descriptor() {
    play(Recording::of("install-local-rpm", "a"), |stage| async move {
        let file: PathBuf = stage.folder.join("localonly-1.0-1.noarch.rpm");
        std::fs::write(&file, "an rpm").unwrap();
        let change = SystemChange::Packages(PackageSet { local: vec![file], ..PackageSet::default() });
        let outcome = stage.system.run(&change, &stage.reporter, &stage.cancel).await.unwrap();
        assert_eq!(outcome.system.staged().unwrap().local, ["localonly-1.0-1.noarch"]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn questions_are_asked_word_for_word() {
    play(Recording::of("search-greet", "a"), |stage| async move {
        let found = stage.system.search(&["greet".to_owned()], &stage.cancel).await.unwrap();
        let found: Vec<_> = found.iter().map(|package| package.name.as_str()).collect();
        assert_eq!(found, ["greet", "libgreet"], "each once");
    })
    .await;
    play(Recording::of("search-nothing", "a"), |stage| async move {
        assert_eq!(stage.system.search(&[" ".to_owned()], &stage.cancel).await.unwrap(), [], "the daemon is not asked");
        assert_eq!(stage.system.search(&["zzzz".to_owned()], &stage.cancel).await.unwrap(), []);
    })
    .await;
    play(Recording::of("get-packages", "a"), |stage| async move {
        let asked = ["greet", "base-tool", "nosuch"].map(str::to_owned);
        let found = stage.system.packages(&asked, &stage.cancel).await.unwrap();
        let found: Vec<_> = found.iter().map(|package| (package.name.as_str(), package.version.as_str())).collect();
        assert_eq!(found, [("greet", "1.0-1"), ("base-tool", "2.0-1")]);
    })
    .await;
    for (name, enabled) in [("modify-repo", true), ("modify-repo-disable", false)] {
        play(Recording::of(name, "a"), |stage| async move {
            let change = SystemChange::SwitchRepository { id: "rig-updates".to_owned(), enabled };
            assert!(!stage.system.run(&change, &stage.reporter, &stage.cancel).await.unwrap().changed);
            let repositories = stage.system.repositories().await.unwrap();
            let states: Vec<_> = repositories.iter().map(|one| (one.id.as_str(), one.enabled)).collect();
            assert_eq!(states, [("rig", true), ("rig-updates", enabled)]);
        })
        .await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn deployments_are_compared() {
    let mut recording = Recording::of("get-deployments-rpm-diff", "a");
    let other = |step: &Step| matches!(step, Step::Call(asked) if asked.method != "GetDeploymentsRpmDiff");
    recording.steps.truncate(recording.steps.iter().position(other).unwrap());
    let of = |version: &str| {
        let system = crate::states::of(&recording.before);
        system.deployments.iter().find(|one| one.version == version).unwrap().id.clone()
    };
    let (old, new) = (of("41.1"), of("41.2"));
    play(recording, |stage| async move {
        let between = async |from: &str, to: &str| {
            let changes = stage.system.differences(from, to).await;
            changes.map(|changes| {
                changes.iter().map(|one| (one.name.clone(), one.from.clone(), one.to.clone())).collect::<Vec<_>>()
            })
        };
        let owned = |name: &str, from: &str, to: &str| (name.to_owned(), from.to_owned(), to.to_owned());
        assert!(between("", "").await.is_err());
        assert_eq!(
            between(&old, &new).await.unwrap(),
            [owned("base-doc", "1.0-1", "2.0-1"), owned("newbase", "", "1.0-1")]
        );
        assert_eq!(
            between(&new, &old).await.unwrap(),
            [owned("base-doc", "2.0-1", "1.0-1"), owned("newbase", "1.0-1", "")]
        );
        assert_eq!(between(&new, &new).await.unwrap(), []);
        let missing = between("nosuch", &new).await.unwrap_err();
        assert_eq!((missing.kind, missing.subject.as_str()), (FailureKind::NotFound, "nosuch"));
    })
    .await;
}
