//! Apps that are packages of the system: found, layered and taken away by their ids, in a world with Flatpaks and a system.

#[path = "../../src/demo/tests/recordings/rpm.rs"]
pub(crate) mod rpm;

use crate::documented::assert_documented;
use crate::system::{assert_says, disk};
use serde_json::Value;
use strata_demo::{Scenario, World};
use strata_tests::{ctl, ctl_json, programs, until, world};

const GAUGE: &str = "org.htopper.Htop";
const FIREFOX: &str = "org.mozilla.firefox";
const FILIGREE: &str = "org.filigree.Filigree";

/// What is layered from the next start on, as the daemon has it.
fn layered(world: &World) -> Vec<Value> {
    let wishes = disk(world)[0]["wishes"]["packages"].clone();
    wishes.as_array().cloned().unwrap_or_default()
}

fn restart(world: &World) {
    let restarted = world.command(programs().join("strata-demo")).args(["system", "restart"]).status().unwrap();
    assert!(restarted.success());
}

#[test]
fn an_app_that_is_a_package_is_layered_and_taken_away_by_its_id() {
    let world = world(Scenario::Atomic);
    let found = ctl_json(&world, 0, &["search", "process gauge"]);
    assert_documented("`search WORDS…`", 0, &found);
    assert_eq!((&found[0]["id"], &found[0]["installed"]), (&GAUGE.into(), &false.into()));
    let way = &found[0]["offers"][0];
    assert_eq!((&way["source"], &way["ref"], &way["list"]), (&"package".into(), &"htop".into(), &"orchard-42".into()));
    assert_eq!((&way["origin"], &way["installable"]), (&"".into(), &true.into()), "{way}");
    let page = ctl(&world, &["show", GAUGE]).expect(0).out;
    assert_says(&page, &["Process Gauge", "Offered: (Package, orchard-42, system, htop)"]);
    assert!(!page.contains("Installed:"), "{page}");

    let plan = ctl_json(&world, 0, &["plan", GAUGE]);
    assert_eq!(plan[0]["permissions"][0]["resource"], "everything", "no sandbox is around it: {plan:#}");
    let installed = ctl(&world, &["-y", "install", GAUGE]).expect(0).out;
    let cost = "becomes part of the system: it is there after a restart";
    assert_says(&installed, &["htop: comes 3.4.1-2", cost, "Installed Process Gauge", "Restart to finish"]);
    assert_eq!(layered(&world), ["htop"]);
    assert_says(&ctl(&world, &["show", GAUGE]).expect(0).out, &["Installed: (Package, system, htop)"]);
    assert_eq!(ctl_json(&world, 0, &["search", "process gauge"])[0]["installed"], true);
    assert_says(&ctl(&world, &["list"]).expect(0).out, &["htop\thtop"]);

    // It is not on the running system yet, and after the restart its own desktop file opens it.
    let file = world.folder().join("system/usr/share/applications/htop.desktop");
    let opened = world.folder().join("opened");
    assert_says(&ctl(&world, &["run", GAUGE]).expect(1).err, &["htop"]);
    restart(&world);
    std::fs::create_dir_all(file.parent().unwrap()).unwrap();
    let entry = format!("[Desktop Entry]\nType=Application\nName=Gauge\nExec=touch {}\n", opened.display());
    std::fs::write(&file, entry).unwrap();
    let _ = ctl(&world, &["run", GAUGE]).expect(0);
    until("the app was opened", || opened.exists().then_some(()));

    let removed = ctl(&world, &["-y", "remove", GAUGE]).expect(0).out;
    assert_says(&removed, &["htop: goes", "Removed Process Gauge"]);
    assert!(layered(&world).is_empty());
    assert!(!ctl(&world, &["show", GAUGE]).expect(0).out.contains("Installed:"));
    assert_says(&ctl(&world, &["show", FIREFOX]).expect(0).out, &["Offered", "It is part of the system already."]);
    assert_says(&ctl(&world, &["search", "firefox"]).expect(0).out, &[FIREFOX, "part of the system"]);
    let carried = ctl_json(&world, 0, &["show", FIREFOX])["offers"][0].clone();
    assert_eq!((&carried["obstacle"]["kind"], &carried["installable"]), (&"in-system".into(), &false.into()));
    let carried = ctl(&world, &["-y", "install", FIREFOX]).expect(0).out;
    assert_says(&carried, &["The system carries firefox already", "Nothing to do"]);
}

