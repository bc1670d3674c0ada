//! A filter, made ready to be asked about each app that is found.

use crate::filter::{Filter, Marks};
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
        let among = filter.installed.as_ref().map(|ids| numbers(connection, ids)).transpose()?;
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
