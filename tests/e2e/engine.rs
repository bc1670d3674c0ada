//! The engine's own troubles: killed in the middle, and no bus to be found on.

use crate::facts::{engines, installed};
use crate::system::assert_says;
use rustix::process::{Pid, Signal, kill_process};
use strata_demo::{Manners, Scenario};
use strata_tests::{Running, ctl, ctl_json, stratactl, until, world};

const COLUMNAR: &str = "org.columnar.Columnar";
const NIGHT_TRAM: &str = "io.github.lastline.NightTram";

#[test]
fn killed_during_an_install_the_next_one_says_so_and_the_old_state_is_there() {
    let world = world(Scenario::Default);
    let _ = ctl(&world, &["search", "columnar"]).expect(0);
    let before = installed(&world, "system");
    world.server().unwrap().behave(Manners { bytes_per_second: Some(30_000), ..Manners::default() });
    let mut running = Running::start(stratactl(&world, &["install", "-y", COLUMNAR]));
    running.says("downloading");
    let engine = engines(&world);
    assert_eq!(engine.len(), 1, "one engine for one person");
    kill_process(Pid::from_raw(engine[0]).unwrap(), Signal::KILL).unwrap();
    // The face is told by the next engine, which finds what was running.
    let ended = running.end().expect(1);
    assert!(ended.err.contains("This was broken off before it was finished"), "{ended:?}");
    assert_eq!(installed(&world, "system"), before);
    let history = ctl_json(&world, 0, &["history", "-n", "1"]);
    assert_eq!(history[0]["failure"]["kind"], "interrupted", "{history}");
    world.server().unwrap().behave(Manners::default());
    let _ = ctl(&world, &["install", "-y", COLUMNAR]).expect(0);
}

#[test]
fn killed_while_the_update_daemon_works_nothing_is_promised_of_what_goes_on() {
    let world = world(Scenario::SlowSystem);
    let mut running = Running::start(stratactl(&world, &["install", "-y", "--source", "package", "htop"]));
    running.says("preparing");
    kill_process(Pid::from_raw(engines(&world)[0]).unwrap(), Signal::KILL).unwrap();
    let ended = running.end().expect(1);
    assert_says(&ended.err, &["This was lost from sight", "may still go on, or have happened", "Look at the system"]);
    let history = ctl_json(&world, 0, &["history", "-n", "1"]);
    assert_eq!(history[0]["failure"]["kind"], "out-of-sight", "{history}");
    assert_says(&ctl(&world, &["system"]).expect(0).out, &["Strata began this", "strata install htop"]);
    until("the daemon comes to its end", || {
        let said = ctl(&world, &["system"]).expect(0).out;
        (said.contains("after a restart") && said.contains("htop")).then_some(())
    });
}

#[test]
fn without_a_session_bus_the_engine_is_a_child_and_leaves_with_its_face() {
    let world = world(Scenario::Default);
    let runtime = tempfile::tempdir().unwrap();
    let alone = |words: &[&str]| {
        let mut command = stratactl(&world, words);
        command.env_remove("DBUS_SESSION_BUS_ADDRESS").env("XDG_RUNTIME_DIR", runtime.path());
        Running::start(command).end()
    };
    let _ = alone(&["install", "-y", NIGHT_TRAM, "--installation", "user"]).expect(0);
    assert!(installed(&world, "user").iter().any(|line| line.contains(NIGHT_TRAM)));
    assert_eq!(alone(&["search", "night tram", "--json"]).expect(0).json()[0]["installed"], true);
    strata_tests::until("the child has left", || engines(&world).is_empty().then_some(()));
    // The engine on the bus, when there is one again, knows what the child did.
    let history = ctl_json(&world, 0, &["history", "-n", "1"]);
    assert_eq!(history[0]["state"], "done");
}
