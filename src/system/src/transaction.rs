//! A transaction from the call that asks for it to the moment in which the daemon is free again.
//!
//! The daemon answers a change with an address. Whoever called connects there, listens, says `Start`, listens until
//! `Finished`, and hangs up at once, for the daemon takes nothing else as long as anybody is connected; the properties
//! are right only when the bus says that no transaction is active.

use crate::call::Call;
use crate::daemon::{Daemon, Session, unreadable};
use crate::errors;
use crate::peer::{Heard, Peer};
use crate::progress::{Course, Meter, Said};
use crate::refusal::Refusal;
use std::sync::{Arc, PoisonError};
use std::time::Duration;
use strata_engine::Reporter;
use strata_model::{Failure, FailureKind, Progress, Stage, Stop};
use tokio_util::sync::CancellationToken;
use zbus::message::Message;

/// Remarks that are kept: the list of a dry run is in them.
const MAX_REMARKS: usize = 25_000;
/// Between two tries where the daemon says that it is busy and shows nothing that keeps it so.
const RACE: Duration = Duration::from_millis(100);
/// How often the daemon is asked whether it is free where nothing is heard.
const ASK_AGAIN: Duration = Duration::from_secs(30);
/// How often a connection that was lost is made again while the transaction goes on.
const REATTACH: usize = 3;

/// A change to ask for.
#[derive(Debug)]
pub struct Wish {
    /// The method.
    pub call: Call,
    /// Which steps are to be expected.
    pub course: Course,
    /// The packages it is about, by name: what a failure is about.
    pub asked: Vec<String>,
    /// The packages that are layered already, where these may be what keeps it from going well.
    pub layered: Vec<String>,
    /// What others see of it.
    pub title: String,
}

/// How a transaction went that ended well.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Ended {
    /// There was one. Not if the daemon has nothing to do, which it says by giving no address.
    pub began: bool,
    /// What it remarked, in order.
    pub remarks: Vec<String>,
}

impl Daemon {
    /// Carries out a wish: waits for its turn, reports, and returns when the daemon is free again. If this is dropped, the
    /// transaction is cancelled and seen to its end all the same: one that was never started would block the daemon.
    ///
    /// # Errors
    /// [`Stop::Cancelled`] when it was cancelled by anybody, else why it failed; the system is then as it was.
    pub async fn carry_out(
        self: &Arc<Self>,
        wish: Wish,
        reporter: &Reporter,
        cancel: &CancellationToken,
    ) -> Result<Ended, Stop> {
        let cancel = cancel.child_token();
        let _dropped = cancel.clone().drop_guard();
        let (daemon, reporter) = (Arc::clone(self), reporter.clone());
        let work = tokio::spawn(async move { daemon.work(&wish, &reporter, &cancel).await });
        work.await.unwrap_or_else(|error| Err(Failure::new(FailureKind::Other, "", error.to_string()).into()))
    }

    async fn work(
        self: &Arc<Self>,
        wish: &Wish,
        reporter: &Reporter,
        cancel: &CancellationToken,
    ) -> Result<Ended, Stop> {
        let _lane = tokio::select! {
            biased;
            () = cancel.cancelled() => return Err(Stop::Cancelled),
            lane = self.lane.lock() => lane,
        };
        self.entitle(&wish.title);
        let ended = self.transact(wish, reporter, cancel).await;
        self.entitle("");
        ended
    }

    fn entitle(&self, title: &str) {
        title.clone_into(&mut self.title.lock().unwrap_or_else(PoisonError::into_inner));
    }

    async fn transact(
        self: &Arc<Self>,
        wish: &Wish,
        reporter: &Reporter,
        cancel: &CancellationToken,
    ) -> Result<Ended, Stop> {
        let session = self.session().await.map_err(Refusal::failure)?;
        let Some(address) = session.ask_in_turn(&wish.call, reporter, cancel).await? else {
            return Ok(Ended::default());
        };
        let peer = match Peer::connect(&address).await {
            Ok(peer) => peer,
            Err(error) => {
                // Not to be started any more: without its caller the daemon forgets it.
                self.leave().await;
                return Err(Failure::new(FailureKind::NoDaemon, "", error.to_string()).into());
            }
        };
        let mut follower =
            Follower { meter: Meter::new(wish.course), reporter, cancel, own: true, remarks: Vec::new() };
        let end = follower.follow_own(&session, peer).await;
        if matches!(end, End::Refused(_)) {
            self.leave().await;
        } else {
            session.released().await;
        }
        match end {
            End::Finished(true, _) => Ok(Ended { began: true, remarks: follower.remarks }),
            End::Finished(false, text) => Err(errors::ended(&text, &wish.asked, &wish.layered)),
            End::Lost => Err(Failure::new(FailureKind::DaemonGone, "", "the transaction’s connection ended").into()),
            // Never started, and forgotten with its caller.
            End::Refused(_) => Err(Stop::Cancelled),
        }
    }
}

