//! Cancelled in the middle: nothing is left, and the next try works.

use crate::facts::{installed, leftovers};
use rustix::process::Signal;
use strata_demo::{Manners, Scenario, World};
use strata_tests::{Running, Terminal, ctl, ctl_json, stratactl, until, world};

const COLUMNAR: &str = "org.columnar.Columnar";

fn crawl(world: &World) {
    world.server().unwrap().behave(Manners { bytes_per_second: Some(30_000), ..Manners::default() });
}

#[test]
fn ctrl_c_leaves_nothing_half_done() {
    let world = world(Scenario::Default);
    let _ = ctl(&world, &["search", "columnar"]).expect(0);
    let before = installed(&world, "system");
    crawl(&world);

    // A script's interrupt …
    let mut running = Running::start(stratactl(&world, &["install", "-y", COLUMNAR]));
    running.says("downloading").signal(Signal::INT).says("Cancelling");
    let ended = running.end().expect(4);
    assert!(ended.out.contains("Cancelled: Install Columnar"), "{ended:?}");
    assert_nothing_left(&world, &before);

    // … a person's key …
    let mut terminal = Terminal::start(&stratactl(&world, &["install", "-y", COLUMNAR]), 100);
    terminal.shows("downloading").types("\u{3}").shows("Cancelled");
    assert_eq!(terminal.end(), 4, "{}", terminal.screen());
    assert_nothing_left(&world, &before);

    // … and another terminal.
    let running = Running::start(stratactl(&world, &["install", "-y", COLUMNAR, "--json"]));
    let task = until("the task runs", || {
        let tasks = ctl_json(&world, 0, &["tasks"]);
        tasks.as_array().unwrap().iter().find(|task| task["state"] == "running").map(|task| task["task"].clone())
    });
    let cancelled = ctl_json(&world, 0, &["cancel", &task.to_string()]);
    assert_eq!(cancelled["tasks"][0]["state"], "cancelled");
    assert_eq!(running.end().expect(4).json()["tasks"][0]["state"], "cancelled");
    assert_nothing_left(&world, &before);

    world.server().unwrap().behave(Manners::default());
    let _ = ctl(&world, &["install", "-y", COLUMNAR]).expect(0);
}

fn assert_nothing_left(world: &World, before: &std::collections::BTreeSet<String>) {
    assert_eq!(&installed(world, "system"), before);
    let app = world.folder().join("var/lib/flatpak/app").join(COLUMNAR);
    assert!(!app.exists(), "{} was left", app.display());
    let left = leftovers(&world.folder().join("var/lib/flatpak/app"));
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn a_second_ctrl_c_leaves_the_waiting_and_the_engine_cleans_up() {
    let world = world(Scenario::Default);
    let _ = ctl(&world, &["search", "columnar"]).expect(0);
    let before = installed(&world, "system");
    crawl(&world);
    let mut running = Running::start(stratactl(&world, &["install", "-y", COLUMNAR]));
    running.says("downloading").signal(Signal::INT).signal(Signal::INT);
    let _ = running.end().expect(4);
    until("the engine has ended the task", || {
        let history = ctl_json(&world, 0, &["history", "-n", "1"]);
        (history[0]["state"] == "cancelled" && history[0]["action"] == "install").then_some(())
    });
    assert_nothing_left(&world, &before);
}
