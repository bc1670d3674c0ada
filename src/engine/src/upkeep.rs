//! What the engine does by itself when a timer asks it: it looks for news, and as the settings wish fetches or installs
//! what is new. Nobody is there, so nothing is done that asks a question, nothing that disturbs an app at work, and
//! nothing while the network or the power is short.

use crate::engine::{Inner, now};
use crate::guard::guarded;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use strata_model::settings::Automatic;
use strata_model::{Action, Change, Failure, FailureKind, Request, Snapshot, SourceKind, Task, TaskId, Update, Upkeep};
use strata_platform::conditions::{Conditions, conditions};
use strata_platform::network::Network;

/// What was done so many seconds ago is done again: once a day, whenever in a day the machine is on.
const AGAIN: i64 = 20 * 60 * 60;

/// When updates were last fetched or installed by themselves; see [`crate::store::Store::fact`].
const FACT: &str = "automatic";

/// What is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Due {
    /// Looking for news.
    look: bool,
    /// Fetching or installing what is new.
    bring: bool,
}

/// The apps that run, by their ids; `None` for a source that cannot tell.
type Running = HashMap<SourceKind, Option<BTreeSet<String>>>;

impl Inner {
    /// See [`crate::Engine::upkeep`].
    pub(crate) async fn upkeep(self: &Arc<Self>) -> Result<Upkeep, Failure> {
        let _working = self.work.begin();
        let snapshot = self.board.snapshot();
        let wish = snapshot.settings.updates.automatic;
        if wish == Automatic::Off {
            return Ok(Upkeep::Off);
        }
        let brought = self.history.ask(|store| store.fact(FACT)).await?.unwrap_or_default();
        let due = due(wish, snapshot.checked, brought, now());
        if !due.look && !due.bring {
            return Ok(Upkeep::NotDue);
        }
        if let Some(obstacle) = obstacle(conditions(&self.environment).await) {
            return Ok(obstacle);
        }
        // Whoever asks again meanwhile hears that it is being done.
        if let Ok(turn) = Arc::clone(&self.upkeeping).try_lock_owned() {
            self.spawn(|inner| async move {
                if let Err(failure) = round(&inner, wish, due).await {
                    tracing::warn!(%failure, "what is done by itself was not");
                }
                drop(turn);
            });
        }
        Ok(Upkeep::Begun)
    }

    /// Waits until something published is so; `None` if the engine ends before.
    async fn until(&self, so: impl Fn(&Snapshot) -> bool) -> Option<Snapshot> {
        self.closing
            .run_until_cancelled(async {
                loop {
                    let (snapshot, mut changes) = self.board.subscribe();
                    if so(&snapshot) {
                        return snapshot;
                    }
                    // One that was missed, too, is a reason to look again.
                    let _ = changes.recv().await;
                }
            })
            .await
    }

    /// Has these done, and waits for their ends, however they are.
    async fn have_done(self: &Arc<Self>, requests: &[Request]) -> Result<(), Failure> {
        let ids = self.submit(requests).await?;
        let is_open = |task: &Task| ids.contains(&task.id) && !task.state.is_final();
        self.until(|now| !now.tasks.iter().any(is_open)).await;
        Ok(())
    }

    /// Takes out of the snapshot how earlier work of this kind ended: nobody waits for it, and the history has it. What
    /// is in the snapshot tells whoever watches that such a round is under way.
    async fn note_outcomes(&self) -> Result<(), Failure> {
        let over = |task: &&Task| task.request.unattended && task.state.is_final();
        let gone: Vec<TaskId> = self.board.snapshot().tasks.iter().filter(over).map(|task| task.id).collect();
        let noted = gone.clone();
        self.record(move |store| store.acknowledge(&noted)).await?;
        self.board.edit(|_| (!gone.is_empty()).then(|| Change { gone, ..Change::default() }));
        Ok(())
    }

    async fn running(&self) -> Running {
        let mut all = Running::new();
        for source in self.sources.all() {
            let kind = source.kind();
            let asked = guarded(kind.as_str(), async move { source.running().await }).await.and_then(|told| told);
            let told = asked.inspect_err(|failure| tracing::info!(%failure, "nobody can say which apps run"));
            all.insert(kind, told.ok());
        }
        all
    }
}

