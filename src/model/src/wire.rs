//! The names of Strata's programs on D-Bus.

use crate::APP_ID;

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

/// Well-known name on the session bus of whoever answers the desktop's own search. It begins with the application's id, as
/// Flatpak wants of what it shows to the desktop.
pub fn search_name() -> String {
    format!("{APP_ID}.SearchProvider")
}

/// Where the object of a name lies, as the desktop entry specification derives it of the application's.
pub fn object_path(name: &str) -> String {
    format!("/{}", name.replace('.', "/").replace('-', "_"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objects_lie_where_their_names_say() {
        assert_eq!(object_path(BUS_NAME), OBJECT_PATH);
        assert_eq!(object_path("org.a-b.C"), "/org/a_b/C");
        assert!(search_name().starts_with(APP_ID));
    }
}
