//! The system beneath, in worlds with a simulated update daemon: what the terminal prints, and what the daemon then has.

use crate::documented::assert_documented;
use crate::overrides;
use serde_json::{Value, json};
use strata_demo::{Scenario, World};
use strata_tests::{Running, ctl, ctl_json, programs, stratactl, until, world};

const BEFORE: &str = "42.20261018.0";
const BOOTED: &str = "42.20261101.0";
const NEWEST: &str = "42.20261115.0";
const RESTART: &str = "Restart to finish";

/// What the daemon has on its disk, in the order of the machine's start.
pub(crate) fn disk(world: &World) -> Vec<Value> {
    let text = std::fs::read(world.folder().join("system/state.json")).unwrap();
    let state: Value = serde_json::from_slice(&text).unwrap();
    state["deployments"].as_array().unwrap().clone()
}

/// How many deployments there are, and whether the first of them waits for a restart.
fn waits(world: &World) -> (usize, bool) {
    if !world.folder().join("system/state.json").exists() {
        // As the world began: the daemon writes it with the first change.
        return (2, false);
    }
    let disk = disk(world);
    (disk.len(), disk[0]["booted"] == false)
}

#[track_caller]
pub(crate) fn assert_says(text: &str, expected: &[&str]) {
    let mut rest = text;
    for words in expected {
        let Some((_, after)) = rest.split_once(words) else {
            panic!("“{words}” is not said, or not there:\n{text}")
        };
        rest = after;
    }
}

#[test]
fn the_system_is_updated_discarded_rolled_back_and_pinned() {
    let world = world(Scenario::Classic);
    let status = ctl(&world, &["system"]).expect(0).out;
    assert_says(&status, &["0\trunning", BOOTED, "1\tto go back to", BEFORE]);
    let check = ctl(&world, &["system", "update", "--check"]).expect(0).out;
    assert_says(&check, &[NEWEST, "firefox: becomes newer: 144.0-1 → 145.0-1", "libnew: comes", "libold: goes"]);
    assert_eq!(waits(&world), (2, false), "a question changes nothing");
    let refused = ctl(&world, &["system", "update"]).expect(2);
    assert!(refused.err.contains("--yes") && waits(&world) == (2, false), "{}", refused.err);

    let updated = ctl(&world, &["-y", "system", "update"]).expect(0).out;
    assert_says(&updated, &["becomes newer", "It takes effect after a restart", "Updated the system", RESTART]);
    assert_eq!(waits(&world), (3, true));
    assert_says(&ctl(&world, &["system"]).out, &["0\tafter a restart", NEWEST, "1\trunning", BOOTED, RESTART]);
    let again = ctl(&world, &["-y", "system", "update"]).expect(0).out;
    assert_says(&again, &["waits for a restart already", RESTART]);
    let rollback = ctl(&world, &["-y", "system", "rollback"]).expect(1).err;
    assert_says(&rollback, &["Restart, or discard it first"]);

    assert_says(&ctl(&world, &["-y", "system", "discard"]).expect(0).out, &["Discarded"]);
    assert_eq!(waits(&world), (2, false));
    let rolled = ctl(&world, &["-y", "system", "rollback"]).expect(0).out;
    assert_says(&rolled, &["firefox: becomes older: 144.0-1 → 143.0-1", "Rolled the system back", RESTART]);
    assert_eq!(waits(&world), (2, true));
    let discard = ctl(&world, &["-y", "system", "discard"]).expect(1).err;
    assert_says(&discard, &["undone by rolling back once more"]);
    assert_eq!(waits(&world), (2, true), "it would delete the way back");
    let _ = ctl(&world, &["-y", "system", "rollback"]).expect(0);
    assert_eq!(waits(&world), (2, false), "once more undoes it");

    let pinned = ctl(&world, &["-y", "system", "pin", BEFORE, "--note", "works well"]).expect(0).out;
    assert_says(&pinned, &["Pinned 42.20261018.0"]);
    assert_eq!(disk(&world)[1]["pinned"], true);
    assert_says(&ctl(&world, &["system"]).out, &["to go back to, pinned, “works well”"]);
    let _ = ctl(&world, &["-y", "system", "pin", "1"]).expect(0);
    assert_says(&ctl(&world, &["system"]).out, &["pinned, “works well”"]);
    let _ = ctl(&world, &["-y", "system", "pin", "1", "--note", ""]).expect(0);
    assert!(!ctl(&world, &["system"]).out.contains("works well"), "an empty note erases it");
    let _ = ctl(&world, &["-y", "system", "unpin", "1"]).expect(0);
    assert_eq!(disk(&world)[1]["pinned"], false);
    assert_says(&ctl(&world, &["-y", "system", "pin", "7"]).expect(3).err, &["There are: 0 (42.20261101.0), 1 ("]);
    let history = ctl_json(&world, 0, &["history"]);
    let actions: Vec<_> = history.as_array().unwrap().iter().map(|entry| entry["action"].as_str().unwrap()).collect();
    assert_eq!(actions[..3], ["unpin", "pin", "roll-back"]);
}

