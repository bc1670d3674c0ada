//! Which sources come first, and which are switched off: heard by whatever finds, shows and installs.

use crate::system::{assert_says, disk};
use strata_demo::{Scenario, World};
use strata_tests::{ctl, ctl_json, until, world};

const GAUGE: &str = "org.htopper.Htop";
const FILIGREE: &str = "org.filigree.Filigree";

fn set(world: &World, key: &str, value: &str) {
    let _ = ctl(world, &["settings", key, value]).expect(0);
}

/// What would be taken by default.
fn taken(world: &World, id: &str) -> String {
    ctl_json(world, 0, &["plan", id])[0]["source"].as_str().unwrap().to_owned()
}

#[test]
fn the_order_of_the_settings_is_the_order_of_the_offers() {
    let world = world(Scenario::Atomic);
    assert_eq!(taken(&world, FILIGREE), "flatpak");
    assert_says(&ctl(&world, &["show", FILIGREE]).expect(0).out, &["Flatpaks come before AppImages"]);
    set(&world, "sources.order", "package,flatpak");
    assert_says(&ctl(&world, &["settings", "sources.order"]).expect(0).out, &["package,flatpak", "a list of these"]);
    let offers = ctl_json(&world, 0, &["show", FILIGREE])["offers"].clone();
    assert_eq!((&offers[0]["source"], &offers[1]["source"]), (&"package".into(), &"flatpak".into()));
    assert_says(&ctl(&world, &["show", FILIGREE]).expect(0).out, &["these sources in another order than usual"]);
    assert_eq!(taken(&world, FILIGREE), "package");
    let _ = ctl(&world, &["-y", "install", FILIGREE]).expect(0);
    assert_eq!(disk(&world)[0]["wishes"]["packages"][0], "filigree");
    assert_says(&ctl(&world, &["settings", "sources.order", "snap"]).expect(1).err, &["flatpak, app-image, package"]);
}

#[test]
fn what_is_switched_off_is_not_found_not_offered_and_says_why() {
    let world = world(Scenario::Atomic);
    let off = "System packages are switched off in the settings (sources.packages).";
    let refused = "comes from a source that is switched off in the settings.";
    assert_says(&ctl(&world, &["search", "process gauge"]).expect(0).out, &[GAUGE]);
    set(&world, "sources.packages", "false");
    let is_gone = || !ctl(&world, &["search", "process gauge"]).out.contains(GAUGE);
    until("it is not found any more", || is_gone().then_some(()));
    assert_says(&ctl(&world, &["show", GAUGE]).expect(0).out, &["Offered", off]);
    let way = ctl_json(&world, 0, &["show", GAUGE])["offers"][0].clone();
    assert_eq!((&way["obstacle"]["kind"], &way["installable"]), (&"source-off".into(), &false.into()), "{way}");
    assert_says(&ctl(&world, &["-y", "install", GAUGE]).expect(1).err, &["cannot be installed", off]);
    assert_says(&ctl(&world, &["-y", "install", "--source", "package", "fish"]).expect(1).err, &[refused]);
    assert_says(&ctl(&world, &["search", "--source", "package", "shell"]).expect(3).err, &[off]);
    assert!(!ctl(&world, &["search", "qqqzzzxx"]).expect(3).err.contains("--source package"), "there are none to find");
    assert_eq!(taken(&world, FILIGREE), "flatpak");
    assert!(!world.folder().join("system/state.json").exists(), "something was changed");
}

#[test]
fn what_is_installed_from_a_source_that_is_switched_off_stays_is_updated_and_goes() {
    let world = world(Scenario::Default);
    set(&world, "sources.flatpaks", "false");
    let installed = ctl_json(&world, 0, &["list"]);
    assert!(installed.as_array().unwrap().iter().any(|part| part["source"] == "flatpak"), "{installed}");
    assert_says(&ctl(&world, &["-y", "update", "Attic"]).expect(0).out, &["Updated Attic"]);
    assert_says(&ctl(&world, &["-y", "remove", "Attic"]).expect(0).out, &["Removed Attic"]);
    until("nothing new is found", || ctl(&world, &["search", "hexfall"]).out.is_empty().then_some(()));
    let refused = ctl(&world, &["-y", "install", "io.github.sixsides.Hexfall"]).expect(1).err;
    assert_says(&refused, &["Flatpaks are switched off in the settings (sources.flatpaks)."]);
}
