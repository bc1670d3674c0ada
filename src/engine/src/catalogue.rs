//! Keeps the catalogue up to date: builds it anew, in a child process, when the lists of apps or the languages changed,
//! and when there is none that can be read.

use crate::engine::Inner;
use crate::guard::{guarded, guarded_blocking};
use serde::{Deserialize, Serialize};
use std::fs::File;
use std::hash::{DefaultHasher, Hasher};
use std::io::{self, Read};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;
use strata_catalogue::{BuildPlan, BuildReport, Catalogue};
use strata_model::feed::Feed;
use strata_model::parental::Controls;
use strata_model::snapshot::CatalogueStatus;
use strata_model::system::SystemObstacle;
use strata_model::{Change, Failure, FailureKind, SourceKind};
use strata_platform::{Environment, files, layering};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};
use tokio::process::{Child, Command};

/// Largest report of a build, in bytes; one line for each feed and reason.
const MAX_REPORT: u64 = 1 << 20;

/// Largest label that is read, in bytes; a feed that says something of twenty thousand references has two million.
const MAX_LABEL: u64 = 128 << 20;

/// Most of a build's other words that are kept, in bytes.
const MAX_WORDS: u64 = 16 << 10;

/// A build takes less than a second; one that takes this long will not end.
const MAX_TIME: Duration = Duration::from_mins(5);

/// What a catalogue was built from. The same again gives the same catalogue.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Ingredients {
    version: String,
    languages: Vec<String>,
    hidden: Vec<String>,
    #[serde(default)]
    controls: Controls,
    /// Why the system takes no packages, if so.
    #[serde(default)]
    layering: Option<SystemObstacle>,
    /// Where rpm keeps what the system's image carries.
    #[serde(default)]
    carried: Option<FileState>,
    feeds: Vec<Ingredient>,
}

/// A list, and its files as they were.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Ingredient {
    feed: Feed,
    file: Option<FileState>,
    popularity: Option<FileState>,
}

#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct FileState {
    size: u64,
    /// Nanoseconds since 1970.
    modified: i128,
    /// When anything about it changed, the same, and which file it is. Flatpak's lists all have the same time of
    /// modification, because ostree checks them out so; neither of these can be set by whoever makes a file.
    changed: i128,
    inode: u64,
}

/// Kept beside the catalogue.
#[derive(Debug, Serialize, Deserialize)]
struct Label {
    generation: u64,
    ingredients: Ingredients,
    /// The file as the build left it: nobody writes to it afterwards.
    file: FileState,
    /// Of every byte of it, so that damage is found wherever it is.
    digest: u64,
}

/// How closely the catalogue on disk is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Look {
    /// Whether it is the file that was built, by its size and time.
    Glance,
    /// Whether every byte of it is as it was built: also a disk that forgets is noticed.
    Thorough,
}

/// Builds the catalogue if it has to be, and publishes how it is. Returns when it is up to date, cannot be, or the
/// engine ends.
pub(crate) async fn bring_up_to_date(inner: &Inner, look: Look) {
    let _alone = inner.building.lock().await;
    // A build that is given up leaves the old catalogue, and the next engine builds anew.
    let Some(updated) = inner.closing.run_until_cancelled(update(inner, look)).await else { return };
    let mut status = match updated {
        Ok(status) => status,
        Err(failure) => {
            tracing::error!(%failure, "the catalogue cannot be built");
            let generation = inner.board.snapshot().catalogue.generation;
            CatalogueStatus { generation, building: false, failure: Some(failure) }
        }
    };
    status.building = false;
    publish(inner, status);
}

