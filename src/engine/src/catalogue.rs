//! Keeps the catalogue up to date: builds it anew, in a child process, when the lists of apps or the languages changed,
//! and when there is none that can be read.

use crate::builder::{self, Unbuilt};
use crate::engine::Inner;
use crate::guard::{guarded, guarded_blocking};
use crate::whose;
use serde::{Deserialize, Serialize};
use std::fs::File;
use std::hash::{DefaultHasher, Hasher};
use std::io::{self, Read};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use strata_catalogue::{BuildPlan, Catalogue};
use strata_model::feed::Feed;
use strata_model::parental::Controls;
use strata_model::settings::{Installation, Sources};
use strata_model::snapshot::CatalogueStatus;
use strata_model::system::SystemObstacle;
use strata_model::{Change, Failure, Settings, SourceKind, Stop};
use strata_platform::{Environment, files, layering};
use tokio_util::sync::CancellationToken;

/// Largest label that is read, in bytes; a feed that says something of twenty thousand references has two million.
const MAX_LABEL: u64 = 128 << 20;

/// What a catalogue was built from. The same again gives the same catalogue.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Ingredients {
    version: String,
    languages: Vec<String>,
    /// But for the installation to prefer, which is nothing of the catalogue's.
    #[serde(default)]
    sources: Sources,
    #[serde(default)]
    picks: Vec<String>,
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
    /// A feed took too long: it is read again when somebody asks for news.
    #[serde(default)]
    is_cut_off: bool,
}

/// A build that was given up. With the same ingredients it is not begun again by itself: it would go the same way.
#[derive(Debug)]
pub(crate) struct GivenUp {
    ingredients: Ingredients,
    /// That it took too long; `None` if somebody cancelled it, who may ask for news again.
    failure: Option<Failure>,
}

impl GivenUp {
    fn stands(&self, ingredients: &Ingredients, look: Look) -> bool {
        self.ingredients == *ingredients && (self.failure.is_some() || look == Look::Glance)
    }
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
    // Nobody cancels it.
    let _done = bring_up_to_date_for(inner, look, &CancellationToken::new()).await;
}

/// The same for a task.
///
/// # Errors
/// [`Stop::Cancelled`] at once when the task is: there is the old catalogue then, as it was.
pub(crate) async fn bring_up_to_date_for(inner: &Inner, look: Look, cancel: &CancellationToken) -> Result<(), Stop> {
    let work = async {
        let mut given_up = cancel.run_until_cancelled(inner.building.lock()).await.ok_or(Stop::Cancelled)?;
        let status = match update(inner, look, cancel, &mut given_up).await {
            Ok(status) => status,
            Err(Stop::Cancelled) => return Err(Stop::Cancelled),
            Err(Stop::Failed(failure)) => {
                tracing::error!(%failure, "the catalogue cannot be built");
                let generation = inner.board.snapshot().catalogue.generation;
                CatalogueStatus { generation, building: false, failure: Some(failure) }
            }
        };
        publish(inner, status);
        Ok(())
    };
    // A build that is given up leaves the old catalogue, and the next engine builds anew.
    inner.closing.run_until_cancelled(work).await.unwrap_or(Ok(()))
}

async fn update(
    inner: &Inner,
    look: Look,
    cancel: &CancellationToken,
    given_up: &mut Option<GivenUp>,
) -> Result<CatalogueStatus, Stop> {
    let found = cancel.run_until_cancelled(look_around(inner, look)).await.ok_or(Stop::Cancelled)?;
    let Found { ingredients, last, readable, is_built, failure } = found?;
    if is_built {
        return Ok(CatalogueStatus { generation: last, building: false, failure });
    }
    let old = CatalogueStatus { generation: readable.unwrap_or(0), building: false, failure };
    if let Some(known) = given_up.as_ref().filter(|known| known.stands(&ingredients, look)) {
        return Ok(CatalogueStatus { failure: known.failure.clone().or(old.failure), ..old });
    }
    publish(inner, CatalogueStatus { building: true, failure: None, ..old });
    let generation = last + 1;
    let plan = ingredients.plan(&inner.environment, generation);
    let report = match builder::build(&inner.environment, &plan, builder::most_time(&plan), cancel).await {
        Ok(report) => report,
        Err(Unbuilt::Failed(failure)) => return Err(failure.into()),
        Err(Unbuilt::TooLong(failure)) => {
            *given_up = Some(GivenUp { ingredients, failure: Some(failure.clone()) });
            return Err(failure.into());
        }
        Err(Unbuilt::Cancelled) => {
            *given_up = Some(GivenUp { ingredients, failure: None });
            publish(inner, old);
            return Err(Stop::Cancelled);
        }
    };
    *given_up = None;
    for loss in &report.losses {
        tracing::warn!(?loss, "the catalogue leaves something out");
    }
    tracing::info!(apps = report.apps, addons = report.addons, generation, "the catalogue is built");
    let environment = inner.environment.clone();
    let label = move || write_label(&environment, generation, ingredients, report.is_cut_off());
    // Costs no more than a build that would not have been needed.
    if let Err(error) = guarded_blocking("catalogue.json", label).await? {
        tracing::warn!(%error, "what the catalogue was built from cannot be kept");
    }
    whose::name_anew(inner).await;
    Ok(CatalogueStatus { generation, ..old })
}

