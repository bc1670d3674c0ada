//! A new version made of the old file and of what is missing: the control file of zsync says which blocks the new one has,
//! the old one is looked through for them, and only the others are fetched.
//!
//! The result is a part of a [`Download`](crate::download::Download), and is checked as one. Whatever stands in the way
//! is no failure: the file can be fetched whole.

mod blocks;
mod fetch;
mod index;
mod ranges;
mod scan;
mod sums;
#[cfg(test)]
mod tests;
mod weak;

use crate::download::{DownloadError, Fetched, until};
use crate::release::ControlFile;
use blocks::{Blocks, prepare};
use fetch::Fetcher;
use std::path::PathBuf;
use std::sync::Arc;
use strata_platform::http::Client;
use tokio::task::spawn_blocking;
use tokio_util::sync::CancellationToken;

/// A version that is to be made of the one that is there.
#[derive(Clone, Debug)]
pub(crate) struct Delta {
    /// What the new one consists of.
    pub(crate) control: Arc<ControlFile>,
    /// The file that is there.
    pub(crate) old: PathBuf,
    /// Where the new one is fetched from.
    pub(crate) url: String,
    /// Where it is put together: see [`crate::download::part::path`].
    pub(crate) part: PathBuf,
}

/// Why there is none.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NoDelta {
    /// The control file makes no sense, or is of a kind that is not known.
    #[error("the control file cannot be used")]
    Control,
    /// The old file cannot be read.
    #[error("the old file cannot be read: {0}")]
    Old(String),
    /// Looking for blocks takes more work than real files need.
    #[error("looking for what is there already takes too much work")]
    Laborious,
    /// Nearly all of it is new.
    #[error("{fetched} of {length} bytes would have to be fetched")]
    Dear {
        /// Bytes that are missing.
        fetched: u64,
        /// Bytes of the whole.
        length: u64,
    },
    /// The server gives no parts, or others than were asked for.
    #[error("the server gives no parts of the file")]
    NoParts,
    /// Nobody waits for it any more.
    #[error("it was cancelled")]
    Unwanted,
}

/// Why a version is not there by delta.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Stopped {
    /// There is no delta. The file can be fetched whole.
    #[error(transparent)]
    No(#[from] NoDelta),
    /// What a download would have stopped for as well. What came is used by the next try.
    #[error(transparent)]
    Download(#[from] DownloadError),
}

/// Where a block of the new version is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// Nowhere here: it has to be fetched.
    Missing,
    /// In its place, by an earlier try.
    Here,
    /// In the old file, from this byte on.
    Old(u64),
}

impl Delta {
    /// Puts the new version together, all of it. `progress` is called for what is fetched. Says how many bytes came.
    pub(crate) async fn make(
        self,
        client: &Client,
        progress: impl FnMut(Fetched) + Send,
        cancel: &CancellationToken,
    ) -> Result<u64, Stopped> {
        let (delta, token) = (self.clone(), cancel.clone());
        let preparing = spawn_blocking(move || prepare(&delta, &|| !token.is_cancelled()));
        let prepared = until(cancel, async { preparing.await.map_err(broken)? });
        let Blocks { missing, length } = prepared.await?;
        let bytes = ranges::bytes(&missing);
        let fetcher = Fetcher::new(client, &self, length, missing, progress);
        until(cancel, fetcher.run()).await?;
        let part = self.part.clone();
        let cut = move || std::fs::File::options().write(true).open(part)?.set_len(length);
        let cut = spawn_blocking(cut).await.map_err(broken)?;
        cut.map_err(|error| DownloadError::of_disk(error, length))?;
        Ok(bytes)
    }
}

/// A blocking task that did not come to its end.
fn broken(error: tokio::task::JoinError) -> Stopped {
    DownloadError::Io(std::io::Error::other(error)).into()
}
