//! The engine's door: everything that a face can ask for.

use crate::board::{Board, MAX_OUTCOMES};
use crate::catalogue::Look;
use crate::guard::{guarded, guarded_blocking, guarded_while_wanted};
use crate::history::History;
use crate::plan::MAX_PLANS;
use crate::queue::{Cancelled, Queue, Turns};
use crate::source::Source;
use crate::sources::Sources;
use crate::store::Record;
use crate::work::Work;
use crate::{catalogue, guardian, recovery, run, sources};
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use strata_model::history::Entry;
use strata_model::snapshot::CatalogueStatus;
use strata_model::{Change, Failure, FailureKind, Leftover, OfferId, Plan, Request, Snapshot, Stop, Task, TaskId};
use strata_model::{SourceKind, TaskState, Upkeep, Variant, pattern};
use strata_platform::lock::{Lock, try_lock};
use strata_platform::{Environment, files, settings};
use tokio::sync::{Semaphore, broadcast, watch};
use tokio_util::sync::CancellationToken;

/// Longest text in a request, in bytes: a path or an address.
const MAX_TEXT: usize = 8 << 10;

/// How long an engine that ends waits for what is no task: readings, and plans that nobody waits for any more. They
/// change nothing, so whatever does not stop may be broken off.
const GRACE: Duration = Duration::from_secs(2);

/// Why an engine could not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// Another engine works for this person.
    #[error("another engine works for this person already")]
    Taken,
    /// The folder of the person's data cannot be used.
    #[error(transparent)]
    Failed(#[from] Failure),
}

/// The one owner of tasks. Cheap to clone; every clone is the same engine.
#[derive(Clone, Debug)]
pub struct Engine(pub(crate) Arc<Inner>);

/// What the engine's tasks share. Locks are taken in the order `queue`, `board`, and never held over an await.
#[derive(Debug)]
pub(crate) struct Inner {
    pub(crate) environment: Arc<Environment>,
    pub(crate) sources: Sources,
    pub(crate) board: Board,
    pub(crate) history: History,
    /// One build of the catalogue at a time; and the last one, if it was given up.
    pub(crate) building: tokio::sync::Mutex<Option<catalogue::GivenUp>>,
    /// Everything under way that keeps the engine from leaving.
    pub(crate) work: Work,
    /// Of these, what changes something: tasks, and mending what an earlier engine left.
    pub(crate) tasks: Work,
    /// Plans that sources work on, also those that nobody waits for any more.
    pub(crate) plans: Work,
    pub(crate) plan_turns: Arc<Semaphore>,
    /// Cancelled when what an earlier engine left has been mended; no task runs before.
    pub(crate) recovered: CancellationToken,
    /// Cancelled when the engine is to end.
    pub(crate) closing: CancellationToken,
    queue: Mutex<Queue>,
    pub(crate) turns: Arc<Turns>,
    /// Whoever submits, alone: so that two equal requests find each other. Also whoever sets a setting.
    pub(crate) submitting: tokio::sync::Mutex<()>,
    /// What parental controls let the person do.
    pub(crate) controls: watch::Sender<guardian::Known>,
    /// One round of what is done by itself at a time.
    pub(crate) upkeeping: Arc<tokio::sync::Mutex<()>>,
    lock: Mutex<Option<Lock>>,
}

