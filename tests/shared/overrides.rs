//! Packages of the image that somebody changed.

use serde_json::{Value, json};
use strata_demo::World;
use strata_tests::{ctl, programs};

/// Somebody else took firefox out of the image, and put another podman in; fish is layered. For worlds whose system has not
/// been looked at yet.
pub(crate) fn make(world: &World) {
    let _ = ctl(world, &["-y", "install", "--source", "package", "fish"]).expect(0);
    let restarted = world.command(programs().join("strata-demo")).args(["system", "restart"]).status().unwrap();
    assert!(restarted.success());
    let file = world.folder().join("system/state.json");
    let mut state: Value = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
    let booted = &mut state["deployments"][0];
    let (old, new) = ("podman-5.6.2-1.x86_64", "podman-5.7.0-1.x86_64");
    booted["wishes"]["removals"] = json!(["firefox"]);
    booted["wishes"]["replacements"] = json!({new: {"nevra": new, "requires": [], "size": 1}});
    booted["layer"]["removed"] = json!(["firefox-144.0-1.x86_64"]);
    booted["layer"]["replaced"] = json!([[new, old]]);
    std::fs::write(&file, state.to_string()).unwrap();
}
