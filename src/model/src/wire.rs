//! The names of the engine on D-Bus.

/// Well-known name of the engine on the session bus.
pub const BUS_NAME: &str = "io.github.strata_store.Strata.Engine";

/// Where the engine's object lies.
pub const OBJECT_PATH: &str = "/io/github/strata_store/Strata/Engine";

/// The engine's interface, version 1.
pub const INTERFACE: &str = "io.github.strata_store.Strata.Engine1";

/// What every D-Bus error of the engine begins with; the failure's kind in camel case follows.
pub const ERROR_PREFIX: &str = "io.github.strata_store.Strata.Error.";

/// The last part of the name of the D-Bus error that is none: the person cancelled.
pub const CANCELLED: &str = "Cancelled";

/// The version of the interface, its property `Version`.
pub const VERSION: u32 = 1;

/// Exit status of the engine's program when another engine works for this person already.
pub const EXIT_TAKEN: u8 = 3;
