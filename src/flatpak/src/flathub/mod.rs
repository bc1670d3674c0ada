//! What Flathub says about how its apps are liked, beside its AppStream: popular, trending, new, picked. Asked on a
//! refresh, of Flathub's web API, for all of Flathub: never about a single app. None of it fails a refresh.
//! <https://flathub.org/api/v2/docs>

mod answers;
mod parse;
mod part;

use crate::blocking::reading;
use crate::web::Web;
use answers::{Answer, Answers};
use part::Part;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
pub(crate) use strata_platform::flathub::is_flathub;
use strata_platform::http::{self, Client, HttpError, News};
use strata_platform::{Environment, settings};
use tokio::task::JoinSet;

/// Longest that one question may take in all. They are asked at once, so a refresh takes at most this much longer.
const TIME: Duration = Duration::from_secs(10);

/// Largest answer, in bytes. 250 apps with their descriptions have about a million.
const MAX_ANSWER: usize = 8 << 20;

/// How long a server is left alone that is asked too much and does not say for how long.
const REST: i64 = 3600;
/// Longest that it may say.
const LONGEST_REST: i64 = 24 * 3600;

/// The file with what was answered last, unless the settings say that it does not count.
pub(crate) fn popularity(environment: &Environment) -> Option<PathBuf> {
    Some(environment.popularity()).filter(|file| file.is_file() && is_wanted(environment))
}

fn is_wanted(environment: &Environment) -> bool {
    settings::load(environment).settings.network.popularity
}

/// Asks what is due, unless the settings say no, and keeps it. What fails is logged, and its last answer kept.
pub(crate) async fn ask(web: &Web, environment: &Arc<Environment>) {
    let (now, today) = now();
    let own = Arc::clone(environment);
    let known = reading(move || Ok(is_wanted(&own).then(|| Answers::read(&own)))).await;
    let Ok(Some(mut answers)) = known else { return };
    let client = match web.client() {
        Ok(client) => client,
        Err(error) => return tracing::warn!(%error, "Flathub cannot be asked"),
    };
    let mut asking = JoinSet::new();
    for part in Part::ALL {
        let address = part.address(&environment.flathub, &today);
        if answers.is_due(part, &address, now) {
            let etag = answers.etag(part, &address);
            let client = client.clone();
            asking.spawn(async move { (part, address.clone(), one(&client, &address, etag).await) });
        }
    }
    while let Some(asked) = asking.join_next().await {
        match asked {
            Ok((part, address, Ok(news))) => take(&mut answers, part, address, news, now),
            Ok((part, _, Err(error))) => tracing::warn!(%error, ?part, "Flathub does not say it"),
            Err(error) => tracing::warn!(%error, "Flathub cannot be asked"),
        }
    }
    let own = Arc::clone(environment);
    if let Err(failure) = reading(move || Ok(answers.write(&own, now))).await.and_then(|written| written) {
        tracing::warn!(%failure, "what Flathub says cannot be kept");
    }
}

async fn one(client: &Client, address: &str, etag: Option<String>) -> Result<News, HttpError> {
    http::fetch_news(client, address, etag.as_deref(), MAX_ANSWER, TIME).await
}

fn take(answers: &mut Answers, part: Part, address: String, news: News, now: i64) {
    match news {
        News::Same => answers.confirm(part, now),
        News::Busy(time) => {
            let rest = time.and_then(|time| i64::try_from(time.as_secs()).ok()).unwrap_or(REST).min(LONGEST_REST);
            tracing::warn!(?part, rest, "Flathub is asked too much");
            answers.rest(part, now.saturating_add(rest));
        }
        News::New { body, etag, .. } => match parse::parse(&body, part.most()) {
            Ok((entries, bad)) => {
                if bad > 0 {
                    tracing::warn!(?part, bad, "entries of Flathub's answer are no apps");
                }
                answers.put(part, Answer { address, etag, asked: now, not_before: 0, entries });
            }
            Err(error) => tracing::warn!(%error, ?part, "Flathub's answer makes no sense"),
        },
    }
}

/// Seconds since 1970, and the date in UTC, by which Flathub picks.
fn now() -> (i64, String) {
    let now = jiff::Timestamp::now();
    (now.as_second(), now.strftime("%F").to_string())
}
