//! A simulated rpm-ostreed: the same names, objects, dictionaries, errors and signals, on a bus of its own.
//!
//! It is a process ([`serve`]) beside a folder ([`Store`]) that keeps the system from one start to the next, so that it
//! can leave when idle, be killed, and be activated by the bus again. A transaction is a real peer-to-peer connection
//! on a socket that is made anew. What it says and changes is worked out from what the system consists of ([`System`])
//! and its state ([`State`]) when it starts; nothing is played back. `tests/recordings.rs` drives it through every
//! recorded conversation of a real daemon.
//!
//! It does **not** simulate:
//! - polkit: it asks the one on its bus. Where there is none, root and the user that it runs as may do everything, and
//!   all others what needs no permission;
//! - files: no tree is checked out and nothing runs, so `/etc`, scripts and boot loaders are words only;
//! - downloads of packages and of metadata: repositories are always cached, as those of the recordings were;
//! - signatures, static deltas, layers from several architectures, modules, cliwrap, initramfs;
//! - rpm's databases but for the names and versions of what the deployments consist of;
//! - the solver beyond names, provides and requires: no conflicts, obsoletes, file or library dependencies;
//! - `GetCachedRebaseRpmDiff`, `GetCachedDeployRpmDiff`, the `Download…RpmDiff` methods, `PkgChange`, `FinalizeDeployment`
//!   with a lock, `Introspect`, the `Moo` interface;
//! - live changes that remove packages, and their refusal;
//! - the time that things take: [`Manners::pace`] stretches what the recordings had.

mod answers;
mod authority;
mod begin;
mod bus;
mod busy;
mod config;
mod control;
mod data;
mod decode;
mod description;
mod image;
mod nevra;
mod objects;
mod order;
mod peer;
mod request;
mod resolve;
mod rpm;
mod script;
mod server;
mod shown;
mod shown_update;
mod size;
mod stage;
mod state;
mod store;
mod transaction;
mod update;

pub use bus::serve;
pub use config::Config;
pub use control::PATH as CONTROL;
pub use data::{Body, Data, Handle};
pub use decode::{Reader, body};
pub use description::{Advisory, Base, Begin, Image, ImageLayer, Manners, Package, Repo, System};
pub use nevra::Nevra;
pub use resolve::layer;
pub use state::{Change, Deployment, Layer, Local, Origin, State, Update, Wishes};
pub use store::Store;

/// The name on the bus.
pub const NAME: &str = "org.projectatomic.rpmostree1";
/// What the objects' paths begin with.
pub const ROOT: &str = "/org/projectatomic/rpmostree1";
