//! Disks without room: what does not fit is said so, and what was there stays.

#![allow(clippy::unwrap_used, clippy::panic)]

#[path = "server/file.rs"]
mod file;
mod made;

use backhand::compression::Compressor;
use file::{Fault, FileServer};
use made::zsync::noise;
use made::{DESKTOP, Elf, Made};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use strata_appimage::download::{Download, DownloadError};
use strata_appimage::library::{Candidate, Facts, Library, LibraryError, New, Place, Settings};
use strata_platform::{Environment, http};
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

const ID: &str = "org.example.App";
/// Bytes of the small disk.
const SIZE: usize = 4 << 20;

/// A file system of its own; needs the right to mount.
struct Small {
    at: PathBuf,
}

impl Small {
    fn mount(at: &Path) -> Option<Self> {
        Self::mount_with(at, "exec")
    }

    fn mount_with(at: &Path, option: &str) -> Option<Self> {
        std::fs::create_dir_all(at).unwrap();
        let options = format!("size={SIZE},{option}");
        let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", &options, "small"]).arg(at).status().unwrap();
        if !mounted.success() {
            assert!(std::env::var_os("CI").is_none(), "CI may mount");
            eprintln!("skipped: no right to mount a small file system here");
            return None;
        }
        Some(Self { at: at.to_owned() })
    }

    /// Leaves so many bytes.
    fn fill(&self, left: usize) {
        let disk = rustix::fs::statvfs(&self.at).unwrap();
        let free = usize::try_from(disk.f_bavail * disk.f_frsize).unwrap();
        std::fs::write(self.at.join("filling"), vec![1; free - left]).unwrap();
    }

    fn empty(&self) {
        std::fs::remove_file(self.at.join("filling")).unwrap();
    }
}

impl Drop for Small {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("--lazy").arg(&self.at).status();
    }
}

/// What lies in a folder, by name.
fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[tokio::test]
async fn a_download_that_does_not_fit_is_told_before_or_where_it_ends() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("Applications");
    let Some(small) = Small::mount(&folder) else { return };
    let body = noise(1, SIZE / 2);
    let server = FileServer::start(&body, Some("\"one\""));
    let (client, cancel) = (http::client().unwrap(), CancellationToken::new());
    let wanted = Download { url: server.url.clone(), size: 0, sha256: None, blake3: None, sha1: None };
    let fetch = async || wanted.fetch(&client, &folder, |_| {}, &cancel).await;
    small.fill(SIZE / 4);
    let told = fetch().await;
    assert!(matches!(told, Err(DownloadError::NoSpace { needed }) if needed == body.len() as u64), "{told:?}");
    // A server that does not say how long it is.
    server.faults(&[Fault::Unsaid]);
    let full = fetch().await;
    assert!(matches!(full, Err(DownloadError::NoSpace { .. })), "{full:?}");
    small.empty();
    let found = fetch().await.unwrap();
    assert!(std::fs::read(found.path).unwrap() == body, "what came before was of use, or did no harm");
}

/// A person with the folder of AppImages on a disk of its own.
fn library(home: &TempDir) -> Library {
    let value = |name: &str| match name {
        "HOME" => Some(home.path().into()),
        "STRATA_SYSTEM_ROOT" => Some(home.path().join("system").into()),
        _ => None,
    };
    Library::new(&Environment::from_variables(&value))
}

fn version(name: &str) -> Vec<u8> {
    let desktop = DESKTOP.replace("Name=App", &format!("Name=App\nX-AppImage-Version={name}"));
    let data = noise(1, SIZE / 4);
    let entries = [("data", Made::File(&data)), ("org.example.App.desktop", Made::File(desktop.as_bytes()))];
    made::appimage(&Elf::default(), &made::squash(Compressor::Gzip, &entries))
}

fn new(path: &Path, bytes: &[u8]) -> New {
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, bytes).unwrap();
    New { candidate: Candidate::read(path).unwrap(), facts: Facts::default(), accepted: None }
}

