//! From what is wanted to what there is.

use super::asset::{choose, control};
use super::forge::{Published, address, releases};
use super::kept::Answer;
use super::zsync::{self, ControlFile};
use super::{Found, ResolveError, Resolved, Wanted};
use crate::limits;
use crate::update_information::{Release, is_folder};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use strata_platform::Environment;
use strata_platform::http::{self, Client, News, Url};
use tokio::task::spawn_blocking;

/// Longest that one question may take in all.
const TIME: Duration = Duration::from_secs(30);
/// How long a forge is left alone that does not say for how long, and longest that it may say.
const REST: Duration = Duration::from_mins(10);
const LONGEST_REST: Duration = Duration::from_hours(2);

/// Asks forges, one question at a time each, and remembers what they answered and which ones want to be left alone.
#[derive(Debug)]
pub struct Resolver {
    environment: Arc<Environment>,
    client: Client,
    /// Until when a forge is left alone, by host.
    rests: Mutex<HashMap<String, Instant>>,
}

impl Resolver {
    /// A resolver that asks by this client.
    pub fn new(environment: Arc<Environment>, client: Client) -> Self {
        Self { environment, client, rests: Mutex::default() }
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
        let address = address(&self.environment.forges, &wanted.project, wanted.release.as_ref());
        let host = Url::parse(&address).ok().and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default();
        let kept = self.read(address.clone()).await;
        let before = || match chosen(kept.as_ref()?.releases.as_slice(), wanted) {
            Resolved::Found(found) => Some(found),
            _ => None,
        };
        if let Some(rest) = self.rest(&host) {
            return Ok(Resolved::Busy { rest: Some(rest), known: before() });
        }
        let etag = kept.as_ref().and_then(|kept| kept.etag.clone());
        let asked = http::fetch_news(&self.client, &address, etag.as_deref(), limits::RELEASES, TIME).await;
        match asked {
            Ok(News::Same) => Ok(kept.as_ref().map_or(Resolved::NoRelease, |kept| chosen(&kept.releases, wanted))),
            Ok(News::Busy(rest)) => {
                let rest = rest.unwrap_or(REST).min(LONGEST_REST);
                let mut rests = self.rests.lock().unwrap_or_else(PoisonError::into_inner);
                rests.insert(host, Instant::now() + rest);
                Ok(Resolved::Busy { rest: Some(rest), known: before() })
            }
            Ok(News::New { body, etag }) => {
                let releases = releases(&wanted.project.forge, &body, address.starts_with("https://"))?;
                let resolved = chosen(&releases, wanted);
                self.keep(Answer { address, etag, releases }).await;
                Ok(resolved)
            }
            // A tag that is not there looks like a project that is not.
            Err(error) if error.is_nothing_there() => {
                let tagged = matches!(wanted.release, Some(Release::Tag(_)));
                Ok(if tagged { Resolved::NoRelease } else { Resolved::Gone })
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Reads the head of a control file at a fixed address; `None` if it is not there.
    ///
    /// # Errors
    /// See [`ResolveError`].
    pub async fn control_file(&self, url: &str) -> Result<Option<ControlFile>, ResolveError> {
        match zsync::fetch(&self.client, url).await {
            Err(ResolveError::Http(error)) if error.is_nothing_there() => Ok(None),
            other => other.map(Some),
        }
    }

    /// How long a forge still wants to be left alone.
    fn rest(&self, host: &str) -> Option<Duration> {
        let rests = self.rests.lock().unwrap_or_else(PoisonError::into_inner);
        let left = rests.get(host)?.checked_duration_since(Instant::now())?;
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
        match choose(&release.assets, wanted.architecture, wanted.pattern.as_deref()) {
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
