//! The programs as people use them: the real `stratactl` and `strata-service`, in demo worlds.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests say what went wrong by panicking")]

mod app_settings;
mod appimage_updates;
mod appimages;
mod authority;
mod cancelling;
mod catalogue;
mod changing;
#[path = "../../src/service/tests/desktop/mod.rs"]
mod desktop;
mod documented;
mod engine;
mod facts;
mod keeping;
mod layered;
mod listed;
mod looking;
mod naming;
mod notifying;
#[path = "../shared/overrides.rs"]
mod overrides;
mod printed;
mod refused;
mod remotes;
mod replacing;
#[cfg(target_arch = "x86_64")]
#[path = "../shared/scribe.rs"]
mod scribe;
mod searching;
mod settings;
mod sharing;
mod signatures;
mod sources;
#[path = "../shared/stopped.rs"]
mod stopped;
mod system;
mod terminal;
mod updating;
mod usage;
mod waiting;
