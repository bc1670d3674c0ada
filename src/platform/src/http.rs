//! The one HTTP client that every room shares.

use reqwest::redirect::Policy;
use std::time::Duration;

/// Largest answer that is read into memory unless the caller knows better, in bytes.
pub const MAX_BODY: usize = 16 << 20;

/// What went wrong with a download.
#[derive(Debug, thiserror::Error)]
pub enum HttpError {
    /// No connection, no answer, or an answer that says no.
    #[error(transparent)]
    Request(#[from] reqwest::Error),
    /// The answer is larger than it may be.
    #[error("the answer is larger than {0} bytes")]
    TooLarge(usize),
}

/// Makes the client: connections and TLS sessions are kept between requests, so a process makes one and clones it.
///
/// # Errors
/// When the TLS library cannot start.
pub fn client() -> Result<reqwest::Client, HttpError> {
    let agent = concat!("Strata/", env!("CARGO_PKG_VERSION"));
    let builder = reqwest::Client::builder().user_agent(agent).connect_timeout(Duration::from_secs(15));
    Ok(builder.read_timeout(Duration::from_secs(30)).redirect(redirects()).build()?)
}

/// As usual, but never from an encrypted address to a plain one: descriptions carry keys.
fn redirects() -> Policy {
    Policy::custom(|attempt| {
        let was_encrypted = attempt.previous().iter().any(|url| url.scheme() == "https");
        if was_encrypted && attempt.url().scheme() != "https" {
            return attempt.error("an encrypted address leads to a plain one");
        }
        Policy::default().redirect(attempt)
    })
}

/// Fetches an address whole, never more than `limit` bytes of it.
///
/// # Errors
/// See [`HttpError`].
pub async fn fetch(client: &reqwest::Client, url: &str, limit: usize) -> Result<Vec<u8>, HttpError> {
    let mut answer = client.get(url).send().await?.error_for_status()?;
    let mut body = Vec::new();
    while let Some(chunk) = answer.chunk().await? {
        if body.len() + chunk.len() > limit {
            return Err(HttpError::TooLarge(limit));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}
