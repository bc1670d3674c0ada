//! What the end-to-end tests share: running Strata's programs in a demo world, with deadlines instead of pauses.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests say what went wrong by panicking")]
#![allow(clippy::missing_panics_doc, reason = "all of it panics when a test fails")]

mod ended;
mod running;
mod terminal;
mod until;

pub use ended::Ended;
pub use running::Running;
pub use terminal::Terminal;
pub use until::{DEADLINE, until, until_none};

use std::path::PathBuf;
use std::process::Command;
use strata_demo::{Scenario, World, WorldOptions};

/// A fresh world, with the programs that cargo built beside this test.
pub fn world(scenario: Scenario) -> World {
    let options = WorldOptions { scenario, programs: Some(programs()), ..WorldOptions::default() };
    World::create(&options).expect("the world is made")
}

/// Where cargo put Strata's programs: `./dev test` builds them before it starts the tests.
pub fn programs() -> PathBuf {
    let test = std::env::current_exe().expect("the test's own path");
    let folder = test.parent().and_then(|deps| deps.parent()).expect("target/debug/deps").to_owned();
    for program in ["stratactl", "strata-service"] {
        assert!(
            folder.join(program).exists(),
            "{program} is not built; run: ./dev exec cargo build --workspace --bins"
        );
    }
    folder
}

/// `stratactl` in a world.
pub fn stratactl(world: &World, words: &[&str]) -> Command {
    let mut command = world.command(programs().join("stratactl"));
    command.args(words);
    command.env("LC_ALL", "C.UTF-8").env_remove("LANGUAGE");
    command
}

/// Runs `stratactl` to its end.
pub fn ctl(world: &World, words: &[&str]) -> Ended {
    Running::start(stratactl(world, words)).end()
}

/// Runs `stratactl --json` to its end with a status, and gives what it printed.
pub fn ctl_json(world: &World, status: i32, words: &[&str]) -> serde_json::Value {
    ctl(world, &[&["--json"], words].concat()).expect(status).json()
}