#[test]
fn what_is_older_than_what_runs_is_no_update() {
    let world = world(Scenario::Classic);
    let _ = ctl(&world, &["-y", "system", "deploy", BEFORE]).expect(0);
    assert_eq!(waits(&world), (3, true));
    let is_none = |why: &str| {
        let check = ctl(&world, &["system", "update", "--check"]).expect(0).out;
        assert!(!check.contains(BEFORE), "{why}: {check}");
        let listed = ctl(&world, &["list", "--updates"]).expect(0).out;
        assert!(!listed.contains(BEFORE), "{why}: {listed}");
    };
    is_none("it is staged");
    let _ = ctl(&world, &["-y", "system", "discard"]).expect(0);
    is_none("it was discarded");
}

#[test]
fn when_the_system_was_last_asked_for_is_kept_and_told() {
    let world = world(Scenario::Classic);
    let hint = "is asked with: stratactl system update --check";
    assert_eq!(ctl_json(&world, 0, &["system"])["checked"], 0);
    assert!(!ctl(&world, &["system"]).expect(0).out.contains("Last checked"), "nobody has looked");
    // Nothing newer is there for what runs the newest.
    let _ = ctl(&world, &["-y", "system", "update"]).expect(0);
    let restarted = world.command(programs().join("strata-demo")).args(["system", "restart"]).status().unwrap();
    assert!(restarted.success());
    let checked = ctl_json(&world, 0, &["system"])["checked"].as_i64().unwrap();
    assert!(checked > 1_600_000_000, "{checked}");
    assert_says(&ctl(&world, &["system"]).expect(0).out, &["Last checked: 20"]);
    assert!(!ctl(&world, &["list", "--updates"]).err.contains(hint), "it was asked a moment ago");
}

#[test]
fn nothing_is_up_to_date_beside_an_update_of_the_system() {
    let up_to_date = "up to date";
    let world = world(Scenario::Advisories);
    for words in [&["list", "--updates"][..], &["update"], &["update", "--no-refresh"]] {
        let said = ctl(&world, words);
        let all = format!("{}{}", said.out, said.err);
        let command = "The system has an update. Bring it with: stratactl system update";
        assert_says(&all, &["No updates of apps are known.", command, NEWEST, "Security advisories: 2."]);
        assert!(!all.contains(up_to_date), "{all}");
    }
    assert_eq!(waits(&world), (2, false), "it has a command of its own");
    let _ = ctl(&world, &["system", "hold"]).expect(0);
    assert_says(&ctl(&world, &["list", "--updates"]).err, &["are held", NEWEST]);
    let _ = ctl(&world, &["-y", "system", "update"]).expect(0);
    let ready = ctl(&world, &["list", "--updates"]).err;
    assert_says(&ready, &["Version 42.20261115.0 of the system waits for a restart.", RESTART]);
    assert!(!ready.contains(up_to_date), "{ready}");
}