impl Session {
    /// Sends a call until the daemon takes it, waiting behind whatever else runs; gives the transaction's address, if the
    /// daemon has something to do.
    async fn ask_in_turn(
        &self,
        call: &Call,
        reporter: &Reporter,
        cancel: &CancellationToken,
    ) -> Result<Option<String>, Stop> {
        loop {
            if cancel.is_cancelled() {
                return Err(Stop::Cancelled);
            }
            // Not broken off at once: its answer makes a transaction that has to be seen to its end. What is not answered, by
            // a daemon that hangs or a person at a question, is forgotten with its caller.
            let answer = tokio::select! {
                answer = self.call(call) => answer,
                () = self.given_up(cancel) => {
                    self.daemon().leave().await;
                    return Err(Stop::Cancelled);
                }
            };
            match answer {
                Ok(reply) => return address(&reply).map_err(|refusal| refusal.failure().into()),
                Err(Refusal::Busy(title)) => {
                    tracing::info!("waiting behind “{title}”");
                    reporter.report(Progress { stage: Stage::Waiting, ..Progress::default() });
                    self.wait_for_turn(cancel).await?;
                }
                Err(refusal) => return Err(refusal.failure().into()),
            }
        }
    }

    /// Somebody cancelled, and has waited long enough.
    async fn given_up(&self, cancel: &CancellationToken) {
        cancel.cancelled().await;
        tokio::time::sleep(self.daemon().patience.answer).await;
    }

    async fn wait_for_turn(&self, cancel: &CancellationToken) -> Result<(), Stop> {
        self.forget_unstarted().await;
        let waited = tokio::select! {
            () = cancel.cancelled() => return Err(Stop::Cancelled),
            waited = self.free() => waited,
        };
        if !waited.map_err(Refusal::failure)? {
            // It ended between the call and the question, or another call came in between: no hurry then.
            tokio::time::sleep(RACE).await;
        }
        Ok(())
    }

    /// Clears a transaction away that this program asked for and never started: one whose address was lost. Only our own
    /// are cleared, and while we hold the lane none of ours is meant to run.
    async fn forget_unstarted(&self) {
        let Ok((method, caller, _)) = self.active().await else { return };
        let Ok(address) = self.active_path().await else { return };
        if caller != self.bus.own_name() || address.is_empty() {
            return;
        }
        let Ok(mut peer) = Peer::connect(&address).await else { return };
        let title = peer.about().await.map(|(title, _)| title).unwrap_or_default();
        if has_begun(&method, &title) {
            // It runs on after its connection was lost: as somebody else's, it is waited for.
            peer.close().await;
            return;
        }
        tracing::info!("clearing away a transaction that was never started");
        if peer.cancel().await.is_ok() && peer.start().await.is_ok() {
            while let Heard::Said(said) = peer.next().await {
                if matches!(said, Said::Finished(..)) {
                    break;
                }
            }
        }
        peer.close().await;
    }

    /// Waits until no transaction is active. No: none was to begin with.
    pub(crate) async fn free(&self) -> Result<bool, Refusal> {
        let mut activity = self.bus.activity();
        let mut waited = false;
        loop {
            activity.borrow_and_update();
            // Another daemon may have taken the place of the one that knew us.
            self.register().await?;
            if self.active_path().await?.is_empty() {
                return Ok(waited);
            }
            waited = true;
            let changed = tokio::time::timeout(ASK_AGAIN, activity.changed()).await;
            if matches!(changed, Ok(Err(_))) {
                return Err(Refusal::NoBus("the connection ended".to_owned()));
            }
        }
    }

    /// Waits until the daemon is free after an end, for a while: then its properties are right.
    pub(crate) async fn released(&self) {
        match tokio::time::timeout(self.daemon().patience.release, self.free()).await {
            Ok(Ok(_)) => {}
            Ok(Err(refusal)) => tracing::info!("after a transaction the update daemon cannot be asked: {refusal:?}"),
            Err(_) => tracing::info!("somebody keeps a transaction of the update daemon’s that has ended"),
        }
    }
}

/// Methods whose transactions have the same title until they are started, and their own afterwards.
const TITLED: [&str; 5] = ["UpdateDeployment", "Upgrade", "Deploy", "Rebase", "AutomaticUpdateTrigger"];
const UNSTARTED: &str = "new-deployment";

