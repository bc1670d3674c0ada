//! The client with the demo's stand-in for the daemon: what comes of one change after the other. The recordings are the
//! measure of both; here nothing is played back.

use crate::others::install;
use crate::world::World;
use serde_json::json;
use std::collections::BTreeSet;
use std::sync::Arc;
use strata_demo::daemon::{Config, NAME, Store, System, serve};
use strata_engine::{PackageSet, Reporter, Rubbish, SystemBackend, SystemChange};
use strata_model::system::{Ability, SystemObstacle};
use strata_model::{FailureKind, Stop};
use strata_system::RpmOstree;
use tokio_util::sync::CancellationToken;

/// A system with one update, and packages that go together with it, and one that does not.
fn system(begin: &serde_json::Value, manners: &serde_json::Value) -> System {
    let base = |version: &str, checksum: char, doc: &str, time: u64| {
        let packages = ["base-tool-1.0-1.noarch".to_owned(), format!("base-doc-{doc}-1.noarch")];
        json!({"version": version, "checksum": checksum.to_string().repeat(64), "timestamp": time, "packages": packages})
    };
    let package = |nevra: &str, needs: &[&str]| json!({"nevra": format!("{nevra}.noarch"), "summary": format!("The package {nevra}"), "requires": needs});
    let packages = [
        package("greet-1.0-1", &["libgreet"]),
        package("libgreet-1.0-1", &[]),
        package("etcpkg-1.0-1", &[]),
        package("broken-1.0-1", &["nothing"]),
    ];
    let repo = |id: &str, enabled: bool, packages: &[serde_json::Value]| json!({"id": id, "description": "Rig", "enabled": enabled, "generated": 1_795_304_564, "package": packages});
    let described = json!({
        "os": "rig", "title": "Rig", "kernel": "6.0.0", "boot_checksum": "b".repeat(64), "arguments": "quiet",
        "refspec": "rig:rig/41/x86_64/desktop", "newest": "41.2", "begin": begin, "manners": manners,
        "base": [base("41.1", '1', "1.0", 1_795_309_536), base("41.2", '2', "2.0", 1_795_309_563)],
        "repo": [repo("rig", true, &packages), repo("rig-updates", false, &[package("greet-1.1-1", &["libgreet"])])],
    });
    serde_json::from_value(described).unwrap()
}

pub(crate) struct Machine {
    pub(crate) world: World,
    pub(crate) client: RpmOstree,
    reporter: Reporter,
    cancel: CancellationToken,
}

impl Machine {
    async fn new(manners: &serde_json::Value) -> Self {
        Self::begun(&json!({"booted": "41.1"}), manners).await
    }

    pub(crate) async fn begun(begin: &serde_json::Value, manners: &serde_json::Value) -> Self {
        let world = World::new();
        let root = world.path().join("root");
        std::fs::create_dir(&root).unwrap();
        let store = Store::new(&root);
        store.create(&system(begin, manners), None, &Config::usual()).unwrap();
        let address = world.address.clone();
        tokio::spawn(async move { serve(&address, store).await.unwrap() });
        let client = RpmOstree::new(world.environment());
        crate::others::named(&world.address, NAME).await;
        Self { world, client, reporter: Reporter::new().0, cancel: CancellationToken::new() }
    }

    async fn run(&self, change: &SystemChange) -> Result<strata_model::System, Stop> {
        self.client.run(change, &self.reporter, &self.cancel).await.map(|outcome| outcome.system)
    }
}

