//! The engine as a face sees it.

use crate::Link;
use crate::failure::{failure_of, gone, stop_of};
use crate::mirror::{Mirror, Reached, reach};
use crate::wire::Wire;
use serde::{Serialize, de::DeserializeOwned};
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use strata_model::Upkeep;
use strata_model::history::Entry;
use strata_model::system_update::{FoundPackage, PackageChange};
use strata_model::{AppSettings, Attention, Failure, FailureKind, Leftover, OfferId, Plan, Request};
use strata_model::{Snapshot, Stop, Task, TaskId};
use strata_platform::Environment;
use tokio::sync::watch;
use tokio::task::AbortHandle;
use zbus::zvariant::{DynamicType, Type};

/// How long an engine may be out of reach before whoever waits for a task is told so.
const PATIENCE: Duration = Duration::from_secs(30);

/// How long the next engine may take to come up.
const SOON: Duration = Duration::from_secs(5);

/// The engine. Cheap to clone; every clone is the same connection, which ends with the last of them.
#[derive(Clone, Debug)]
pub struct Engine(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    wire: watch::Receiver<Arc<Wire>>,
    snapshot: watch::Receiver<Arc<Snapshot>>,
    link: watch::Receiver<Link>,
    attention: watch::Sender<Attention>,
    follower: AbortHandle,
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.follower.abort();
    }
}

impl Engine {
    /// Reaches the engine: on the session bus, which starts it when needed, else as a child of this process. Returns
    /// when the first snapshot is there. Needs a tokio runtime, and goes on using it.
    ///
    /// # Errors
    /// [`FailureKind::EngineGone`] when the engine cannot be started, [`FailureKind::OutOfReach`] when another one works
    /// for this person, or why it cannot work.
    pub async fn connect(environment: Arc<Environment>) -> Result<Self, Failure> {
        let wire = Wire::open(&environment).await?;
        match Self::follow(Arc::clone(&environment), wire).await {
            // It was on its way out; the next one comes.
            Err(failure) if failure.kind == FailureKind::EngineGone => {
                tracing::debug!(%failure, "the engine left while it was asked");
                let wire = Wire::open(&environment).await?;
                Self::follow(environment, wire).await
            }
            reached => reached,
        }
    }

    /// Takes one end of a socket pair, at whose other end somebody serves the engine. For tests; when it is lost, the
    /// engine is looked for as in [`Engine::connect`].
    ///
    /// # Errors
    /// [`FailureKind::EngineGone`] when nobody serves it.
    pub async fn over(environment: Arc<Environment>, stream: tokio::net::UnixStream) -> Result<Self, Failure> {
        let wire = Wire::over(stream).await.map_err(|error| gone(error.to_string()))?;
        Self::follow(environment, wire).await
    }

    async fn follow(environment: Arc<Environment>, wire: Wire) -> Result<Self, Failure> {
        let Reached { wire, listener, snapshot } = reach(wire).await?;
        let mirror = Mirror::new(environment, wire, snapshot);
        let (wire, snapshot, link) = (mirror.wire.subscribe(), mirror.snapshot.subscribe(), mirror.link.subscribe());
        let attention = mirror.attention.clone();
        let follower = tokio::spawn(mirror.follow(listener)).abort_handle();
        Ok(Self(Arc::new(Inner { wire, snapshot, link, attention, follower })))
    }

    /// What the engine publishes, always whole: gaps and new engines are handled inside.
    pub fn snapshot(&self) -> watch::Receiver<Arc<Snapshot>> {
        self.0.snapshot.clone()
    }

    /// Whether the engine can be reached. It is reached again by itself.
    pub fn link(&self) -> watch::Receiver<Link> {
        self.0.link.clone()
    }

    /// What a request would do; drop it when nobody wants to know any more. An engine that leaves meanwhile changes
    /// nothing, so the next one is asked, once.
    ///
    /// # Errors
    /// What stands in the way.
    pub async fn plan(&self, request: &Request) -> Result<Plan, Stop> {
        let asked = self.0.wire.borrow().clone();
        match self.call("Plan", &(request,)).await {
            Err(Stop::Failed(failure)) if failure.kind == FailureKind::EngineGone => {
                tracing::debug!(%failure, "the engine left while it planned");
                self.next_after(&asked).await;
                self.call("Plan", &(request,)).await
            }
            planned => planned,
        }
    }

