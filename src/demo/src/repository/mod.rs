//! A real Flatpak repository made out of descriptions.
//!
//! # How a commit is made
//! What `flatpak build-export` does, without its quarter of a second for each app: the tree that a Flatpak commit holds
//! (`metadata`, `files/`, `export/`) is made in memory and written as OSTree's objects (`objects.rs`), with the keys that
//! flatpak reads from a commit: `ostree.ref-binding`, `xa.metadata` (the metadata file again), `xa.installed-size` and
//! `xa.download-size` (64 bits, big-endian), `ostree.endoflife`, `ostree.endoflife-rebase`.
//! [`Repository::finish`] calls `flatpak build-update-repo`, which makes the summary and the AppStream branches out of
//! the commits. A commit costs about a millisecond, a signature 10 ms, the summary about 60 ms.

pub(crate) mod component;
pub(crate) mod key;
mod objects;
mod runtime;
pub(crate) mod spec;
mod tree;

use crate::command::run;
use crate::{AddonSpec, AppSpec, DemoError, Key, Server};
use objects::{Commit, Objects, Values};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU64, Ordering};
use tree::Tree;
use zgvariant::Variant;

/// Flatpak's name of this machine's architecture.
pub const fn host_arch() -> &'static str {
    if cfg!(target_arch = "x86") { "i386" } else { std::env::consts::ARCH }
}

/// A repository in a folder. What is added is seen by clients after [`Repository::finish`].
#[derive(Debug)]
pub struct Repository {
    folder: PathBuf,
    objects: Objects,
    key: Option<Key>,
    title: Option<String>,
    /// Commits so far: each is dated one second later than the one before, because clients refuse to go back in time.
    commits: AtomicU64,
}

impl Repository {
    /// Makes an empty repository in `folder`, which is made too.
    pub fn create(folder: impl Into<PathBuf>) -> Result<Self, DemoError> {
        let folder = folder.into();
        fs::create_dir_all(&folder).map_err(DemoError::file(&folder))?;
        let objects = Objects::new(&folder);
        let repository = Self { folder, objects, key: None, title: None, commits: AtomicU64::new(0) };
        run(repository.ostree("init").arg("--mode=archive"))?;
        // Nobody's data: speed before safety.
        let config = repository.folder.join("config");
        let mut text = fs::read_to_string(&config).map_err(DemoError::file(&config))?;
        text.push_str("fsync=false\n\n[archive]\nzlib-level=1\n");
        fs::write(&config, text).map_err(DemoError::file(&config))?;
        Ok(repository)
    }

    /// Signs every commit and summary from now on.
    #[must_use]
    pub fn signed(mut self, key: Key) -> Self {
        self.key = Some(key);
        self
    }

    /// The title that clients show for the remote.
    #[must_use]
    pub fn titled(mut self, title: &str) -> Self {
        self.title = Some(title.to_owned());
        self
    }

    /// Where the repository lies.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The `file://` address of the repository.
    pub fn url(&self) -> String {
        format!("file://{}", self.folder.display())
    }

    /// Adds a runtime in which `flatpak run` really starts the apps. Gives the commit.
    pub fn runtime(&mut self, id: &str, branch: &str) -> Result<String, DemoError> {
        let reference = format!("runtime/{id}/{}/{branch}", host_arch());
        let mut tree = Tree::default();
        runtime::write(&mut tree, id, branch)?;
        self.commit(&reference, &tree, Values::new())
    }

    /// Adds an app, or a newer version of it. Gives the commit.
    pub fn app(&mut self, spec: &AppSpec) -> Result<String, DemoError> {
        self.add_app(spec)
    }

    /// The same for several threads at once: commits to one repository do not disturb each other.
    pub(crate) fn add_app(&self, spec: &AppSpec) -> Result<String, DemoError> {
        let mut tree = Tree::default();
        tree.write_app(spec)?;
        let mut values = Values::new();
        if let Some(reason) = &spec.end_of_life {
            values.insert("ostree.endoflife", Variant::from(reason.as_str()));
        }
        if let Some(id) = &spec.rebase {
            let reference = format!("app/{id}/{}/{}", spec.arch, spec.branch);
            values.insert("ostree.endoflife-rebase", Variant::from(reference));
        }
        self.commit(&spec.reference(), &tree, values)
    }

