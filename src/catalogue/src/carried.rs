//! The packages that the system's image carries, out of rpm's own database of it.

use crate::rpm_database::RpmDatabase;
use std::collections::HashSet;
use std::path::Path;

/// Their names. Where there is no such database, or another one than rpm's SQLite, nothing is known: a plan tells it then.
pub(crate) fn read(file: &Path) -> HashSet<String> {
    if !file.is_file() {
        return HashSet::new();
    }
    RpmDatabase::open(file).and_then(|rpm| rpm.names()).unwrap_or_else(|error| {
        tracing::warn!(%error, "nobody says which packages the system's image carries");
        HashSet::new()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rpm_database::tests::{TOO_LONG, database};
    use rusqlite::Connection;

    #[test]
    fn names_are_read_where_nobody_can_write() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("rpmdb.sqlite");
        database(&file, &["firefox", "glibc", &"x".repeat(TOO_LONG)]);
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
