//! Restarting the machine as a person does: through the desktop, which asks about what is open, else through logind.
//! What keeps the machine from restarting is respected.

use crate::bus::Service;
use crate::{Environment, bus};
use strata_model::{Failure, FailureKind};
use zbus::Connection;

/// <https://gitlab.gnome.org/GNOME/gnome-session/-/blob/main/gnome-session/org.gnome.SessionManager.xml>
const GNOME: Service = Service {
    name: "org.gnome.SessionManager",
    path: "/org/gnome/SessionManager",
    interface: "org.gnome.SessionManager",
};

/// <https://invent.kde.org/plasma/plasma-workspace/-/blob/master/libkworkspace/org.kde.LogoutPrompt.xml>
const PLASMA: Service =
    Service { name: "org.kde.LogoutPrompt", path: "/LogoutPrompt", interface: "org.kde.LogoutPrompt" };

/// The prompt is started when it is asked for, on any desktop on which Plasma is installed too. Where one of these is,
/// Plasma is what runs.
const SIGNS_OF_PLASMA: [&str; 3] = ["org.kde.ksmserver", "org.kde.plasmashell", PLASMA.name];

/// <https://www.freedesktop.org/software/systemd/man/latest/org.freedesktop.login1.html>
const LOGIND: Service = Service {
    name: "org.freedesktop.login1",
    path: "/org/freedesktop/login1",
    interface: "org.freedesktop.login1.Manager",
};

/// Of what keeps the machine from something: what, who, why, mode, user, process.
type Inhibitor = (String, String, String, String, u32, u32);

/// The errors of whoever is not there, or does not know how.
const ABSENT: [&str; 4] = ["ServiceUnknown", "UnknownMethod", "UnknownInterface", "UnknownObject"];

/// Asks for a restart. GNOME answers when the person has decided.
///
/// # Errors
/// [`FailureKind::RestartInhibited`] with who inhibits it, [`FailureKind::NoRestart`] with the words of whoever refused.
pub async fn restart(environment: &Environment) -> Result<(), Failure> {
    let by_desktop =
        by_desktop(environment).await.or_else(|error| if is_absent(&error) { Ok(false) } else { Err(error) });
    // Whoever says no on a desktop is not asked again behind its back.
    if by_desktop.map_err(|error| failure(&error))? {
        return Ok(());
    }
    by_logind(environment).await.map_err(|error| failure(&error))?.map_or(Ok(()), Err)
}

fn failure(error: &zbus::Error) -> Failure {
    Failure::new(FailureKind::NoRestart, "", error.to_string())
}

/// `false` where no desktop does it.
async fn by_desktop(environment: &Environment) -> zbus::Result<bool> {
    let Ok(connection) = bus::session(environment).await else { return Ok(false) };
    if bus::is_there(&connection, GNOME.name).await? {
        match call(&connection, GNOME, "Reboot").await {
            // Some desktops have the name, and not this method.
            Err(error) if is_absent(&error) => {}
            answer => return answer.map(|()| true),
        }
    }
    for sign in SIGNS_OF_PLASMA {
        if bus::is_there(&connection, sign).await? {
            return call(&connection, PLASMA, "promptReboot").await.map(|()| true);
        }
    }
    Ok(false)
}

async fn call(connection: &Connection, service: Service, method: &str) -> zbus::Result<()> {
    let Service { name, path, interface } = service;
    connection.call_method(Some(name), path, Some(interface), method, &()).await.map(drop)
}

/// logind asks for a password and then passes over whatever inhibits a restart, so that is looked at before.
async fn by_logind(environment: &Environment) -> zbus::Result<Option<Failure>> {
    let connection = bus::system(environment).await?;
    let Service { name, path, interface } = LOGIND;
    let listed = connection.call_method(Some(name), path, Some(interface), "ListInhibitors", &()).await?;
    let inhibitors: Vec<Inhibitor> = listed.body().deserialize()?;
    if let Some((_, who, why, ..)) = inhibitors.into_iter().find(inhibits) {
        return Ok(Some(Failure::new(FailureKind::RestartInhibited, who, why)));
    }
    let interactive = true;
    connection.call_method(Some(name), path, Some(interface), "Reboot", &interactive).await?;
    Ok(None)
}

/// Those that only want to be told are no obstacle.
fn inhibits((what, _, _, mode, ..): &Inhibitor) -> bool {
    what.split(':').any(|what| what == "shutdown") && mode.starts_with("block")
}

fn is_absent(error: &zbus::Error) -> bool {
    let name = match error {
        zbus::Error::MethodError(name, ..) => name.as_str(),
        zbus::Error::FDO(error) => {
            return matches!(**error, zbus::fdo::Error::ServiceUnknown(_) | zbus::fdo::Error::UnknownMethod(_));
        }
        _ => return false,
    };
    ABSENT.iter().any(|absent| name == format!("org.freedesktop.DBus.Error.{absent}"))
}
