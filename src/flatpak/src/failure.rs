//! From libflatpak's errors to kinds that a face can put into words.
//!
//! libflatpak hands on what ostree, curl and the system helper say, each in its own way: by domain and code where they
//! have one, by their (untranslated) words where they have none.

use libflatpak::gio::{DBusError, IOErrorEnum, ResolverError, TlsError};
use libflatpak::glib;
use strata_model::{Failure, FailureKind, Stop};

/// ostree's domain for signatures, which has no binding.
const SIGNATURES: &str = "OstreeGpgError";
const NO_SIGNATURE: i32 = 0;
const MISSING_KEY: i32 = 2;

/// What an error means, about a subject.
pub(crate) fn failure(error: &glib::Error, subject: &str) -> Failure {
    Failure::new(kind(error), subject, error.message())
}

/// The same for work that can be cancelled.
pub(crate) fn stop(error: &glib::Error, subject: &str) -> Stop {
    if error.matches(IOErrorEnum::Cancelled) { Stop::Cancelled } else { failure(error, subject).into() }
}

fn kind(error: &glib::Error) -> FailureKind {
    let by_code = error
        .kind::<libflatpak::Error>()
        .and_then(|code| flatpak_kind(code, error.message()))
        .or_else(|| error.kind::<IOErrorEnum>().and_then(io_kind))
        .or_else(|| error.kind::<DBusError>().and_then(bus_kind))
        .or_else(|| error.kind::<ResolverError>().map(|_| FailureKind::Offline))
        .or_else(|| error.kind::<TlsError>().map(|_| FailureKind::Offline))
        .or_else(|| signature_kind(error));
    by_code.or_else(|| kind_by_words(error.message())).unwrap_or(FailureKind::Other)
}

fn flatpak_kind(code: libflatpak::Error, message: &str) -> Option<FailureKind> {
    use libflatpak::Error as Code;
    Some(match code {
        Code::AlreadyInstalled | Code::DifferentRemote => FailureKind::AlreadyInstalled,
        Code::NotInstalled => FailureKind::NotInstalled,
        Code::NeedNewFlatpak => FailureKind::NeedsNewerSystem,
        Code::RemoteNotFound => FailureKind::OriginGone,
        Code::RuntimeNotFound => FailureKind::RuntimeMissing,
        Code::RefNotFound => FailureKind::NotFound,
        Code::InvalidRef | Code::InvalidName => FailureKind::BadRequest,
        Code::InvalidData => FailureKind::BadFile,
        Code::Untrusted => kind_by_words(message).unwrap_or(FailureKind::SignatureWrong),
        Code::RemoteUsed => FailureKind::OriginInUse,
        Code::RuntimeUsed => FailureKind::StillNeeded,
        Code::OutOfSpace => FailureKind::NoSpace,
        Code::NotCached => FailureKind::Offline,
        // Parental controls, or a list of the administrator's.
        Code::PermissionDenied => FailureKind::Forbidden,
        Code::AuthenticationFailed => FailureKind::NeedsLogin,
        Code::NotAuthorized => FailureKind::NotAuthorised,
        _ => return None,
    })
}

fn io_kind(code: IOErrorEnum) -> Option<FailureKind> {
    Some(match code {
        IOErrorEnum::NoSpace => FailureKind::NoSpace,
        IOErrorEnum::PermissionDenied | IOErrorEnum::ReadOnly => FailureKind::NotAuthorised,
        IOErrorEnum::HostNotFound
        | IOErrorEnum::HostUnreachable
        | IOErrorEnum::NetworkUnreachable
        | IOErrorEnum::ConnectionRefused
        | IOErrorEnum::BrokenPipe
        | IOErrorEnum::ProxyFailed
        | IOErrorEnum::TimedOut => FailureKind::Offline,
        _ => return None,
    })
}

fn bus_kind(code: DBusError) -> Option<FailureKind> {
    Some(match code {
        // The system helper's answer when polkit says no.
        DBusError::AccessDenied | DBusError::AuthFailed => FailureKind::NotAuthorised,
        DBusError::ServiceUnknown | DBusError::NameHasNoOwner | DBusError::SpawnServiceNotFound => {
            FailureKind::NotAuthorised
        }
        _ => return None,
    })
}

fn signature_kind(error: &glib::Error) -> Option<FailureKind> {
    (error.domain().as_str() == SIGNATURES).then(|| match error.code() {
        NO_SIGNATURE => FailureKind::SignatureMissing,
        MISSING_KEY => FailureKind::KeyMissing,
        _ => FailureKind::SignatureWrong,
    })
}

