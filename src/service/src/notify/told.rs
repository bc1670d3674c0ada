//! The updates that the person was told of, kept over the lives of engines.

use std::collections::BTreeSet;
use std::io;
use strata_platform::{Environment, files};

/// Largest file that is read, in bytes: some ten thousand updates.
const MAX_FILE: u64 = 4 << 20;

/// What was told. Nothing where there is no file, or one that cannot be read: then it is told again.
pub(crate) fn read(environment: &Environment) -> BTreeSet<String> {
    let content = files::read_bounded(&environment.told(), MAX_FILE);
    content.ok().and_then(|content| serde_json::from_slice(&content).ok()).unwrap_or_default()
}

/// Keeps what was told.
pub(crate) fn write(environment: &Environment, told: &BTreeSet<String>) -> io::Result<()> {
    files::replace(&environment.told(), &serde_json::to_vec(told)?)
}