async fn update(inner: &Inner, look: Look) -> Result<CatalogueStatus, Failure> {
    let Feeds { mut found, silent, failure } = feeds(inner).await;
    let (environment, hidden) = (inner.environment.clone(), inner.board.snapshot().settings.sources.hidden);
    let controls = inner.controls().await.as_deref().cloned();
    let (ingredients, label, readable, fits) = guarded_blocking("catalogue.db", move || {
        let label = read_label(&environment);
        let known = label.iter().flat_map(|label| &label.ingredients.feeds).map(|known| &known.feed);
        found.extend(known.filter(|feed| silent.contains(&feed.source)).cloned());
        found.extend(strata_catalogue::distribution::feeds(&environment.appstream));
        // Those of the last build count while nobody says.
        let controls = controls.or_else(|| Some(label.as_ref()?.ingredients.controls.clone())).unwrap_or_default();
        let mut ingredients = Ingredients::new(found, &environment.languages, hidden, controls);
        ingredients.layering = layering::obstacle(&environment);
        ingredients.carried = FileState::of(&environment.image_packages());
        let catalogue = environment.catalogue();
        let readable = readable_generation(&catalogue);
        let fits = readable.is_some() && label.as_ref().is_some_and(|label| label.fits(&catalogue, look));
        (ingredients, label, readable, fits)
    })
    .await?;
    let last = label.as_ref().map_or(0, |label| label.generation).max(readable.unwrap_or(0));
    if fits && label.is_some_and(|label| label.ingredients == ingredients) {
        return Ok(CatalogueStatus { generation: last, building: false, failure });
    }
    publish(inner, CatalogueStatus { generation: readable.unwrap_or(0), building: true, failure: None });
    let generation = last + 1;
    let plan = BuildPlan {
        feeds: ingredients.feeds.iter().map(|known| known.feed.clone()).collect(),
        languages: ingredients.languages.clone(),
        hidden: ingredients.hidden.clone(),
        controls: ingredients.controls.clone(),
        layering: ingredients.layering,
        carried: inner.environment.image_packages(),
        target: inner.environment.catalogue(),
        generation,
    };
    let report = build(&inner.environment, &plan).await?;
    for loss in &report.losses {
        tracing::warn!(?loss, "the catalogue leaves something out");
    }
    tracing::info!(apps = report.apps, addons = report.addons, generation, "the catalogue is built");
    let environment = inner.environment.clone();
    let written =
        guarded_blocking("catalogue.json", move || write_label(&environment, generation, ingredients)).await?;
    // Costs no more than a build that would not have been needed.
    if let Err(error) = written {
        tracing::warn!(%error, "what the catalogue was built from cannot be kept");
    }
    Ok(CatalogueStatus { generation, building: false, failure })
}

fn publish(inner: &Inner, status: CatalogueStatus) {
    inner
        .board
        .edit(|known| (known.catalogue != status).then(|| Change { catalogue: Some(status), ..Change::default() }));
}

/// The lists of all sources.
#[derive(Debug, Default)]
struct Feeds {
    found: Vec<Feed>,
    /// Sources that could not say which lists they have: those of the last build stay.
    silent: Vec<SourceKind>,
    /// Why.
    failure: Option<Failure>,
}

async fn feeds(inner: &Inner) -> Feeds {
    let mut all = Feeds::default();
    for source in inner.sources.all() {
        let kind = source.kind();
        match guarded(kind.as_str(), async move { source.feeds().await }).await.and_then(|feeds| feeds) {
            Ok(feeds) => all.found.extend(feeds),
            Err(failure) => {
                tracing::warn!(source = kind.as_str(), %failure, "a source cannot say which lists of apps it has");
                all.silent.push(kind);
                all.failure = Some(failure);
            }
        }
    }
    all
}

impl Ingredients {
    fn new(feeds: Vec<Feed>, languages: &[String], hidden: Vec<String>, controls: Controls) -> Self {
        Self {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            languages: languages.to_vec(),
            hidden,
            controls,
            layering: None,
            carried: None,
            feeds: feeds.into_iter().map(Ingredient::of).collect(),
        }
    }
}

impl Ingredient {
    fn of(feed: Feed) -> Self {
        let popularity = feed.popularity.as_deref().and_then(FileState::of);
        Self { file: FileState::of(&feed.file), popularity, feed }
    }
}

impl FileState {
    fn of(path: &Path) -> Option<Self> {
        let metadata = std::fs::metadata(path).ok()?;
        let nanoseconds = |seconds: i64, rest: i64| i128::from(seconds) * 1_000_000_000 + i128::from(rest);
        Some(Self {
            size: metadata.len(),
            modified: nanoseconds(metadata.mtime(), metadata.mtime_nsec()),
            changed: nanoseconds(metadata.ctime(), metadata.ctime_nsec()),
            inode: metadata.ino(),
        })
    }
}

