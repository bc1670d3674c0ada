//! What a source of apps does for the engine. Adding a source is implementing [`Source`] and one line in `service`.

use crate::system::SystemBackend;
use async_trait::async_trait;
use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;
use strata_model::feed::Feed;
use strata_model::snapshot::{Origin, SystemStatus};
use strata_model::{
    AppSettings, Failure, FailureKind, Installed, Leftover, OfferId, Plan, Progress, Request, SourceKind, Stop, Update,
};
use strata_platform::witness::Witness;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

/// A source of apps. Its methods may be called from several tasks at once; the engine runs the tasks of one lane one
/// after the other.
#[async_trait]
pub trait Source: fmt::Debug + Send + Sync {
    /// Which source this is.
    fn kind(&self) -> SourceKind;

    /// The lane of a request. Tasks in one lane run one after the other, lanes run side by side.
    fn lane(&self, request: &Request) -> String;

    /// What is installed, what could be newer and which origins there are, from what lies on this machine: no network.
    ///
    /// # Errors
    /// When the source cannot be used at all. A broken origin costs itself.
    async fn state(&self) -> Result<SourceState, Failure>;

    /// What a request would do. Changes nothing; may use the network.
    ///
    /// # Errors
    /// [`Stop::Cancelled`] when the token says so, else what stands in the way.
    async fn plan(&self, request: &Request, cancel: &CancellationToken) -> Result<Plan, Stop>;

    /// Does what a request asks, and reports how far it is. When it does not end in success the old state is there.
    ///
    /// # Errors
    /// [`Stop::Cancelled`] when the token said so in time, else what went wrong.
    async fn run(&self, request: &Request, reporter: &Reporter, cancel: &CancellationToken) -> Result<Outcome, Stop>;

    /// Whether all of these can be done in one go, by [`Source::run_together`]: several of one lane that wait then become
    /// one piece of work. They come in the order in which they were asked for.
    fn go_together(&self, _: &[Request]) -> bool {
        false
    }

    /// Does what several requests ask, all of it or nothing. Called only where [`Source::go_together`].
    ///
    /// # Errors
    /// As with [`Source::run`].
    async fn run_together(&self, _: &[Request], _: &Reporter, _: &CancellationToken) -> Result<Outcome, Stop> {
        Err(Failure::new(FailureKind::BadRequest, "", "these are done one after the other").into())
    }

    /// Which of several requests a failure of all of them is about, if that is known: the others may do without it.
    fn blamed(&self, _: &[Request], _: &Failure) -> Option<usize> {
        None
    }

    /// Mends what a task that was broken off (a crash, a power cut) may have left. Called at the start of an engine,
    /// before anything else, for each task of this source that was running.
    ///
    /// # Errors
    /// What could not be mended; [`FailureKind::OutOfSight`] where others do the work, and nobody knows how it goes.
    async fn recover(&self, request: &Request) -> Result<(), Failure>;

    /// Starts an installed app.
    ///
    /// # Errors
    /// When it is not installed, or its process cannot be started.
    async fn launch(&self, offer: &OfferId) -> Result<(), Failure>;

    /// Starts a file that is no app, by its path or `file:` address. Nothing is installed, and it stays where it is.
    ///
    /// # Errors
    /// When it is nothing that can be started here, or its process cannot be started.
    async fn launch_file(&self, location: &str) -> Result<(), Failure> {
        let detail = format!("the source “{}” starts no files", self.kind().as_str());
        Err(Failure::new(FailureKind::NotOffered, location, detail))
    }

    /// How an installed app is started, and where it lies with its data.
    ///
    /// # Errors
    /// [`FailureKind::NoAppSettings`] where its apps have none, or when it is not installed.
    async fn app_settings(&self, offer: &OfferId) -> Result<AppSettings, Failure> {
        Err(no_app_settings(self.kind(), offer))
    }

    /// Changes that. It has to be safe beside a task of the same source; of the app itself none runs.
    ///
    /// # Errors
    /// As with [`Source::app_settings`], or what stands in the way; then all is as it was.
    async fn set_app_settings(&self, offer: &OfferId, _: &AppSettings) -> Result<(), Failure> {
        Err(no_app_settings(self.kind(), offer))
    }

