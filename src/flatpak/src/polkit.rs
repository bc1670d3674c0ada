//! Whether a person said no, or polkit did. Flatpak's system helper answers both in the same words.

use crate::installation::Place;
use libflatpak::gio::{self, DBusCallFlags, DBusConnection, DBusConnectionFlags};
use libflatpak::glib::{self, Variant};
use std::collections::HashMap;
use strata_model::{Action, Failure, FailureKind, Request, Stop};

/// Milliseconds to wait for polkit.
const PATIENCE: i32 = 5000;

/// Makes a refusal a dismissal where polkit would have let the person prove who they are.
pub(crate) fn dismissed_or_denied(place: &Place, request: &Request, bus: Option<&str>, ended: Stop) -> Stop {
    match ended {
        Stop::Failed(failure) if failure.kind == FailureKind::NotAuthorised && place.asks_polkit() => {
            let asked = could_have_asked(bus, action(request));
            Failure { kind: if asked { FailureKind::Dismissed } else { failure.kind }, ..failure }.into()
        }
        other => other,
    }
}

/// Flatpak's name of the action that a request needs.
fn action(request: &Request) -> &'static str {
    let runtime = request.offer.reference.starts_with("runtime/");
    match request.action {
        Action::Install | Action::InstallFile if runtime => "org.freedesktop.Flatpak.runtime-install",
        Action::Install | Action::InstallFile => "org.freedesktop.Flatpak.app-install",
        Action::Update if runtime => "org.freedesktop.Flatpak.runtime-update",
        Action::Update => "org.freedesktop.Flatpak.app-update",
        Action::Remove if !runtime => "org.freedesktop.Flatpak.app-uninstall",
        Action::Remove | Action::RemoveUnused => "org.freedesktop.Flatpak.runtime-uninstall",
        Action::Refresh => "org.freedesktop.Flatpak.appstream-update",
        Action::AddOrigin | Action::RemoveOrigin | Action::EnableOrigin | Action::DisableOrigin => {
            "org.freedesktop.Flatpak.configure-remote"
        }
    }
}

fn connect(bus: Option<&str>) -> Result<DBusConnection, glib::Error> {
    let flags = DBusConnectionFlags::AUTHENTICATION_CLIENT | DBusConnectionFlags::MESSAGE_BUS_CONNECTION;
    match bus {
        Some(address) => DBusConnection::for_address_sync(address, flags, None, crate::blocking::NEVER),
        None => gio::bus_get_sync(gio::BusType::System, crate::blocking::NEVER),
    }
}

/// Asks polkit without letting it ask: "only after a password" means that somebody was asked before and did not give
/// it, "no" means that nobody was asked.
fn could_have_asked(bus: Option<&str>, action: &str) -> bool {
    let challenge = connect(bus).and_then(|connection| check(&connection, action));
    challenge.unwrap_or_else(|error| {
        tracing::info!("polkit does not say why {action} was refused: {error}");
        false
    })
}

fn check(connection: &DBusConnection, action: &str) -> Result<bool, glib::Error> {
    let name = connection.unique_name().map(String::from).unwrap_or_default();
    let subject = ("system-bus-name", HashMap::from([("name", Variant::from(name))]));
    let arguments = Variant::from((subject, action, HashMap::<String, String>::new(), 0_u32, ""));
    let answer = connection.call_sync(
        Some("org.freedesktop.PolicyKit1"),
        "/org/freedesktop/PolicyKit1/Authority",
        "org.freedesktop.PolicyKit1.Authority",
        "CheckAuthorization",
        Some(&arguments),
        None,
        DBusCallFlags::NONE,
        PATIENCE,
        crate::blocking::NEVER,
    )?;
    let result = answer.get::<((bool, bool, HashMap<String, String>),)>();
    Ok(result.is_some_and(|((authorised, challenge, _),)| !authorised && challenge))
}
