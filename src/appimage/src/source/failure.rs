//! Errors of the library as failures that a face has words for.

use crate::download::DownloadError;
use crate::inspect::InspectError;
use crate::library::{LibraryError, Question};
use crate::release::ResolveError;
use std::io::{Error, ErrorKind};
use std::path::Path;
use strata_model::{Failure, FailureKind};
use strata_platform::http::HttpError;

/// What a change, or the look at what is installed, failed by. `subject` is what was asked about.
pub(super) fn failed(error: &LibraryError, subject: &str) -> Failure {
    let (kind, about) = match error {
        LibraryError::NotInstalled(id) => (FailureKind::NotInstalled, id.clone()),
        LibraryError::Already(id) => (FailureKind::AlreadyInstalled, id.clone()),
        LibraryError::NoAppImage(InspectError::Io(error)) => (kind_of(error), subject.to_owned()),
        LibraryError::NoAppImage(InspectError::NoAppImage(_)) | LibraryError::TooLarge => {
            (FailureKind::BadFile, subject.to_owned())
        }
        LibraryError::OtherMachine(_) => (FailureKind::WrongArchitecture, subject.to_owned()),
        LibraryError::WrongDigest { .. } => (FailureKind::Damaged, subject.to_owned()),
        // What a face says yes with is the question itself.
        LibraryError::Ask(Question::Person(question)) => {
            return Failure::new(question.kind(), subject, question.to_string());
        }
        LibraryError::Ask(Question::BadSignature) => (FailureKind::SignatureWrong, subject.to_owned()),
        LibraryError::NoPrevious => (FailureKind::NoEarlierVersion, subject.to_owned()),
        LibraryError::BadFolder(path) => (FailureKind::BadFolder, shown(path)),
        LibraryError::LongName(path) => (FailureKind::LongName, shown(path)),
        LibraryError::NoFolder(path) => (FailureKind::NoFolder, shown(path)),
        LibraryError::InTheWay(path) => (FailureKind::InTheWay, shown(path)),
        LibraryError::OwnFolderStays(path) => (FailureKind::OwnFolderStays, shown(path)),
        LibraryError::NotEmpty(path) => (FailureKind::OwnFolderInUse, shown(path)),
        LibraryError::Running(name) => (FailureKind::AppRuns, name.clone()),
        LibraryError::NoPrograms(path) => (FailureKind::NoPrograms, shown(path)),
        LibraryError::BadSettings(_) => (FailureKind::BadRequest, subject.to_owned()),
        LibraryError::Damaged { path, .. } => (FailureKind::BadFile, shown(path)),
        LibraryError::Unfinished(_) => (FailureKind::NotMended, subject.to_owned()),
        LibraryError::Changed => (FailureKind::Other, subject.to_owned()),
        LibraryError::Io { path, error } => (kind_of(error), shown(path)),
    };
    Failure::new(kind, about, error.to_string())
}

/// The same of a file that was only to be read.
pub(super) fn unreadable(error: &LibraryError, subject: &str) -> Failure {
    let failure = failed(error, subject);
    match failure.kind {
        FailureKind::Unwritable => Failure { kind: FailureKind::NotReadable, ..failure },
        FailureKind::Other => Failure { kind: FailureKind::BadFile, ..failure },
        _ => failure,
    }
}

/// Why nobody knows what is newer; `asked` is who was asked.
pub(super) fn not_resolved(error: &ResolveError, asked: &str) -> Failure {
    let kind = match error {
        ResolveError::Http(error) => of_network(error),
        ResolveError::Busy => FailureKind::AskedTooOften,
        ResolveError::Malformed => FailureKind::BadFile,
    };
    Failure::new(kind, asked, error.to_string())
}

/// Why a file of a release did not come.
pub(super) fn not_fetched(error: &DownloadError, subject: &str) -> Failure {
    let kind = match error {
        // Whoever published it says that it is there: that passes, one way or the other.
        DownloadError::Http(error) if error.is_nothing_there() => FailureKind::FileMissing,
        DownloadError::Http(error) => of_network(error),
        DownloadError::Busy(_) => FailureKind::AskedTooOften,
        DownloadError::TooSlow => FailureKind::Offline,
        DownloadError::TooLarge(_) | DownloadError::WrongSize { .. } | DownloadError::WrongDigest { .. } => {
            FailureKind::Damaged
        }
        DownloadError::NoSpace { .. } => FailureKind::NoSpace,
        DownloadError::Io(error) => kind_of(error),
        DownloadError::Cancelled => FailureKind::Other,
    };
    Failure::new(kind, subject, error.to_string())
}

fn of_network(error: &HttpError) -> FailureKind {
    match error {
        error if error.is_nothing_there() => FailureKind::NothingThere,
        HttpError::Request(_) | HttpError::TooSlow(_) => FailureKind::Offline,
        HttpError::TooLarge(_) => FailureKind::BadFile,
    }
}

fn kind_of(error: &Error) -> FailureKind {
    match error.kind() {
        ErrorKind::NotFound => FailureKind::NotFound,
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => FailureKind::NoSpace,
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => FailureKind::Unwritable,
        _ => FailureKind::Other,
    }
}

fn shown(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}
