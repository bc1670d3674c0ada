//! A file of a release is fetched beside its place, checked and read.

use super::AppImages;
use super::failure::{not_fetched, unreadable};
use crate::download::{Download, DownloadError, Fetched};
use crate::library::{Candidate, Facts, Library, New, Question as Stands};
use crate::release::{ControlFile, Found};
use std::path::Path;
use std::sync::Arc;
use strata_engine::Reporter;
use strata_model::{Failure, FailureKind, Progress, Question, Stage, Stop};
use tokio_util::sync::CancellationToken;

/// What is fetched, and for what.
#[derive(Debug)]
pub(super) struct Fetch<'a> {
    /// The app's name.
    pub(super) name: &'a str,
    /// Where it will lie.
    pub(super) folder: &'a Path,
    /// The file.
    pub(super) found: &'a Found,
    /// Its SHA-1, where that is all that is said of it.
    pub(super) sha1: Option<String>,
    /// The version that is there.
    pub(super) old: Option<&'a Path>,
    /// Its control file, where that is here already.
    pub(super) control: Option<Arc<ControlFile>>,
    /// What is known of it beside what the release says.
    pub(super) facts: Facts,
    /// What the person said yes to.
    pub(super) accepted: Option<Question>,
}

impl Fetch<'_> {
    pub(super) fn download(&self) -> Download {
        let asset = &self.found.asset;
        Download {
            url: asset.url.clone(),
            size: asset.size,
            sha256: asset.sha256.clone(),
            blake3: asset.blake3.clone(),
            sha1: self.sha1.clone(),
        }
    }

    /// Keeps what came for the next try: its bytes are good, and only a yes is missing.
    pub(super) async fn keep(&self) {
        if let Err(error) = self.download().is_there(self.folder).await {
            tracing::debug!(%error, "what was fetched is fetched again");
        }
    }

    /// Takes away what came.
    pub(super) async fn forget(&self) {
        self.download().forget(self.folder).await;
    }
}

impl AppImages {
    /// Fetches and reads it. What came stays for the next try where that was broken off.
    pub(super) async fn fetch(
        &self,
        fetch: &Fetch<'_>,
        reporter: &Reporter,
        cancel: &CancellationToken,
    ) -> Result<New, Stop> {
        let report = |fetched: Fetched| {
            let total_bytes = fetched.total.unwrap_or_default();
            // The last part is for what comes after it.
            let percent = (fetched.done * 98).checked_div(total_bytes).and_then(|percent| u8::try_from(percent).ok());
            reporter.report(Progress { stage: Stage::Downloading, percent, bytes: fetched.done, total_bytes });
        };
        let stopped = |error| match error {
            DownloadError::Cancelled => Stop::Cancelled,
            error => not_fetched(&error, fetch.name).into(),
        };
        let client = self.client().map_err(|error| not_fetched(&error.into(), fetch.name))?;
        let by_delta = self.fetch_by_delta(fetch, &client, report, cancel).await.map_err(stopped)?;
        let downloaded = match by_delta {
            Some(downloaded) => downloaded,
            None => fetch.download().fetch(&client, fetch.folder, report, cancel).await.map_err(stopped)?,
        };
        let (name, whole) = (fetch.name.to_owned(), downloaded.sha256.clone());
        let read = move |_: &Library| {
            Candidate::read(&downloaded.path).map_err(|error| {
                // It is none of ours, and nobody would look at it again.
                if let Err(error) = std::fs::remove_file(&downloaded.path) {
                    tracing::warn!(%error, "what was fetched stays");
                }
                unreadable(&error, &name)
            })
        };
        let candidate = self.blocking(fetch.name, read).await?;
        let own = candidate.inspection().contents.version().unwrap_or_default();
        let Found { version, asset, .. } = fetch.found;
        let version = if version.is_empty() { own } else { version.clone() };
        let (mark, sha256) = (asset.mark(), asset.is_pinned().then_some(whole));
        let facts = Facts { version, mark, sha256, ..fetch.facts.clone() };
        Ok(New { candidate, facts, accepted: fetch.accepted.clone().map(Stands::Person) })
    }
}

/// What was fetched goes where it was not taken. Where it was, and is only not in its place yet, it is waited for.
pub(super) async fn discard(part: &Path, failure: &Failure) {
    if failure.kind == FailureKind::NotMended {
        return;
    }
    if let Err(error) = tokio::fs::remove_file(part).await {
        tracing::debug!(%error, part = %part.display(), "what was fetched is gone already");
    }
}
