//! Files and addresses that describe something to install: `.flatpakref`, `.flatpak` bundles.
//!
//! A stranger may have written them, and libflatpak follows what they name without any limit. So whatever they name is
//! looked at first, and the description of a runtime's origin is read here and handed over as a file.

use crate::address::{check_repository, is_here, local_path};
use crate::blocking::reading;
use crate::failure::failure;
use crate::remotes;
use crate::web::{MAX_DESCRIPTION, Web};
use libflatpak::glib::{self, KeyFile, KeyFileFlags};
use libflatpak::prelude::*;
use libflatpak::{BundleRef, gio};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use strata_model::{Failure, FailureKind};
use strata_platform::files::read_bounded;
use strata_platform::http;
use tempfile::TempDir;

const GROUP: &str = "Flatpak Ref";
const REPO_GROUP: &str = "Flatpak Repo";
const RUNTIME_REPO: &str = "RuntimeRepo";

/// What a file says that it installs.
#[derive(Clone, Debug)]
pub(crate) enum Described {
    /// A `.flatpakref`: where to get it. It may name a file that lies beside, which goes with this.
    Reference { bytes: Vec<u8>, reference: String, _beside: Option<Arc<TempDir>> },
    /// A bundle: the thing itself.
    Bundle { path: PathBuf, reference: String },
}

impl Described {
    pub(crate) fn reference(&self) -> &str {
        match self {
            Self::Reference { reference, .. } | Self::Bundle { reference, .. } => reference,
        }
    }
}

/// Reads what lies at a path or address. `cache` is where files for libflatpak may lie meanwhile.
pub(crate) async fn describe(web: &Web, cache: &Path, location: &str) -> Result<Described, Failure> {
    // `flatpak+https:` is the scheme by which websites hand over a `.flatpakref`.
    let location = location.strip_prefix("flatpak+").unwrap_or(location);
    match local_path(location) {
        Some(path) if path.extension().is_some_and(|end| end == "flatpak") => bundle(web, path).await,
        path => reference_file(web, cache, location, path.is_some()).await,
    }
}

async fn bundle(web: &Web, path: PathBuf) -> Result<Described, Failure> {
    let shown = path.to_string_lossy().into_owned();
    let file = reading(move || BundleFile::read(path)).await?;
    if let Some(repo) = &file.runtime_repo {
        // libflatpak reads it once more: what is written in a bundle cannot be written anew.
        runtime_repo(web, repo, true, &shown).await?;
    }
    match web.probe(&file.origin, &shown).await {
        // The thing itself is in the file: its origin is needed for updates only.
        Err(failure) if failure.kind == FailureKind::Offline => tracing::info!("{failure}"),
        probed => probed?,
    }
    Ok(Described::Bundle { path: file.path, reference: file.reference })
}

/// What a bundle says of itself.
struct BundleFile {
    path: PathBuf,
    reference: String,
    /// Where updates come from; empty if nowhere.
    origin: String,
    runtime_repo: Option<String>,
}

impl BundleFile {
    fn read(path: PathBuf) -> Result<Self, Failure> {
        let shown = path.to_string_lossy().into_owned();
        let bad = |detail: &str| Failure::new(FailureKind::BadFile, &shown, detail);
        // Opening a pipe would wait for somebody to write to it.
        let metadata = path.metadata().map_err(|error| bad(&error.to_string()))?;
        if !metadata.is_file() {
            return Err(bad("this is no regular file"));
        }
        let say = |error: glib::Error| Failure { kind: FailureKind::BadFile, ..failure(&error, &shown) };
        let bundle = BundleRef::new(&gio::File::for_path(&path)).map_err(say)?;
        let text = |value: Option<glib::GString>| value.map(String::from).filter(|text| !text.is_empty());
        Ok(Self {
            reference: text(bundle.format_ref()).unwrap_or_default(),
            origin: text(bundle.origin()).unwrap_or_default(),
            runtime_repo: text(bundle.runtime_repo_url()),
            path,
        })
    }
}