#[test]
fn an_app_that_the_image_carries_is_opened_by_its_own_desktop_file() {
    let world = world(Scenario::Atomic);
    let _ = ctl(&world, &["search", "firefox"]).expect(0);
    assert_says(&ctl(&world, &["run", FIREFOX]).expect(1).err, &["cannot be opened from here"]);
    let file = world.folder().join("system/usr/share/applications/firefox.desktop");
    let opened = world.folder().join("opened");
    std::fs::create_dir_all(file.parent().unwrap()).unwrap();
    let entry = format!("[Desktop Entry]\nType=Application\nName=Firefox\nExec=touch {}\n", opened.display());
    std::fs::write(&file, entry).unwrap();
    let _ = ctl(&world, &["run", FIREFOX]).expect(0);
    until("the app was opened", || opened.exists().then_some(()));
}

#[test]
fn a_package_without_an_app_is_listed_shown_and_taken_away_by_its_name() {
    // htop is layered from the beginning, and the daemon sleeps until somebody asks for packages.
    let world = world(Scenario::Advisories);
    let list = ctl(&world, &["list"]).expect(0);
    assert_says(&list.err, &["stratactl list --source package"]);
    assert!(!list.out.contains("htop"), "nobody was woken for it: {}", list.out);
    let parts = ctl_json(&world, 0, &["list", "--source", "package"]);
    assert_documented("`list", 0, &parts);
    let first = parts[0].clone();
    assert_eq!(
        (&first["id"], &first["kind"], parts.as_array().map(Vec::len)),
        (&"htop".into(), &"package".into(), Some(1))
    );
    assert_eq!(ctl_json(&world, 0, &["list", "--source", "flatpak"]), Value::Array(Vec::new()));
    assert_says(&ctl(&world, &["show", "htop"]).expect(0).out, &["htop", "added to the system", "Installed: (Package"]);
    let page = ctl_json(&world, 0, &["show", "htop"]);
    assert_eq!((&page["id"], &page["installed_as"][0]["kind"]), (&"htop".into(), &"package".into()));
    let refused = ctl(&world, &["remove", "htop"]).expect(2);
    assert_says(&refused.out, &["htop: goes"]);
    for (command, instead) in [("hold", "hold"), ("release", "release"), ("update", "update"), ("go-back", "rollback")]
    {
        let refused = ctl(&world, &[command, "htop"]).expect(2).err;
        assert_says(&refused, &["“htop” is a part of the system", &format!("stratactl system {instead}")]);
    }
    let removed = ctl(&world, &["-y", "remove", "htop", "htop"]).expect(0).out;
    assert_says(&removed, &["htop: goes", "Removed htop", "Restart to finish"]);
    assert_eq!(removed.matches("Removed htop").count(), 1, "it was named twice, and goes once: {removed}");
    assert!(layered(&world).is_empty());
    let _ = ctl(&world, &["show", "htop"]).expect(3);
}