#[test]
fn everything_is_up_to_date_only_where_the_system_was_read() {
    let cases = [
        (Scenario::Classic, "Everything is up to date, as far as is known.", true),
        (Scenario::NoDaemon, "No updates of apps are known.", false),
    ];
    for (scenario, sentence, can_be_asked) in cases {
        let world = world(scenario);
        // The first engine may come upon a Flatpak repository that is just being made; who refreshes has it read again.
        until("it is said", || {
            let said = ctl(&world, &["update"]).out;
            said.contains(sentence).then_some(())
        });
        let listed = ctl(&world, &["list", "--updates"]).err;
        assert_says(&listed, &[sentence]);
        assert_eq!(listed.contains("stratactl system update --check"), can_be_asked, "nobody has looked yet: {listed}");
    }
}

#[test]
fn packages_are_layered_and_taken_away() {
    let world = world(Scenario::Classic);
    let installed = ctl(&world, &["-y", "install", "--source", "package", "htop"]).expect(0).out;
    let cost = "htop becomes part of the system: it is there after a restart";
    assert_says(&installed, &["htop: comes 3.4.1-2", "hwloc-libs: comes", cost, "Installed htop", RESTART]);
    assert_eq!(disk(&world)[0]["wishes"]["packages"][0], "htop", "{:#}", disk(&world)[0]);
    assert_says(&ctl(&world, &["list"]).out, &["htop\thtop"]);
    let plan = ctl_json(&world, 0, &["plan", "--remove", "htop"]);
    assert_documented("`plan", 1, &plan);
    let removed = ctl(&world, &["-y", "remove", "--source", "package", "htop"]).expect(0).out;
    assert_says(&removed, &["htop: goes", "Removed htop"]);
    assert!(!removed.contains("What waits for a restart already"), "htop was all that waited: {removed}");
    assert_eq!(disk(&world)[0]["wishes"]["packages"].as_array().map_or(0, Vec::len), 0);
    let carried = ctl(&world, &["-y", "install", "--source", "package", "firefox"]).expect(0).out;
    assert_says(&carried, &["The system carries firefox already", "Nothing to do"]);
    let unknown = ctl(&world, &["-y", "install", "--source", "package", "nothing-such"]).expect(3).err;
    let version = ctl(&world, &["-y", "system", "deploy", "1.2.3"]).expect(1).err;
    assert_says(&version, &["was not found", "are shown with: stratactl system"]);
    let no_app = ctl(&world, &["-y", "install", "hwloc-libs"]).expect(3).err;
    assert_says(&no_app, &["There is no app “hwloc-libs”", "stratactl install --source package hwloc-libs"]);
    assert_says(&unknown, &["“nothing-such” was not found", "stratactl search --source package nothing-such"]);
}

#[test]
fn packages_of_the_image_come_back_as_the_image_has_them() {
    let world = world(Scenario::Classic);
    overrides::make(&world);
    let status = ctl(&world, &["system"]).expect(0).out;
    assert_says(&status, &["Changed in the image: firefox (removed), podman (5.6.2-1 → 5.7.0-1)", "system reset NAME"]);
    let other = ctl(&world, &["-y", "system", "reset", "bash"]).expect(3).err;
    assert_says(&other, &["“bash” is as the image has it. These are not: firefox (removed), podman"]);
    let asked = ctl(&world, &["system", "reset", "firefox"]).expect(2);
    assert_says(&asked.out, &["firefox: comes 144.0-1", "It takes effect after a restart"]);
    let both = ctl(&world, &["-y", "system", "reset", "firefox", "podman"]).expect(0).out;
    assert_says(&both, &["firefox: comes 144.0-1", "podman: becomes older: 5.7.0-1 → 5.6.2-1", RESTART]);
    let wishes = disk(&world)[0]["wishes"].clone();
    assert_eq!((&wishes["removals"], &wishes["replacements"]), (&json!([]), &json!({})));
    assert_eq!(wishes["packages"][0], "fish", "what is layered stays");
    assert!(!ctl(&world, &["system"]).out.contains("Changed in the image"), "from the next restart on");
    assert_says(&ctl(&world, &["-y", "system", "reset", "podman"]).expect(3).err, &["so is every other package"]);
}

