//! Everything that a change does to the disk, one small step at a time. Each can be done again: what is there already is
//! fine, and so is what is gone already.

use super::error::LibraryError;
use crate::format;
use rustix::fs::{Access, CWD, RenameFlags};
use rustix::io::Errno;
use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::Path;

/// Is asked before each step; a test ends the work there, as a crash would.
type Gate = Box<dyn Fn() -> io::Result<()> + Send + Sync>;

/// The disk.
#[derive(Default)]
pub(super) struct Disk {
    gate: Option<Gate>,
    /// It knows one name for a file only, as FAT does: a test has no such disk.
    pub(super) one_name: bool,
    /// It keeps no mark for programs, as memory sticks often do, and says nothing of it.
    pub(super) no_programs: bool,
    /// It says no, in this way, to whoever wants to mark a file.
    pub(super) refuses: Option<ErrorKind>,
}

impl std::fmt::Debug for Disk {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("Disk")
    }
}

/// What a program's file may: everybody starts it, its owner changes it.
const PROGRAM: u32 = 0o755;
/// Its owner starts it.
const STARTS: u32 = 0o100;
/// All that a file may.
const MODE: u32 = 0o7777;

impl Disk {
    /// A disk that asks before each step.
    #[cfg(test)]
    pub(super) fn gated(gate: impl Fn() -> io::Result<()> + Send + Sync + 'static) -> Self {
        Self { gate: Some(Box::new(gate)), ..Self::default() }
    }

    fn step(&self, path: &Path, work: impl FnOnce() -> io::Result<()>) -> Result<(), LibraryError> {
        self.gate.as_ref().map_or(Ok(()), |gate| gate()).and_then(|()| work()).map_err(LibraryError::at(path))
    }

    /// Makes a file anew and brings it to the disk. Its folder is made where it is missing.
    pub(super) fn write(&self, path: &Path, bytes: &[u8]) -> Result<(), LibraryError> {
        let folder = path.parent().unwrap_or(path);
        self.step(folder, || fs::create_dir_all(folder))?;
        // What lies there was put there by an earlier try, or is a link to somewhere else.
        self.remove(path)?;
        let (first, rest) = bytes.split_at(bytes.len() / 2);
        let mut file = None;
        self.step(path, || {
            file = Some(OpenOptions::new().write(true).create_new(true).mode(0o644).open(path)?);
            Ok(())
        })?;
        let Some(mut file) = file else { return Ok(()) };
        self.step(path, || file.write_all(first))?;
        self.step(path, || file.write_all(rest))?;
        self.step(path, || file.sync_all())
    }

    /// The same over a file that is there: whoever reads finds the old one or the new one, after a power cut too.
    pub(super) fn replace(&self, path: &Path, bytes: &[u8]) -> Result<(), LibraryError> {
        let beside = path.with_extension("json.new");
        let replaced = self.write(&beside, bytes).and_then(|()| self.rename(&beside, path));
        if replaced.is_err() {
            // What cannot be taken away either is at the next start.
            let _ = self.remove(&beside);
        }
        self.sync_folder(path);
        replaced
    }

    /// Puts a file into its place.
    pub(super) fn rename(&self, from: &Path, to: &Path) -> Result<(), LibraryError> {
        self.step(to, || fs::rename(from, to))
    }

    /// The same where nothing has the place yet: what somebody else put there meanwhile stays.
    pub(super) fn rename_new(&self, from: &Path, to: &Path) -> Result<(), LibraryError> {
        let mut taken = false;
        let renamed = self.step(to, || match rustix::fs::renameat_with(CWD, from, CWD, to, RenameFlags::NOREPLACE) {
            Err(Errno::EXIST) => {
                taken = true;
                Err(Errno::EXIST.into())
            }
            // Not all file systems know it.
            Err(Errno::INVAL | Errno::NOSYS | Errno::OPNOTSUPP) if exists(to) => {
                taken = true;
                Err(Errno::EXIST.into())
            }
            Err(Errno::INVAL | Errno::NOSYS | Errno::OPNOTSUPP) => fs::rename(from, to),
            other => other.map_err(Into::into),
        });
        if taken { Err(LibraryError::InTheWay(to.to_owned())) } else { renamed }
    }

