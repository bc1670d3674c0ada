//! Feeds on disk: opened, unpacked, bounded.

use crate::deadline::Deadline;
use flate2::bufread::MultiGzDecoder;
use std::collections::HashSet;
use std::fs::{DirEntry, File, Metadata};
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

/// Most bytes of one feed, unpacked: ten times the largest one known has, and more.
const MOST_BYTES: u64 = 1 << 30;
/// Most icons of one size.
const MOST_ICONS: usize = 500_000;
const CHUNK: usize = 64 << 10;

/// Opens a feed's file.
pub(crate) fn open(path: &Path) -> io::Result<File> {
    // Looked at before it is opened: opening a pipe waits for whoever writes to it.
    if !std::fs::metadata(path)?.is_file() {
        return Err(io::Error::other("not a file"));
    }
    File::open(path)
}

/// What a feed's file says, packed with gzip or plain, by what it holds rather than by its name.
/// It breaks off when its time is over.
pub(crate) fn unpacked(file: File, deadline: Deadline) -> io::Result<Box<dyn BufRead>> {
    let mut packed = BufReader::with_capacity(CHUNK, file);
    if packed.fill_buf()?.starts_with(&[0x1f, 0x8b]) {
        let plain = Bounded::new(MultiGzDecoder::new(packed), MOST_BYTES, deadline);
        return Ok(Box::new(BufReader::with_capacity(CHUNK, plain)));
    }
    Ok(Box::new(BufReader::with_capacity(CHUNK, Bounded::new(packed, MOST_BYTES, deadline))))
}

/// A reader that breaks off with an error rather than give more than it may, or longer.
struct Bounded<R> {
    source: R,
    left: u64,
    deadline: Deadline,
}

impl<R> Bounded<R> {
    fn new(source: R, most: u64, deadline: Deadline) -> Self {
        Self { source, left: most, deadline }
    }
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
        self.deadline.check()?;
        let count = self.source.read(room)?;
        self.left =
            self.left.checked_sub(count as u64).ok_or_else(|| io::Error::other("larger than any feed may be"))?;
        Ok(count)
    }
}

/// The icons that a feed has on this machine. Asking is looking up a name, so no name can leave the folder.
#[derive(Debug, Default)]
pub(crate) struct IconFolder {
    small: Size,
    large: Size,
}

#[derive(Debug, Default)]
struct Size {
    folder: PathBuf,
    names: HashSet<String>,
}

impl IconFolder {
    /// Lists the folder of 64×64 and that of 128×128 icons; a folder that is not there is empty.
    pub(crate) fn list(icons: &Path) -> Self {
        // Without links, to know what lies in it.
        let Ok(root) = icons.canonicalize() else { return Self::default() };
        Self { small: Size::list(icons.join("64x64"), &root), large: Size::list(icons.join("128x128"), &root) }
    }

    /// The path of a 64×64 icon.
    pub(crate) fn small(&self, name: &str) -> Option<PathBuf> {
        self.small.path(name)
    }

    /// The path of a 128×128 icon.
    pub(crate) fn large(&self, name: &str) -> Option<PathBuf> {
        self.large.path(name)
    }
}

impl Size {
    /// Files below the root. A link is followed, and counts only if it does not lead out: an origin could show any
    /// picture of this machine else, or have a device read.
    fn list(folder: PathBuf, root: &Path) -> Self {
        if !leads_to(&folder, root, Metadata::is_dir) {
            return Self::default();
        }
        let entries = std::fs::read_dir(&folder).into_iter().flatten().flatten().take(MOST_ICONS);
        let inside = |entry: &DirEntry| match entry.file_type() {
            Ok(kind) if kind.is_symlink() => leads_to(&entry.path(), root, Metadata::is_file),
            Ok(kind) => kind.is_file(),
            Err(_) => false,
        };
        let names = entries.filter(inside).filter_map(|entry| entry.file_name().into_string().ok()).collect();
        Self { folder, names }
    }

    fn path(&self, name: &str) -> Option<PathBuf> {
        self.names.contains(name).then(|| self.folder.join(name))
    }
}

/// Whether a path, its links followed, ends at something of the right kind below a folder.
fn leads_to(path: &Path, root: &Path, is_right: impl Fn(&Metadata) -> bool) -> bool {
    let Ok(real) = path.canonicalize() else { return false };
    real.starts_with(root) && real.metadata().is_ok_and(|metadata| is_right(&metadata))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::deadline::Clock;

    #[test]
    fn a_reader_gives_no_more_than_it_may() {
        let mut text = String::new();
        let of = |bytes: &'static [u8], most| Bounded::new(bytes, most, Deadline::new(&Clock::real()));
        assert!(of(b"12345", 5).read_to_string(&mut text).is_ok());
        assert!(of(b"123456", 5).read_to_string(&mut text).is_err());
    }

    #[test]
    fn icons_are_names_in_the_folder_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(folder.path().join("64x64")).unwrap();
        std::fs::write(folder.path().join("64x64/a.png"), "").unwrap();
        std::fs::write(folder.path().join("secret.png"), "").unwrap();
        let icons = IconFolder::list(folder.path());
        assert_eq!(icons.small("a.png"), Some(folder.path().join("64x64/a.png")));
        assert_eq!(icons.large("a.png"), None);
        let link = |to: &str, name: &str| {
            std::os::unix::fs::symlink(to, folder.path().join("64x64").join(name)).unwrap();
        };
        link("a.png", "inside.png");
        link("/etc/passwd", "outside.png");
        link("/dev/zero", "device.png");
        link("nothing", "nowhere.png");
        link("..", "folder.png");
        std::os::unix::fs::symlink("/etc", folder.path().join("128x128")).unwrap();
        let icons = IconFolder::list(folder.path());
        assert_eq!(icons.small("inside.png"), Some(folder.path().join("64x64/inside.png")));
        for name in ["outside.png", "device.png", "nowhere.png", "folder.png"] {
            assert_eq!(icons.small(name), None, "{name}");
        }
        assert_eq!(icons.large("passwd"), None, "a folder that is a link");
        for outside in ["../secret.png", "/etc/passwd", "", ".", ".."] {
            assert_eq!(icons.small(outside), None, "{outside:?}");
        }
    }
}
