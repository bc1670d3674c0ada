//! Update All: what goes along at once, what is asked about before, and the system only where that question names it.

use super::{Msg, Window};
use crate::live::{Key, Live, Work};
use crate::system;
use crate::widgets::dialogs;
use relm4::adw::prelude::*;
use relm4::{ComponentSender, adw};
use strata_model::{Action, Request, Update};

/// What could be updated at this moment.
#[derive(Debug, PartialEq, Eq)]
struct Wanted {
    /// Updates that bring no surprise.
    plain: Vec<Update>,
    /// Updates that a person should know more of before.
    asking: Vec<Update>,
    /// The version of the newer system.
    system: Option<String>,
}

impl Wanted {
    fn of(live: &Live) -> Self {
        let idle = |one: &&Update| {
            let work = live.state(&Key::Offer(one.offer.clone())).work;
            matches!(work, Work::Idle | Work::Failed(..))
        };
        let (asking, plain) = live.wanted_updates().filter(idle).cloned().partition(changes_more);
        let system = system::offered(live).map(|update| update.called().to_owned());
        Self { plain, asking, system }
    }

    /// Somebody has to be asked before.
    fn has_more(&self) -> bool {
        !self.asking.is_empty() || self.system.is_some()
    }

    /// What is done without a question.
    fn some(&self) -> Vec<Request> {
        self.plain.iter().map(request).collect()
    }

    /// What is done after a yes to all of it.
    fn all(&self) -> Vec<Request> {
        let system = self.system.iter().map(|_| Request::system(Action::UpdateSystem, ""));
        self.plain.iter().chain(&self.asking).map(request).chain(system).collect()
    }
}

impl Window {
    pub(super) fn update_all(&self, sender: &ComponentSender<Self>, root: &adw::ApplicationWindow) {
        let wanted = Wanted::of(&self.live);
        if !wanted.has_more() {
            if !wanted.plain.is_empty() {
                sender.input(Msg::Submit(wanted.some()));
            }
            return;
        }
        let (some, all) = (Msg::Submit(wanted.some()), Msg::Submit(wanted.all()));
        let sender = sender.input_sender().clone();
        let others = !wanted.plain.is_empty();
        dialogs::updates(root.upcast_ref(), &wanted.asking, wanted.system.as_deref(), others, move |with| {
            sender.emit(if with { all.clone() } else { some.clone() });
        });
    }
}

/// An update that a person should know more of before it runs.
pub(super) fn changes_more(update: &Update) -> bool {
    !update.new_permissions.is_empty() || update.end_of_life.is_some()
}

fn request(update: &Update) -> Request {
    Request::update(update.offer.clone()).named(&update.name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::system::tests::{snapshot, system};
    use std::sync::Arc;
    use strata_model::{OfferId, PartKind, SourceKind, System, SystemUpdate};

    fn attic() -> Update {
        let (scope, origin) = ("user".to_owned(), "demo".to_owned());
        let reference = "app/org.example.Attic/x86_64/stable".to_owned();
        Update {
            offer: OfferId { source: SourceKind::Flatpak, scope, origin, reference },
            id: "org.example.Attic".to_owned(),
            kind: PartKind::App,
            name: "Attic".to_owned(),
            from_version: String::new(),
            to_version: String::new(),
            revision: String::new(),
            download_size: 0,
            downloaded: false,
            new_permissions: Vec::new(),
            end_of_life: None,
            held: false,
        }
    }

    fn wanted(update: Option<SystemUpdate>, is_held: bool) -> Wanted {
        let mut snapshot = snapshot(System { update, ..system() });
        snapshot.updates = vec![attic()];
        snapshot.settings.updates.hold_system = is_held;
        Wanted::of(&Live { snapshot: Some(Arc::new(snapshot)), ..Live::default() })
    }

    #[test]
    fn the_system_goes_along_only_after_a_question() {
        let newer = || Some(SystemUpdate { version: "42.3".to_owned(), ..SystemUpdate::default() });
        let actions = |requests: Vec<Request>| requests.iter().map(|one| one.action).collect::<Vec<_>>();
        let both = wanted(newer(), false);
        assert_eq!((both.has_more(), both.system.as_deref()), (true, Some("42.3")));
        assert_eq!(actions(both.some()), [Action::Update]);
        assert_eq!(actions(both.all()), [Action::Update, Action::UpdateSystem]);
        for alone in [wanted(None, false), wanted(newer(), true)] {
            assert!(!alone.has_more(), "nothing is asked about apps alone, nor about a system that is held");
            assert_eq!(actions(alone.all()), [Action::Update]);
        }
    }
}
