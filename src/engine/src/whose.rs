//! Whose app it is that came from a list. Its source knows it by its place there and by what it calls itself; the catalogue
//! knows which app that is, and it may be one that other sources have too.

use crate::engine::Inner;
use crate::guard::guarded_blocking;
use crate::source::SourceState;
use std::sync::Arc;
use strata_catalogue::Catalogue;
use strata_model::{OfferId, SourceKind};
use strata_platform::Environment;

/// Gives what came from lists the ids of the catalogue's apps. Without a catalogue, and what no list has any more, it keeps
/// those that it has.
pub(crate) async fn name(environment: &Arc<Environment>, mut state: SourceState) -> SourceState {
    if !has_listed(&state) {
        return state;
    }
    let (path, plain) = (environment.catalogue(), state.clone());
    let named = guarded_blocking("catalogue.db", move || {
        let Ok(catalogue) = Catalogue::open(&path) else { return state };
        let id = |offer: &OfferId| {
            let app = is_listed(offer).then(|| catalogue.offer(offer).ok().flatten()).flatten();
            app.map(|app| app.id.to_string())
        };
        for part in &mut state.installed {
            part.id = id(&part.offer).unwrap_or_else(|| std::mem::take(&mut part.id));
        }
        for update in &mut state.updates {
            update.id = id(&update.offer).unwrap_or_else(|| std::mem::take(&mut update.id));
        }
        state
    });
    named.await.unwrap_or(plain)
}

/// Another catalogue is there.
pub(crate) async fn name_anew(inner: &Inner) {
    for kind in inner.sources.kinds_with(has_listed) {
        inner.read_source(kind).await;
    }
}

fn has_listed(state: &SourceState) -> bool {
    state.installed.iter().any(|part| is_listed(&part.offer))
}

/// Flatpaks and packages are named alike everywhere.
fn is_listed(offer: &OfferId) -> bool {
    offer.source == SourceKind::AppImage && !offer.origin.is_empty()
}
