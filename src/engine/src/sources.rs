//! What the sources have on this machine: read after each task and whenever something outside changed it.

use crate::arrival::Arrivals;
use crate::catalogue::{self, Look};
use crate::engine::Inner;
use crate::guard::{guarded, guarded_blocking};
use crate::notes::Notes;
use crate::source::{Source, SourceState};
use crate::system::SystemBackend;
use crate::whose;
use std::pin::pin;
use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use strata_model::snapshot::{SourceStatus, SystemStatus};
use strata_model::{Change, Failure, FailureKind, Snapshot, SourceKind, Variant};
use strata_platform::{Environment, witness};
use tokio::sync::watch;

/// How long the system may take to be read before it is said that nobody answers. Its daemon may have to be started.
pub(crate) const ANSWER: Duration = Duration::from_secs(5);

/// A change outside usually comes with others: wait for quiet this long …
const QUIET: Duration = Duration::from_millis(250);

/// … but no longer than this.
const PATIENCE: Duration = Duration::from_secs(2);

#[derive(Debug)]
pub(crate) struct Sources {
    slots: Vec<Slot>,
    environment: Arc<Environment>,
    arrivals: Arrivals,
    pub(crate) notes: Arc<Notes>,
    /// When the system's origin was last asked, see [`SystemStatus::checked`].
    pub(crate) system_checked: AtomicI64,
    /// Readings of the system that nobody answers yet.
    unanswered: AtomicUsize,
    /// Why what is installed cannot be kept for the faces, if so.
    unkept: Mutex<Option<Failure>>,
}

/// The source that keeps the system, and the system itself.
pub(crate) type Keeper = (Arc<dyn Source>, Arc<dyn SystemBackend>);

#[derive(Debug)]
struct Slot {
    source: Arc<dyn Source>,
    /// One reading at a time, so that an older one never replaces a newer one.
    reading: tokio::sync::Mutex<()>,
    known: Mutex<Known>,
}

#[derive(Debug, Default)]
struct Known {
    /// As it was last read well.
    state: Option<SourceState>,
    /// Why the last reading, or a part of it, went wrong, if so.
    failure: Option<Failure>,
}

impl Slot {
    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn status(&self) -> SourceStatus {
        let known = self.known();
        SourceStatus { source: self.source.kind(), ready: known.state.is_some(), failure: known.failure.clone() }
    }

    fn list<T: Clone>(&self, part: impl FnOnce(&SourceState) -> &Vec<T>) -> Vec<T> {
        self.known().state.as_ref().map(part).cloned().unwrap_or_default()
    }
}

impl Sources {
    pub(crate) fn new(sources: Vec<Arc<dyn Source>>, environment: Arc<Environment>, system_checked: i64) -> Self {
        let slot = |source| Slot { source, reading: tokio::sync::Mutex::default(), known: Mutex::default() };
        let (arrivals, notes) = (Arrivals::new(&environment), Arc::new(Notes::new(&environment)));
        let system_checked = AtomicI64::new(system_checked);
        let slots = sources.into_iter().map(slot).collect();
        let unanswered = AtomicUsize::new(0);
        Self { slots, environment, arrivals, notes, system_checked, unanswered, unkept: Mutex::default() }
    }

    pub(crate) fn all(&self) -> Vec<Arc<dyn Source>> {
        self.slots.iter().map(|slot| Arc::clone(&slot.source)).collect()
    }

    /// The sources that are asked for news together: not the system, which the daily round only reads.
    pub(crate) fn kinds(&self) -> Vec<SourceKind> {
        let has_news = |slot: &&Slot| slot.known().state.as_ref().is_none_or(|state| slot.source.has_news(state));
        self.of_apps().filter(has_news).map(|slot| slot.source.kind()).collect()
    }

    /// The sources whose state is like this.
    pub(crate) fn kinds_with(&self, is_meant: impl Fn(&SourceState) -> bool) -> Vec<SourceKind> {
        let meant = self.slots.iter().filter(|slot| slot.known().state.as_ref().is_some_and(&is_meant));
        meant.map(|slot| slot.source.kind()).collect()
    }

