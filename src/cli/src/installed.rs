//! What is installed, without waking the engine where that can be known.
//!
//! The engine leaves what it read beside the catalogue, with witnesses that tell whether anything has changed since
//! (see [`strata_platform::witness`]). While they hold, that file is the truth; when they do not, the engine is asked.

use crate::args::Global;
use crate::ending::Trouble;
use crate::output::Output;
use crate::session;
use std::sync::Arc;
use strata_model::{AppId, Installed, Offer, PartKind};
use strata_platform::{Environment, witness};

/// Everything installed, as it is now.
pub(crate) fn read(
    environment: &Arc<Environment>,
    global: &Global,
    output: &Output,
) -> Result<Vec<Installed>, Trouble> {
    if let Some(known) = witness::read(environment) {
        return Ok(known);
    }
    session::run(environment, global, output, async |mut session: session::Session| {
        Ok(session.ready().await?.installed.clone())
    })
}

/// The installed parts that are this app: by its id, or because they came by one of its offers.
pub(crate) fn of_app<'a>(
    installed: &'a [Installed],
    app: &AppId,
    offers: &[Offer],
    scope: Option<&str>,
) -> Vec<&'a Installed> {
    let is_it = |part: &&Installed| {
        part.kind == PartKind::App
            && scope.is_none_or(|scope| part.offer.scope == scope)
            && (part.id == app.as_str() || offers.iter().any(|offer| offer.id.reference == part.offer.reference))
    };
    installed.iter().filter(is_it).collect()
}
