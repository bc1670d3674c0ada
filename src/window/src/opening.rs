//! What is opened with Strata: files and addresses from the command line, the desktop, or dropped on the window.

use relm4::gtk::gio;
use relm4::gtk::prelude::FileExt;
use std::ffi::OsStr;
use std::path::Path;
use strata_model::{AppId, SourceKind};

/// What a file or an address is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Opening {
    /// An app of the catalogue: `appstream:` and an id.
    /// <https://www.freedesktop.org/software/appstream/docs/sect-AppStream-Misc-URIHandler.html>
    App(AppId),
    /// Something that installs an app: a `.flatpakref`, a `.flatpak`, an `.AppImage`; by its path, or, but for the
    /// last, by an address that begins with `https:`.
    Install(String),
    /// Something that adds an origin: a `.flatpakrepo`.
    AddOrigin(String),
    /// Nothing that Strata knows; as it was given.
    Unknown(String),
}

/// How names of AppImages end.
const APPIMAGE: &str = "AppImage";

/// The source of what a file installs, by its name.
pub(crate) fn source(location: &str) -> SourceKind {
    let end = Path::new(location).extension();
    if end.is_some_and(|end| end.eq_ignore_ascii_case(APPIMAGE)) { SourceKind::AppImage } else { SourceKind::Flatpak }
}

/// What was given, seen from the folder that it was given in.
pub(crate) fn read(given: &OsStr, folder: &Path) -> Opening {
    let text = given.to_string_lossy();
    if let Some(app) = text.strip_prefix("appstream:") {
        let id = AppId::new(app.trim_start_matches('/').trim_end_matches('/'));
        return id.map_or_else(|_| Opening::Unknown(text.into_owned()), Opening::App);
    }
    let address = text.strip_prefix("flatpak+").unwrap_or(&text);
    if address.starts_with("https://") {
        return by_name(address, address.split(['?', '#']).next().unwrap_or(address));
    }
    match gio::File::for_commandline_arg_and_cwd(given, folder).path() {
        Some(path) => by_name(&path.to_string_lossy(), &path.to_string_lossy()),
        None => Opening::Unknown(text.into_owned()),
    }
}

fn by_name(location: &str, name: &str) -> Opening {
    match Path::new(name).extension().and_then(OsStr::to_str) {
        Some(end) if end.eq_ignore_ascii_case(APPIMAGE) && location.starts_with('/') => {
            Opening::Install(location.to_owned())
        }
        Some("flatpakref" | "flatpak") => Opening::Install(location.to_owned()),
        Some("flatpakrepo") => Opening::AddOrigin(location.to_owned()),
        _ => Opening::Unknown(location.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_and_addresses_are_told_apart() {
        let app = || Opening::App(AppId::new("org.gnome.Chess").unwrap());
        let install = |location: &str| Opening::Install(location.to_owned());
        let cases = [
            ("appstream:org.gnome.Chess", app()),
            ("appstream://org.gnome.Chess", app()),
            ("appstream:///org.gnome.Chess/", app()),
            ("appstream:../evil", Opening::Unknown("appstream:../evil".into())),
            ("flatpak+https://example.org/a.flatpakref", install("https://example.org/a.flatpakref")),
            ("https://example.org/a.flatpakref?x=1", install("https://example.org/a.flatpakref?x=1")),
            (
                "flatpak+https://example.org/a.flatpakrepo",
                Opening::AddOrigin("https://example.org/a.flatpakrepo".into()),
            ),
            (
                "flatpak+http://example.org/a.flatpakref",
                Opening::Unknown("flatpak+http://example.org/a.flatpakref".into()),
            ),
            ("file:///home/ann/my%20app.flatpak", install("/home/ann/my app.flatpak")),
            ("below/a.flatpakref", install("/here/below/a.flatpakref")),
            ("/there/a.flatpakrepo", Opening::AddOrigin("/there/a.flatpakrepo".into())),
            ("/there/a.AppImage", install("/there/a.AppImage")),
            ("https://example.org/a.AppImage", Opening::Unknown("https://example.org/a.AppImage".into())),
            ("/there/a.txt", Opening::Unknown("/there/a.txt".into())),
        ];
        for (given, opening) in cases {
            assert_eq!(read(OsStr::new(given), Path::new("/here")), opening, "{given}");
        }
    }
}
