//! What lasts, in one line below the header: of all that lasts, what matters most.

use super::Window;
use crate::i18n::{gettext, gettext_f};
use crate::live::Live;
use crate::sentence::{self, system as words};
use crate::system;
use crate::widgets::state_page::escaped;
use relm4::adw;
use strata_model::settings::Automatic;
use strata_model::snapshot::SourceStatus;
use strata_model::{Failure, Installed, Standing};
use strata_platform::network::Network;

/// The line, and what its button says and does.
#[derive(Debug, PartialEq, Eq)]
struct Words {
    title: String,
    button: Option<(String, &'static str)>,
}

impl Window {
    /// Says what lasts, or takes the banner away.
    pub(super) fn show_lasting(&self) {
        let words = words(&self.live);
        if let Some(words) = &words {
            show(&self.layout.banner, words);
        }
        self.layout.banner.set_revealed(words.is_some());
    }

    /// The failure that the banner tells of.
    pub(super) fn lasting_failure(&self) -> Option<&Failure> {
        failure(&self.live)
    }
}

fn show(banner: &adw::Banner, words: &Words) {
    use relm4::gtk::prelude::ActionableExt;
    banner.set_title(&escaped(&words.title));
    banner.set_button_label(words.button.as_ref().map(|(label, _)| label.as_str()));
    banner.set_action_name(words.button.as_ref().map(|(_, action)| *action));
}

/// The engine is gone, or a source cannot be used that is wanted or that something was installed from.
fn failure(live: &Live) -> Option<&Failure> {
    live.lost.as_ref().or_else(|| {
        let snapshot = live.snapshot.as_ref()?;
        let is_used = |status: &&SourceStatus| {
            let of_it = |one: &Installed| one.offer.source == status.source;
            snapshot.settings.sources.offer(status.source) || snapshot.installed.iter().any(of_it)
        };
        snapshot.sources.iter().filter(is_used).find_map(|source| source.failure.as_ref())
    })
}

fn words(live: &Live) -> Option<Words> {
    if let Some(failure) = failure(live) {
        let button = Some((gettext("Details"), "win.lost-details"));
        return Some(Words { title: sentence::failure(failure), button });
    }
    let snapshot = live.snapshot.as_ref()?;
    let is_automatic = snapshot.settings.updates.automatic >= Automatic::Download;
    let title = match (live.network, system::standing(snapshot)) {
        (Network::Away, _) => gettext("There is no network: nothing can be downloaded"),
        (_, Standing::Pending(pending)) => {
            let title = gettext_f("Version {version} of the system is ready", &[("version", &words::version(pending))]);
            return Some(Words { title, button: Some((gettext("Restart to Finish"), "win.restart")) });
        }
        (Network::Metered, _) if is_automatic => gettext("This network may cost money: nothing is updated by itself"),
        _ => return None,
    };
    Some(Words { title, button: None })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::system::tests;
    use std::sync::Arc;
    use strata_model::deployment::Deployment;
    use strata_model::snapshot::Snapshot;
    use strata_model::{FailureKind, OfferId, PartKind, SourceKind, System};

    fn live(network: Network, edit: impl FnOnce(&mut Snapshot)) -> Live {
        let mut snapshot = Snapshot::default();
        snapshot.settings.updates.automatic = Automatic::Download;
        edit(&mut snapshot);
        Live { network, snapshot: Some(Arc::new(snapshot)), ..Live::default() }
    }

    fn title(live: &Live) -> Option<String> {
        words(live).map(|words| words.title)
    }

    fn restart(snapshot: &mut Snapshot) {
        let staged =
            Deployment { id: "a-1".to_owned(), version: "42.3".to_owned(), staged: true, ..Deployment::default() };
        let booted = Deployment { id: "a-0".to_owned(), booted: true, ..Deployment::default() };
        snapshot.system = tests::snapshot(System { deployments: vec![staged, booted], ..System::default() }).system;
    }

    #[test]
    fn what_matters_most_is_said() {
        assert_eq!(title(&Live::default()), None);
        assert_eq!(title(&live(Network::There, |_| ())), None);
        assert!(title(&live(Network::Metered, |_| ())).unwrap().starts_with("This network may cost money"));
        assert_eq!(words(&live(Network::Metered, restart)).unwrap().button.unwrap().1, "win.restart");
        let offline = live(Network::Away, restart);
        assert!(title(&offline).unwrap().starts_with("There is no network"));
        let lost = Live { lost: Some(Failure::new(FailureKind::EngineGone, "", "")), ..offline };
        assert_eq!(words(&lost).unwrap().button.unwrap().1, "win.lost-details");
    }

    #[test]
    fn a_source_that_is_off_is_missed_by_those_only_who_have_something_of_it() {
        let broken = |snapshot: &mut Snapshot| {
            let failure = Some(Failure::new(FailureKind::Offline, "a", ""));
            snapshot.sources = vec![SourceStatus { source: SourceKind::Flatpak, ready: true, failure }];
        };
        let off = |snapshot: &mut Snapshot| {
            broken(snapshot);
            snapshot.settings.sources.flatpaks = false;
        };
        assert!(title(&live(Network::There, broken)).is_some());
        assert_eq!(title(&live(Network::There, off)), None);
        let kept = live(Network::There, |snapshot| {
            off(snapshot);
            let offer = OfferId {
                source: SourceKind::Flatpak,
                scope: String::new(),
                origin: String::new(),
                reference: String::new(),
            };
            snapshot.installed = vec![Installed::new(offer, PartKind::App)];
        });
        assert!(title(&kept).is_some());
    }

    #[test]
    fn that_a_network_may_cost_money_matters_only_where_something_is_done_by_itself() {
        for wish in [Automatic::Off, Automatic::Check] {
            let metered = live(Network::Metered, |snapshot| snapshot.settings.updates.automatic = wish);
            assert_eq!(title(&metered), None);
        }
    }
}
