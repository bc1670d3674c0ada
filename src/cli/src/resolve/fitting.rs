//! What was named beside what `--source` and `--installation` say: neither is ever passed over.

use crate::ending::Trouble;
use crate::session::Session;
use crate::text::{clean, gettext_f};
use crate::words;
use gettextrs::gettext;
use std::path::Path;
use strata_model::{Action, Request, Snapshot, SourceKind, marked};

/// What a file or an address is for. `source` tells of one that does not say so by its ending.
pub(super) fn kind_of(location: &str, source: Option<SourceKind>) -> Result<SourceKind, Trouble> {
    let of_ending = match Path::new(location).extension().and_then(|end| end.to_str()) {
        Some("rpm") => Some(SourceKind::Package),
        Some("flatpak" | "flatpakref") => Some(SourceKind::Flatpak),
        Some(end) if end.eq_ignore_ascii_case("AppImage") => Some(SourceKind::AppImage),
        // A package has its ending always.
        _ => source.filter(|source| *source != SourceKind::Package),
    };
    let kind = of_ending.unwrap_or(SourceKind::Flatpak);
    comes_from(location, kind, source)?;
    Ok(kind)
}

/// It comes from there, if a source was named at all.
pub(super) fn comes_from(name: &str, kind: SourceKind, source: Option<SourceKind>) -> Result<(), Trouble> {
    let Some(other) = source.filter(|source| *source != kind) else { return Ok(()) };
    let sentence = marked("“{name}” does not come from the source “{other}”, but from “{source}”.");
    let values = [("name", &*clean(name)), ("other", other.as_str()), ("source", kind.as_str())];
    Err(Trouble::Usage(gettext_f(sentence, &values)))
}

/// The request, if it is for the installation that was named.
pub(super) fn in_scope(
    session: &Session,
    snapshot: &Snapshot,
    name: &str,
    request: Request,
) -> Result<Request, Trouble> {
    if request.offer.source == SourceKind::Package {
        no_installation_of_package(session, snapshot, name)?;
    }
    match session.scope(snapshot)? {
        Some(scope) if request.offer.scope != scope => Err(super::not_offered(name)),
        _ => Ok(request),
    }
}

/// A package is in none, whichever is named.
pub(super) fn no_installation_of_package(session: &Session, snapshot: &Snapshot, name: &str) -> Result<(), Trouble> {
    if session.scope(snapshot)?.is_none() {
        return Ok(());
    }
    let sentence = marked("“{name}” is a package, which is for the whole system: leave --installation out.");
    Err(Trouble::Usage(gettext_f(sentence, &[("name", &clean(name))])))
}

/// The request, unless it wants of one package what is done with the whole system only, and by a command of its own.
pub(crate) fn apart(request: Request) -> Result<Request, Trouble> {
    let command = match request.action {
        _ if request.offer.source != SourceKind::Package => return Ok(request),
        Action::Update => "update",
        Action::Hold => "hold",
        Action::Release => "release",
        Action::GoBack => "rollback",
        _ => return Ok(request),
    };
    let sentence =
        marked("“{name}” is a part of the system. What you want is done with all of it: stratactl system {command}");
    Err(Trouble::Usage(gettext_f(sentence, &[("name", &words::subject(&request)), ("command", command)])))
}

/// There is one system, whoever asks: it has no installations.
pub(crate) fn no_installation(session: &Session) -> Result<(), Trouble> {
    match session.global.installation {
        None => Ok(()),
        Some(_) => {
            Err(Trouble::Usage(gettext("The system is one for everybody and everything: leave --installation out.")))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use SourceKind::{AppImage, Flatpak, Package};

    #[test]
    fn what_is_done_with_the_whole_system_has_its_own_command() {
        use strata_model::OfferId;
        let htop = || OfferId::package("htop");
        let refused = [
            (Request::update(htop()), "stratactl system update"),
            (Request::hold(htop()), "stratactl system hold"),
            (Request::release(htop()), "stratactl system release"),
            (Request::go_back(htop()), "stratactl system rollback"),
        ];
        for (request, command) in refused {
            let sentence = apart(request).err().map(|trouble| trouble.sentence()).unwrap_or_default();
            assert!(sentence.ends_with(command), "{command}: {sentence}");
        }
        for possible in [Request::install(htop()), Request::hold(OfferId::app_image("", "a.b"))] {
            assert!(apart(possible).is_ok());
        }
    }

    #[test]
    fn a_file_is_for_what_its_ending_says() {
        let cases = [
            ("/a/b.rpm", None, Some(Package)),
            ("https://a/b.rpm", Some(Package), Some(Package)),
            ("/a/b.rpm", Some(Flatpak), None),
            ("/a/b.rpm", Some(AppImage), None),
            ("/a/b.flatpakref", None, Some(Flatpak)),
            ("/a/b.flatpak", Some(Package), None),
            ("/a/b.appimage", None, Some(AppImage)),
            ("/a/b.AppImage", Some(Flatpak), None),
            ("/a/b", None, Some(Flatpak)),
            ("/a/b", Some(AppImage), Some(AppImage)),
            ("/a/b", Some(Package), None),
        ];
        for (location, source, kind) in cases {
            assert_eq!(kind_of(location, source).ok(), kind, "{location} {source:?}");
        }
    }
}
