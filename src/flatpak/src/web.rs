//! What this source asks of the network itself, with limits that libflatpak does not have: it reads whatever comes into
//! memory, and while a server says nothing it waits for minutes, deaf to being cancelled.

use crate::address::local_path;
use crate::blocking::reading;
use std::fs;
use std::path::Path;
use std::sync::OnceLock;
use std::time::Duration;
use strata_model::{Failure, FailureKind};
use strata_platform::http::{self, HttpError, Patience};

/// Largest description that is read, in bytes; real ones hold a key and a few lines.
pub(crate) const MAX_DESCRIPTION: usize = 1 << 20;
const DESCRIPTION_TIME: Duration = Duration::from_secs(20);

/// Largest summary that libflatpak is let at, in bytes; Flathub's old one of all architectures has about 20 million.
const MAX_SUMMARY: usize = 64 << 20;
const SUMMARY_PATIENCE: Patience = Patience { answer: Duration::from_secs(15), body: Duration::from_mins(1) };

/// Where a summary lies below an origin's address, the newer form first: if that is there the older one is not read.
const SUMMARIES: [&str; 2] = ["summary.idx", "summary"];

/// The one client of this source, made when it is needed.
#[derive(Debug, Default)]
pub(crate) struct Web(OnceLock<http::Client>);

impl Web {
    pub(crate) fn client(&self) -> Result<http::Client, HttpError> {
        if let Some(client) = self.0.get() {
            return Ok(client.clone());
        }
        let client = http::client()?;
        Ok(self.0.get_or_init(|| client).clone())
    }

    /// Fetches a description.
    pub(crate) async fn description(&self, address: &str) -> Result<Vec<u8>, Failure> {
        let fetched = match self.client() {
            Ok(client) => http::fetch_within(&client, address, MAX_DESCRIPTION, DESCRIPTION_TIME).await,
            Err(error) => Err(error),
        };
        fetched.map_err(|error| {
            let kind = match &error {
                error if error.is_nothing_there() => FailureKind::NothingThere,
                HttpError::Request(_) | HttpError::TooSlow(_) => FailureKind::Offline,
                HttpError::TooLarge(_) => FailureKind::BadFile,
            };
            Failure::new(kind, address, error.to_string())
        })
    }

    /// Looks whether libflatpak can be let at an origin: it answers, and its summary has an end. What else may be wrong
    /// libflatpak finds out itself, and knows more about: keys, certificates, proxies of the origin's own.
    ///
    /// # Errors
    /// [`FailureKind::Offline`] for an origin that says nothing, [`FailureKind::Damaged`] for one that never stops.
    pub(crate) async fn probe(&self, url: &str, origin: &str) -> Result<(), Failure> {
        if let Some(folder) = local_path(url) {
            let origin = origin.to_owned();
            return reading(move || probe_folder(&folder, &origin)).await;
        }
        // A registry of containers has no summary, but answers.
        let base = url.strip_prefix("oci+").unwrap_or(url).trim_end_matches('/');
        if !http::is_address(base) {
            return Ok(());
        }
        for summary in SUMMARIES {
            let looked = match self.client() {
                Ok(client) => http::probe(&client, &format!("{base}/{summary}"), MAX_SUMMARY, SUMMARY_PATIENCE).await,
                Err(error) => Err(error),
            };
            match looked {
                Ok(true) => return Ok(()),
                Ok(false) => {}
                Err(error @ HttpError::TooSlow(_)) => {
                    return Err(Failure::new(FailureKind::Offline, origin, error.to_string()));
                }
                Err(error @ HttpError::TooLarge(_)) => {
                    return Err(Failure::new(FailureKind::Damaged, origin, error.to_string()));
                }
                Err(HttpError::Request(error)) if error.is_timeout() => {
                    return Err(Failure::new(FailureKind::Offline, origin, error.to_string()));
                }
                Err(error) => {
                    tracing::info!("{origin} was not looked at: {error}");
                    return Ok(());
                }
            }
        }
        Ok(())
    }
}

fn probe_folder(folder: &Path, origin: &str) -> Result<(), Failure> {
    for summary in SUMMARIES {
        let fits = fs::metadata(folder.join(summary))
            .map_or(true, |found| found.is_file() && found.len() <= MAX_SUMMARY as u64);
        if !fits {
            return Err(Failure::new(
                FailureKind::Damaged,
                origin,
                format!("{summary} is no file, or too large a one"),
            ));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_s_summary_is_a_file() {
        let folder = tempfile::tempdir().unwrap();
        probe_folder(folder.path(), "x").unwrap();
        fs::write(folder.path().join("summary"), "x").unwrap();
        probe_folder(folder.path(), "x").unwrap();
        std::os::unix::fs::symlink("/dev/zero", folder.path().join("summary.idx")).unwrap();
        assert_eq!(probe_folder(folder.path(), "x").unwrap_err().kind, FailureKind::Damaged);
    }
}