/// How things are before a build.
struct Found {
    ingredients: Ingredients,
    /// The last generation that there was.
    last: u64,
    /// That of the catalogue on disk, if it can be read.
    readable: Option<u64>,
    /// It is built from just these ingredients.
    is_built: bool,
    /// Why a source could not say which lists it has.
    failure: Option<Failure>,
}

async fn look_around(inner: &Inner, look: Look) -> Result<Found, Failure> {
    let Feeds { mut found, silent, failure } = feeds(inner).await;
    let (environment, settings) = (inner.environment.clone(), inner.board.snapshot().settings);
    let controls = inner.controls().await.as_deref().cloned();
    guarded_blocking("catalogue.db", move || {
        let label = read_label(&environment);
        let known = label.iter().flat_map(|label| &label.ingredients.feeds).map(|known| &known.feed);
        found.extend(known.filter(|feed| silent.contains(&feed.source)).cloned());
        found.extend(strata_catalogue::distribution::feeds(&environment.appstream));
        // Those of the last build count while nobody says.
        let controls = controls.or_else(|| Some(label.as_ref()?.ingredients.controls.clone())).unwrap_or_default();
        let mut ingredients = Ingredients::new(found, &environment.languages, settings, controls);
        ingredients.layering = layering::obstacle(&environment);
        ingredients.carried = FileState::of(&environment.image_packages());
        let catalogue = environment.catalogue();
        let readable = readable_generation(&catalogue);
        let last = label.as_ref().map_or(0, |label| label.generation).max(readable.unwrap_or(0));
        let is_whole = |label: &Label| !label.is_cut_off || look == Look::Glance;
        let fits = readable.is_some() && label.as_ref().is_some_and(|label| label.fits(&catalogue, look));
        let is_built = fits && label.is_some_and(|label| is_whole(&label) && label.ingredients == ingredients);
        Found { ingredients, last, readable, is_built, failure }
    })
    .await
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
    fn new(feeds: Vec<Feed>, languages: &[String], settings: Settings, controls: Controls) -> Self {
        Self {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            languages: languages.to_vec(),
            sources: Sources { installation: Installation::default(), ..settings.sources },
            picks: settings.explore.picks,
            controls,
            layering: None,
            carried: None,
            feeds: feeds.into_iter().map(Ingredient::of).collect(),
        }
    }

    fn plan(&self, environment: &Environment, generation: u64) -> BuildPlan {
        BuildPlan {
            feeds: self.feeds.iter().map(|known| known.feed.clone()).collect(),
            languages: self.languages.clone(),
            sources: self.sources.clone(),
            picks: self.picks.clone(),
            controls: self.controls.clone(),
            layering: self.layering,
            carried: environment.image_packages(),
            target: environment.catalogue(),
            generation,
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

fn write_label(
    environment: &Environment,
    generation: u64,
    ingredients: Ingredients,
    is_cut_off: bool,
) -> io::Result<()> {
    let catalogue = environment.catalogue();
    let file = FileState::of(&catalogue).ok_or(io::ErrorKind::NotFound)?;
    let label = Label { generation, ingredients, file, digest: digest(&catalogue)?, is_cut_off };
    files::replace(&label_path(environment), &serde_json::to_vec(&label)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use strata_model::FailureKind;

    #[test]
    fn a_build_that_was_given_up_is_not_begun_again_by_itself() {
        let of = |languages: &[&str]| {
            let languages: Vec<String> = languages.iter().map(|&name| name.to_owned()).collect();
            Ingredients::new(Vec::new(), &languages, Settings::default(), Controls::default())
        };
        let too_long = Some(Failure::new(FailureKind::Other, "catalogue.db", "too long"));
        let cases = [
            (&too_long, "de", Look::Glance, true, "it would take as long again"),
            (&too_long, "de", Look::Thorough, true, "a search that finds nothing asks for news at once"),
            (&too_long, "fr", Look::Glance, false, "something else is to be built"),
            (&None, "de", Look::Glance, true, "nobody wants it"),
            (&None, "de", Look::Thorough, false, "somebody asks for news again"),
            (&None, "fr", Look::Glance, false, "something else is to be built"),
        ];
        for (failure, language, look, expected, reason) in cases {
            let given_up = GivenUp { ingredients: of(&["de"]), failure: failure.clone() };
            assert_eq!(given_up.stands(&of(&[language]), look), expected, "{reason}");
        }
    }
}
