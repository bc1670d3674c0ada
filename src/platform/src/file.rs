//! Files that other processes read while they are written.

use std::io::{self, Write};
use std::path::Path;
use tempfile::NamedTempFile;

/// Writes a file beside and renames it over, making its folder where it is missing: whoever reads finds the old file or
/// the new one. For what can be made anew: after a power cut it may be empty.
///
/// # Errors
/// When it cannot be written; the old one is then as it was.
pub fn replace(path: &Path, content: &[u8]) -> io::Result<()> {
    let beside = write_beside(path, content)?;
    beside.persist(path)?;
    Ok(())
}

/// The same for what cannot be made anew: a power cut too leaves the old file or the new one.
///
/// # Errors
/// When it cannot be written; the old one is then as it was.
pub fn replace_durably(path: &Path, content: &[u8]) -> io::Result<()> {
    let beside = write_beside(path, content)?;
    beside.as_file().sync_all()?;
    beside.persist(path)?;
    Ok(())
}

fn write_beside(path: &Path, content: &[u8]) -> io::Result<NamedTempFile> {
    let folder = path.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder)?;
    let mut file = NamedTempFile::new_in(folder)?;
    file.write_all(content)?;
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_new_one_takes_the_place_of_the_old_one() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deep/file");
        replace(&path, b"one").unwrap();
        replace_durably(&path, b"two").unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"two");
        assert_eq!(std::fs::read_dir(folder.path().join("deep")).unwrap().count(), 1);
    }
}
