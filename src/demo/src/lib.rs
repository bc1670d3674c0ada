//! A world in a box: real Flatpak repositories on a private machine, for demonstrations and for every room's tests.
//!
//! [`Repository`] is a real OSTree repository that the `flatpak` command and libflatpak accept; [`Server`] serves one
//! on the loopback interface and can be slow or break off.

mod command;
pub mod daemon;
mod debian;
mod description;
mod error;
mod pictures;
mod repository;
mod server;
mod world;

pub use error::DemoError;
pub use repository::key::Key;
pub use repository::spec::{AddonSpec, AppSpec, Icon};
pub use repository::{Repository, host_arch};
pub use server::{Manners, Server};
pub use world::{Scenario, World, WorldOptions};
