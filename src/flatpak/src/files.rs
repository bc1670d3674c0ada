//! Files and addresses that describe something to install: `.flatpakref`, `.flatpak` bundles.

use crate::failure::failure;
use crate::metadata::Metadata;
use libflatpak::prelude::*;
use libflatpak::{BundleRef, gio, glib};
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use strata_model::{Failure, FailureKind};
use strata_platform::http;

/// Largest description that is read, in bytes; real ones hold a key and a few lines.
const MAX_DESCRIPTION: usize = 1 << 20;

/// What a file says that it installs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Described {
    /// A `.flatpakref`: where to get it.
    Reference { bytes: Vec<u8>, reference: String },
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

/// Reads what lies at a path or address.
pub(crate) async fn describe(location: &str) -> Result<Described, Failure> {
    // `flatpak+https:` is the scheme by which websites hand over a `.flatpakref`.
    let location = location.strip_prefix("flatpak+").unwrap_or(location);
    match local_path(location) {
        Some(path) if path.extension().is_some_and(|end| end == "flatpak") => {
            crate::blocking::reading(move || bundle(path)).await
        }
        _ => reference_file(location, read(location).await?),
    }
}

fn bundle(path: PathBuf) -> Result<Described, Failure> {
    let shown = path.to_string_lossy().into_owned();
    let say = |error: glib::Error| Failure { kind: FailureKind::BadFile, ..failure(&error, &shown) };
    let reference = BundleRef::new(&gio::File::for_path(&path)).map_err(say)?.format_ref();
    let reference = reference.map(String::from).unwrap_or_default();
    Ok(Described::Bundle { path, reference })
}

fn reference_file(location: &str, bytes: Vec<u8>) -> Result<Described, Failure> {
    let text = String::from_utf8_lossy(&bytes);
    let file = Metadata::parse(&text);
    let value = |key| file.value("Flatpak Ref", key);
    let Some(name) = value("Name") else {
        return Err(Failure::new(FailureKind::BadFile, location, "it is no .flatpakref"));
    };
    let kind = if value("IsRuntime") == Some("true") { "runtime" } else { "app" };
    let arch = libflatpak::default_arch().map(String::from).unwrap_or_default();
    let reference = format!("{kind}/{name}/{arch}/{}", value("Branch").unwrap_or("master"));
    Ok(Described::Reference { bytes, reference })
}

/// A path, whether it is written as one or as a `file:` address. `None` for what is elsewhere.
pub(crate) fn local_path(location: &str) -> Option<PathBuf> {
    if location.starts_with("file:") {
        return gio::File::for_uri(location).path();
    }
    Some(PathBuf::from(location)).filter(|path| path.is_absolute())
}

/// Reads a small file from a path or an address.
pub(crate) async fn read(location: &str) -> Result<Vec<u8>, Failure> {
    if let Some(path) = local_path(location) {
        let shown = location.to_owned();
        let say = move |error: io::Error| Failure::new(FailureKind::BadFile, shown, error.to_string());
        return crate::blocking::reading(move || read_file(&path).map_err(say)).await;
    }
    if !location.starts_with("https://") && !location.starts_with("http://") {
        return Err(Failure::new(FailureKind::BadFile, location, "neither a path nor an address"));
    }
    let client = http::client().map_err(|error| unreachable(location, &error))?;
    http::fetch(&client, location, MAX_DESCRIPTION).await.map_err(|error| unreachable(location, &error))
}

fn unreachable(location: &str, error: &http::HttpError) -> Failure {
    let kind = match error {
        http::HttpError::Request(_) => FailureKind::Offline,
        http::HttpError::TooLarge(_) => FailureKind::BadFile,
    };
    Failure::new(kind, location, error.to_string())
}

fn read_file(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let limit = MAX_DESCRIPTION as u64;
    File::open(path)?.take(limit + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > limit {
        return Err(io::ErrorKind::FileTooLarge.into());
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_file_says_what_it_installs() {
        let arch = libflatpak::default_arch().unwrap();
        let text = "[Flatpak Ref]\nName=org.a.B\nBranch=stable\nUrl=https://example.org/repo\n";
        let described = reference_file("x", text.into()).unwrap();
        assert_eq!(described.reference(), format!("app/org.a.B/{arch}/stable"));
        for bad in ["", "[Flatpak Repo]\nName=org.a.B\n", "\u{0}\u{1}", "<html>"] {
            assert_eq!(reference_file("x", bad.into()).unwrap_err().kind, FailureKind::BadFile, "{bad:?}");
        }
    }

    #[test]
    fn what_is_elsewhere_is_no_path() {
        assert_eq!(local_path("file:///a/b%20c.flatpak"), Some(PathBuf::from("/a/b c.flatpak")));
        assert_eq!(local_path("/a/b.flatpakref"), Some(PathBuf::from("/a/b.flatpakref")));
        assert_eq!(local_path("https://example.org/a.flatpakref"), None);
        assert_eq!(local_path("a/b.flatpak"), None);
    }
}
