//! Transactions that somebody else began.

use crate::daemon::{Daemon, Session};
use crate::errors;
use crate::peer::{Heard, Peer};
use crate::progress::{Course, Meter, Said};
use crate::refusal::Refusal;
use crate::transaction::{End, Follower, has_begun, refused};
use std::sync::{Arc, PoisonError};
use std::time::Duration;
use strata_engine::Reporter;
use strata_model::system::Running;
use strata_model::{Failure, FailureKind, Progress, Stage, Stop};
use tokio_util::sync::CancellationToken;

/// How long a title may take.
const TITLE: Duration = Duration::from_secs(2);

impl Session {
    /// Fills in what only the transaction itself knows. It is neither started nor kept from ending.
    pub(crate) async fn describe(&self, running: &mut Running) {
        let Ok((method, caller, _)) = self.active().await else { return };
        running.own = !caller.is_empty() && caller == self.bus.own_name();
        running.method = method;
        if running.own {
            // The daemon knows the title only once it runs, and nobody else need listen.
            running.title.clone_from(&self.daemon().title.lock().unwrap_or_else(PoisonError::into_inner));
        } else if let Ok(Some((title, client))) = tokio::time::timeout(TITLE, self.about()).await {
            running.title = title;
            running.client = client;
        }
    }

    async fn about(&self) -> Option<(String, String)> {
        let address = self.active_path().await.ok().filter(|address| !address.is_empty())?;
        let mut peer = Peer::connect(&address).await.ok()?;
        let about = peer.about().await.ok();
        peer.close().await;
        about
    }
}

impl Daemon {
    /// Follows what somebody else changes at this moment until it ends; with the token it is cancelled.
    ///
    /// # Errors
    /// What it failed with; [`Stop::Cancelled`] when anybody cancelled it.
    pub async fn follow(self: &Arc<Self>, reporter: &Reporter, cancel: &CancellationToken) -> Result<(), Stop> {
        let session = self.session().await.map_err(Refusal::failure)?;
        let mut follower =
            Follower { meter: Meter::new(Course::Image), reporter, cancel, own: false, remarks: Vec::new() };
        let mut activity = session.bus.activity();
        loop {
            activity.borrow_and_update();
            let address = session.active_path().await.map_err(Refusal::failure)?;
            if address.is_empty() {
                return Ok(());
            }
            reporter.report(Progress { stage: Stage::Waiting, ..Progress::default() });
            let cancelled = cancel.is_cancelled();
            let end = match Peer::connect(&address).await {
                Ok(mut peer) => {
                    let end = attach(&session, &mut peer, &mut follower, cancelled).await;
                    peer.close().await;
                    end
                }
                Err(error) if cancelled && is_forbidden(&error) => Some(End::Refused(error.to_string())),
                Err(error) => {
                    tracing::debug!("the transaction cannot be reached: {error}");
                    None
                }
            };
            match end {
                Some(End::Finished(well, text)) => {
                    session.released().await;
                    return if well { Ok(()) } else { Err(errors::ended(&text, &[], &[])) };
                }
                Some(End::Refused(words)) => return Err(Failure::new(FailureKind::NotAuthorised, "", words).into()),
                Some(End::Lost) | None if cancelled => return still_there(&session).await,
                Some(End::Lost) | None => {}
            }
            tokio::select! {
                _ = activity.changed() => {}
                () = cancel.cancelled() => {}
            }
        }
    }
}

/// Follows a transaction that is somebody else's. `None`: it says nothing, and may never have begun. It is not ours to
/// start: whoever asked for it may have thought better of it.
async fn attach(session: &Session, peer: &mut Peer, follower: &mut Follower<'_>, cancelled: bool) -> Option<End> {
    let method = session.active().await.map(|(method, ..)| method).unwrap_or_default();
    let title = peer.about().await.map(|(title, _)| title).unwrap_or_default();
    if cancelled
        && let Err(error) = peer.cancel().await
        && let Some(refused) = refused(&error)
    {
        return Some(refused);
    }
    if has_begun(&method, &title) {
        // It runs, or has ended: then its end is told again.
        let started = peer.start().await;
        tracing::debug!("attached to “{title}”: {started:?}");
        return Some(follower.follow(peer, cancelled).await);
    }
    match tokio::time::timeout(session.daemon().patience.quiet, peer.next()).await {
        Ok(Heard::Said(Said::Finished(well, text))) => Some(End::Finished(well, text)),
        Ok(Heard::Said(said)) => {
            follower.hear(&said);
            Some(follower.follow(peer, cancelled).await)
        }
        Ok(Heard::Gone) => Some(End::Lost),
        Err(_) => None,
    }
}

/// The socket is there, for others.
fn is_forbidden(error: &zbus::Error) -> bool {
    matches!(error, zbus::Error::InputOutput(error) if error.kind() == std::io::ErrorKind::PermissionDenied)
}

/// After a cancel: whether it went. One that was never started stays until its caller leaves the bus.
async fn still_there(session: &Session) -> Result<(), Stop> {
    match tokio::time::timeout(session.daemon().patience.quiet, session.free()).await {
        Ok(Ok(_)) => Err(Stop::Cancelled),
        Ok(Err(refusal)) => Err(refusal.failure().into()),
        Err(_) => Err(Failure::new(FailureKind::SystemBusy, "", "it was cancelled, and does not end").into()),
    }
}
