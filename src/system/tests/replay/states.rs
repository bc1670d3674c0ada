//! What stands in the daemon's dictionaries, as the faces get it.

use crate::recording::Recording;
use crate::values::variant;
use serde_json::Value as Json;
use strata_model::System;
use strata_model::deployment::Unlocked;
use strata_model::system::{Ability, AutomaticPolicy, SystemObstacle};
use strata_model::system_update::{AdvisoryKind, AdvisorySeverity, PackageChangeKind};
use strata_system::fields::Properties;
use strata_system::state::{Circumstances, system};

/// The system of recorded properties.
pub(crate) fn of(properties: &Json) -> System {
    with(properties, Circumstances::default())
}

fn with(properties: &Json, here: Circumstances) -> System {
    let read = |interface: &str| -> Properties {
        let pairs = properties[interface].as_array().unwrap().iter();
        pairs.map(|pair| (pair[0].as_str().unwrap().to_owned(), variant(&pair[1]).try_into().unwrap())).collect()
    };
    system(&read("Sysroot"), &read("OS"), here)
}

fn before(name: &str) -> System {
    of(&Recording::of(name, "a").before)
}

fn after(name: &str) -> System {
    of(&Recording::of(name, "a").after.unwrap())
}

/// What changes, in short: `+newbase 1.0-1`, `base-doc 1.0-1 > 2.0-1`, an `!` for layered.
fn changes(system: &System) -> Vec<String> {
    let short = |change: &strata_model::system_update::PackageChange| {
        let mark = if change.layered { "!" } else { "" };
        let text = match change.change {
            PackageChangeKind::Added => format!("+{} {}", change.name, change.to),
            PackageChangeKind::Removed => format!("-{} {}", change.name, change.from),
            _ => format!("{} {} > {}", change.name, change.from, change.to),
        };
        format!("{mark}{text}")
    };
    system.update.iter().flat_map(|update| update.changes.iter().map(short)).collect()
}

#[test]
fn a_fresh_system_has_one_deployment_and_nothing_newer() {
    let system = before("status-fresh");
    let [booted] = &system.deployments[..] else { panic!("{system:?}") };
    assert_eq!((booted.version.as_str(), booted.os.as_str(), booted.index), ("41.1", "rig", 0));
    assert_eq!(booted.reference, "rig:rig/41/x86_64/desktop");
    assert_eq!((booted.timestamp, booted.unlocked), (1_795_309_536, Unlocked::None));
    assert!(booted.booted && !booted.container && !booted.is_changed());
    assert_eq!(booted.checksum, booted.base_checksum);
    assert_eq!((system.name.as_str(), system.policy), ("rig", AutomaticPolicy::None));
    assert_eq!((system.update, system.running), (None, None));
    let refused = |ability| system.capabilities.refusal(ability);
    assert_eq!(refused(Ability::RollBack), Some(SystemObstacle::NoEarlier));
    assert_eq!(refused(Ability::Discard), Some(SystemObstacle::NothingPending), "nothing was rolled back");
    assert_eq!((refused(Ability::Install), refused(Ability::Update)), (None, None));
}

#[test]
fn a_layered_system_shows_the_version_of_its_image() {
    let system = after("install-one");
    let [staged, booted] = &system.deployments[..] else { panic!("{system:?}") };
    assert!(staged.staged && booted.booted && staged.is_changed());
    assert_eq!((&staged.requested[..], &staged.layered[..]), (&["greet".to_owned()][..], &["greet".to_owned()][..]));
    assert_eq!((staged.version.as_str(), staged.timestamp), ("41.1", booted.timestamp), "those of the image");
    assert_eq!((&staged.base_checksum, system.pending()), (&booted.checksum, Some(staged)));
    let refused = |ability| system.capabilities.refusal(ability);
    assert_eq!(refused(Ability::RollBack), Some(SystemObstacle::Staged));
    assert_eq!(refused(Ability::Discard), None);
    assert_eq!(refused(Ability::ApplyLive), Some(SystemObstacle::RootOnly));
}

#[test]
fn an_update_names_its_packages() {
    let update = after("upgrade-check");
    assert_eq!(changes(&update), ["base-doc 1.0-1 > 2.0-1", "+newbase 1.0-1"]);
    let found = update.update.as_ref().unwrap();
    assert_eq!((found.version.as_str(), found.timestamp), ("41.2", 1_795_309_563));
    assert!(found.new_image && found.changes_known && found.deployment.is_empty() && found.layers.is_none());
    let staged = after("upgrade");
    let found = staged.update.as_ref().unwrap();
    assert_eq!(found.deployment, staged.staged().unwrap().id, "the update is what is staged");
    for nothing in ["upgrade-check-none", "container-upgrade-check-none"] {
        assert_eq!(after(nothing).update, None, "{nothing}");
    }
}

