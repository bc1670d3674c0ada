//! What was brought up to date lately, as the history has it.

use crate::i18n::{gettext, gettext_f};
use crate::sentence;
use relm4::adw;
use relm4::adw::prelude::*;
use strata_model::history::Entry;
use strata_model::{Action, TaskState};

/// How many entries of the history are looked at.
pub(super) const LOOKED_AT: u32 = 200;

/// How many updates are shown.
const MOST: usize = 8;

/// The group.
#[derive(Debug)]
pub(super) struct Recent {
    root: adw::PreferencesGroup,
    rows: Vec<adw::ActionRow>,
}

impl Recent {
    pub(super) fn new() -> Self {
        let root = adw::PreferencesGroup::builder().title(gettext("Updated Recently")).visible(false).build();
        Self { root, rows: Vec::new() }
    }

    pub(super) fn root(&self) -> &adw::PreferencesGroup {
        &self.root
    }

    pub(super) fn show(&mut self, entries: &[Entry]) {
        for row in self.rows.drain(..) {
            self.root.remove(&row);
        }
        for entry in updated(entries) {
            let row =
                adw::ActionRow::builder().use_markup(false).title(&entry.request.name).subtitle(facts(entry)).build();
            self.root.add(&row);
            self.rows.push(row);
        }
        self.root.set_visible(!self.rows.is_empty());
    }
}

/// Of each app the last one, newest first.
fn updated(entries: &[Entry]) -> Vec<&Entry> {
    let mut shown: Vec<&Entry> = Vec::new();
    for entry in entries {
        let is_update = entry.request.action == Action::Update && entry.state == TaskState::Done;
        let is_new = !shown.iter().any(|known| known.request.offer == entry.request.offer);
        if is_update && is_new && !entry.request.name.is_empty() && shown.len() < MOST {
            shown.push(entry);
        }
    }
    shown
}

fn facts(entry: &Entry) -> String {
    let versions = match (entry.from_version.as_str(), entry.to_version.as_str()) {
        (from, to) if from == to && !to.is_empty() => gettext_f("{version}, built anew", &[("version", to)]),
        ("", only) | (only, "") => only.to_owned(),
        (from, to) => format!("{from} → {to}"),
    };
    let facts = [versions, sentence::moment(entry.finished)];
    facts.into_iter().filter(|fact| !fact.is_empty()).collect::<Vec<_>>().join(" · ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use strata_model::{OfferId, Request, SourceKind, TaskId};

    fn entry(id: u64, name: &str, action: Action, state: TaskState) -> Entry {
        let (scope, origin, reference) = ("user".to_owned(), "hub".to_owned(), format!("app/{name}/x86_64/stable"));
        let offer = OfferId { source: SourceKind::Flatpak, scope, origin, reference };
        let request = Request { action, ..Request::update(offer) }.named(name);
        Entry {
            id: TaskId(id),
            request,
            state,
            failure: None,
            partial: Vec::new(),
            from_version: "1".to_owned(),
            to_version: "2".to_owned(),
            changed: true,
            submitted: 1,
            finished: 2,
        }
    }

    #[test]
    fn only_updates_that_came_to_a_good_end_are_shown_each_app_once() {
        let entries = [
            entry(5, "a", Action::Update, TaskState::Done),
            entry(4, "b", Action::Update, TaskState::Failed),
            entry(3, "c", Action::Install, TaskState::Done),
            entry(2, "a", Action::Update, TaskState::Done),
            entry(1, "", Action::Update, TaskState::Done),
        ];
        let ids: Vec<u64> = updated(&entries).iter().map(|entry| entry.id.0).collect();
        assert_eq!(ids, [5]);
    }
}
