//! The client against recordings of the real daemon: what it asks is what was asked then, what it makes of the answers
//! stands here. No simulator is between them.
// Clippy takes only what is marked `#[test]` for a test, not what the tests share.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod conversations;
mod daemon;
mod others;
mod peer;
mod pins;
mod progress;
mod recording;
mod rough;
mod simulated;
mod states;
mod unasked;
mod updaters;
mod values;
mod wishes;
mod world;