fn discard() -> SystemChange {
    SystemChange::CleanUp(BTreeSet::from([Rubbish::Pending]))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_system_is_layered_and_updated() {
    let machine = Machine::new(&json!({})).await;
    let plan = machine.client.plan(&install("greet"), &machine.cancel).await.unwrap();
    let comes: Vec<_> = plan.changes.iter().map(|change| change.name.as_str()).collect();
    assert_eq!(comes, ["greet", "libgreet"]);
    assert_eq!(machine.client.state().await.unwrap().staged(), None, "a plan changes nothing");
    let layered = machine.run(&install("greet")).await.unwrap();
    assert_eq!(layered.staged().unwrap().layered, ["greet"]);
    assert_eq!(machine.run(&discard()).await.unwrap().pending(), None);
    let update = machine.client.check(&machine.reporter, &machine.cancel).await.unwrap().unwrap();
    assert_eq!((update.version.as_str(), update.changes.len()), ("41.2", 1));
    let staged = machine.run(&SystemChange::Update).await.unwrap();
    assert_eq!(staged.update.as_ref().unwrap().deployment, staged.staged().unwrap().id);
    let refused = machine.run(&SystemChange::RollBack).await.unwrap_err();
    assert!(matches!(refused, Stop::Failed(failure) if failure.kind == FailureKind::Staged));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_updated_system_goes_back_and_forth() {
    let machine = Machine::begun(&json!({"booted": "41.2", "rollback": "41.1"}), &json!({})).await;
    let updated = machine.client.state().await.unwrap();
    assert_eq!((updated.booted().unwrap().version.as_str(), updated.pending()), ("41.2", None));
    assert_eq!(updated.capabilities.refusal(Ability::RollBack), None);
    let plan = machine.client.plan(&SystemChange::RollBack, &machine.cancel).await.unwrap();
    assert_eq!((plan.changes[0].name.as_str(), plan.changes[0].to.as_str()), ("base-doc", "1.0-1"));
    let back = machine.run(&SystemChange::RollBack).await.unwrap();
    assert_eq!(back.pending().unwrap().version, "41.1");
    let again = machine.run(&SystemChange::RollBack).await.unwrap();
    assert_eq!(again.pending(), None, "once more undoes it");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_update_of_layers_alone_is_not_offered_again() {
    let machine = Machine::begun(&json!({"booted": "41.2", "packages": ["greet"]}), &json!({})).await;
    let look = || machine.client.check(&machine.reporter, &machine.cancel);
    assert_eq!(look().await.unwrap(), None);
    let updates = SystemChange::SwitchRepository { id: "rig-updates".to_owned(), enabled: true };
    machine.run(&updates).await.unwrap();
    let update = look().await.unwrap().unwrap();
    assert_eq!((update.changes[0].name.as_str(), update.changes[0].to.as_str()), ("greet", "1.1-1"));
    assert!(!update.new_image && update.deployment.is_empty(), "the image is the same");
    let staged = machine.run(&SystemChange::Update).await.unwrap();
    let waits = staged.staged().unwrap().id.clone();
    assert_eq!(staged.update.unwrap().deployment, waits);
    // From here on the daemon itself no longer says which deployment that was.
    assert_eq!(look().await.unwrap().unwrap().deployment, waits);
    machine.run(&discard()).await.unwrap();
    assert_eq!(look().await.unwrap().unwrap().deployment, "", "what was thrown away is offered");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_programs_change_one_system_after_the_other() {
    let machine = Machine::new(&json!({"pace": 0.1})).await;
    let other = RpmOstree::new(machine.world.environment());
    let (one, two) = (install("greet"), install("etcpkg"));
    let (reporter, cancel) = (Reporter::new().0, CancellationToken::new());
    let (one, two) = tokio::join!(machine.run(&one), other.run(&two, &reporter, &cancel));
    one.unwrap();
    two.unwrap();
    let mut layered = machine.client.state().await.unwrap().staged().unwrap().layered.clone();
    layered.sort();
    assert_eq!(layered, ["etcpkg", "greet"], "neither was lost");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_blocks_is_named_and_what_is_locked_is_not_offered() {
    let machine = Machine::new(&json!({})).await;
    let both = SystemChange::Packages(PackageSet {
        install: BTreeSet::from(["broken".to_owned(), "greet".to_owned()]),
        ..PackageSet::default()
    });
    let ended = machine.run(&both).await.unwrap_err();
    let Stop::Failed(failure) = ended else { panic!("{ended:?}") };
    assert_eq!((failure.kind, failure.subject.as_str()), (FailureKind::Unsolvable, "broken"));
    let obstacle = machine.client.capabilities().await.refusal(Ability::Install);
    assert_eq!(obstacle, None);
    let config = Config { lock_layering: true, ..Config::usual() };
    let file = machine.world.environment().update_daemon_config();
    std::fs::create_dir_all(file.parent().unwrap()).unwrap();
    std::fs::write(file, config.text()).unwrap();
    let obstacle = machine.client.capabilities().await.refusal(Ability::Install);
    assert_eq!(obstacle, Some(SystemObstacle::LayeringLocked));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_programs_update_is_followed_and_cancelled() {
    for cancelled in [false, true] {
        let machine = Machine::new(&json!({"pace": 1.0})).await;
        let other = Arc::new(RpmOstree::new(machine.world.environment()));
        let busy = Arc::clone(&other);
        let running = tokio::spawn(async move {
            busy.run(&install("greet"), &Reporter::new().0, &CancellationToken::new())
                .await
                .map(|outcome| outcome.changed)
        });
        let deadline = std::time::Instant::now() + std::time::Duration::from_secs(10);
        while machine.client.state().await.unwrap().running.is_none() {
            assert!(std::time::Instant::now() < deadline && !running.is_finished(), "it is seen");
        }
        if cancelled {
            machine.cancel.cancel();
        }
        let followed = machine.client.follow(&machine.reporter, &machine.cancel).await;
        let expected = if cancelled { Err(Stop::Cancelled) } else { Ok(()) };
        assert_eq!(followed, expected);
        assert_eq!(running.await.unwrap(), if cancelled { Err(Stop::Cancelled) } else { Ok(true) });
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_plan_that_nobody_waits_for_is_cancelled_at_the_daemon() {
    let deadline = || std::time::Instant::now() + std::time::Duration::from_secs(10);
    for dropped in [false, true] {
        // To its end it would take half a minute.
        let machine = Machine::new(&json!({"pace": 200.0})).await;
        let other = RpmOstree::new(machine.world.environment());
        let unwanted = CancellationToken::new();
        let cancel = unwanted.clone();
        let planning = tokio::spawn(async move { other.plan(&install("greet"), &cancel).await });
        let begun = deadline();
        while machine.client.state().await.unwrap().running.is_none() {
            assert!(std::time::Instant::now() < begun && !planning.is_finished(), "{planning:?}");
        }
        if dropped {
            planning.abort();
        } else {
            unwanted.cancel();
        }
        let given_up = deadline();
        while machine.client.state().await.unwrap().running.is_some() {
            assert!(std::time::Instant::now() < given_up, "the daemon was not told");
        }
        let planned = planning.await;
        assert!(if dropped { planned.is_err() } else { planned.unwrap() == Err(Stop::Cancelled) });
    }
}
