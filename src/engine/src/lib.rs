//! The engine: the one owner of tasks on this desktop.

pub mod source;

pub use source::{Outcome, Reporter, Source, SourceState};
