//! The engine: the one owner of tasks on this desktop. It takes requests, runs them lane by lane, records them, keeps
//! the catalogue up to date, and publishes all of it as one snapshot. It knows no D-Bus; see `service`.

mod app_setting;
mod arrival;
mod beneath;
mod board;
mod builder;
mod catalogue;
mod engine;
mod guard;
mod guardian;
mod history;
mod notes;
mod plan;
mod queue;
mod recovery;
mod run;
mod setting;
pub mod source;
mod sources;
mod store;
mod submit;
mod switch;
pub mod system;
pub mod upkeep;
mod whose;
mod work;

pub use engine::{Engine, StartError};
pub use source::{Outcome, Reporter, Source, SourceState};
pub use system::{PackageSet, Rubbish, SystemBackend, SystemChange, SystemOutcome};