    /// Adds an add-on of an app, or a newer version of it. Gives the commit.
    pub fn addon(&mut self, spec: &AddonSpec) -> Result<String, DemoError> {
        self.add_addon(spec)
    }

    pub(crate) fn add_addon(&self, spec: &AddonSpec) -> Result<String, DemoError> {
        let mut tree = Tree::default();
        tree.write_addon(spec)?;
        self.commit(&spec.reference(), &tree, Values::new())
    }

    /// Takes a reference away; clients no longer find it after [`Repository::finish`].
    pub fn remove(&mut self, reference: &str) -> Result<(), DemoError> {
        run(self.ostree("refs").arg("--delete").arg(reference)).map(drop)
    }

    /// Makes the summary and the AppStream branches, so that clients see what was added.
    pub fn finish(&self) -> Result<(), DemoError> {
        let mut command = Command::new("flatpak");
        command.arg("build-update-repo");
        if let Some(title) = &self.title {
            command.arg(format!("--title={title}"));
        }
        if let Some(key) = &self.key {
            command.arg(format!("--gpg-sign={}", key.id()));
            command.arg(format!("--gpg-homedir={}", key.home().display()));
        }
        run(command.arg(&self.folder)).map(drop)
    }

    /// Breaks the newest commit of a reference: the largest file that no other commit has is gone from the store, so
    /// that an install of it fails on the way. Gives the bytes that are missing.
    pub fn break_commit(&self, reference: &str) -> Result<u64, DemoError> {
        let payload = run(self.ostree("ls").args(["--checksum", "-R", reference, "/files"]))?;
        let mut largest: Option<(u64, PathBuf)> = None;
        for line in payload.lines().filter(|line| line.starts_with('-')) {
            // `-00644 0 0  10000 CHECKSUM /files/payload`
            let words: Vec<&str> = line.split_whitespace().collect();
            let Some(checksum) = words.get(4).filter(|sum| sum.len() == 64) else { continue };
            let path = self.folder.join("objects").join(&checksum[..2]).join(format!("{}.filez", &checksum[2..]));
            let size = fs::metadata(&path).map_err(DemoError::file(&path))?.len();
            if largest.as_ref().is_none_or(|(known, _)| size > *known) {
                largest = Some((size, path));
            }
        }
        let (size, path) =
            largest.ok_or_else(|| DemoError::Description(format!("{reference} has no file that could be broken")))?;
        fs::remove_file(&path).map_err(DemoError::file(&path))?;
        Ok(size)
    }

    /// Serves the repository alone on the loopback interface.
    pub fn serve(&self) -> Result<Server, DemoError> {
        Server::start(&self.folder)
    }

    fn ostree(&self, verb: &str) -> Command {
        let mut command = Command::new("ostree");
        command.arg(verb).arg(format!("--repo={}", self.folder.display()));
        command
    }

    fn commit<'a>(&'a self, reference: &'a str, tree: &'a Tree, mut values: Values<'a>) -> Result<String, DemoError> {
        let root = self.objects.folder(&tree.root)?;
        values.insert("ostree.ref-binding", Variant::new(vec![reference]));
        values.insert("xa.metadata", Variant::from(tree.metadata.as_str()));
        values.insert("xa.installed-size", Variant::from(root.installed.to_be()));
        values.insert("xa.download-size", Variant::from(root.download.to_be()));
        let commit = Commit { reference, values, date: self.next_date(), key: self.key.as_ref() };
        self.objects.commit(&root, &commit)
    }

    /// Commits lie in the past by an hour and follow each other by a second.
    fn next_date(&self) -> u64 {
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default().as_secs();
        now - 3600 + self.commits.fetch_add(1, Ordering::Relaxed)
    }
}
