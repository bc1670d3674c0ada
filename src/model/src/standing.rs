//! How the system beneath is, in one word: what matters most of all that could be said.

use crate::deployment::Deployment;
use crate::snapshot::SystemStatus;
use crate::system::{Ability, SystemObstacle};
use crate::{Failure, SystemUpdate};

/// How the system is, of all that could be said what matters most.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing<'a> {
    /// It has not been read yet.
    Unread,
    /// It could not be read.
    Unreadable(&'a Failure),
    /// There is nothing to do with it here, and why.
    Impossible(SystemObstacle),
    /// There is a newer one.
    Newer(&'a SystemUpdate),
    /// There is a newer one, which cannot be had.
    Refused(&'a SystemUpdate, SystemObstacle),
    /// Another one starts at the next restart.
    Pending(&'a Deployment),
    /// Another one is ready, and does not come with a restart until whoever made it lets it go.
    HeldBack(&'a Deployment),
    /// It stays at its version, though this newer one may be known.
    Held(Option<&'a SystemUpdate>),
    /// No newer one is known.
    Newest,
}

/// What was asked less than this many seconds ago was asked lately.
const LATELY: i64 = 24 * 60 * 60;

impl SystemStatus {
    /// Its origin was asked a short while ago, seen from `now`, seconds since 1970. A clock that was put back says nothing.
    pub fn was_checked_lately(&self, now: i64) -> bool {
        (0..LATELY).contains(&now.saturating_sub(self.checked))
    }

    /// How it is. With `is_held` its updates are held, and so none is offered.
    pub fn standing(&self, is_held: bool) -> Standing<'_> {
        let Self { ready, failure, system, .. } = self;
        if let Some(obstacle) = system.capabilities.obstacle {
            return Standing::Impossible(obstacle);
        }
        match failure {
            Some(failure) if !ready => return Standing::Unreadable(failure),
            _ if !ready => return Standing::Unread,
            _ => {}
        }
        let newer = system.update.as_ref().filter(|update| update.deployment.is_empty());
        match (newer, system.awaited()) {
            (Some(update), _) if !is_held => match system.capabilities.refusal(Ability::Update) {
                Some(obstacle) => Standing::Refused(update, obstacle),
                None => Standing::Newer(update),
            },
            (_, Some(pending)) => Standing::Pending(pending),
            (newer, None) => match system.held_back() {
                Some(ready) => Standing::HeldBack(ready),
                None if is_held => Standing::Held(newer),
                None => Standing::Newest,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::system::System;

    fn deployment(version: &str) -> Deployment {
        Deployment { id: format!("orchard-{version}"), version: version.to_owned(), ..Deployment::default() }
    }

    fn newer() -> SystemUpdate {
        SystemUpdate { version: "42.3".to_owned(), ..SystemUpdate::default() }
    }

    fn status(update: Option<SystemUpdate>, staged: Option<&Deployment>) -> SystemStatus {
        let booted = Deployment { booted: true, ..deployment("42.2") };
        let deployments = staged.into_iter().cloned().chain([booted]).collect();
        let system = System { deployments, update, ..System::default() };
        SystemStatus { ready: true, system, ..SystemStatus::default() }
    }

    #[test]
    fn what_matters_most_is_said() {
        let staged = Deployment { staged: true, ..deployment("42.3") };
        let ready = SystemUpdate { deployment: staged.id.clone(), ..newer() };
        assert_eq!(status(None, None).standing(false), Standing::Newest);
        assert_eq!(status(Some(newer()), None).standing(false), Standing::Newer(&newer()));
        assert_eq!(status(Some(ready), Some(&staged)).standing(false), Standing::Pending(&staged), "it is ready");
        let both = status(Some(newer()), Some(&staged));
        assert_eq!(both.standing(false), Standing::Newer(&newer()), "newer than what is ready");
        assert_eq!(both.standing(true), Standing::Pending(&staged), "what is newer is held");
        let kept = Deployment { locked: true, ..staged.clone() };
        assert_eq!(status(None, Some(&kept)).standing(false), Standing::HeldBack(&kept), "a restart does not bring it");

        assert_eq!(status(Some(newer()), None).standing(true), Standing::Held(Some(&newer())));
        assert_eq!(status(None, None).standing(true), Standing::Held(None));
        let mut locked = status(Some(newer()), None);
        locked.system.capabilities.refuse(Ability::Update, SystemObstacle::LayeringLocked);
        assert_eq!(locked.standing(false), Standing::Refused(&newer(), SystemObstacle::LayeringLocked));
    }

    #[test]
    fn a_day_is_a_short_while() {
        let asked = |checked| SystemStatus { checked, ..SystemStatus::default() }.was_checked_lately(1_800_000_000);
        let told = [0, 1_799_900_000, 1_799_999_000, 1_800_000_500].map(asked);
        assert_eq!(told, [false, false, true, false], "never, the day before, a short while ago, in the future");
    }

    #[test]
    fn what_was_not_read_is_not_the_newest() {
        let mut gone = status(None, None);
        gone.system = System::missing(SystemObstacle::NotImageBased);
        assert_eq!(gone.standing(false), Standing::Impossible(SystemObstacle::NotImageBased));
        let failure = Failure::new(crate::FailureKind::NoDaemon, "", "");
        let unread = SystemStatus { ready: false, ..status(None, None) };
        assert_eq!(unread.standing(false), Standing::Unread);
        let unreadable = SystemStatus { failure: Some(failure.clone()), ..unread };
        assert_eq!(unreadable.standing(false), Standing::Unreadable(&failure));
    }
}
