//! What desktops make of desktop files, pictures and file types, made anew after a change: which app opens what, and
//! which file is of which type.

use super::made::MadeKind;
use std::path::Path;
use std::process::{ExitStatus, Stdio};
use std::time::{Duration, SystemTime};
use strata_platform::Environment;
use tokio::process::Command;
use tokio::task::spawn_blocking;
use tokio::time::timeout;

/// Why one was not made anew. The app is there all the same, but for what it opens.
#[derive(Debug, thiserror::Error)]
pub enum DatabaseFault {
    /// The program that makes it is not on this machine.
    #[error("{0} is not on this machine")]
    Missing(&'static str),
    /// It cannot be run.
    #[error("{0}: {1}")]
    Io(&'static str, std::io::Error),
    /// It ended with an error.
    #[error("{0} ended with {1}")]
    Failed(&'static str, ExitStatus),
    /// It did not come to its end.
    #[error("{0} did not end")]
    TooSlow(&'static str),
}

/// Longest that one may take: a second is usual.
const TIME: Duration = Duration::from_secs(30);

/// Makes anew what these kinds of files are part of.
pub async fn refresh(environment: &Environment, kinds: &[MadeKind]) -> Vec<DatabaseFault> {
    let shared = environment.shared_data();
    let programs = environment.system_root.join("usr/bin");
    let mut faults = Vec::new();
    for (kind, program, folder) in [
        // File types first: the other looks them up.
        (MadeKind::MimePackage, "update-mime-database", "mime"),
        (MadeKind::DesktopFile, "update-desktop-database", "applications"),
    ] {
        if kinds.contains(&kind) {
            faults.extend(run(&programs, program, &shared.join(folder)).await.err());
        }
    }
    if kinds.contains(&MadeKind::Icon) {
        // What programs keep of a theme counts until the theme's own folder is newer.
        let theme = shared.join("icons/hicolor");
        let touched = spawn_blocking(move || std::fs::File::open(theme)?.set_modified(SystemTime::now())).await;
        if let Ok(Err(error)) = touched {
            faults.push(DatabaseFault::Io("hicolor", error));
        }
    }
    faults
}

async fn run(programs: &Path, program: &'static str, folder: &Path) -> Result<(), DatabaseFault> {
    let path = programs.join(program);
    if !path.exists() {
        return Err(DatabaseFault::Missing(program));
    }
    let mut command = Command::new(path);
    command.arg(folder).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).kill_on_drop(true);
    let ended = timeout(TIME, command.status()).await.map_err(|_| DatabaseFault::TooSlow(program))?;
    let status = ended.map_err(|error| DatabaseFault::Io(program, error))?;
    if status.success() { Ok(()) } else { Err(DatabaseFault::Failed(program, status)) }
}