#[test]
fn advisories_come_the_most_severe_first() {
    let system = before("upgrade-layered-only-update");
    let update = system.update.as_ref().unwrap();
    assert!(changes(&system).contains(&"!greet 1.0-1 > 1.1-1".to_owned()), "a layered package");
    let severities: Vec<_> =
        update.advisories.iter().map(|advisory| (advisory.id.as_str(), advisory.severity)).collect();
    let expected = [("RIG-2026-0002", AdvisorySeverity::Critical), ("RIG-2026-0001", AdvisorySeverity::Important)];
    assert_eq!(severities, expected);
    let important = &update.advisories[1];
    assert_eq!(
        (important.kind, &important.packages[..]),
        (AdvisoryKind::Security, &["greet-1.1-1.noarch".to_owned()][..])
    );
    assert_eq!(important.faults[0].url, "https://bugzilla.example.com/show_bug.cgi?id=101");
    assert_eq!(important.faults[1].cves, ["CVE-2026-0002", "CVE-2026-0003"]);
}

#[test]
fn a_containers_update_is_told_by_its_layers() {
    let system = after("container-chunked-upgrade-check");
    let (update, booted) = (system.update.as_ref().unwrap(), system.booted().unwrap());
    assert_eq!(update.version, "41.2");
    assert_eq!((update.timestamp, update.checksum.as_str()), (0, ""), "the daemon gives those of what runs");
    assert!(update.new_image && !update.changes_known && update.changes.is_empty());
    let layers = update.layers.unwrap();
    assert_eq!((layers.total, layers.added, layers.added_size, layers.removed), (8, 4, 103_685_692, 3));
    assert!(booted.container && booted.digest.starts_with("sha256:"));
    assert_eq!(booted.reference, "ostree-unverified-image:oci:/var/rig/oci:latest");
    let staged = after("container-upgrade");
    let update = staged.update.as_ref().unwrap();
    assert_eq!(update.version, "41.2", "the daemon leaves it out once it is staged");
    assert_eq!((update.timestamp, update.changes_known), (1_795_309_563, true));
    assert_eq!(changes(&staged), ["base-doc 1.0-1 > 2.0-1", "+newbase 1.0-1"]);
}

#[test]
fn removed_replaced_and_local_packages_are_told_apart() {
    let removed = after("override-remove");
    let staged = removed.staged().unwrap();
    let base = &staged.removed[0];
    assert_eq!((base.name.as_str(), base.version.as_str(), base.replacement.as_str()), ("base-doc", "1.0-1", ""));
    let replaced = after("override-replace-local");
    let base = &replaced.staged().unwrap().replaced[0];
    assert_eq!((base.name.as_str(), base.version.as_str(), base.replacement.as_str()), ("base-tool", "1.0-1", "2.0-1"));
    assert_eq!(after("install-local-rpm").staged().unwrap().local, ["localonly-1.0-1.noarch"]);
}

#[test]
fn rolling_back_pinning_and_applying_are_seen() {
    let system = before("rollback");
    assert_eq!(system.rollback().unwrap().version, "41.1");
    assert_eq!(system.capabilities.refusal(Ability::RollBack), None);
    let back = after("rollback");
    assert_eq!((back.pending().unwrap().version.as_str(), back.staged()), ("41.1", None));
    assert_eq!(back.capabilities.refusal(Ability::RollBack), None, "once more undoes it");
    let pinned = after("pin-and-unpin");
    assert!(!pinned.deployments[0].pinned);
    let live = after("live-apply-success");
    let booted = live.booted().unwrap();
    assert_eq!((booted.unlocked, &booted.live), (Unlocked::Transient, &live.staged().unwrap().checksum));
}

#[test]
fn refused_layering_refuses_new_packages_and_nothing_else() {
    for obstacle in [SystemObstacle::LayeringRefused, SystemObstacle::UpdaterRefuses] {
        let here = Circumstances { layering: Some(obstacle), pkexec: true, ..Circumstances::default() };
        // Packages are layered there already.
        let system = with(&Recording::of("lock-layering-upgrade", "a").before, here);
        let refused = |ability| system.capabilities.refusal(ability);
        assert_eq!(refused(Ability::Install), Some(obstacle));
        for ability in [Ability::Remove, Ability::Update, Ability::Pin, Ability::ChangeRepositories] {
            assert_eq!(refused(ability), None, "{ability:?}");
        }
    }
}

