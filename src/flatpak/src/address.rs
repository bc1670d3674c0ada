//! Addresses that stand in what strangers write.

use crate::blocking::reading;
use libflatpak::gio;
use libflatpak::prelude::*;
use std::path::PathBuf;
use strata_model::{Failure, FailureKind};
use strata_platform::http;

/// A path, whether it is written as one or as a `file:` address. `None` for what is elsewhere.
pub(crate) fn local_path(location: &str) -> Option<PathBuf> {
    if location.starts_with("file:") {
        return gio::File::for_uri(location).path();
    }
    Some(PathBuf::from(location)).filter(|path| path.is_absolute())
}

/// Checks the address of a repository that a description names: on the web, or, where the description itself lies on
/// this machine, a folder on it.
pub(crate) async fn check_repository(url: &str, described_here: bool, subject: &str) -> Result<(), Failure> {
    let bad = |detail: &str| Err(Failure::new(FailureKind::BadFile, subject, format!("{detail}: {url}")));
    if !is_here(url) {
        // Containers' registries have a scheme of their own.
        let known = http::is_address(url.strip_prefix("oci+").unwrap_or(url));
        return if known { Ok(()) } else { bad("this is no address of a repository") };
    }
    if !described_here {
        return bad("a file from elsewhere names a folder on this machine");
    }
    let folder = local_path(url);
    let is_folder = reading(move || Ok(folder.is_some_and(|folder| folder.is_dir()))).await?;
    if is_folder { Ok(()) } else { bad("there is no such folder") }
}

/// It leads to this machine's files, wherever that may be.
pub(crate) fn is_here(url: &str) -> bool {
    url.get(..5).is_some_and(|scheme| scheme.eq_ignore_ascii_case("file:"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_elsewhere_is_no_path() {
        assert_eq!(local_path("file:///a/b%20c.flatpak"), Some(PathBuf::from("/a/b c.flatpak")));
        assert_eq!(local_path("/a/b.flatpakref"), Some(PathBuf::from("/a/b.flatpakref")));
        assert_eq!(local_path("https://example.org/a.flatpakref"), None);
        assert_eq!(local_path("a/b.flatpak"), None);
    }

    #[tokio::test]
    async fn only_files_of_this_machine_name_folders_of_it() {
        let folder = tempfile::tempdir().unwrap();
        let here = format!("file://{}", folder.path().display());
        let nowhere = format!("{here}/nothing");
        let check = async |url: &str, here| check_repository(url, here, "x").await.is_ok();
        for url in ["https://example.org/repo", "http://127.0.0.1:1", "oci+https://registry.example.org"] {
            assert!(check(url, false).await && check(url, true).await, "{url}");
        }
        assert!(check(&here, true).await);
        assert!(!check(&here, false).await && !check(&nowhere, true).await);
        for bad in ["", "../../..", "javascript:alert(1)", "http://[::bad", "FILE:///dev/zero", "ftp://a/b"] {
            assert!(!check(bad, true).await && !check(bad, false).await, "{bad}");
        }
    }
}