impl Engine {
    /// Starts the engine of a person: takes the lock, reads the history, then, in the background, mends what was broken
    /// off, reads the sources and looks after the catalogue.
    ///
    /// # Errors
    /// See [`StartError`].
    pub async fn start(environment: Arc<Environment>, sources: Vec<Arc<dyn Source>>) -> Result<Self, StartError> {
        let lock = take_lock(&environment).await?;
        let (history, damaged) = History::open(&environment.history()).await?;
        let read = Arc::clone(&environment);
        let layers = guarded_blocking("settings", move || settings::load(&read)).await?;
        let kinds: Vec<SourceKind> = sources.iter().map(|source| source.kind()).collect();
        let (broken_off, outcomes, checked, system_checked) = history
            .ask(move |store| {
                let limit = u32::try_from(MAX_OUTCOMES).unwrap_or(u32::MAX);
                let system_checked = store.fact(run::SYSTEM_CHECKED)?.unwrap_or_default();
                Ok((store.broken_off()?, store.unacknowledged(limit)?, run::checked(store, &kinds)?, system_checked))
            })
            .await?;
        let sources = Sources::new(sources, Arc::clone(&environment), system_checked);
        let catalogue = CatalogueStatus { building: true, ..CatalogueStatus::default() };
        let board = Board::new(Snapshot {
            sequence: 0,
            engine: engine_name(),
            tasks: outcomes.into_iter().chain(broken_off.iter().map(recovery::mending)).map(|r| r.task).collect(),
            sources: sources.statuses(),
            installed: Vec::new(),
            updates: Vec::new(),
            origins: Vec::new(),
            system: Variant::default(),
            catalogue,
            checked,
            settings: layers.settings,
            faults: layers.faults.into_iter().chain(damaged).collect(),
        });
        let inner = Arc::new(Inner {
            building: tokio::sync::Mutex::default(),
            environment,
            sources,
            board,
            history,
            work: Work::none(),
            tasks: Work::none(),
            plans: Work::none(),
            plan_turns: Arc::new(Semaphore::new(MAX_PLANS)),
            recovered: CancellationToken::new(),
            closing: CancellationToken::new(),
            queue: Mutex::default(),
            turns: Arc::default(),
            submitting: tokio::sync::Mutex::default(),
            controls: guardian::unknown(),
            upkeeping: Arc::default(),
            lock: Mutex::new(Some(lock)),
        });
        inner.wake_up(broken_off);
        Ok(Self(inner))
    }

    /// Everything published.
    pub fn snapshot(&self) -> Snapshot {
        self.0.board.snapshot()
    }

    /// Everything published, and every change after it. A listener that falls behind has to fetch the whole again.
    pub fn subscribe(&self) -> (Snapshot, broadcast::Receiver<Arc<Change>>) {
        self.0.board.subscribe()
    }

    /// How many pieces of work are under way: tasks, readings, builds.
    pub fn work(&self) -> watch::Receiver<usize> {
        self.0.work.watch()
    }

    /// What a request would do. Dropped before its end, it cancels the source's work.
    ///
    /// # Errors
    /// What stands in the way; [`FailureKind::EngineGone`] if the engine ends meanwhile.
    pub async fn plan(&self, request: &Request) -> Result<Plan, Stop> {
        self.0.plan(request).await
    }

    /// Queues requests and gives their tasks in the same order. A request that is queued or running already gives that
    /// task: two faces, or a second click, ask for one thing once.
    ///
    /// # Errors
    /// [`FailureKind::BadRequest`] if one of them makes no sense, [`FailureKind::EngineGone`] if the engine ends, or what
    /// keeps the history from being written; then none is queued.
    pub async fn submit(&self, requests: &[Request]) -> Result<Vec<TaskId>, Failure> {
        self.0.submit(requests).await
    }

    /// Asks a task to stop: one that waits ends at once, one that runs when it can. Nothing happens to one that has
    /// ended.
    ///
    /// # Errors
    /// [`FailureKind::NotFound`] for a task that is not there.
    pub async fn cancel(&self, id: TaskId) -> Result<(), Failure> {
        self.0.cancel(id).await
    }

    /// Takes the outcomes of ended tasks out of the snapshot, for good. Tasks without an end stay.
    ///
    /// # Errors
    /// When the history cannot be written.
    pub async fn acknowledge(&self, ids: &[TaskId]) -> Result<(), Failure> {
        let ended = |id: &TaskId| self.0.board.task(*id).is_some_and(|task| task.state.is_final());
        let gone: Vec<TaskId> = ids.iter().copied().filter(ended).collect();
        let marked = gone.clone();
        self.0.record(move |store| store.acknowledge(&marked)).await?;
        self.0.board.edit(|_| (!gone.is_empty()).then(|| Change { gone, ..Change::default() }));
        Ok(())
    }

