//! An update is made of the file that is there and of what is missing, where its release has a control file.

use super::AppImages;
use super::fetch::Fetch;
use crate::delta::{Delta, NoDelta, Stopped};
use crate::download::{Download, DownloadError, Downloaded, Fetched, part};
use crate::release::ControlFile;
use std::sync::Arc;
use strata_platform::http::Client;
use tokio_util::sync::CancellationToken;

impl AppImages {
    /// Fetches what is missing. `None` where the file has to be fetched whole: that is the log's to know, not the person's.
    pub(super) async fn fetch_by_delta(
        &self,
        fetch: &Fetch<'_>,
        client: &Client,
        report: impl FnMut(Fetched) + Send,
        cancel: &CancellationToken,
    ) -> Result<Option<Downloaded>, DownloadError> {
        let Some(old) = fetch.old.filter(|old| old.exists()) else { return Ok(None) };
        let control = cancel.run_until_cancelled(self.control(fetch)).await.ok_or(DownloadError::Cancelled)?;
        let Some(control) = control else { return Ok(None) };
        let whole = Download { size: control.length, sha1: Some(control.sha1.clone()), ..fetch.download() };
        let part = part::path(&whole.url, fetch.folder);
        let delta = Delta { control, old: old.to_owned(), url: whole.url.clone(), part };
        let fetched = match delta.make(client, report, cancel).await {
            Ok(fetched) => fetched,
            Err(Stopped::No(NoDelta::Unwanted)) => return Err(DownloadError::Cancelled),
            Err(Stopped::No(reason)) => return Ok(not_by_delta(fetch.name, &reason)),
            Err(Stopped::Download(DownloadError::Http(error))) if error.is_refusal() => {
                return Ok(not_by_delta(fetch.name, &error));
            }
            Err(Stopped::Download(error)) => return Err(error),
        };
        // All of it is there, so it is only weighed.
        whole.is_there(fetch.folder).await?;
        match whole.fetch(client, fetch.folder, |_| {}, cancel).await {
            Ok(downloaded) => {
                tracing::info!(app = fetch.name, fetched, of = whole.size, "an update was fetched by delta");
                Ok(Some(downloaded))
            }
            Err(error @ (DownloadError::WrongDigest { .. } | DownloadError::WrongSize { .. })) => {
                Ok(not_by_delta(fetch.name, &error))
            }
            Err(error) => Err(error),
        }
    }

    /// The control file of what is fetched, if it has one that is about that file.
    async fn control(&self, fetch: &Fetch<'_>) -> Option<Arc<ControlFile>> {
        let control = match (&fetch.control, &fetch.found.control) {
            (Some(control), _) => Arc::clone(control),
            (None, Some(url)) => match self.resolver().ok()?.control_file(url).await {
                Ok(found) => Arc::new(found?),
                Err(error) => return not_by_delta(fetch.name, &error),
            },
            (None, None) => return None,
        };
        let size = fetch.found.asset.size;
        if size > 0 && control.length != size {
            return not_by_delta(fetch.name, &"the control file is about another file");
        }
        Some(control)
    }
}

/// Says why a file is fetched whole.
fn not_by_delta<T>(app: &str, reason: &dyn std::fmt::Display) -> Option<T> {
    tracing::info!(app, %reason, "an update is fetched whole and not by delta");
    None
}
