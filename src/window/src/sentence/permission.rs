//! What an app may do, in plain words.

use crate::i18n::{gettext, gettext_f};
use strata_model::permission::Resource;
use strata_model::{Permission, Severity};

/// One line for each permission that is worth one, the gravest first.
pub(crate) fn lines(permissions: &[Permission]) -> Vec<(Severity, String)> {
    let mut lines: Vec<_> = permissions
        .iter()
        .map(|one| (one.severity(), permission(one)))
        .filter(|(severity, _)| *severity > Severity::None)
        .collect();
    lines.sort_by(|(a, x), (b, y)| b.cmp(a).then_with(|| x.cmp(y)));
    lines.dedup();
    lines
}

/// The gravest of them.
pub(crate) fn worst(permissions: &[Permission]) -> Severity {
    permissions.iter().map(Permission::severity).max().unwrap_or(Severity::None)
}

/// How safe something of this severity is, in one or two words.
pub(crate) fn verdict(severity: Severity) -> String {
    match severity {
        Severity::None => gettext("Safe"),
        Severity::Low => gettext("Probably Safe"),
        Severity::Medium => gettext("Some Risk"),
        Severity::High => gettext("Potentially Unsafe"),
    }
}

/// One permission.
fn permission(permission: &Permission) -> String {
    match permission.resource {
        Resource::Everything => gettext("Everything that you may do: it is not sandboxed"),
        Resource::Network => gettext("The network"),
        Resource::Ipc => gettext("Memory shared with other programs"),
        Resource::Wayland => gettext("Show windows"),
        Resource::X11 => gettext("Old-style windows: can see other windows and what is typed into them"),
        Resource::PulseAudio => gettext("Play and record sound"),
        Resource::SshAuth => gettext("Use your SSH keys"),
        Resource::Pcsc => gettext("Smart cards"),
        Resource::Cups => gettext("Printers"),
        Resource::GpgAgent => gettext("Use your GPG keys"),
        Resource::Dri => gettext("The graphics card"),
        Resource::Input => gettext("Game controllers and other input devices"),
        Resource::Usb => gettext("USB devices"),
        Resource::Kvm => gettext("Virtual machines"),
        Resource::Shm => gettext("Shared memory devices"),
        Resource::AllDevices => gettext("Every device, cameras and disks included"),
        Resource::Filesystem => folder(&permission.detail),
        Resource::SessionBus => gettext("Every service of your session"),
        Resource::SystemBus => gettext("Every service of the system"),
        Resource::SessionService => service(&permission.detail),
        Resource::SystemService => gettext_f("The system’s service {name}", &[("name", bus_name(&permission.detail))]),
        Resource::Bluetooth => gettext("Bluetooth devices"),
        Resource::Canbus => gettext("Vehicle and industrial buses"),
        Resource::Devel => gettext("Look into other programs of its own sandbox"),
        Resource::Multiarch => gettext("Programs for other processors"),
        Resource::PerAppDevShm => gettext("Shared memory of its own"),
        Resource::Other => {
            gettext_f("Something newer than this version of Strata: {detail}", &[("detail", &permission.detail)])
        }
    }
}

fn bus_name(detail: &str) -> &str {
    detail.split('=').next().unwrap_or(detail)
}

fn service(detail: &str) -> String {
    let name = bus_name(detail);
    if name == "org.freedesktop.Flatpak" {
        return gettext("Start any program outside of its sandbox");
    }
    gettext_f("Your session’s service {name}", &[("name", name)])
}

fn folder(detail: &str) -> String {
    let (path, mode) = match detail.rsplit_once(':') {
        Some((path, mode @ ("ro" | "rw" | "create"))) => (path, mode),
        _ => (detail, "rw"),
    };
    let name = folder_name(path);
    if mode == "ro" {
        return gettext_f("Read {folder}", &[("folder", &name)]);
    }
    gettext_f("Read and change {folder}", &[("folder", &name)])
}

fn folder_name(path: &str) -> String {
    match path {
        "host" | "host-root" | "/" => gettext("all your files and the system’s"),
        "host-os" => gettext("the system’s programs"),
        "host-etc" | "/etc" => gettext("the system’s settings"),
        "home" | "~" | "/home" => gettext("all your files"),
        "xdg-desktop" => gettext("your Desktop folder"),
        "xdg-documents" => gettext("your Documents folder"),
        "xdg-download" => gettext("your Downloads folder"),
        "xdg-music" => gettext("your Music folder"),
        "xdg-pictures" => gettext("your Pictures folder"),
        "xdg-videos" => gettext("your Videos folder"),
        "xdg-templates" => gettext("your Templates folder"),
        "xdg-public-share" => gettext("your Public folder"),
        "xdg-config" => gettext("the settings of all apps"),
        "xdg-data" => gettext("the data of all apps"),
        "xdg-cache" => gettext("the caches of all apps"),
        other => gettext_f("the folder {path}", &[("path", other)]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_gravest_comes_first_and_the_ordinary_is_left_out() {
        let folder = |detail: &str| Permission { resource: Resource::Filesystem, detail: detail.to_owned() };
        let all = [
            Permission::plain(Resource::Wayland),
            Permission::plain(Resource::Network),
            folder("xdg-download"),
            folder("xdg-music:ro"),
            folder("home"),
        ];
        let texts: Vec<String> = lines(&all).into_iter().map(|(_, text)| text).collect();
        let expected = [
            "Read and change all your files",
            "Read and change your Downloads folder",
            "Read your Music folder",
            "The network",
        ];
        assert_eq!(texts, expected);
        assert_eq!(worst(&all), Severity::High);
    }
}