#[test]
fn what_does_not_fit_is_named_and_changes_nothing() {
    let cases: [(Scenario, &[&str], &[&str]); 3] = [
        (Scenario::Classic, &["install", "--source", "package", "orphan-plugin"], &["“orphan-plugin” does not fit"]),
        (
            Scenario::BrokenDependency,
            &["system", "update"],
            &["“legacy-viewer” does not fit", "If it is layered, remove it"],
        ),
        (Scenario::FailingScript, &["system", "update"], &["“motd-tools” did not work", "Nothing was changed"]),
    ];
    for (scenario, words, said) in cases {
        let world = world(scenario);
        let failed = ctl(&world, &[&["-y"], words].concat()).expect(1);
        assert_says(&failed.err, said);
        assert_eq!(waits(&world), (2, false), "{scenario:?}");
    }
}

#[test]
fn a_container_image_tells_what_has_to_come() {
    let world = world(Scenario::Container);
    let check = ctl(&world, &["system", "update", "--check"]).expect(0).out;
    assert_says(&check, &[NEWEST, "To download: 4 of 9 layers, 117.6 MB", "is known when it is downloaded"]);
    assert_says(&ctl(&world, &["-y", "system", "update"]).expect(0).out, &["Updated the system", RESTART]);
    assert_eq!(waits(&world), (3, true));
    assert_says(&ctl(&world, &["-y", "system", "deploy", BEFORE]).expect(1).err, &["stratactl system rollback"]);
}

#[test]
fn what_is_staged_is_shown_and_can_be_discarded() {
    let world = world(Scenario::Staged);
    assert_says(&ctl(&world, &["system"]).expect(0).out, &["0\tafter a restart", NEWEST, RESTART]);
    let status = ctl_json(&world, 0, &["system"]);
    assert_eq!(
        (status["restart_needed"].as_bool(), status["deployments"][0]["staged"].as_bool()),
        (Some(true), Some(true))
    );
    let _ = ctl(&world, &["-y", "system", "discard"]).expect(0);
    assert_eq!(waits(&world), (2, false));
    assert_says(&ctl(&world, &["-y", "system", "discard"]).expect(1).err, &["No change of the system waits"]);
}

#[test]
fn what_is_staged_is_not_offered_again_and_keeps_the_packages_that_come_on_top() {
    let world = world(Scenario::Staged);
    let check = ctl(&world, &["system", "update", "--check"]).expect(0).out;
    assert_says(&check, &[NEWEST]);
    assert_says(&ctl(&world, &["-y", "system", "update"]).expect(0).out, &["waits for a restart already"]);
    let _ = ctl(&world, &["-y", "install", "--source", "package", "fish"]).expect(0);
    assert_says(&ctl(&world, &["-y", "system", "update"]).expect(0).out, &["waits for a restart already"]);
    assert_eq!(disk(&world)[0]["wishes"]["packages"][0], "fish");
}

#[test]
fn what_becomes_of_what_waits_is_said_before() {
    let world = world(Scenario::Classic);
    let _ = ctl(&world, &["-y", "system", "update"]).expect(0);
    let layered = ctl(&world, &["-y", "install", "--source", "package", "fish"]).expect(0).out;
    assert_says(&layered, &["What waits for a restart already is kept"]);
    let deployed = ctl(&world, &["-y", "system", "deploy", BEFORE]).expect(0).out;
    assert_says(&deployed, &[&format!("Version {NEWEST}, which waits for a restart, is discarded")]);
    assert_eq!(disk(&world)[0]["wishes"]["packages"][0], "fish", "it comes along");
    let _ = ctl(&world, &["-y", "system", "discard"]).expect(0);
    assert_says(&ctl(&world, &["-y", "system", "deploy", "0"]).expect(0).out, &["runs already"]);
    assert_says(&ctl(&world, &["-y", "system", "deploy", "7"]).expect(3).err, &["There is no version “7” here"]);
    let _ = ctl(&world, &["-y", "system", "rollback"]).expect(0);
    let above = ctl(&world, &["-y", "install", "--source", "package", "fish"]).expect(0).out;
    assert_says(&above, &[&format!("It starts from version {BEFORE}, which was rolled back to")]);
}

