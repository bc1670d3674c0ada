//! The lists of AppImages that there are to be had: fetched on a refresh, whole and never about a single app, and put
//! together to one feed for the catalogue.

use super::listed::{Entry, way};
use super::{AppImages, absent};
use crate::feed::{BadFeed, Feed as Read, FeedLoss, Life, Merged, Project, Record, Signs, app_image_hub, merge, signs};
use crate::limits;
use crate::release::App;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashSet};
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use strata_model::feed::Feed;
use strata_model::listed::{self, Line, Listed, Lost};
use strata_model::{Failure, FailureKind, SourceKind};
use strata_platform::http::{self, Client, News};
use strata_platform::{Environment, files, settings};

/// The origin of what AppImageHub lists.
pub(super) const ORIGIN: &str = listed::APPIMAGEHUB;

/// Longest that one list may take in all.
const TIME: Duration = Duration::from_mins(1);
/// Largest file of the feed, in bytes; that of AppImageHub has 0.9 MB.
const FEED: u64 = 32 << 20;
/// Largest file of the servers' names for what was fetched, in bytes.
const ANSWERS: u64 = 16 << 10;

/// A list that is fetched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum List {
    /// AppImageHub's apps.
    Hub,
    /// Names of what has had no release for long.
    Obsolete,
    /// Names of what its owner closed.
    Archived,
}

impl List {
    const ALL: [Self; 3] = [Self::Hub, Self::Obsolete, Self::Archived];

    const fn name(self) -> &'static str {
        match self {
            Self::Hub => "feed.json",
            Self::Obsolete => "obsolete-apps",
            Self::Archived => "archived-apps",
        }
    }

    const fn limit(self) -> usize {
        match self {
            Self::Hub => limits::FEED,
            Self::Obsolete | Self::Archived => limits::SIGNS,
        }
    }

    fn address(self, environment: &Environment) -> String {
        let lists = &environment.appimage_lists;
        let site = if self == Self::Hub { &lists.hub } else { &lists.signs };
        format!("{site}/{}", self.name())
    }

    fn file(self, environment: &Environment) -> PathBuf {
        environment.listed_appimages().join(self.name())
    }

    /// Whether what came is such a list: another page is not kept in its place.
    fn check(self, body: &[u8]) -> Result<(), BadFeed> {
        match self {
            Self::Hub => app_image_hub(body).map(drop),
            Self::Obsolete | Self::Archived => signs(&String::from_utf8_lossy(body), "").map(drop),
        }
    }
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

/// The feed, if there is one.
pub(super) fn feed(environment: &Environment) -> Option<Feed> {
    let file = apps(environment);
    file.is_file().then(|| Feed {
        source: SourceKind::AppImage,
        scope: "user".to_owned(),
        origin: ORIGIN.to_owned(),
        url: environment.appimage_lists.hub.clone(),
        priority: 0,
        file,
        icons: PathBuf::new(),
        references: absent::references(environment),
        verifies: false,
        popularity: None,
    })
}

/// An app of the list, by its name in it; and which of its project's apps it is.
pub(super) fn find(environment: &Environment, reference: &str) -> Option<Entry> {
    let content = files::read_bounded(&apps(environment), FEED).ok()?;
    let lines = content.split(|byte| *byte == b'\n').filter_map(|line| serde_json::from_slice(line).ok());
    let all: Vec<Listed> = lines.filter_map(|line| if let Line::App(app) = line { Some(*app) } else { None }).collect();
    let listed = all.iter().find(|app| app.reference == reference)?;
    let project = listed.repository.to_lowercase();
    let is_beside = |app: &&Listed| {
        !project.is_empty() && app.repository.to_lowercase() == project && app.reference != listed.reference
    };
    let others = all.iter().filter(is_beside).map(|app| app.name.clone()).collect();
    Some(Entry { app: App { name: listed.name.clone(), others }, listed: listed.clone() })
}

fn apps(environment: &Environment) -> PathBuf {
    environment.listed_appimages().join("apps")
}

fn answers(environment: &Environment) -> PathBuf {
    environment.listed_appimages().join("answers.json")
}

impl AppImages {
    /// Fetches the lists anew where they are other ones, and says whether the feed is another one now. The lists of what
    /// nobody looks after are worth having, not worth failing for.
    pub(super) async fn refresh_lists(&self) -> Result<bool, Failure> {
        let unusable = |error: http::HttpError| Failure::new(FailureKind::Other, ORIGIN, error.to_string());
        let client = self.client().map_err(unusable)?;
        let mut fault = None;
        for list in List::ALL {
            match self.refresh_list(&client, list).await {
                Ok(()) => {}
                Err(failure) if list == List::Hub => fault = Some(failure),
                Err(failure) => tracing::warn!(?list, %failure, "a list of AppImages stays as it was"),
            }
        }
        let environment = Arc::clone(&self.environment);
        let changed = self.blocking(ORIGIN, move |_| put_together(&environment)).await?;
        fault.map_or(Ok(changed), Err)
    }

    async fn refresh_list(&self, client: &Client, list: List) -> Result<(), Failure> {
        let environment = Arc::clone(&self.environment);
        let known = self.blocking(ORIGIN, move |_| Ok(known(&environment, list))).await?;
        let address = list.address(&self.environment);
        match http::fetch_news(client, &address, known.as_deref(), list.limit(), TIME).await {
            Ok(News::Same) => Ok(()),
            Ok(News::Busy(_)) => Err(Failure::new(FailureKind::AskedTooOften, ORIGIN, address)),
            Ok(News::New { body, etag, .. }) => {
                let environment = Arc::clone(&self.environment);
                self.blocking(ORIGIN, move |_| keep(&environment, list, &body, etag)).await
            }
            Err(error) => {
                let kind = match &error {
                    error if error.is_nothing_there() => FailureKind::NothingThere,
                    http::HttpError::TooLarge(_) => FailureKind::BadFile,
                    http::HttpError::Request(_) | http::HttpError::TooSlow(_) => FailureKind::Offline,
                };
                Err(Failure::new(kind, ORIGIN, error.to_string()))
            }
        }
    }
}