impl Label {
    /// Whether the file is the one that was labelled.
    fn fits(&self, catalogue: &Path, look: Look) -> bool {
        let is_it = FileState::of(catalogue).as_ref() == Some(&self.file);
        let fits = is_it && (look == Look::Glance || digest(catalogue).is_ok_and(|digest| digest == self.digest));
        if !fits {
            tracing::info!("the catalogue is not as it was built");
        }
        fits
    }
}

/// A number that changes with any byte of the file. Against accidents, not against people; another version of Rust may
/// give another one, which costs one build.
fn digest(path: &Path) -> io::Result<u64> {
    let (mut file, mut hasher) = (File::open(path)?, DefaultHasher::new());
    let mut chunk = vec![0; 64 << 10];
    loop {
        match file.read(&mut chunk)? {
            0 => return Ok(hasher.finish()),
            count => hasher.write(&chunk[..count]),
        }
    }
}

/// The generation of the catalogue on disk, if this version of Strata can read it.
fn readable_generation(path: &Path) -> Option<u64> {
    let opened = Catalogue::open(path).inspect_err(|error| tracing::info!(%error, "no catalogue to use"));
    opened.ok().map(|catalogue| catalogue.generation())
}

fn label_path(environment: &Environment) -> PathBuf {
    environment.catalogue().with_extension("json")
}

fn read_label(environment: &Environment) -> Option<Label> {
    serde_json::from_slice(&files::read_bounded(&label_path(environment), MAX_LABEL).ok()?).ok()
}

fn write_label(environment: &Environment, generation: u64, ingredients: Ingredients) -> io::Result<()> {
    let catalogue = environment.catalogue();
    let file = FileState::of(&catalogue).ok_or(io::ErrorKind::NotFound)?;
    let label = Label { generation, ingredients, file, digest: digest(&catalogue)? };
    files::replace(&label_path(environment), &serde_json::to_vec(&label)?)
}

/// Runs the build as a child: whatever a stranger's list does to it, the engine goes on.
async fn build(environment: &Environment, plan: &BuildPlan) -> Result<BuildReport, Failure> {
    let subject = environment.service.to_string_lossy().into_owned();
    let failed = |detail: String| Failure::new(FailureKind::Other, "catalogue.db", detail);
    let mut child = Command::new(&environment.service)
        .arg("catalogue-build")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .map_err(|error| Failure::new(FailureKind::EngineGone, subject, error.to_string()))?;
    let plan = serde_json::to_vec(plan).map_err(|error| failed(error.to_string()))?;
    let talk = tokio::time::timeout(MAX_TIME, talk(&mut child, &plan)).await;
    let (report, words, status) = match talk {
        Ok(Ok(said)) => said,
        Ok(Err(error)) => return Err(failed(error.to_string())),
        Err(_) => return Err(failed("the build does not end".to_owned())),
    };
    let words = String::from_utf8_lossy(&words);
    if !status.success() {
        return Err(failure_of(&report).unwrap_or_else(|| failed(format!("{status}: {}", words.trim()))));
    }
    serde_json::from_slice(&report).map_err(|error| failed(format!("{error}: {}", words.trim())))
}

/// A build that fails in its own words prints them where the report would be.
fn failure_of(report: &[u8]) -> Option<Failure> {
    serde_json::from_slice(report).ok()
}

async fn talk(child: &mut Child, plan: &[u8]) -> io::Result<(Vec<u8>, Vec<u8>, std::process::ExitStatus)> {
    let (input, output, words) = (child.stdin.take(), child.stdout.take(), child.stderr.take());
    let write = async {
        if let Some(mut input) = input {
            // A child that does not read to the end has its own reason, which its status tells.
            let _ = input.write_all(plan).await;
        }
        Ok(())
    };
    let ((), report, words) = tokio::try_join!(write, bounded(output, MAX_REPORT), bounded(words, MAX_WORDS))?;
    Ok((report, words, child.wait().await?))
}

/// Keeps the first bytes and reads on to the end, so that the child never waits for a reader.
async fn bounded(pipe: Option<impl AsyncRead + Unpin>, limit: u64) -> io::Result<Vec<u8>> {
    let mut kept = Vec::new();
    if let Some(mut pipe) = pipe {
        (&mut pipe).take(limit).read_to_end(&mut kept).await?;
        tokio::io::copy(&mut pipe, &mut tokio::io::sink()).await?;
    }
    Ok(kept)
}
