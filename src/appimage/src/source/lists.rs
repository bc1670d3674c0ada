//! The lists of AppImages that there are to be had: fetched on a refresh, whole and never about a single app, and put
//! together to feeds for the catalogue.

mod together;

use super::AppImages;
use crate::feed::{self, BadIndex, app_image_hub, signs};
use crate::format::Architecture;
use crate::limits;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use strata_model::listed::{APPIMAGEHUB, SOARPKGS};
use strata_model::{Failure, FailureKind};
use strata_platform::http::{self, Client, HttpError, News};
use strata_platform::{Environment, files, settings};
pub(super) use together::{feeds, find, is_origin};

/// Longest that one list may take in all.
const TIME: Duration = Duration::from_mins(1);
/// What stands behind the name of what is signed.
const SIGNATURE: &str = ".sig";
/// Largest file of the servers' names for what was fetched, in bytes.
const ANSWERS: u64 = 16 << 10;

/// A list that is fetched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum List {
    /// AppImageHub's apps.
    Hub,
    /// The packages of soarpkgs, signed.
    Soarpkgs,
    /// Names of what has had no release for long.
    Obsolete,
    /// Names of what its owner closed.
    Archived,
}

impl List {
    const ALL: [Self; 4] = [Self::Hub, Self::Soarpkgs, Self::Obsolete, Self::Archived];

    /// Its name where it comes from and where it is kept; `None` if there is none for this machine.
    fn name(self) -> Option<&'static str> {
        match (self, Architecture::of_this_machine()) {
            (Self::Hub, _) => Some("feed.json"),
            (Self::Soarpkgs, Some(Architecture::X86_64)) => Some("metadata-x86_64-linux.sdb.zstd"),
            (Self::Soarpkgs, Some(Architecture::Aarch64)) => Some("metadata-aarch64-linux.sdb.zstd"),
            (Self::Soarpkgs, _) => None,
            (Self::Obsolete, _) => Some("obsolete-apps"),
            (Self::Archived, _) => Some("archived-apps"),
        }
    }

    const fn limit(self) -> usize {
        match self {
            Self::Hub | Self::Soarpkgs => limits::FEED,
            Self::Obsolete | Self::Archived => limits::SIGNS,
        }
    }

    /// The origin of what it lists; for a list of signs that of what they are about.
    const fn origin(self) -> &'static str {
        match self {
            Self::Soarpkgs => SOARPKGS,
            Self::Hub | Self::Obsolete | Self::Archived => APPIMAGEHUB,
        }
    }

    fn address(self, environment: &Environment) -> Option<String> {
        let lists = &environment.appimage_lists;
        let site = match self {
            Self::Hub => &lists.hub,
            Self::Soarpkgs => &lists.soarpkgs,
            Self::Obsolete | Self::Archived => &lists.signs,
        };
        Some(format!("{site}/{}", self.name()?))
    }

    fn file(self, environment: &Environment) -> Option<PathBuf> {
        Some(environment.listed_appimages().join(self.name()?))
    }
}

/// What came of a list, or lies here of it.
#[derive(Debug)]
struct Body {
    content: Vec<u8>,
    /// Of one that is signed.
    signature: String,
}

impl Body {
    /// What lies here.
    fn read(environment: &Environment, list: List) -> io::Result<Self> {
        let file = list.file(environment).ok_or(io::ErrorKind::NotFound)?;
        let content = files::read_bounded(&file, list.limit() as u64)?;
        let signature = match list {
            List::Soarpkgs => files::read_bounded(&signature_of(&file), limits::MINISIGN as u64)?,
            List::Hub | List::Obsolete | List::Archived => Vec::new(),
        };
        Ok(Self { content, signature: String::from_utf8_lossy(&signature).into_owned() })
    }

    /// The apps of a list of apps.
    fn apps(&self, environment: &Environment, list: List) -> Result<feed::Feed, BadIndex> {
        let lists = &environment.appimage_lists;
        match (list, Architecture::of_this_machine()) {
            (List::Soarpkgs, Some(machine)) => {
                feed::soarpkgs(&self.content, &self.signature, &lists.soarpkgs_key, machine)
            }
            _ => Ok(app_image_hub(&self.content, &lists.hub)?),
        }
    }

    /// Whether it is such a list: another page is not kept in its place.
    fn check(&self, environment: &Environment, list: List) -> Result<(), BadIndex> {
        match list {
            List::Hub | List::Soarpkgs => self.apps(environment, list).map(drop),
            List::Obsolete | List::Archived => Ok(signs(&String::from_utf8_lossy(&self.content), "").map(drop)?),
        }
    }
}

/// Where the signature over a file is, in the web and here.
fn signature_of(file: &std::path::Path) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(SIGNATURE);
    name.into()
}

/// By which name a server has what was fetched of it, and where that was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Answer {
    address: String,
    etag: String,
}

type Answers = BTreeMap<List, Answer>;

/// What the settings want of the lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Wish {
    /// Nothing.
    Nothing,
    /// What was fetched before is used, and not fetched anew.
    Known,
    /// They are fetched.
    News,
}