    /// Brings the names in a file's folder to the disk. Not all file systems can, and those that cannot have no better way.
    pub(super) fn sync_folder(&self, path: &Path) {
        let folder = path.parent().unwrap_or(path);
        if let Err(error) = self.step(folder, || File::open(folder)?.sync_all()) {
            tracing::debug!(%error, "a folder is not brought to the disk");
        }
    }

    /// Brings a file's content to the disk.
    pub(super) fn sync(&self, path: &Path) -> Result<(), LibraryError> {
        self.step(path, || File::open(path)?.sync_all())
    }

    /// Makes a file one that can be started.
    pub(super) fn make_executable(&self, path: &Path) -> Result<(), LibraryError> {
        let look = || fs::metadata(path).map_err(LibraryError::at(path));
        let no_programs = || LibraryError::NoPrograms(path.parent().unwrap_or(path).to_owned());
        if mode_of(&look()?) == PROGRAM {
            // Some disks keep the mark, and let nothing be started all the same.
            return if can_be_started(path) { Ok(()) } else { Err(no_programs()) };
        }
        let marked = self.step(path, || self.mark(path, PROGRAM));
        let found = look()?;
        match marked {
            // Some disks say yes, and keep it as it was, or let nothing be started.
            Ok(()) if !can_be_started(path) => Err(no_programs()),
            // Some refuse, and have everything for a program.
            Err(LibraryError::Io { error, .. }) if is_refused(&error) && can_be_started(path) => Ok(()),
            // About a file of somebody else's every disk refuses.
            Err(LibraryError::Io { error, .. }) if is_refused(&error) && is_own(&found) => Err(no_programs()),
            other => other,
        }
    }

    /// Lets a file be started that nobody may start: by its owner, and others may with it what they might before.
    pub(super) fn make_startable(&self, path: &Path) -> Result<(), LibraryError> {
        if can_be_started(path) {
            return Ok(());
        }
        let found = fs::metadata(path).map_err(LibraryError::at(path))?;
        let marked = self.step(path, || self.mark(path, mode_of(&found) | STARTS));
        match marked {
            _ if can_be_started(path) => Ok(()),
            // Of a file of somebody else's that says nothing about the disk.
            Err(error) if !is_own(&found) => Err(error),
            _ => Err(LibraryError::NoPrograms(path.parent().unwrap_or(path).to_owned())),
        }
    }

    fn mark(&self, path: &Path, mode: u32) -> io::Result<()> {
        match self.refuses {
            Some(kind) => Err(kind.into()),
            None if self.no_programs => Ok(()),
            None => fs::set_permissions(path, PermissionsExt::from_mode(mode)),
        }
    }

    /// Gives a file that was made a program back what it might before. What else lies there by now stays as it is.
    pub(super) fn unmark(&self, path: &Path, before: u32) -> Result<(), LibraryError> {
        if before == PROGRAM || mode(path) != Some(PROGRAM) {
            return Ok(());
        }
        self.step(path, || self.mark(path, before & MODE))
    }

    /// Gives a file a second name, which takes the place of what had it. File systems that know one name for a file only
    /// give it the new one: for a moment, or until the change is brought to its end, there is none under the old one.
    pub(super) fn keep(&self, file: &Path, name: &Path) -> Result<(), LibraryError> {
        if !exists(file) || is_same(file, name) {
            return Ok(());
        }
        self.remove(name)?;
        self.step(name, || match self.link(file, name) {
            Err(error) if is_unknown(&error) => fs::rename(file, name),
            other => other,
        })
    }

    /// Gives a file a second name.
    fn link(&self, file: &Path, name: &Path) -> io::Result<()> {
        if self.one_name { Err(ErrorKind::PermissionDenied.into()) } else { fs::hard_link(file, name) }
    }

    /// Takes a file, or a link, away.
    pub(super) fn remove(&self, path: &Path) -> Result<(), LibraryError> {
        if !exists(path) {
            return Ok(());
        }
        self.step(path, || gone(fs::remove_file(path)))
    }

