//! System: the versions on the disk and the ways between them, packages beside the image, what updates it.

mod deployment;
mod facts;
mod repository;
mod rows;
mod section;

use crate::i18n::gettext;
use crate::live::Live;
use crate::sentence;
use crate::system;
use crate::widgets::running_rows::RunningRows;
use crate::window::{Msg, SystemMsg};
use deployment::DeploymentRow;
use facts::{DeploymentFacts, InTheWay, PackagesFacts, WaysFacts};
use relm4::adw::prelude::*;
use relm4::{Sender, adw};
use repository::RepositoryRow;
use section::Section;
use std::cell::Cell;
use std::rc::Rc;
use strata_model::snapshot::{Origin, SystemStatus};
use strata_model::system::Ability;
use strata_model::{Failure, SourceKind};

/// The page.
#[derive(Debug)]
pub(super) struct SystemPage {
    page: adw::PreferencesPage,
    sender: Sender<Msg>,
    in_the_way: Section<InTheWay>,
    doubt: Section<Failure>,
    other: Section<(String, String)>,
    running: RunningRows,
    deployments: adw::PreferencesGroup,
    deployment_rows: Vec<DeploymentRow>,
    ways: Section<WaysFacts>,
    elsewhere: adw::PreferencesGroup,
    deploy: adw::EntryRow,
    packages: Section<PackagesFacts>,
    repositories: adw::PreferencesGroup,
    repository_rows: Vec<RepositoryRow>,
    automatic: Section<Vec<(String, String)>>,
    holding: adw::PreferencesGroup,
    hold: adw::SwitchRow,
    /// What the engine says is being shown, so nobody has chosen it.
    showing: Rc<Cell<bool>>,
}

impl SystemPage {
    pub(super) fn new(sender: &Sender<Msg>) -> Self {
        let group = |title: String| adw::PreferencesGroup::builder().title(title).visible(false).build();
        let page = Self {
            page: adw::PreferencesPage::builder()
                .title(gettext("System"))
                .icon_name("computer-symbolic")
                .name("system")
                .build(),
            sender: sender.clone(),
            in_the_way: Section::new(""),
            doubt: Section::new(""),
            other: Section::new(""),
            running: RunningRows::new(|request| {
                request.action.is_of_system() || request.offer.source == SourceKind::Package
            }),
            deployments: group(gettext("Versions on This Computer")),
            deployment_rows: Vec::new(),
            ways: Section::new(""),
            elsewhere: group(String::new()),
            deploy: adw::EntryRow::builder().title(gettext("Go to Another Version")).show_apply_button(true).build(),
            packages: Section::new(&gettext("Packages Beside the Image")),
            repositories: group(gettext("Package Repositories")),
            repository_rows: Vec::new(),
            automatic: Section::new(&gettext("What Updates the System by Itself")),
            holding: group(String::new()),
            hold: adw::SwitchRow::builder()
                .title(gettext("Hold System Updates"))
                .subtitle(gettext("Strata offers none; other programs go on"))
                .build(),
            showing: Rc::default(),
        };
        page.elsewhere.add(&page.deploy);
        page.holding.add(&page.hold);
        page.assemble();
        page.connect();
        page
    }

    pub(super) fn page(&self) -> &adw::PreferencesPage {
        &self.page
    }

    fn assemble(&self) {
        let groups = [
            self.in_the_way.root(),
            self.doubt.root(),
            self.other.root(),
            self.running.root(),
            &self.deployments,
            self.ways.root(),
            &self.elsewhere,
            self.packages.root(),
            &self.repositories,
            self.automatic.root(),
            &self.holding,
        ];
        for group in groups {
            self.page.add(group);
        }
    }

    fn connect(&self) {
        // Reading wakes the daemon: only for whoever looks.
        let sender = self.sender.clone();
        self.page.connect_map(move |_| sender.emit(Msg::System(SystemMsg::Read)));
        self.deploy.connect_apply(|entry| {
            if let Err(error) = WidgetExt::activate_action(entry, "win.deploy-system", Some(&entry.text().to_variant()))
            {
                tracing::error!(%error, "the page is in no window");
            }
            entry.set_text("");
        });
        let (sender, showing) = (self.sender.clone(), Rc::clone(&self.showing));
        self.hold.connect_active_notify(move |row| {
            if !showing.get() {
                sender.emit(Msg::Set("updates.hold-system", row.is_active().to_string()));
            }
        });
    }

