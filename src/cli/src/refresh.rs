//! `refresh`: every origin is asked for news, and the catalogue built from what they say.

use crate::ending::{Ending, Trouble, sentence};
use crate::follow::{self, Followed};
use crate::json;
use crate::session::Session;
use strata_model::snapshot::SourceStatus;
use strata_model::{Request, SourceKind};

pub(crate) async fn run(mut session: Session) -> Result<Ending, Trouble> {
    let followed = refresh(&mut session).await?;
    if session.output.json {
        let tasks = followed.tasks.iter().map(json::Task::new).collect();
        session.output.result(&json::Tasks { tasks, not_planned: Vec::new() });
    }
    // What the origins said is of no use where it cannot be found.
    let unbuilt = session.engine.snapshot().borrow().catalogue.failure.clone();
    if let Some(failure) = &unbuilt {
        session.output.note(&sentence(failure));
        session.output.detail(failure);
    }
    Ok(match followed.ending() {
        Ending::Done if unbuilt.is_some() => Ending::Failed,
        ending => ending,
    })
}

/// The engine knows what is due and whether this is the moment; nobody looks here, so it may notify.
pub(crate) async fn scheduled(mut session: Session) -> Result<Ending, Trouble> {
    let engine = session.engine.clone();
    let upkeep = session.interrupt.or(engine.upkeep()).await??;
    if session.output.json {
        session.output.result(&json::Scheduled { upkeep });
    }
    Ok(Ending::Done)
}

/// An origin that cannot be asked is told about, and costs the update only what it would have brought.
pub(crate) async fn before_update(session: &mut Session) -> Result<Ending, Trouble> {
    let followed = refresh(session).await?;
    match followed.ending() {
        Ending::Cancelled => Err(Trouble::Cancelled),
        ending => Ok(ending),
    }
}

async fn refresh(session: &mut Session) -> Result<Followed, Trouble> {
    let snapshot = session.ready().await?;
    let installed = |source| snapshot.installed.iter().any(|part| part.offer.source == source);
    let has_news = |source: &&SourceStatus| match source.source {
        // Its daemon has to be started for it: a command of its own does that.
        SourceKind::Package => false,
        // Without lists they have no origins of their own.
        SourceKind::AppImage => {
            source.ready && (snapshot.settings.fetch_appimage_lists() || installed(SourceKind::AppImage))
        }
        SourceKind::Flatpak => source.ready,
    };
    let usable = snapshot.sources.iter().filter(has_news);
    let requests: Vec<_> = usable.map(|source| Request::refresh(source.source)).collect();
    let tasks = session.engine.submit(&requests).await?;
    let followed = follow::follow(session, &tasks).await?;
    // What comes next shall see the news.
    session.wait_for(|snapshot| !snapshot.catalogue.building).await?;
    Ok(followed)
}
