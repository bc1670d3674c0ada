//! Sources: their order of preference, where AppImages go, and the origins of apps, by installation. Repositories of packages belong to the system, and stand there.

use super::add;
use super::folder::FolderRow;
use super::kinds::{self, Kinds};
use super::origin::OriginRow;
use crate::i18n::{gettext, gettext_f};
use crate::live::Live;
use crate::widgets::set_label;
use crate::window::Msg;
use relm4::adw::prelude::*;
use relm4::{Sender, adw, gtk};
use strata_client::Engine;
use strata_model::snapshot::Origin;
use strata_model::{Action, SourceKind};

/// The page.
#[derive(Debug)]
pub(super) struct Sources {
    page: adw::PreferencesPage,
    dialog: adw::PreferencesDialog,
    sender: Sender<Msg>,
    kinds: Kinds,
    folder: FolderRow,
    groups: Vec<Group>,
}

/// The origins of one installation.
#[derive(Debug)]
struct Group {
    scope: String,
    root: adw::PreferencesGroup,
    busy: adw::Spinner,
    rows: Vec<((String, i32), OriginRow)>,
    empty: Option<adw::ActionRow>,
}

impl Sources {
    pub(super) fn new(dialog: &adw::PreferencesDialog, sender: &Sender<Msg>) -> Self {
        let page = adw::PreferencesPage::builder()
            .title(gettext("Sources"))
            .icon_name("folder-download-symbolic")
            .name("sources")
            .build();
        let kinds = Kinds::new(sender);
        let folder = FolderRow::new(sender);
        page.add(kinds.root());
        page.add(folder.root());
        Self { page, dialog: dialog.clone(), sender: sender.clone(), kinds, folder, groups: Vec::new() }
    }

    pub(super) fn page(&self) -> &adw::PreferencesPage {
        &self.page
    }

    /// A setting could not be set: what was shown before it was is taken back.
    pub(super) fn give_up(&self, key: &str) {
        if key == kinds::ORDER {
            self.kinds.give_up();
        }
    }

    pub(super) fn show(&mut self, live: &Live) {
        let (Some(snapshot), Some(engine)) = (&live.snapshot, &live.engine) else { return };
        self.kinds.show(live);
        self.folder.show(live);
        let of_apps = |origin: &&Origin| origin.source != SourceKind::Package;
        let origins: Vec<Origin> = snapshot.origins.iter().filter(of_apps).cloned().collect();
        for scope in scopes(&origins) {
            if !self.groups.iter().any(|group| group.scope == scope) {
                let group = Group::new(&scope, engine, &self.dialog, &self.sender);
                self.page.add(&group.root);
                self.groups.push(group);
            }
        }
        for group in &mut self.groups {
            group.show(live, &origins, &self.sender);
        }
    }
}

impl Group {
    fn new(scope: &str, engine: &Engine, dialog: &adw::PreferencesDialog, sender: &Sender<Msg>) -> Self {
        let (title, add_words) = match scope {
            "system" => (gettext("For Everybody"), gettext("Add a Source for Everybody")),
            "user" => (gettext("For You Only"), gettext("Add a Source for You Only")),
            other => {
                let name = [("name", other)];
                (gettext_f("Installation “{name}”", &name), gettext_f("Add a Source to “{name}”", &name))
            }
        };
        let busy = adw::Spinner::builder().visible(false).build();
        let add = gtk::Button::builder()
            .icon_name("list-add-symbolic")
            .tooltip_text(&add_words)
            .css_classes(["flat"])
            .build();
        set_label(&add, &add_words);
        let suffix = gtk::Box::builder().spacing(6).build();
        suffix.append(&busy);
        suffix.append(&add);
        let root = adw::PreferencesGroup::builder().title(title).header_suffix(&suffix).build();
        let (dialog, engine, sender, place) = (dialog.downgrade(), engine.clone(), sender.clone(), scope.to_owned());
        add.connect_clicked(move |_| {
            if let Some(dialog) = dialog.upgrade() {
                add::ask(&dialog, &place, &add_words, engine.clone(), &sender);
            }
        });
        Self { scope: scope.to_owned(), root, busy, rows: Vec::new(), empty: None }
    }

    /// A row stays the same widget for as long as its origin has its place, so that it stays unfolded and focused.
    fn show(&mut self, live: &Live, origins: &[Origin], sender: &Sender<Msg>) {
        let mut own: Vec<&Origin> = origins.iter().filter(|origin| origin.scope == self.scope).collect();
        own.sort_by_key(|origin| (std::cmp::Reverse(origin.priority), &origin.name));
        let keys = own.iter().map(|origin| (origin.name.clone(), origin.priority));
        let same = keys.eq(self.rows.iter().map(|(key, _)| key.clone()));
        if !same || (own.is_empty() && self.empty.is_none()) {
            self.rebuild(&own, live, sender);
        }
        for ((_, row), origin) in self.rows.iter().zip(&own) {
            row.show(origin, live);
        }
        let is_work = |action: Action| {
            use Action::{AddOrigin, DisableOrigin, EnableOrigin, PrioritiseOrigin, RemoveOrigin};
            matches!(action, AddOrigin | DisableOrigin | EnableOrigin | PrioritiseOrigin | RemoveOrigin)
        };
        let mut tasks = live.snapshot.iter().flat_map(|snapshot| &snapshot.tasks);
        self.busy.set_visible(tasks.any(|task| {
            !task.state.is_final()
                && is_work(task.request.action)
                && task.request.offer.source != SourceKind::Package
                && task.request.offer.scope == self.scope
        }));
    }

    fn rebuild(&mut self, own: &[&Origin], live: &Live, sender: &Sender<Msg>) {
        for (_, row) in self.rows.drain(..) {
            self.root.remove(row.root());
        }
        if let Some(empty) = self.empty.take() {
            self.root.remove(&empty);
        }
        for origin in own {
            let row = OriginRow::new(origin, live, sender);
            self.root.add(row.root());
            self.rows.push(((origin.name.clone(), origin.priority), row));
        }
        if own.is_empty() {
            let empty = adw::ActionRow::builder().title(gettext("None")).css_classes(["dimmed"]).build();
            self.root.add(&empty);
            self.empty = Some(empty);
        }
    }
}

/// The two usual installations are there even where they have no origins.
fn scopes(origins: &[Origin]) -> Vec<String> {
    let mut scopes = vec!["system".to_owned(), "user".to_owned()];
    for origin in origins {
        if !scopes.contains(&origin.scope) {
            scopes.push(origin.scope.clone());
        }
    }
    scopes
}
