//! Asking the catalogue's file, which the engine builds or mends first where it gives no answer.

use crate::args::Global;
use crate::ending::{Trouble, sentence};
use crate::output::Output;
use crate::session::{self, Session};
use gettextrs::gettext;
use std::sync::Arc;
use strata_catalogue::{Catalogue, CatalogueError};
use strata_model::{Failure, Request, SourceKind};
use strata_platform::{Environment, layering, settings};

/// The catalogue's file, with what speaks against packages, and which sources come first, as it is at this moment: the engine may sleep.
pub(crate) fn open(environment: &Environment) -> Result<Catalogue, CatalogueError> {
    let sources = settings::load(environment).settings.sources;
    Ok(Catalogue::open(&environment.catalogue())?.with_layering(layering::obstacle(environment), sources))
}

/// Asks the catalogue. Where there is none, or it turns out to be damaged, the engine makes one, once.
pub(crate) fn ask<T>(
    environment: &Arc<Environment>,
    global: &Global,
    output: &Output,
    question: impl Fn(&Catalogue) -> Result<T, CatalogueError>,
) -> Result<T, Trouble> {
    match look(environment, &question)? {
        Some(answer) => Ok(answer),
        None => session::run(environment, global, output, async |mut session: Session| {
            wait_for_build(&mut session, &question).await
        }),
    }
}

/// The same in the middle of a session.
pub(crate) async fn ask_in<T>(
    session: &mut Session,
    question: impl Fn(&Catalogue) -> Result<T, CatalogueError>,
) -> Result<T, Trouble> {
    match look(&session.environment, &question)? {
        Some(answer) => Ok(answer),
        None => wait_for_build(session, &question).await,
    }
}

/// The answer, if there is a catalogue that anything can be found in.
fn look<T>(
    environment: &Environment,
    question: &impl Fn(&Catalogue) -> Result<T, CatalogueError>,
) -> Result<Option<T>, Trouble> {
    let answer = || {
        let catalogue = open(environment)?;
        if catalogue.has_apps()? { question(&catalogue).map(Some) } else { Ok(None) }
    };
    match answer() {
        Err(error) if error.is_mended_by_build() => Ok(None),
        other => other.map_err(failed),
    }
}

/// An engine that starts without a catalogue, or with another one than it built, builds one by itself from what lies on
/// the disk. Where that brought nothing to find, and where the catalogue was damaged behind its back, a refresh mends
/// it.
async fn wait_for_build<T>(
    session: &mut Session,
    question: &impl Fn(&Catalogue) -> Result<T, CatalogueError>,
) -> Result<T, Trouble> {
    session.output.note(&gettext("Building the catalogue of apps…"));
    session.wait_for(|snapshot| !snapshot.catalogue.building).await?;
    if let Some(answer) = look(&session.environment, question)? {
        return Ok(answer);
    }
    let refresh = Request::refresh(SourceKind::Flatpak);
    for task in session.engine.submit(&[refresh]).await? {
        let engine = session.engine.clone();
        let ended = session.interrupt.or(engine.finished(task)).await??;
        session.engine.acknowledge(&[ended.id]).await?;
        for failure in ended.failure.iter().chain(&ended.partial) {
            session.output.note(&sentence(failure));
        }
    }
    // The last build's, whether it was this refresh's or the one before.
    let engine = session.engine.clone();
    let fault = session.interrupt.or(engine.whole()).await??.catalogue.failure;
    // An empty one is an answer too: there is nothing to be found.
    let answer = open(&session.environment).and_then(|catalogue| question(&catalogue));
    answer.map_err(|error| fault.map_or_else(|| failed(error), Trouble::Failed))
}

fn failed(error: CatalogueError) -> Trouble {
    Trouble::Failed(Failure::from(error))
}
