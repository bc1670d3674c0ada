//! Where Strata runs: every path, address and bus in one [`Environment`], and the few things that every room needs of
//! the machine: settings, files, HTTP and files over it in pieces, locks, buses, network and power, a restart, the person's language, and which
//! remote is Flathub.

pub mod bus;
pub mod conditions;
pub mod environment;
pub mod files;
pub mod flathub;
pub mod http;
pub mod i18n;
pub mod image;
pub mod layering;
pub mod lock;
pub mod network;
pub mod parental;
pub mod ranged;
pub mod restart;
pub mod settings;
pub mod witness;

pub use environment::Environment;