    /// Waits until the next engine can be asked, or for a moment.
    async fn next_after(&self, asked: &Arc<Wire>) {
        if asked.is_bus() {
            return;
        }
        let mut wire = self.0.wire.clone();
        // In vain or not: the next call tells.
        let _ = tokio::time::timeout(SOON, wire.wait_for(|now| !Arc::ptr_eq(now, asked))).await;
    }

    /// Queues requests, and gives their tasks in the same order. A request that is queued or running already gives
    /// that task.
    pub async fn submit(&self, requests: &[Request]) -> Result<Vec<TaskId>, Failure> {
        self.ask("Submit", &(requests,)).await
    }

    /// Asks a task to stop. Fine if it came to its end meanwhile.
    pub async fn cancel(&self, task: TaskId) -> Result<(), Failure> {
        self.ask("Cancel", &(task,)).await
    }

    /// Takes the outcomes of ended tasks out of the snapshot.
    pub async fn acknowledge(&self, tasks: &[TaskId]) -> Result<(), Failure> {
        self.ask("Acknowledge", &(tasks,)).await
    }

    /// Sets one setting: a dotted key, and a TOML value or a bare word.
    pub async fn set_setting(&self, key: &str, value: &str) -> Result<(), Failure> {
        self.ask("SetSetting", &(key, value)).await
    }

    /// Lets the engine do in the background what is due by itself, and gives whether it does, or why not.
    pub async fn upkeep(&self) -> Result<Upkeep, Failure> {
        self.ask("Upkeep", &()).await
    }

    /// Starts an installed app.
    pub async fn launch(&self, offer: &OfferId) -> Result<(), Failure> {
        self.ask("Launch", &(offer,)).await
    }

    /// Starts an AppImage that is no app, by its path or `file:` address. Nothing is installed.
    pub async fn launch_file(&self, location: &str) -> Result<(), Failure> {
        self.ask("LaunchFile", &(location,)).await
    }

    /// How an installed app is started, and where it lies with its data.
    pub async fn app_settings(&self, offer: &OfferId) -> Result<AppSettings, Failure> {
        self.ask("AppSettings", &(offer,)).await.map(|(settings,)| settings)
    }

    /// Changes that. A folder of another disk takes as long as copying the app.
    pub async fn set_app_settings(&self, offer: &OfferId, settings: &AppSettings) -> Result<(), Failure> {
        self.ask("SetAppSettings", &(offer, settings)).await
    }

    /// What apps that are gone have left behind. Counting it may take a while.
    pub async fn leftovers(&self) -> Result<Vec<Leftover>, Failure> {
        self.ask("Leftovers", &()).await
    }

    /// Reads the system, which wakes the update daemon; the snapshot shows what was found.
    pub async fn read_system(&self) -> Result<(), Failure> {
        self.ask("ReadSystem", &()).await
    }

    /// Everything that the engine publishes, as it is at this moment: what [`Engine::snapshot`] has may be on its way.
    pub async fn whole(&self) -> Result<Snapshot, Failure> {
        self.ask("Snapshot", &()).await
    }

    /// What changes from one deployment to another, by their ids. May ask for a password.
    pub async fn differences(&self, from: &str, to: &str) -> Result<Vec<PackageChange>, Failure> {
        self.ask("Differences", &(from, to)).await
    }

    /// Packages with these words in their names or summaries, the likeliest first. May take minutes the first time; drop
    /// it when the person types on.
    pub async fn search_packages(&self, words: &[String]) -> Result<Vec<FoundPackage>, Stop> {
        self.call("SearchPackages", &(words,)).await
    }

    /// Cancels what another program changes of the system at this moment.
    pub async fn cancel_system(&self) -> Result<(), Failure> {
        self.ask("CancelSystem", &()).await
    }

    /// Takes [`strata_model::SystemStatus::arrived`] out of the snapshot, for good.
    pub async fn system_seen(&self) -> Result<(), Failure> {
        self.ask("SystemSeen", &()).await
    }

    /// Asks the desktop to restart the machine; it may ask the person, or refuse.
    pub async fn restart(&self) -> Result<(), Failure> {
        self.ask("Restart", &()).await
    }