    fn of_apps(&self) -> impl Iterator<Item = &Slot> {
        self.slots.iter().filter(|slot| slot.source.system().is_none())
    }

    /// The source that keeps the system, and the system itself.
    pub(crate) fn keeper(&self) -> Option<Keeper> {
        self.slots.iter().find_map(|slot| Some((Arc::clone(&slot.source), slot.source.system()?)))
    }

    /// The system as it was last read.
    pub(crate) fn system(&self) -> SystemStatus {
        let read = |slot: &Slot| slot.known().state.as_ref()?.system.clone();
        let mut status = self.slots.iter().find_map(read).unwrap_or_default();
        if self.unanswered.load(Ordering::Relaxed) > 0 {
            status.failure = Some(Failure::new(FailureKind::NoAnswer, "", "it is being waited for"));
        }
        let checked = self.system_checked.load(Ordering::Relaxed);
        SystemStatus { arrived: self.arrivals.arrived(), notes: self.notes.all(), checked, ..status }
    }

    /// What came with the last restart was seen.
    pub(crate) async fn arrival_seen(&self) {
        self.arrivals.seen().await;
    }

    pub(crate) fn get(&self, kind: SourceKind) -> Option<Arc<dyn Source>> {
        self.slot(kind).map(|slot| Arc::clone(&slot.source))
    }

    fn slot(&self, kind: SourceKind) -> Option<&Slot> {
        self.slots.iter().find(|slot| slot.source.kind() == kind)
    }

    pub(crate) fn statuses(&self) -> Vec<SourceStatus> {
        self.slots.iter().map(Slot::status).collect()
    }

    /// Reads a source. What it had stays known when it cannot be read any more.
    pub(crate) async fn read(&self, kind: SourceKind) {
        let Some(slot) = self.slot(kind) else { return };
        let alone = slot.reading.lock().await;
        let source = Arc::clone(&slot.source);
        let result = guarded(kind.as_str(), async move { source.state().await }).await.and_then(|state| state);
        let read = result.as_ref().ok().and_then(|state| state.system.as_ref());
        // A system that shows nothing now may be another's, or its daemon away: nothing is concluded from that.
        let is_whole =
            |status: &&SystemStatus| status.ready && status.failure.is_none() && !status.system.deployments.is_empty();
        if let Some(status) = read.filter(is_whole) {
            if let Some(backend) = slot.source.system() {
                self.arrivals.look(&status.system, backend).await;
            }
            if let Err(failure) = self.notes.keep_only(&status.system).await {
                tracing::warn!(%failure, "notes of deployments that are gone stay");
            }
            self.keep_layered(result.as_ref().ok()).await;
        }
        match result {
            Ok(state) => {
                let state = whose::name(&self.environment, state).await;
                *slot.known() = Known { failure: state.fault.clone(), state: Some(state) };
            }
            Err(failure) => {
                tracing::warn!(source = kind.as_str(), %failure, "a source cannot be read");
                slot.known().failure = Some(failure);
            }
        }
        drop(alone);
        self.keep().await;
    }

    /// What is different from the snapshot.
    pub(crate) fn change(&self, known: &Snapshot) -> Option<Change> {
        let other = Change {
            sources: differing(&known.sources, self.statuses()),
            installed: differing(&known.installed, self.joined(|state| &state.installed)),
            updates: differing(&known.updates, self.joined(|state| &state.updates)),
            origins: differing(&known.origins, self.joined(|state| &state.origins)),
            system: Some(Variant(self.system())).filter(|system| *system != known.system),
            faults: differing(&known.faults, self.faults(&known.faults)),
            ..Change::default()
        };
        (other != Change::default()).then_some(other)
    }

    fn joined<T: Clone>(&self, part: impl Fn(&SourceState) -> &Vec<T>) -> Vec<T> {
        self.slots.iter().flat_map(|slot| slot.list(&part)).collect()
    }

