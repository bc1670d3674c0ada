//! Opens a catalogue that was written.

use super::schema;
use crate::CatalogueError;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OpenFlags};
use std::ffi::OsString;
use std::io;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// Opens a catalogue and tells its generation.
pub(crate) fn open(path: &Path) -> Result<(Connection, u64), CatalogueError> {
    let before = state(path);
    match open_once(path) {
        // A new one took its place meanwhile, and what was looked at is of two files.
        Err(CatalogueError::Damaged(_)) if state(path) != before => open_once(path),
        opened => opened,
    }
}

/// Tells one file at a path from the next one.
fn state(path: &Path) -> Option<(u64, u64)> {
    std::fs::metadata(path).ok().map(|metadata| (metadata.ino(), metadata.len()))
}

fn open_once(path: &Path) -> Result<(Connection, u64), CatalogueError> {
    let size = match std::fs::metadata(path) {
        Ok(metadata) if metadata.is_file() => metadata.len(),
        Ok(metadata) if metadata.is_dir() => return Err(CatalogueError::InTheWay(path.to_owned())),
        // A pipe or a device: SQLite would wait for it. A new catalogue takes its place.
        Ok(_) => return Err(CatalogueError::Damaged("this is no regular file".to_owned())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Err(CatalogueError::NotBuilt(path.to_owned()));
        }
        // A link that leads in circles leads to nothing that could be lost.
        Err(error) if path.is_symlink() => return Err(CatalogueError::Damaged(error.to_string())),
        Err(error) => return Err(unreadable(path, &error)),
    };
    // SQLite would only say that it cannot open it.
    std::fs::File::open(path).map_err(|error| unreadable(path, &error))?;
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(immutable(path), flags).map_err(reading)?;
    // A plan does not depend on what is asked for, so it is made once: else each asking would make it anew.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true).map_err(reading)?;
    let generation = check(&connection, size)?;
    Ok((connection, generation))
}

/// What stands between this person and a file, as what they can do something about.
fn unreadable(path: &Path, error: &io::Error) -> CatalogueError {
    // What can be looked at itself is what cannot be looked into.
    let nearest = || path.ancestors().find(|above| above.symlink_metadata().is_ok()).unwrap_or(path).to_owned();
    match error.kind() {
        io::ErrorKind::PermissionDenied => CatalogueError::NotAllowed(nearest()),
        io::ErrorKind::NotADirectory => CatalogueError::NoFolder(nearest()),
        _ => CatalogueError::Unreadable(error.to_string()),
    }
}

/// The address of a file that is never changed once it has its name, so that SQLite needs neither locks nor a look for
/// journals.
pub(crate) fn immutable(path: &Path) -> PathBuf {
    let mut uri = b"file:".to_vec();
    for &byte in path.as_os_str().as_bytes() {
        match byte {
            b'%' => uri.extend(b"%25"),
            b'?' => uri.extend(b"%3f"),
            b'#' => uri.extend(b"%23"),
            _ => uri.push(byte),
        }
    }
    uri.extend(b"?immutable=1");
    PathBuf::from(OsString::from_vec(uri))
}

fn check(connection: &Connection, size: u64) -> Result<u64, CatalogueError> {
    let number = |sql: &str| connection.query_row(sql, [], |row| row.get::<_, i64>(0)).map_err(reading);
    if number("PRAGMA application_id")? != schema::APPLICATION {
        return Err(CatalogueError::Damaged("not a catalogue".to_owned()));
    }
    let found = number("PRAGMA user_version")?;
    if found != schema::NUMBER {
        return Err(CatalogueError::WrongSchema { found, expected: schema::NUMBER });
    }
    // SQLite counts whole pages only, and would meet a cut one late.
    let whole = number("PRAGMA page_count")? * number("PRAGMA page_size")?;
    if whole != i64::try_from(size).unwrap_or(i64::MAX) {
        return Err(CatalogueError::Damaged(format!("{size} bytes instead of {whole}")));
    }
    let generation = number("SELECT generation FROM about")?;
    u64::try_from(generation).map_err(|_| CatalogueError::Damaged(format!("generation {generation}")))
}

/// What SQLite says while reading: what lies in the file is at fault, unless the file could not be read at all.
#[allow(clippy::needless_pass_by_value)] // Used as a function for `map_err`.
pub(crate) fn reading(error: rusqlite::Error) -> CatalogueError {
    match error.sqlite_error_code() {
        Some(ErrorCode::CannotOpen | ErrorCode::PermissionDenied | ErrorCode::SystemIoFailure) => {
            CatalogueError::Unreadable(error.to_string())
        }
        _ => CatalogueError::Damaged(error.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::find;
    use rusqlite::StatementStatus;

    #[test]
    fn what_stands_in_the_way_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("strata");
        std::fs::write(&file, "").unwrap();
        let opened = open(&file.join("catalogue.db")).unwrap_err();
        assert!(matches!(&opened, CatalogueError::NoFolder(path) if *path == file), "{opened}");
        // Nobody keeps root out of a folder, so the system's word is given.
        let denied = unreadable(&folder.path().join("locked/catalogue.db"), &io::ErrorKind::PermissionDenied.into());
        assert!(matches!(&denied, CatalogueError::NotAllowed(path) if path == folder.path()), "{denied}");
    }

    #[test]
    fn a_question_is_planned_once_whatever_is_asked_for() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("catalogue.db");
        let new = Connection::open(&path).unwrap();
        let about = "INSERT INTO about VALUES (1, '[]', '{}')";
        let numbers = format!("PRAGMA application_id={}; PRAGMA user_version={}", schema::APPLICATION, schema::NUMBER);
        new.execute_batch(&format!("{} {} {about}; {numbers}", schema::TABLES, schema::indexes())).unwrap();
        drop(new);
        let (connection, _) = open(&path).unwrap();
        let by_number = "SELECT place FROM offer WHERE number = ?1 ORDER BY place".to_owned();
        let by_id = format!("SELECT {}", find::NUMBER);
        for sql in [by_number, by_id, "SELECT key FROM name WHERE key >= ?1 LIMIT ?1".to_owned()] {
            for asked in 1..4 {
                let mut statement = connection.prepare_cached(&sql).unwrap();
                let _anything = statement.exists([asked]).unwrap();
                assert_eq!(statement.get_status(StatementStatus::RePrepare), 0, "{sql}");
            }
        }
    }
}
