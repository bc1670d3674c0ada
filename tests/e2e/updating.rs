//! Updates: one, and all of them past a failure.

use crate::documented::assert_documented;
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

#[test]
fn what_asks_nothing_is_updated_by_itself_and_without_a_word() {
    let world = world(Scenario::Default);
    let updates = || ctl_json(&world, 0, &["list", "--updates"]).as_array().unwrap().clone();
    let asks = |update: &Value| {
        let wants_more = !update["new_permissions"].as_array().unwrap().is_empty();
        wants_more || update["held"] == true || !update["end_of_life"].is_null()
    };
    let _ = ctl(&world, &["settings", "updates.automatic", "install"]).expect(0);
    let asked = ctl(&world, &["refresh", "--scheduled"]).expect(0);
    assert_eq!((&*asked.out, &*asked.err), ("", ""));
    until("what asks nothing is updated", || updates().iter().all(asks).then_some(()));
    assert!(updates().iter().any(|update| update["id"] == ROOKERY), "it wants more than before");
    let again = until("the round has ended", || {
        let again = ctl_json(&world, 0, &["refresh", "--scheduled"]);
        (again["upkeep"] == "not-due").then_some(again)
    });
    assert_documented("`refresh --scheduled`", 0, &again);
    let done = ctl_json(&world, 0, &["history"]);
    let done: Vec<&Value> = done.as_array().unwrap().iter().filter(|entry| entry["action"] == "update").collect();
    assert!(done.len() >= 4 && done.iter().all(|entry| entry["unattended"] == true), "{done:?}");
    assert_eq!(ctl_json(&world, 0, &["tasks"]), Value::Array(Vec::new()), "nobody waits for how it ended");
}
