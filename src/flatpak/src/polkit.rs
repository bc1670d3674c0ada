//! Polkit, where an ordinary user changes the machine's installations.
//!
//! Flatpak's system helper asks polkit at every step, and says neither whether a person closed the question nor
//! whether there was one; libflatpak then downloads all the same and asks again. So Strata asks once, before anything
//! else, wherever polkit remembers the answer; where it does not, the question is left to the helper.

use crate::blocking::NEVER;
use crate::failure::stop;
use crate::installation::Place;
use crate::job::subject;
use libflatpak::gio::{self, DBusCallFlags, DBusConnection, DBusConnectionFlags};
use libflatpak::glib::{self, Variant, VariantDict, prelude::ToVariant};
use std::collections::HashMap;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use strata_model::{Action, Failure, FailureKind, Request, Stop};

/// Milliseconds to wait for an answer that needs no person.
const PATIENCE: i32 = 5000;
/// GDBus' word for: as long as it takes a person.
const FOR_EVER: i32 = i32::MAX;

const NO_QUESTION: u32 = 0;
const MAY_ASK: u32 = 1;

/// Polkit's answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    Authorised,
    /// A person could prove who they are; where retained, the proof would count for the next questions too.
    MayAsk {
        retained: bool,
    },
    /// The person closed the question.
    Dismissed,
    Refused,
}

/// Lets polkit ask the person now for what the request needs. No answer from polkit is no obstacle: the system helper
/// asks again.
pub(crate) fn ask(
    place: &Place,
    request: &Request,
    bus: Option<&str>,
    cancellable: &gio::Cancellable,
) -> Result<(), Stop> {
    if !place.asks_polkit() {
        return Ok(());
    }
    let action = action(request);
    let refused = |kind| Err(Failure::new(kind, subject(request), format!("polkit: {action}")).into());
    let verdict = connect(bus).and_then(|connection| match check(&connection, action, NO_QUESTION, cancellable)? {
        // Nobody is there to be asked.
        Verdict::MayAsk { .. } if request.unattended => Ok(Verdict::Refused),
        Verdict::MayAsk { retained: true } => check(&connection, action, MAY_ASK, cancellable),
        verdict => Ok(verdict),
    });
    match verdict {
        Ok(Verdict::Authorised | Verdict::MayAsk { retained: false }) => Ok(()),
        Ok(Verdict::Dismissed) => refused(FailureKind::Dismissed),
        // Still asking for proof after the question: there is nobody who could put it to the person.
        Ok(Verdict::Refused | Verdict::MayAsk { retained: true }) => refused(FailureKind::NotAuthorised),
        Err(error) => match stop(&error, "polkit") {
            Stop::Cancelled => Err(Stop::Cancelled),
            Stop::Failed(failure) => {
                tracing::info!("polkit does not answer: {failure}");
                Ok(())
            }
        },
    }
}

/// Makes the helper's refusal a dismissal where polkit would have let the person prove who they are: then somebody was
/// asked and did not.
pub(crate) fn dismissed_or_denied(place: &Place, request: &Request, bus: Option<&str>, ended: Stop) -> Stop {
    match ended {
        Stop::Failed(failure)
            if failure.kind == FailureKind::NotAuthorised && place.asks_polkit() && !request.unattended =>
        {
            let verdict =
                connect(bus).and_then(|bus| check(&bus, action(request), NO_QUESTION, &gio::Cancellable::new()));
            let asked = verdict == Ok(Verdict::MayAsk { retained: false });
            Failure { kind: if asked { FailureKind::Dismissed } else { failure.kind }, ..failure }.into()
        }
        other => other,
    }
}

/// Flatpak's name of the action that a request needs.
fn action(request: &Request) -> &'static str {
    let runtime = request.offer.reference.starts_with("runtime/");
    let bundle = Path::new(&request.location).extension().is_some_and(|end| end == "flatpak");
    match request.action {
        Action::InstallFile if bundle => "org.freedesktop.Flatpak.install-bundle",
        Action::Install | Action::InstallFile if runtime => "org.freedesktop.Flatpak.runtime-install",
        Action::Install | Action::InstallFile => "org.freedesktop.Flatpak.app-install",
        Action::Update | Action::Download if runtime => "org.freedesktop.Flatpak.runtime-update",
        Action::Update | Action::Download => "org.freedesktop.Flatpak.app-update",
        Action::Remove if !runtime => "org.freedesktop.Flatpak.app-uninstall",
        Action::Remove | Action::RemoveUnused => "org.freedesktop.Flatpak.runtime-uninstall",
        Action::Refresh => "org.freedesktop.Flatpak.appstream-update",
        Action::Hold | Action::Release => "org.freedesktop.Flatpak.configure",
        Action::AddOrigin
        | Action::RemoveOrigin
        | Action::EnableOrigin
        | Action::DisableOrigin
        | Action::PrioritiseOrigin
        // Data are the person's own: nobody is asked. What is of the system, or of AppImages, is not asked of Flatpak.
        | Action::RemoveData
        | Action::GoBack
        | Action::CheckSystem
        | Action::UpdateSystem
        | Action::DeploySystem
        | Action::RollBack
        | Action::Discard
        | Action::ApplyLive
        | Action::Reset
        | Action::Pin
        | Action::Unpin => "org.freedesktop.Flatpak.configure-remote",
    }
}

