//! Packages that no list of apps has: the update daemon is asked for them once typing pauses.

use crate::i18n::gettext;
use crate::live::{Key, Live};
use crate::reader::{ReadError, Reader};
use crate::widgets::action_button::Abilities;
use crate::widgets::app_row::RowFacts;
use relm4::gtk::glib;
use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;
use strata_catalogue::Catalogue;
use strata_client::Engine;
use strata_model::app::Icon;
use strata_model::system::Ability;
use strata_model::system_update::FoundPackage;
use strata_model::{OfferId, Snapshot, SourceKind, Stop};
use tokio::sync::Mutex;

/// How long nothing is typed before the daemon is asked: it takes a second and more.
const PAUSE: Duration = Duration::from_millis(600);
/// Fewer letters are in every second package.
const LEAST_LETTERS: usize = 3;
/// Most packages that are shown.
const MOST: usize = 50;
/// Most searches whose answers are remembered.
const REMEMBERED: usize = 16;

/// What was asked, and what came of it.
#[derive(Debug, Default)]
pub(super) struct Packages {
    asking: Option<Asking>,
    /// Whose turn it is to ask. A question that was put cannot be taken back, and the daemon answers one after the other.
    turn: Arc<Mutex<()>>,
    known: VecDeque<(String, Vec<FoundPackage>)>,
}

/// Dropped, the question is given up.
#[derive(Debug)]
struct Asking(glib::JoinHandle<()>);

impl Drop for Asking {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl Packages {
    /// Nobody waits for an answer any longer.
    pub(super) fn give_up(&mut self) {
        self.asking = None;
    }

    /// What is known already of this text.
    pub(super) fn known(&self, text: &str) -> Option<&[FoundPackage]> {
        self.known.iter().find(|(asked, _)| asked == text).map(|(_, found)| found.as_slice())
    }

    /// Asks, and says what came.
    pub(super) fn ask(
        &mut self,
        text: &str,
        engine: Engine,
        reader: Reader,
        then: impl FnOnce(Vec<FoundPackage>) + 'static,
    ) {
        let words: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
        let turn = Arc::clone(&self.turn);
        self.asking = Some(Asking(relm4::spawn_local(async move {
            glib::timeout_future(PAUSE).await;
            let turn = turn.lock_owned().await;
            // Goes on when nobody waits for it any longer, so that the turn is over when the daemon is free again.
            let answer = relm4::spawn(async move {
                let answer = engine.search_packages(&words).await;
                drop(turn);
                answer
            });
            match answer.await {
                Ok(Ok(found)) => then(unlisted(&reader, found).await),
                Ok(Err(Stop::Cancelled)) => {}
                // What there is of apps is on the screen; the page of the system says what is wrong with it.
                Ok(Err(Stop::Failed(failure))) => tracing::info!(%failure, "packages cannot be searched"),
                Err(error) => tracing::error!(%error, "the search for packages came to no end"),
            }
        })));
    }

    /// Remembers an answer.
    pub(super) fn remember(&mut self, text: String, found: Vec<FoundPackage>) {
        self.known.truncate(REMEMBERED - 1);
        self.known.push_front((text, found));
    }

    /// What was remembered may be wrong by now.
    pub(super) fn forget(&mut self) {
        self.known.clear();
    }
}

/// Whether packages are to be had here, as far as anybody knows.
pub(super) fn are_taken(live: &Live) -> bool {
    let takes = |snapshot: &Arc<Snapshot>| {
        let is_on = snapshot.settings.sources.offer(SourceKind::Package);
        is_on && snapshot.system.system.capabilities.refusal(Ability::Install).is_none()
    };
    live.snapshot.as_ref().is_some_and(takes)
}

/// Whether the daemon is worth asking for this.
pub(super) fn can_be_asked(live: &Live, text: &str) -> bool {
    text.chars().count() >= LEAST_LETTERS && are_taken(live)
}

/// Those that are no app's: an app's package is a way to get the app, on its page.
async fn unlisted(reader: &Reader, mut found: Vec<FoundPackage>) -> Vec<FoundPackage> {
    let names: Vec<String> = found.iter().map(|one| one.name.clone()).collect();
    let is_listed = move |catalogue: &Catalogue| {
        names.iter().map(|name| catalogue.offer(&OfferId::package(name)).map(|app| app.is_some())).collect()
    };
    let listed: Result<Vec<bool>, ReadError> = reader.ask(is_listed).await;
    if let Ok(listed) = listed {
        let mut listed = listed.into_iter();
        found.retain(|_| listed.next() != Some(true));
    }
    found.truncate(MOST);
    found
}

/// The group below the apps.
pub(super) fn rows(found: &[FoundPackage]) -> impl Iterator<Item = RowFacts> {
    found.iter().enumerate().map(|(place, one)| RowFacts {
        heading: if place == 0 { gettext("Packages of Your System") } else { String::new() },
        key: Key::Offer(OfferId::package(&one.name)),
        page: None,
        name: one.name.clone(),
        verified: false,
        line: one.summary.clone(),
        // Of several versions in the repositories the daemon names any one: which one comes, the plan says.
        small: String::new(),
        warning: String::new(),
        icon: Icon::default(),
        can: Abilities { get: true, open: false },
        removable: true,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::system::tests::snapshot;
    use std::sync::Arc;
    use strata_model::system::{Capabilities, System, SystemObstacle};

    #[test]
    fn the_daemon_is_asked_only_where_its_answer_can_be_used() {
        let live = |capabilities: Capabilities| {
            let snapshot = snapshot(System { capabilities, ..System::default() });
            Live { snapshot: Some(Arc::new(snapshot)), ..Live::default() }
        };
        let mut locked = Capabilities::default();
        locked.refuse(Ability::Install, SystemObstacle::LayeringLocked);
        let cases = [
            (Live::default(), "htop", false, "nobody knows the system yet"),
            (live(Capabilities::default()), "htop", true, "packages can be layered"),
            (live(Capabilities::default()), "ht", false, "too short to mean anything"),
            (live(locked), "htop", false, "whoever makes the system rules it out"),
            (live(Capabilities::missing(SystemObstacle::NoDaemon)), "htop", false, "there is nobody to ask"),
        ];
        for (live, text, expected, reason) in cases {
            assert_eq!(can_be_asked(&live, text), expected, "{reason}");
        }
    }

    #[test]
    fn answers_are_remembered_and_the_oldest_forgotten() {
        let mut packages = Packages::default();
        for text in 0..=REMEMBERED {
            packages.remember(text.to_string(), vec![FoundPackage::default()]);
        }
        assert_eq!(packages.known("0"), None);
        assert_eq!(packages.known("1").map(<[_]>::len), Some(1));
    }
}
