//! The packages that the system's image carries, out of rpm's own database of it.

use crate::store::reader;
use rusqlite::{Connection, OpenFlags};
use std::collections::HashSet;
use std::path::Path;

/// Names that are read at most: an image has some two thousand.
const MOST: u32 = 50_000;

/// A name that is longer is none.
const MAX_NAME: u32 = 256;

/// Their names. Where there is no such database, or another one than rpm's SQLite, nothing is known: a plan tells it then.
pub(crate) fn read(file: &Path) -> HashSet<String> {
    if !file.is_file() {
        return HashSet::new();
    }
    names(file).unwrap_or_else(|error| {
        tracing::warn!(%error, "nobody says which packages the system's image carries");
        HashSet::new()
    })
}

/// The table `Name` is rpm's index of names. The image is never changed, so neither locks nor journals are looked for.
fn names(file: &Path) -> rusqlite::Result<HashSet<String>> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(reader::immutable(file), flags)?;
    let sql = "SELECT CAST(key AS BLOB) FROM Name WHERE length(key) <= ? LIMIT ?";
    let mut statement = connection.prepare(sql)?;
    let names = statement.query_map((MAX_NAME, MOST), |row| row.get::<_, Vec<u8>>(0))?;
    // A name that is no text is no package's.
    names.filter_map(|name| name.map(|name| String::from_utf8(name).ok()).transpose()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Its tables as rpm 4.18 makes them.
    fn database(file: &Path, names: &[&str]) {
        let connection = Connection::open(file).unwrap();
        let tables = "PRAGMA journal_mode = WAL;
            CREATE TABLE 'Packages' (hnum INTEGER PRIMARY KEY AUTOINCREMENT,blob BLOB NOT NULL);
            CREATE TABLE 'Name' (key 'TEXT' NOT NULL, hnum INTEGER NOT NULL, idx INTEGER NOT NULL, FOREIGN KEY (hnum) REFERENCES 'Packages'(hnum));
            CREATE INDEX 'Name_key_idx' ON 'Name'(key ASC);";
        connection.execute_batch(tables).unwrap();
        for (number, name) in (1_i64..).zip(names) {
            connection.execute("INSERT INTO Packages VALUES (?, x'00')", [number]).unwrap();
            connection.execute("INSERT INTO Name VALUES (?, ?, 0)", (name, number)).unwrap();
        }
    }

    #[test]
    fn names_are_read_where_nobody_can_write() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("rpmdb.sqlite");
        database(&file, &["firefox", "glibc", &"x".repeat(MAX_NAME as usize + 1)]);
        let known: HashSet<String> = ["firefox", "glibc"].map(str::to_owned).into();
        assert_eq!(read(&file), known);
        assert!(!folder.path().join("rpmdb.sqlite-shm").exists(), "nothing is written beside it");
    }

    #[test]
    fn what_is_no_database_of_rpms_says_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let [missing, text, other] = ["missing", "text", "other"].map(|name| folder.path().join(name));
        std::fs::write(&text, "no database").unwrap();
        Connection::open(&other).unwrap().execute_batch("CREATE TABLE Other (key)").unwrap();
        for file in [missing, text, other, folder.path().to_owned()] {
            assert!(read(&file).is_empty(), "{}", file.display());
        }
    }
}
