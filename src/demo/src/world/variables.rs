//! The environment of everything that runs in a world: no path and no bus of the machine's own.

use super::flathub::{API, REMOTE};
use super::folder::{Folder, MARK};
use crate::DemoError;
use std::ffi::OsString;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

/// Folders of a world and the variables that lead to them.
const FOLDERS: [(&str, &str); 12] = [
    ("HOME", "home"),
    ("XDG_DATA_HOME", "home/.local/share"),
    ("XDG_CONFIG_HOME", "home/.config"),
    ("XDG_CACHE_HOME", "home/.cache"),
    ("XDG_STATE_HOME", "home/.local/state"),
    ("XDG_RUNTIME_DIR", "run"),
    ("FLATPAK_USER_DIR", "home/.local/share/flatpak"),
    ("FLATPAK_CONFIG_DIR", "etc/flatpak"),
    // Otherwise /var/tmp.
    ("FLATPAK_SYSTEM_CACHE_DIR", "var/cache/flatpak"),
    ("STRATA_POLICY", "etc/strata"),
    // Otherwise the lists of the machine's own distribution.
    ("STRATA_APPSTREAM", "usr/share/swcatalog"),
    // Otherwise the machine's own operating system.
    ("STRATA_SYSTEM_ROOT", super::system::ROOT),
];
/// Made by flatpak itself: an installation is one only with its repository.
const SYSTEM: &str = "var/lib/flatpak";

/// Where the two buses listen, below the runtime folder.
pub(super) const SESSION_BUS: &str = "bus";
pub(super) const SYSTEM_BUS: &str = "system-bus";

pub(super) type Variables = Vec<(String, OsString)>;

/// Makes the folders and gives the variables. `programs` is where Strata's own programs lie, `server` the server's
/// address.
pub(super) fn make(folder: &Folder, programs: &Path, server: &str) -> Result<Variables, DemoError> {
    let mut variables: Variables = vec![(MARK.to_owned(), folder.path().into())];
    for (name, path) in FOLDERS {
        variables.push((name.to_owned(), folder.make(path)?.into()));
    }
    let run = folder.path().join("run");
    fs::set_permissions(&run, fs::Permissions::from_mode(0o700)).map_err(DemoError::file(&run))?;
    let system = folder.path().join(SYSTEM);
    folder.make("var/lib")?;
    let mut set = |name: &str, value: OsString| variables.push((name.to_owned(), value));
    set("DBUS_SESSION_BUS_ADDRESS", address(&run.join(SESSION_BUS)));
    set("DBUS_SYSTEM_BUS_ADDRESS", address(&run.join(SYSTEM_BUS)));
    // flatpak's own way for tests: what needs rights on a real machine is allowed, and done by a helper on our bus.
    set("FLATPAK_SYSTEM_HELPER_ON_SESSION", "1".into());
    set("STRATA_FLATHUB", format!("{server}{API}").into());
    set("STRATA_FLATHUB_REMOTES", format!("{server}/{REMOTE}").into());
    // Nothing in a world asks the real ones; its server has no such pages.
    for name in ["STRATA_GITHUB", "STRATA_GITLAB", "STRATA_CODEBERG", "STRATA_GITEA"] {
        set(name, format!("{server}/forges").into());
    }
    set("STRATA_APPIMAGEHUB", format!("{server}/appimagehub").into());
    set("STRATA_SOARPKGS", format!("{server}/soarpkgs").into());
    set("STRATA_SOARPKGS_KEY", include_str!("../../data/soarpkgs/key").trim().into());
    set("STRATA_PORTABLE_LINUX_APPS", format!("{server}/appimagehub").into());
    set("STRATA_SERVICE", programs.join("strata-service").into());
    set("PATH", join(&[programs.to_owned()], "PATH", "/usr/local/bin:/usr/bin:/bin"));
    let exports = [folder.path().join(FOLDERS[6].1).join("exports/share"), system.join("exports/share")];
    set("XDG_DATA_DIRS", join(&exports, "XDG_DATA_DIRS", "/usr/local/share:/usr/share"));
    set("FLATPAK_SYSTEM_DIR", system.into());
    variables.extend(display());
    Ok(variables)
}

fn address(socket: &Path) -> OsString {
    let mut address = OsString::from("unix:path=");
    address.push(socket);
    address
}

/// `first` before what the variable has on the machine.
fn join(first: &[PathBuf], variable: &str, usual: &str) -> OsString {
    let known = std::env::var_os(variable).filter(|value| !value.is_empty()).unwrap_or_else(|| usual.into());
    let mut joined = OsString::new();
    for path in first {
        joined.push(path);
        joined.push(":");
    }
    joined.push(known);
    joined
}

/// A window is shown on the machine's display, which is found by way of folders that are no longer the person's.
fn display() -> Variables {
    let mut variables = Variables::new();
    let home = std::env::var_os("HOME").map(PathBuf::from);
    if let (Some(home), None) = (home, std::env::var_os("XAUTHORITY")) {
        variables.push(("XAUTHORITY".to_owned(), home.join(".Xauthority").into()));
    }
    let runtime = std::env::var_os("XDG_RUNTIME_DIR").map(PathBuf::from);
    if let (Some(runtime), Some(display)) = (runtime, std::env::var_os("WAYLAND_DISPLAY")) {
        // Joining an absolute path gives that path.
        variables.push(("WAYLAND_DISPLAY".to_owned(), runtime.join(display).into()));
    }
    variables
}
