//! Tables that are looked into by words. Their rows are written in order: putting each behind the last one is quicker
//! than finding its place.

use super::schema;
use super::writer::{Writer, unmapped};
use crate::part::Part;
use crate::words::{beginnings, run_together};
use crate::{CatalogueError, Category};
use rusqlite::params;
use std::borrow::Cow;

impl Writer {
    /// Names and categories of apps, by their numbers.
    pub(crate) fn add_keys(&self, parts: &[(i64, &Part)]) -> Result<(), CatalogueError> {
        let (mut keys, mut categories, mut tiles) = (Vec::new(), Vec::new(), Vec::new());
        for &(number, part) in parts.iter().filter(|(_, part)| part.is_listed()) {
            keys.extend(names(number, part));
            categories.extend(part.categories.iter().map(|category| (category.as_str(), number)));
            tiles.extend(Category::of(&part.categories).into_iter().map(|tile| (tile.as_str(), number)));
        }
        self.add_names(keys)?;
        self.add_numbers("INSERT INTO category (category, number) VALUES (?,?)", categories)?;
        self.add_numbers("INSERT INTO tile (tile, number) VALUES (?,?)", tiles)
    }

    /// Further ids of parts; an id that several have is that of the first one.
    pub(crate) fn add_aliases(&self, mut aliases: Vec<(&str, i64)>) -> Result<(), CatalogueError> {
        aliases.sort_by_key(|(id, _)| *id);
        aliases.dedup_by_key(|(id, _)| *id);
        self.add_numbers("INSERT INTO alias (id, number) VALUES (?,?)", aliases)
    }

    fn add_numbers(&self, sql: &str, mut rows: Vec<(&str, i64)>) -> Result<(), CatalogueError> {
        rows.sort_unstable();
        rows.dedup();
        let mut insert = self.connection()?.prepare(sql)?;
        for (key, number) in rows {
            insert.execute(params![key, number])?;
        }
        Ok(())
    }

    fn add_names(&self, mut names: Vec<Name<'_>>) -> Result<(), CatalogueError> {
        names.sort_unstable();
        names.dedup();
        let mut insert = self.connection()?.prepare("INSERT INTO name (key, place, number) VALUES (?,?,?)")?;
        for (key, place, number) in &names {
            insert.execute(params![key, place, number])?;
        }
        let mut map = fst::MapBuilder::memory();
        for same in names.chunk_by(|(one, ..), (next, ..)| one == next) {
            let (Some((key, ..)), Some(likeliest)) = (same.first(), same.iter().map(|(_, _, number)| number).min())
            else {
                continue;
            };
            map.insert(key.as_bytes(), likeliest.unsigned_abs()).map_err(unmapped)?;
        }
        self.add_vocabulary(schema::VOCABULARY_NAMES, &map.into_inner().map_err(unmapped)?)
    }
}

/// Most words of a name from which on it is found.
const MOST_BEGINNINGS: usize = 20;

/// What the rows of a part's names take until they are written, no less, with the map that is made of them.
pub(crate) fn bytes(part: &Part) -> usize {
    names(0, part).iter().map(|(key, ..)| 2 * key.len() + size_of::<Name>()).sum()
}

/// A row of `name`: key, place and number.
type Name<'a> = (Cow<'a, str>, i64, i64);

/// What a part is called, from each of its words on and in one word.
fn names(number: i64, part: &Part) -> Vec<Name<'_>> {
    let mut rows = Vec::new();
    for name in &part.names {
        rows.extend(run_together(name).map(|one| (Cow::Owned(one), 0, number)));
        rows.extend(
            (0..).zip(beginnings(name).take(MOST_BEGINNINGS)).map(|(place, key)| (Cow::Borrowed(key), place, number)),
        );
    }
    // Never the whole name.
    rows.extend(part.inner_names.iter().map(|key| (Cow::Borrowed(key.as_str()), 1, number)));
    rows
}
