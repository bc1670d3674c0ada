//! Two faces at once: one queue, and the same wish is one task.

use strata_demo::{Manners, Scenario};
use strata_tests::{Running, ctl, ctl_json, stratactl, until, world};

const COLUMNAR: &str = "org.columnar.Columnar";

#[test]
fn two_terminals_share_a_task() {
    let world = world(Scenario::Default);
    let _ = ctl(&world, &["search", "columnar"]).expect(0);
    let server = world.server().unwrap();
    server.behave(Manners { bytes_per_second: Some(30_000), ..Manners::default() });
    let install = || Running::start(stratactl(&world, &["install", "-y", "--json", COLUMNAR]));
    let first = install();
    until("the first is at work", || {
        let tasks = ctl_json(&world, 0, &["tasks"]);
        tasks.as_array().unwrap().iter().any(|task| task["state"] == "running").then_some(())
    });
    let mut second = Running::start(stratactl(&world, &["install", "-y", COLUMNAR]));
    // It follows the very task: its first words on it are of the middle of the download.
    second.says("Install Columnar: downloading");
    let tasks = ctl_json(&world, 0, &["tasks"]);
    assert_eq!(tasks.as_array().unwrap().len(), 1, "{tasks}");
    let text = ctl(&world, &["tasks"]).expect(0).out;
    assert!(text.contains("Install Columnar\tdownloading"), "{text}");
    server.behave(Manners::default());
    let first = first.end().expect(0).json();
    assert_eq!(first["tasks"][0]["task"], tasks[0]["task"]);
    assert!(second.end().expect(0).out.contains("Installed Columnar"));
    let history = ctl_json(&world, 0, &["history"]);
    let installs = history.as_array().unwrap().iter().filter(|entry| entry["action"] == "install").count();
    assert_eq!(installs, 1, "{history}");
}
