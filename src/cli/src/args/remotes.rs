//! What can be changed of the places that apps come from.

use clap::Subcommand;

#[derive(Debug, Subcommand)]
pub(crate) enum RemotesChange {
    /// Add an origin: a Flatpak remote
    Add {
        /// Path or address of a .flatpakrepo, or of a Flatpak repository itself
        location: String,
        /// Call it by this name instead of the file's own
        #[arg(long)]
        name: Option<String>,
    },
    /// Remove an origin
    Remove {
        /// Its name
        name: String,
    },
    /// Use an origin again
    Enable {
        /// Its name
        name: String,
    },
    /// Keep an origin, but do not use it
    Disable {
        /// Its name
        name: String,
    },
    /// Say which origin comes first where several have an app
    Priority {
        /// Its name
        name: String,
        /// Greater comes first; most have 1
        #[arg(allow_negative_numbers = true)]
        priority: i32,
    },
}