    /// Does in the background what is due by itself, as the settings wish: asks what is new, fetches it, installs it.
    /// Gives at once whether it is begun, or why not.
    ///
    /// # Errors
    /// When the history cannot be read.
    pub async fn upkeep(&self) -> Result<Upkeep, Failure> {
        self.0.upkeep().await
    }

    /// Starts an installed app.
    ///
    /// # Errors
    /// When it is not installed, or its process cannot be started.
    pub async fn launch(&self, offer: &OfferId) -> Result<(), Failure> {
        let source = self.0.source(offer.source)?;
        self.0.check_opening(offer).await?;
        let (subject, offer) = (offer.reference.clone(), offer.clone());
        guarded(&subject, async move { source.launch(&offer).await }).await?
    }

    /// Starts an AppImage that is no app, by its path or `file:` address. Nothing is installed, and it stays where it is.
    ///
    /// # Errors
    /// When it is none that may be started here, or its process cannot be started.
    pub async fn launch_file(&self, location: &str) -> Result<(), Failure> {
        if location.len() > MAX_TEXT {
            return Err(Failure::new(FailureKind::BadRequest, "", "the path of the file is too long"));
        }
        let source = self.0.source(SourceKind::AppImage);
        let source = source.map_err(|Failure { kind, detail, .. }| Failure::new(kind, location, detail))?;
        self.0.check_offered(SourceKind::AppImage, location)?;
        self.0.check_opening_file(location).await?;
        // The file is read whole first, as for a plan; a source may be slow to notice that nobody waits any more.
        let turn = self.0.unless_closing(Arc::clone(&self.0.plan_turns).acquire_owned()).await?;
        let (subject, location) = (location.to_owned(), location.to_owned());
        let launching = async move {
            let launched = source.launch_file(&location).await;
            drop(turn);
            launched
        };
        guarded_while_wanted(&subject, launching).await?
    }

    /// What apps that are gone have left behind, without what the settings keep. Counting it may take a while.
    ///
    /// # Errors
    /// When a source cannot say for sure which apps are gone.
    pub async fn leftovers(&self) -> Result<Vec<Leftover>, Failure> {
        let _working = self.0.work.begin();
        let mut all = Vec::new();
        for source in self.0.sources.all() {
            let kind = source.kind();
            all.extend(guarded(kind.as_str(), async move { source.leftovers().await }).await??);
        }
        let kept = self.0.board.snapshot().settings.data.keep;
        all.retain(|left| !kept.iter().any(|pattern| pattern::fits(pattern, &left.id)));
        Ok(all)
    }

    /// The last ended tasks, newest first; without `all` those that did what was asked and changed nothing (refreshes
    /// without news) are left out.
    ///
    /// # Errors
    /// When the history cannot be read.
    pub async fn history(&self, limit: u32, all: bool) -> Result<Vec<Entry>, Failure> {
        let records = self.0.history.ask(move |store| store.ended(limit, all)).await?;
        Ok(records.into_iter().map(Entry::from).collect())
    }

    /// Ends the engine: takes no more, cancels everything, waits until every task has stopped, and a moment for the rest.
    /// Another engine can start afterwards.
    pub async fn shut_down(&self) {
        self.0.closing.cancel();
        // Whoever is about to queue something does so first, and then it is cancelled too.
        drop(self.0.submitting.lock().await);
        let open = self.0.queue().open();
        for id in open {
            if let Err(failure) = self.0.cancel(id).await {
                tracing::error!(%failure, %id, "a task cannot be cancelled");
            }
        }
        self.0.tasks.none_left().await;
        let rest = async { tokio::join!(self.0.work.none_left(), self.0.plans.none_left()) };
        if tokio::time::timeout(GRACE, rest).await.is_err() {
            tracing::warn!("a source does not stop; its work is broken off");
        }
        self.0.lock.lock().unwrap_or_else(PoisonError::into_inner).take();
    }
}