#[test]
fn a_plan_names_what_really_comes_and_goes() {
    // htop and what it needs are layered on what runs.
    let world = world(Scenario::Advisories);
    let changes = |words: &[&str]| {
        let plan = ctl_json(&world, 0, &[&["plan", "--source", "package"], words].concat());
        let of =
            |one: &Value| format!("{} {} {}{}", one["change"], one["name"], one["from"], one["to"]).replace('"', "");
        plan[0]["system"]["changes"].as_array().unwrap().iter().map(of).collect::<Vec<_>>()
    };
    assert_eq!(changes(&["fish"]), ["added fish 4.1.2-1"], "htop is there, and what came along with it");
    assert_eq!(changes(&["--remove", "htop"]), ["removed htop 3.4.1-2", "removed hwloc-libs 2.12.0-1"]);
    let _ = ctl(&world, &["-y", "install", "--source", "package", "fish"]).expect(0);
    assert_eq!(changes(&["zsh"]).len(), 1, "what is staged counts: {:?}", changes(&["zsh"]));
    assert_eq!(changes(&["--remove", "htop"]), ["removed htop 3.4.1-2", "removed hwloc-libs 2.12.0-1"], "fish stays");
    assert_eq!(changes(&["--remove", "fish"]), ["removed fish 4.1.2-1"]);
}

#[test]
fn a_repository_of_packages_is_switched_off_and_on_by_its_name() {
    let world = world(Scenario::Classic);
    let said = ctl(&world, &["-y", "remotes", "disable", "orchard"]).expect(0);
    assert_says(&said.err, &["those that are layered from it get no more updates"]);
    assert_says(&said.out, &["Switched the origin orchard off"]);
    let _ = ctl(&world, &["-y", "install", "--source", "package", "fish"]).expect(3);
    let _ = ctl(&world, &["remotes", "enable", "orchard"]).expect(0);
    let _ = ctl(&world, &["-y", "install", "--source", "package", "fish"]).expect(0);
    let _ = ctl(&world, &["-y", "remotes", "disable", "nothing-such"]).expect(3);
}

#[test]
fn what_was_rolled_back_is_listed_until_the_restart() {
    // htop is layered on what runs, and not on the version before.
    let world = world(Scenario::Advisories);
    let _ = ctl(&world, &["-y", "system", "rollback"]).expect(0);
    let listed = ctl(&world, &["list", "--source", "package"]).expect(0).out;
    assert_says(&listed, &["htop\thtop\t(goes with the restart)"]);
    let parts = ctl_json(&world, 0, &["list", "--source", "package"]);
    assert_documented("`list", 0, &parts);
    assert_eq!(parts[0]["leaving"], true);
    let shown = ctl(&world, &["show", "htop"]).expect(0).out;
    assert_says(&shown, &["Installed: (Package", "“htop” goes with the next restart by itself"]);
    let removed = ctl(&world, &["-y", "remove", "htop"]).expect(0).out;
    assert_says(&removed, &["goes with the next restart by itself", "Nothing to do"]);
    let _ = ctl(&world, &["-y", "system", "rollback"]).expect(0);
    assert_eq!(ctl_json(&world, 0, &["list", "--source", "package"])[0]["leaving"], false, "it stays");
    let _ = ctl(&world, &["-y", "system", "rollback"]).expect(0);
    restart(&world);
    assert_eq!(ctl_json(&world, 0, &["list", "--source", "package"]), Value::Array(Vec::new()));
}

#[test]
fn a_package_is_shown_and_taken_away_while_nobody_knows_what_is_layered() {
    let shown = world(Scenario::Advisories);
    assert_says(&ctl(&shown, &["show", "htop"]).expect(0).out, &["added to the system", "Installed: (Package"]);
    let removed = world(Scenario::Advisories);
    assert_says(&ctl(&removed, &["-y", "remove", "htop"]).expect(0).out, &["Removed htop"]);
    assert!(layered(&removed).is_empty());
}

