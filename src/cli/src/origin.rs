//! Where there is no origin, nothing can be found or installed: that is said, and what to do.

use crate::args::Global;
use crate::ending::Trouble;
use crate::output::Output;
use crate::session::{self, Session};
use gettextrs::gettext;
use std::sync::Arc;
use strata_catalogue::Catalogue;
use strata_model::Snapshot;
use strata_platform::Environment;

/// No origin is set up, or every one is switched off.
pub(crate) fn is_none(snapshot: &Snapshot) -> bool {
    snapshot.origins.iter().all(|origin| !origin.enabled)
}

/// That there is none, and what to do.
pub(crate) fn none() -> String {
    let sentence = gettext("No origin of apps is set up and switched on.");
    let remedy =
        gettext("Add one, such as Flathub: stratactl remotes add https://dl.flathub.org/repo/flathub.flatpakrepo");
    format!("{sentence} {remedy}")
}

/// Says so where nothing was found because there is nothing to be found. The engine is asked only then.
pub(crate) fn say_if_none(environment: &Arc<Environment>, global: &Global, output: &Output) -> Result<(), Trouble> {
    let knows_apps = Catalogue::open(&environment.catalogue()).and_then(|catalogue| catalogue.has_apps());
    if knows_apps.unwrap_or(false) {
        return Ok(());
    }
    session::run(environment, global, output, async |mut session: Session| {
        let snapshot = session.settled().await?;
        if is_none(&snapshot) {
            session.output.note(&none());
        }
        Ok(())
    })
}