/// What the settings want of them. In a sandbox no AppImage can be installed.
pub(super) fn wish(environment: &Environment) -> Wish {
    let settings = settings::load(environment).settings;
    match (settings.network.appimages, settings.fetch_appimage_lists()) {
        _ if environment.sandboxed => Wish::Nothing,
        (_, true) => Wish::News,
        (true, false) => Wish::Known,
        (false, false) => Wish::Nothing,
    }
}

impl AppImages {
    /// Fetches the lists anew where they are other ones. `true` if a feed is another one now; and what went wrong. The lists
    /// of what nobody looks after are worth having, not worth failing for.
    pub(super) async fn refresh_lists(&self) -> Result<(bool, Vec<Failure>), Failure> {
        let unusable = |error: HttpError| Failure::new(FailureKind::Other, APPIMAGEHUB, error.to_string());
        let client = self.client().map_err(unusable)?;
        let mut faults = Vec::new();
        for list in List::ALL {
            match self.refresh_list(&client, list).await {
                Ok(()) => {}
                Err(failure) if matches!(list, List::Hub | List::Soarpkgs) => faults.push(failure),
                Err(failure) => tracing::warn!(?list, %failure, "a list of AppImages stays as it was"),
            }
        }
        let environment = Arc::clone(&self.environment);
        let changed = self.blocking(APPIMAGEHUB, move |_| together::put(&environment)).await?;
        Ok((changed, faults))
    }

    async fn refresh_list(&self, client: &Client, list: List) -> Result<(), Failure> {
        let (environment, origin) = (Arc::clone(&self.environment), list.origin());
        let Some(address) = list.address(&environment) else { return Ok(()) };
        let known = self.blocking(origin, move |_| Ok(known(&environment, list))).await?;
        let unfetched = |error| not_fetched(origin, &error);
        match http::fetch_news(client, &address, known.as_deref(), list.limit(), TIME).await.map_err(unfetched)? {
            News::Same => Ok(()),
            News::Busy(_) => Err(Failure::new(FailureKind::AskedTooOften, origin, address)),
            News::New { body, etag, .. } => {
                let signature = match list {
                    List::Soarpkgs => {
                        let address = format!("{address}{SIGNATURE}");
                        let signature = http::fetch_within(client, &address, limits::MINISIGN, TIME).await;
                        signature.map_err(unfetched)?
                    }
                    List::Hub | List::Obsolete | List::Archived => Vec::new(),
                };
                let signature = String::from_utf8_lossy(&signature).into_owned();
                let (environment, body) = (Arc::clone(&self.environment), Body { content: body, signature });
                self.blocking(origin, move |_| keep(&environment, list, &body, etag)).await
            }
        }
    }
}

fn not_fetched(origin: &str, error: &HttpError) -> Failure {
    let kind = match error {
        error if error.is_nothing_there() => FailureKind::NothingThere,
        HttpError::TooLarge(_) => FailureKind::BadFile,
        HttpError::Request(_) | HttpError::TooSlow(_) => FailureKind::Offline,
    };
    Failure::new(kind, origin, error.to_string())
}

/// The server's name for what is here, if it is from the same address and whole: what is damaged is fetched again, also
/// where the server has no other one.
fn known(environment: &Environment, list: List) -> Option<String> {
    let answer = read_answers(environment).remove(&list)?;
    let is_whole = || Body::read(environment, list).is_ok_and(|body| body.check(environment, list).is_ok());
    (Some(answer.address) == list.address(environment) && is_whole()).then_some(answer.etag)
}

fn answers(environment: &Environment) -> PathBuf {
    environment.listed_appimages().join("answers.json")
}

fn read_answers(environment: &Environment) -> Answers {
    let content = files::read_bounded(&answers(environment), ANSWERS).ok();
    content.and_then(|content| serde_json::from_slice(&content).ok()).unwrap_or_default()
}

/// Keeps a list that was fetched; its name only after it, so that a name never stands for an older list.
fn keep(environment: &Environment, list: List, body: &Body, etag: Option<String>) -> Result<(), Failure> {
    let (Some(address), Some(file)) = (list.address(environment), list.file(environment)) else { return Ok(()) };
    let bad = |error: BadIndex| {
        let kind = if error == BadIndex::BadSignature { FailureKind::SignatureWrong } else { FailureKind::BadFile };
        Failure::new(kind, list.origin(), format!("{address}: {error}"))
    };
    body.check(environment, list).map_err(bad)?;
    let mut known = read_answers(environment);
    let write = |known: &Answers| files::replace(&answers(environment), &serde_json::to_vec(known)?);
    let written = (|| {
        if known.remove(&list).is_some() {
            write(&known)?;
        }
        if list == List::Soarpkgs {
            files::replace(&signature_of(&file), body.signature.as_bytes())?;
        }
        files::replace(&file, &body.content)?;
        known.extend(etag.map(|etag| (list, Answer { address: address.clone(), etag })));
        write(&known)
    })();
    written.map_err(|error| unwritable(environment, &error))
}

fn unwritable(environment: &Environment, error: &io::Error) -> Failure {
    Failure::new(FailureKind::Unwritable, environment.listed_appimages().to_string_lossy(), error.to_string())
}