#[test]
fn packages_that_no_list_has_are_found_where_packages_are_asked_for() {
    let world = world(Scenario::Atomic);
    assert_says(&ctl(&world, &["search", "qqqzzzxx"]).expect(3).err, &["--source package"]);
    let found = ctl(&world, &["search", "--source", "package", "shell"]).expect(0).out;
    assert_says(&found, &["fish\tFriendly interactive shell\torchard\t\n", "zsh\t"]);
    let both = ctl_json(&world, 0, &["search", "--source", "package", "process"]);
    let names: Vec<_> = both.as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap()).collect();
    assert_eq!(names, [GAUGE], "its package is not found once more");
    let _ = ctl(&world, &["-y", "install", "--source", "package", "fish"]).expect(0);
    let found = ctl_json(&world, 0, &["search", "--source", "package", "--limit", "1", "friendly"]);
    assert_documented("`search WORDS…`", 1, &found);
    assert_eq!((&found[0]["package"]["repository"], &found[0]["installed"]), (&"orchard".into(), &true.into()));
    let nothing = ctl(&world, &["search", "--source", "package", "zzyzx"]).expect(3);
    assert_says(&nothing.err, &["Nothing found for “zzyzx”"]);
    let _ = ctl(&world, &["search", "--source", "package", "--verified", "shell"]).expect(3);
}

#[test]
fn one_source_can_be_asked_for_where_something_is_shown_or_planned() {
    let world = world(Scenario::Atomic);
    let page = ctl(&world, &["show", "--source", "package", FILIGREE]).expect(0).out;
    assert_says(&page, &["Offered: (Package, orchard-42, system, filigree)"]);
    assert!(!page.contains("(Flatpak,"), "{page}");
    let fish = ctl(&world, &["show", "--source", "package", "fish"]).expect(0).out;
    assert_says(&fish, &["fish", "Friendly interactive shell", "Offered: 4.1.2-1 (Package, orchard, system, fish)"]);
    let _ = ctl(&world, &["show", "--source", "package", "nothing-such"]).expect(3);
    let other = ctl(&world, &["show", "--source", "app-image", FILIGREE]).expect(3).err;
    assert_says(&other, &["is not to be had from the source “app-image”"]);
    for (source, name) in [("package", FILIGREE), ("package", "fish"), ("flatpak", FILIGREE)] {
        let plan = ctl_json(&world, 0, &["plan", "--source", source, name]);
        assert_eq!((&plan[0]["source"], &plan[0]["action"]), (&source.into(), &"install".into()), "{plan:#}");
    }
    let _ = ctl(&world, &["-y", "install", "--source", "package", "fish"]).expect(0);
    let gone = ctl_json(&world, 0, &["plan", "--remove", "--source", "package", "fish"]);
    assert_eq!(gone[0]["action"], "remove");
}

#[test]
fn the_flatpak_comes_first_and_the_package_where_it_is_asked_for() {
    let world = world(Scenario::Atomic);
    let offers = ctl_json(&world, 0, &["show", FILIGREE])["offers"].clone();
    let sources: Vec<_> = offers.as_array().unwrap().iter().map(|offer| offer["source"].as_str().unwrap()).collect();
    assert_eq!((sources.first(), sources.last()), (Some(&"flatpak"), Some(&"package")));
    let plan = ctl_json(&world, 0, &["plan", FILIGREE]);
    assert_eq!(plan[0]["source"], "flatpak", "{plan:#}");
    let _ = ctl(&world, &["-y", "install", "--source", "package", FILIGREE]).expect(0);
    assert_eq!(layered(&world), ["filigree"]);
    let _ = ctl(&world, &["-y", "remove", "--source", "package", FILIGREE]).expect(0);
    assert!(layered(&world).is_empty());

    // The machine becomes another while the engine sleeps, or does not notice.
    let root = world.folder().join("system");
    let ruled_out = "ruled out adding packages to it";
    let ordinary = "This system is not updated as a whole";
    std::fs::write(root.join("etc/rpm-ostreed.conf"), "[Daemon]\nLockLayering=true\n").unwrap();
    assert_refused(&world, "layering-locked", ruled_out);
    std::fs::remove_file(root.join("run/ostree-booted")).unwrap();
    assert_refused(&world, "not-image-based", ordinary);
    assert!(layered(&world).is_empty());
}

