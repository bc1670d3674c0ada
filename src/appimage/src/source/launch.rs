//! Starts an AppImage: by itself, or, where it wants a terminal, by its desktop file, since only the desktop knows which
//! terminal the person has. A file that is no app has none.

use super::failure::{failed, unreadable};
use crate::desktop::DesktopFile;
use crate::library::{Candidate, Installed, MadeKind};
use crate::library::{Library, LibraryError, Presence, Record, Start};
use std::io;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;
use strata_model::{Failure, FailureKind};
use strata_platform::Environment;
use strata_platform::files;
use tokio::process::{Child, Command};

/// How long an app has to stay to be taken for started: what cannot start ends at once.
const GRACE: Duration = Duration::from_millis(500);

/// How long a new version has to run to be taken for good: who misses something in it sees so by then.
const TRIAL: Duration = Duration::from_mins(1);

/// Largest desktop file that is read.
const DESKTOP_FILE: u64 = 1 << 20;

/// What is run.
#[derive(Debug)]
pub(super) enum Way {
    /// The AppImage itself.
    Program(Start),
    /// Whatever its desktop file says.
    DesktopFile(PathBuf),
}

/// How an app is started.
///
/// # Errors
/// [`FailureKind::NotInstalled`] where it, or its file, is gone; [`FailureKind::NotOffered`] where this machine lacks what
/// it needs.
pub(super) fn how(library: &Library, id: &str) -> Result<Way, Failure> {
    let fail = |error: LibraryError| failed(&error, id);
    let Installed { record, presence, .. } = library.one(id).map_err(fail)?;
    check_presence(&record, presence)?;
    let start = library.start(id).map_err(fail)?;
    check_fuse(&start, &record.name)?;
    let desktop = record.files.iter().find(|made| made.kind() == MadeKind::DesktopFile);
    let desktop = desktop.map(|made| library.path_of(made));
    let wants_terminal = start.terminal.unwrap_or_else(|| desktop.as_ref().is_some_and(|file| says_terminal(file)));
    match desktop {
        Some(desktop) if wants_terminal => Ok(Way::DesktopFile(desktop)),
        None if wants_terminal => Err(Failure::new(FailureKind::NoLauncher, record.name, "it has no desktop file")),
        _ => Ok(Way::Program(start)),
    }
}

/// How a file is started that is no app, once it has been read as one that is to be installed. It is made one that can be
/// started where nothing else is in the way.
///
/// # Errors
/// As with a plan to install it; [`FailureKind::NotOffered`] where this machine lacks what it needs,
/// [`FailureKind::NoLauncher`] for an app that wants a terminal.
pub(super) fn once(library: &Library, path: &Path, subject: &str) -> Result<Way, Failure> {
    let fail = |error: LibraryError| failed(&error, subject);
    let candidate = Candidate::read(path).map_err(|error| unreadable(&error, subject))?;
    let start = library.start_once(&candidate).map_err(fail)?;
    check_fuse(&start, subject)?;
    if start.terminal == Some(true) {
        return Err(Failure::new(FailureKind::NoLauncher, subject, "it wants a terminal: start it in one"));
    }
    library.make_startable(&candidate).map_err(fail)?;
    Ok(Way::Program(start))
}

/// Whether its file is there.
///
/// # Errors
/// [`FailureKind::NotInstalled`].
pub(super) fn check_presence(record: &Record, presence: Presence) -> Result<(), Failure> {
    let detail = || format!("there is no AppImage at {}", record.path.display());
    match presence {
        Presence::Missing => Err(Failure::new(FailureKind::NotInstalled, &record.name, detail())),
        Presence::There | Presence::Changed => Ok(()),
    }
}

fn check_fuse(start: &Start, subject: &str) -> Result<(), Failure> {
    let detail = "it needs FUSE 2, which is not on this machine";
    if start.needs_fuse2 { Err(Failure::new(FailureKind::NotOffered, subject, detail)) } else { Ok(()) }
}

fn says_terminal(desktop: &Path) -> bool {
    let text = files::read_bounded(desktop, DESKTOP_FILE).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    let parsed = text.and_then(|text| DesktopFile::parse(&text).ok());
    parsed.is_some_and(|file| file.wants_terminal())
}

/// Starts it, and returns when it runs; with the process if that is still there.
pub(super) async fn launch(environment: &Environment, id: &str, way: Way) -> Result<Option<Child>, Failure> {
    let say = |words: String| Failure::new(FailureKind::Other, id, words);
    let mut command = command(environment, way);
    let mut child = command.spawn().map_err(|error: io::Error| say(error.to_string()))?;
    match tokio::time::timeout(GRACE, child.wait()).await {
        // A short-lived app may be done already, or have handed over to one that runs.
        Ok(Ok(status)) if status.success() => Ok(None),
        Ok(Ok(status)) => Err(say(format!("it ended with {status}"))),
        Ok(Err(error)) => Err(say(error.to_string())),
        Err(_) => Ok(Some(child)),
    }
}

/// Whether a started app is none that fails: it runs for a while, or comes to a good end before. Waits until it is gone, so
/// that it does not stay as a zombie.
pub(super) async fn is_good(mut child: Child) -> bool {
    if let Ok(ended) = tokio::time::timeout(TRIAL, child.wait()).await {
        return ended.is_ok_and(|status| status.success());
    }
    tokio::spawn(async move { child.wait().await });
    true
}

fn command(environment: &Environment, way: Way) -> Command {
    let (program, arguments, set) = match way {
        Way::Program(start) => (start.program, start.arguments, start.environment),
        Way::DesktopFile(file) => {
            (PathBuf::from("gio"), vec!["launch".to_owned(), file.to_string_lossy().into_owned()], Vec::new())
        }
    };
    let mut command = if environment.sandboxed {
        // The host's programs; its variables are not this process's.
        let mut command = Command::new("flatpak-spawn");
        command.arg("--host").args(set.iter().map(|(name, value)| format!("--env={name}={value}"))).arg(program);
        command
    } else {
        let mut command = Command::new(program);
        command.env("HOME", &environment.home).envs(set).current_dir(&environment.home);
        command.envs(environment.session_bus.iter().map(|address| ("DBUS_SESSION_BUS_ADDRESS", address)));
        command
    };
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    // The app outlives the engine, and a Ctrl+C meant for the engine.
    command.process_group(0).kill_on_drop(false);
    command
}
