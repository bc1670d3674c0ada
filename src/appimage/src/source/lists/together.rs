//! What the lists have, put together: one feed for each list that apps come from, where no app is twice.

use super::super::absent;
use super::super::listed::{Entry, way};
use super::{Body, List, unwritable};
use crate::feed::{Download, Feed as Read, FeedLoss, Life, Merged, Project, Record, Signs, merge, signs};
use crate::format::Architecture;
use crate::release::App;
use std::collections::{BTreeMap, HashSet};
use std::io;
use std::path::PathBuf;
use strata_model::feed::Feed;
use strata_model::listed::{self, APPIMAGEHUB, Line, Listed, Lost, Pinned, SOARPKGS};
use strata_model::{Failure, FailureKind, SourceKind};
use strata_platform::{Environment, files};

/// Largest file of a feed, in bytes; that of AppImageHub has 0.9 MB.
const FEED: u64 = 32 << 20;
/// The lists that apps come from, the one that is believed first.
const APPS: [List; 2] = [List::Hub, List::Soarpkgs];

/// Whether an origin is such a list.
pub(in super::super) fn is_origin(origin: &str) -> bool {
    [APPIMAGEHUB, SOARPKGS].contains(&origin)
}

/// The feeds that there are.
pub(in super::super) fn feeds(environment: &Environment) -> Vec<Feed> {
    let lists = &environment.appimage_lists;
    let all = [(APPIMAGEHUB, &lists.hub), (SOARPKGS, &lists.soarpkgs)];
    let feed = |(origin, url): (&str, &String)| Feed {
        source: SourceKind::AppImage,
        scope: "user".to_owned(),
        origin: origin.to_owned(),
        url: url.clone(),
        priority: 0,
        file: apps(environment, origin),
        icons: PathBuf::new(),
        references: absent::references(environment, origin),
        verifies: false,
        popularity: None,
    };
    all.into_iter().map(feed).filter(|feed| feed.file.is_file()).collect()
}

/// An app of a list, by its name in it; and which of its project's apps it is.
pub(in super::super) fn find(environment: &Environment, origin: &str, reference: &str) -> Option<Entry> {
    let mut all = read(environment, origin);
    let place = all.iter().position(|app| app.reference == reference)?;
    let listed = all.swap_remove(place);
    let project = listed.repository.to_lowercase();
    let other = [APPIMAGEHUB, SOARPKGS].into_iter().find(|other| *other != origin);
    all.extend(other.into_iter().flat_map(|other| read(environment, other)));
    let is_beside = |app: &&Listed| !project.is_empty() && app.repository.to_lowercase() == project;
    let others = all.iter().filter(is_beside).map(|app| app.name.clone()).collect();
    Some(Entry { app: App { name: listed.name.clone(), others }, origin: origin.to_owned(), listed })
}

/// The apps of a feed.
fn read(environment: &Environment, origin: &str) -> Vec<Listed> {
    let content = files::read_bounded(&apps(environment, origin), FEED).unwrap_or_default();
    let lines = content.split(|byte| *byte == b'\n').filter_map(|line| serde_json::from_slice(line).ok());
    lines.filter_map(|line| if let Line::App(app) = line { Some(*app) } else { None }).collect()
}

fn apps(environment: &Environment, origin: &str) -> PathBuf {
    environment.listed_appimages().join(format!("{origin}.apps"))
}

/// Makes the feeds of the lists as they lie here. `true` if one is another one now.
pub(super) fn put(environment: &Environment) -> Result<bool, Failure> {
    let mut lists = Vec::new();
    for list in APPS {
        lists.push(list_of(environment, list)?);
    }
    let text = |list: List| {
        let body = Body::read(environment, list).map(|body| body.content).unwrap_or_default();
        String::from_utf8_lossy(&body).into_owned()
    };
    let signs = signs(&text(List::Obsolete), &text(List::Archived)).unwrap_or_else(|error| {
        tracing::warn!(%error, "nothing is known of what nobody looks after");
        Signs::default()
    });
    let records =
        lists.iter_mut().map(|list| list.as_mut().map_or_else(Vec::new, |list| std::mem::take(&mut list.records)));
    let Merged { mut records, begins, .. } = merge(records.collect(), &signs);
    let mut changed = false;
    // From the last one on, because each takes what stands at the end.
    for ((list, read), begin) in APPS.into_iter().zip(&lists).zip(begins).rev() {
        let own = records.split_off(begin);
        let Some(read) = read else { continue };
        let written = lines(own, &read.losses)
            .and_then(|content| files::replace_if_other(&apps(environment, list.origin()), &content, FEED));
        changed |= written.map_err(|error| unwritable(environment, &error))?;
    }
    Ok(changed)
}

/// What a list has; `None` if it never came, or is not as it was when it came.
fn list_of(environment: &Environment, list: List) -> Result<Option<Read>, Failure> {
    match Body::read(environment, list) {
        Ok(body) => {
            Ok(body.apps(environment, list).inspect_err(|error| tracing::warn!(?list, %error, "not used")).ok())
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Failure::new(FailureKind::NotReadable, list.origin(), error.to_string())),
    }
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
        FeedLoss::Template | FeedLoss::OtherKind | FeedLoss::BadAddress => None,
    }
}

fn listed(record: Record) -> Listed {
    let machine = Architecture::of_this_machine();
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
        pinned: record.downloads.into_iter().find(|file| Some(file.architecture) == machine).map(pinned),
        neglected: record.life != Life::Alive,
        fetchable: false,
    };
    Listed { fetchable: way(&listed).is_some(), ..listed }
}

fn pinned(file: Download) -> Pinned {
    let Download { url, version, size, sha256, blake3, .. } = file;
    Pinned { url, version, size, sha256, blake3 }
}

/// A character that ids have everywhere.
fn is_plain(c: char) -> bool {
    c.is_ascii_alphanumeric() || "._+-".contains(c)
}
