//! The rows of a list, each in the order of an index, so that a page takes no longer the longer its list is.

use super::{List, Page, similar};
use crate::popularity::{NEW, PICKS, POPULAR, TRENDING};
use crate::search::Searched;
use crate::search::narrow::Narrow;
use crate::store::attributes::AllAttributes;
use crate::store::row::{self, SUMMARY};
use crate::store::schema::{FRONT, LISTED};
use rusqlite::{Connection, Params, params};
use strata_model::AppSummary;

/// Most rows that one page gives.
const MOST_ROWS: usize = 10_000;
/// Releases this much older than the newest one of all, in seconds, are no news.
const NEWS: i64 = 90 * 86_400;
/// From how many of the likeliest apps picks are drawn.
const DRAWN_FROM: usize = 60;

/// A page of a list, of what a filter lets through.
pub(crate) fn rows(
    searched: Searched<'_>,
    narrow: &Narrow,
    list: &List,
    page: Page,
) -> rusqlite::Result<Vec<AppSummary>> {
    let Searched { connection, attributes: all, .. } = searched;
    let reading = Reading { connection, all, narrow, page };
    match list {
        List::Category(tile) => {
            let from = format!("tile JOIN part USING (number) WHERE tile = ? AND {LISTED} ORDER BY number");
            reading.rows(&from, [tile.as_str()])
        }
        List::Subcategory(tile, subcategory) => {
            let from = format!(
                "tile JOIN category USING (number) JOIN part USING (number)
                 WHERE tile = ? AND category = ? AND {LISTED} ORDER BY number"
            );
            reading.rows(&from, [tile.as_str(), subcategory.category()])
        }
        List::RecentlyUpdated => {
            reading.rows(&format!("part WHERE {FRONT} AND updated > 0 ORDER BY updated DESC, number"), [])
        }
        List::New => {
            let fallback = format!("part WHERE {FRONT} AND first > 0 ORDER BY first DESC, number");
            reading.listed_or(NEW, &fallback, [])
        }
        List::Popular => reading.listed_or(POPULAR, &format!("part WHERE {FRONT} ORDER BY number"), []),
        List::Suggested => reading.rows(&format!("part WHERE {FRONT} ORDER BY number"), []),
        List::Trending => {
            let fallback = format!(
                "part WHERE {FRONT} AND updated > (SELECT max(updated) FROM part WHERE {FRONT} AND updated > 0) - ?
                 ORDER BY number"
            );
            reading.listed_or(TRENDING, &fallback, [NEWS])
        }
        List::Picks { day } => reading.picks(*day),
        List::Developer(developer) => {
            let from = format!("part WHERE {LISTED} AND developer = ? ORDER BY name COLLATE NOCASE, number");
            reading.rows(&from, [developer])
        }
        List::Similar(id) => {
            let numbers = similar::numbers(searched, id)?;
            let shown = numbers.into_iter().filter(|number| narrow.through(all, *number).is_some());
            reading.numbered(shown.skip(page.offset).take(page.limit))
        }
        List::Likeliest => reading.rows(&format!("part WHERE {LISTED} ORDER BY number"), []),
        List::All => reading.rows(&format!("part WHERE {LISTED} ORDER BY name COLLATE NOCASE, number"), []),
    }
}

/// Reads one page.
struct Reading<'a> {
    connection: &'a Connection,
    all: &'a AllAttributes,
    narrow: &'a Narrow,
    page: Page,
}

impl Reading<'_> {
    /// The page of what comes from some tables, read row by row up to its end.
    fn rows(&self, from: &str, key: impl Params) -> rusqlite::Result<Vec<AppSummary>> {
        let mut statement = self.connection.prepare_cached(&format!("SELECT {SUMMARY} FROM {from}"))?;
        let mut rows = statement.query(key)?;
        let (mut page, mut skipped) = (Vec::new(), 0);
        let limit = self.page.limit.min(MOST_ROWS);
        while page.len() < limit
            && let Some(row) = rows.next()?
        {
            if self.narrow.through(self.all, row.get(0)?).is_none() {
                continue;
            }
            if skipped < self.page.offset {
                skipped += 1;
                continue;
            }
            page.push(row::summary(row)?.1);
        }
        Ok(page)
    }

    /// The page of an origin's list, or of a fallback where no origin has one.
    fn listed_or(&self, list: &str, fallback: &str, key: impl Params) -> rusqlite::Result<Vec<AppSummary>> {
        let mut statement = self.connection.prepare_cached("SELECT 1 FROM listed WHERE list = ? LIMIT 1")?;
        if !statement.exists([list])? {
            return self.rows(fallback, key);
        }
        let from = format!("listed JOIN part USING (number) WHERE list = ? AND {FRONT} ORDER BY place");
        self.rows(&from, [list])
    }

    fn picks(&self, day: u64) -> rusqlite::Result<Vec<AppSummary>> {
        let from = format!("part WHERE {FRONT} AND icon_large IS NOT NULL ORDER BY number");
        let whole = Page { offset: 0, limit: DRAWN_FROM };
        let picked = self.listed_or(PICKS, "part WHERE 0", params![])?;
        if !picked.is_empty() || self.page.offset > 0 {
            return Ok(picked);
        }
        let mut likeliest = Reading { page: whole, ..*self }.rows(&from, [])?;
        // Each day begins where the day before it ended.
        let limit = self.page.limit.min(likeliest.len());
        let first = usize::try_from(day).unwrap_or(0).wrapping_mul(limit) % likeliest.len().max(1);
        likeliest.rotate_left(first);
        likeliest.truncate(limit);
        Ok(likeliest)
    }

    fn numbered(&self, numbers: impl Iterator<Item = i64>) -> rusqlite::Result<Vec<AppSummary>> {
        let mut statement = self.connection.prepare_cached(&format!("SELECT {SUMMARY} FROM part WHERE number = ?"))?;
        numbers.map(|number| statement.query_row([number], row::summary).map(|(_, head)| head)).collect()
    }
}
