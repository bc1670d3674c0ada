//! The operating system beneath: rpm-ostree's daemon, asked over D-Bus. It is never changed in any other way but for pins,
//! which the daemon does not offer, and the program `rpm-ostree` is never run.
//!
//! [`RpmOstree`] is the backend; [`daemon`] and [`transaction`] are the client below it, which knows nothing of what the
//! methods mean. What the daemon says is read by pure functions, of which tests need [`state`], [`progress`] and
//! [`errors`].

mod answer;
mod attach;
mod authority;
mod blocker;
mod bus;
pub mod call;
mod contents;
mod counted;
pub mod daemon;
mod deployments;
mod dry_run;
pub mod errors;
pub mod fields;
mod header;
mod layered;
mod local;
pub mod names;
mod open;
mod packages;
mod peer;
mod pin;
mod planned;
mod plans;
pub mod progress;
pub mod refusal;
mod renewed;
mod rpm_ostree;
mod source;
pub mod state;
pub mod transaction;
mod update;
mod updaters;
mod wishes;

pub use rpm_ostree::RpmOstree;
pub use source::Packages;
