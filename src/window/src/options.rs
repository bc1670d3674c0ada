//! What can be asked on the command line, also of a window that is open already.

use clap::{Parser, ValueEnum};
use std::ffi::OsString;
use std::path::PathBuf;
use strata_model::AppId;

/// Find, install and update apps
#[derive(Clone, Debug, Default, Parser)]
#[command(name = "strata", version)]
pub(crate) struct Options {
    /// Open the window with a search
    #[arg(long, value_name = "TEXT")]
    pub(crate) search: Option<String>,
    /// Open the page of an app
    #[arg(long, value_name = "ID")]
    pub(crate) app: Option<AppId>,
    /// What to open: a .flatpakref, .flatpak or .flatpakrepo file, or its address, or appstream:ID
    #[arg(value_name = "FILE_OR_ADDRESS")]
    pub(crate) open: Vec<OsString>,
    /// Show what a list of apps would install, as it was exported
    #[arg(long, value_name = "FILE")]
    pub(crate) import: Option<PathBuf>,
    /// Begin with a page; for pictures and tests.
    #[arg(long, hide = true, value_enum)]
    pub(crate) page: Option<PageName>,
    /// Begin with a list of apps, such as `category play`; for pictures and tests.
    #[arg(long, hide = true, value_name = "LIST")]
    pub(crate) list: Option<String>,
    /// Open a dialog of the app's page, such as `safety`, or of the system, `system-update`; for pictures and tests.
    #[arg(long, hide = true, value_name = "NAME")]
    pub(crate) dialog: Option<String>,
    /// Started by the session bus for an action, which says whether a window is wanted; GTK's own option.
    #[arg(long, hide = true)]
    pub(crate) gapplication_service: bool,
    /// Read from right to left; for pictures and tests.
    #[arg(long, hide = true)]
    pub(crate) rtl: bool,
    /// The window's size; for pictures and tests.
    #[arg(long, hide = true, value_name = "WIDTHxHEIGHT", value_parser = parse_size)]
    pub(crate) size: Option<(i32, i32)>,
}

/// The pages that `--page` knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum PageName {
    /// Categories and new apps.
    Explore,
    /// The empty search page, or the one with `--search`.
    Search,
    /// The page of `--app`, or of the app with the newest release.
    App,
    /// What is installed.
    Installed,
    /// What could be newer.
    Updates,
    /// What was done.
    History,
    /// The preferences.
    Preferences,
    /// The page of the preferences about sources.
    Sources,
    /// The system's page of the preferences.
    System,
    /// What can be cleared away.
    Storage,
    /// The keyboard's ways.
    Shortcuts,
    /// What Strata is.
    About,
}

impl PageName {
    /// The page's name in the window.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Explore => "explore",
            Self::Search => "search",
            Self::App => "app",
            Self::Installed => "installed",
            Self::Updates => "updates",
            Self::History => "history",
            Self::Preferences => "preferences",
            Self::Sources => "sources",
            Self::System => "system",
            Self::Storage => "storage",
            Self::Shortcuts => "shortcuts",
            Self::About => "about",
        }
    }
}

fn parse_size(text: &str) -> Result<(i32, i32), String> {
    let sides = text.split_once('x').and_then(|(width, height)| Some((width.parse().ok()?, height.parse().ok()?)));
    sides.filter(|(width, height)| *width > 0 && *height > 0).ok_or_else(|| "not of the form 1220x800".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_two_positive_numbers() {
        assert_eq!(parse_size("360x720"), Ok((360, 720)));
        for bad in ["", "360", "360x", "0x10", "-3x10", "axb"] {
            assert!(parse_size(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn an_app_is_an_id() {
        assert!(Options::try_parse_from(["strata", "--app", "org.gnome.Chess"]).is_ok());
        assert!(Options::try_parse_from(["strata", "--app", "../chess"]).is_err());
    }
}
