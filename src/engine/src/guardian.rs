//! Parental controls: what they let the person install and open, as it is now. Asked once at the start, away from
//! whatever waits, and again when the accounts service says that something is different.

use crate::catalogue::{self, Look};
use crate::engine::{Inner, label};
use crate::guard::guarded_blocking;
use std::sync::Arc;
use std::time::Duration;
use strata_catalogue::{Catalogue, CatalogueError};
use strata_model::app::ContentRating;
use strata_model::parental::Controls;
use strata_model::{Action, Failure, FailureKind, OfferId, Request};
use strata_platform::parental::Guardian;
use tokio::sync::watch;

/// How long the accounts service may take to answer. A catalogue waits for it.
const PATIENCE: Duration = Duration::from_secs(2);

/// What is known of parental controls.
#[derive(Clone, Debug, Default)]
pub(crate) enum Known {
    /// Nobody has been asked.
    #[default]
    NotYet,
    /// Whoever was asked does not answer.
    Silent,
    /// These.
    Told(Arc<Controls>),
}

/// Follows them until the engine ends. The first answer comes in any case: tasks wait for it.
pub(crate) async fn follow(inner: Arc<Inner>) {
    let found = tokio::time::timeout(PATIENCE, Guardian::find(&inner.environment)).await;
    let mut guardian = match found {
        Ok(Some(guardian)) => guardian,
        Ok(None) => return drop(inner.controls.send_replace(Known::Told(Arc::default()))),
        Err(_) => return drop(inner.controls.send_replace(Known::Silent)),
    };
    read(&inner, &guardian).await;
    while inner.closing.run_until_cancelled(guardian.changed()).await == Some(true) {
        if read(&inner, &guardian).await {
            inner.spawn(|inner| async move { catalogue::bring_up_to_date(&inner, Look::Glance).await });
        }
    }
}

/// Reads them, and says whether they are others than before. Those that were told count while nobody answers.
async fn read(inner: &Inner, guardian: &Guardian) -> bool {
    let told = tokio::time::timeout(PATIENCE, guardian.controls()).await;
    inner.controls.send_if_modified(|known| {
        let next = match (&*known, told) {
            (Known::Told(old), Ok(new)) if **old == new => return false,
            (_, Ok(new)) => Known::Told(Arc::new(new)),
            (Known::NotYet, Err(_)) => Known::Silent,
            (_, Err(_)) => return false,
        };
        *known = next;
        true
    })
}

impl Inner {
    /// What the person is allowed, as soon as it is known; `None` if nobody says.
    pub(crate) async fn controls(&self) -> Option<Arc<Controls>> {
        let mut known = self.controls.subscribe();
        let known = known.wait_for(|known| !matches!(known, Known::NotYet)).await;
        match known.as_deref() {
            Ok(Known::Told(controls)) => Some(Arc::clone(controls)),
            _ => None,
        }
    }

    /// Refuses to install what parental controls keep back. Flatpak would find out too, after it has fetched it.
    pub(crate) async fn check_allowed(&self, request: &Request) -> Result<(), Failure> {
        let restricting = self.controls().await.filter(|controls| controls.restrict());
        let Some(controls) = restricting else { return Ok(()) };
        let refuse = |detail: String| Err(Failure::new(FailureKind::Forbidden, label(request), detail));
        match request.action {
            Action::InstallFile if controls.forbid_installing(&request.offer.scope) => {
                refuse("parental controls: no app may be installed here".to_owned())
            }
            Action::Install => {
                let ratings = self.ratings(&request.offer).await?;
                let guards = |rating: &[ContentRating]| controls.guard(&request.offer, Some(rating));
                let guard = match ratings.as_slice() {
                    [] => controls.guard(&request.offer, None),
                    ratings => ratings.iter().find_map(|rating| guards(rating)),
                };
                guard.map_or(Ok(()), |guard| refuse(format!("parental controls: {}", guard.sentence())))
            }
            _ => Ok(()),
        }
    }

    /// Refuses to open what parental controls keep back.
    pub(crate) async fn check_opening(&self, offer: &OfferId) -> Result<(), Failure> {
        let controls = self.controls().await;
        if controls.is_some_and(|controls| controls.restrict() && controls.forbid_opening(&offer.reference)) {
            return Err(Failure::new(FailureKind::NotToBeOpened, &offer.reference, "parental controls: app filter"));
        }
        Ok(())
    }

    /// Refuses to open a file where parental controls let the person install nothing, or open only what they list.
    pub(crate) async fn check_opening_file(&self, location: &str) -> Result<(), Failure> {
        if self.controls().await.is_some_and(|controls| controls.forbid_opening_files()) {
            return Err(Failure::new(FailureKind::NotToBeOpened, location, "parental controls: no app of one's own"));
        }
        Ok(())
    }

    /// What the apps that an offer brings answer about their content; nothing if no list has the offer. What cannot be
    /// read is no permission.
    async fn ratings(&self, offer: &OfferId) -> Result<Vec<Vec<ContentRating>>, Failure> {
        let (path, offer) = (self.environment.catalogue(), offer.clone());
        guarded_blocking("catalogue.db", move || {
            let catalogue = match Catalogue::open(&path) {
                Err(CatalogueError::NotBuilt(_)) => return Ok(Vec::new()),
                opened => opened?,
            };
            let mut ratings = Vec::new();
            for head in catalogue.all_of(&offer)? {
                ratings.extend(catalogue.app(&head.id)?.map(|app| app.content_rating));
            }
            Ok(ratings)
        })
        .await?
    }
}

/// Where what is known of them stands.
pub(crate) fn unknown() -> watch::Sender<Known> {
    watch::Sender::new(Known::NotYet)
}
