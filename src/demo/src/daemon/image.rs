//! rpm's databases of the deployments, as far as they are read: the index of names, and what names each build of a package.

use super::description::System;
use super::nevra::Nevra;
use super::state::{Deployment, State};
use crate::DemoError;
use rusqlite::{Connection, Error};
use std::fs;
use std::path::{Path, PathBuf};

/// Where they lie below a deployment's root: what its image carries, and everything.
const IMAGE: &str = "usr/lib/sysimage/rpm-ostree-base-db/rpmdb.sqlite";
const ALL: &str = "usr/share/rpm/rpmdb.sqlite";

/// The tables that are read, as rpm 4.18 makes them.
const TABLES: &str = "CREATE TABLE 'Packages' (hnum INTEGER PRIMARY KEY AUTOINCREMENT,blob BLOB NOT NULL);
    CREATE TABLE 'Name' (key 'TEXT' NOT NULL, hnum INTEGER NOT NULL, idx INTEGER NOT NULL);";

/// Tags of rpm's, and its types of text and number.
const TAGS: [u32; 4] = [1000, 1001, 1002, 1022];
const EPOCH: u32 = 1003;
const TEXT: u32 = 6;
const NUMBER: u32 = 4;

/// Puts the databases of the booted deployment in their place, as a restart into it does.
///
/// # Errors
/// [`DemoError::File`].
pub(super) fn write_booted(root: &Path, system: &System, state: &State) -> Result<(), DemoError> {
    state.booted().map_or(Ok(()), |booted| write(root, system, booted))
}

/// The same for those that do not run, each in its own folder; those of deployments that are gone go.
///
/// # Errors
/// [`DemoError::File`].
pub(super) fn write_others(root: &Path, system: &System, state: &State) -> Result<(), DemoError> {
    let folder = root.join("ostree/deploy").join(&system.os).join("deploy");
    let place = |one: &Deployment| folder.join(format!("{}.{}", one.checksum, one.serial));
    let others: Vec<(PathBuf, &Deployment)> = state.deployments.iter().map(|one| (place(one), one)).collect();
    for gone in fs::read_dir(&folder).into_iter().flatten().flatten().map(|entry| entry.path()) {
        if others.iter().all(|(place, _)| *place != gone) {
            fs::remove_dir_all(&gone).map_err(DemoError::file(&gone))?;
        }
    }
    for (place, one) in others.iter().filter(|(place, _)| !place.exists()) {
        write(place, system, one)?;
    }
    Ok(())
}

fn write(root: &Path, system: &System, deployment: &Deployment) -> Result<(), DemoError> {
    let image = system.base(&deployment.base).map(|base| base.packages.clone()).unwrap_or_default();
    for (file, packages) in [(IMAGE, image), (ALL, deployment.packages(system))] {
        let file = root.join(file);
        let new = file.with_extension("new");
        let folder = file.parent().unwrap_or(root);
        fs::create_dir_all(folder).map_err(DemoError::file(folder))?;
        let _ = fs::remove_file(&new);
        let made = fill(&new, &packages).map_err(|error| std::io::Error::other(error.to_string()));
        made.and_then(|()| fs::rename(&new, &file)).map_err(DemoError::file(&file))?;
    }
    Ok(())
}

fn fill(file: &Path, packages: &[Nevra]) -> Result<(), Error> {
    let mut connection = Connection::open(file)?;
    // It is thrown away with the world.
    connection.pragma_update(None, "synchronous", "OFF")?;
    let filling = connection.transaction()?;
    filling.execute_batch(TABLES)?;
    for (number, package) in (1_i64..).zip(packages) {
        filling.execute("INSERT INTO Packages VALUES (?, ?)", (number, header(package)))?;
        filling.execute("INSERT INTO Name VALUES (?, ?, 0)", (&package.name, number))?;
    }
    filling.commit()
}

/// A header of rpm's with nothing but what names the package: two counts, an index, and the values.
fn header(package: &Nevra) -> Vec<u8> {
    let (mut index, mut store): (Vec<u8>, Vec<u8>) = (Vec::new(), Vec::new());
    let epoch = u32::try_from(package.epoch).unwrap_or_default().to_be_bytes();
    let texts = [&package.name, &package.version, &package.release, &package.arch];
    let texts = TAGS.into_iter().zip(texts).map(|(tag, text)| (tag, TEXT, [text.as_bytes(), &[0]].concat()));
    for (tag, kind, value) in std::iter::once((EPOCH, NUMBER, epoch.to_vec())).chain(texts) {
        let place = u32::try_from(store.len()).unwrap_or_default();
        index.extend([tag, kind, place, 1].into_iter().flat_map(u32::to_be_bytes));
        store.extend(value);
    }
    let counts = [TAGS.len() + 1, store.len()].map(|count| u32::try_from(count).unwrap_or_default());
    counts.into_iter().flat_map(u32::to_be_bytes).chain(index).chain(store).collect()
}
