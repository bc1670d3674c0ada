//! What each origin has, as it lies on this machine: without it nobody knows of any update, until the next refresh.
//! libflatpak throws it away after an update and a removal, and when something that it lists cannot be fetched.

use crate::blocking::{NEVER, abandonable};
use crate::failure::reaching;
use crate::installation::Place;
use crate::refresh::{self, Known};
use crate::web::Web;
use libflatpak::QueryFlags;
use libflatpak::prelude::*;
use std::time::Duration;
use strata_model::Stop;
use tokio_util::sync::CancellationToken;

/// How long all of them together may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// The origins of an installation whose summaries are here.
pub(crate) fn known(place: &Place) -> Vec<Known> {
    let remotes = refresh::remotes_of(place).unwrap_or_default();
    remotes.into_iter().filter(is_here).collect()
}

/// Those whose summaries are here no more, in a fresh view of the installation.
pub(crate) fn lost(known: Vec<Known>) -> Vec<Known> {
    known.into_iter().filter(|known| !is_here(known)).collect()
}

fn is_here(known: &Known) -> bool {
    let listed = |place: &Place| {
        let installation = place.open().ok()?;
        installation.list_remote_refs_sync_full(&known.remote, QueryFlags::ONLY_CACHED, NEVER).ok()
    };
    listed(&known.place).is_some()
}

/// Fetches them again, as a part of a task that is over: an origin that does not answer holds nobody up for long. `turn` is
/// held to the end of what is fetched.
pub(crate) async fn fetch_all<T: Clone + Send + 'static>(web: &Web, lost: Vec<Known>, turn: T) {
    let all = async {
        for known in lost {
            let origin = known.remote.clone();
            if let Err(stop) = fetch(web, known, turn.clone()).await {
                tracing::info!(%stop, origin, "what it has is not known any more");
            }
        }
    };
    if tokio::time::timeout(PATIENCE, all).await.is_err() {
        tracing::info!("what some origin has is not known any more: it does not answer");
    }
}

async fn fetch<T: Send + 'static>(web: &Web, known: Known, turn: T) -> Result<(), Stop> {
    web.probe(&known.url, &known.remote).await?;
    abandonable(&CancellationToken::new(), move |cancellable| {
        let listed = known.place.open()?.list_remote_refs_sync(&known.remote, Some(cancellable));
        drop(turn);
        listed.map(drop).map_err(|error| reaching(&error, &known.remote))
    })
    .await
}
