//! What permissions mean, in plain words: English sentences, which the faces translate and fill in.

use crate::permission::Resource;
use crate::{Permission, marked};

/// A sentence with the place `{name}`, and what goes there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Permitted<'a> {
    /// The sentence, to translate.
    pub sentence: &'static str,
    /// What it is about.
    pub name: Name<'a>,
}

/// What a sentence is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Name<'a> {
    /// Words, to translate.
    Words(&'static str),
    /// A path or a bus name, from the app; empty where the sentence has no place.
    Verbatim(&'a str),
}

impl Permission {
    /// What it allows.
    pub fn permitted(&self) -> Permitted<'_> {
        match self.resource {
            Resource::Filesystem => folder(&self.detail),
            Resource::SessionService if bus_name(&self.detail) == "org.freedesktop.Flatpak" => {
                Permitted { sentence: marked("Start any program outside of its sandbox"), name: Name::Verbatim("") }
            }
            Resource::SessionService | Resource::SystemService => {
                Permitted { sentence: sentence(self.resource), name: Name::Verbatim(bus_name(&self.detail)) }
            }
            resource => Permitted { sentence: sentence(resource), name: Name::Verbatim(&self.detail) },
        }
    }
}

const fn sentence(resource: Resource) -> &'static str {
    match resource {
        Resource::Everything => marked("Everything that you may do: it is not sandboxed"),
        Resource::Network => marked("The network"),
        Resource::Ipc => marked("Memory shared with other programs"),
        Resource::Wayland => marked("Show windows"),
        Resource::X11 => marked("Old-style windows: can see other windows and what is typed into them"),
        Resource::PulseAudio => marked("Play and record sound"),
        Resource::SshAuth => marked("Use your SSH keys"),
        Resource::Pcsc => marked("Smart cards"),
        Resource::Cups => marked("Printers"),
        Resource::GpgAgent => marked("Use your GPG keys"),
        Resource::Dri => marked("The graphics card"),
        Resource::Input => marked("Game controllers and other input devices"),
        Resource::Usb => marked("USB devices"),
        Resource::Kvm => marked("Virtual machines"),
        Resource::Shm => marked("Shared memory devices"),
        Resource::AllDevices => marked("Every device, cameras and disks included"),
        Resource::Filesystem => marked("Read and change {name}"),
        Resource::SessionBus => marked("Every service of your session"),
        Resource::SystemBus => marked("Every service of the system"),
        Resource::SessionService => marked("Your session’s service {name}"),
        Resource::SystemService => marked("The system’s service {name}"),
        Resource::Bluetooth => marked("Bluetooth devices"),
        Resource::Canbus => marked("Vehicle and industrial buses"),
        Resource::Devel => marked("Look into other programs of its own sandbox"),
        Resource::Multiarch => marked("Programs for other processors"),
        Resource::PerAppDevShm => marked("Shared memory of its own"),
        Resource::Other => marked("Something newer than this version of Strata: {name}"),
    }
}

fn bus_name(detail: &str) -> &str {
    detail.split('=').next().unwrap_or(detail)
}

fn folder(detail: &str) -> Permitted<'_> {
    let (path, mode) = match detail.rsplit_once(':') {
        Some((path, mode @ ("ro" | "rw" | "create"))) => (path, mode),
        _ => (detail, "rw"),
    };
    let known = folder_words(path);
    let sentence = match (mode, known.is_some()) {
        ("ro", true) => marked("Read {name}"),
        (_, true) => marked("Read and change {name}"),
        ("ro", false) => marked("Read the folder {name}"),
        (_, false) => marked("Read and change the folder {name}"),
    };
    Permitted { sentence, name: known.map_or(Name::Verbatim(path), Name::Words) }
}

fn folder_words(path: &str) -> Option<&'static str> {
    Some(match path {
        "host" | "host-root" | "/" => marked("all your files and the system’s"),
        "host-os" => marked("the system’s programs"),
        "host-etc" | "/etc" => marked("the system’s settings"),
        "home" | "~" | "/home" => marked("all your files"),
        "xdg-desktop" => marked("your Desktop folder"),
        "xdg-documents" => marked("your Documents folder"),
        "xdg-download" => marked("your Downloads folder"),
        "xdg-music" => marked("your Music folder"),
        "xdg-pictures" => marked("your Pictures folder"),
        "xdg-videos" => marked("your Videos folder"),
        "xdg-templates" => marked("your Templates folder"),
        "xdg-public-share" => marked("your Public folder"),
        "xdg-config" => marked("the settings of all apps"),
        "xdg-data" => marked("the data of all apps"),
        "xdg-cache" => marked("the caches of all apps"),
        _ => return None,
    })
}