#[test]
fn what_the_distribution_rules_out_is_not_tried() {
    let world = world(Scenario::LockedLayering);
    let sentence = "ruled out adding packages to it (LockLayering in /etc/rpm-ostreed.conf)";
    assert_says(&ctl(&world, &["system"]).expect(0).out, &[sentence]);
    let refused = ctl(&world, &["-y", "install", "--source", "package", "htop"]).expect(1).err;
    assert_says(&refused, &["set up to take no further packages"]);
    assert_eq!(waits(&world), (2, false));
    assert_says(&ctl(&world, &["-y", "system", "update"]).expect(0).out, &["Updated the system"]);
}

#[test]
fn a_daemon_that_dies_leaves_the_system_and_the_next_one_works() {
    let world = world(Scenario::Dying);
    let install = ["-y", "install", "--source", "package", "fish"];
    assert_says(
        &ctl(&world, &install).expect(1).err,
        &["ended in the middle of its work", "The running system is as it was"],
    );
    assert_eq!(waits(&world), (2, false));
    assert_says(&ctl(&world, &install).expect(0).out, &["Installed fish", RESTART]);
    assert_eq!(waits(&world), (3, true));
}

#[test]
fn what_another_program_does_is_shown_and_can_be_cancelled() {
    let world = world(Scenario::Busy);
    // The other program begins as soon as the daemon is there.
    until("the other program is at work", || {
        let sentence = "at work: uupd (cancel it with: stratactl system cancel)";
        ctl(&world, &["system"]).out.contains(sentence).then_some(())
    });
    let status = ctl_json(&world, 0, &["system"]);
    assert_documented("`system [status]`", 0, &status);
    let cancelled = ctl_json(&world, 0, &["system", "cancel"]);
    assert_documented("`system cancel`", 0, &cancelled);
    assert_eq!(cancelled["cancelled"], "uupd");
    assert_eq!(waits(&world), (2, false));
    assert_says(&ctl(&world, &["system", "cancel"]).expect(0).out, &["Nothing changes the system"]);
}

#[test]
fn a_machine_without_a_system_bus_says_so() {
    let world = world(Scenario::Classic);
    let nowhere = format!("unix:path={}", world.folder().join("no-bus").display());
    let said = |words: &[&str]| {
        // With an engine of its own, which finds what it finds.
        let mut command = stratactl(&world, words);
        command.env_remove("DBUS_SESSION_BUS_ADDRESS").env("XDG_RUNTIME_DIR", world.folder());
        command.env("DBUS_SYSTEM_BUS_ADDRESS", &nowhere);
        Running::start(command).end()
    };
    let sentence = "The system bus (D-Bus) is not to be reached from here";
    assert_says(&said(&["system"]).expect(0).out, &[sentence]);
    assert_says(&said(&["-y", "system", "update"]).expect(1).err, &[sentence]);
    let layered = said(&["-y", "install", "--source", "package", "htop"]).expect(1).err;
    assert_says(&layered, &["The system bus (D-Bus) could not be reached"]);
}

#[test]
fn a_machine_without_a_daemon_says_so() {
    let world = world(Scenario::NoDaemon);
    let sentence = "The service that updates this system (rpm-ostree) is not there.";
    assert_says(&ctl(&world, &["system"]).expect(0).out, &[sentence]);
    assert_eq!(ctl_json(&world, 0, &["system"])["capabilities"]["obstacle"], "no-daemon");
    for words in [&["update"][..], &["rollback"], &["pin", "0"], &["discard"], &["cancel"]] {
        assert_says(&ctl(&world, &[&["-y", "system"], words].concat()).expect(1).err, &[sentence]);
    }
}

#[test]
fn updates_are_held_and_released() {
    let world = world(Scenario::Advisories);
    assert_documented("`system hold`", 0, &ctl_json(&world, 0, &["system", "hold"]));
    assert_says(&ctl(&world, &["system"]).out, &["Updates of the system are held", "stratactl system release"]);
    let updated = ctl(&world, &["-y", "system", "update"]).expect(0).out;
    let advisory = "important: ORCHARD-2026-22c7; CVE-2026-10233";
    assert_says(
        &updated,
        &["critical: ORCHARD", advisory, "Updates of the system are held. This one is made all the same"],
    );
    assert_says(&ctl(&world, &["system", "release"]).expect(0).out, &["offered again"]);
    assert!(!ctl(&world, &["system"]).out.contains("are held"));
}