    /// The last ended tasks, newest first; without `all` those that changed nothing are left out.
    pub async fn history(&self, limit: u32, all: bool) -> Result<Vec<Entry>, Failure> {
        self.ask("History", &(limit, all)).await
    }

    /// Wakes a sleeping engine, so that what changed outside meanwhile is noticed: for a window that comes to the
    /// front.
    pub async fn wake(&self) -> Result<(), Failure> {
        let wire = self.0.wire.borrow().clone();
        wire.ping().await.map_err(|error| failure_of(&error))
    }

    /// Says what the person sees at this face: that is not notified. Every new engine is told again; one that sleeps is
    /// not woken to be told that it is nothing.
    ///
    /// # Errors
    /// [`FailureKind::EngineGone`] if the engine cannot be told now; the next one is.
    pub async fn look(&self, attention: Attention) -> Result<(), Failure> {
        self.0.attention.send_replace(attention);
        let wire = self.0.wire.borrow().clone();
        wire.look(attention).await.map_err(|error| failure_of(&error))
    }

    /// Waits for the end of a task, also of one that ended and was acknowledged already, and over the end of an engine.
    ///
    /// # Errors
    /// [`FailureKind::NotFound`] if there is no such task, [`FailureKind::EngineGone`] if the engine stays away.
    pub async fn finished(&self, task: TaskId) -> Result<Task, Failure> {
        let mut snapshot = self.snapshot();
        let mut lost = pin!(self.lost());
        loop {
            let known = find(&snapshot.borrow_and_update(), task).cloned();
            match known {
                Some(known) if known.state.is_final() => return Ok(known),
                Some(_) => {}
                // Not mirrored yet, or over and acknowledged.
                None => match self.outcome(task).await {
                    Ok(Some(ended)) => return Ok(ended),
                    Ok(None) => {}
                    Err(failure) if failure.kind == FailureKind::EngineGone => {}
                    Err(failure) => return Err(failure),
                },
            }
            tokio::select! {
                _ = snapshot.changed() => {}
                failure = &mut lost => return Err(failure),
            }
        }
    }

    /// Returns when the engine was out of reach for so long that there is no more waiting for it, with the reason.
    pub async fn lost(&self) -> Failure {
        lost(&mut self.link()).await
    }

    /// How a task ended that the mirror does not show: `None` if it is about to show it.
    ///
    /// # Errors
    /// [`FailureKind::NotFound`] if there is no such task, [`FailureKind::EngineGone`] if the engine cannot be asked now.
    pub async fn outcome(&self, id: TaskId) -> Result<Option<Task>, Failure> {
        let whole: Snapshot = self.ask("Snapshot", &()).await?;
        if let Some(task) = find(&whole, id) {
            return Ok(task.state.is_final().then(|| task.clone()));
        }
        let entries = self.history(u32::MAX, true).await?;
        let entry = entries.into_iter().find(|entry| entry.id == id);
        let nothing = || Failure::new(FailureKind::NotFound, id.to_string(), "no such task");
        entry.map(|entry| Some(entry.into())).ok_or_else(nothing)
    }

    async fn ask<R: DeserializeOwned + Type>(
        &self,
        method: &str,
        body: &(impl Serialize + DynamicType),
    ) -> Result<R, Failure> {
        let wire = self.0.wire.borrow().clone();
        wire.call(method, body).await.map_err(|error| failure_of(&error))
    }

    /// For what takes long and is cancelled when it is dropped.
    async fn call<R: DeserializeOwned + Type>(
        &self,
        method: &str,
        body: &(impl Serialize + DynamicType),
    ) -> Result<R, Stop> {
        let wire = self.0.wire.borrow().clone();
        wire.call_apart(method, body).await.map_err(|error| stop_of(&error))
    }
}

fn find(snapshot: &Snapshot, id: TaskId) -> Option<&Task> {
    snapshot.tasks.iter().find(|task| task.id == id)
}

/// Returns when the engine was out of reach for long, with the reason.
async fn lost(link: &mut watch::Receiver<Link>) -> Failure {
    loop {
        let now = link.borrow_and_update().clone();
        let Link::Lost(failure) = now else {
            if link.changed().await.is_err() {
                return gone("the client ended");
            }
            continue;
        };
        let back = link.wait_for(|link| *link == Link::Connected);
        if tokio::time::timeout(PATIENCE, back).await.is_err() {
            return failure;
        }
    }
}
