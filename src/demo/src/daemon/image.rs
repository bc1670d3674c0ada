//! The database of what the running image carries, as far as rpm's index of names.

use super::description::System;
use super::state::State;
use crate::DemoError;
use rusqlite::{Connection, Error};
use std::fs;
use std::path::Path;

/// Where it lies below the machine's root.
const FOLDER: &str = "usr/lib/sysimage/rpm-ostree-base-db";

/// The table that is read, as rpm 4.18 makes it.
const TABLE: &str = "CREATE TABLE 'Name' (key 'TEXT' NOT NULL, hnum INTEGER NOT NULL, idx INTEGER NOT NULL)";

/// Puts the database of the booted image in its place, as a restart into it does.
///
/// # Errors
/// [`DemoError::File`].
pub(super) fn write(root: &Path, system: &System, state: &State) -> Result<(), DemoError> {
    let folder = root.join(FOLDER);
    fs::create_dir_all(&folder).map_err(DemoError::file(&folder))?;
    let (new, file) = (folder.join("new"), folder.join("rpmdb.sqlite"));
    let _ = fs::remove_file(&new);
    let base = state.booted().and_then(|booted| system.base(&booted.base));
    let names = base.into_iter().flat_map(|base| &base.packages).map(|package| package.name.as_str());
    let made = fill(&new, names).map_err(|error| std::io::Error::other(error.to_string()));
    made.and_then(|()| fs::rename(&new, &file)).map_err(DemoError::file(&file))
}

fn fill<'n>(file: &Path, names: impl Iterator<Item = &'n str>) -> Result<(), Error> {
    let mut connection = Connection::open(file)?;
    // It is thrown away with the world.
    connection.pragma_update(None, "synchronous", "OFF")?;
    let filling = connection.transaction()?;
    filling.execute_batch(TABLE)?;
    for (number, name) in (1_i64..).zip(names) {
        filling.execute("INSERT INTO Name VALUES (?, ?, 0)", (name, number))?;
    }
    filling.commit()
}
