//! What can be asked of the system beneath.

use clap::Subcommand;

#[derive(Debug, Subcommand)]
pub(crate) enum SystemCommand {
    /// Show what runs, what waits for a restart and what is newer
    Status,
    /// Bring the system to its newest version, which is there after a restart
    Update {
        /// Only ask what is newer
        #[arg(long)]
        check: bool,
    },
    /// Go back to the version before from the next restart on; once more undoes it
    Rollback,
    /// Bring the system to this version, older or newer
    Deploy {
        /// As its origin calls it, or the number of one that is here
        #[arg(value_name = "VERSION")]
        number: String,
    },
    /// Keep a version on the disk until it is unpinned
    Pin {
        /// Its number or version, as `system status` shows it
        #[arg(value_name = "VERSION")]
        deployment: String,
        /// What to remember of it, in a line; empty to forget what was noted
        #[arg(long, value_name = "TEXT")]
        note: Option<String>,
    },
    /// Let a version go when newer ones come
    Unpin {
        /// Its number or version, as `system status` shows it
        #[arg(value_name = "VERSION")]
        deployment: String,
    },
    /// Bring packages of the image, which were removed or replaced, back as the image has them
    Reset {
        /// Their names, as `system status` shows them
        #[arg(required = true, value_name = "PACKAGE")]
        packages: Vec<String>,
    },
    /// Throw away what waits for a restart
    Discard,
    /// Offer no updates of the system until they are released
    Hold,
    /// Offer updates of the system again
    Release,
    /// Cancel what changes the system at this moment, whoever began it
    Cancel,
}
