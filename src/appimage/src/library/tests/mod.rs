//! A person's home with AppImages in it.

#![allow(clippy::unwrap_used, clippy::panic)]

mod broken;
mod changes;
mod disks;
mod folders;
mod installs;
mod moves;
mod strangers;

use super::*;
use crate::format::Architecture;
use crate::made::{self, Elf, Made as In};
use backhand::compression::Compressor;
use std::collections::BTreeMap;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::sync::OnceLock;
use std::time::{Duration, SystemTime};
use strata_platform::Environment;
use tempfile::TempDir;

const ID: &str = "org.example.App";
static TODAY: OnceLock<SystemTime> = OnceLock::new();
const SVG: &[u8] = b"<svg xmlns=\"http://www.w3.org/2000/svg\"/>";
const MIME: &[u8] = b"<mime-info xmlns=\"http://www.freedesktop.org/standards/shared-mime-info\"/>";

/// A home folder, which may be looked at by several processes.
struct World {
    home: PathBuf,
    _kept: Option<TempDir>,
}

impl World {
    fn new() -> Self {
        let kept = tempfile::tempdir().unwrap();
        Self { home: kept.path().join("home"), _kept: Some(kept) }
    }

    fn of(home: PathBuf) -> Self {
        Self { home, _kept: None }
    }

    fn environment(&self) -> Environment {
        let value = |name: &str| match name {
            "HOME" => Some(self.home.clone().into()),
            "STRATA_SYSTEM_ROOT" => Some(self.home.join("system").into()),
            _ => None,
        };
        Environment::from_variables(&value)
    }

    fn library(&self) -> Library {
        Library::new(&self.environment())
    }

    fn path(&self, below: &str) -> PathBuf {
        self.home.join(below)
    }

    /// A file of today, and of the same time whenever the same is put there.
    fn put(&self, below: &str, bytes: &[u8]) -> PathBuf {
        let path = self.path(below);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, bytes).unwrap();
        let sum = bytes.iter().fold(0, |sum: u64, byte| (sum * 31 + u64::from(*byte)) % 100_000);
        let time = *TODAY.get_or_init(SystemTime::now) - Duration::from_secs(sum);
        std::fs::File::options().write(true).open(&path).unwrap().set_modified(time).unwrap();
        path
    }

    /// What a download leaves.
    fn fetched(&self, bytes: &[u8]) -> New {
        new(&self.put("Applications/.strata-0000.part", bytes))
    }

    fn install(&self, bytes: &[u8]) -> Changed {
        let folder = Place::Folder(self.path("Applications"));
        self.library().install(&self.fetched(bytes), &folder, Settings::default()).unwrap()
    }

    fn text(&self, below: &str) -> String {
        std::fs::read_to_string(self.path(below)).unwrap()
    }

    /// Every file below the home folder with its mode and content, links by their targets, folders of apps' own.
    fn tree(&self) -> BTreeMap<String, (u32, Vec<u8>)> {
        let mut found = BTreeMap::new();
        let mut folders = vec![self.home.clone()];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                let metadata = path.symlink_metadata().unwrap();
                let name = path.strip_prefix(&self.home).unwrap().to_str().unwrap().to_owned();
                let mode = if name.contains(".strata-") { 0 } else { metadata.permissions().mode() };
                if metadata.is_dir() {
                    if [".AppImage.home", ".AppImage.config"].iter().any(|end| name.ends_with(end)) {
                        found.insert(name, (mode, Vec::new()));
                    }
                    folders.push(path);
                } else if metadata.is_symlink() {
                    let target = std::fs::read_link(&path).unwrap();
                    found.insert(name, (mode, target.into_os_string().into_encoded_bytes()));
                } else {
                    found.insert(name, (mode, std::fs::read(&path).unwrap()));
                }
            }
        }
        found
    }

    fn names(&self) -> Vec<String> {
        self.tree().into_keys().collect()
    }
}

fn new(path: &Path) -> New {
    New { candidate: Candidate::read(path).unwrap(), facts: Facts::default(), accepted: None }
}

fn png(points: u32) -> Vec<u8> {
    [&b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"[..], &points.to_be_bytes(), &points.to_be_bytes(), &[8; 16]].concat()
}

/// An AppImage with everything in it.
fn app(version: &str) -> Vec<u8> {
    let desktop = format!(
        "[Desktop Entry]\nType=Application\nName=App\nName[de]=Anwendung\nExec=app %U\nIcon=app\nX-Version={version}\n"
    );
    let icon = if version == "2" { png(64) } else { SVG.to_vec() };
    bundle(&[
        ("org.example.App.desktop", In::File(desktop.as_bytes())),
        (".DirIcon", In::File(&icon)),
        ("usr/share/mime/packages/app.xml", In::File(MIME)),
    ])
}

/// A runtime for this machine.
fn elf() -> Elf {
    let machine = match Architecture::of_this_machine().unwrap() {
        Architecture::Aarch64 => 183,
        Architecture::Riscv64 => 243,
        _ => 62,
    };
    Elf { machine, ..Elf::default() }
}

fn bundle(entries: &[(&str, In)]) -> Vec<u8> {
    made::appimage(&elf(), &made::squash(Compressor::Gzip, entries))
}

/// An AppImage of another app that says a little.
fn other(desktop: &str) -> Vec<u8> {
    bundle(&[("other.desktop", In::File(desktop.as_bytes()))])
}
