//! Installing and removing, from every kind of thing that can be named.

use crate::documented::assert_documented;
use crate::facts::{flatpak, installed};
use std::path::Path;
use strata_demo::{Scenario, World};
use strata_tests::{ctl, ctl_json, until, world};

const COLUMNAR: &str = "org.columnar.Columnar";
const NIGHT_TRAM: &str = "io.github.lastline.NightTram";
const PENNYWORT: &str = "org.pennywort.Pennywort";

fn has(world: &World, installation: &str, id: &str) -> bool {
    installed(world, installation).iter().any(|line| line.contains(&format!("/{id}/")) || line.starts_with(id))
}

#[test]
fn an_app_is_installed_opened_and_removed() {
    let world = world(Scenario::Default);
    let refused = ctl(&world, &["install", COLUMNAR]).expect(2);
    assert!(refused.err.contains("--yes") && !has(&world, "system", COLUMNAR), "{refused:?}");

    let done = ctl_json(&world, 0, &["install", "-y", COLUMNAR]);
    assert_documented("`install`", 0, &done);
    assert_eq!(done["tasks"][0]["state"], "done");
    assert!(has(&world, "system", COLUMNAR));
    // The next command knows already.
    let list = ctl(&world, &["list"]).expect(0).out;
    assert!(list.contains(COLUMNAR), "{list}");
    assert_eq!(ctl_json(&world, 0, &["search", "columnar"])[0]["installed"], true);
    let history = ctl_json(&world, 0, &["history", "-n", "1"]);
    assert_eq!((&history[0]["action"], &history[0]["state"]), (&"install".into(), &"done".into()));
    assert!(!history[0]["to_version"].as_str().unwrap().is_empty(), "{history}");
    assert!(ctl_json(&world, 0, &["tasks"]).as_array().unwrap().is_empty(), "the outcome was taken note of");

    let again = ctl(&world, &["install", "-y", COLUMNAR]).expect(1);
    assert!(again.err.contains("is installed already"), "{again:?}");

    let ran = ctl_json(&world, 0, &["run", COLUMNAR]);
    assert_documented("`run", 0, &ran);
    until("the app runs", || flatpak(&world, &["ps", "--columns=application"]).contains(COLUMNAR).then_some(()));
    until("the app has ended", || {
        (!flatpak(&world, &["ps", "--columns=application"]).contains(COLUMNAR)).then_some(())
    });

    let data = world.folder().join("home/.var/app").join(COLUMNAR);
    assert!(data.is_dir(), "it was started");
    let _ = ctl(&world, &["remove", "-y", COLUMNAR]).expect(0);
    assert!(!has(&world, "system", COLUMNAR) && data.is_dir(), "data is kept unless said otherwise");
    let _ = ctl(&world, &["install", "-y", COLUMNAR]).expect(0);
    let _ = ctl(&world, &["remove", "-y", "--delete-data", COLUMNAR]).expect(0);
    assert!(!has(&world, "system", COLUMNAR) && !data.exists());
    let gone = ctl(&world, &["remove", "-y", COLUMNAR]).expect(3);
    assert!(gone.err.contains("is not installed"), "{gone:?}");
    let _ = ctl(&world, &["run", COLUMNAR]).expect(3);
}

#[test]
fn several_at_once_in_the_installation_that_is_named() {
    let world = world(Scenario::Default);
    let done = ctl_json(&world, 0, &["install", "-y", NIGHT_TRAM, PENNYWORT, "--installation", "user"]);
    assert_eq!(done["tasks"].as_array().unwrap().len(), 2, "{done}");
    assert!(has(&world, "user", NIGHT_TRAM) && has(&world, "user", PENNYWORT));
    // The same app for everybody too: from then on a removal has to say which.
    let _ = ctl(&world, &["install", "-y", PENNYWORT, "--installation", "system"]).expect(0);
    let which = ctl(&world, &["remove", "-y", PENNYWORT]).expect(2);
    assert!(which.err.contains("--installation: system, user"), "{which:?}");
    let _ = ctl(&world, &["remove", "-y", PENNYWORT, "--installation", "user"]).expect(0);
    assert!(!has(&world, "user", PENNYWORT) && has(&world, "system", PENNYWORT));
    // Nothing of a list is begun where one of it does not exist.
    let _ = ctl(&world, &["install", "-y", COLUMNAR, "org.example.Nothing"]).expect(3);
    assert!(!has(&world, "system", COLUMNAR));

    let _ = ctl(&world, &["remove", "-y", NIGHT_TRAM]).expect(0);
    let unused = ctl_json(&world, 0, &["list", "--unused"]);
    assert_ne!(unused, serde_json::json!([]));
    let _ = ctl(&world, &["remove", "-y", "--unused"]).expect(0);
    assert_eq!(ctl_json(&world, 0, &["list", "--unused"]).as_array().unwrap().len(), 0);
    assert!(!has(&world, "user", "net.meadow.Platform"), "its runtime went");
}

#[test]
fn files_and_full_references_can_be_installed() {
    let world = world(Scenario::Default);
    let columnar = flatpak(&world, &["remote-ls", "--system", "orchard", "--columns=ref"]);
    let reference = columnar.lines().find(|line| line.contains(COLUMNAR)).unwrap();
    let reference = if reference.starts_with("app/") { reference.to_owned() } else { format!("app/{reference}") };
    let _ = ctl(&world, &["install", "-y", &reference]).expect(0);
    assert!(has(&world, "system", COLUMNAR));
    let _ = ctl(&world, &["remove", "-y", &reference]).expect(0);

    let url = world.server().unwrap().url();
    let file = world.folder().join("tram.flatpakref");
    let branch = reference.rsplit('/').next().unwrap();
    let text = format!("[Flatpak Ref]\nName={NIGHT_TRAM}\nBranch={branch}\nUrl={url}/meadow\nIsRuntime=false\n");
    std::fs::write(&file, text).unwrap();
    install_file(&world, &file, "user");
    assert!(has(&world, "user", NIGHT_TRAM));

    let bundle = world.folder().join("columnar.flatpak");
    let repository = world.folder().join("www/orchard");
    flatpak(&world, &["build-bundle", path(&repository), path(&bundle), COLUMNAR, branch]);
    install_file(&world, &bundle, "system");
    assert!(has(&world, "system", COLUMNAR));
    let _ = ctl(&world, &["install", "-y", "./not-there.flatpakref"]).expect(3);
}

fn install_file(world: &World, file: &Path, installation: &str) {
    let done = ctl_json(world, 0, &["install", "-y", path(file), "--installation", installation]);
    assert_eq!(done["tasks"][0]["action"], "install-file", "{done}");
    assert_eq!(done["tasks"][0]["state"], "done", "{done}");
}

fn path(path: &Path) -> &str {
    path.to_str().unwrap()
}
