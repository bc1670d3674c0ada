//! The catalogue's file, built by the engine first where there is none that fits.

use crate::args::Global;
use crate::ending::{Trouble, sentence};
use crate::output::Output;
use crate::session::{self, Session};
use gettextrs::gettext;
use std::sync::Arc;
use strata_catalogue::{Catalogue, CatalogueError, List, Page};
use strata_model::{Failure, Request, SourceKind};
use strata_platform::Environment;

/// Opens the catalogue; asks the engine for one, and waits for it, if there is none.
pub(crate) fn open(environment: &Arc<Environment>, global: &Global, output: &Output) -> Result<Catalogue, Trouble> {
    match look(environment)? {
        Some(catalogue) => Ok(catalogue),
        None => session::run(environment, global, output, build),
    }
}

/// The same in the middle of a session.
pub(crate) async fn open_in(session: &mut Session) -> Result<Catalogue, Trouble> {
    match look(&session.environment)? {
        Some(catalogue) => Ok(catalogue),
        None => wait_for_build(session).await,
    }
}

/// The catalogue, if there is one that anything can be found in.
fn look(environment: &Environment) -> Result<Option<Catalogue>, Trouble> {
    let catalogue = match Catalogue::open(&environment.catalogue()) {
        Err(error) if error.is_mended_by_build() => return Ok(None),
        other => other.map_err(failed)?,
    };
    let any = catalogue.browse(&List::All, Page { offset: 0, limit: 1 }).map_err(failed)?;
    Ok((!any.is_empty()).then_some(catalogue))
}

async fn build(mut session: Session) -> Result<Catalogue, Trouble> {
    wait_for_build(&mut session).await
}

/// An engine that starts without a catalogue builds one by itself from what lies on the disk. Where that brought
/// nothing to find, and where the catalogue was damaged behind its back, a refresh mends it.
async fn wait_for_build(session: &mut Session) -> Result<Catalogue, Trouble> {
    session.output.note(&gettext("Building the catalogue of apps…"));
    let snapshot = session.wait_for(|snapshot| !snapshot.catalogue.building).await?;
    let built = look(&session.environment)?;
    if let Some(catalogue) = built {
        return Ok(catalogue);
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
    let fault = snapshot.catalogue.failure.clone();
    // An empty one is an answer too: there is nothing to be found.
    let opened = Catalogue::open(&session.environment.catalogue());
    opened.map_err(|error| fault.map_or_else(|| failed(error), Trouble::Failed))
}

pub(crate) fn failed(error: CatalogueError) -> Trouble {
    Trouble::Failed(Failure::from(error))
}
