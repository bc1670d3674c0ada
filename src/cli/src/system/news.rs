//! The system beside the updates of apps: what is known of it is said, and brought by a command of its own.

use super::{changes, status};
use crate::ending::{Trouble, sentence};
use crate::output::Output;
use crate::session::Session;
use crate::text::{clean, gettext_f, moment};
use gettextrs::gettext;
use std::time::{SystemTime, UNIX_EPOCH};
use strata_model::system::AutomaticPolicy;
use strata_model::{Snapshot, Standing, SystemStatus, SystemUpdate, marked};

/// The system as whoever asks for updates is told of it.
#[derive(Debug)]
pub(crate) struct News {
    status: SystemStatus,
    held: bool,
    /// Its origin was asked a short while ago.
    is_fresh: bool,
}

/// Reads the system: whoever asks for updates wants to know of its, too. One that cannot be read costs only itself. Nobody is
/// told of it who names an installation, or wants JSON, for which `system` has it.
pub(crate) async fn read(session: &mut Session) -> Result<Option<News>, Trouble> {
    if session.output.json || session.global.installation.is_some() {
        return Ok(None);
    }
    let failure = match super::read_any(session).await {
        Ok((status, settings)) => return Ok(Some(News::of(status, settings.updates.hold_system))),
        Err(Trouble::Failed(failure)) => failure,
        Err(trouble) => return Err(trouble),
    };
    let snapshot = session.settled().await?;
    let status = SystemStatus { failure: Some(failure), ready: false, ..snapshot.system.0.clone() };
    Ok(Some(News::of(status, snapshot.settings.updates.hold_system)))
}

/// Where no app has an update: that everything is up to date only where all of it could be read, the system too.
pub(crate) fn nothing(news: Option<&News>, snapshot: &Snapshot) -> String {
    let is_readable = snapshot.sources.iter().all(|source| source.failure.is_none());
    no_updates(news.filter(|_| is_readable), snapshot.checked)
}

fn no_updates(news: Option<&News>, checked: i64) -> String {
    let when = moment(checked);
    let when = if when.is_empty() { gettext("never") } else { when };
    let sentence = match news.map(|news| news.status.standing(news.held)) {
        Some(Standing::Newest) => marked("Everything is up to date, as far as is known. Last asked: {when}"),
        _ => marked("No updates of apps are known. Last asked: {when}"),
    };
    gettext_f(sentence, &[("when", &when)])
}

impl News {
    fn of(status: SystemStatus, held: bool) -> Self {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
        let is_fresh = status.was_checked_lately(i64::try_from(now).unwrap_or(i64::MAX));
        Self { status, held, is_fresh }
    }

    /// What there is to do about the system, and how.
    pub(crate) fn say(&self, output: &Output) {
        for line in self.lines() {
            output.note(&line);
        }
    }

    /// Something asks for newer versions of the system without being told to. Otherwise the daemon knows of none as long as
    /// nobody asked, and does not tell that from having found none.
    const fn looks_by_itself(&self) -> bool {
        !matches!(self.status.system.policy, AutomaticPolicy::None | AutomaticPolicy::Unknown)
    }

    fn lines(&self) -> Vec<String> {
        match self.status.standing(self.held) {
            Standing::Newer(update) => {
                let heading = gettext("The system has an update. Bring it with: stratactl system update");
                [heading].into_iter().chain(about(update)).collect()
            }
            Standing::Refused(update, obstacle) => {
                let heading = gettext("The system has an update, which cannot be made.");
                [heading, gettext(obstacle.sentence())].into_iter().chain(about(update)).collect()
            }
            Standing::Held(Some(update)) => [status::held_back()].into_iter().chain(about(update)).collect(),
            Standing::Pending(pending) if self.status.system.is_same_version(pending) => {
                vec![gettext("Changed packages of the system wait for a restart."), status::restart()]
            }
            Standing::Pending(pending) => {
                let words = marked("Version {version} of the system waits for a restart.");
                vec![gettext_f(words, &[("version", &clean(pending.called()))]), status::restart()]
            }
            Standing::HeldBack(ready) => vec![status::kept_back(ready)],
            Standing::Unreadable(failure) => vec![sentence(failure)],
            Standing::Newest if !self.looks_by_itself() && !self.is_fresh => {
                vec![gettext("Whether the system has an update is asked with: stratactl system update --check")]
            }
            Standing::Held(None) | Standing::Unread | Standing::Impossible(_) | Standing::Newest => Vec::new(),
        }
    }
}