/// The app is shown with the reason why it cannot be had, and not installed.
pub(crate) fn assert_refused(world: &World, kind: &str, sentence: &str) {
    let way = ctl_json(world, 0, &["show", GAUGE])["offers"][0].clone();
    assert_eq!((&way["obstacle"]["kind"], &way["installable"]), (&kind.into(), &false.into()), "{way}");
    assert_says(&ctl(world, &["show", GAUGE]).out, &["Offered", sentence]);
    let refused = ctl(world, &["-y", "install", GAUGE]).expect(1).err;
    assert_says(&refused, &["“Process Gauge” cannot be installed", sentence]);
}

#[test]
fn a_package_in_a_file_is_layered_by_its_descriptor() {
    let world = world(Scenario::Classic);
    let file = world.folder().join("localtool-1.0-1.noarch.rpm");
    std::fs::write(&file, rpm::package("localtool-1.0-1.noarch.rpm")).unwrap();
    let plan = ctl_json(&world, 0, &["plan", file.to_str().unwrap()]);
    let comes = &plan[0]["system"]["changes"][0];
    assert_eq!(
        (&comes["name"], &comes["to"], &comes["architecture"]),
        (&"localtool".into(), &"1.0-1".into(), &"noarch".into())
    );
    let installed = ctl(&world, &["-y", "install", file.to_str().unwrap()]).expect(0).out;
    let cost = "localtool becomes part of the system";
    assert_says(&installed, &["localtool: comes 1.0-1", cost, "Installed localtool", "Restart to finish"]);
    let local = disk(&world)[0]["wishes"]["local"].to_string();
    assert!(local.contains("localtool"), "{local}: {:#}", disk(&world)[0]);
    assert_says(&ctl(&world, &["system"]).expect(0).out, &["localtool"]);
    assert_says(&ctl(&world, &["list"]).expect(0).out, &["localtool"]);
}

#[test]
fn a_file_that_is_no_package_for_this_machine_is_refused_before_the_daemon_is_asked() {
    let world = world(Scenario::Classic);
    let whole = rpm::package("localtool-1.0-1.noarch.rpm");
    let cases = [
        (b"no package".to_vec(), "is not an RPM package"),
        (whole[..whole.len() - 5].to_vec(), "is cut off"),
        (rpm::package("localtool-1.0-1.s390x.rpm"), "is not made for this computer’s processor"),
    ];
    for (bytes, said) in cases {
        let file = world.folder().join("localtool.rpm");
        std::fs::write(&file, bytes).unwrap();
        let refused = ctl(&world, &["-y", "install", file.to_str().unwrap()]).expect(1).err;
        assert_says(&refused, &["localtool.rpm”", said]);
    }
    assert!(!world.folder().join("system/state.json").exists(), "something was changed");
}

#[test]
fn packages_come_into_the_running_system_where_that_is_asked_for() {
    let world = world(Scenario::Classic);
    let installed = ctl(&world, &["-y", "install", "--live", "--source", "package", "fish"]).expect(0).out;
    assert_says(&installed, &["fish: comes", "Installed fish: it is there now"]);
    assert!(!installed.contains("estart"), "{installed}");
    assert_eq!(layered(&world), ["fish"]);
    let status = ctl_json(&world, 0, &["system"]);
    assert_eq!((&status["live"], &status["restart_needed"]), (&true.into(), &false.into()), "{status:#}");
    let status = ctl(&world, &["system"]).expect(0).out;
    assert_says(&status, &["running, changed while it runs"]);
    assert!(!status.contains("Restart"), "nothing has to come any more: {status}");
    // What is layered on top of that is not there yet.
    let _ = ctl(&world, &["-y", "install", "--source", "package", "zsh"]).expect(0);
    assert_says(&ctl(&world, &["system"]).expect(0).out, &["Restart to finish"]);
}