    /// Keeps the apps that are installed for faces that do not wait for the engine; only if all of them are known. What is
    /// layered is known only where somebody asked.
    async fn keep(&self) {
        if self.of_apps().map(Slot::status).any(|status| !status.ready || status.failure.is_some()) {
            return;
        }
        let witnesses = self.of_apps().flat_map(|slot| slot.list(|state| &state.witnesses)).collect();
        let installed = self.of_apps().flat_map(|slot| slot.list(|state| &state.installed)).collect();
        let environment = Arc::clone(&self.environment);
        let write = move || witness::write(&environment, witnesses, installed);
        let detail = match guarded_blocking("installed.json", write).await {
            Ok(Ok(())) => None,
            Ok(Err(error)) => Some(error.to_string()),
            Err(failure) => Some(failure.detail),
        };
        *self.unkept.lock().unwrap_or_else(PoisonError::into_inner) = detail.map(|detail| {
            tracing::warn!(detail, "what is installed cannot be kept for the faces");
            Failure::new(FailureKind::Unwritable, self.kept(), detail)
        });
    }

    /// The same of what is layered, for as long as nothing touches the deployments. What is not kept is read again.
    async fn keep_layered(&self, state: Option<&SourceState>) {
        let Some(SourceState { witnesses, installed, .. }) = state.cloned() else { return };
        let environment = Arc::clone(&self.environment);
        let write = move || witness::write_layered(&environment, witnesses, installed);
        if let Ok(Err(error)) = guarded_blocking("layered.json", write).await {
            tracing::warn!(%error, "what is layered cannot be kept for the faces");
        }
    }

    /// The file in which it is kept, as the subject of failures.
    fn kept(&self) -> String {
        self.environment.installed().to_string_lossy().into_owned()
    }

    /// All faults, with those of keeping what is installed as they are now.
    fn faults(&self, known: &[Failure]) -> Vec<Failure> {
        let (kept, unkept) = (self.kept(), self.unkept.lock().unwrap_or_else(PoisonError::into_inner).clone());
        known.iter().filter(|fault| fault.subject != kept).cloned().chain(unkept).collect()
    }
}

impl Inner {
    /// Reads a source anew and publishes what is different; of the system also that nobody answers, while that is so.
    pub(crate) async fn read_source(&self, kind: SourceKind) {
        let is_system = self.sources.keeper().is_some_and(|(keeper, _)| keeper.kind() == kind);
        let mut reading = pin!(self.sources.read(kind));
        if is_system && tokio::time::timeout(ANSWER, &mut reading).await.is_err() {
            self.sources.unanswered.fetch_add(1, Ordering::Relaxed);
            self.board.edit(|known| self.sources.change(known));
            reading.await;
            self.sources.unanswered.fetch_sub(1, Ordering::Relaxed);
        } else if !is_system {
            reading.await;
        }
        self.board.edit(|known| self.sources.change(known));
    }
}

fn differing<T: PartialEq>(old: &[T], new: Vec<T>) -> Option<Vec<T>> {
    (*old != new).then_some(new)
}

/// Reads a source whenever it says that something changed, until the engine ends.
pub(crate) async fn watch(inner: Arc<Inner>, kind: SourceKind, mut changes: watch::Receiver<u64>) {
    while inner.closing.run_until_cancelled(changes.changed()).await.is_some_and(|changed| changed.is_ok()) {
        let _working = inner.work.begin();
        quiet(&mut changes).await;
        inner.read_source(kind).await;
        catalogue::bring_up_to_date(&inner, Look::Glance).await;
    }
}

async fn quiet(changes: &mut watch::Receiver<u64>) {
    let more = async { while let Ok(Ok(())) = tokio::time::timeout(QUIET, changes.changed()).await {} };
    let _ = tokio::time::timeout(PATIENCE, more).await;
    changes.mark_unchanged();
}
