//! The source on real repositories, each test in a folder of its own.
// Clippy takes only what is marked `#[test]` for a test, not what the tests share.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod agent;
mod cancelled;
mod failures;
mod files;
mod flathub;
mod ground;
mod held;
mod lifecycle;
mod misbehaving;
mod origins;
mod outside;
mod planned;
mod references;
mod system_wide;
mod unattended;
