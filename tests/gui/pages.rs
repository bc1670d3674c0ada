//! Every page and great dialog that an argument leads to, for the tests that walk through all of them.

use crate::tree::Role;
use crate::window::Window;

const ROOKERY: &str = "org.rookery.Rookery";
const WEATHERVANE: &str = "io.github.ridgeline.Weathervane";

/// A page, the arguments that lead to it, and a label that is there once it is filled: words of the demo world, which are
/// the same in every language, near the beginning, and not on the page before.
const PAGES: [(&[&str], &str); 6] = [
    (&["--page", "explore"], "Stack falling hexagons, calmly at first"),
    (&["--search", "hexfall"], "Six Sides"),
    (&["--list", "category play"], "Grow an island that floats"),
    (&["--app", ROOKERY], "The Rookery Club"),
    (&["--page", "installed"], "Back up your files and find them again"),
    (&["--page", "updates"], "1.4 → 1.5"),
];

/// What leads to a dialog.
const DIALOGS: [&[&str]; 14] = [
    &["--page", "preferences"],
    &["--page", "sources"],
    &["--page", "storage"],
    &["--page", "shortcuts"],
    &["--page", "about"],
    &["--app", "dev.rivet.Rivet", "--dialog", "safety"],
    &["--app", ROOKERY, "--dialog", "versions"],
    &["--app", ROOKERY, "--dialog", "downloads"],
    &["--app", ROOKERY, "--dialog", "age"],
    &["--app", ROOKERY, "--dialog", "licence"],
    &["--app", ROOKERY, "--dialog", "machine"],
    &["--app", ROOKERY, "--dialog", "picture 1"],
    &["--app", WEATHERVANE, "--dialog", "size"],
    &["--app", WEATHERVANE, "--dialog", "offers"],
];

/// Pages of a world with an operating system, and the dialogs that lie over them.
const SYSTEM: [(&[&str], &str); 2] =
    [(&["--page", "updates"], "42.20261101.0 → 42.20261115.0"), (&["--page", "system"], "orchard-testing")];
const SYSTEM_DIALOGS: [(&[&str], &str); 2] =
    [(&["--dialog", "system-update"], "libnew"), (&["--dialog", "roll-back"], "firefox")];

/// The same in a world with an operating system that has an update: [`strata_demo::Scenario::Advisories`].
pub(crate) fn walk_system(window: &Window, mut look: impl FnMut(&str)) {
    for (arguments, sign) in SYSTEM {
        window.again(arguments);
        window.shows(Role::Label, sign);
        look(&arguments.join(" "));
    }
    window.presses_key("Escape");
    window.has_any(Role::Dialog, false);
    for (arguments, sign) in SYSTEM_DIALOGS {
        window.again(arguments);
        window.shows(Role::Label, sign);
        look(&arguments.join(" "));
        window.presses_key("Escape");
        window.vanishes(Role::Label, sign);
    }
}

/// Goes to each of them, waits until it is filled, and calls `look` with what led there.
pub(crate) fn walk(window: &Window, mut look: impl FnMut(&str)) {
    for (arguments, sign) in PAGES {
        window.again(arguments);
        window.shows(Role::Label, sign);
        look(&arguments.join(" "));
    }
    // Nothing of the world stands on it, so it is there when the page before is gone.
    window.again(&["--page", "history"]);
    window.vanishes(Role::Label, PAGES[PAGES.len() - 1].1);
    look("history");
    for arguments in DIALOGS {
        window.again(arguments);
        window.has_any(Role::Dialog, true);
        look(&arguments.join(" "));
        window.presses_key("Escape");
        window.has_any(Role::Dialog, false);
    }
    #[cfg(target_arch = "x86_64")]
    walk_appimage(window, look);
}

/// The dialog of an AppImage, which has to be there for it.
#[cfg(target_arch = "x86_64")] // which the runtime of these is made for
fn walk_appimage(window: &Window, mut look: impl FnMut(&str)) {
    use crate::scribe::{ID, put, scribe_of};
    let file = put(window.world(), "scribe.AppImage", &scribe_of("1.2", ""));
    let _ = window.terminal(&["install", "-y", file.to_str().unwrap()]);
    let _ = window.terminal(&["app-settings", "scribe", "--env", "X=1"]);
    window.again(&["--app", ID]);
    window.shows(Role::Label, ID);
    window.again(&["--app", ID, "--dialog", "app-settings"]);
    window.shows(Role::Label, "X");
    look("app-settings");
    window.presses_key("Escape");
    window.vanishes(Role::Label, "X");
}
