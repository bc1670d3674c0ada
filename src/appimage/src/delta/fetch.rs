//! What is missing of a new version is fetched into its part, a few ranges at a time: one for each question, which every
//! server knows that knows ranges at all.

use super::{Delta, NoDelta, Stopped};
use crate::download::part::Pace;
use crate::download::{DownloadError, Fetched, TRIES};
use crate::limits;
use rustix::fs::OFlags;
use std::collections::VecDeque;
use std::io::SeekFrom;
use std::ops::Range;
use std::sync::{Mutex, MutexGuard, PoisonError};
use strata_platform::http::{Client, HttpError};
use strata_platform::ranged::{self, Part, Piece};
use tokio::fs::{File, OpenOptions};
use tokio::io::{AsyncSeekExt, AsyncWriteExt};

/// Fetches ranges.
pub(super) struct Fetcher<'a, P> {
    client: &'a Client,
    delta: &'a Delta,
    length: u64,
    left: Mutex<VecDeque<Range<u64>>>,
    /// What the first answer said of the file.
    known: Mutex<Known>,
    meter: Mutex<Meter<P>>,
}

#[derive(Clone, Debug, Default)]
struct Known {
    /// What the server names it by.
    etag: Option<String>,
    /// Where it is in the end: forges lead from one address to another, for each question anew.
    url: Option<String>,
}

struct Meter<P> {
    fetched: Fetched,
    pace: Pace,
    progress: P,
}

impl<'a, P: FnMut(Fetched) + Send> Fetcher<'a, P> {
    pub(super) fn new(
        client: &'a Client,
        delta: &'a Delta,
        length: u64,
        ranges: Vec<Range<u64>>,
        mut progress: P,
    ) -> Self {
        let fetched = Fetched { done: 0, total: Some(super::ranges::bytes(&ranges)) };
        progress(fetched);
        let meter = Meter { fetched, pace: Pace::new(0), progress };
        let (left, known, meter) = (Mutex::new(ranges.into()), Mutex::default(), Mutex::new(meter));
        Self { client, delta, length, left, known, meter }
    }

    /// Fetches all of them: the first alone, for what its answer says of the file.
    pub(super) async fn run(&self) -> Result<(), Stopped> {
        let first = lock(&self.left).pop_front();
        if let Some(first) = first {
            self.range(first).await?;
        }
        tokio::try_join!(self.lane(), self.lane(), self.lane(), self.lane())?;
        Ok(())
    }

    async fn lane(&self) -> Result<(), Stopped> {
        loop {
            let next = lock(&self.left).pop_front();
            let Some(range) = next else { return Ok(()) };
            self.range(range).await?;
        }
    }

    /// Fetches one. A connection that breaks off is made anew for the rest.
    async fn range(&self, wanted: Range<u64>) -> Result<(), Stopped> {
        let on_disk = |error| DownloadError::of_disk(error, self.length);
        let mut file = open(&self.delta.part).await.map_err(on_disk)?;
        file.seek(SeekFrom::Start(wanted.start)).await.map_err(on_disk)?;
        let mut left = wanted;
        for tries in 1.. {
            let before = left.start;
            let ended = self.piece(&mut file, &mut left).await;
            // Whatever comes next, and be it another try, finds all that was written.
            file.flush().await.map_err(on_disk)?;
            match ended {
                Ok(()) if left.is_empty() => break,
                Ok(()) | Err(Stopped::Download(DownloadError::Http(_))) if tries < TRIES && left.start > before => {}
                Ok(()) => return Err(NoDelta::NoParts.into()),
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// Asks once, and writes what comes.
    async fn piece(&self, file: &mut File, left: &mut Range<u64>) -> Result<(), Stopped> {
        let mut piece = match self.ask(left.clone()).await.map_err(DownloadError::Http)? {
            Part::Bytes(piece) => piece,
            Part::Busy(rest) => return Err(DownloadError::Busy(rest).into()),
            Part::Other => return Err(NoDelta::NoParts.into()),
        };
        if piece.total.is_some_and(|total| total != self.length) {
            return Err(NoDelta::NoParts.into());
        }
        self.learn(&piece);
        while let Some(chunk) = piece.chunk().await.map_err(DownloadError::Http)? {
            let chunk = chunk.as_ref();
            let length = chunk.len() as u64;
            if length > left.end - left.start {
                return Err(NoDelta::NoParts.into());
            }
            file.write_all(chunk).await.map_err(|error| DownloadError::of_disk(error, self.length))?;
            left.start += length;
            lock(&self.meter).add(length)?;
        }
        Ok(())
    }

    /// Asks where the last answer came from; where that says no, because such addresses count for a while only, anew.
    async fn ask(&self, wanted: Range<u64>) -> Result<Part, HttpError> {
        let Known { etag, url } = lock(&self.known).clone();
        if let Some(url) = url {
            match ranged::part(self.client, &url, wanted.clone(), etag.as_deref()).await {
                Err(error) if error.is_refusal() => lock(&self.known).url = None,
                other => return other,
            }
        }
        ranged::part(self.client, &self.delta.url, wanted, etag.as_deref()).await
    }

    fn learn(&self, piece: &Piece) {
        let mut known = lock(&self.known);
        known.etag = known.etag.take().or_else(|| piece.etag.clone());
        known.url = Some(piece.url.clone()).filter(|url| url.len() <= limits::FEED_URL);
    }
}

impl<P: FnMut(Fetched)> Meter<P> {
    fn add(&mut self, bytes: u64) -> Result<(), DownloadError> {
        self.fetched.done += bytes;
        (self.progress)(self.fetched);
        if self.pace.is_too_slow(self.fetched.done) { Err(DownloadError::TooSlow) } else { Ok(()) }
    }
}

async fn open(part: &std::path::Path) -> std::io::Result<File> {
    OpenOptions::new().write(true).custom_flags(OFlags::NOFOLLOW.bits().cast_signed()).open(part).await
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