#[test]
#[cfg(target_arch = "x86_64")] // which the made ones are for
fn a_file_that_does_not_fit_stays_where_it_is() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("Applications");
    let Some(small) = Small::mount(&folder) else { return };
    let (library, own) = (library(&home), home.path().join("Downloads/App.AppImage"));
    let first = new(&own, &version("1"));
    small.fill(SIZE / 8);
    let refused = library.install(&first, &Place::Folder(folder.clone()), Settings::default());
    let Err(LibraryError::Io { error, .. }) = &refused else { panic!("{refused:?}") };
    assert_eq!(error.kind(), std::io::ErrorKind::StorageFull);
    assert_eq!((names(&folder), own.exists()), (vec!["filling".to_owned()], true));
    assert!(library.all().unwrap().apps.is_empty() && library.recover().unwrap().faults.is_empty());
    small.empty();
    library.install(&first, &Place::Folder(folder.clone()), Settings::default()).unwrap();
    assert_eq!((names(&folder), own.exists()), (vec!["App.AppImage".to_owned()], false));

    // Records, menus and pictures are on another disk than the app, which may be the full one.
    let second = new(&folder.join(".strata-0.part"), &version("2"));
    let records = home.path().join(".local/share/strata/appimages");
    std::fs::rename(&records, home.path().join("records")).unwrap();
    let Some(other) = Small::mount(&records) else { return };
    std::fs::copy(home.path().join("records").join(format!("{ID}.json")), records.join(format!("{ID}.json"))).unwrap();
    other.fill(0);
    let before = library.get(ID).unwrap();
    let refused = library.update(ID, &second);
    assert!(matches!(&refused, Err(LibraryError::Io { .. })), "{refused:?}");
    assert_eq!(library.get(ID).unwrap(), before);
    assert!(std::fs::read(folder.join("App.AppImage")).unwrap() == version("1"), "the old version is there");
    other.empty();
    assert!(library.recover().unwrap().faults.is_empty());
    library.update(ID, &second).unwrap();
    assert!(std::fs::read(folder.join("App.AppImage")).unwrap() == version("2"), "and the new one once there is room");
}

/// An app that is installed in a home.
fn installed(home: &TempDir) -> Library {
    let (library, folder) = (library(home), home.path().join("Applications"));
    let first = new(&folder.join(".strata-0.part"), &version("1"));
    library.install(&first, &Place::Folder(folder), Settings::default()).unwrap();
    library
}

#[test]
#[cfg(target_arch = "x86_64")] // which the made ones are for
fn an_app_goes_to_another_disk_and_its_data_only_by_hand() {
    let home = tempfile::tempdir().unwrap();
    let disk = home.path().join("disk");
    let Some(small) = Small::mount(&disk) else { return };
    let library = installed(&home);
    let (here, there) = (home.path().join("Applications/App.AppImage"), disk.join("apps/App.AppImage"));
    let go = |own: bool, folder: &str| {
        let settings = Settings { portable_home: own, ..Settings::default() };
        library.configure(ID, settings, true, &Place::Folder(home.path().join(folder)))
    };
    let bytes = std::fs::read(&here).unwrap();
    std::fs::create_dir(here.with_file_name("App.AppImage.home")).unwrap();
    std::fs::write(here.with_file_name("App.AppImage.home/notes"), "precious").unwrap();
    let refused = go(true, "disk/apps").unwrap_err();
    assert!(matches!(&refused, LibraryError::OwnFolderStays(path) if path.ends_with("App.AppImage.home")), "{refused}");
    assert!(here.exists() && names(&disk).is_empty());
    // As the sentence says: brought there by the person, it is the app's own.
    std::fs::create_dir_all(there.with_file_name("App.AppImage.home")).unwrap();
    std::fs::write(there.with_file_name("App.AppImage.home/notes"), "precious").unwrap();
    std::fs::remove_dir_all(here.with_file_name("App.AppImage.home")).unwrap();
    small.fill(100);
    let refused = go(true, "disk/apps").unwrap_err();
    assert!(matches!(&refused, LibraryError::Io { error, .. } if error.kind() == std::io::ErrorKind::StorageFull));
    assert!(here.exists() && names(&disk.join("apps")) == ["App.AppImage.home"]);
    small.empty();
    go(true, "disk/apps").unwrap();
    assert!(!here.exists() && std::fs::read(&there).unwrap() == bytes);
    assert_eq!(library.one(ID).unwrap().presence, strata_appimage::library::Presence::There);
    assert!(std::fs::metadata(&there).is_ok_and(|found| found.permissions().mode() & 0o111 == 0o111));
}

#[test]
#[cfg(target_arch = "x86_64")] // which the made ones are for
fn a_disk_that_starts_nothing_or_is_only_read_takes_no_app() {
    let home = tempfile::tempdir().unwrap();
    let disk = home.path().join("disk");
    let Some(_small) = Small::mount_with(&disk, "noexec") else { return };
    let library = installed(&home);
    let record = library.get(ID).unwrap();
    let refused = library.configure(ID, Settings::default(), true, &Place::Folder(disk.clone())).unwrap_err();
    assert!(matches!(&refused, LibraryError::NoPrograms(path) if *path == disk), "{refused}");
    let locked = home.path().join("locked");
    let Some(_locked) = Small::mount_with(&locked, "ro") else { return };
    let refused = library.configure(ID, Settings::default(), true, &Place::Folder(locked.clone())).unwrap_err();
    assert!(matches!(&refused, LibraryError::Io { path, .. } if *path == locked), "{refused}");
    assert_eq!((library.get(ID).unwrap(), names(&disk).len()), (record, 0));
}