    pub(super) fn show(&mut self, live: &Live) {
        let (Some(snapshot), Some(status)) = (&live.snapshot, system::status(live)) else { return };
        if let Some(in_the_way) = facts::in_the_way(status) {
            self.hide();
            self.in_the_way.show(in_the_way, |facts| vec![rows::in_the_way(facts)]);
            return;
        }
        self.in_the_way.clear();
        match facts::doubt(status) {
            Some(failure) => self.doubt.show(failure, |failure| vec![rows::doubt(failure)]),
            None => self.doubt.clear(),
        }
        match facts::other(&status.system) {
            Some(other) => self.other.show(other, |other| vec![rows::other(other)]),
            None => self.other.clear(),
        }
        self.running.show(live);
        self.show_deployments(facts::deployments(status));
        self.ways.show(facts::ways(&status.system), rows::ways);
        self.elsewhere.set_visible(facts::has_other_versions(&status.system));
        let packages = facts::packages(status);
        self.packages.set_words(&packages.words);
        self.packages.show(packages, rows::packages);
        self.show_repositories(&facts::repositories(&snapshot.origins), live, status);
        self.automatic.show(facts::automatic(&status.system), |all| rows::automatic(all));
        self.holding.set_visible(true);
        self.showing.set(true);
        self.hold.set_active(snapshot.settings.updates.hold_system);
        self.showing.set(false);
    }

    /// Leaves room for what stands in the way.
    fn hide(&mut self) {
        self.doubt.clear();
        self.other.clear();
        self.ways.clear();
        self.packages.clear();
        self.automatic.clear();
        for group in [&self.deployments, &self.elsewhere, &self.repositories, &self.holding] {
            group.set_visible(false);
        }
    }

    /// A row stays the same widget for as long as its deployment has its place, so that it stays unfolded and focused.
    fn show_deployments(&mut self, all: Vec<DeploymentFacts>) {
        let same = all.iter().map(|one| one.id.as_str()).eq(self.deployment_rows.iter().map(DeploymentRow::id));
        if same {
            for (row, facts) in self.deployment_rows.iter_mut().zip(&all) {
                row.show(facts);
            }
        } else {
            for row in self.deployment_rows.drain(..) {
                self.deployments.remove(row.root());
            }
            self.deployment_rows = all.into_iter().map(DeploymentRow::new).collect();
            for row in &self.deployment_rows {
                self.deployments.add(row.root());
            }
        }
        self.deployments.set_visible(!self.deployment_rows.is_empty());
    }

    fn show_repositories(&mut self, all: &[&Origin], live: &Live, status: &SystemStatus) {
        let refused = status.system.capabilities.refusal(Ability::ChangeRepositories);
        let words = refused.map(sentence::system::obstacle);
        let mut names: Vec<&str> = all.iter().map(|origin| origin.name.as_str()).collect();
        let mut shown: Vec<String> = self.repository_rows.iter().map(RepositoryRow::name).collect();
        names.sort_unstable();
        shown.sort_unstable();
        if names != shown {
            for row in self.repository_rows.drain(..) {
                self.repositories.remove(row.root());
            }
            self.repository_rows = all.iter().map(|origin| RepositoryRow::new(origin, &self.sender)).collect();
            for row in &self.repository_rows {
                self.repositories.add(row.root());
            }
        }
        for row in &self.repository_rows {
            let name = row.name();
            if let Some(origin) = all.iter().find(|origin| origin.name == name) {
                row.show(origin, live, refused.is_none());
            }
        }
        let words = words.map(|words| crate::widgets::state_page::escaped(&words));
        self.repositories.set_description(words.as_deref());
        self.repositories.set_visible(!all.is_empty());
    }
}