impl Inner {
    pub(crate) fn queue(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn source(&self, kind: SourceKind) -> Result<Arc<dyn Source>, Failure> {
        let source = self.sources.get(kind);
        source.ok_or_else(|| {
            Failure::new(
                FailureKind::NoBackend,
                kind.as_str(),
                format!("the source “{}” is not in use here", kind.as_str()),
            )
        })
    }

    pub(crate) fn source_of(&self, request: &Request) -> Result<Arc<dyn Source>, Failure> {
        let Request { offer, name, location, replaces, accepted, .. } = request;
        let offers = std::iter::once(offer).chain(replaces);
        let places = offers.flat_map(|offer| [&offer.scope, &offer.origin, &offer.reference]);
        if places.chain([name, location, accepted]).any(|text| text.len() > MAX_TEXT) {
            return Err(Failure::new(FailureKind::BadRequest, "", "a text of the request is too long"));
        }
        if !request.accepts_what_is_asked() {
            return Err(Failure::new(FailureKind::BadRequest, label(request), "it says yes to what nobody asks there"));
        }
        self.source(offer.source).map_err(|Failure { kind, detail, .. }| Failure::new(kind, label(request), detail))
    }

    async fn cancel(self: &Arc<Self>, id: TaskId) -> Result<(), Failure> {
        let found = {
            let mut queue = self.queue();
            let found = queue.cancel(id);
            if found == Cancelled::Running {
                self.board.edit_task(id, |task| task.state = TaskState::Cancelling);
            }
            found
        };
        match (found, self.board.task(id)) {
            (Cancelled::Nothing, None) => Err(Failure::new(FailureKind::NotFound, id.to_string(), "no such task")),
            (Cancelled::Waiting, Some(task)) => {
                self.end(Task { state: TaskState::Cancelled, finished: now(), ..task }.into()).await;
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// Begins a piece of background work, which keeps the engine's process from leaving.
    pub(crate) fn spawn<F>(self: &Arc<Self>, work: impl FnOnce(Arc<Self>) -> F)
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let (working, work) = (self.work.begin(), work(Arc::clone(self)));
        tokio::spawn(async move {
            work.await;
            drop(working);
        });
    }

    /// What an engine does by itself: mends, then reads and watches the sources and looks after the catalogue.
    fn wake_up(self: &Arc<Self>, broken_off: Vec<Record>) {
        tokio::spawn(guardian::follow(Arc::clone(self)));
        self.spawn(|inner| async move {
            let mending = inner.tasks.begin();
            recovery::mend(&inner, broken_off).await;
            drop(mending);
            inner.recovered.cancel();
            inner.spawn(|inner| async move { catalogue::bring_up_to_date(&inner, Look::Glance).await });
            for source in inner.sources.all() {
                // Before it is read: what changes while it is read counts.
                let (kind, changes) = (source.kind(), source.changes());
                inner.spawn(|inner| async move { inner.read_source(kind).await });
                tokio::spawn(sources::watch(Arc::clone(&inner), kind, changes));
            }
        });
    }
}

/// What a failure of the request is about.
pub(crate) fn label(request: &Request) -> String {
    let Request { name, location, offer, .. } = request;
    let texts = [name, &offer.reference, location, &offer.origin, &offer.scope];
    texts.into_iter().find(|text| !text.is_empty()).cloned().unwrap_or_else(|| offer.source.as_str().to_owned())
}

/// Seconds since 1970.
pub(crate) fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}

/// Another name for each engine, so that faces notice a new one.
fn engine_name() -> String {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    format!("{}-{}", std::process::id(), since.as_nanos())
}

async fn take_lock(environment: &Environment) -> Result<Lock, StartError> {
    let path = environment.engine_lock();
    let folder = environment.data.to_string_lossy().into_owned();
    let taken = guarded_blocking(&folder, move || try_lock(&path)).await?;
    let taken = taken.map_err(|error| match error.kind() {
        // The folder itself cannot be used, else.
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            files::unwritten(&environment.engine_lock(), &error)
        }
        _ => Failure::new(FailureKind::Unwritable, folder, error.to_string()),
    })?;
    taken.ok_or(StartError::Taken)
}
