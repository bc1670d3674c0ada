//! A file over HTTP piece by piece, from where an earlier try ended. RFC 9110, “Range Requests”.
//! <https://www.rfc-editor.org/rfc/rfc9110#name-range-requests>

use crate::http::{Client, HttpError};
use reqwest::header::{ACCEPT_ENCODING, CONTENT_RANGE, ETAG, IF_RANGE, RANGE, RETRY_AFTER};
use reqwest::{Response, StatusCode};
use std::ops::Range;
use std::time::Duration;

/// Longest name of an answer that is kept, in bytes.
const MAX_ETAG: usize = 256;

/// What is there of a file already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Held<'a> {
    /// Its bytes, from the first on.
    pub length: u64,
    /// What the server named the file by when they came. `None`: the rest is taken from whatever lies there now, which
    /// is for callers only who know the digest of the whole.
    pub etag: Option<&'a str>,
}

/// What a server has.
#[derive(Debug)]
pub enum Opened {
    /// The file, or what is missing of it.
    File(Piece),
    /// It is asked too much, and wants to be left alone; for this long, if it says so.
    Busy(Option<Duration>),
}

/// What a server has of a part of a file.
#[derive(Debug)]
pub enum Part {
    /// The part, or as much of its beginning as the server gives at once.
    Bytes(Piece),
    /// As with [`Opened::Busy`].
    Busy(Option<Duration>),
    /// All of it, another part or none: the server gives no parts, or has another file by now.
    Other,
}

/// An answer whose bytes are still to come.
#[derive(Debug)]
pub struct Piece {
    /// At which byte of the file it begins: 0, or as many as are held.
    pub from: u64,
    /// Bytes of the whole file, if the server says so.
    pub total: Option<u64>,
    /// What the server names the file by, if that is good enough to go on with it later.
    pub etag: Option<String>,
    /// Where it comes from in the end.
    pub url: String,
    answer: Response,
}

impl Piece {
    fn new(from: u64, total: Option<u64>, answer: Response) -> Self {
        Self { from, total, etag: etag(&answer), url: answer.url().to_string(), answer }
    }

    /// The next bytes, `None` at the end. An answer that ends before its length is an error.
    ///
    /// # Errors
    /// [`HttpError::Request`].
    pub async fn chunk(&mut self) -> Result<Option<impl AsRef<[u8]> + use<>>, HttpError> {
        Ok(self.answer.chunk().await?)
    }
}

/// Asks for a file, or for the rest of it. A server that has another file by now, or gives no parts, answers with all of it.
///
/// # Errors
/// [`HttpError::Request`].
pub async fn open(client: &Client, url: &str, held: Option<Held<'_>>) -> Result<Opened, HttpError> {
    let held = held.filter(|held| held.length > 0);
    // Packed on the way it would have other lengths.
    let plain = || client.get(url).header(ACCEPT_ENCODING, "identity");
    if let Some(held) = held {
        let request = plain().header(RANGE, format!("bytes={}-", held.length));
        let request = held.etag.into_iter().fold(request, |request, etag| request.header(IF_RANGE, etag));
        let answer = request.send().await?;
        match (answer.status(), range(&answer)) {
            (StatusCode::PARTIAL_CONTENT, Some((from, _, total))) if from == held.length => {
                return Ok(Opened::File(Piece::new(from, total, answer)));
            }
            // Another part than was asked for, or nothing where there should be more.
            (StatusCode::PARTIAL_CONTENT | StatusCode::RANGE_NOT_SATISFIABLE, _) => {}
            _ => return whole(answer),
        }
    }
    whole(plain().send().await?)
}

/// Asks for a part of a file, of at least one byte. `etag` is what the server named the file by when other parts of it came.
///
/// # Errors
/// [`HttpError::Request`].
pub async fn part(client: &Client, url: &str, wanted: Range<u64>, etag: Option<&str>) -> Result<Part, HttpError> {
    let last = wanted.end.saturating_sub(1);
    let request = client.get(url).header(ACCEPT_ENCODING, "identity");
    let request = request.header(RANGE, format!("bytes={}-{last}", wanted.start));
    let answer = etag.into_iter().fold(request, |request, etag| request.header(IF_RANGE, etag)).send().await?;
    if is_busy(&answer) {
        return Ok(Part::Busy(rest(&answer)));
    }
    match (answer.status(), range(&answer)) {
        (StatusCode::PARTIAL_CONTENT, Some((from, to, total))) if from == wanted.start && to <= last => {
            Ok(Part::Bytes(Piece::new(from, total, answer)))
        }
        (StatusCode::RANGE_NOT_SATISFIABLE, _) => Ok(Part::Other),
        _ => answer.error_for_status().map(|_| Part::Other).map_err(HttpError::Request),
    }
}

fn whole(answer: Response) -> Result<Opened, HttpError> {
    if is_busy(&answer) {
        return Ok(Opened::Busy(rest(&answer)));
    }
    let answer = answer.error_for_status()?;
    Ok(Opened::File(Piece::new(0, answer.content_length(), answer)))
}

/// Whether a server wants to be left alone.
fn is_busy(answer: &Response) -> bool {
    matches!(answer.status(), StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE)
}

/// For how long, if it says so.
fn rest(answer: &Response) -> Option<Duration> {
    let seconds = answer.headers().get(RETRY_AFTER)?.to_str().ok()?.parse().ok()?;
    Some(Duration::from_secs(seconds))
}

/// A name that stands for every byte; a weak one does not.
fn etag(answer: &Response) -> Option<String> {
    let etag = answer.headers().get(ETAG)?.to_str().ok()?;
    (etag.len() <= MAX_ETAG && etag.starts_with('"')).then(|| etag.to_owned())
}

/// Where a part begins and ends, and the length of the whole: `bytes 7-9/10`.
fn range(answer: &Response) -> Option<(u64, u64, Option<u64>)> {
    let text = answer.headers().get(CONTENT_RANGE)?.to_str().ok()?;
    let (range, total) = text.strip_prefix("bytes ")?.split_once('/')?;
    let (from, to) = range.split_once('-')?;
    let (from, to): (u64, u64) = (from.trim().parse().ok()?, to.trim().parse().ok()?);
    let total = if total == "*" { None } else { Some(total.trim().parse().ok()?) };
    (from <= to && total.is_none_or(|total| to < total)).then_some((from, to, total))
}
