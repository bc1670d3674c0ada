//! Pins are set beside the daemon, which notices: by a `pkexec` that does what the test wants.

use crate::others::{Stage, stage};
use crate::recording::{Recording, Step};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use strata_engine::{Reporter, SystemBackend, SystemChange, SystemOutcome};
use strata_model::{FailureKind, Stop};

/// The recording, with pauses until something was done beside the bus.
fn pausing(done: &[&Path]) -> Recording {
    let mut recording = Recording::of("pin-and-unpin", "a");
    // Each pin is two signals.
    for (number, file) in done.iter().enumerate().rev() {
        recording.steps.insert(number * 2, Step::Beside((*file).to_owned()));
    }
    recording.steps.truncate(done.len() * 3);
    recording
}

fn pkexec(stage: &Stage, script: &str) {
    let pkexec = stage.world.environment().pkexec();
    std::fs::create_dir_all(pkexec.parent().unwrap()).unwrap();
    std::fs::write(&pkexec, format!("#!/bin/sh\n{script}\n")).unwrap();
    std::fs::set_permissions(&pkexec, std::fs::Permissions::from_mode(0o755)).unwrap();
}

async fn pin(stage: &Stage, deployment: &str, pinned: bool) -> Result<SystemOutcome, Stop> {
    let change = SystemChange::Pin { deployment: deployment.to_owned(), pinned };
    stage.system.run(&change, &Reporter::new().0, &stage.cancel).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_deployment_is_pinned_and_unpinned_by_its_place() {
    let folder = tempfile::tempdir().unwrap();
    let (first, second) = (folder.path().join("first"), folder.path().join("second"));
    let stage = stage(pausing(&[&first, &second])).await;
    let log = folder.path().join("log");
    let script = format!(
        "echo \"$@\" >>{log}\n[ -e {first} ] && touch {second} || touch {first}",
        log = log.display(),
        first = first.display(),
        second = second.display()
    );
    pkexec(&stage, &script);
    let id = stage.system.state().await.unwrap().deployments[0].id.clone();
    let pinned = pin(&stage, &id, true).await.unwrap();
    assert!(pinned.changed && pinned.system.deployments[0].pinned);
    assert!(!pin(&stage, &id, true).await.unwrap().changed, "nobody is asked for what is so already");
    let unpinned = pin(&stage, &id, false).await.unwrap();
    assert!(unpinned.changed && !unpinned.system.deployments[0].pinned);
    let ostree = stage.world.environment().ostree();
    let asked = format!(
        "--disable-internal-agent {ostree} admin pin 0\n--disable-internal-agent {ostree} admin pin -u 0\n",
        ostree = ostree.display()
    );
    assert_eq!(std::fs::read_to_string(&log).unwrap(), asked);
    stage.playing.await.unwrap().unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refused_question_is_told_from_a_closed_one() {
    let mut recording = Recording::of("pin-and-unpin", "a");
    recording.steps.clear();
    let stage = stage(recording).await;
    let id = stage.system.state().await.unwrap().deployments[0].id.clone();
    for (script, kind) in [
        ("exit 126", FailureKind::Dismissed),
        ("exit 127", FailureKind::NotAuthorised),
        ("echo error: no space >&2; exit 1", FailureKind::Other),
    ] {
        pkexec(&stage, script);
        let ended = pin(&stage, &id, true).await;
        assert!(matches!(ended, Err(Stop::Failed(failure)) if failure.kind == kind), "{script}");
    }
    let missing = pin(&stage, "rig-nosuch.0", true).await;
    assert!(matches!(missing, Err(Stop::Failed(failure)) if failure.kind == FailureKind::NotFound));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_staged_cannot_be_pinned_yet() {
    let mut recording = Recording::of("upgrade-again-when-staged", "a");
    recording.steps.clear();
    let stage = stage(recording).await;
    let staged = stage.system.state().await.unwrap().staged().unwrap().id.clone();
    let ended = pin(&stage, &staged, true).await;
    assert!(matches!(ended, Err(Stop::Failed(failure)) if failure.kind == FailureKind::Staged));
}
