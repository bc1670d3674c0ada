//! The one HTTP client that every room shares.

use reqwest::header::{ETAG, IF_NONE_MATCH, RETRY_AFTER};
use reqwest::redirect::Policy;
use reqwest::{Response, StatusCode};
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use tokio::time::timeout;

pub use reqwest::{Client, Url};

/// Largest answer that is read into memory unless the caller knows better, in bytes.
pub const MAX_BODY: usize = 16 << 20;

/// Longest that fetching something may take in all unless the caller knows better: a server that sends a byte now and
/// then is never silent for long, and never done.
pub const MAX_TIME: Duration = Duration::from_mins(2);

/// Longest name of an answer that is kept, in bytes.
const MAX_ETAG: usize = 256;

/// What went wrong with a download.
#[derive(Debug, thiserror::Error)]
pub enum HttpError {
    /// No connection, no answer, or an answer that says no.
    #[error(transparent)]
    Request(#[from] reqwest::Error),
    /// The answer is larger than it may be.
    #[error("the answer is larger than {0} bytes")]
    TooLarge(usize),
    /// The answer does not come, or does not come to its end.
    #[error("the answer was not there after {} seconds", .0.as_secs())]
    TooSlow(Duration),
}

impl HttpError {
    /// The server answers, and says no.
    pub fn is_refusal(&self) -> bool {
        matches!(self, Self::Request(error) if error.is_status())
    }