/// What these libraries say without a code of its own, in the order in which it is looked for.
const WORDS: &[(&str, FailureKind)] = &[
    ("no signatures found", FailureKind::SignatureMissing),
    ("no signature found", FailureKind::SignatureMissing),
    ("not gpg signed", FailureKind::SignatureMissing),
    ("non-gpg verified", FailureKind::NotForEverybody),
    ("public key not found", FailureKind::KeyMissing),
    ("bad signature", FailureKind::SignatureWrong),
    ("signature", FailureKind::SignatureWrong),
    ("not enough disk space", FailureKind::NoSpace),
    ("min-free-space", FailureKind::NoSpace),
    ("no space left on device", FailureKind::NoSpace),
    ("not allowed for user", FailureKind::NotAuthorised),
    ("could not resolve", FailureKind::Offline),
    ("couldn't resolve", FailureKind::Offline),
    ("could not connect", FailureKind::Offline),
    ("couldn't connect", FailureKind::Offline),
    ("failed to connect", FailureKind::Offline),
    ("timeout was reached", FailureKind::Offline),
    ("timed out", FailureKind::Offline),
    ("connection reset", FailureKind::Offline),
    ("transferred a partial file", FailureKind::Offline),
    ("server returned nothing", FailureKind::Offline),
    ("server returned status 5", FailureKind::Offline),
    ("server returned http 5", FailureKind::Offline),
    ("corrupted", FailureKind::Damaged),
    ("checksum expected", FailureKind::Damaged),
    ("expected checksum", FailureKind::Damaged),
];

fn kind_by_words(message: &str) -> Option<FailureKind> {
    let message = message.to_ascii_lowercase();
    WORDS.iter().find(|(words, _)| message.contains(words)).map(|(_, kind)| *kind)
}

/// While something that the origin lists is fetched, "not found" means that the origin has lost a part of it.
pub(crate) fn fetching(error: &glib::Error, subject: &str) -> Stop {
    let lost = error.matches(IOErrorEnum::NotFound);
    match stop(error, subject) {
        Stop::Failed(failure) if lost && failure.kind == FailureKind::Other => {
            Failure { kind: FailureKind::Damaged, ..failure }.into()
        }
        other => other,
    }
}

/// An origin that does not answer, or answers that it has no such thing, is one that cannot be reached.
pub(crate) fn reaching(error: &glib::Error, origin: &str) -> Stop {
    // libflatpak gives "no summary file" the code of a file that makes no sense.
    let lost = error.matches(IOErrorEnum::NotFound) || error.matches(libflatpak::Error::InvalidData);
    match stop(error, origin) {
        Stop::Failed(failure) if lost && matches!(failure.kind, FailureKind::Other | FailureKind::BadFile) => {
            Failure { kind: FailureKind::Offline, ..failure }.into()
        }
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_by_code() {
        let cases = [
            (glib::Error::new(libflatpak::Error::AlreadyInstalled, "x"), FailureKind::AlreadyInstalled),
            (glib::Error::new(libflatpak::Error::OutOfSpace, "x"), FailureKind::NoSpace),
            (glib::Error::new(libflatpak::Error::RemoteUsed, "x"), FailureKind::OriginInUse),
            (glib::Error::new(libflatpak::Error::Untrusted, "GPG: no signatures found"), FailureKind::SignatureMissing),
            (glib::Error::new(libflatpak::Error::Untrusted, "x"), FailureKind::SignatureWrong),
            (glib::Error::new(IOErrorEnum::HostNotFound, "x"), FailureKind::Offline),
            (glib::Error::new(IOErrorEnum::NoSpace, "x"), FailureKind::NoSpace),
            (glib::Error::new(DBusError::AccessDenied, "x"), FailureKind::NotAuthorised),
            (glib::Error::new(IOErrorEnum::Failed, "something new"), FailureKind::Other),
        ];
        for (error, kind) in cases {
            assert_eq!(failure(&error, "app").kind, kind, "{error:?}");
        }
    }

    #[test]
    fn kinds_by_words() {
        let cases = [
            ("While fetching http://127.0.0.1:1/: [7] Couldn't connect to server", FailureKind::Offline),
            ("min-free-space-percent '3%' would be exceeded", FailureKind::NoSpace),
            ("Corrupted file object; checksum expected='a' actual='b'", FailureKind::Damaged),
            ("Can't check signature: public key not found", FailureKind::KeyMissing),
            // What Flatpak says to an ordinary user.
            ("Can't pull from untrusted non-gpg verified remote", FailureKind::NotForEverybody),
        ];
        for (message, kind) in cases {
            assert_eq!(failure(&glib::Error::new(IOErrorEnum::Failed, message), "app").kind, kind, "{message}");
        }
    }

    #[test]
    fn cancelled_is_no_error() {
        assert_eq!(stop(&glib::Error::new(IOErrorEnum::Cancelled, "x"), "app"), Stop::Cancelled);
    }

    #[test]
    fn not_found_depends_on_what_was_looked_for() {
        let error = glib::Error::new(IOErrorEnum::NotFound, "Server returned HTTP 404");
        let kind = |stop| match stop {
            Stop::Failed(failure) => failure.kind,
            Stop::Cancelled => panic!("cancelled"),
        };
        assert_eq!(kind(fetching(&error, "app")), FailureKind::Damaged);
        assert_eq!(kind(reaching(&error, "origin")), FailureKind::Offline);
    }
}
