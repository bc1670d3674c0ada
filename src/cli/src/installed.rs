//! What is installed, without waking the engine where that can be known.
//!
//! The engine leaves what it read beside the catalogue, with witnesses that tell whether anything has changed since
//! (see [`strata_platform::witness`]). While they hold, that file is the truth; when they do not, the engine is asked.

use crate::args::Global;
use crate::ending::Trouble;
use crate::output::Output;
use crate::session::{self, Session};
use crate::system;
use std::sync::Arc;
use strata_model::system::SystemObstacle;
use strata_model::{AppId, Installed, Offer, PartKind, SourceKind};
use strata_platform::{Environment, layering, witness};

/// Everything installed, as it is now; of what is layered on the system as much as is known while its daemon sleeps.
pub(crate) fn read(
    environment: &Arc<Environment>,
    global: &Global,
    output: &Output,
) -> Result<Vec<Installed>, Trouble> {
    if let Some(known) = witness::read(environment) {
        return Ok(known.into_iter().chain(witness::read_layered(environment).into_iter().flatten()).collect());
    }
    session::run(environment, global, output, async |mut session: Session| Ok(session.ready().await?.installed.clone()))
}

/// The installed parts that are this app: by its id, or because they came by one of its offers.
pub(crate) fn of_app<'a>(
    installed: &'a [Installed],
    app: &AppId,
    offers: &[Offer],
    scope: Option<&str>,
) -> Vec<&'a Installed> {
    let is_it = |part: &&Installed| scope.is_none_or(|scope| part.offer.scope == scope) && part.is_app(app, offers);
    installed.iter().filter(is_it).collect()
}

/// It could be layered, and nobody knows whether it is while the system's daemon sleeps.
pub(crate) fn may_be_layered(environment: &Environment, offers: &[Offer]) -> bool {
    let is_package = |offer: &Offer| offer.id.source == SourceKind::Package;
    offers.iter().any(is_package) && is_layering_unknown(environment)
}

/// Packages may be layered here, if only from before that was ruled out, and nobody can say which without waking the
/// system's daemon.
pub(crate) fn is_layering_unknown(environment: &Environment) -> bool {
    may_have_layers(environment) && witness::read_layered(environment).is_none()
}

/// Packages may be layered here, if only from before that was ruled out.
pub(crate) fn may_have_layers(environment: &Environment) -> bool {
    layering::obstacle(environment).is_none_or(SystemObstacle::is_about_adding)
}

/// Everything installed, after the system was read, which starts its daemon. A system that cannot be read has nothing to
/// say.
pub(crate) fn read_with_system(
    environment: &Arc<Environment>,
    global: &Global,
    output: &Output,
) -> Result<Vec<Installed>, Trouble> {
    session::run(environment, global, output, async |mut session: Session| with_system(&mut session).await)
}

/// These, and what is layered on the system: as it was read last where that still holds, else its daemon is asked.
pub(crate) async fn with_layers(session: &mut Session, installed: Vec<Installed>) -> Result<Vec<Installed>, Trouble> {
    match witness::read_layered(&session.environment) {
        Some(layered) => {
            let apart = installed.into_iter().filter(|part| part.kind != PartKind::Package);
            Ok(apart.chain(layered).collect())
        }
        None => with_system(session).await,
    }
}

/// Everything installed, in the middle of a session, after the system was read. One that cannot be read has nothing to say.
pub(crate) async fn with_system(session: &mut Session) -> Result<Vec<Installed>, Trouble> {
    match system::read_whole(session).await {
        Ok(whole) => Ok(whole.installed),
        Err(Trouble::Failed(_)) => Ok(session.ready().await?.installed.clone()),
        Err(trouble) => Err(trouble),
    }
}