    /// The server answers, and has nothing at this address.
    pub fn is_nothing_there(&self) -> bool {
        let Self::Request(error) = self else { return false };
        error.status().is_some_and(|status| matches!(status, StatusCode::NOT_FOUND | StatusCode::GONE))
    }
}

/// Makes the client: connections and TLS sessions are kept between requests, so a process makes one and clones it.
///
/// # Errors
/// When the TLS library cannot start.
pub fn client() -> Result<Client, HttpError> {
    let agent = concat!("Strata/", env!("CARGO_PKG_VERSION"));
    let builder = Client::builder().user_agent(agent).connect_timeout(Duration::from_secs(15));
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

/// An address that can be asked: `http` or `https`, with a host.
pub fn is_address(text: &str) -> bool {
    // The parser forgives blanks and tabs that others do not.
    ["http://", "https://"].iter().any(|scheme| text.starts_with(scheme)) && Url::parse(text).is_ok()
}

/// Fetches an address whole, never more than `limit` bytes of it and never longer than [`MAX_TIME`].
///
/// # Errors
/// See [`HttpError`].
pub async fn fetch(client: &Client, url: &str, limit: usize) -> Result<Vec<u8>, HttpError> {
    fetch_within(client, url, limit, MAX_TIME).await
}

/// The same within a time of the caller's.
///
/// # Errors
/// See [`HttpError`].
pub async fn fetch_within(client: &Client, url: &str, limit: usize, time: Duration) -> Result<Vec<u8>, HttpError> {
    let fetching = async { whole(client.get(url).send().await?.error_for_status()?, limit).await };
    timeout(time, fetching).await.unwrap_or(Err(HttpError::TooSlow(time)))
}

async fn whole(mut answer: Response, limit: usize) -> Result<Vec<u8>, HttpError> {
    let mut body = Vec::new();
    while let Some(chunk) = answer.chunk().await? {
        if body.len() + chunk.len() > limit {
            return Err(HttpError::TooLarge(limit));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// What a server answers to whoever has an answer of it already.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum News {
    /// Nothing is different.
    Same,
    /// This is what it has now.
    New {
        /// The answer.
        body: Vec<u8>,
        /// What to name it by the next time, if the server says so.
        etag: Option<String>,
        /// Where it came from in the end: what stands in it relative to itself is relative to that.
        from: Url,
    },
    /// It is asked too much, and wants to be left alone; for this long, if it says so.
    Busy(Option<Duration>),
}

/// Fetches an address whole unless it still has what `etag` names; never more than `limit` bytes and never longer than
/// `time`.
///
/// # Errors
/// See [`HttpError`].
pub async fn fetch_news(
    client: &Client,
    url: &str,
    etag: Option<&str>,
    limit: usize,
    time: Duration,
) -> Result<News, HttpError> {
    let fetching = async {
        let request = etag.into_iter().fold(client.get(url), |request, etag| request.header(IF_NONE_MATCH, etag));
        let answer = request.send().await?;
        let header = |name: &str| answer.headers().get(name).and_then(|value| value.to_str().ok());
        let seconds = |name: &str| header(name).and_then(|text| text.parse().ok()).map(Duration::from_secs);
        // A moment, not a time: what is left of it.
        let until_reset = || {
            let now = SystemTime::now().duration_since(UNIX_EPOCH).ok()?;
            Some(seconds("x-ratelimit-reset")?.saturating_sub(now))
        };
        match answer.status() {
            StatusCode::NOT_MODIFIED if etag.is_some() => Ok(News::Same),
            StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE => {
                Ok(News::Busy(seconds(RETRY_AFTER.as_str()).or_else(until_reset)))
            }
            // GitHub's ways to say the same.
            StatusCode::FORBIDDEN
                if header("x-ratelimit-remaining") == Some("0") || header("retry-after").is_some() =>
            {
                Ok(News::Busy(seconds(RETRY_AFTER.as_str()).or_else(until_reset)))
            }
            _ => {
                let etag = header(ETAG.as_str()).filter(|etag| etag.len() <= MAX_ETAG).map(str::to_owned);
                let from = answer.url().clone();
                Ok(News::New { body: whole(answer.error_for_status()?, limit).await?, etag, from })
            }
        }
    };
    timeout(time, fetching).await.unwrap_or(Err(HttpError::TooSlow(time)))
}

/// How long a server may take where its answer is only looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// Until it begins to answer.
    pub answer: Duration,
    /// Until the answer is over, where it does not say beforehand how large it is.
    pub body: Duration,
}

/// Whether there is something at an address, not larger than `limit`; nothing of it is kept. For code that would wait
/// and take without limit. What an answer says of its own size is believed: whoever reads it stops there.
///
/// # Errors
/// See [`HttpError`]. An answer that says no is none.
pub async fn probe(client: &Client, url: &str, limit: usize, patience: Patience) -> Result<bool, HttpError> {
    let asked = timeout(patience.answer, client.get(url).send()).await;
    let mut answer = asked.map_err(|_| HttpError::TooSlow(patience.answer))??;
    if !answer.status().is_success() {
        return Ok(false);
    }
    let mut size = 0_u64;
    let limit_reached = |size: u64| size > limit as u64;
    if let Some(said) = answer.content_length() {
        return if limit_reached(said) { Err(HttpError::TooLarge(limit)) } else { Ok(true) };
    }
    let counting = async {
        while let Some(chunk) = answer.chunk().await? {
            size += chunk.len() as u64;
            if limit_reached(size) {
                return Err(HttpError::TooLarge(limit));
            }
        }
        Ok(true)
    };
    timeout(patience.body, counting).await.unwrap_or(Err(HttpError::TooSlow(patience.body)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Read, Write};
    use std::net::{TcpListener, TcpStream};
    use std::thread;
    use std::time::Instant;

    const SHORT: Duration = Duration::from_millis(300);
    const SOON: Duration = Duration::from_secs(20);

    /// A server that reads requests and lets `answer` do the rest; gives its address. Its threads end with the test.
    fn server(answer: impl Fn(TcpStream) + Clone + Send + 'static) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}/x", listener.local_addr().unwrap());
        thread::spawn(move || {
            for mut stream in listener.incoming().flatten() {
                let answer = answer.clone();
                thread::spawn(move || {
                    let _ = stream.read(&mut [0; 4096]);
                    answer(stream);
                });
            }
        });
        address
    }

    /// Sends the same again and again until nobody listens any more.
    fn endlessly(mut stream: TcpStream, bytes: &[u8], pause: Duration) {
        let head = stream.write_all(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n");
        let mut sent = head;
        while sent.is_ok() {
            thread::sleep(pause);
            sent = stream.write_all(bytes);
        }
    }

    fn silent() -> String {
        server(|mut stream| drop(stream.read_to_end(&mut Vec::new())))
    }

    fn trickling() -> String {
        server(|stream| endlessly(stream, b"#", Duration::from_millis(20)))
    }

    fn endless() -> String {
        server(|stream| endlessly(stream, &[b'#'; 4096], Duration::ZERO))
    }

    fn saying(answer: &'static str) -> String {
        server(move |mut stream| drop(stream.write_all(answer.as_bytes())))
    }

    #[tokio::test]
    async fn fetching_has_an_end() {
        let client = client().unwrap();
        for url in [silent(), trickling()] {
            let begun = Instant::now();
            let fetched = fetch_within(&client, &url, MAX_BODY, SHORT).await;
            assert!(matches!(fetched, Err(HttpError::TooSlow(_))), "{fetched:?}");
            assert!(begun.elapsed() < SOON);
        }
        let fetched = fetch(&client, &endless(), 1 << 20).await;
        assert!(matches!(fetched, Err(HttpError::TooLarge(_))), "{fetched:?}");
    }

    #[tokio::test]
    async fn a_look_tells_what_is_there_from_what_never_ends() {
        let client = client().unwrap();
        let patience = Patience { answer: SHORT, body: SHORT };
        let look = async |url: String| probe(&client, &url, 1 << 20, patience).await;
        for url in [silent(), trickling()] {
            assert!(matches!(look(url).await, Err(HttpError::TooSlow(_))));
        }
        let patient = Patience { answer: SOON, body: SOON };
        let large = probe(&client, &endless(), 1 << 20, patient).await;
        assert!(matches!(large, Err(HttpError::TooLarge(_))), "{large:?}");
        let look = async |answer| probe(&client, &saying(answer), 1 << 20, patient).await;
        assert!(matches!(
            look("HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\n").await,
            Err(HttpError::TooLarge(_))
        ));
        assert!(look("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n12345").await.unwrap());
        assert!(look("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n12345").await.unwrap());
        assert!(!look("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n").await.unwrap());
    }

    #[tokio::test]
    async fn news_are_what_the_server_says() {
        let client = client().unwrap();
        let ask = async |answer, etag| fetch_news(&client, &saying(answer), etag, 5, SOON).await;
        let is_new = |news: News, name: Option<&str>| {
            let News::New { body, etag, from } = news else { return false };
            body == b"12345" && etag.as_deref() == name && from.path() == "/x"
        };
        let plain = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n12345";
        let named = "HTTP/1.1 200 OK\r\nETag: W/\"a\"\r\nContent-Length: 5\r\n\r\n12345";
        assert!(is_new(ask(plain, None).await.unwrap(), None));
        assert!(is_new(ask(named, Some("\"b\"")).await.unwrap(), Some("W/\"a\"")));
        let same = "HTTP/1.1 304 Not Modified\r\nConnection: close\r\n\r\n";
        assert_eq!(ask(same, Some("\"a\"")).await.unwrap(), News::Same);
        let busy = "HTTP/1.1 429 Too Many Requests\r\nRetry-After: 7\r\nContent-Length: 0\r\n\r\n";
        assert_eq!(ask(busy, None).await.unwrap(), News::Busy(Some(Duration::from_secs(7))));
        let down = "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n";
        assert_eq!(ask(down, None).await.unwrap(), News::Busy(None));
        let limited =
            "HTTP/1.1 403 No\r\nX-RateLimit-Remaining: 0\r\nX-RateLimit-Reset: 1\r\nContent-Length: 0\r\n\r\n";
        assert_eq!(ask(limited, None).await.unwrap(), News::Busy(Some(Duration::ZERO)));
        let forbidden = "HTTP/1.1 403 No\r\nX-RateLimit-Remaining: 5\r\nContent-Length: 0\r\n\r\n";
        assert!(matches!(ask(forbidden, None).await, Err(HttpError::Request(_))));
        let large = "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n123456";
        assert!(matches!(ask(large, None).await, Err(HttpError::TooLarge(5))));
        let broken = "HTTP/1.1 500 Oh\r\nContent-Length: 0\r\n\r\n";
        assert!(matches!(ask(broken, None).await, Err(HttpError::Request(_))));
        for url in [silent(), trickling()] {
            assert!(matches!(fetch_news(&client, &url, None, MAX_BODY, SHORT).await, Err(HttpError::TooSlow(_))));
        }
    }

    #[test]
    fn an_address_has_a_scheme_and_a_host() {
        for good in ["http://127.0.0.1:8080/x", "https://u:p@example.org", "https://example.org/$(id)"] {
            assert!(is_address(good), "{good}");
        }
        for bad in ["", "../../..", "http://[::bad", "http://", "javascript:alert(1)", "file:///etc", " http://a"] {
            assert!(!is_address(bad), "{bad}");
        }
    }
}
