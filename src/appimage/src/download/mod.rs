//! An AppImage fetched into the folder where it will lie: beside its place, so that it only has to be renamed. What came
//! stays when it is broken off, and the next try goes on from there.

pub(crate) mod part;

use crate::bytes::hex;
use crate::limits;
use part::{NOTE, Note, Pace, State, open, remove, room, weigh};
use sha1::Digest;
use std::future::Future;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::time::Duration;
use strata_platform::files;
use strata_platform::http::{Client, HttpError};
use strata_platform::ranged::{self, Held, Opened, Piece};
use tokio::io::AsyncWriteExt;
use tokio::task::spawn_blocking;
use tokio_util::sync::CancellationToken;

/// What is fetched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Download {
    /// Its address.
    pub url: String,
    /// Its bytes, 0 if unknown.
    pub size: u64,
    /// Its SHA-256 in lowercase hexadecimal digits, if that is known beforehand.
    pub sha256: Option<String>,
    /// Its BLAKE3, in the same way.
    pub blake3: Option<String>,
    /// Its SHA-1, in the same way: all that control files of zsync know. It finds what was damaged on the way, and is no
    /// proof against a forger.
    pub sha1: Option<String>,
}

/// A file that is there whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Downloaded {
    /// Where it lies: a hidden file in the folder that was asked for.
    pub path: PathBuf,
    /// Its bytes.
    pub size: u64,
    /// Its SHA-256 in lowercase hexadecimal digits.
    pub sha256: String,
}

/// How far a download is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Fetched {
    /// Bytes that are there, those of earlier tries too.
    pub done: u64,
    /// Bytes of the whole, if that is known.
    pub total: Option<u64>,
}

/// Why there is no file.
#[derive(Debug, thiserror::Error)]
pub enum DownloadError {
    /// No connection, or a server that says no.
    #[error(transparent)]
    Http(#[from] HttpError),
    /// The server wants to be left alone, for this long if it says so.
    #[error("the server is asked too much")]
    Busy(Option<Duration>),
    /// It comes too slowly to ever be there.
    #[error("less than a kilobyte a second comes")]
    TooSlow,
    /// It is larger than an AppImage may be, or than it was said to be; in bytes.
    #[error("it is larger than {0} bytes")]
    TooLarge(u64),
    /// It has another size than it was said to have, in bytes.
    #[error("it has {found} bytes instead of {expected}")]
    WrongSize {
        /// As it was said.
        expected: u64,
        /// What came.
        found: u64,
    },
    /// It is not the file that was meant.
    #[error("its digest is {found} instead of {expected}")]
    WrongDigest {
        /// As it was said.
        expected: String,
        /// What came.
        found: String,
    },
    /// There is not enough room for it, in bytes.
    #[error("{needed} bytes do not fit on the disk")]
    NoSpace {
        /// What is still missing of the file.
        needed: u64,
    },
    /// The person does not want it any more. What came is kept.
    #[error("it was cancelled")]
    Cancelled,
    /// It cannot be written.
    #[error(transparent)]
    Io(io::Error),
}

/// How often a connection that breaks off is made anew, where something came by it.
pub(crate) const TRIES: usize = 5;

impl Download {
    /// Fetches it into a folder, which is made where it is missing. `progress` is called for every piece that comes. One
    /// at a time for an address and a folder: they would write into the same part.
    ///
    /// # Errors
    /// See [`DownloadError`]. What came is kept for the next try, but for what turned out to be another file.
    pub async fn fetch(
        &self,
        client: &Client,
        folder: &Path,
        mut progress: impl FnMut(Fetched) + Send,
        cancel: &CancellationToken,
    ) -> Result<Downloaded, DownloadError> {
        if self.size > limits::APPIMAGE {
            return Err(DownloadError::TooLarge(limits::APPIMAGE));
        }
        let part = part::path(&self.url, folder);
        let mut state = self.held(folder, &part).await?;
        for tries in 1.. {
            let before = state.length;
            if self.size == 0 || state.length < self.size {
                match until(cancel, self.piece(client, &part, &mut state, &mut progress)).await {
                    Err(DownloadError::Http(error)) if tries < TRIES && state.length > before && state.resumable() => {
                        tracing::debug!(%error, length = state.length, "a download goes on after its connection broke");
                        continue;
                    }
                    other => other?,
                }
            }
            break;
        }
        let found = self.check(&state);
        if let Err(error) = found {
            part::discard(&part).await;
            return Err(error);
        }
        remove(&part.with_extension(NOTE)).await;
        Ok(Downloaded { path: part, size: state.length, sha256: hex(&state.digest.finalize()) })
    }

    /// Takes away what came of it.
    pub async fn forget(&self, folder: &Path) {
        part::discard(&part::path(&self.url, folder)).await;
    }

    /// What an earlier try left, if it is of the same file.
    async fn held(&self, folder: &Path, part: &Path) -> Result<State, DownloadError> {
        let (folder, part) = (folder.to_owned(), part.to_owned());
        let (wanted, size) = (self.as_note(None), self.size);
        let reading = spawn_blocking(move || {
            std::fs::create_dir_all(&folder)?;
            let note = files::read_bounded(&part.with_extension(NOTE), limits::NOTE).ok();
            let note: Option<Note> = note.and_then(|bytes| serde_json::from_slice(&bytes).ok());
            let begun = |note: &Note| Note { etag: note.etag.clone(), ..wanted.clone() };
            let Some(note) = note.filter(|note| *note == begun(note)) else { return Ok(State::new(&wanted)) };
            let mut state = State::new(&note);
            let most = if size > 0 { size } else { limits::APPIMAGE };
            match weigh(&part, most, &mut state) {
                Ok(()) if state.resumable() => Ok(state),
                Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
                _ => Ok(State::new(&wanted)),
            }
        });
        reading.await.map_err(io::Error::other).and_then(|read| read).map_err(DownloadError::Io)
    }