/// One round, from the question what is new to the last update.
async fn round(inner: &Arc<Inner>, wish: Automatic, due: Due) -> Result<(), Failure> {
    inner.note_outcomes().await?;
    if due.look {
        let refreshes: Vec<Request> =
            inner.sources.kinds().into_iter().map(|kind| Request::refresh(kind).unattended()).collect();
        inner.have_done(&refreshes).await?;
        look_beneath(inner).await;
    }
    if due.bring {
        let is_known = |now: &Snapshot| now.sources.iter().all(|source| source.ready || source.failure.is_some());
        let Some(snapshot) = inner.until(is_known).await else { return Ok(()) };
        let running = inner.running().await;
        let wanted = |update: &&Update| asks_nothing(update, wish);
        let (later, at_once): (Vec<&Update>, Vec<&Update>) =
            snapshot.updates.iter().filter(wanted).partition(|update| is_in_use(update, wish, &running));
        inner.have_done(&at_once.into_iter().map(|update| request(update, wish)).collect::<Vec<_>>()).await?;
        // An app at work is looked at again when the timer comes again.
        if later.is_empty() && !inner.closing.is_cancelled() {
            inner.record(|store| store.set_fact(FACT, now())).await?;
        }
    }
    inner.note_outcomes().await
}

/// Reads what the system's daemon knows of newer systems. To ask its origin could ask for a password, and what downloads by
/// itself there is up to its own timers: nothing is begun.
async fn look_beneath(inner: &Arc<Inner>) {
    match inner.read_system().await {
        Err(failure) if failure.kind != FailureKind::NoBackend => tracing::info!(%failure, "the system was not read"),
        _ => {}
    }
}

fn due(wish: Automatic, looked: i64, brought: i64, now: i64) -> Due {
    // A clock that was put back makes it due too.
    let is_long_ago = |then: i64| !(0..AGAIN).contains(&now.saturating_sub(then));
    Due { look: is_long_ago(looked), bring: wish >= Automatic::Download && is_long_ago(brought) }
}

fn obstacle(conditions: Conditions) -> Option<Upkeep> {
    match conditions {
        Conditions { network: Network::Away, .. } => Some(Upkeep::Offline),
        Conditions { network: Network::Metered, .. } => Some(Upkeep::Metered),
        Conditions { saves_power: true, .. } => Some(Upkeep::SavingPower),
        Conditions { network: Network::There, saves_power: false } => None,
    }
}

/// Nobody has to be asked for it. To fetch what wants more than before asks nothing; to install it does.
fn asks_nothing(update: &Update, wish: Automatic) -> bool {
    let wants_more = wish == Automatic::Install && !update.new_permissions.is_empty();
    !update.held && update.end_of_life.is_none() && !wants_more
}

fn is_in_use(update: &Update, wish: Automatic, running: &Running) -> bool {
    let known = running.get(&update.offer.source).and_then(Option::as_ref);
    wish == Automatic::Install && known.is_none_or(|ids| ids.contains(&update.id))
}

fn request(update: &Update, wish: Automatic) -> Request {
    let request = match wish {
        Automatic::Install => Request::update(update.offer.clone()),
        _ => Request::download(update.offer.clone()),
    };
    request.named(&update.name).unattended()
}

/// A round is under way: it has asked for news, and goes on with what there is.
pub fn is_under_way(snapshot: &Snapshot) -> bool {
    let refresh = |task: &Task| task.request.unattended && task.request.action == Action::Refresh;
    snapshot.tasks.iter().any(refresh)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_round_is_due_once_a_day_whenever_the_machine_is_on() {
        let now = 1_800_000_000;
        let hours = |hours: i64| now - hours * 3600;
        let due_of = |look, bring| Due { look, bring };
        let cases = [
            (Automatic::Check, 0, 0, due_of(true, false), "never before"),
            (Automatic::Check, hours(19), 0, due_of(false, false), "a short while ago"),
            (Automatic::Check, hours(20), 0, due_of(true, false), "yesterday"),
            (Automatic::Download, hours(1), 0, due_of(false, true), "somebody looked by hand"),
            (Automatic::Install, hours(21), hours(21), due_of(true, true), "both"),
            (Automatic::Install, hours(1), hours(1), due_of(false, false), "both a short while ago"),
            (Automatic::Check, hours(-5), 0, due_of(true, false), "the clock was put back"),
        ];
        for (wish, looked, brought, expected, reason) in cases {
            assert_eq!(due(wish, looked, brought, now), expected, "{reason}");
        }
    }

    #[test]
    fn the_network_and_the_power_have_to_be_there() {
        let said = |network, saves_power| obstacle(Conditions { network, saves_power });
        let cases = [
            (said(Network::There, false), None),
            (said(Network::There, true), Some(Upkeep::SavingPower)),
            (said(Network::Metered, true), Some(Upkeep::Metered)),
            (said(Network::Away, false), Some(Upkeep::Offline)),
        ];
        for (found, expected) in cases {
            assert_eq!(found, expected);
        }
    }
}
