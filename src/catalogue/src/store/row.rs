//! Rows as they are written and read.

use crate::appstream::Component;
use crate::entries::Entry;
use std::path::PathBuf;
use strata_model::app::Icon;
use strata_model::{AppId, AppSummary, Offer, OfferId, SourceKind};

/// The entry in a body of table `detail`, `None` if it makes no sense.
pub(crate) fn entry(body: &[u8]) -> Option<Component> {
    match serde_json::from_slice(body) {
        Ok(Entry::Read(component)) => Some(*component),
        _ => None,
    }
}

/// The columns of [`summary`], in their order.
pub(crate) const SUMMARY: &str =
    "number, id, name, summary, developer, icon_small, icon_large, verified, sources, carried,
     icon_remote";

/// A row of `part` by [`SUMMARY`], with its number. A row that makes no sense means that the file is damaged.
pub(crate) fn summary(row: &rusqlite::Row) -> rusqlite::Result<(i64, AppSummary)> {
    let id: String = row.get(1)?;
    let sources: String = row.get(8)?;
    let path = |column: usize| Ok::<_, rusqlite::Error>(row.get::<_, Option<String>>(column)?.map(PathBuf::from));
    let summary = AppSummary {
        id: AppId::new(&id).map_err(|_| nonsense(1, &id))?,
        name: row.get(2)?,
        summary: row.get(3)?,
        developer: row.get(4)?,
        icon: Icon { small: path(5)?, large: path(6)?, remote: row.get(10)? },
        verified: row.get(7)?,
        sources: sources.split(',').filter_map(source).collect(),
        carried: row.get(9)?,
    };
    Ok((row.get(0)?, summary))
}

/// The columns of [`offer`], in their order.
pub(crate) const OFFER: &str = "source, scope, origin, reference, version, released, verified, priority, runtime,
     download_size, installed_size, obstacle, list, launcher, evidence";

/// A row of `offer` by [`OFFER`].
pub(crate) fn offer(row: &rusqlite::Row) -> rusqlite::Result<Offer> {
    let kind: String = row.get(0)?;
    let source = source(&kind).ok_or_else(|| nonsense(0, &kind))?;
    let size = |column: usize| row.get::<_, i64>(column).map(|size| u64::try_from(size).unwrap_or(0));
    let obstacle: Option<String> = row.get(11)?;
    let obstacle = obstacle.map(|json| serde_json::from_str(&json).map_err(|_| nonsense(11, &json)));
    let evidence: Option<String> = row.get(14)?;
    let evidence = evidence.map(|json| serde_json::from_str(&json).map_err(|_| nonsense(14, &json)));
    Ok(Offer {
        id: OfferId { source, scope: row.get(1)?, origin: row.get(2)?, reference: row.get(3)? },
        list: row.get(12)?,
        launcher: row.get(13)?,
        version: row.get(4)?,
        released: row.get(5)?,
        verified: row.get(6)?,
        priority: row.get(7)?,
        runtime: row.get(8)?,
        download_size: size(9)?,
        installed_size: size(10)?,
        obstacle: obstacle.transpose()?,
        evidence: evidence.transpose()?.unwrap_or_default(),
    })
}

/// A source by its name.
fn source(name: &str) -> Option<SourceKind> {
    [SourceKind::Flatpak, SourceKind::AppImage, SourceKind::Package].into_iter().find(|kind| kind.as_str() == name)
}

fn nonsense(column: usize, value: &str) -> rusqlite::Error {
    let message = format!("makes no sense: {value:?}");
    rusqlite::Error::FromSqlConversionFailure(column, rusqlite::types::Type::Text, message.into())
}