    /// Asks once, and writes what comes.
    async fn piece(
        &self,
        client: &Client,
        part: &Path,
        state: &mut State,
        progress: &mut (impl FnMut(Fetched) + Send),
    ) -> Result<(), DownloadError> {
        let held = Held { length: state.length, etag: state.etag.as_deref() };
        let mut piece = match ranged::open(client, &self.url, Some(held)).await? {
            Opened::File(piece) => piece,
            Opened::Busy(rest) => return Err(DownloadError::Busy(rest)),
        };
        let anew = piece.from == 0;
        if anew {
            *state = State::new(&self.as_note(piece.etag.clone()));
        }
        let total = self.total(&piece)?;
        room(part, total.unwrap_or_default().saturating_sub(state.length))?;
        let mut file = open(part, anew).await.map_err(|error| self.io(error))?;
        if anew {
            // Not before the part is empty: what was there would count as a beginning of this file.
            self.note(part, state.etag.clone()).await?;
        }
        let most = total.unwrap_or(limits::APPIMAGE);
        let mut pace = Pace::new(state.length);
        loop {
            progress(Fetched { done: state.length, total });
            let chunk = match piece.chunk().await {
                Ok(Some(chunk)) => chunk,
                end => {
                    // Whatever comes next, and be it another try, finds all that was written.
                    file.flush().await.map_err(|error| self.io(error))?;
                    return end.map(drop).map_err(DownloadError::Http);
                }
            };
            let chunk = chunk.as_ref();
            if chunk.len() as u64 > most.saturating_sub(state.length) {
                part::discard(part).await;
                return Err(DownloadError::TooLarge(most));
            }
            file.write_all(chunk).await.map_err(|error| self.io(error))?;
            state.add(chunk);
            if pace.is_too_slow(state.length) {
                return Err(DownloadError::TooSlow);
            }
        }
    }

    /// The length of the whole, which has to be what it was said to be.
    fn total(&self, piece: &Piece) -> Result<Option<u64>, DownloadError> {
        match (self.size, piece.total) {
            (0, Some(found)) if found > limits::APPIMAGE => Err(DownloadError::TooLarge(limits::APPIMAGE)),
            (0, found) => Ok(found),
            (expected, Some(found)) if found != expected => Err(DownloadError::WrongSize { expected, found }),
            (expected, _) => Ok(Some(expected)),
        }
    }

    /// Whether what is there is what was meant.
    fn check(&self, state: &State) -> Result<(), DownloadError> {
        if self.size > 0 && state.length != self.size {
            return Err(DownloadError::WrongSize { expected: self.size, found: state.length });
        }
        let sha256 = || hex(&state.digest.clone().finalize());
        let blake3 = || state.blake3.as_ref().map(|blake3| hex(blake3.finalize().as_bytes())).unwrap_or_default();
        let sha1 = || state.sha1.clone().map(|sha1| hex(&sha1.finalize())).unwrap_or_default();
        let digests = [(&self.sha256, &sha256 as &dyn Fn() -> String), (&self.blake3, &blake3), (&self.sha1, &sha1)];
        for (expected, found) in digests {
            let Some(expected) = expected else { continue };
            let found = found();
            if *expected != found {
                return Err(DownloadError::WrongDigest { expected: expected.clone(), found });
            }
        }
        Ok(())
    }

    fn as_note(&self, etag: Option<String>) -> Note {
        let (sha256, blake3, sha1) = (self.sha256.clone(), self.blake3.clone(), self.sha1.clone());
        Note { url: self.url.clone(), etag, sha256, blake3, sha1 }
    }

    /// From now on what lies in its part counts as it: the next [`Download::fetch`] weighs that instead of fetching it anew.
    pub(crate) async fn is_there(&self, folder: &Path) -> Result<(), DownloadError> {
        self.note(&part::path(&self.url, folder), None).await
    }

    async fn note(&self, part: &Path, etag: Option<String>) -> Result<(), DownloadError> {
        let note = self.as_note(etag);
        let path = part.with_extension(NOTE);
        let writing = spawn_blocking(move || files::replace(&path, &serde_json::to_vec(&note)?));
        writing.await.map_err(io::Error::other).and_then(|written| written).map_err(|error| self.io(error))
    }

    fn io(&self, error: io::Error) -> DownloadError {
        DownloadError::of_disk(error, self.size)
    }
}

impl DownloadError {
    /// What the disk says to a file of this size.
    pub(crate) fn of_disk(error: io::Error, needed: u64) -> Self {
        match error.kind() {
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Self::NoSpace { needed },
            _ => Self::Io(error),
        }
    }
}

/// Waits until it is done or not wanted any more.
pub(crate) async fn until<T, E: From<DownloadError>>(
    cancel: &CancellationToken,
    work: impl Future<Output = Result<T, E>>,
) -> Result<T, E> {
    tokio::select! {
        biased;
        () = cancel.cancelled() => Err(DownloadError::Cancelled.into()),
        done = work => done,
    }
}
