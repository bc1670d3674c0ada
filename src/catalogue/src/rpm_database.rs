//! rpm's own database of what a system consists of, where it lies in SQLite (since rpm 4.16).

use crate::error::CatalogueError;
use crate::store::reader;
use rusqlite::{Connection, OpenFlags};
use std::collections::HashSet;
use std::path::Path;

/// Names that are read at most: an image has some two thousand.
const MOST: u32 = 50_000;

/// A name that is longer is none.
const MAX_NAME: u32 = 256;

/// Headers of one name at most, and bytes of one: several kernels stand side by side.
const MOST_HEADERS: u32 = 32;
const MAX_HEADER: u32 = 32 << 20;

/// The database of a deployment, which is never changed: neither locks nor journals are looked for.
#[derive(Debug)]
pub struct RpmDatabase(Connection);

impl RpmDatabase {
    /// Opens it.
    ///
    /// # Errors
    /// [`CatalogueError::Unreadable`], as of all that follows: there is none, or it is no SQLite.
    pub fn open(file: &Path) -> Result<Self, CatalogueError> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        Connection::open_with_flags(reader::immutable(file), flags).map(Self).map_err(|error| unreadable(&error))
    }

    /// The names of all packages, out of rpm's index of names.
    ///
    /// # Errors
    /// See [`RpmDatabase::open`].
    pub fn names(&self) -> Result<HashSet<String>, CatalogueError> {
        let read = || -> rusqlite::Result<HashSet<String>> {
            let sql = "SELECT CAST(key AS BLOB) FROM Name WHERE length(key) <= ? LIMIT ?";
            let mut statement = self.0.prepare(sql)?;
            let names = statement.query_map((MAX_NAME, MOST), |row| row.get::<_, Vec<u8>>(0))?;
            // A name that is no text is no package's.
            names.filter_map(|name| name.map(|name| String::from_utf8(name).ok()).transpose()).collect()
        };
        read().map_err(|error| unreadable(&error))
    }

    /// The headers of the packages of a name, as rpm wrote them.
    ///
    /// # Errors
    /// See [`RpmDatabase::open`].
    pub fn headers(&self, name: &str) -> Result<Vec<Vec<u8>>, CatalogueError> {
        let read = || -> rusqlite::Result<Vec<Vec<u8>>> {
            let sql = "SELECT blob FROM Packages WHERE length(blob) <= ?1 \
                       AND hnum IN (SELECT hnum FROM Name WHERE key = ?2 OR key = CAST(?2 AS BLOB)) LIMIT ?3";
            let mut statement = self.0.prepare_cached(sql)?;
            let headers = statement.query_map((MAX_HEADER, name, MOST_HEADERS), |row| row.get(0))?;
            headers.collect()
        };
        read().map_err(|error| unreadable(&error))
    }
}

fn unreadable(error: &rusqlite::Error) -> CatalogueError {
    CatalogueError::Unreadable(error.to_string())
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A name that is longer than any.
    pub(crate) const TOO_LONG: usize = MAX_NAME as usize + 1;

    /// Its tables as rpm 4.18 makes them.
    pub(crate) fn database(file: &Path, names: &[&str]) {
        let connection = Connection::open(file).unwrap();
        let tables = "PRAGMA journal_mode = WAL;
            CREATE TABLE 'Packages' (hnum INTEGER PRIMARY KEY AUTOINCREMENT,blob BLOB NOT NULL);
            CREATE TABLE 'Name' (key 'TEXT' NOT NULL, hnum INTEGER NOT NULL, idx INTEGER NOT NULL, FOREIGN KEY (hnum) REFERENCES 'Packages'(hnum));
            CREATE INDEX 'Name_key_idx' ON 'Name'(key ASC);";
        connection.execute_batch(tables).unwrap();
        for (number, name) in (1_i64..).zip(names) {
            connection.execute("INSERT INTO Packages VALUES (?, CAST(? AS BLOB))", (number, number)).unwrap();
            connection.execute("INSERT INTO Name VALUES (?, ?, 0)", (name, number)).unwrap();
        }
    }

    #[test]
    fn headers_are_found_by_the_name_of_their_package() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("rpmdb.sqlite");
        database(&file, &["kernel", "glibc", "kernel"]);
        let rpm = RpmDatabase::open(&file).unwrap();
        assert_eq!(rpm.headers("kernel").unwrap(), [b"1".to_vec(), b"3".to_vec()]);
        assert_eq!(rpm.headers("kern").unwrap(), Vec::<Vec<u8>>::new());
        assert!(!folder.path().join("rpmdb.sqlite-shm").exists(), "nothing is written beside it");
        assert!(RpmDatabase::open(&folder.path().join("missing")).is_err());
    }
}
