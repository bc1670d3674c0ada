//! Updates: one, and all of them past a failure.

use crate::facts::{break_newest, installed};
use serde_json::Value;
use strata_demo::Scenario;
use strata_tests::{ctl, ctl_json, until, world};

const ROOKERY: &str = "org.rookery.Rookery";
const GOUACHE: &str = "app/io.github.pigmentlab.Gouache/x86_64/stable";
const SCRIBBLER: &str = "io.github.hourglass.Scribbler";
const MARGINALIA: &str = "io.github.hourglass.Marginalia";

#[test]
fn everything_is_updated_past_what_cannot_be() {
    let world = world(Scenario::Default);
    let text = ctl(&world, &["plan", ROOKERY]).expect(0).out;
    assert!(text.contains("New permissions:"), "{text}");
    let _ = ctl(&world, &["update", "-y", ROOKERY]).expect(0);
    let version = |id: &str| {
        let apps = ctl_json(&world, 0, &["list"]);
        apps.as_array().unwrap().iter().find(|app| app["id"] == id).map(|app| app["version"].clone())
    };
    assert_eq!(version(ROOKERY), Some("5.0".into()));
    let up_to_date = ctl(&world, &["update", "-y", ROOKERY]).expect(0);
    assert!(up_to_date.out.contains("Nothing to do."), "{up_to_date:?}");

    let updates = ctl_json(&world, 0, &["list", "--updates"]).as_array().unwrap().len();
    break_newest(&world, "orchard", GOUACHE);
    let data = world.folder().join("home/.var/app").join(SCRIBBLER).join("data");
    std::fs::create_dir_all(&data).unwrap();
    std::fs::write(data.join("notes"), "mine").unwrap();

    let done = ctl_json(&world, 1, &["update", "-y"]);
    let tasks: Vec<&Value> = done["tasks"].as_array().unwrap().iter().collect();
    let not_planned = done["not_planned"].as_array().unwrap().len();
    let failed: Vec<_> = tasks.iter().filter(|task| task["state"] == "failed").collect();
    assert_eq!(tasks.len() + not_planned, updates, "{done}");
    assert_eq!(failed.len() + not_planned, 1, "only the broken one fails: {done}");
    assert!(tasks.len() >= 5, "too few to go on past one: {done}");

    // What took another's place has its data, once it is opened.
    let apps = installed(&world, "system");
    assert!(apps.iter().any(|line| line.contains(MARGINALIA)) && !apps.iter().any(|line| line.contains(SCRIBBLER)));
    let _ = ctl(&world, &["run", MARGINALIA]).expect(0);
    let heir = world.folder().join("home/.var/app").join(MARGINALIA).join("data/notes");
    let notes = until("the data went along", || std::fs::read_to_string(&heir).ok());
    assert_eq!(notes, "mine");

    // What failed is still to be done, and is said at the end.
    let again = ctl(&world, &["update", "-y", "--no-refresh"]).expect(1);
    assert!(again.err.contains("damaged") || again.err.contains("Failed"), "{again:?}");
}
