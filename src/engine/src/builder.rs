//! The child process that builds the catalogue: whatever a stranger's list does to it, the engine goes on.

use std::io;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;
use strata_catalogue::{BuildPlan, BuildReport, FEED_TIME};
use strata_model::{Failure, FailureKind};
use strata_platform::Environment;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};
use tokio::process::{Child, Command};
use tokio_util::sync::CancellationToken;

/// Largest report of a build, in bytes; one line for each feed and reason.
const MAX_REPORT: u64 = 1 << 20;

/// Most of a build's other words that are kept, in bytes.
const MAX_WORDS: u64 = 16 << 10;

/// A build takes less than a second, and gives up each feed by itself that takes too long: one that takes this long
/// beside its feeds will not end.
const REST_TIME: Duration = Duration::from_mins(5);

/// Longest wait for a child to be gone that was killed; one that waits for a broken disk goes when it can.
const GRACE: Duration = Duration::from_millis(500);

/// Why there is no new catalogue. The old one is as it was.
#[derive(Debug)]
pub(crate) enum Unbuilt {
    Failed(Failure),
    TooLong(Failure),
    Cancelled,
}

impl From<Failure> for Unbuilt {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

/// Longest that a build may take.
pub(crate) fn most_time(plan: &BuildPlan) -> Duration {
    REST_TIME + FEED_TIME * u32::try_from(plan.feeds.len()).unwrap_or(u32::MAX)
}

/// Has a child build.
pub(crate) async fn build(
    environment: &Environment,
    plan: &BuildPlan,
    most_time: Duration,
    cancel: &CancellationToken,
) -> Result<BuildReport, Unbuilt> {
    let subject = environment.service.to_string_lossy().into_owned();
    let plan = serde_json::to_vec(plan).map_err(|error| failed(error.to_string()))?;
    let mut child = Command::new(&environment.service)
        .arg("catalogue-build")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .map_err(|error| Failure::new(FailureKind::EngineGone, subject, error.to_string()))?;
    let said = tokio::select! {
        said = tokio::time::timeout(most_time, talk(&mut child, &plan)) => said.map_err(|_| {
            Unbuilt::TooLong(failed("the build does not end".to_owned()))
        }),
        () = cancel.cancelled() => Err(Unbuilt::Cancelled),
    };
    match said {
        Ok(said) => Ok(report(said.map_err(|error| failed(error.to_string()))?)?),
        Err(unbuilt) => {
            // The next build writes to the same place.
            if !matches!(tokio::time::timeout(GRACE, child.kill()).await, Ok(Ok(()))) {
                tracing::warn!("a build that was given up is not gone yet");
            }
            Err(unbuilt)
        }
    }
}

fn failed(detail: String) -> Failure {
    Failure::new(FailureKind::Other, "catalogue.db", detail)
}

/// What a child has said, its other words, and how it ended.
type Said = (Vec<u8>, Vec<u8>, ExitStatus);

fn report((report, words, status): Said) -> Result<BuildReport, Failure> {
    let words = String::from_utf8_lossy(&words);
    if !status.success() {
        // A build that fails in its own words prints them where the report would be.
        let own = serde_json::from_slice(&report).ok();
        return Err(own.unwrap_or_else(|| failed(format!("{status}: {}", words.trim()))));
    }
    serde_json::from_slice(&report).map_err(|error| failed(format!("{error}: {}", words.trim())))
}

async fn talk(child: &mut Child, plan: &[u8]) -> io::Result<Said> {
    let (input, output, words) = (child.stdin.take(), child.stdout.take(), child.stderr.take());
    let write = async {
        if let Some(mut input) = input {
            // A child that does not read to the end has its own reason, which its status tells.
            let _ = input.write_all(plan).await;
        }
        Ok(())
    };
    let ((), report, words) = tokio::try_join!(write, bounded(output, MAX_REPORT), bounded(words, MAX_WORDS))?;
    Ok((report, words, child.wait().await?))
}

/// Keeps the first bytes and reads on to the end, so that the child never waits for a reader.
async fn bounded(pipe: Option<impl AsyncRead + Unpin>, limit: u64) -> io::Result<Vec<u8>> {
    let mut kept = Vec::new();
    if let Some(mut pipe) = pipe {
        (&mut pipe).take(limit).read_to_end(&mut kept).await?;
        tokio::io::copy(&mut pipe, &mut tokio::io::sink()).await?;
    }
    Ok(kept)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    /// A program in the place of the service, which says that it runs and comes to no end.
    fn endless(folder: &std::path::Path) -> (Environment, BuildPlan) {
        let (service, target) = (folder.join("service"), folder.join("catalogue.db"));
        let script = format!("#!/bin/sh\necho $$ > {}\nexec sleep 1000\n", folder.join("pid").display());
        std::fs::write(&service, script).unwrap();
        std::fs::set_permissions(&service, std::fs::Permissions::from_mode(0o700)).unwrap();
        let mut environment = Environment::from_variables(&|name| (name == "HOME").then(|| folder.as_os_str().into()));
        environment.service = service;
        let plan = BuildPlan { target, generation: 1, ..BuildPlan::default() };
        (environment, plan)
    }

    /// The child is gone, if it ever came to say that it runs.
    fn is_gone(folder: &std::path::Path) -> bool {
        let pid = std::fs::read_to_string(folder.join("pid")).unwrap_or_default();
        pid.is_empty() || !std::path::Path::new("/proc").join(pid.trim()).exists()
    }

    // One after the other: while a child is forked, no file that is to be run may be open for writing.
    #[tokio::test]
    async fn a_child_that_does_not_end_in_time_or_is_not_wanted_any_more_is_killed() {
        let folder = tempfile::tempdir().unwrap();
        let (environment, plan) = endless(folder.path());
        let cancel = CancellationToken::new();
        let ended = build(&environment, &plan, Duration::from_millis(1), &cancel).await;
        assert!(matches!(ended, Err(Unbuilt::TooLong(_))), "{ended:?}");
        assert!(is_gone(folder.path()));

        let (told, runs) = (cancel.clone(), folder.path().join("pid"));
        let _earlier = std::fs::remove_file(&runs);
        let tell = async move {
            while !runs.exists() {
                tokio::task::yield_now().await;
            }
            told.cancel();
        };
        let (ended, ()) = tokio::join!(build(&environment, &plan, most_time(&plan), &cancel), tell);
        assert!(matches!(ended, Err(Unbuilt::Cancelled)), "{ended:?}");
        assert!(is_gone(folder.path()));
    }
}
