//! What an app may do to the person's machine.

use serde::{Deserialize, Serialize};
use zvariant::Type;

/// One thing that an app may reach outside of itself.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Type)]
pub struct Permission {
    /// What kind of thing.
    pub resource: Resource,
    /// Which one: a folder with its mode (`xdg-download:ro`), a bus name (`org.foo.Bar=talk`); empty where the
    /// resource says it all.
    pub detail: String,
}

/// What a sandbox can open to an app.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Type)]
#[serde(rename_all = "kebab-case")]
#[zvariant(signature = "s")]
pub enum Resource {
    /// No sandbox at all: whatever the person may do, the app may do.
    Everything,
    /// The network.
    Network,
    /// Shared memory with other programs.
    Ipc,
    /// A modern window.
    Wayland,
    /// An X11 window: can read what other X11 windows show and what is typed into them.
    X11,
    /// Sound, in and out.
    PulseAudio,
    /// The SSH agent's keys.
    SshAuth,
    /// Smart cards.
    Pcsc,
    /// Printers.
    Cups,
    /// The GPG agent's keys.
    GpgAgent,
    /// The graphics card.
    Dri,
    /// Game controllers and other input devices.
    Input,
    /// USB devices.
    Usb,
    /// Virtual machines.
    Kvm,
    /// Shared memory devices.
    Shm,
    /// Every device.
    AllDevices,
    /// A folder; `detail` says which and how.
    Filesystem,
    /// Every service of the session.
    SessionBus,
    /// Every service of the system.
    SystemBus,
    /// One service of the session; `detail` says which and how.
    SessionService,
    /// One service of the system; `detail` says which and how.
    SystemService,
    /// Bluetooth sockets.
    Bluetooth,
    /// CAN bus sockets.
    Canbus,
    /// Debugging other programs of the sandbox.
    Devel,
    /// Programs of other architectures.
    Multiarch,
    /// Sockets of its own per app.
    PerAppDevShm,
    /// Something that this version of Strata does not know; `detail` says it in the origin's own words.
    Other,
}

/// How much a permission can do to the person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// Every app needs it.
    None,
    /// Worth a line.
    Low,
    /// Reaches the person's things.
    Medium,
    /// Can get around the sandbox, or reaches everything.
    High,
}

impl Permission {
    /// A permission that needs no detail.
    pub fn plain(resource: Resource) -> Self {
        Self { resource, detail: String::new() }
    }

    /// How much it can do, by the resource and, for folders and services, by which one.
    pub fn severity(&self) -> Severity {
        match self.resource {
            Resource::Wayland | Resource::Ipc | Resource::Dri | Resource::Cups | Resource::Multiarch => Severity::None,
            Resource::Network
            | Resource::PulseAudio
            | Resource::Input
            | Resource::Pcsc
            | Resource::Shm
            | Resource::PerAppDevShm
            | Resource::Devel
            | Resource::Canbus => Severity::Low,
            Resource::X11
            | Resource::SshAuth
            | Resource::GpgAgent
            | Resource::Usb
            | Resource::Kvm
            | Resource::Bluetooth
            | Resource::Other
            | Resource::SystemService => Severity::Medium,
            Resource::Everything | Resource::AllDevices | Resource::SessionBus | Resource::SystemBus => Severity::High,
            Resource::Filesystem => folder_severity(&self.detail),
            Resource::SessionService => service_severity(&self.detail),
        }
    }
}

/// Folders by what lies in them: a whole home or system can change how every program starts.
fn folder_severity(detail: &str) -> Severity {
    let (path, mode) = detail.rsplit_once(':').unwrap_or((detail, "rw"));
    match (path, mode) {
        ("home" | "~" | "host", "ro") => Severity::Medium,
        ("home" | "~" | "host" | "host-root" | "/" | "/home" | "/etc" | "host-etc" | "xdg-config" | "xdg-data", _) => {
            Severity::High
        }
        (_, "ro") => Severity::Low,
        // What starts with the session, and what Flatpak lets each app do.
        (
            "~/.config" | "~/.local/share" | "xdg-config/autostart" | "xdg-data/flatpak" | "xdg-data/flatpak/overrides",
            _,
        ) => Severity::High,
        (path, _) if path.starts_with("xdg-config/") || path.starts_with("xdg-run/") => Severity::Low,
        _ => Severity::Medium,
    }
}

/// Services that start programs outside of the sandbox or change settings of other programs.
fn service_severity(detail: &str) -> Severity {
    const ESCAPES: [&str; 4] =
        ["org.freedesktop.Flatpak", "org.freedesktop.systemd1", "org.gnome.Shell", "org.freedesktop.impl.portal"];
    let name = detail.split('=').next().unwrap_or_default();
    let escapes =
        |service: &str| name.strip_prefix(service).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
    if name == "*" || ESCAPES.into_iter().any(escapes) {
        return Severity::High;
    }
    Severity::Low
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn severity_by_what_can_be_done_with_it() {
        let cases = [
            (Resource::Filesystem, "host:rw", Severity::High),
            (Resource::Filesystem, "home", Severity::High),
            (Resource::Filesystem, "host:ro", Severity::Medium),
            (Resource::Filesystem, "xdg-download:rw", Severity::Medium),
            (Resource::Filesystem, "xdg-config/autostart:create", Severity::High),
            (Resource::Filesystem, "xdg-config/kdeglobals:rw", Severity::Low),
            (Resource::Filesystem, "xdg-music:ro", Severity::Low),
            (Resource::SessionService, "org.freedesktop.Flatpak=talk", Severity::High),
            (Resource::SessionService, "org.freedesktop.FlatpakOther=talk", Severity::Low),
            (Resource::SessionService, "org.freedesktop.Notifications=talk", Severity::Low),
            (Resource::Network, "", Severity::Low),
            (Resource::Wayland, "", Severity::None),
        ];
        for (resource, detail, severity) in cases {
            let permission = Permission { resource, detail: detail.to_owned() };
            assert_eq!(permission.severity(), severity, "{permission:?}");
        }
    }
}
