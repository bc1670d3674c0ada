//! From what is wanted to what there is.

use super::asset::{choose, control};
use super::forge::{Published, addresses, releases};
use super::kept::{Answer, now};
use super::{Found, ResolveError, Resolved, Wanted};
use crate::limits;
use crate::update_information::{Forge, Release, is_folder};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use strata_platform::Environment;
use strata_platform::http::{self, Client, News, Url};
use tokio::task::spawn_blocking;

/// Longest that one question may take in all.
const TIME: Duration = Duration::from_secs(30);
/// How long a forge is left alone that does not say for how long, and longest that it may say.
const REST: Duration = Duration::from_mins(10);
const LONGEST_REST: Duration = Duration::from_hours(2);

/// How long an answer counts without being asked for again. GitHub counts each question of whoever does not say who they
/// are, also where it answers that nothing is new.
const LEAST_AGE: Duration = Duration::from_mins(10);

/// Asks forges, one question at a time each, and remembers what they answered and which ones want to be left alone.
#[derive(Debug)]
pub struct Resolver {
    pub(super) environment: Arc<Environment>,
    pub(super) client: Client,
    pub(super) least_age: Duration,
    /// Until when a forge is left alone, by host.
    rests: Mutex<HashMap<String, Instant>>,
    /// Who is asking a forge, by host.
    asking: Mutex<HashMap<String, Arc<tokio::sync::Mutex<()>>>>,
}

/// What a forge says at one address.
enum Said {
    Releases(Vec<Published>),
    Nothing,
    Busy(Duration),
}

impl Resolver {
    /// A resolver that asks by this client.
    pub fn new(environment: Arc<Environment>, client: Client) -> Self {
        Self { environment, client, least_age: LEAST_AGE, rests: Mutex::default(), asking: Mutex::default() }
    }

    /// The same with another time for which an answer counts without being asked for again; ten minutes otherwise.
    #[must_use]
    pub fn with_least_age(self, least_age: Duration) -> Self {
        Self { least_age, ..self }
    }

    /// Looks for an AppImage among a project's releases.
    ///
    /// # Errors
    /// See [`ResolveError`]. What a forge has not, or does not want to say now, is no error.
    pub async fn resolve(&self, wanted: &Wanted) -> Result<Resolved, ResolveError> {
        // No tag is called so, and the address would be another one.
        if matches!(&wanted.release, Some(Release::Tag(tag)) if is_folder(tag)) {
            return Ok(Resolved::NoRelease);
        }
        let addresses = addresses(&self.environment.forges, &wanted.project, wanted.release.as_ref());
        let mut resolved = Resolved::Gone;
        for address in &addresses {
            resolved = match self.ask(address, &wanted.project.forge).await? {
                Said::Releases(releases) => chosen(&releases, wanted),
                // A tag that is not there looks like a project that is not.
                Said::Nothing if matches!(wanted.release, Some(Release::Tag(_))) => Resolved::NoRelease,
                // What another address says of it stands: then it is there.
                Said::Nothing => resolved,
                Said::Busy(rest) => return Ok(self.busy(rest, &addresses, wanted).await),
            };
            if let Resolved::Found(_) = resolved {
                break;
            }
        }
        Ok(resolved)
    }

    /// Asks at one address, unless the last answer is young enough or the forge wants to be left alone. Who asks the same
    /// forge meanwhile waits, and then finds what came of it.
    async fn ask(&self, address: &str, forge: &Forge) -> Result<Said, ResolveError> {
        let host = Url::parse(address).ok().and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default();
        let turn = Arc::clone(lock(&self.asking).entry(host.clone()).or_default());
        let _asking = turn.lock().await;
        let kept = self.read(address.to_owned()).await;
        if let Some(kept) = kept.as_ref().filter(|kept| kept.is_younger(self.least_age)) {
            return Ok(kept.said());
        }
        if let Some(rest) = self.rest(&host) {
            return Ok(Said::Busy(rest));
        }
        let etag = kept.as_ref().and_then(|kept| kept.etag.clone());
        let answer = match http::fetch_news(&self.client, address, etag.as_deref(), limits::RELEASES, TIME).await {
            // It is said to whoever has an answer only.
            Ok(News::Same) => Answer { asked: now(), ..kept.ok_or(ResolveError::Malformed)? },
            Ok(News::Busy(rest)) => {
                let rest = rest.unwrap_or(REST).min(LONGEST_REST);
                lock(&self.rests).insert(host, Instant::now() + rest);
                return Ok(Said::Busy(rest));
            }
            Ok(News::New { body, etag, .. }) => {
                let releases = releases(forge, &body, address.starts_with("https://"))?;
                Answer { address: address.to_owned(), etag, releases, missing: false, asked: now() }
            }
            Err(error) if error.is_nothing_there() => {
                Answer { address: address.to_owned(), etag: None, releases: Vec::new(), missing: true, asked: now() }
            }
            Err(error) => return Err(error.into()),
        };
        let said = answer.said();
        self.keep(answer).await;
        Ok(said)
    }

    /// The forge does not answer now; what was known before stands beside.
    async fn busy(&self, rest: Duration, addresses: &[String], wanted: &Wanted) -> Resolved {
        let mut known = None;
        for address in addresses {
            if let Some(kept) = self.read(address.clone()).await
                && let Resolved::Found(found) = chosen(&kept.releases, wanted)
            {
                known = known.or(Some(found));
            }
        }
        Resolved::Busy { rest: Some(rest), known }
    }

    /// How long a forge still wants to be left alone.
    fn rest(&self, host: &str) -> Option<Duration> {
        let left = lock(&self.rests).get(host)?.checked_duration_since(Instant::now())?;
        (!left.is_zero()).then_some(left)
    }

    async fn read(&self, address: String) -> Option<Answer> {
        let folder = self.environment.releases();
        spawn_blocking(move || Answer::read(&folder, &address)).await.ok().flatten()
    }

    /// What cannot be kept is asked for again the next time.
    async fn keep(&self, answer: Answer) {
        let folder = self.environment.releases();
        if let Ok(Err(error)) = spawn_blocking(move || answer.write(&folder)).await {
            tracing::warn!(%error, "what a forge answered cannot be kept");
        }
    }
}

impl Answer {
    fn said(&self) -> Said {
        if self.missing { Said::Nothing } else { Said::Releases(self.releases.clone()) }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The newest release that has what is wanted.
fn chosen(releases: &[Published], wanted: &Wanted) -> Resolved {
    let stable = |release: &&Published| !release.development;
    let all: Vec<&Published> = match &wanted.release {
        None => releases.iter().filter(stable).chain(releases.iter().filter(|release| release.development)).collect(),
        Some(Release::Latest) => releases.iter().filter(stable).collect(),
        Some(Release::LatestPre) => releases.iter().filter(|release| release.development).collect(),
        Some(Release::LatestAll) => releases.iter().collect(),
        Some(Release::Tag(tag)) => releases.iter().filter(|release| release.tag == *tag).collect(),
    };
    if all.is_empty() {
        return Resolved::NoRelease;
    }
    let mut others = false;
    for release in all {
        match choose(&release.assets, &wanted.app, wanted.architecture, wanted.pattern.as_deref()) {
            Ok(asset) => {
                let control = control(&release.assets, asset).map(|control| control.url.clone());
                return Resolved::Found(Box::new(Found {
                    version: release.tag.clone(),
                    released: release.date,
                    development: release.development,
                    asset: asset.clone(),
                    control,
                }));
            }
            Err(for_others) => others |= for_others,
        }
    }
    if others { Resolved::OtherMachine } else { Resolved::NoAppImage }
}
