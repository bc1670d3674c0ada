//! AppImages as a source: those that the person has, installed from files, opened, updated, removed; and the lists of those
//! that there are. Everything of it waits for the disk in blocking tasks.

mod failure;
mod launch;
mod lists;
mod location;
mod news;
mod planned;
mod updates;
mod watcher;

use crate::library::{Candidate, Changed, Facts, Installed, Library, New, Place, Presence, Settings};
use crate::library::{MadeKind, Removed, databases};
use crate::release::Resolver;
use async_trait::async_trait;
use failure::{failed, unreadable};
use news::News;
use rustix::fs::Access;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use strata_engine::{Outcome, Reporter, Source, SourceState};
use strata_model::feed::Feed;
use strata_model::{
    Action, Failure, FailureKind, Installed as Part, OfferId, PartKind, Plan, Progress, Request, SourceKind, Stage,
    Stop, Update,
};
use strata_platform::Environment;
use strata_platform::http::{self, Client, HttpError};
use strata_platform::witness::Witness;
use tokio::process::Child;
use tokio::sync::{OnceCell, watch};
use tokio_util::sync::CancellationToken;
use watcher::Watcher;

/// The one lane: all AppImages are one person's, and names are chosen by what is free.
const LANE: &str = "files";

/// The AppImages of one person.
#[derive(Debug)]
pub struct AppImages {
    environment: Arc<Environment>,
    library: Arc<Library>,
    watcher: Watcher,
    client: OnceLock<Client>,
    resolver: OnceLock<Resolver>,
    /// What earlier engines left is brought to its end before anything is read.
    settled: OnceCell<()>,
    /// The settings want the lists of AppImages, as they were when they were looked at last.
    listed: AtomicBool,
}

/// A file that is to be installed, and where it comes to lie.
#[derive(Debug)]
struct Wanted {
    new: New,
    place: Place,
}

impl AppImages {
    /// The AppImages of the person whom an environment is about. Touches nothing.
    pub fn new(environment: Arc<Environment>) -> Self {
        let library = Arc::new(Library::new(&environment));
        let (watcher, settled) = (Watcher::default(), OnceCell::new());
        let (client, resolver, listed) = (OnceLock::new(), OnceLock::new(), AtomicBool::new(true));
        Self { environment, library, watcher, client, resolver, settled, listed }
    }

    /// The one client of this source, made when it is needed.
    fn client(&self) -> Result<Client, HttpError> {
        if let Some(client) = self.client.get() {
            return Ok(client.clone());
        }
        let client = http::client()?;
        Ok(self.client.get_or_init(|| client).clone())
    }

    /// Who asks forges.
    fn resolver(&self) -> Result<&Resolver, Failure> {
        let client = self.client();
        let client = client
            .map_err(|error| Failure::new(FailureKind::Other, SourceKind::AppImage.as_str(), error.to_string()))?;
        Ok(self.resolver.get_or_init(|| Resolver::new(Arc::clone(&self.environment), client)))
    }

    /// Work in the library that waits for the disk.
    async fn blocking<T: Send + 'static>(
        &self,
        subject: &str,
        work: impl FnOnce(&Library) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, Failure> {
        let library = Arc::clone(&self.library);
        let done = tokio::task::spawn_blocking(move || work(&library)).await;
        done.unwrap_or_else(|error| Err(Failure::new(FailureKind::Other, subject, error.to_string())))
    }

    /// Whether the lists of AppImages are fetched and used.
    async fn wants_lists(&self) -> Result<bool, Failure> {
        let environment = Arc::clone(&self.environment);
        let wanted = self.blocking(lists::ORIGIN, move |_| Ok(lists::are_wanted(&environment))).await?;
        self.listed.store(wanted, Ordering::Relaxed);
        Ok(wanted)
    }

