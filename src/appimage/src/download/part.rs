//! What came of a download up to now: a hidden file beside the place, with a note about what it is of.

use super::DownloadError;
use crate::bytes::hex;
use crate::limits;
use serde::{Deserialize, Serialize};
use sha1::Sha1;
use sha2::{Digest, Sha256};
use std::io::{self, ErrorKind, Read};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use tokio::fs::{File, OpenOptions};

/// What is kept beside a part, to go on with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Note {
    pub(super) url: String,
    pub(super) etag: Option<String>,
    pub(super) sha256: Option<String>,
    #[serde(default)]
    pub(super) blake3: Option<String>,
    #[serde(default)]
    pub(super) sha1: Option<String>,
}

/// How the names of parts begin and end. Hidden, so that nobody starts half a program.
pub(crate) const PART: (&str, &str) = (".strata-", ".part");
/// The end of the name of what is kept beside one.
pub(crate) const NOTE: &str = "note";

/// Where the file of an address lies until it is put into its place. The same address has the same one.
pub(crate) fn path(url: &str, folder: &Path) -> PathBuf {
    let name = hex(&Sha256::digest(url.as_bytes())[..8]);
    folder.join(format!("{}{name}{}", PART.0, PART.1))
}

/// Takes away what is another file than was meant, or is not wanted any more.
pub(crate) async fn discard(part: &Path) {
    remove(part).await;
    remove(&part.with_extension(NOTE)).await;
}

/// What of a file is there, and what it weighs up to now.
#[derive(Debug)]
pub(super) struct State {
    pub(super) length: u64,
    pub(super) digest: Sha256,
    /// Where that is known.
    pub(super) blake3: Option<Box<blake3::Hasher>>,
    /// Where that is what is known.
    pub(super) sha1: Option<Sha1>,
    pub(super) etag: Option<String>,
    /// The digest of the whole is known.
    known: bool,
}

impl State {
    pub(super) fn new(note: &Note) -> Self {
        let sha1 = note.sha1.is_some().then(Sha1::new);
        let blake3 = note.blake3.is_some().then(Box::default);
        let known = note.sha256.is_some() || note.blake3.is_some() || note.sha1.is_some();
        Self { length: 0, digest: Sha256::new(), blake3, sha1, etag: note.etag.clone(), known }
    }

    pub(super) fn add(&mut self, bytes: &[u8]) {
        self.digest.update(bytes);
        if let Some(blake3) = &mut self.blake3 {
            blake3.update(bytes);
        }
        if let Some(sha1) = &mut self.sha1 {
            sha1.update(bytes);
        }
        self.length += bytes.len() as u64;
    }

    /// Whether the rest can be told from that of another file.
    pub(super) fn resumable(&self) -> bool {
        self.etag.is_some() || self.known
    }
}

/// Whether enough comes.
pub(crate) struct Pace {
    since: Instant,
    length: u64,
}

impl Pace {
    pub(crate) fn new(length: u64) -> Self {
        Self { since: Instant::now(), length }
    }

    pub(crate) fn is_too_slow(&mut self, length: u64) -> bool {
        self.is_too_slow_at(length, Instant::now())
    }

    fn is_too_slow_at(&mut self, length: u64, now: Instant) -> bool {
        if now.saturating_duration_since(self.since) < Duration::from_secs(limits::STALL) {
            return false;
        }
        let slow = length.saturating_sub(self.length) < limits::TRICKLE;
        *self = Self { since: now, length };
        slow
    }
}

/// Reads a part for what it weighs.
pub(super) fn weigh(part: &Path, most: u64, state: &mut State) -> io::Result<()> {
    let mut file = std::fs::File::open(part)?;
    if !file.metadata()?.is_file() {
        return Err(io::Error::new(ErrorKind::InvalidInput, "this is no regular file"));
    }
    let mut chunk = vec![0; 64 << 10];
    loop {
        let read = file.read(&mut chunk)?;
        if read == 0 {
            return Ok(());
        }
        if state.length + read as u64 > most {
            return Err(ErrorKind::NotFound.into());
        }
        state.add(&chunk[..read]);
    }
}

/// Whether there is room for what is missing.
pub(crate) fn room(part: &Path, needed: u64) -> Result<(), DownloadError> {
    let folder = part.parent().unwrap_or(part);
    let disk = rustix::fs::statvfs(folder).map_err(|error| DownloadError::Io(error.into()))?;
    let free = disk.f_bavail.saturating_mul(disk.f_frsize);
    if needed > free { Err(DownloadError::NoSpace { needed }) } else { Ok(()) }
}

pub(super) async fn open(part: &Path, anew: bool) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.create(true).mode(0o644);
    let options = if anew { options.write(true).truncate(true) } else { options.append(true) };
    // What lies there was put there by nobody but us; a link would lead elsewhere.
    options.custom_flags(rustix::fs::OFlags::NOFOLLOW.bits().cast_signed()).open(part).await
}

pub(super) async fn remove(path: &Path) {
    match tokio::fs::remove_file(path).await {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            tracing::warn!(%error, path = %path.display(), "what came of a download stays");
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_too_slowly_to_ever_be_there_is_told_from_what_stops_for_a_while() {
        let begun = Instant::now();
        let after = |seconds| begun + Duration::from_secs(seconds);
        let mut pace = Pace { since: begun, length: 1000 };
        assert!(!pace.is_too_slow_at(1000, after(limits::STALL - 1)), "it may still come");
        assert!(pace.is_too_slow_at(1000 + limits::TRICKLE - 1, after(limits::STALL)));
        let mut pace = Pace { since: begun, length: 0 };
        assert!(!pace.is_too_slow_at(limits::TRICKLE, after(limits::STALL)), "just enough");
        assert!(!pace.is_too_slow_at(limits::TRICKLE + 1, after(2 * limits::STALL - 1)), "counted anew from there");
        assert!(pace.is_too_slow_at(limits::TRICKLE + 1, after(2 * limits::STALL)));
    }
}
