//! Systems that take no packages because their updates would not work any more: said the same way wherever one could be had.

use crate::layered::{assert_refused, rpm};
use crate::system::{assert_says, disk};
use strata_demo::Scenario;
use strata_tests::{ctl, ctl_json, world};

const REFUSED: &str =
    "its updates do not work any more, so none are added (packages.layering in the settings of Strata)";
const FAILURE: &str = "No packages are added to this system: its updates would not work any more.";
const BLUEFIN: &str = "This is Bluefin, whose updater (ujust update) refuses";

#[test]
fn a_distribution_that_refuses_packages_is_heard_until_the_person_overrules_it() {
    let world = world(Scenario::RefusedLayering);
    assert_says(&ctl(&world, &["system"]).expect(0).out, &[REFUSED]);
    let refused = ctl_json(&world, 0, &["system"])["capabilities"]["refused"].clone();
    assert!(refused.to_string().contains(r#"{"ability":"install","obstacle":"layering-refused"}"#), "{refused}");
    assert!(!refused.to_string().contains(r#""update""#), "updates come all the same: {refused}");

    let file = world.folder().join("localtool-1.0-1.noarch.rpm");
    std::fs::write(&file, rpm::package("localtool-1.0-1.noarch.rpm")).unwrap();
    let file = file.to_str().unwrap();
    for words in [&["install", "--source", "package", "htop"][..], &["install", file], &["plan", file]] {
        assert_says(&ctl(&world, &[&["-y"], words].concat()).expect(1).err, &[FAILURE, "Look for a Flatpak"]);
    }
    assert_says(&ctl(&world, &["search", "--source", "package", "shell"]).expect(3).err, &[REFUSED]);
    let _ = ctl(&world, &["show", "--source", "package", "fish"]).expect(3);
    assert!(!world.folder().join("system/state.json").exists(), "something was changed");

    let _ = ctl(&world, &["settings", "packages.layering", "allowed"]).expect(0);
    assert_says(&ctl(&world, &["-y", "install", "--source", "package", "htop"]).expect(0).out, &["Installed htop"]);
    assert!(!ctl(&world, &["system"]).expect(0).out.contains(REFUSED));
    let _ = ctl(&world, &["settings", "packages.layering", "refused"]).expect(0);
    let _ = ctl(&world, &["-y", "install", "--source", "package", "fish"]).expect(1);
    assert_says(&ctl(&world, &["-y", "system", "update"]).expect(0).out, &["Updated the system"]);
    assert_says(&ctl(&world, &["list", "--source", "package"]).expect(0).out, &["htop"]);
    assert_says(&ctl(&world, &["-y", "remove", "htop"]).expect(0).out, &["Removed htop"]);
    assert_eq!(disk(&world)[0]["wishes"]["packages"].as_array().map_or(0, Vec::len), 0);
}

#[test]
fn an_image_whose_updater_is_known_to_refuse_is_recognised() {
    let world = world(Scenario::Atomic);
    let image = world.folder().join("system/usr/share/ublue-os/image-info.json");
    std::fs::create_dir_all(image.parent().unwrap()).unwrap();
    std::fs::write(&image, r#"{"image-name": "bluefin-dx", "image-vendor": "ublue-os", "image-tag": "stable"}"#)
        .unwrap();
    assert_refused(&world, "updater-refuses", BLUEFIN);
    assert_says(&ctl(&world, &["system"]).expect(0).out, &[BLUEFIN]);
    let other = ctl_json(&world, 0, &["plan", "org.filigree.Filigree"]);
    assert_eq!(other[0]["source"], "flatpak", "what else it comes as can be had");
    // Whoever made another updater for it says so.
    let policy = world.folder().join("etc/strata/10-lab.toml");
    std::fs::write(&policy, "[packages]\nlayering = \"allowed\"\n").unwrap();
    assert_says(&ctl(&world, &["-y", "install", "org.htopper.Htop"]).expect(0).out, &["Installed Process Gauge"]);
    assert!(!ctl(&world, &["system"]).expect(0).out.contains(BLUEFIN));
}
