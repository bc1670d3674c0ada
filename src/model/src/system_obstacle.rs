//! Why something cannot be done with the system, each reason with its sentence.

use crate::marked;
use serde::{Deserialize, Serialize};
use zvariant::Type;

/// Why something cannot be done with the system.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, Type)]
#[serde(rename_all = "kebab-case")]
#[zvariant(signature = "s")]
pub enum SystemObstacle {
    /// The system was not started from a deployment: an ordinary system with a package manager.
    NotImageBased,
    /// It was, and there is no update daemon.
    NoDaemon,
    /// It was, and there is no system bus, over which the update daemon is asked.
    NoSystemBus,
    /// It is updated by bootc, which programs cannot ask over D-Bus.
    BootcOnly,
    /// This Strata runs in a sandbox, out of which the daemon's transactions cannot be followed.
    Sandboxed,
    /// `LockLayering` is set in the daemon's configuration.
    LayeringLocked,
    /// The settings rule the adding of packages out.
    LayeringRefused,
    /// The updater of this very image is known to refuse once packages are layered.
    UpdaterRefuses,
    /// Something is staged already, which the daemon does not let be passed over.
    Staged,
    /// Nothing is staged, and nothing else waits for the next start.
    NothingPending,
    /// Nothing was made ready for the next restart that could be discarded.
    NothingStaged,
    /// There is no deployment to go back to.
    NoEarlier,
    /// What is staged stands on another base than what runs.
    OtherBase,
    /// The daemon lets only root do it.
    RootOnly,
}

impl SystemObstacle {
    /// Every one, for tables and tests.
    pub const ALL: [Self; 14] = [
        Self::NotImageBased,
        Self::NoDaemon,
        Self::NoSystemBus,
        Self::BootcOnly,
        Self::Sandboxed,
        Self::LayeringLocked,
        Self::LayeringRefused,
        Self::UpdaterRefuses,
        Self::Staged,
        Self::NothingPending,
        Self::NothingStaged,
        Self::NoEarlier,
        Self::OtherBase,
        Self::RootOnly,
    ];

    /// Adding packages is ruled out, and nothing else: those that were layered before may still be there, and can go.
    pub const fn is_about_adding(self) -> bool {
        matches!(self, Self::LayeringLocked | Self::LayeringRefused | Self::UpdaterRefuses)
    }

    /// The name in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NotImageBased => "not-image-based",
            Self::NoDaemon => "no-daemon",
            Self::NoSystemBus => "no-system-bus",
            Self::BootcOnly => "bootc-only",
            Self::Sandboxed => "sandboxed",
            Self::LayeringLocked => "layering-locked",
            Self::LayeringRefused => "layering-refused",
            Self::UpdaterRefuses => "updater-refuses",
            Self::Staged => "staged",
            Self::NothingPending => "nothing-pending",
            Self::NothingStaged => "nothing-staged",
            Self::NoEarlier => "no-earlier",
            Self::OtherBase => "other-base",
            Self::RootOnly => "root-only",
        }
    }

    /// What stands in the way and, where something helps, what does: in English, to be translated by the face.
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::NotImageBased => {
                marked("This system is not updated as a whole: its packages are up to its own package manager.")
            }
            Self::NoDaemon => marked("The service that updates this system (rpm-ostree) is not there."),
            Self::NoSystemBus => marked(
                "The system bus (D-Bus) is not to be reached from here, and so not the service that updates the system.",
            ),
            Self::BootcOnly => marked(
                "This system is updated by bootc alone, which other programs cannot ask. Use “bootc upgrade” in a terminal.",
            ),
            Self::Sandboxed => marked(
                "From inside a sandbox the system cannot be reached. Install Strata as a package of your system instead of as a Flatpak.",
            ),
            Self::LayeringLocked => marked(
                "Whoever makes this system has ruled out adding packages to it (LockLayering in /etc/rpm-ostreed.conf).",
            ),
            Self::LayeringRefused => marked(
                "Once packages are added to this system its updates do not work any more, so none are added (packages.layering in the settings of Strata).",
            ),
            Self::UpdaterRefuses => marked(
                "This is Bluefin, whose updater (ujust update) refuses to work once packages are added, so none are added. With packages.layering set to “allowed” they are.",
            ),
            Self::Staged => marked("A change of the system waits for the next restart. Restart, or discard it first."),
            Self::NothingStaged => {
                marked("Nothing new waits for a restart. What was rolled back is undone by rolling back once more.")
            }
            Self::NothingPending => marked("No change of the system waits for a restart."),
            Self::NoEarlier => marked("There is no earlier version of the system to go back to."),
            Self::OtherBase => marked("What waits is another version of the system, which needs a restart."),
            Self::RootOnly => marked("Only the administrator (root) may do this."),
        }
    }
}
