//! The settings of single apps: read and changed by their sources, and not while a task is about the app.

use crate::engine::{Engine, Inner};
use crate::guard::guarded;
use strata_model::{AppSettings, Failure, FailureKind, OfferId, Task, TaskState};

impl Engine {
    /// How an installed app is started, and where it lies with its data.
    ///
    /// # Errors
    /// [`FailureKind::NoAppSettings`] where apps of its kind have none, or when it is not installed.
    pub async fn app_settings(&self, offer: &OfferId) -> Result<AppSettings, Failure> {
        let source = self.0.source(offer.source)?;
        let (subject, offer) = (offer.reference.clone(), offer.clone());
        guarded(&subject, async move { source.app_settings(&offer).await }).await?
    }

    /// Changes that, all of it or nothing. What runs of the app goes on as it was started.
    ///
    /// # Errors
    /// [`FailureKind::AppBusy`] while a task of this app runs, [`FailureKind::BadRequest`] for what no app can have, or what
    /// stands in the way.
    pub async fn set_app_settings(&self, offer: &OfferId, settings: &AppSettings) -> Result<(), Failure> {
        let _working = self.0.work.begin();
        let (kind, subject) = (offer.source, offer.reference.clone());
        let source = self.0.source(kind)?;
        settings.check().map_err(|unfit| Failure::new(FailureKind::BadRequest, &subject, unfit.to_string()))?;
        // What was broken off is brought to its end first.
        self.0.recovered.cancelled().await;
        self.0.check_idle(offer)?;
        let (offer, settings) = (offer.clone(), settings.clone());
        let set = guarded(&subject, async move { source.set_app_settings(&offer, &settings).await }).await?;
        self.0.read_source(kind).await;
        set
    }
}

impl Inner {
    /// Refuses while a task of this app runs. One that begins afterwards finds the app as it is by then: a source changes one
    /// app once at a time.
    fn check_idle(&self, offer: &OfferId) -> Result<(), Failure> {
        let runs = |task: &&Task| matches!(task.state, TaskState::Running | TaskState::Cancelling);
        let is_about = |task: &&Task| {
            let offers = [Some(&task.request.offer), task.request.replaces.as_ref()];
            offers.into_iter().flatten().any(|one| one.is_same_thing(offer))
        };
        match self.board.snapshot().tasks.iter().filter(runs).find(is_about) {
            Some(task) => {
                let name = if task.request.name.is_empty() { &offer.reference } else { &task.request.name };
                Err(Failure::new(FailureKind::AppBusy, name, format!("{:?}, task {}", task.request.action, task.id)))
            }
            None => Ok(()),
        }
    }
}
