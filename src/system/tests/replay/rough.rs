//! What recordings do not hold and the real daemon does all the same: recordings with something done to them.

use crate::others::{install, stage, until};
use crate::recording::{Recording, Step};
use crate::values::Typed;
use crate::world::World;
use std::collections::BTreeSet;
use std::os::unix::fs::PermissionsExt;
use std::sync::Arc;
use std::time::Duration;
use strata_engine::{Reporter, Rubbish, SystemBackend, SystemChange};
use strata_model::{FailureKind, Stop};
use strata_platform::Environment;
use strata_system::RpmOstree;
use strata_system::call::{Call, Options};
use strata_system::daemon::{Daemon, Patience};
use strata_system::progress::Course;
use strata_system::refusal::Refusal;
use strata_system::transaction::Wish;
use tokio_util::sync::CancellationToken;

const BUSY: &str = "org.gtk.GDBus.UnmappedGError.Quark._g_2dio_2derror_2dquark.Code26";

fn place(recording: &Recording, is_it: impl Fn(&Step) -> bool) -> usize {
    recording.steps.iter().position(is_it).unwrap()
}

fn is_start(step: &Step) -> bool {
    matches!(step, Step::PeerCall { name, .. } if name == "Start")
}

fn clean_up() -> SystemChange {
    SystemChange::CleanUp(BTreeSet::from([Rubbish::Pending]))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_connection_that_is_dropped_right_after_the_end_is_no_failure() {
    let mut recording = Recording::of("install-one", "a");
    let close = place(&recording, |step| matches!(step, Step::PeerClose));
    recording.steps[close] = Step::PeerDisconnected;
    let stage = stage(recording).await;
    let outcome = stage.system.run(&install("greet"), &Reporter::new().0, &stage.cancel).await.unwrap();
    assert!(outcome.changed);
    stage.playing.await.unwrap().unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn any_number_of_signals_may_come_before_the_answer_to_start() {
    let mut recording = Recording::of("install-one", "a");
    let signal = recording.steps
        [place(&recording, |step| matches!(step, Step::PeerSignal { name, .. } if name == "TaskBegin"))]
    .clone();
    let start = place(&recording, is_start);
    recording.steps.splice(start..start, std::iter::repeat_n(signal, 6000));
    let stage = stage(recording).await;
    assert!(stage.system.run(&install("greet"), &Reporter::new().0, &stage.cancel).await.unwrap().changed);
    stage.playing.await.unwrap().unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_connection_that_is_lost_is_made_again_while_the_transaction_goes_on() {
    let mut recording = Recording::of("install-one", "a");
    let after = place(&recording, is_start) + 8;
    let again = [Step::PeerLost, Step::PeerConnect, Step::PeerCall { name: "Start".to_owned(), reply: false.into() }];
    recording.steps.splice(after..after, again);
    let stage = stage(recording).await;
    assert!(stage.system.run(&install("greet"), &Reporter::new().0, &stage.cancel).await.unwrap().changed);
    stage.playing.await.unwrap().unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_task_that_is_dropped_is_cancelled_and_seen_to_its_end() {
    for name in ["cancel-before-start", "cancel-midway", "cancel-late"] {
        let stage = stage(Recording::of(name, "a")).await;
        let (never, reporter, change) = (CancellationToken::new(), Reporter::new().0, install("greet"));
        tokio::select! {
            ended = stage.system.run(&change, &reporter, &never) => panic!("{name}: {ended:?}"),
            () = stage.cancel.cancelled() => {}
        }
        stage.playing.await.unwrap().unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_call_that_met_a_leaving_daemon_is_sent_again() {
    let mut recording = Recording::of("cleanup-nothing", "a");
    let call = place(&recording, |step| matches!(step, Step::Call(_)));
    let name = "org.freedesktop.DBus.Error.NoReply".to_owned();
    let text = "Message recipient disconnected from message bus without replying".to_owned();
    let met = [recording.steps[call].clone(), Step::Error { name, text }];
    recording.steps.splice(call..call, met.clone().into_iter().chain(met.clone()));
    let twice = stage(recording.clone()).await;
    twice.system.run(&clean_up(), &Reporter::new().0, &twice.cancel).await.unwrap();
    twice.playing.await.unwrap().unwrap();
    // One that dies of it is not asked for ever.
    recording.steps.splice(call.., met.iter().cloned().cycle().take(6));
    let always = stage(recording).await;
    let ended = always.system.run(&clean_up(), &Reporter::new().0, &always.cancel).await;
    assert!(matches!(ended, Err(Stop::Failed(failure)) if failure.kind == FailureKind::NoDaemon));
    always.playing.await.unwrap().unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_unstarted_transaction_of_our_own_is_cleared_away() {
    let (lost, cleanup) = (Recording::of("cancel-before-start", "a"), Recording::of("cleanup-nothing", "a"));
    let after = place(&lost, |step| matches!(step, Step::PeerConnect));
    let call = place(&cleanup, |step| matches!(step, Step::Call(_)));
    let text = "Transaction in progress: new-deployment\n You can cancel …".to_owned();
    let busy = [cleanup.steps[call].clone(), Step::Error { name: BUSY.to_owned(), text }];
    let mut recording = lost.clone();
    recording.steps.splice(after..after, busy);
    recording.steps.extend(cleanup.steps.iter().cloned());
    let stage = stage(recording).await;
    let daemon = Daemon::new(stage.world.environment());
    let session = daemon.session().await.unwrap();
    let names = ["greet".to_owned()];
    let changes = Options::default().with_texts("install-packages", &names);
    let options = Options::default().with("initiating-command-line", "lost").with("no-pull-base", true);
    // The address is thrown away, as if it had never come.
    session.call(&Call::os("UpdateDeployment").with(changes).with(options)).await.unwrap();
    let call = Call::os("Cleanup").with(zvariant::Array::from(vec!["pending-deploy"]));
    let wish = Wish { call, course: Course::Packages, asked: Vec::new(), layered: Vec::new(), title: String::new() };
    let ended = daemon.carry_out(wish, &Reporter::new().0, &CancellationToken::new()).await.unwrap();
    assert_eq!(ended.remarks, ["Deployments unchanged."]);
    stage.playing.await.unwrap().unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_unstarted_transaction_of_somebody_else_is_never_started() {
    let mut recording = Recording::of("never-started", "a");
    recording.steps.truncate(1);
    // Until it is started; what follows in the recording has another title.
    "new-deployment".clone_into(&mut recording.title);
    recording.after = None;
    recording.steps.push(Step::PeerConnect);
    recording.steps.push(Step::PeerCall { name: "Cancel".to_owned(), reply: serde_json::Value::Null });
    recording.steps.push(Step::PeerClose);
    let stage = stage(recording).await;
    until("the transaction is seen", || stage.world.socket().exists()).await;
    let patience = Patience { quiet: Duration::from_millis(50), ..Patience::default() };
    let system = RpmOstree::of(Daemon::with_patience(stage.world.environment(), patience));
    let cancel = CancellationToken::new();
    cancel.cancel();
    let ended = system.follow(&Reporter::new().0, &cancel).await;
    assert!(matches!(ended, Err(Stop::Failed(failure)) if failure.kind == FailureKind::SystemBusy));
    stage.playing.await.unwrap().unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_socket_that_nobody_serves_makes_the_client_leave_the_bus() {
    let mut recording = Recording::of("cleanup-nothing", "a");
    let reply = place(&recording, |step| matches!(step, Step::Reply(_)));
    let nowhere = serde_json::json!(["unix:path=/nowhere/at/all.sock"]);
    recording.steps.truncate(reply);
    recording.steps.push(Step::Reply(Typed { signature: "s".to_owned(), value: nowhere }));
    let stage = stage(recording.elsewhere()).await;
    let ended = stage.system.run(&clean_up(), &Reporter::new().0, &stage.cancel).await;
    assert!(matches!(ended, Err(Stop::Failed(failure)) if failure.kind == FailureKind::NoDaemon));
    stage.playing.await.unwrap().unwrap();
    assert_eq!(stage.system.state().await.unwrap().name, "rig", "it comes back for the next question");
    assert_eq!(stage.state.count("RegisterClient"), 2, "under another name");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_is_woken_before_somebody_asks() {
    let world = World::with_services();
    let (environment, woken) = (world.environment(), world.path().join("woken"));
    let command = world.path().join("rpm-ostreed");
    std::fs::write(&command, format!("#!/bin/sh\necho >{}\nexit 1\n", woken.display())).unwrap();
    std::fs::set_permissions(&command, std::fs::Permissions::from_mode(0o755)).unwrap();
    let system = RpmOstree::new(Arc::clone(&environment));
    let changes = system.changes();
    let not_booted = system.state().await.unwrap();
    assert!(not_booted.capabilities.obstacle.is_some(), "the machine was not started from a deployment");
    std::fs::create_dir_all(environment.ostree_booted().parent().unwrap()).unwrap();
    std::fs::write(environment.ostree_booted(), "").unwrap();
    assert_eq!(system.capabilities().await.obstacle, None);
    assert!(!changes.has_changed().unwrap() && !woken.exists());
    let failure = system.state().await.unwrap_err();
    assert_eq!(failure.kind, FailureKind::NoDaemon, "it does not start");
    assert!(woken.exists(), "a question wakes it");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bus_that_was_lost_is_found_again() {
    let mut recording = Recording::of("status-fresh", "a");
    recording.steps.clear();
    let mut first = stage(recording.clone()).await;
    assert_eq!(first.system.state().await.unwrap().name, "rig");
    first.world.end_bus();
    let gone = first.system.state().await.unwrap();
    assert!(gone.capabilities.obstacle.is_some(), "{gone:?}");
    first.world.begin_bus();
    let replay = crate::daemon::Replay::new(&first.world, recording, &first.cancel).await;
    assert_eq!(first.system.state().await.unwrap().name, "rig");
    drop(replay);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_cancelled_and_may_not_be_told_so_is_not_started() {
    let mut recording = Recording::of("cancel-before-start", "a");
    let start = place(&recording, is_start);
    recording.steps.truncate(start - 1);
    recording.steps.push(Step::PeerCall { name: "Cancel".to_owned(), reply: "not allowed for user".into() });
    recording.steps.push(Step::PeerClose);
    recording.after = None;
    let stage = stage(recording).await;
    let ended = stage.system.run(&install("greet"), &Reporter::new().0, &stage.cancel).await;
    assert_eq!(ended.unwrap_err(), Stop::Cancelled);
    stage.playing.await.unwrap().unwrap();
    assert_eq!(stage.system.state().await.unwrap().name, "rig");
    assert_eq!(stage.state.count("RegisterClient"), 2, "it left the bus, and the daemon forgot what was asked for");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_address_of_another_kind_is_not_used() {
    let mut recording = Recording::of("cleanup-nothing", "a");
    let reply = place(&recording, |step| matches!(step, Step::Reply(_)));
    let world = World::new();
    let proof = world.path().join("proof");
    let program = format!("unixexec:path=/bin/touch,argv1={}", proof.display());
    recording.steps.truncate(reply);
    recording.steps.push(Step::Reply(Typed { signature: "s".to_owned(), value: serde_json::json!([program]) }));
    let stage = stage(recording).await;
    let ended = stage.system.run(&clean_up(), &Reporter::new().0, &stage.cancel).await;
    assert!(matches!(ended, Err(Stop::Failed(failure)) if failure.kind == FailureKind::NoDaemon));
    stage.playing.await.unwrap().unwrap();
    assert!(!proof.exists(), "addresses can name programs to run");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bus_without_the_daemon_has_none() {
    let world = World::new();
    let environment = Environment { ..world.environment().as_ref().clone() };
    let refusal = Daemon::new(Arc::new(environment)).session().await.unwrap_err();
    assert!(matches!(refusal, Refusal::Missing(_)), "{refusal:?}");
}
