//! What is waited for is told, and can be left: another program's change, a service that does not answer.

use crate::stopped::{DAEMON, Stopped, process};
use crate::system::assert_says;
use rustix::process::Signal;
use std::time::{Duration, Instant};
use strata_demo::Scenario;
use strata_tests::{Running, ctl, stratactl, until, world};

#[test]
fn whose_change_is_waited_for_is_told() {
    let world = world(Scenario::Busy);
    until("the other program is at work", || ctl(&world, &["system"]).out.contains("at work: uupd").then_some(()));
    let mut check = Running::start(stratactl(&world, &["system", "update", "--check"]));
    check.says("Look for a newer system: waiting. Another program is at work: uupd");
    check.signal(Signal::INT);
    let ended = check.end().expect(4);
    assert_says(&ended.out, &["Cancelled: Look for a newer system"]);
}

#[test]
fn a_daemon_that_does_not_answer_is_told_and_left() {
    let world = world(Scenario::Classic);
    let _ = ctl(&world, &["system"]).expect(0);
    let _stopped = Stopped::new(process(&world, "--system", DAEMON));
    let mut status = Running::start(stratactl(&world, &["system"]));
    status.says("does not answer yet");
    status.signal(Signal::INT);
    let _ = status.end().expect(4);
    let mut install = Running::start(stratactl(&world, &["-y", "install", "--source", "package", "fish"]));
    install.says("Still finding out what would change");
    install.signal(Signal::INT);
    let _ = install.end().expect(4);
}

#[test]
fn a_task_that_waits_for_the_daemon_can_be_cancelled() {
    let world = world(Scenario::Classic);
    let _ = ctl(&world, &["system"]).expect(0);
    let stopped = Stopped::new(process(&world, "--system", DAEMON));
    let mut discard = Running::start(stratactl(&world, &["-y", "remotes", "disable", "orchard"]));
    discard.says("as the update service does not answer");
    let asked = Instant::now();
    discard.signal(Signal::INT);
    let ended = discard.end().expect(4);
    assert_says(&ended.out, &["Cancelled: Switch the origin orchard off"]);
    assert!(asked.elapsed() < Duration::from_secs(30), "{:?}", asked.elapsed());
    drop(stopped);
    let _ = ctl(&world, &["-y", "install", "--source", "package", "fish"]).expect(0);
}

#[test]
fn a_service_of_ours_that_does_not_answer_is_told() {
    let world = world(Scenario::Classic);
    let _ = ctl(&world, &["list"]).expect(0);
    let _stopped = Stopped::new(process(&world, "--session", "io.github.strata_store.Strata.Engine"));
    let mut list = Running::start(stratactl(&world, &["tasks"]));
    list.says("Strata’s service does not answer yet");
    list.signal(Signal::INT);
    let _ = list.end().expect(4);
}
