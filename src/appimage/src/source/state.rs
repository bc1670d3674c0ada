//! What is installed, as the engine publishes it.

use super::news::News;
use crate::library::{Installed, Presence};
use std::path::Path;
use strata_model::{Installed as Part, PartKind, Update};

/// What is newer than an app, as it was found last.
pub(super) fn update(found: &Path, app: &Installed) -> Option<Update> {
    let news = News::read(found, &app.record.id).filter(|_| app.presence != Presence::Missing)?;
    news.is_news(&app.record).then(|| news.update(&app.record))
}

pub(super) fn part(app: &Installed) -> Part {
    let Installed { record, presence, .. } = app;
    let there = *presence != Presence::Missing;
    let kept = record.previous.as_ref().map_or(0, |previous| previous.size);
    Part {
        id: record.id.clone(),
        name: record.name.clone(),
        // What it is after it updated itself nobody has read yet.
        version: if *presence == Presence::Changed { String::new() } else { record.version.name.clone() },
        revision: record.version.sha256.clone(),
        size: if there { record.version.size.saturating_add(kept) } else { kept },
        changed: record.version.modified / 1_000_000_000,
        previous: record.previous.as_ref().map(|previous| previous.name.clone()),
        ..Part::new(record.offer(), PartKind::App)
    }
}
