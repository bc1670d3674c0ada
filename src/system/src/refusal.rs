//! Calls that the daemon, or the bus, did not answer with what was asked for.

use crate::errors;
use crate::fields::cut;
use strata_model::{Failure, FailureKind};

/// Why a call has no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Another transaction runs, of this title.
    Busy(String),
    /// The daemon went away while it was asked. It did nothing: a transaction begins only when it is started.
    Gone(String),
    /// The bus is gone.
    NoBus(String),
    /// There is no daemon, nor anything that would start it.
    Missing(String),
    /// It said no.
    Failed(Failure),
}

/// What the daemon says when it is busy: there is no error name of its own, so the text counts. A second line tells what
/// to type into a terminal.
const BUSY: &str = "Transaction in progress: ";

impl Refusal {
    /// The meaning of an error to a call of this method. `asked` as in [`errors::ended`].
    pub(crate) fn of(error: &zbus::Error, method: &str, asked: &[String]) -> Self {
        match error {
            zbus::Error::MethodError(name, text, _) => {
                Self::named(name.as_str(), text.as_deref().unwrap_or_default(), method, asked)
            }
            zbus::Error::InputOutput(error) => Self::NoBus(error.to_string()),
            other => Self::Failed(Failure::new(FailureKind::NoDaemon, "", other.to_string())),
        }
    }

    /// The same by the error's name and text.
    pub(crate) fn named(name: &str, text: &str, method: &str, asked: &[String]) -> Self {
        if let Some(title) = text.strip_prefix(BUSY) {
            return Self::Busy(cut(title.lines().next().unwrap_or_default()).to_owned());
        }
        let detail = || format!("{name}: {}", cut(text));
        let failed = |kind, subject: &str| Self::Failed(Failure::new(kind, subject, detail()));
        match name.strip_prefix("org.projectatomic.rpmostreed.Error.") {
            Some("UpdateInProgress") => return Self::Busy(String::new()),
            Some("NotAuthorized") => return failed(FailureKind::NotAuthorised, ""),
            _ => {}
        }
        if name.starts_with("org.freedesktop.systemd1.") {
            // systemd would not start it: it is masked, say.
            return failed(FailureKind::NoDaemon, "");
        }
        match name.strip_prefix("org.freedesktop.DBus.Error.") {
            Some("NoReply" | "Disconnected" | "NameHasNoOwner") => Self::Gone(detail()),
            Some("ServiceUnknown") => Self::Missing(detail()),
            Some("AccessDenied" | "AuthFailed" | "InteractiveAuthorizationRequired") => {
                failed(FailureKind::NotAuthorised, "")
            }
            Some("UnknownMethod" | "UnknownInterface" | "UnknownObject" | "UnknownProperty") => {
                failed(FailureKind::NeedsNewerSystem, method)
            }
            Some("InvalidArgs") => failed(FailureKind::BadRequest, method),
            Some("Timeout" | "TimedOut" | "LimitsExceeded") => failed(FailureKind::NoDaemon, ""),
            Some(name) if name.starts_with("Spawn.") => failed(FailureKind::NoDaemon, ""),
            _ if errors::is_cancelled(text) => failed(FailureKind::Dismissed, ""),
            _ => Self::Failed(errors::failure(text, asked, &[])),
        }
    }

    /// As a failure, where waiting or trying again is of no use.
    pub(crate) fn failure(self) -> Failure {
        match self {
            Self::Busy(title) => Failure::new(FailureKind::SystemBusy, title, BUSY.trim_end()),
            Self::Gone(detail) | Self::Missing(detail) => Failure::new(FailureKind::NoDaemon, "", detail),
            Self::NoBus(detail) => Failure::new(FailureKind::NoSystemBus, "", detail),
            Self::Failed(failure) => failure,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const QUARK: &str = "org.gtk.GDBus.UnmappedGError.Quark._g_2dio_2derror_2dquark.Code";

    #[test]
    fn busy_is_known_by_its_text() {
        let text = "Transaction in progress: rpm-ostree upgrade\n You can cancel the current transaction with `rpm-ostree cancel`";
        let busy = Refusal::Busy("rpm-ostree upgrade".to_owned());
        for name in [&format!("{QUARK}26"), &format!("{QUARK}0"), "org.freedesktop.DBus.Error.Failed"] {
            assert_eq!(Refusal::named(name, text, "Upgrade", &[]), busy, "{name}");
        }
        let untitled = Refusal::named(&format!("{QUARK}26"), "Transaction in progress: \n …", "Upgrade", &[]);
        assert_eq!(untitled, Refusal::Busy(String::new()), "a live apply has no title");
    }

    #[test]
    fn errors_of_the_bus_have_kinds() {
        let kind = |name: &str, text: &str| match Refusal::named(name, text, "Search", &[]) {
            Refusal::Failed(failure) => failure.kind,
            other => panic!("{name}: {other:?}"),
        };
        let bus = |name: &str| format!("org.freedesktop.DBus.Error.{name}");
        let denied = "rpmostreed OS operation UpdateDeployment not allowed for user";
        assert_eq!(kind(&bus("AccessDenied"), denied), FailureKind::NotAuthorised);
        assert_eq!(kind(&bus("UnknownMethod"), "No such method “Search”"), FailureKind::NeedsNewerSystem);
        assert_eq!(kind(&bus("InvalidArgs"), "Type of message"), FailureKind::BadRequest);
        assert_eq!(kind(&bus("Spawn.ChildExited"), "exited with status 1"), FailureKind::NoDaemon);
        assert_eq!(kind(&format!("{QUARK}0"), "empty deployment ID"), FailureKind::Other);
        assert_eq!(kind("org.projectatomic.rpmostreed.Error.NotAuthorized", "no"), FailureKind::NotAuthorised);
        assert_eq!(kind("org.freedesktop.systemd1.UnitMasked", "is masked"), FailureKind::NoDaemon);
        let old = Refusal::named("org.projectatomic.rpmostreed.Error.UpdateInProgress", "busy", "Upgrade", &[]);
        assert_eq!(old, Refusal::Busy(String::new()));
        let gone = Refusal::named(&bus("NoReply"), "Message recipient disconnected", "Reload", &[]);
        assert!(matches!(gone, Refusal::Gone(_)));
        let missing = Refusal::named(&bus("ServiceUnknown"), "was not provided by any .service files", "Reload", &[]);
        assert!(matches!(missing, Refusal::Missing(_)));
    }
}
