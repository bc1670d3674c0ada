//! D-Bus errors as failures again.

use strata_model::{Failure, FailureKind, Stop, wire};
use zbus::message::Message;

/// The failure that the engine answered with; anything else means that the engine was not reached.
pub(crate) fn stop_of(error: &zbus::Error) -> Stop {
    let zbus::Error::MethodError(name, _, answer) = error else { return gone(error.to_string()).into() };
    match name.strip_prefix(wire::ERROR_PREFIX) {
        Some(wire::CANCELLED) => Stop::Cancelled,
        Some(kind) => answered(kind, answer).into(),
        None => gone(error.to_string()).into(),
    }
}

/// The same for calls that nobody can cancel.
pub(crate) fn failure_of(error: &zbus::Error) -> Failure {
    match stop_of(error) {
        Stop::Failed(failure) => failure,
        Stop::Cancelled => gone(error.to_string()),
    }
}

/// The engine cannot be reached.
pub(crate) fn gone(detail: impl Into<String>) -> Failure {
    Failure::new(FailureKind::EngineGone, "", detail)
}

fn answered(kind: &str, answer: &Message) -> Failure {
    let (subject, detail): (String, String) = answer.body().deserialize().unwrap_or_default();
    match FailureKind::from_name(kind) {
        Some(kind) => Failure::new(kind, subject, detail),
        // A newer engine knows more kinds.
        None => Failure::new(FailureKind::Other, subject, format!("{kind}: {detail}")),
    }
}
