//! How a command ends: its exit status, and what stood in its way.

use crate::text::{clean, gettext_f};
use gettextrs::gettext;
use std::process::ExitCode;
use strata_model::{Action, Failure, FailureKind, Request, SourceKind, Stop};

/// The exit statuses, the same for every command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ending {
    /// What was asked is done.
    Done = 0,
    /// Some of it or all of it is not.
    Failed = 1,
    /// The question made no sense.
    Usage = 2,
    /// There is no such thing.
    NothingFound = 3,
    /// The person stopped it.
    Cancelled = 4,
}

impl From<Ending> for ExitCode {
    fn from(ending: Ending) -> Self {
        Self::from(ending as u8)
    }
}

/// Why a command could not do anything.
#[derive(Debug)]
pub(crate) enum Trouble {
    /// Something went wrong.
    Failed(Failure),
    /// The question cannot be answered as it is; the sentence says how to ask.
    Usage(String),
    /// There is no such thing; the sentence says what.
    NothingFound(String),
    /// It cannot be done here; the sentence says why.
    Refused(String),
    /// The person stopped it.
    Cancelled,
}

impl Trouble {
    pub(crate) fn ending(&self) -> Ending {
        match self {
            Self::Failed(failure) => ending_of(failure),
            Self::Usage(_) => Ending::Usage,
            Self::NothingFound(_) => Ending::NothingFound,
            Self::Refused(_) => Ending::Failed,
            Self::Cancelled => Ending::Cancelled,
        }
    }

    /// A sentence for a person, with what to do about it.
    pub(crate) fn sentence(&self) -> String {
        match self {
            Self::Failed(failure) => sentence(failure),
            Self::Usage(sentence) | Self::NothingFound(sentence) | Self::Refused(sentence) => sentence.clone(),
            Self::Cancelled => gettext("Cancelled."),
        }
    }
}

/// A thing that was not found is told apart from work that failed.
pub(crate) fn ending_of(failure: &Failure) -> Ending {
    match failure.kind {
        FailureKind::NotFound | FailureKind::NotInstalled => Ending::NothingFound,
        _ => Ending::Failed,
    }
}

/// What happened, in the person's language.
pub(crate) fn message(failure: &Failure) -> String {
    gettext_f(failure.kind.message(), &[("subject", &clean(failure.about()))])
}

/// What the person can do about it, in the person's language.
pub(crate) fn remedy(failure: &Failure) -> String {
    gettext_f(failure.kind.remedy(), &[("subject", &clean(failure.about()))])
}

/// Both in one line.
pub(crate) fn sentence(failure: &Failure) -> String {
    format!("{} {}", message(failure), remedy(failure))
}

/// The same of what was asked of the system, for which there is a better next step than for apps.
pub(crate) fn sentence_of(request: &Request, failure: &Failure) -> String {
    let next = match request.action {
        _ if failure.kind != FailureKind::NotFound || request.offer.source != SourceKind::Package => None,
        Action::Install => {
            let values = [("name", &*clean(&request.offer.reference))];
            Some(gettext_f("Look for it with: stratactl search --source package {name}", &values))
        }
        Action::DeploySystem => Some(gettext("The versions that are here are shown with: stratactl system")),
        _ => None,
    };
    next.map_or_else(|| sentence(failure), |next| format!("{} {next}", message(failure)))
}

impl From<Failure> for Trouble {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

impl From<Stop> for Trouble {
    fn from(stop: Stop) -> Self {
        match stop {
            Stop::Cancelled => Self::Cancelled,
            Stop::Failed(failure) => Self::Failed(failure),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_failure_is_said_with_its_subject() {
        for kind in FailureKind::ALL {
            let said = sentence(&Failure::new(*kind, "Flathub\u{1b}[31m", "details"));
            assert!(!said.contains(['{', '}', '\u{1b}']), "{kind:?}: {said}");
            let said = sentence(&Failure::new(*kind, "app/org.gnome.Chess/x86_64/stable", ""));
            assert!(!said.contains("x86_64") && !said.contains("stable"), "{kind:?}: {said}");
        }
    }

    #[test]
    fn statuses_are_as_documented() {
        let failed = |kind| Trouble::Failed(Failure::new(kind, "x", "")).ending() as u8;
        assert_eq!(failed(FailureKind::Offline), 1);
        assert_eq!(failed(FailureKind::NotFound), 3);
        assert_eq!(Trouble::Usage(String::new()).ending() as u8, 2);
        assert_eq!(Trouble::Cancelled.ending() as u8, 4);
    }
}
