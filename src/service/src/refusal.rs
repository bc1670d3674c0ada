//! Failures as D-Bus errors: the kind in the name, subject and technical words as arguments.

use crate::sendable;
use strata_model::{Failure, FailureKind, Stop, wire};
use zbus::message::{Header, Message};
use zbus::names::ErrorName;

/// The error that a call is answered with.
#[derive(Debug)]
pub(crate) struct Refusal {
    name: ErrorName<'static>,
    subject: String,
    detail: String,
}

impl Refusal {
    fn new(kind: &str, subject: String, detail: String) -> Self {
        // Prefix and kind are ASCII words of this program, so the name is valid.
        let name = ErrorName::from_string_unchecked(format!("{}{kind}", wire::ERROR_PREFIX));
        Self { name, subject, detail }
    }

    /// The caller may not ask for anything.
    pub(crate) fn stranger(detail: impl Into<String>) -> Self {
        Failure::new(FailureKind::NotAuthorised, "", detail).into()
    }
}

impl From<Failure> for Refusal {
    fn from(failure: Failure) -> Self {
        Self::new(failure.kind.name(), failure.subject, failure.detail)
    }
}

impl From<Stop> for Refusal {
    fn from(stop: Stop) -> Self {
        match stop {
            Stop::Cancelled => Self::new(wire::CANCELLED, String::new(), String::new()),
            Stop::Failed(failure) => failure.into(),
        }
    }
}

impl zbus::DBusError for Refusal {
    fn create_reply(&self, call: &Header<'_>) -> zbus::Result<Message> {
        Message::error(call, &self.name)?.build(&(sendable::text(&self.subject), sendable::text(&self.detail)))
    }

    fn name(&self) -> ErrorName<'_> {
        self.name.as_ref()
    }

    fn description(&self) -> Option<&str> {
        Some(&self.detail)
    }
}