#[test]
fn nothing_comes_into_the_running_system_while_another_version_waits() {
    let world = world(Scenario::Staged);
    let refused = ctl(&world, &["-y", "install", "--live", "--source", "package", "fish"]).expect(1).err;
    assert_says(&refused, &["cannot be brought into the running system"]);
    assert!(!ctl(&world, &["system"]).expect(0).out.contains("fish"));
    let _ = ctl(&world, &["-y", "install", "--source", "package", "fish"]).expect(0);
    assert_eq!(layered(&world), ["fish"]);
}

#[test]
fn what_came_with_a_restart_is_told_until_somebody_has_read_it() {
    let world = world(Scenario::Staged);
    assert_eq!(ctl_json(&world, 0, &["system"])["arrived"], Value::Null);
    restart(&world);
    for _ in 0..2 {
        let arrived = ctl_json(&world, 0, &["system"])["arrived"].clone();
        assert_eq!(
            (&arrived["from_version"], &arrived["to_version"]),
            (&"42.20261101.0".into(), &"42.20261115.0".into())
        );
        assert!(arrived["changes"].as_array().is_some_and(|changes| !changes.is_empty()), "{arrived}");
    }
    let read = ctl(&world, &["system"]).expect(0).out;
    assert_says(&read, &["Came with the last restart: 42.20261101.0 → 42.20261115.0", "firefox: becomes newer"]);
    assert!(!ctl(&world, &["system"]).expect(0).out.contains("Came with"));
    assert_eq!(ctl_json(&world, 0, &["system"])["arrived"], Value::Null);
}

#[test]
fn what_came_with_a_restart_is_all_that_differs() {
    let world = world(Scenario::Classic);
    let _ = ctl(&world, &["-y", "system", "update"]).expect(0);
    let _ = ctl(&world, &["-y", "install", "--source", "package", "fish"]).expect(0);
    restart(&world);
    let arrived = ctl_json(&world, 0, &["system"])["arrived"].clone();
    let names: Vec<_> =
        arrived["changes"].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap()).collect();
    assert!(names.contains(&"fish") && names.contains(&"firefox"), "what was layered on the update too: {names:?}");
    assert_eq!(arrived["changes_known"], true);
}

#[test]
fn of_packages_that_are_layered_together_the_one_that_does_not_work_fails_alone() {
    let world = world(Scenario::Classic);
    let words = ["-y", "install", "--source", "package", "fish", "motd-tools", "zsh"];
    let said = ctl(&world, &words).expect(1);
    assert_says(&said.err, &["“motd-tools” did not work"]);
    assert_eq!(layered(&world), ["fish", "zsh"], "{}", said.out);
}

#[test]
fn neither_a_source_nor_an_installation_is_passed_over() {
    let world = world(Scenario::Atomic);
    let file = world.folder().join("some.rpm");
    std::fs::write(&file, "no package").unwrap();
    let file = file.to_str().unwrap();
    let whole = "is for the whole system: leave --installation out";
    let cases: [(&[&str], &str); 9] = [
        (&["install", "--source", "package", "--installation", "user", "zsh"], whole),
        (&["install", "--source", "package", "--installation", "user", GAUGE], whole),
        (&["install", "--installation", "user", file], whole),
        (&["remove", "--source", "package", "--installation", "user", "zsh"], whole),
        (&["install", "--source", "package", "--installation", "nonsense", "zsh"], "no installation named “nonsense”"),
        (&["install", "--source", "flatpak", file], "does not come from the source “flatpak”, but from “package”"),
        (&["install", "--source", "package", "app/org.a.B/x86_64/stable"], "but from “flatpak”"),
        (&["system", "rollback", "--installation", "user"], "leave --installation out"),
        (&["system", "--installation", "user"], "leave --installation out"),
    ];
    for (words, said) in cases {
        let refused = ctl(&world, &[&["-y"], words].concat()).expect(2);
        assert_says(&refused.err, &[said]);
    }
    assert!(!world.folder().join("system/state.json").exists(), "something was changed");
}