    /// Takes an AppImage away, and nothing else: what lies there instead is somebody else's.
    pub(super) fn remove_appimage(&self, path: &Path) -> Result<(), LibraryError> {
        if is_appimage(path) { self.remove(path) } else { Ok(()) }
    }

    /// Makes a folder and those above it.
    pub(super) fn make_folders(&self, path: &Path) -> Result<(), LibraryError> {
        if path.is_dir() {
            return Ok(());
        }
        self.step(path, || fs::create_dir_all(path))
    }

    /// Gives a file a second name, or where that cannot be, on another file system, makes a copy under that name. Whether
    /// it is a copy.
    pub(super) fn link_or_copy(&self, from: &Path, to: &Path) -> Result<bool, LibraryError> {
        self.remove(to)?;
        if self.step(to, || self.link(from, to)).is_ok() {
            return Ok(false);
        }
        let copied = self.step(to, || {
            let mut target = OpenOptions::new().write(true).create_new(true).mode(0o644).open(to)?;
            let mut source = File::open(from)?;
            io::copy(&mut source, &mut target)?;
            target.set_modified(source.metadata()?.modified()?)
        });
        if copied.is_err() {
            // What cannot be taken away either is at the next start.
            let _ = self.remove(to);
        }
        copied.map(|()| true)
    }

    /// Makes a folder, where there is one for it: on a drive that is not there any more there is none.
    pub(super) fn make_folder(&self, path: &Path) -> Result<(), LibraryError> {
        if exists(path) {
            return Ok(());
        }
        self.step(path, || gone(fs::create_dir(path)))
    }

    /// Takes a folder away if nothing is in it.
    pub(super) fn remove_empty(&self, path: &Path) -> Result<(), LibraryError> {
        if !is_folder(path) {
            return Ok(());
        }
        self.step(path, || match fs::remove_dir(path) {
            Err(error) if error.kind() == ErrorKind::DirectoryNotEmpty => Ok(()),
            other => gone(other),
        })
    }

    /// Takes a folder away with all that is in it. Links in it are not followed, and a link in its place stays.
    pub(super) fn remove_tree(&self, path: &Path) -> Result<(), LibraryError> {
        if !is_folder(path) {
            return Ok(());
        }
        self.step(path, || gone(fs::remove_dir_all(path)))
    }
}

/// Whether anything has this name, and be it a link to nothing.
pub(super) fn exists(path: &Path) -> bool {
    path.symlink_metadata().is_ok()
}

/// Whether this is a folder, and no link to one.
pub(super) fn is_folder(path: &Path) -> bool {
    path.symlink_metadata().is_ok_and(|metadata| metadata.is_dir())
}

/// Whether this is an AppImage, and no link to one.
pub(super) fn is_appimage(path: &Path) -> bool {
    let regular = path.symlink_metadata().is_ok_and(|metadata| metadata.is_file());
    regular && File::open(path).is_ok_and(|mut file| format::head(&mut file).is_ok())
}

fn is_same(one: &Path, other: &Path) -> bool {
    let inode = |path: &Path| path.symlink_metadata().map(|metadata| (metadata.dev(), metadata.ino()));
    matches!((inode(one), inode(other)), (Ok(one), Ok(other)) if one == other)
}

/// What a regular file may.
pub(super) fn mode(path: &Path) -> Option<u32> {
    path.symlink_metadata().ok().filter(Metadata::is_file).map(|found| mode_of(&found))
}

fn mode_of(found: &Metadata) -> u32 {
    found.permissions().mode() & MODE
}

fn can_be_started(path: &Path) -> bool {
    rustix::fs::access(path, Access::EXEC_OK).is_ok()
}

fn is_own(found: &Metadata) -> bool {
    found.uid() == rustix::process::geteuid().as_raw()
}

/// What file systems without second names say, and those that give them to nobody but a file's owner.
fn is_unknown(error: &io::Error) -> bool {
    is_refused(error) || error.kind() == ErrorKind::TooManyLinks
}

/// What a file system says to what it does not have, or not for this person.
fn is_refused(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::PermissionDenied | ErrorKind::Unsupported)
}

fn gone(removed: io::Result<()>) -> io::Result<()> {
    match removed {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        other => other,
    }
}
