//! Finds a part by its id.

use rusqlite::{Connection, OptionalExtension};

/// The number of an app, add-on or runtime, by its id or one of its former ids, as an expression of the parameter `?1`.
pub(crate) const NUMBER: &str =
    "coalesce((SELECT number FROM part WHERE id = ?1), (SELECT number FROM alias WHERE id = ?1))";

/// The number of an app, add-on or runtime, by its id or one of its former ids.
pub(crate) fn number(connection: &Connection, id: &str) -> rusqlite::Result<Option<i64>> {
    let mut statement = connection.prepare_cached(&format!("SELECT {NUMBER}"))?;
    statement.query_row([id], |row| row.get(0)).optional().map(Option::flatten)
}