fn about(update: &SystemUpdate) -> impl Iterator<Item = String> {
    let lines = [Some(changes::title(update)), changes::counts(update)];
    lines.into_iter().flatten().map(|line| format!("  {line}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use strata_model::{Deployment, Failure, FailureKind, System, SystemObstacle};

    fn news(system: System, held: bool) -> News {
        News { status: SystemStatus { ready: true, system, ..SystemStatus::default() }, held, is_fresh: false }
    }

    fn system(update: Option<SystemUpdate>) -> System {
        let booted = Deployment { booted: true, version: "42.2".to_owned(), ..Deployment::default() };
        System { update, deployments: vec![booted], ..System::default() }
    }

    fn newer() -> SystemUpdate {
        let version = "42.3".to_owned();
        SystemUpdate { version, new_image: true, changes_known: true, ..SystemUpdate::default() }
    }

    #[test]
    fn an_update_of_the_system_is_named_with_its_command() {
        let offered = news(system(Some(newer())), false);
        assert_eq!(
            offered.lines(),
            [
                "The system has an update. Bring it with: stratactl system update",
                "  Newer: 42.3",
                "  Packages that change: 0. Security advisories: 0.",
            ]
        );
        assert!(no_updates(Some(&offered), 0).starts_with("No updates of apps"), "{}", no_updates(Some(&offered), 0));
        let held = news(system(Some(newer())), true).lines();
        assert_eq!((&*held[1], held[0].contains("held")), ("  Newer: 42.3", true));
        let mut refused = system(Some(newer()));
        refused.capabilities.refuse(strata_model::system::Ability::Update, SystemObstacle::LayeringLocked);
        assert_eq!(news(refused, false).lines()[1], SystemObstacle::LayeringLocked.sentence());
    }

    #[test]
    fn what_is_ready_waits_for_a_restart() {
        let mut staged = system(None);
        let next = Deployment { staged: true, version: "42.3".to_owned(), ..Deployment::default() };
        staged.deployments.insert(0, next);
        let waiting = news(staged, false);
        assert_eq!(waiting.lines()[0], "Version 42.3 of the system waits for a restart.");
        assert!(no_updates(Some(&waiting), 0).starts_with("No updates of apps"));
    }

    #[test]
    fn everything_is_up_to_date_only_where_the_system_was_read() {
        let mut newest = news(system(None), false);
        assert!(no_updates(Some(&newest), 0).starts_with("Everything"), "{}", no_updates(Some(&newest), 0));
        let ask = "Whether the system has an update is asked with: stratactl system update --check";
        assert_eq!(newest.lines(), [ask], "nobody may have looked");
        newest.status.system.policy = AutomaticPolicy::Check;
        assert!(newest.lines().is_empty(), "it looks by itself");
        newest.status.system.policy = AutomaticPolicy::None;
        newest.is_fresh = true;
        assert!(newest.lines().is_empty(), "somebody looked a short while ago");
        let none = news(System::missing(SystemObstacle::NotImageBased), false);
        assert!(none.lines().is_empty() && no_updates(Some(&none), 0).starts_with("No updates of apps"));
        let mut unread = news(System::default(), false);
        unread.status.ready = false;
        assert!(unread.lines().is_empty() && no_updates(Some(&unread), 0).starts_with("No updates of apps"));
        assert!(no_updates(None, 0).starts_with("No updates of apps"), "an installation was named");
        unread.status.failure = Some(Failure::new(FailureKind::NoDaemon, "", ""));
        assert_eq!(unread.lines().len(), 1);
    }
}
