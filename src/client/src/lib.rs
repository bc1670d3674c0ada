//! The engine as the faces see it: found on the session bus or started as a child, mirrored, and asked.

mod engine;
mod failure;
mod mirror;
mod wire;

pub use engine::Engine;
use strata_model::Failure;

/// Whether the engine can be reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Link {
    /// It can; it may be asleep, and wakes when it is asked for something.
    Connected,
    /// It went away in the middle of work, and the client tries to reach it again.
    Lost(Failure),
}
