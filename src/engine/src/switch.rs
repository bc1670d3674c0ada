//! Another offer of an app takes the place of the one that is installed: that one goes once the new one is there. Where it
//! cannot go, the new one goes again, so that there is one of them at the end, whatever happens.

use crate::engine::Inner;
use crate::guard::guarded;
use crate::queue::Turns;
use crate::source::{Outcome, Reporter, Source};
use std::sync::Arc;
use strata_model::plan::{Warning, WarningKind};
use strata_model::{Action, Failure, FailureKind, Installed, OfferId, Plan, Request, SourceKind, Stop};
use tokio_util::sync::CancellationToken;

/// What a request for it comes to.
#[derive(Debug)]
pub(crate) struct Switch {
    new: Arc<dyn Source>,
    install: Request,
    old: Arc<dyn Source>,
    remove: Request,
    /// The new one is there already: an earlier try was broken off, or the person has both.
    is_there: bool,
    /// What the one that goes is called.
    name: String,
}

impl Switch {
    /// `None` for other requests.
    ///
    /// # Errors
    /// [`FailureKind::NotInstalled`], and [`FailureKind::BadRequest`] for what is no other offer, or comes and goes with a
    /// restart only.
    pub(crate) fn of(inner: &Inner, request: &Request) -> Result<Option<Self>, Failure> {
        let Some(replaced) = &request.replaces else { return Ok(None) };
        let refuse = |detail: &str| Failure::new(FailureKind::BadRequest, &request.name, detail);
        if request.action == Action::InstallFile {
            // Another version of the same app, which is its source's own work.
            let sources = [replaced.source, request.offer.source];
            let is_version = sources == [SourceKind::AppImage; 2] && !request.beside;
            let detail = "only a version of an AppImage takes the place of another one";
            return if is_version { Ok(None) } else { Err(refuse(detail)) };
        }
        if request.action != Action::Install || replaced.is_same_thing(&request.offer) {
            return Err(refuse("only another offer that is installed takes the place of one"));
        }
        if [replaced.source, request.offer.source].contains(&SourceKind::Package) {
            return Err(refuse(
                "packages come and go with a restart: get the one, and remove the other when that is there",
            ));
        }
        let installed = inner.board.snapshot().installed;
        let find = |offer| installed.iter().find(|part: &&Installed| part.offer.is_same_thing(offer));
        let gone = || Failure::new(FailureKind::NotInstalled, &request.name, &replaced.reference);
        let old = find(replaced).ok_or_else(gone)?;
        Ok(Some(Self {
            new: inner.source(request.offer.source)?,
            install: Request { replaces: None, delete_data: false, ..request.clone() },
            old: inner.source(replaced.source)?,
            remove: Request {
                unattended: request.unattended,
                ..Request::remove(old.offer.clone(), request.delete_data)
            }
            .named(&old.name),
            is_there: find(&request.offer).is_some(),
            name: old.name.clone(),
        }))
    }

    /// What it would do: both, and what becomes of what the one that goes has stored.
    pub(crate) async fn plan(&self, request: &Request, cancel: &CancellationToken) -> Result<Plan, Stop> {
        let comes =
            if self.is_there { Plan::nothing(&self.install) } else { self.new.plan(&self.install, cancel).await? };
        let goes = self.old.plan(&self.remove, cancel).await?;
        let kind = if request.delete_data { WarningKind::DataGoes } else { WarningKind::DataStays };
        let data = Warning { kind, subject: self.name.clone(), end_of_life: None };
        let name = if request.name.is_empty() { &comes.request.name } else { &request.name };
        Ok(Plan {
            request: request.clone().named(name),
            steps: comes.steps.into_iter().chain(goes.steps).collect(),
            size_change: comes.size_change.saturating_add(goes.size_change),
            permissions_before: goes.permissions_before,
            warnings: comes.warnings.into_iter().chain(goes.warnings).chain([data]).collect(),
            ..comes
        })
    }

    /// Does it. Nothing of it stays where it is cancelled or fails.
    pub(crate) async fn run(
        &self,
        turns: &Turns,
        reporter: &Reporter,
        cancel: &CancellationToken,
    ) -> Result<Outcome, Stop> {
        let came = if self.is_there {
            Outcome::default()
        } else {
            let _turn = turns.take(&lane_of(&*self.new, &self.install), cancel).await?;
            self.new.run(&self.install, reporter, cancel).await?
        };
        match self.take_away(turns, reporter, cancel).await {
            Ok(went) => Ok(Outcome {
                from_version: went.from_version,
                touched: came.touched.into_iter().chain(went.touched).collect(),
                feeds_changed: came.feeds_changed || went.feeds_changed,
                ..came
            }),
            Err(stop) => {
                // What failed once it was gone, or cannot be looked at, is no reason to be left with neither.
                if has(&*self.old, &self.remove.offer).await.unwrap_or(false) {
                    self.undo(turns).await;
                }
                Err(stop)
            }
        }
    }

    async fn take_away(&self, turns: &Turns, reporter: &Reporter, cancel: &CancellationToken) -> Result<Outcome, Stop> {
        let _turn = turns.take(&lane_of(&*self.old, &self.remove), cancel).await?;
        if cancel.is_cancelled() {
            return Err(Stop::Cancelled);
        }
        self.old.run(&self.remove, reporter, cancel).await
    }

    /// The new one goes again, if it is this work that brought it.
    async fn undo(&self, turns: &Turns) {
        if self.is_there {
            return;
        }
        let (remove, never) = (Request::remove(self.install.offer.clone(), false), CancellationToken::new());
        let Ok(_turn) = turns.take(&lane_of(&*self.new, &remove), &never).await else { return };
        if let Err(stop) = self.new.run(&remove, &Reporter::new().0, &never).await {
            tracing::error!(%stop, name = self.name, "both offers stay, because neither can be taken away");
        }
    }

    /// Brings to its end what was broken off once the new one was there: the old one goes, and nobody is asked for a
    /// password.
    pub(crate) async fn recover(inner: &Inner, request: &Request) -> Result<(), Failure> {
        let Some(replaced) = request.replaces.as_ref().filter(|_| request.action == Action::Install) else {
            return Ok(());
        };
        let (new, old) = (inner.source(request.offer.source)?, inner.source(replaced.source)?);
        let remove = Request::remove(replaced.clone(), request.delete_data).named(&request.name).unattended();
        let comes = request.offer.clone();
        let mending = async move {
            old.recover(&remove).await?;
            if !(has(&*new, &comes).await? && has(&*old, &remove.offer).await?) {
                return Ok(());
            }
            match old.run(&remove, &Reporter::new().0, &CancellationToken::new()).await {
                Ok(_) | Err(Stop::Cancelled) => Ok(()),
                Err(Stop::Failed(failure)) => Err(failure),
            }
        };
        guarded(&request.name, mending).await?
    }
}

async fn has(source: &dyn Source, offer: &OfferId) -> Result<bool, Failure> {
    Ok(source.state().await?.installed.iter().any(|part| part.offer.is_same_thing(offer)))
}

/// The lane of a request, over all sources.
pub(crate) fn lane_of(source: &dyn Source, request: &Request) -> String {
    format!("{} {}", source.kind().as_str(), source.lane(request))
}
