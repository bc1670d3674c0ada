//! What permissions mean for the person, one sentence each, in English: the faces translate them.

use crate::permission::Resource;
use crate::{Permission, Severity, marked};

impl Severity {
    /// Every severity, the gravest first.
    pub const GRAVEST_FIRST: [Self; 4] = [Self::High, Self::Medium, Self::Low, Self::None];
}

impl Permission {
    /// What the app could do with it.
    pub fn explanation(&self) -> &'static str {
        match self.resource {
            Resource::Filesystem => folder(&self.detail, self.severity()),
            Resource::SessionService if self.severity() == Severity::High => {
                marked("With it the app can start programs that are not sandboxed, so it can do whatever you can do.")
            }
            resource => plain(resource),
        }
    }
}

fn folder(detail: &str, severity: Severity) -> &'static str {
    let reads = detail.ends_with(":ro");
    match (severity, reads) {
        (Severity::High, _) => {
            marked("It could read and change your documents, and what your other programs do when they start.")
        }
        (Severity::Medium, true) => marked("It could read your documents and the settings of other programs."),
        (_, true) => marked("It sees the files in there without asking, and cannot change them."),
        _ => marked("It can read, change and delete the files in there without asking."),
    }
}

const fn plain(resource: Resource) -> &'static str {
    match resource {
        Resource::Everything => marked("Nothing stands between this app and your files, devices and accounts."),
        Resource::Network => marked("It can send and receive data at any time, also about you."),
        Resource::Ipc => marked("Needed to show windows quickly. It reaches no files."),
        Resource::Wayland => marked("It sees its own windows only, and keys only while one of them has the focus."),
        Resource::X11 => {
            marked("The old window system keeps no secrets: passwords typed into another such window can be read.")
        }
        Resource::PulseAudio => marked("It can play sound, and listen to the microphone whenever it runs."),
        Resource::SshAuth => marked("It can log in to other computers as you, without seeing the keys themselves."),
        Resource::Pcsc => marked("It can talk to smart cards and readers that are plugged in."),
        Resource::Cups => marked("It can print without asking."),
        Resource::GpgAgent => marked("It can sign and decrypt as you, without seeing the keys themselves."),
        Resource::Dri => marked("Needed to draw quickly. It reaches no files."),
        Resource::Input => marked("It reads game controllers, drawing tablets and the like directly."),
        Resource::Usb => marked("It can talk to what is plugged in without asking each time."),
        Resource::Kvm => marked("It can run whole virtual machines at full speed."),
        Resource::Shm => marked("It can exchange data with other programs that have the same."),
        Resource::AllDevices => marked("It can use the camera and whatever else is plugged in without asking."),
        Resource::SessionBus => marked("It can steer other programs of yours, and so get out of its sandbox."),
        Resource::SystemBus => marked("It can talk to all of the system’s services; most of them ask before they act."),
        Resource::SessionService => marked("It can talk to this program of your session."),
        Resource::SystemService => marked("It can talk to this service; most of them ask before they act."),
        Resource::Bluetooth => marked("It can talk to Bluetooth devices nearby without asking."),
        Resource::Canbus => marked("It can talk to machines and vehicles that are connected."),
        Resource::Devel => marked("Made for debuggers. It reaches nothing outside of its sandbox."),
        Resource::Multiarch => marked("It can run programs that were made for older processors of this kind."),
        Resource::PerAppDevShm => marked("Nobody else sees it."),
        Resource::Filesystem | Resource::Other => {
            marked("Nobody here knows what it means; take it as something that reaches your things.")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_explained_by_what_can_happen_to_it() {
        let explained = |detail: &str| {
            Permission { resource: Resource::Filesystem, detail: detail.to_owned() }.explanation().to_owned()
        };
        assert!(explained("home").contains("other programs"));
        assert!(explained("xdg-download").contains("change and delete"));
        assert!(explained("xdg-music:ro").contains("cannot change"));
        assert!(explained("host:ro").contains("documents"));
    }

    #[test]
    fn a_way_out_of_the_sandbox_is_called_one() {
        let service = |name: &str| Permission { resource: Resource::SessionService, detail: name.to_owned() };
        assert!(service("org.freedesktop.Flatpak=talk").explanation().contains("not sandboxed"));
        assert!(!service("org.freedesktop.Notifications=talk").explanation().contains("not sandboxed"));
    }
}