    /// Brings to its end what was broken off.
    async fn mend(&self, subject: &str) -> Result<(), Failure> {
        let about = subject.to_owned();
        let recovered =
            self.blocking(subject, move |library| library.recover().map_err(|error| failed(&error, &about)));
        let recovered = recovered.await?;
        for id in recovered.done.iter().chain(&recovered.undone) {
            tracing::info!(id, "a change of an AppImage that was broken off is at its end");
        }
        match recovered.faults.first() {
            Some(fault) => Err(failed(fault, subject)),
            None => Ok(()),
        }
    }

    /// Reads the file that a request is about; all of it, so this can be cancelled.
    async fn wanted(&self, request: &Request, cancel: &CancellationToken) -> Result<Wanted, Stop> {
        if self.environment.sandboxed {
            let detail = "in a sandbox AppImages cannot be put onto the machine";
            return Err(Failure::new(FailureKind::NoBackend, &request.location, detail).into());
        }
        let (path, subject) = (location::path(&request.location)?, request.location.clone());
        let reading = self.blocking(&request.location, move |library| wanted(library, &path, &subject));
        Ok(cancel.run_until_cancelled(reading).await.ok_or(Stop::Cancelled)??)
    }

    async fn install(&self, request: &Request, cancel: &CancellationToken) -> Result<Outcome, Stop> {
        let Wanted { new, place } = self.wanted(request, cancel).await?;
        if cancel.is_cancelled() {
            return Err(Stop::Cancelled);
        }
        let subject = request.location.clone();
        let install = move |library: &Library| {
            let installed = library.install(&new, &place, Settings::default());
            installed.map_err(|error| failed(&error, &subject))
        };
        let Changed { record, notes, .. } = self.blocking(&request.location, install).await?;
        tracing::info!(id = record.id, ?notes, "an AppImage was installed");
        self.announce(record.files.iter().map(crate::library::Made::kind).collect()).await;
        Ok(Outcome { to_version: record.version.name, touched: [record.id].into(), ..Outcome::default() })
    }

    async fn go_back(&self, request: &Request) -> Result<Outcome, Stop> {
        let id = request.offer.reference.clone();
        let subject = named(request).to_owned();
        let go_back = move |library: &Library| library.go_back(&id).map_err(|error| failed(&error, &subject));
        let Changed { record, notes, .. } = self.blocking(named(request), go_back).await?;
        tracing::info!(id = record.id, ?notes, "the version before of an AppImage is there again");
        self.announce(record.files.iter().map(crate::library::Made::kind).collect()).await;
        let from_version = record.left.as_ref().map(|left| left.name.clone()).unwrap_or_default();
        Ok(Outcome { from_version, to_version: record.version.name, touched: [record.id].into(), ..Outcome::default() })
    }

    async fn remove(&self, request: &Request) -> Result<Outcome, Stop> {
        let (id, data) = (request.offer.reference.clone(), request.delete_data);
        let remove = move |library: &Library| library.remove(&id, data).map_err(|error| failed(&error, &id));
        let Removed { record, left, stranger } = self.blocking(&request.offer.reference, remove).await?;
        tracing::info!(id = record.id, ?left, ?stranger, "an AppImage was removed");
        self.announce(record.files.iter().map(crate::library::Made::kind).collect()).await;
        Ok(Outcome { from_version: record.version.name, touched: [record.id].into(), ..Outcome::default() })
    }

    /// Tells desktops of files that came or went. An app is there, or gone, whether that works or not.
    async fn announce(&self, kinds: Vec<MadeKind>) {
        for fault in databases::refresh(&self.environment, &kinds).await {
            tracing::warn!(%fault, "desktops may learn of a change later");
        }
    }
}

#[async_trait]
impl Source for AppImages {
    fn kind(&self) -> SourceKind {
        SourceKind::AppImage
    }

    fn lane(&self, _: &Request) -> String {
        LANE.to_owned()
    }

