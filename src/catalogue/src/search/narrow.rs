//! A filter, made ready to be asked about each app that is found.

use crate::filter::{Filter, Marks, Scope};
use crate::store::attributes::{AllAttributes, Attributes};
use crate::store::find;
use rusqlite::Connection;
use std::collections::HashSet;
use strata_model::AppId;

/// Says which apps a filter lets through.
#[derive(Debug)]
pub(crate) struct Narrow {
    wanted: Marks,
    /// The numbers of the only ones that may be, if only some may be.
    among: Option<HashSet<i64>>,
}

impl Narrow {
    pub(crate) fn new(connection: &Connection, filter: &Filter) -> rusqlite::Result<Self> {
        let installed = filter.installed.as_ref().map(|ids| numbers(connection, ids)).transpose()?;
        let scope = filter.scope.as_ref().map(|scope| belonging(connection, scope)).transpose()?;
        let among = match (installed, scope) {
            (Some(one), Some(other)) => Some(one.intersection(&other).copied().collect()),
            (one, other) => one.or(other),
        };
        Ok(Self { wanted: Marks::wanted(filter), among })
    }

    /// The attributes of an app that the filter lets through.
    pub(crate) fn through(&self, all: &AllAttributes, number: i64) -> Option<Attributes> {
        let attributes = all.of(number);
        let among = self.among.as_ref().is_none_or(|among| among.contains(&number));
        (among && attributes.marks.has(self.wanted)).then_some(attributes)
    }
}

fn numbers(connection: &Connection, ids: &[AppId]) -> rusqlite::Result<HashSet<i64>> {
    ids.iter().filter_map(|id| find::number(connection, id.as_str()).transpose()).collect()
}

/// What belongs to an installation.
fn belonging(connection: &Connection, scope: &Scope) -> rusqlite::Result<HashSet<i64>> {
    let mut among = numbers(connection, &scope.installed)?;
    let mut statement = connection.prepare_cached("SELECT number FROM offer WHERE scope = ?")?;
    for number in statement.query_map([&scope.name], |row| row.get(0))? {
        among.insert(number?);
    }
    Ok(among)
}
