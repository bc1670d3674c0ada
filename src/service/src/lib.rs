//! The engine's process: the engine behind D-Bus, on the session bus or on one end of a socket pair.
//!
//! A library too, so that tests can put any source behind the real face.

mod activity;
mod bus;
mod caller;
pub mod catalogue_build;
mod face;
mod looking;
mod memory;
mod notify;
mod patience;
mod peer;
mod plain;
mod refusal;
mod refusing;
mod search;
mod sendable;
mod serving;
mod window;

pub use bus::serve_bus;
pub use peer::serve_peer;
pub use search::serve_search;
pub use serving::ServeError;
