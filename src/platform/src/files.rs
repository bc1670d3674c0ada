//! Files: read with bounds, written so that whoever reads meanwhile finds a whole one.

use rustix::fs::OFlags;
use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::Path;
use strata_model::{Failure, FailureKind};
use tempfile::NamedTempFile;

/// Reads a regular file of at most `limit` bytes. Anything else that lies there (a pipe, a device, a folder) is refused
/// without waiting for it.
///
/// # Errors
/// When there is none, it cannot be read, it is no regular file, or it is larger ([`io::ErrorKind::FileTooLarge`]).
pub fn read_bounded(path: &Path, limit: u64) -> io::Result<Vec<u8>> {
    // Opening a pipe that nobody writes to would wait for ever.
    let flags = (OFlags::NONBLOCK | OFlags::NOCTTY).bits().cast_signed();
    let file = OpenOptions::new().read(true).custom_flags(flags).open(path)?;
    let metadata = file.metadata()?;
    if !metadata.is_file() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "this is no regular file"));
    }
    if metadata.len() > limit {
        return Err(too_large(limit));
    }
    let mut content = Vec::new();
    // It may grow while it is read.
    file.take(limit.saturating_add(1)).read_to_end(&mut content)?;
    if content.len() as u64 > limit {
        return Err(too_large(limit));
    }
    Ok(content)
}

/// The `file:` address of a whole path; `None` for any other.
pub fn address(path: &Path) -> Option<String> {
    reqwest::Url::from_file_path(path).ok().map(String::from)
}

fn too_large(limit: u64) -> io::Error {
    io::Error::new(io::ErrorKind::FileTooLarge, format!("larger than {limit} bytes"))
}

/// Makes a file that only the person may read, empty where there was none; one that is there loses other people's
/// rights.
///
/// # Errors
/// When it cannot be made or belongs to somebody else.
pub fn make_private(path: &Path) -> io::Result<()> {
    const OWN: u32 = 0o600;
    let flags = OFlags::NONBLOCK.bits().cast_signed();
    let file = OpenOptions::new().append(true).create(true).mode(OWN).custom_flags(flags).open(path)?;
    restrict(&file, OWN)
}

fn restrict(file: &File, mode: u32) -> io::Result<()> {
    let mut permissions = file.metadata()?.permissions();
    if permissions.mode() & 0o777 == mode {
        return Ok(());
    }
    permissions.set_mode(mode);
    file.set_permissions(permissions)
}

/// Why a file of Strata's own could not be written: of a full disk the folder is named, to which people make room.
pub fn unwritten(path: &Path, error: &io::Error) -> Failure {
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => full(path, error.to_string()),
        _ => Failure::new(FailureKind::Unwritable, path.to_string_lossy(), error.to_string()),
    }
}

/// The disk is full that this file of Strata's own is on.
pub fn full(path: &Path, detail: impl Into<String>) -> Failure {
    let folder = path.parent().unwrap_or(path);
    Failure::new(FailureKind::DataFull, folder.to_string_lossy(), detail)
}

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

/// The same, but a file that stays as it is keeps its time, by which others know that nothing is new. `true` if it is
/// another one; what is larger than `limit` always is.
///
/// # Errors
/// When it cannot be written; the old one is then as it was.
pub fn replace_if_other(path: &Path, content: &[u8], limit: u64) -> io::Result<bool> {
    match read_bounded(path, limit) {
        Ok(known) if known == content => Ok(false),
        _ => replace(path, content).map(|()| true),
    }
}

/// The same as [`replace`] for what cannot be made anew: a power cut too leaves the old file or the new one.
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

    #[test]
    fn of_a_full_disk_the_folder_is_named_else_the_file() {
        let path = Path::new("/home/a/strata/settings.toml");
        let cases = [
            (io::ErrorKind::StorageFull, FailureKind::DataFull, "/home/a/strata"),
            (io::ErrorKind::QuotaExceeded, FailureKind::DataFull, "/home/a/strata"),
            (io::ErrorKind::PermissionDenied, FailureKind::Unwritable, "/home/a/strata/settings.toml"),
        ];
        for (error, kind, subject) in cases {
            let failure = unwritten(path, &error.into());
            assert_eq!((failure.kind, &*failure.subject), (kind, subject));
        }
    }

    #[test]
    fn only_regular_files_of_their_size_are_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        std::fs::write(&path, "four").unwrap();
        assert_eq!(read_bounded(&path, 4).unwrap(), b"four");
        assert_eq!(read_bounded(&path, 3).unwrap_err().kind(), io::ErrorKind::FileTooLarge);
        let pipe = folder.path().join("pipe");
        rustix::fs::mkfifoat(rustix::fs::CWD, &pipe, rustix::fs::Mode::RWXU).unwrap();
        let zero = folder.path().join("zero");
        std::os::unix::fs::symlink("/dev/zero", &zero).unwrap();
        for other in [&pipe, &zero, folder.path()] {
            assert!(read_bounded(other, 4).is_err(), "{}", other.display());
        }
        assert_eq!(read_bounded(&folder.path().join("none"), 4).unwrap_err().kind(), io::ErrorKind::NotFound);
    }

    #[test]
    fn a_private_file_is_nobody_elses_also_where_it_was() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        let mode = || std::fs::metadata(&path).unwrap().permissions().mode() & 0o777;
        make_private(&path).unwrap();
        assert_eq!(mode(), 0o600);
        std::fs::write(&path, "kept").unwrap();
        std::fs::set_permissions(&path, PermissionsExt::from_mode(0o644)).unwrap();
        make_private(&path).unwrap();
        assert_eq!((mode(), std::fs::read(&path).unwrap()), (0o600, b"kept".to_vec()));
    }
}