async fn reference_file(web: &Web, cache: &Path, location: &str, here: bool) -> Result<Described, Failure> {
    let bytes = read(web, location).await?;
    let RefFile { reference, url, runtime_repo: repo } = RefFile::parse(location, &bytes)?;
    check_repository(&url, here, location).await?;
    web.probe(&url, location).await?;
    let Some(repo) = repo else { return Ok(Described::Reference { bytes, reference, _beside: None }) };
    let description = runtime_repo(web, &repo, here, location).await?;
    let (cache, location) = (cache.to_owned(), location.to_owned());
    reading(move || {
        let (beside, path) = put_beside(&cache, &repo, &description)
            .map_err(|error| Failure::new(FailureKind::Other, &location, error.to_string()))?;
        let bytes = with_runtime_repo(&location, &bytes, &path)?;
        Ok(Described::Reference { bytes, reference, _beside: Some(Arc::new(beside)) })
    })
    .await
}

/// What a `.flatpakref` says.
#[derive(Debug, PartialEq, Eq)]
struct RefFile {
    reference: String,
    url: String,
    runtime_repo: Option<String>,
}

impl RefFile {
    fn parse(location: &str, bytes: &[u8]) -> Result<Self, Failure> {
        let file = key_file(bytes).ok_or_else(|| no_ref(location))?;
        let value = |key| file.string(GROUP, key).ok().map(String::from);
        let Some(name) = value("Name") else { return Err(no_ref(location)) };
        let kind = if file.boolean(GROUP, "IsRuntime").unwrap_or(false) { "runtime" } else { "app" };
        let arch = libflatpak::default_arch().map(String::from).unwrap_or_default();
        let branch = value("Branch").unwrap_or_else(|| "master".to_owned());
        Ok(Self {
            reference: format!("{kind}/{name}/{arch}/{branch}"),
            url: value("Url").unwrap_or_default(),
            runtime_repo: value(RUNTIME_REPO),
        })
    }
}

/// Whether a `.flatpakrepo` brings the key by which what comes from its origin is signed. `subject` is what a failure is
/// about.
pub(crate) fn brings_key(subject: &str, bytes: &[u8]) -> Result<bool, Failure> {
    let no_repo = || Failure::new(FailureKind::BadFile, subject, "it is no .flatpakrepo");
    let file = key_file(bytes).filter(|file| file.has_group(REPO_GROUP)).ok_or_else(no_repo)?;
    Ok(file.string(REPO_GROUP, "GPGKey").is_ok_and(|key| !key.trim().is_empty()))
}

/// Reads a file of groups and keys with glib, as libflatpak does, so that both find the same. `None` for anything else; why
/// is not said, for glib's reason would show a line of whatever file it is.
fn key_file(bytes: &[u8]) -> Option<KeyFile> {
    let is_text = std::str::from_utf8(bytes).is_ok() && !bytes.contains(&0);
    let file = KeyFile::new();
    let read = is_text && file.load_from_bytes(&glib::Bytes::from(bytes), KeyFileFlags::NONE).is_ok();
    read.then_some(file)
}

fn no_ref(location: &str) -> Failure {
    Failure::new(FailureKind::BadFile, location, "it is no .flatpakref")
}

/// Reads the description of the origin that a runtime comes from, and checks it.
async fn runtime_repo(web: &Web, repo: &str, described_here: bool, subject: &str) -> Result<Vec<u8>, Failure> {
    let bad = |detail: String| Failure::new(FailureKind::BadFile, subject, detail);
    let known = if is_here(repo) { described_here && local_path(repo).is_some() } else { http::is_address(repo) };
    if !known {
        return Err(bad(format!("the address of the runtime’s origin makes no sense here: {repo}")));
    }
    let description = read(web, repo).await?;
    let url = remotes::address_in(&repo_name(repo), &description)
        .map_err(|_| bad(format!("this describes no origin of a runtime: {repo}")))?;
    check_repository(&url, is_here(repo), subject).await?;
    web.probe(&url, subject).await?;
    Ok(description)
}

/// libflatpak names the new origin after the file.
fn repo_name(repo: &str) -> String {
    let path = repo.split(['?', '#']).next().unwrap_or_default();
    let stem = path.rsplit('/').next().and_then(|file| file.split('.').next()).unwrap_or_default();
    let known = |c: &char| c.is_ascii_alphanumeric() || "_-".contains(*c);
    let name: String = stem.chars().filter(known).take(64).collect();
    if name.starts_with(|c: char| c.is_ascii_alphanumeric()) { name } else { "runtimes".to_owned() }
}