fn connect(bus: Option<&str>) -> Result<DBusConnection, glib::Error> {
    let flags = DBusConnectionFlags::AUTHENTICATION_CLIENT | DBusConnectionFlags::MESSAGE_BUS_CONNECTION;
    match bus {
        Some(address) => DBusConnection::for_address_sync(address, flags, None, NEVER),
        None => gio::bus_get_sync(gio::BusType::System, NEVER),
    }
}

/// Asks polkit about this process. For polkit all connections of a process are one, so what is retained counts for
/// libflatpak's as well.
fn check(
    connection: &DBusConnection,
    action: &str,
    flags: u32,
    cancellable: &gio::Cancellable,
) -> Result<Verdict, glib::Error> {
    static NUMBER: AtomicU64 = AtomicU64::new(0);
    let ticket = format!("strata-{}", NUMBER.fetch_add(1, Ordering::Relaxed));
    let subject = VariantDict::new(None);
    subject.insert("name", connection.unique_name().map(String::from).unwrap_or_default());
    let subject = Variant::tuple_from_iter(["system-bus-name".to_variant(), subject.end()]);
    let details = HashMap::<String, String>::new();
    let rest = [action.to_variant(), details.to_variant(), flags.to_variant(), ticket.to_variant()];
    let arguments = Variant::tuple_from_iter([subject].into_iter().chain(rest));
    let patience = if flags == MAY_ASK { FOR_EVER } else { PATIENCE };
    let answer = call(connection, "CheckAuthorization", &arguments, patience, Some(cancellable));
    if answer.as_ref().is_err_and(|error| error.matches(gio::IOErrorEnum::Cancelled)) {
        // Closes the question that is still on the screen.
        let ticket = Variant::tuple_from_iter([ticket.to_variant()]);
        if let Err(error) = call(connection, "CancelCheckAuthorization", &ticket, PATIENCE, NEVER) {
            tracing::info!("a question of polkit's stays open: {error}");
        }
    }
    Ok(verdict(&answer?))
}

fn verdict(answer: &Variant) -> Verdict {
    let Some(((authorised, challenge, details),)) = answer.get::<((bool, bool, HashMap<String, String>),)>() else {
        return Verdict::Refused;
    };
    let says = |key: &str| details.get(key).is_some_and(|value| !value.is_empty() && value != "false");
    match (authorised, challenge) {
        (true, _) => Verdict::Authorised,
        _ if says("polkit.dismissed") => Verdict::Dismissed,
        (false, true) => Verdict::MayAsk { retained: says("polkit.retains_authorization_after_challenge") },
        (false, false) => Verdict::Refused,
    }
}

fn call(
    connection: &DBusConnection,
    method: &str,
    arguments: &Variant,
    patience: i32,
    cancellable: Option<&gio::Cancellable>,
) -> Result<Variant, glib::Error> {
    connection.call_sync(
        Some("org.freedesktop.PolicyKit1"),
        "/org/freedesktop/PolicyKit1/Authority",
        "org.freedesktop.PolicyKit1.Authority",
        method,
        Some(arguments),
        None,
        DBusCallFlags::NONE,
        patience,
        cancellable,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn verdicts_are_read_from_the_details() {
        let answer = |challenge: bool, key: &str, value: &str| {
            let details = HashMap::from([(key.to_owned(), value.to_owned())]);
            verdict(&((false, challenge, details),).to_variant())
        };
        assert_eq!(answer(false, "", ""), Verdict::Refused);
        assert_eq!(answer(true, "", ""), Verdict::MayAsk { retained: false });
        let retained = answer(true, "polkit.retains_authorization_after_challenge", "1");
        assert_eq!(retained, Verdict::MayAsk { retained: true });
        assert_eq!(answer(false, "polkit.dismissed", "true"), Verdict::Dismissed);
        assert_eq!(verdict(&"nonsense".to_variant()), Verdict::Refused);
    }
}
