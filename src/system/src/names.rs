//! The daemon's names on D-Bus.

/// On the system bus.
pub const BUS_NAME: &str = "org.projectatomic.rpmostree1";

/// The one object whose path is fixed. The operating system's own stands in its property `Booted`.
pub const SYSROOT_PATH: &str = "/org/projectatomic/rpmostree1/Sysroot";

/// Below which all objects lie.
pub const NAMESPACE: &str = "/org/projectatomic/rpmostree1";

/// Of the fixed object.
pub const SYSROOT: &str = "org.projectatomic.rpmostree1.Sysroot";

/// Of the operating system's object.
pub const OS: &str = "org.projectatomic.rpmostree1.OS";

/// Of the operating system's object: only for root.
pub const OS_EXPERIMENTAL: &str = "org.projectatomic.rpmostree1.OSExperimental";

/// Of the object `/` on a transaction's own connection.
pub const TRANSACTION: &str = "org.projectatomic.rpmostree1.Transaction";

/// D-Bus' own.
pub const PROPERTIES: &str = "org.freedesktop.DBus.Properties";

/// The path of `Booted` where the system was not started from a deployment.
pub const NOT_BOOTED: &str = "/";