#[test]
fn locked_layering_refuses_what_the_daemon_would_refuse() {
    let here = Circumstances { layering: Some(SystemObstacle::LayeringLocked), ..Circumstances::default() };
    let locked = |name: &str, after: bool| {
        let recording = Recording::of(name, "a");
        let system = with(if after { recording.after.as_ref().unwrap() } else { &recording.before }, here);
        (system.capabilities.refusal(Ability::Update), system.capabilities.refusal(Ability::Remove))
    };
    let refused = Some(SystemObstacle::LayeringLocked);
    assert_eq!(locked("lock-layering-upgrade", false), (refused, None), "packages are layered");
    assert_eq!(locked("lock-layering-uninstall", true), (None, None), "none is, from the next start on");
    let system = with(&Recording::of("status-fresh", "a").before, here);
    assert_eq!(system.capabilities.refusal(Ability::Install), refused);
    assert_eq!(system.capabilities.refusal(Ability::Update), None);
}

#[test]
fn what_no_recording_has_is_read_all_the_same() {
    let mut properties = Recording::of("status-fresh", "a").before;
    for pair in properties["Sysroot"].as_array_mut().unwrap() {
        if pair[0] == "Deployments" {
            let deployment = pair[1]["value"][0].as_array_mut().unwrap();
            deployment.retain(|field| field[0] != "unlocked" && field[0] != "base-remote-replacements");
            let package = |nevra: &str, version: &str, release: &str| serde_json::json!({"sig": "(sstsss)", "value": [nevra, "mesa", 1, version, release, "x86_64"]});
            let (new, old) = (package("mesa-1:25-2.x86_64", "25", "2"), package("mesa-1:24-1.x86_64", "24", "1"));
            let packages = serde_json::json!({"sig": "a(vv)", "value": [[new, old]]});
            deployment.extend([
                serde_json::json!(["base-remote-replacements", {"sig": "a{sv}", "value": [["repo=copr", packages]]}]),
                serde_json::json!(["endoflife", {"sig": "s", "value": "Move to 43"}]),
                serde_json::json!(["finalization-locked", {"sig": "b", "value": true}]),
                serde_json::json!(["unlocked", {"sig": "s", "value": "sideways"}]),
            ]);
        }
        if pair[0] == "AutomaticUpdatePolicy" {
            pair[1]["value"] = "yearly".into();
        }
    }
    let system = of(&properties);
    let booted = system.booted().unwrap();
    assert_eq!((booted.end_of_life.as_str(), booted.locked, booted.unlocked), ("Move to 43", true, Unlocked::Unknown));
    assert_eq!(system.policy, AutomaticPolicy::Unknown);
    let [mesa] = &booted.replaced[..] else { panic!("{:?}", booted.replaced) };
    let versions = (mesa.name.as_str(), mesa.version.as_str(), mesa.replacement.as_str());
    assert_eq!(versions, ("mesa", "1:24-1", "1:25-2"), "from a repository");
}

#[test]
fn a_field_of_another_type_costs_itself() {
    let recording = Recording::of("override-remove-layered-system", "a");
    let after = recording.after.unwrap();
    let places = after["Sysroot"].as_array().unwrap();
    let place = places.iter().position(|pair| pair[0] == "Deployments").unwrap();
    let fields = after["Sysroot"][place][1]["value"][0].as_array().unwrap().len();
    for (field, wrong) in
        (0..fields).flat_map(|field| [("s", "wrong".into()), ("u", Json::from(7))].map(|wrong| (field, wrong)))
    {
        let mut changed = after.clone();
        let pair = &mut changed["Sysroot"][place][1]["value"][0][field];
        let key = pair[0].as_str().unwrap().to_owned();
        pair[1] = serde_json::json!({"sig": wrong.0, "value": wrong.1});
        let system = of(&changed);
        // Without a name a deployment cannot be asked about; everything else stays.
        let expected = if key == "id" && wrong.0 == "u" { 2 } else { 3 };
        assert_eq!(system.deployments.len(), expected, "{key}");
        assert!(system.booted().is_some(), "{key}");
    }
}

#[test]
fn another_transaction_is_seen() {
    let mut properties = Recording::of("status-fresh", "a").before;
    for pair in properties["Sysroot"].as_array_mut().unwrap() {
        match pair[0].as_str().unwrap() {
            "ActiveTransactionPath" => pair[1]["value"] = "unix:path=/run/rpm-ostree-transaction.sock".into(),
            "ActiveTransaction" => pair[1]["value"] = serde_json::json!(["Upgrade", ":1.7", "/o"]),
            _ => {}
        }
    }
    assert_eq!(of(&properties).running.unwrap().method, "Upgrade");
}
