//! Opens a layered app by the desktop file that its package brings along.

use std::path::PathBuf;
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;
use strata_catalogue::{Catalogue, CatalogueError};
use strata_model::{Failure, FailureKind, OfferId};
use strata_platform::Environment;
use tokio::process::Command;

/// How long an app may take to say that it started. After that it is left alone: still starting is not failed.
const PATIENCE: Duration = Duration::from_secs(10);

/// Opens it as the desktop would.
///
/// # Errors
/// [`FailureKind::NoLauncher`] where no desktop file of it is on the running system: what was just layered comes with the
/// next restart. [`FailureKind::Other`] with the words of whoever could not start it.
pub(crate) async fn open(environment: &Arc<Environment>, offer: &OfferId) -> Result<(), Failure> {
    let file = desktop_file(Arc::clone(environment), offer.clone()).await?;
    let say = |words: String| Failure::new(FailureKind::Other, &offer.reference, words);
    let mut command = Command::new("gio");
    command.arg("launch").arg(&file).env("HOME", &environment.home);
    command.envs(environment.session_bus.iter().map(|address| ("DBUS_SESSION_BUS_ADDRESS", address)));
    // The app outlives the engine, and a Ctrl+C meant for the engine. It would hold open whatever is read from it.
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).process_group(0).kill_on_drop(false);
    let mut child = command.spawn().map_err(|error| say(format!("gio: {error}")))?;
    match tokio::time::timeout(PATIENCE, child.wait()).await {
        Ok(Ok(status)) if status.success() => Ok(()),
        Ok(Ok(status)) => Err(say(format!("gio launch {}: {status}", file.display()))),
        Ok(Err(error)) => Err(say(error.to_string())),
        Err(_) => {
            // Waited for, so that it does not stay as a zombie.
            tokio::spawn(async move { child.wait().await });
            Ok(())
        }
    }
}

/// The file, if it is there.
async fn desktop_file(environment: Arc<Environment>, offer: OfferId) -> Result<PathBuf, Failure> {
    let subject = offer.reference.clone();
    let look = move || {
        let launcher = launcher(&environment, &offer)?.unwrap_or_default();
        let file = environment.desktop_files().join(&launcher);
        let is_there = !launcher.is_empty() && file.is_file();
        is_there.then_some(file).ok_or_else(|| Failure::new(FailureKind::NoLauncher, &offer.reference, launcher))
    };
    let looked = tokio::task::spawn_blocking(look).await;
    looked.unwrap_or_else(|error| Err(Failure::new(FailureKind::Other, &subject, error.to_string())))
}

/// What the catalogue knows of it.
fn launcher(environment: &Environment, offer: &OfferId) -> Result<Option<String>, CatalogueError> {
    let catalogue = Catalogue::open(&environment.catalogue())?;
    let Some(app) = catalogue.offer(offer)? else { return Ok(None) };
    let offers = catalogue.offers_of(&app.id)?;
    Ok(offers.into_iter().find(|one| one.id == *offer).map(|one| one.launcher))
}