    /// The apps that run at this moment, by their ids.
    ///
    /// # Errors
    /// When nobody can say.
    async fn running(&self) -> Result<BTreeSet<String>, Failure> {
        Ok(BTreeSet::new())
    }

    /// What apps that are gone have left behind. May take a while: all of it is counted.
    ///
    /// # Errors
    /// When nobody can say for sure which apps are gone.
    async fn leftovers(&self) -> Result<Vec<Leftover>, Failure> {
        Ok(Vec::new())
    }

    /// The lists of apps that lie on this machine, for the catalogue.
    ///
    /// # Errors
    /// When the source cannot be used at all.
    async fn feeds(&self) -> Result<Vec<Feed>, Failure>;

    /// Changes whenever something outside of Strata may have changed the state.
    fn changes(&self) -> watch::Receiver<u64>;

    /// Whether there is anybody to ask for news, where the state is this one.
    fn has_news(&self, _: &SourceState) -> bool {
        true
    }

    /// The system, if that is what the source keeps. Its origins are not asked for news together with the others'.
    fn system(&self) -> Option<Arc<dyn SystemBackend>> {
        None
    }

    /// Somebody wants to see the system: from now on its daemon may be started to read the state.
    fn wake(&self) {}
}

fn no_app_settings(kind: SourceKind, offer: &OfferId) -> Failure {
    let detail = format!("apps of the source “{}” have no settings here", kind.as_str());
    Failure::new(FailureKind::NoAppSettings, &offer.reference, detail)
}

/// What a source has on this machine.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SourceState {
    /// Everything installed: apps, runtimes, add-ons.
    pub installed: Vec<Installed>,
    /// Everything that could be newer.
    pub updates: Vec<Update>,
    /// Every origin that is set up.
    pub origins: Vec<Origin>,
    /// Files that every program touches when it changes what is installed, as they were *before* the state was read:
    /// the engine keeps them with [`strata_platform::witness::write`], so that faces know what is installed without it.
    pub witnesses: Vec<Witness>,
    /// Why a part of it could not be read, if so: one of several installations. What is known of the rest stands above.
    pub fault: Option<Failure>,
    /// The system, of the source that keeps it.
    pub system: Option<SystemStatus>,
}

/// What a finished task did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Version before, empty if it was not installed or has none.
    pub from_version: String,
    /// Version after, empty if it is not installed or has none.
    pub to_version: String,
    /// The lists of apps changed, so that the catalogue has to be built anew.
    pub feeds_changed: bool,
    /// Parts of the work that failed while the rest went on, by their references (a broken remote in a refresh).
    pub partial: Vec<Failure>,
    /// The references that came, changed or went.
    pub touched: BTreeSet<String>,
    /// It was as asked already.
    pub unchanged: bool,
}

/// Where a running task says how far it is. Cheap to call at any rate: the engine looks about five times a second.
#[derive(Clone, Debug)]
pub struct Reporter {
    progress: watch::Sender<Progress>,
}

impl Reporter {
    /// A reporter and the end that the engine watches.
    pub fn new() -> (Self, watch::Receiver<Progress>) {
        let (progress, watched) = watch::channel(Progress::default());
        (Self { progress }, watched)
    }

    /// Says how far the task is. A percentage smaller than the last one is lifted to it: progress never goes back.
    pub fn report(&self, mut progress: Progress) {
        self.progress.send_modify(|last| {
            if let (Some(before), Some(now)) = (last.percent, progress.percent) {
                progress.percent = Some(now.max(before).min(100));
            }
            *last = progress;
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn progress_never_goes_back() {
        let (reporter, watched) = Reporter::new();
        for (said, shown) in [(10, 10), (7, 10), (60, 60), (250, 100)] {
            reporter.report(Progress { percent: Some(said), ..Progress::default() });
            assert_eq!(watched.borrow().percent, Some(shown));
        }
    }
}
