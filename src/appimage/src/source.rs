//! AppImages as a source: those that the person has, installed from files, opened, updated, removed; and the lists of those
//! that there are. Everything of it waits for the disk in blocking tasks.

mod absent;
mod delta;
mod failure;
mod fetch;
mod file;
mod launch;
mod left;
mod listed;
mod lists;
mod location;
mod news;
mod planned;
mod settings;
mod state;
mod updates;
mod watcher;

use crate::library::{Changed, Library, Made, MadeKind, Record, Removed, databases};
use crate::release::Resolver;
use async_trait::async_trait;
use failure::failed;
use lists::Wish;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use strata_engine::{Outcome, Reporter, Source, SourceState};
use strata_model::feed::Feed;
use strata_model::{
    Action, AppSettings, Failure, FailureKind, Leftover, OfferId, Plan, Progress, Request, SourceKind, Stage, Stop,
};
use strata_platform::Environment;
use strata_platform::http::{self, Client, HttpError};
use strata_platform::witness::Witness;
use tokio::process::Child;
use tokio::sync::{OnceCell, watch};
use tokio_util::sync::CancellationToken;
use updates::Newest;
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
    /// The lists of AppImages are fetched, by the settings as they were when they were looked at last.
    listed: AtomicBool,
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

    /// Whether the lists of AppImages are used, and whether they are fetched.
    async fn lists(&self) -> Result<Wish, Failure> {
        let environment = Arc::clone(&self.environment);
        let wish = self.blocking(SourceKind::AppImage.as_str(), move |_| Ok(lists::wish(&environment))).await?;
        self.listed.store(wish == Wish::News, Ordering::Relaxed);
        Ok(wish)
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

    /// From a sandbox AppImages can neither be put onto the machine nor be started there once.
    fn check_place(&self, subject: &str) -> Result<(), Failure> {
        let detail = "from a sandbox there is no way to the AppImages of the machine";
        if self.environment.sandboxed { Err(Failure::new(FailureKind::NoBackend, subject, detail)) } else { Ok(()) }
    }

    /// What is known of the installed app that a request is about.
    async fn record(&self, request: &Request) -> Result<Record, Failure> {
        let (offer, subject) = (request.offer.clone(), named(request).to_owned());
        let get = move |library: &Library| library.by_offer(&offer).map_err(|error| failed(&error, &subject));
        self.blocking(named(request), get).await
    }

    async fn go_back(&self, request: &Request) -> Result<Outcome, Stop> {
        let id = self.record(request).await?.id;
        let subject = named(request).to_owned();
        let go_back = move |library: &Library| library.go_back(&id).map_err(|error| failed(&error, &subject));
        let Changed { record, notes, .. } = self.blocking(named(request), go_back).await?;
        tracing::info!(id = record.id, ?notes, "the version before of an AppImage is there again");
        self.announce(record.files.iter().map(Made::kind).collect()).await;
        let from_version = record.left.as_ref().map(|left| left.name.clone()).unwrap_or_default();
        Ok(Outcome { from_version, to_version: record.version.name, touched: [record.id].into(), ..Outcome::default() })
    }

    async fn remove(&self, request: &Request) -> Result<Outcome, Stop> {
        let (id, data) = (self.record(request).await?.id, request.delete_data);
        let remove = move |library: &Library| library.remove(&id, data).map_err(|error| failed(&error, &id));
        let Removed { record, left, stranger } = self.blocking(&request.offer.reference, remove).await?;
        tracing::info!(id = record.id, ?left, ?stranger, "an AppImage was removed");
        self.forget(&record).await;
        self.announce(record.files.iter().map(Made::kind).collect()).await;
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
            let updates = listing.apps.iter().filter_map(|app| state::update(&found, app)).collect();
            Ok((witnesses, listing.apps, updates, fault))
        };
        let (witnesses, apps, updates, fault) = self.blocking(SourceKind::AppImage.as_str(), read).await?;
        self.watcher.look_at(apps.iter().filter_map(|app| app.record.path.parent().map(Path::to_owned)).collect());
        Ok(SourceState {
            installed: apps.iter().map(state::part).collect(),
            updates,
            witnesses,
            fault,
            ..SourceState::default()
        })
    }

    async fn plan(&self, request: &Request, cancel: &CancellationToken) -> Result<Plan, Stop> {
        match request.action {
            Action::Refresh => Ok(Plan::nothing(request)),
            Action::Install => self.plan_listed(request, cancel).await,
            Action::InstallFile => self.plan_file(request, cancel).await,
            Action::Update => {
                let newest = cancel.run_until_cancelled(self.newest(request)).await.ok_or(Stop::Cancelled)?;
                let Newest { record, news, .. } = newest?;
                Ok(planned::update(request, &record, news.as_ref().map(|news| &news.found)))
            }
            Action::GoBack => Ok(planned::go_back(request, &self.record(request).await?)?),
            Action::Remove => {
                let (request, record) = (request.clone(), self.record(request).await?);
                let subject = record.id.clone();
                let look = move |library: &Library| {
                    let data = library.data(&record.id).map_err(|error| failed(&error, &record.id))?;
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
            Action::Install => self.install_listed(request, reporter, cancel).await,
            Action::InstallFile => {
                stage(Stage::Installing);
                self.install_file(request, cancel).await
            }
            Action::RemoveData => {
                stage(Stage::Removing);
                self.remove_left(&request.offer.reference).await
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
        let meant = offer.clone();
        let how = move |library: &Library| {
            let record = library.by_offer(&meant).map_err(|error| failed(&error, &meant.reference))?;
            Ok((launch::how(library, &record.id)?, record.id))
        };
        let (way, id) = self.blocking(&offer.reference, how).await?;
        let started = launch::launch(&self.environment, &id, way).await?;
        tokio::spawn(keep_new(Arc::clone(&self.library), id, started));
        Ok(())
    }

    async fn launch_file(&self, location: &str) -> Result<(), Failure> {
        self.check_place(location)?;
        let (path, subject) = (location::path(location)?, location.to_owned());
        let way = self.blocking(location, move |library| launch::once(library, &path, &subject)).await?;
        let started = launch::launch(&self.environment, location, way).await?;
        tracing::info!(location, "an AppImage was started that is no app");
        if let Some(mut child) = started {
            // Else it stays as a zombie.
            tokio::spawn(async move { child.wait().await });
        }
        Ok(())
    }

    async fn app_settings(&self, offer: &OfferId) -> Result<AppSettings, Failure> {
        self.settings_of(offer).await
    }

    async fn set_app_settings(&self, offer: &OfferId, settings: &AppSettings) -> Result<(), Failure> {
        self.configure(offer, settings).await
    }

    async fn leftovers(&self) -> Result<Vec<Leftover>, Failure> {
        self.left().await
    }

    async fn feeds(&self) -> Result<Vec<Feed>, Failure> {
        if self.lists().await? == Wish::Nothing {
            return Ok(Vec::new());
        }
        let environment = Arc::clone(&self.environment);
        self.blocking(SourceKind::AppImage.as_str(), move |_| Ok(lists::feeds(&environment))).await
    }

    /// Without lists what is asked is where each of those that are here comes from.
    fn has_news(&self, state: &SourceState) -> bool {
        self.listed.load(Ordering::Relaxed) || !state.installed.is_empty()
    }

    fn changes(&self) -> watch::Receiver<u64> {
        self.watcher.changes()
    }
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

/// What AppImages cannot do, or not yet.
fn not_offered(request: &Request) -> Failure {
    Failure::new(FailureKind::NotOffered, named(request), format!("AppImages know no {:?}", request.action))
}

/// What a request is about, in words.
fn named(request: &Request) -> &str {
    let names = [&request.name, &request.offer.reference, &request.location];
    names.into_iter().find(|text| !text.is_empty()).map_or("", String::as_str)
}