fn put_beside(cache: &Path, repo: &str, description: &[u8]) -> io::Result<(TempDir, PathBuf)> {
    std::fs::create_dir_all(cache)?;
    let beside = tempfile::Builder::new().prefix("reference").tempdir_in(cache)?;
    let path = beside.path().join(format!("{}.flatpakrepo", repo_name(repo)));
    std::fs::write(&path, description)?;
    Ok((beside, path))
}

fn with_runtime_repo(location: &str, bytes: &[u8], path: &Path) -> Result<Vec<u8>, Failure> {
    let file = key_file(bytes).ok_or_else(|| no_ref(location))?;
    file.set_string(GROUP, RUNTIME_REPO, &gio::File::for_path(path).uri());
    Ok(file.to_data().as_bytes().to_vec())
}

/// Reads a small file from a path or an address.
pub(crate) async fn read(web: &Web, location: &str) -> Result<Vec<u8>, Failure> {
    if let Some(path) = local_path(location) {
        let shown = location.to_owned();
        let say = move |error: io::Error| Failure::new(FailureKind::BadFile, shown, error.to_string());
        return reading(move || read_bounded(&path, MAX_DESCRIPTION as u64).map_err(say)).await;
    }
    if !http::is_address(location) {
        return Err(Failure::new(FailureKind::BadFile, location, "neither a path nor an address"));
    }
    web.description(location).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_file_says_what_it_installs() {
        let arch = libflatpak::default_arch().unwrap();
        let text = "[Flatpak Ref]\nName=org.a.B\nBranch=stable\nUrl=https://example.org/repo\n";
        let parsed = RefFile::parse("x", text.as_bytes()).unwrap();
        assert_eq!(parsed.reference, format!("app/org.a.B/{arch}/stable"));
        assert_eq!((parsed.url.as_str(), parsed.runtime_repo), ("https://example.org/repo", None));
        for bad in ["", "[Flatpak Repo]\nName=org.a.B\n", "\u{0}\u{1}", "<html>", "[Flatpak Ref]\nName=a\u{0}b"] {
            let failure = RefFile::parse("x", bad.as_bytes()).unwrap_err();
            assert_eq!(
                (failure.kind, failure.detail.as_str()),
                (FailureKind::BadFile, "it is no .flatpakref"),
                "{bad:?}"
            );
        }
    }

    #[test]
    fn a_repository_file_says_whether_it_brings_a_key() {
        let brings = |text: &str| brings_key("x", text.as_bytes());
        assert!(brings("[Flatpak Repo]\nGPGKey=abc==\n").unwrap());
        for without in ["[Flatpak Repo]\nUrl=https://a\n", "[Flatpak Repo]\nGPGKey= \n"] {
            assert!(!brings(without).unwrap(), "{without:?}");
        }
        for bad in ["", "<html>", "[Flatpak Ref]\nGPGKey=abc==\n", "[Flatpak Repo]\nGPGKey=a\u{0}b"] {
            let failure = brings(bad).unwrap_err();
            assert_eq!((failure.kind, &*failure.detail), (FailureKind::BadFile, "it is no .flatpakrepo"), "{bad:?}");
        }
    }

    #[test]
    fn the_origin_of_the_runtime_is_handed_over_as_a_file() {
        let text = "[Flatpak Ref]\nName=org.a.B\nUrl=https://a\nRuntimeRepo=https://b/c.flatpakrepo\nGPGKey=abc==\n";
        let bytes = with_runtime_repo("x", text.as_bytes(), Path::new("/cache/c d.flatpakrepo")).unwrap();
        let parsed = RefFile::parse("x", &bytes).unwrap();
        assert_eq!(parsed.runtime_repo.as_deref(), Some("file:///cache/c%20d.flatpakrepo"));
        assert_eq!(parsed.url, "https://a");
        assert!(String::from_utf8(bytes).unwrap().contains("GPGKey=abc=="));
    }

    #[test]
    fn the_new_origin_is_named_after_its_file() {
        for (repo, name) in [
            ("https://dl.flathub.org/repo/flathub.flatpakrepo", "flathub"),
            ("https://example.org/a-b.x.flatpakrepo?y=/z", "a-b"),
            ("https://example.org/", "runtimes"),
            ("file:///tmp/..%2f", "runtimes"),
        ] {
            assert_eq!(repo_name(repo), name, "{repo}");
        }
    }
}