/// The title shows that the transaction was started. Of some methods it shows nothing.
pub(crate) fn has_begun(method: &str, title: &str) -> bool {
    TITLED.contains(&method) && !title.is_empty() && title != UNSTARTED
}

/// The address in the reply: alone, or after a flag that is no where there is nothing to do.
fn address(reply: &Message) -> Result<Option<String>, Refusal> {
    let body = reply.body();
    let address = match body.signature().to_string_no_parens().as_str() {
        "bs" => {
            let read = body.deserialize::<(bool, String)>();
            read.map(|(enabled, address)| if enabled { address } else { String::new() })
        }
        _ => body.deserialize::<String>(),
    };
    let address = address.map_err(|error| unreadable("a transaction’s address", &error))?;
    Ok(Some(address).filter(|address| !address.is_empty()))
}

/// How the connection to a transaction ended.
#[derive(Debug)]
pub(crate) enum End {
    /// The transaction ended: well, or with an error.
    Finished(bool, String),
    /// The connection was lost before that.
    Lost,
    /// It may not be told to stop: one of ours is not even started then, one of others goes on.
    Refused(String),
}

/// It may not be cancelled, if that is why it was not. Else it has ended, and says so.
pub(crate) fn refused(error: &zbus::Error) -> Option<End> {
    tracing::info!("the transaction cannot be cancelled: {error}");
    let refusal = Refusal::of(error, "Cancel", &[]);
    let may_not = matches!(refusal, Refusal::Failed(failure) if failure.kind == FailureKind::NotAuthorised);
    may_not.then(|| End::Refused(error.to_string()))
}

/// Somebody who follows a transaction.
#[derive(Debug)]
pub(crate) struct Follower<'f> {
    pub(crate) meter: Meter,
    pub(crate) reporter: &'f Reporter,
    pub(crate) cancel: &'f CancellationToken,
    /// This program began it, and sees it to its end.
    pub(crate) own: bool,
    pub(crate) remarks: Vec<String>,
}

impl Follower<'_> {
    /// Starts a transaction of our own, or that we joined, and follows it to its end. A connection that is lost while the
    /// transaction goes on is made again.
    async fn follow_own(&mut self, session: &Session, peer: Peer) -> End {
        let mut peer = peer;
        for time in 0..REATTACH {
            let end = self.begin_and_follow(&mut peer, time > 0).await;
            peer.close().await;
            if !matches!(end, End::Lost) {
                return end;
            }
            // Asked anew: the daemon that died knows no transaction, the one that lives still has it.
            let address = session.active_path().await.unwrap_or_default();
            if address.is_empty() {
                return end;
            }
            tracing::info!("the transaction’s connection was lost; the transaction goes on");
            match Peer::connect(&address).await {
                Ok(again) => peer = again,
                Err(error) => {
                    tracing::info!("and cannot be reached again: {error}");
                    return end;
                }
            }
        }
        peer.close().await;
        End::Lost
    }

    async fn begin_and_follow(&mut self, peer: &mut Peer, was_started: bool) -> End {
        // What was cancelled already has to be started all the same, or it would block the daemon. Not where it could
        // not be told to stop: then it would be done.
        let early = self.cancel.is_cancelled();
        if early && let Err(error) = peer.cancel().await {
            tracing::info!("the transaction cannot be cancelled: {error}");
            if !was_started {
                return End::Refused(error.to_string());
            }
        }
        if let Err(error) = peer.start().await {
            // Its end may have come before: it is read below.
            tracing::info!("the transaction did not say whether it started: {error}");
        }
        self.follow(peer, early).await
    }

    /// Follows a transaction that has begun. `cancelled`: it was asked already to stop.
    pub(crate) async fn follow(&mut self, peer: &mut Peer, cancelled: bool) -> End {
        let mut asked = cancelled;
        loop {
            let heard = tokio::select! {
                () = self.cancel.cancelled(), if !asked => {
                    asked = true;
                    if let Err(error) = peer.cancel().await {
                        let refused = refused(&error);
                        if let Some(refused) = refused.filter(|_| !self.own) {
                            return refused;
                        }
                    }
                    continue;
                }
                heard = peer.next() => heard,
            };
            match heard {
                Heard::Said(said) => {
                    self.hear(&said);
                    if let Said::Finished(well, text) = said {
                        return End::Finished(well, text);
                    }
                }
                Heard::Gone => return End::Lost,
            }
        }
    }

    pub(crate) fn hear(&mut self, said: &Said) {
        if let Some(progress) = self.meter.hear(said) {
            self.reporter.report(progress);
        }
        if let Said::Message(text) = said
            && self.remarks.len() < MAX_REMARKS
        {
            self.remarks.push(text.clone());
        }
    }
}
