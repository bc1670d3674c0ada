//! Flatpak as the engine sees it.

use crate::blocking::{abandonable, blocking, reading};
use crate::installation::{self, Found, Place};
use crate::leftovers::has_app;
use crate::note::Note;
use crate::plan::{self, Job};
use crate::reference::Reference;
use crate::refresh::Known;
use crate::watch::Watcher;
use crate::web::Web;
use crate::{
    data, feeds, files, flathub, held, launch, leftovers, polkit, recover, refresh, remotes, run, running, state,
    summaries,
};
use async_trait::async_trait;
use libflatpak::gio;
use std::collections::{BTreeSet, HashMap};
use std::path::Path;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use strata_engine::{Outcome, Reporter, Source, SourceState};
use strata_model::feed::Feed;
use strata_model::{Action, Failure, FailureKind, Leftover, OfferId, Plan, Progress, Request, SourceKind, Stage, Stop};
use strata_platform::Environment;
use tokio::sync::{OwnedMutexGuard, watch};
use tokio_util::sync::CancellationToken;

/// The Flatpak installations of one [`Environment`].
#[derive(Debug)]
pub struct Flatpak {
    environment: Arc<Environment>,
    /// libflatpak locks an installation while it changes it; waiting for our own turn here is cheaper and cannot time
    /// out.
    turns: Turns,
    web: Web,
    watcher: OnceLock<Watcher>,
}

/// A turn at an installation; over when everybody who has a part of it has dropped it.
type Turn = Arc<OwnedMutexGuard<()>>;

#[derive(Debug, Default)]
struct Turns(Mutex<HashMap<String, Arc<tokio::sync::Mutex<()>>>>);

impl Turns {
    async fn take(&self, scope: &str) -> Turn {
        let lock = {
            let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(known.entry(scope.to_owned()).or_default())
        };
        Arc::new(lock.lock_owned().await)
    }
}

impl Flatpak {
    /// The source. Nothing is opened before it is asked something.
    pub fn new(environment: Arc<Environment>) -> Self {
        Self { environment, turns: Turns::default(), web: Web::default(), watcher: OnceLock::new() }
    }

    async fn places(&self) -> Result<Vec<Place>, Failure> {
        let environment = Arc::clone(&self.environment);
        reading(move || Ok(installation::all(&environment))).await
    }

    async fn place(&self, scope: &str) -> Result<(Place, Vec<Place>), Failure> {
        let (mut found, others): (Vec<Place>, Vec<Place>) =
            self.places().await?.into_iter().partition(|place| place.scope == scope);
        let place = found.pop();
        let place =
            place.ok_or_else(|| Failure::new(FailureKind::BadRequest, scope, "no such Flatpak installation"))?;
        Ok((place, others))
    }

    async fn job(&self, request: &Request) -> Result<Job, Failure> {
        let (place, others) = self.place(&request.offer.scope).await?;
        let described = match request.action {
            Action::InstallFile => Some(files::describe(&self.web, &self.environment.cache, &request.location).await?),
            _ => None,
        };
        let system_bus = self.environment.system_bus.clone();
        Ok(Job { request: request.clone(), place, others, described, system_bus })
    }

    async fn transact(
        &self,
        request: &Request,
        reporter: &Reporter,
        cancel: &CancellationToken,
    ) -> Result<Outcome, Stop> {
        let job = unless_cancelled(cancel, self.job(request)).await?;
        let turn = self.turn(&job.place, cancel).await?;
        let (reporter, home, held) = (reporter.clone(), self.environment.home.clone(), Arc::clone(&turn));
        let (ended, lost) = blocking(cancel, move |cancellable| {
            let known = summaries::known(&job.place);
            let mut ended = run::run(&job, &reporter, cancellable);
            if let Ok(outcome) = &mut ended
                && job.request.action == Action::Remove
                && job.request.delete_data
            {
                outcome.partial.extend(delete_data(&job, &home));
            }
            drop(held);
            Ok((ended, summaries::lost(known)))
        })
        .await?;
        summaries::fetch_all(&self.web, lost, turn).await;
        ended
    }

