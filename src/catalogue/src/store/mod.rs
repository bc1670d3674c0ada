//! The catalogue on disk: one SQLite file, written once and never changed.

pub(crate) mod attributes;
pub(crate) mod find;
pub(crate) mod keys;
pub(crate) mod reader;
pub(crate) mod row;
pub(crate) mod schema;
pub(crate) mod writer;
