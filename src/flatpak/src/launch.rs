//! Starts an app with `flatpak run`: libflatpak's own call looks runtimes up through the environment of this process,
//! a child can be given its own.

use crate::reference::Reference;
use crate::running;
use rustix::io::{FdFlags, fcntl_getfd, fcntl_setfd};
use std::io::{self, PipeReader, PipeWriter};
use std::os::fd::{AsRawFd, OwnedFd};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;
use strata_model::{Failure, FailureKind};
use strata_platform::Environment;
use tokio::fs::File;
use tokio::io::AsyncReadExt;
use tokio::process::{Child, Command};

/// How long an app may take until `flatpak run` says that it started. After that it is left alone: still starting is
/// not failed.
const PATIENCE: Duration = Duration::from_secs(10);

/// How long the sandbox has to stand to be taken for whole: bubblewrap writes its facts a little before it mounts.
const GRACE: Duration = Duration::from_millis(200);

/// How often the sandbox is looked for while an app starts.
const LOOK: Duration = Duration::from_millis(20);

/// Starts an app, and returns when it runs.
pub(crate) async fn launch(environment: &Environment, option: &str, reference: &Reference<'_>) -> Result<(), Failure> {
    let say = |error: io::Error| Failure::new(FailureKind::Other, reference.id, error.to_string());
    let (started, write_end) = io::pipe().map_err(say)?;
    let mut command = command(environment, option, reference, &write_end);
    inherit(&write_end).map_err(say)?;
    let child = command.spawn().map_err(say)?;
    drop(write_end);
    wait(child, started, reference.id, environment).await
}

fn command(environment: &Environment, option: &str, reference: &Reference<'_>, started: &PipeWriter) -> Command {
    let mut command = if environment.sandboxed {
        // The host's Flatpak; its variables and descriptors are not this process's.
        let mut command = Command::new("flatpak-spawn");
        command.args(["--host", "flatpak", "run"]);
        command
    } else {
        let mut command = Command::new("flatpak");
        command.args(["run", &format!("--instance-id-fd={}", started.as_raw_fd())]);
        command.env("HOME", &environment.home).env("XDG_RUNTIME_DIR", runtime_folder(environment));
        let paths = &environment.flatpak;
        let own = [
            ("FLATPAK_USER_DIR", &paths.user),
            ("FLATPAK_SYSTEM_DIR", &paths.system),
            ("FLATPAK_CONFIG_DIR", &paths.config),
        ];
        command.envs(own.into_iter().filter_map(|(name, path)| Some((name, path.as_ref()?))));
        command.envs(environment.session_bus.iter().map(|address| ("DBUS_SESSION_BUS_ADDRESS", address)));
        command
    };
    command.arg(option).arg(format!("--arch={}", reference.arch)).arg(format!("--branch={}", reference.branch));
    command.arg(reference.id).stdin(Stdio::null());
    // The app outlives the engine, and a Ctrl+C meant for the engine.
    command.process_group(0).kill_on_drop(false);
    command
}

/// Lets the next child have the descriptor. Another child that starts in this very moment gets it too, which does no
/// harm: it is written to by the one that knows its number.
fn inherit(pipe: &PipeWriter) -> io::Result<()> {
    Ok(fcntl_setfd(pipe, fcntl_getfd(pipe)? - FdFlags::CLOEXEC)?)
}

/// Until the sandbox stands, or `flatpak run` has ended.
async fn wait(mut child: Child, started: PipeReader, id: &str, environment: &Environment) -> Result<(), Failure> {
    let standing = async {
        if environment.sandboxed || !stands(started, &running::folder(environment)).await {
            // Nobody will say: it is still starting, or its end tells more.
            std::future::pending::<()>().await;
        }
        tokio::time::sleep(GRACE).await;
    };
    let ended = tokio::select! {
        ended = child.wait() => Some(ended),
        () = standing => None,
        () = tokio::time::sleep(PATIENCE) => None,
    };
    match ended {
        // A short-lived app may be gone before anyone looks.
        Some(Ok(status)) if status.success() => Ok(()),
        Some(Ok(status)) => Err(Failure::new(FailureKind::Other, id, format!("flatpak run: {status}"))),
        Some(Err(error)) => Err(Failure::new(FailureKind::Other, id, error.to_string())),
        None => {
            // Waited for, so that it does not stay as a zombie.
            tokio::spawn(async move { child.wait().await });
            Ok(())
        }
    }
}

/// `flatpak run` writes the instance's number before it makes the sandbox; when the sandbox stands, bubblewrap writes
/// its facts into the instance's folder, where nothing but looking tells. `false` if there is no number.
async fn stands(started: PipeReader, sandboxes: &Path) -> bool {
    let mut number = [0; 20];
    let mut started = File::from_std(std::fs::File::from(OwnedFd::from(started)));
    let read = started.read(&mut number).await.unwrap_or_default();
    let Some(number) = std::str::from_utf8(&number[..read]).ok().and_then(|text| text.parse::<u64>().ok()) else {
        return false;
    };
    let facts = sandboxes.join(number.to_string()).join("bwrapinfo.json");
    let mut look = tokio::time::interval(LOOK);
    loop {
        look.tick().await;
        if tokio::fs::metadata(&facts).await.is_ok_and(|facts| facts.len() > 0) {
            return true;
        }
    }
}

/// The person’s folder of this session.
pub(crate) fn runtime_folder(environment: &Environment) -> PathBuf {
    environment.runtime.parent().map(Path::to_owned).unwrap_or_default()
}