/// The server's name for what is here, if it is from the same address.
fn known(environment: &Environment, list: List) -> Option<String> {
    let answer = read_answers(environment).remove(&list)?;
    let is_it = answer.address == list.address(environment) && list.file(environment).is_file();
    is_it.then_some(answer.etag)
}

fn read_answers(environment: &Environment) -> Answers {
    let content = files::read_bounded(&answers(environment), ANSWERS).ok();
    content.and_then(|content| serde_json::from_slice(&content).ok()).unwrap_or_default()
}

/// Keeps a list that was fetched; its name only after it, so that a name never stands for an older list.
fn keep(environment: &Environment, list: List, body: &[u8], etag: Option<String>) -> Result<(), Failure> {
    let address = list.address(environment);
    list.check(body).map_err(|error| Failure::new(FailureKind::BadFile, ORIGIN, format!("{address}: {error}")))?;
    let mut known = read_answers(environment);
    let write = |known: &Answers| files::replace(&answers(environment), &serde_json::to_vec(known)?);
    let written = (|| {
        if known.remove(&list).is_some() {
            write(&known)?;
        }
        files::replace(&list.file(environment), body)?;
        known.extend(etag.map(|etag| (list, Answer { address, etag })));
        write(&known)
    })();
    written.map_err(|error| unwritable(environment, &error))
}

fn unwritable(environment: &Environment, error: &io::Error) -> Failure {
    Failure::new(FailureKind::Unwritable, environment.listed_appimages().to_string_lossy(), error.to_string())
}

/// Makes the feed of the lists as they lie here. `true` if it is another one now.
fn put_together(environment: &Environment) -> Result<bool, Failure> {
    let read = |list: List| files::read_bounded(&list.file(environment), list.limit() as u64);
    let hub = match read(List::Hub) {
        Ok(hub) => hub,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
        Err(error) => return Err(Failure::new(FailureKind::NotReadable, ORIGIN, error.to_string())),
    };
    let bad = |error: BadFeed| Failure::new(FailureKind::BadFile, ORIGIN, error.to_string());
    let Read { records, losses } = app_image_hub(&hub).map_err(bad)?;
    let text = |list: List| read(list).map(|body| String::from_utf8_lossy(&body).into_owned()).unwrap_or_default();
    let signs = signs(&text(List::Obsolete), &text(List::Archived)).unwrap_or_else(|error| {
        tracing::warn!(%error, "nothing is known of what nobody looks after");
        Signs::default()
    });
    let Merged { records, .. } = merge(vec![records], &signs);
    let content = lines(records, &losses);
    let written = content.and_then(|content| files::replace_if_other(&apps(environment), &content, FEED));
    written.map_err(|error| unwritable(environment, &error))
}

/// The feed's file.
fn lines(records: Vec<Record>, losses: &BTreeMap<FeedLoss, usize>) -> io::Result<Vec<u8>> {
    let mut content = format!("{}\n", listed::HEADER).into_bytes();
    let mut add = |line: &Line| {
        serde_json::to_writer(&mut content, line)?;
        content.push(b'\n');
        io::Result::Ok(())
    };
    let (mut taken, mut twice) = (HashSet::new(), 0);
    for record in records {
        let app = listed(record);
        if taken.insert(app.reference.clone()) {
            add(&Line::App(Box::new(app)))?;
        } else {
            twice += 1;
        }
    }
    let told = losses.iter().filter_map(|(loss, &count)| Some((lost(*loss)?, count)));
    for (reason, count) in told.chain([(Lost::BadId, twice)]).filter(|(_, count)| *count > 0) {
        add(&Line::Lost { reason, count })?;
    }
    Ok(content)
}

/// What the catalogue is told of a loss; nothing of what is no AppImage for anybody here, or no entry.
fn lost(loss: FeedLoss) -> Option<Lost> {
    match loss {
        FeedLoss::Malformed => Some(Lost::Malformed),
        FeedLoss::NoName => Some(Lost::NoName),
        FeedLoss::NoDownload => Some(Lost::NoOffer),
        FeedLoss::TooMany => Some(Lost::TooMany),
        FeedLoss::Template | FeedLoss::OtherKind | FeedLoss::Disabled | FeedLoss::BadAddress => None,
    }
}

fn listed(record: Record) -> Listed {
    let repository = record.project.as_ref().map(Project::url).unwrap_or_default();
    let listed = Listed {
        reference: record.name.chars().map(|c| if is_plain(c) { c } else { '-' }).collect(),
        page: if record.page.is_empty() { repository.clone() } else { record.page },
        repository,
        id: record.id,
        // As file names are written.
        name: record.name.replace('_', " ").trim().to_owned(),
        summary: record.summary,
        description: record.description,
        categories: record.categories,
        developer: record.developer,
        licence: record.licence,
        homepage: record.homepage,
        icons: record.icons,
        screenshots: record.screenshots,
        neglected: record.life != Life::Alive,
        fetchable: false,
    };
    Listed { fetchable: way(&listed).is_some(), ..listed }
}

/// A character that ids have everywhere.
fn is_plain(c: char) -> bool {
    c.is_ascii_alphanumeric() || "._+-".contains(c)
}