    async fn state(&self) -> Result<SourceState, Failure> {
        let mending = async {
            if let Err(failure) = self.mend(SourceKind::AppImage.as_str()).await {
                tracing::warn!(%failure, "a change of an AppImage is not at its end");
            }
        };
        self.settled.get_or_init(|| mending).await;
        let (records, found) = (self.environment.appimages(), self.environment.appimage_news());
        let read = move |library: &Library| {
            // Records are replaced by renames, which touch their folder.
            let mut witnesses = vec![Witness::of(&records)];
            let listing = library.all().map_err(|error| failed(&error, SourceKind::AppImage.as_str()))?;
            witnesses.extend(listing.apps.iter().map(|app| Witness::of(&app.record.path)));
            let fault = listing.faults.first().map(|fault| failed(fault, SourceKind::AppImage.as_str()));
            let updates = listing.apps.iter().filter_map(|app| update(&found, app)).collect();
            Ok((witnesses, listing.apps, updates, fault))
        };
        let (witnesses, apps, updates, fault) = self.blocking(SourceKind::AppImage.as_str(), read).await?;
        self.watcher.look_at(apps.iter().filter_map(|app| app.record.path.parent().map(Path::to_owned)).collect());
        Ok(SourceState {
            installed: apps.iter().map(part).collect(),
            updates,
            witnesses,
            fault,
            ..SourceState::default()
        })
    }

    async fn plan(&self, request: &Request, cancel: &CancellationToken) -> Result<Plan, Stop> {
        match request.action {
            Action::Refresh => Ok(Plan::nothing(request)),
            Action::InstallFile => {
                let Wanted { new, place } = self.wanted(request, cancel).await?;
                let (request, subject) = (request.clone(), request.location.clone());
                let preview = move |library: &Library| {
                    let preview = library.preview(&new, &place, Settings::default());
                    let changed = preview.map_err(|error| failed(&error, &request.location))?;
                    Ok(planned::install(&request, &changed, &place))
                };
                Ok(self.blocking(&subject, preview).await?)
            }
            Action::Update => {
                let newest = cancel.run_until_cancelled(self.newest(request)).await.ok_or(Stop::Cancelled)?;
                let (record, news) = newest?;
                Ok(planned::update(request, &record, news.as_ref().map(|news| news.found.asset.size)))
            }
            Action::GoBack => {
                let (id, subject) = (request.offer.reference.clone(), named(request));
                let get = move |library: &Library| library.get(&id).map_err(|error| failed(&error, &id));
                let record = self.blocking(subject, get).await?;
                Ok(planned::go_back(request, &record)?)
            }
            Action::Remove => {
                let request = request.clone();
                let subject = request.offer.reference.clone();
                let look = move |library: &Library| {
                    let id = &request.offer.reference;
                    let known = library.get(id).and_then(|record| Ok((record, library.data(id)?)));
                    let (record, data) = known.map_err(|error| failed(&error, id))?;
                    Ok(planned::remove(&request, &record, &data))
                };
                Ok(self.blocking(&subject, look).await?)
            }
            _ => Err(not_offered(request).into()),
        }
    }

    async fn run(&self, request: &Request, reporter: &Reporter, cancel: &CancellationToken) -> Result<Outcome, Stop> {
        let stage = |stage| reporter.report(Progress { stage, ..Progress::default() });
        match request.action {
            Action::Refresh => self.refresh(reporter, cancel).await,
            Action::Update => self.update(request, reporter, cancel).await,
            Action::InstallFile => {
                stage(Stage::Installing);
                self.install(request, cancel).await
            }
            Action::GoBack => {
                stage(Stage::Installing);
                self.go_back(request).await
            }
            Action::Remove => {
                stage(Stage::Removing);
                self.remove(request).await
            }
            _ => Err(not_offered(request).into()),
        }
    }

    async fn recover(&self, request: &Request) -> Result<(), Failure> {
        let subject = [&request.offer.reference, &request.location].into_iter().find(|text| !text.is_empty());
        self.mend(subject.map_or(SourceKind::AppImage.as_str(), String::as_str)).await
    }