    async fn refresh(&self, scope: &str, reporter: &Reporter, cancel: &CancellationToken) -> Result<Outcome, Stop> {
        let wanted = |place: &Place| scope.is_empty() || place.scope == scope;
        let places: Vec<Place> = self.places().await?.into_iter().filter(wanted).collect();
        let Found { found: work, fault } = reading(move || refresh::remotes(&places)).await?;
        let is_flathub = |known: &Known| known.listed && flathub::is_flathub(&self.environment, &known.url);
        let asks = work.iter().any(is_flathub);
        let popularity = async {
            if asks {
                cancel.run_until_cancelled(flathub::ask(&self.web, &self.environment)).await;
            }
        };
        let (whole, ()) = tokio::join!(self.refresh_all(work, reporter, cancel), popularity);
        let whole = whole?;
        Ok(Outcome { partial: whole.partial.into_iter().chain(fault).collect(), ..whole })
    }

    async fn refresh_all(
        &self,
        work: Vec<Known>,
        reporter: &Reporter,
        cancel: &CancellationToken,
    ) -> Result<Outcome, Stop> {
        let mut whole = Outcome::default();
        let all = work.len();
        for (done, known) in work.into_iter().enumerate() {
            report_share(reporter, done, all);
            let part = match self.probe(&known.url, &known.remote, cancel).await {
                Ok(()) => {
                    let turn = self.turn(&known.place, cancel).await?;
                    refresh_one(known, turn, cancel).await?
                }
                Err(Stop::Failed(failure)) => refresh::failed(failure),
                Err(Stop::Cancelled) => return Err(Stop::Cancelled),
            };
            refresh::add(&mut whole, part);
        }
        refresh::judge(whole, all)
    }

    async fn plan_origin(&self, request: &Request, cancel: &CancellationToken) -> Result<Plan, Stop> {
        let (place, _) = self.place(&request.offer.scope).await?;
        let described = unless_cancelled(cancel, remotes::describe(&self.web, request)).await?;
        let request = request.clone();
        blocking(cancel, move |_| remotes::plan(&place, &request, &described)).await
    }

    async fn add_origin(&self, request: &Request, cancel: &CancellationToken) -> Result<Outcome, Stop> {
        let (place, _) = self.place(&request.offer.scope).await?;
        let described = unless_cancelled(cancel, remotes::describe_agreed(&self.web, request)).await?;
        let remotes::Described { name, url, .. } = described.clone();
        // An origin that does not answer now is there all the same, and says so.
        let silent = match self.probe(&url, &name, cancel).await {
            Ok(()) => None,
            Err(Stop::Failed(failure)) if failure.kind == FailureKind::Offline => Some(refresh::failed(failure)),
            Err(stop) => return Err(stop),
        };
        let turn = self.turn(&place, cancel).await?;
        let note = Note::new(&self.environment, &place, &name);
        let written = note.clone();
        self.change_origin(request, &place, &turn, cancel, move |place, cancellable| {
            remotes::add(place, &described, &written, cancellable)
        })
        .await?;
        let known = Known { place: place.clone(), remote: name, url, listed: true };
        let refreshed = match silent {
            Some(outcome) => Ok(outcome),
            None => refresh_one(known, Arc::clone(&turn), cancel).await,
        };
        reading(move || {
            // A refresh that was left behind may still be on its way to its end; it changes nothing any more.
            let taken = if refreshed.is_err() { take_back(&place, &note) } else { Ok(()) };
            note.clear();
            drop(turn);
            taken?;
            Ok(refreshed.map(|mut outcome| {
                outcome.touched.insert(note.name);
                Outcome { feeds_changed: true, ..outcome }
            }))
        })
        .await?
    }

