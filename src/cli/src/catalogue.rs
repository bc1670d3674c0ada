//! The catalogue's file, built by the engine first where there is none that fits.

use crate::args::Global;
use crate::ending::Trouble;
use crate::output::Output;
use crate::session::{self, Session};
use gettextrs::gettext;
use std::sync::Arc;
use strata_catalogue::{Catalogue, CatalogueError};
use strata_model::{Failure, Request, SourceKind};
use strata_platform::Environment;

/// Opens the catalogue; asks the engine for one, and waits for it, if there is none.
pub(crate) fn open(environment: &Arc<Environment>, global: &Global, output: &Output) -> Result<Catalogue, Trouble> {
    match Catalogue::open(&environment.catalogue()) {
        Err(error) if error.is_mended_by_build() => session::run(environment, global, output, build),
        other => other.map_err(failed),
    }
}

/// The same in the middle of a session.
pub(crate) async fn open_in(session: &mut Session) -> Result<Catalogue, Trouble> {
    match Catalogue::open(&session.environment.catalogue()) {
        Err(error) if error.is_mended_by_build() => wait_for_build(session).await,
        other => other.map_err(failed),
    }
}

async fn build(mut session: Session) -> Result<Catalogue, Trouble> {
    wait_for_build(&mut session).await
}

/// An engine that starts without a catalogue builds one by itself from what lies on the disk. Where that brought none,
/// the origins have to be asked.
async fn wait_for_build(session: &mut Session) -> Result<Catalogue, Trouble> {
    session.output.note(&gettext("Building the catalogue of apps…"));
    let before = session.ready().await?;
    let mut status = session.wait_for(|snapshot| !snapshot.catalogue.building).await?.catalogue.clone();
    if Catalogue::open(&session.environment.catalogue()).is_err() {
        let refresh = Request::refresh(SourceKind::Flatpak);
        let tasks = session.engine.submit(&[refresh]).await?;
        for task in &tasks {
            let engine = session.engine.clone();
            let ended = session.interrupt.or(engine.finished(*task)).await??;
            session.engine.acknowledge(&[ended.id]).await?;
            if let Some(failure) = ended.failure {
                return Err(Trouble::Failed(failure));
            }
        }
        let generation = before.catalogue.generation;
        let built = move |snapshot: &strata_model::Snapshot| {
            !snapshot.catalogue.building
                && (snapshot.catalogue.generation > generation || snapshot.catalogue.failure.is_some())
        };
        status = session.wait_for(built).await?.catalogue.clone();
    }
    match Catalogue::open(&session.environment.catalogue()) {
        Ok(catalogue) => Ok(catalogue),
        Err(error) => Err(status.failure.map_or_else(|| failed(error), Trouble::Failed)),
    }
}

pub(crate) fn failed(error: CatalogueError) -> Trouble {
    Trouble::Failed(Failure::from(error))
}