    async fn launch(&self, offer: &OfferId) -> Result<(), Failure> {
        let id = offer.reference.clone();
        let how = move |library: &Library| launch::how(library, &id);
        let way = self.blocking(&offer.reference, how).await?;
        let started = launch::launch(&self.environment, &offer.reference, way).await?;
        tokio::spawn(keep_new(Arc::clone(&self.library), offer.reference.clone(), started));
        Ok(())
    }

    async fn feeds(&self) -> Result<Vec<Feed>, Failure> {
        if !self.wants_lists().await? {
            return Ok(Vec::new());
        }
        let environment = Arc::clone(&self.environment);
        self.blocking(lists::ORIGIN, move |_| Ok(lists::feed(&environment).into_iter().collect())).await
    }

    /// Without lists what is asked is where each of those that are here comes from.
    fn has_news(&self, state: &SourceState) -> bool {
        self.listed.load(Ordering::Relaxed) || !state.installed.is_empty()
    }

    fn changes(&self) -> watch::Receiver<u64> {
        self.watcher.changes()
    }
}

/// Reads a file, and chooses its place: it stays where it is in the folder of AppImages, and goes there from elsewhere.
fn wanted(library: &Library, path: &Path, subject: &str) -> Result<Wanted, Failure> {
    let candidate = Candidate::read(path).map_err(|error| unreadable(&error, subject))?;
    let folder = path.parent().unwrap_or(path);
    let place = if folder == library.applications() {
        Place::Here
    } else {
        // From a folder that cannot be changed it could not be taken away in the end.
        rustix::fs::access(folder, Access::WRITE_OK).map_err(|error| {
            Failure::new(
                FailureKind::Unwritable,
                folder.to_string_lossy(),
                format!("the file goes from there: {error}"),
            )
        })?;
        Place::Folder(PathBuf::from(library.applications()))
    };
    let version = candidate.inspection().contents.version().unwrap_or_default();
    Ok(Wanted { new: New { candidate, facts: Facts { version, ..Facts::default() }, accepted: None }, place })
}

/// Lets the version before go once the new one has been started and did not fail.
async fn keep_new(library: Arc<Library>, id: String, started: Option<Child>) {
    if let Some(child) = started
        && !launch::is_good(child).await
    {
        return;
    }
    let kept = tokio::task::spawn_blocking(move || library.keep_new(&id)).await;
    if let Ok(Err(error)) = kept {
        tracing::warn!(%error, "the version before of an AppImage stays");
    }
}

/// What is newer than an app, as it was found last.
fn update(found: &Path, app: &Installed) -> Option<Update> {
    let news = News::read(found, &app.record.id).filter(|_| app.presence != Presence::Missing)?;
    news.is_news(&app.record).then(|| news.update(&app.record))
}

fn part(app: &Installed) -> Part {
    let Installed { record, presence, .. } = app;
    let there = *presence != Presence::Missing;
    let kept = record.previous.as_ref().map_or(0, |previous| previous.size);
    Part {
        offer: OfferId::app_image(&record.origin, &record.id),
        id: record.id.clone(),
        kind: PartKind::App,
        name: record.name.clone(),
        // What it is after it updated itself nobody has read yet.
        version: if *presence == Presence::Changed { String::new() } else { record.version.name.clone() },
        revision: record.version.sha256.clone(),
        runtime: String::new(),
        size: if there { record.version.size.saturating_add(kept) } else { kept },
        changed: record.version.modified / 1_000_000_000,
        unused: false,
        leaving: false,
        held: false,
        previous: record.previous.as_ref().map(|previous| previous.name.clone()),
        end_of_life: None,
    }
}

/// What AppImages cannot do, or not yet.
fn not_offered(request: &Request) -> Failure {
    Failure::new(FailureKind::NotOffered, named(request), format!("AppImages know no {:?}", request.action))
}

/// What a request is about, in words.
fn named(request: &Request) -> &str {
    let names = [&request.name, &request.offer.reference, &request.location];
    names.into_iter().find(|text| !text.is_empty()).map_or("", String::as_str)
}
