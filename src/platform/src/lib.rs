//! Where Strata runs: every path, address and bus in one [`Environment`], and the few things that every room needs of
//! the machine: settings, files, HTTP, locks, the person's language, and which remote is Flathub.

pub mod environment;
pub mod files;
pub mod flathub;
pub mod http;
pub mod i18n;
pub mod lock;
pub mod settings;
pub mod witness;

pub use environment::Environment;
