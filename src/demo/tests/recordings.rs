//! The simulated rpm-ostreed, driven through every recorded conversation of a real one: the same calls, the same
//! replies, on each connection the same signals in the same order.
//!
//! What may differ is named in `recordings/compare.rs`; how a recording becomes the system that it began with, in
//! `recordings/world.rs`.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "recordings/bus.rs"]
mod bus;
#[path = "recordings/client.rs"]
mod client;
#[path = "recordings/compare.rs"]
mod compare;
#[path = "recordings/peers.rs"]
mod peers;
#[path = "recordings/recording.rs"]
mod recording;
#[path = "recordings/replay.rs"]
mod replay;
#[path = "recordings/rpm.rs"]
mod rpm;
#[path = "recordings/world.rs"]
mod world;

use recording::Recording;
use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// How many are driven at a time: they wait for processes, not for the processor.
const AT_A_TIME: usize = 4;

fn fixtures() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/rpm-ostree")
}

#[test]
fn the_simulated_daemon_answers_as_the_recorded_one() {
    let mut paths: Vec<PathBuf> =
        std::fs::read_dir(fixtures().join("recordings")).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    if let Ok(only) = std::env::var("STRATA_RECORDING") {
        paths.retain(|path| path.file_stem().is_some_and(|name| name.to_string_lossy() == only));
    }
    assert!(!paths.is_empty(), "there are no recordings");
    let next = AtomicUsize::new(0);
    let failures = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..AT_A_TIME {
            scope.spawn(|| {
                while let Some(path) = paths.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let recording = Recording::read(path);
                    if recording.needs_root() && !rustix::process::geteuid().is_root() {
                        eprintln!("{}: left out, it has two users and needs root", recording.name);
                        continue;
                    }
                    let played = std::panic::catch_unwind(|| replay::replay(&recording));
                    if let Err(error) = played.unwrap_or_else(|_| Err("it panicked".to_owned())) {
                        failures.lock().unwrap().push(format!("{}: {error}", recording.name));
                    }
                }
            });
        }
    });
    let mut failures = failures.into_inner().unwrap();
    failures.sort();
    assert!(failures.is_empty(), "{} of {} differ\n{}", failures.len(), paths.len(), failures.join("\n"));
}