    /// Changes the origins of an installation, with the person's permission.
    async fn change_origin<T, F>(
        &self,
        request: &Request,
        place: &Place,
        turn: &Turn,
        cancel: &CancellationToken,
        change: F,
    ) -> Result<T, Stop>
    where
        T: Send + 'static,
        F: FnOnce(&Place, &gio::Cancellable) -> Result<T, Stop> + Send + 'static,
    {
        let (bus, request, place, turn) =
            (self.environment.system_bus.clone(), request.clone(), place.clone(), Arc::clone(turn));
        blocking(cancel, move |cancellable| {
            polkit::ask(&place, &request, bus.as_deref(), cancellable)?;
            let changed = change(&place, cancellable);
            drop(turn);
            changed.map_err(|stop| polkit::dismissed_or_denied(&place, &request, bus.as_deref(), stop))
        })
        .await
    }

    async fn remove_data(&self, id: &str) -> Result<Outcome, Stop> {
        let (places, home, id) = (self.places().await?, self.environment.home.clone(), id.to_owned());
        reading(move || leftovers::remove(&places, &home, &id)).await?;
        Ok(Outcome::default())
    }

    async fn probe(&self, url: &str, origin: &str, cancel: &CancellationToken) -> Result<(), Stop> {
        unless_cancelled(cancel, self.web.probe(url, origin)).await
    }

    /// Waits for the installation to be free.
    async fn turn(&self, place: &Place, cancel: &CancellationToken) -> Result<Turn, Stop> {
        unless_cancelled(cancel, async { Ok(self.turns.take(&place.scope).await) }).await
    }
}

#[async_trait]
impl Source for Flatpak {
    fn kind(&self) -> SourceKind {
        SourceKind::Flatpak
    }

    fn lane(&self, request: &Request) -> String {
        request.offer.scope.clone()
    }

    async fn state(&self) -> Result<SourceState, Failure> {
        let places = self.places().await?;
        reading(move || state::read(&places)).await
    }

    async fn plan(&self, request: &Request, cancel: &CancellationToken) -> Result<Plan, Stop> {
        match request.action {
            Action::Install | Action::InstallFile | Action::Update | Action::Remove | Action::RemoveUnused => {}
            Action::AddOrigin => return self.plan_origin(request, cancel).await,
            _ => return Ok(Plan::nothing(request)),
        }
        let job = unless_cancelled(cancel, self.job(request)).await?;
        let cache = self.environment.cache.clone();
        // What it holds is a folder of its own, which goes at the end of the thread.
        abandonable(cancel, move |cancellable| {
            let say =
                |error: std::io::Error| Failure::new(FailureKind::Other, cache.to_string_lossy(), error.to_string());
            std::fs::create_dir_all(&cache).map_err(say)?;
            let scratch = tempfile::Builder::new().prefix("plan").tempdir_in(&cache).map_err(say)?;
            plan::plan(&job, scratch.path(), cancellable)
        })
        .await
    }

    async fn run(&self, request: &Request, reporter: &Reporter, cancel: &CancellationToken) -> Result<Outcome, Stop> {
        match request.action {
            Action::Refresh => self.refresh(&request.offer.scope, reporter, cancel).await,
            Action::AddOrigin => self.add_origin(request, cancel).await,
            Action::RemoveData => self.remove_data(&request.offer.reference).await,
            Action::RemoveOrigin
            | Action::EnableOrigin
            | Action::DisableOrigin
            | Action::PrioritiseOrigin
            | Action::Hold
            | Action::Release => {
                let wish = request.clone();
                let change = move |place: &Place, cancellable: &gio::Cancellable| match wish.action {
                    Action::Hold | Action::Release => held::change(place, &wish, cancellable),
                    _ => remotes::change(place, &wish, cancellable),
                };
                let (place, _) = self.place(&request.offer.scope).await?;
                let turn = self.turn(&place, cancel).await?;
                self.change_origin(request, &place, &turn, cancel, change).await
            }
            _ => self.transact(request, reporter, cancel).await,
        }
    }

