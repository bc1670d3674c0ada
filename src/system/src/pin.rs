//! Pins. The daemon has no method for them: `ostree admin pin` sets them, as root. The daemon notices.

use crate::fields::cut;
use std::process::Stdio;
use std::time::Duration;
use strata_model::{Failure, FailureKind, Stop, System};
use strata_platform::Environment;
use tokio::process::Command;
use tokio_util::sync::CancellationToken;

/// How often it is looked whether the daemon has noticed.
pub(crate) const LOOKS: usize = 10;
/// How long between two looks, if nothing is heard.
pub(crate) const BETWEEN: Duration = Duration::from_millis(500);

/// pkexec's own word for: the question was closed.
const DISMISSED: i32 = 126;
/// And for: the answer was no, or nobody could be asked.
const NOT_AUTHORISED: i32 = 127;

/// Pins a deployment, or unpins it; no if it is so already. Where this process is not root's a person is asked.
///
/// # Errors
/// [`FailureKind::NotFound`] without such a deployment, [`FailureKind::Staged`] for one that is not in its place yet.
pub(crate) async fn pin(
    environment: &Environment,
    system: &System,
    id: &str,
    pinned: bool,
    cancel: &CancellationToken,
) -> Result<bool, Stop> {
    let found = system.deployments.iter().find(|deployment| deployment.id == id);
    let deployment = found.ok_or_else(|| Failure::new(FailureKind::NotFound, id, "no such deployment"))?;
    if deployment.pinned == pinned {
        return Ok(false);
    }
    if deployment.staged {
        return Err(Failure::new(FailureKind::Staged, "", "a staged deployment cannot be pinned").into());
    }
    let mut command = if rustix::process::geteuid().is_root() && !environment.pkexec().exists() {
        Command::new(environment.ostree())
    } else {
        let mut command = Command::new(environment.pkexec());
        // Without a desktop's own agent it would ask on a terminal, which is not ours.
        command.arg("--disable-internal-agent").arg(environment.ostree());
        command
    };
    command.args(["admin", "pin"]).args((!pinned).then_some("-u")).arg(deployment.index.to_string());
    run(command, cancel).await.map(|()| true)
}

/// The deployment is as wanted.
pub(crate) fn is_so(system: &System, id: &str, pinned: bool) -> bool {
    system.deployments.iter().any(|deployment| deployment.id == id && deployment.pinned == pinned)
}

async fn run(mut command: Command, cancel: &CancellationToken) -> Result<(), Stop> {
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).kill_on_drop(true);
    let output = tokio::select! {
        () = cancel.cancelled() => return Err(Stop::Cancelled),
        output = command.output() => output,
    };
    let failed = |kind, detail: &str| Err(Failure::new(kind, "", cut(detail.trim())).into());
    match output {
        Ok(output) if output.status.success() => Ok(()),
        Ok(output) => {
            let said = String::from_utf8_lossy(&output.stderr);
            match output.status.code() {
                Some(DISMISSED) => failed(FailureKind::Dismissed, &said),
                Some(NOT_AUTHORISED) => failed(FailureKind::NotAuthorised, &said),
                _ => failed(FailureKind::Other, &said),
            }
        }
        Err(error) => failed(FailureKind::NotAuthorised, &format!("pkexec: {error}")),
    }
}