    async fn recover(&self, request: &Request) -> Result<(), Failure> {
        let scope = &request.offer.scope;
        for place in self.places().await? {
            if scope.is_empty() || place.scope == *scope {
                let turn = self.turns.take(&place.scope).await;
                let (environment, adds) = (Arc::clone(&self.environment), request.action == Action::AddOrigin);
                reading(move || {
                    // Nothing is added at this moment, so every note was left behind.
                    let notes = if adds { Note::left(&environment, &place) } else { Vec::new() };
                    let mended = notes.iter().try_for_each(|note| {
                        note.clear();
                        take_back(&place, note)
                    });
                    let mended = mended.and_then(|()| recover::recover(&place));
                    drop(turn);
                    mended
                })
                .await?;
            }
        }
        Ok(())
    }

    async fn launch(&self, offer: &OfferId) -> Result<(), Failure> {
        let (place, _) = self.place(&offer.scope).await?;
        let reference = Reference::parse(&offer.reference)?;
        if reference.kind != libflatpak::RefKind::App {
            return Err(Failure::new(FailureKind::BadRequest, reference.id, "it is no app"));
        }
        let (option, wanted) = (place.option(), offer.reference.clone());
        reading(move || {
            let found = state::installed_ref(&place.open()?, &Reference::parse(&wanted)?);
            let id = crate::reference::id_of(&wanted);
            found.map(drop).map_err(|error| crate::failure::failure(&error, id))
        })
        .await?;
        launch::launch(&self.environment, &option, &reference).await
    }

    async fn running(&self) -> Result<BTreeSet<String>, Failure> {
        let environment = Arc::clone(&self.environment);
        reading(move || running::ids(&environment)).await
    }

    async fn leftovers(&self) -> Result<Vec<Leftover>, Failure> {
        let (places, home) = (self.places().await?, self.environment.home.clone());
        reading(move || leftovers::find(&places, &home)).await
    }

    async fn feeds(&self) -> Result<Vec<Feed>, Failure> {
        let (places, environment) = (self.places().await?, Arc::clone(&self.environment));
        reading(move || feeds::read(&places, &environment)).await
    }

    fn changes(&self) -> watch::Receiver<u64> {
        self.watcher.get_or_init(|| Watcher::start(Arc::clone(&self.environment))).changes()
    }
}

/// Refreshes one remote. Cancelled, it is left behind where it does not end at once: it changes nothing that is installed.
/// The installation is not free before it has ended.
async fn refresh_one(known: Known, turn: Turn, cancel: &CancellationToken) -> Result<Outcome, Stop> {
    abandonable(cancel, move |cancellable| {
        let part = refresh::refresh(&known.place, &known.remote, cancellable);
        drop(turn);
        part
    })
    .await
}

/// Takes the origin away that a note is about.
fn take_back(place: &Place, note: &Note) -> Result<(), Failure> {
    match remotes::take_back(place, &note.name) {
        // Not for an ordinary user without a question, and an origin does no harm.
        Err(failure) if place.asks_polkit() => {
            tracing::warn!("{} stays: {failure}", note.name);
            Ok(())
        }
        taken => taken,
    }
}

async fn unless_cancelled<T>(
    cancel: &CancellationToken,
    work: impl Future<Output = Result<T, Failure>>,
) -> Result<T, Stop> {
    if cancel.is_cancelled() {
        return Err(Stop::Cancelled);
    }
    match cancel.run_until_cancelled(work).await {
        Some(done) => Ok(done?),
        None => Err(Stop::Cancelled),
    }
}

/// Origins are of unknown size, so each counts the same.
fn report_share(reporter: &Reporter, done: usize, all: usize) {
    let percent = (done * 100).checked_div(all).and_then(|percent| u8::try_from(percent).ok());
    reporter.report(Progress { stage: Stage::Downloading, percent, ..Progress::default() });
}

/// Removes the person's data of an app that is gone from every installation, in every branch.
fn delete_data(job: &Job, home: &Path) -> Option<Failure> {
    let id = crate::reference::id_of(job.reference());
    if !job.reference().starts_with("app/") || job.all_places().any(|place| has_app(place, id)) {
        return None;
    }
    data::remove(home, id).err()
}
