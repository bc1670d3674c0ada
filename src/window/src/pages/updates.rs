//! What could be newer.

use crate::context::Context;
use crate::i18n::{gettext, gettext_f, ngettext_f};
use crate::live::{Key, Live, Work};
use crate::pages::PageMsg;
use crate::sentence::{self, permission};
use crate::widgets::action_button::Abilities;
use crate::widgets::app_list::AppList;
use crate::widgets::app_row::RowFacts;
use crate::widgets::{set_label, state_page};
use relm4::adw::prelude::*;
use relm4::{Component, ComponentParts, ComponentSender, adw, gtk};
use strata_catalogue::{Catalogue, CatalogueError};
use strata_model::app::Icon;
use strata_model::{AppSummary, PartKind, Update};

/// The page.
#[derive(Debug)]
pub(crate) struct Updates {
    context: Context,
    live: Live,
    shown: Option<Vec<Update>>,
    /// Bytes to download for all that is shown.
    size: u64,
    list: AppList,
    total: gtk::Label,
    all: gtk::Button,
    checked: gtk::Label,
    nothing: adw::StatusPage,
    check: gtk::Button,
    state: gtk::Stack,
}

/// Updates, each with what the catalogue knows of it.
type Known = Vec<(Update, Option<AppSummary>)>;

impl Component for Updates {
    type CommandOutput = Known;
    type Input = PageMsg;
    type Output = ();
    type Init = Context;
    type Root = gtk::Stack;
    type Widgets = ();

    fn init_root() -> gtk::Stack {
        gtk::Stack::new()
    }

    fn init(context: Context, root: gtk::Stack, _sender: ComponentSender<Self>) -> ComponentParts<Self> {
        let list = AppList::new(context.clone());
        set_label(list.view(), &gettext("Updates"));
        let total = gtk::Label::builder().xalign(0.0).css_classes(["title-4"]).wrap(true).build();
        let checked = gtk::Label::builder().xalign(0.0).css_classes(["dimmed", "caption"]).wrap(true).build();
        let all = gtk::Button::builder()
            .label(gettext("Update All"))
            .action_name("win.update-all")
            .valign(gtk::Align::Center)
            .css_classes(["pill", "suggested-action"])
            .build();
        let check =
            gtk::Button::builder().action_name("win.refresh").halign(gtk::Align::Center).css_classes(["pill"]).build();
        let nothing = state_page::empty("object-select-symbolic", &gettext("Everything Is Up to Date"), "");
        nothing.set_child(Some(&check));
        root.add_named(&state_page::loading(&gettext("Looking for updates…")), Some("loading"));
        root.add_named(&nothing, Some("nothing"));
        root.add_named(&list.page(&above(&total, &checked, &all)), Some("updates"));
        let live = Live::default();
        let model =
            Self { context, live, shown: None, size: 0, list, total, all, checked, nothing, check, state: root };
        ComponentParts { model, widgets: () }
    }

    fn update(&mut self, message: PageMsg, sender: ComponentSender<Self>, _root: &gtk::Stack) {
        match message {
            PageMsg::Reload => self.read(&sender),
            PageMsg::Live(live) => {
                self.list.live(&live);
                self.live = live;
                self.show_live();
                if self.live.updates() != self.shown.as_deref() {
                    self.read(&sender);
                }
            }
        }
    }

    fn update_cmd(&mut self, updates: Known, _sender: ComponentSender<Self>, _root: &gtk::Stack) {
        self.state.set_visible_child_name(if updates.is_empty() { "nothing" } else { "updates" });
        self.total.set_label(&ngettext_f("{n} Update", "{n} Updates", updates.len(), &[]));
        self.size = updates.iter().map(|(one, _)| one.download_size).sum();
        self.show_live();
        self.list.set(updates.into_iter().map(|(one, app)| facts(&one, app)).collect());
    }
}

impl Updates {
    fn read(&mut self, sender: &ComponentSender<Self>) {
        self.shown = self.live.updates().map(<[Update]>::to_vec);
        let Some(updates) = self.shown.clone() else { return };
        let plain = updates.iter().map(|one| (one.clone(), None)).collect::<Known>();
        let answer = self.context.reader.ask(move |catalogue| {
            updates.into_iter().map(|one| with_catalogue(catalogue, one)).collect::<Result<Known, _>>()
        });
        sender.oneshot_command(async move {
            // Without a catalogue the updates are shown by what they say themselves.
            sorted(answer.await.unwrap_or(plain))
        });
    }

    /// What changes without the list of updates changing.
    fn show_live(&self) {
        let refreshing = self.live.refreshing();
        let when = self.live.snapshot.as_ref().map_or(0, |snapshot| snapshot.checked);
        let words = match when {
            _ if refreshing => gettext("Looking for updates…"),
            0 => gettext("Strata has not looked for updates yet"),
            when => gettext_f("Last looked on {moment}", &[("moment", &sentence::moment(when))]),
        };
        let size = gettext_f("{size} at most", &[("size", &sentence::size(self.size))]);
        self.checked.set_label(&if when == 0 && !refreshing { size } else { format!("{size} · {words}") });
        self.nothing.set_title(&if when == 0 {
            gettext("No Updates Known")
        } else {
            gettext("Everything Is Up to Date")
        });
        self.nothing.set_description(Some(&state_page::escaped(&words)));
        self.check.set_label(&if when == 0 { gettext("Look Now") } else { gettext("Look Again") });
        self.check.set_sensitive(!refreshing);
        let waiting = |one: &Update| {
            matches!(self.live.state(&Key::Offer(one.offer.clone())).work, Work::Idle | Work::Failed(..))
        };
        self.all.set_sensitive(self.live.updates().is_some_and(|updates| updates.iter().any(waiting)));
    }
}

/// Flatpaks do not say which version an update brings; the catalogue does.
fn with_catalogue(catalogue: &Catalogue, mut one: Update) -> Result<(Update, Option<AppSummary>), CatalogueError> {
    let app = catalogue.offer(&one.offer)?;
    if let Some(app) = app.as_ref().filter(|_| one.to_version.is_empty() && one.kind == PartKind::App) {
        let known = catalogue.app(&app.id)?;
        let offers = known.into_iter().flat_map(|app| app.offers);
        let offer = offers.into_iter().find(|offer| offer.id == one.offer);
        one.to_version = offer.map(|offer| offer.version).unwrap_or_default();
    }
    Ok((one, app))
}

/// Apps before what they stand on, each by name.
fn sorted(mut updates: Known) -> Known {
    let part = |kind| match kind {
        PartKind::App => 0,
        PartKind::Addon => 1,
        PartKind::Runtime => 2,
    };
    updates.sort_by_cached_key(|(one, app)| {
        let name = app.as_ref().map_or(&one.name, |app| &app.name);
        (part(one.kind), name.to_lowercase())
    });
    updates
}

fn facts(one: &Update, app: Option<AppSummary>) -> RowFacts {
    let name = app.as_ref().map_or_else(|| one.name.clone(), |app| app.name.clone());
    let part = match one.kind {
        PartKind::App => String::new(),
        PartKind::Addon => gettext("Add-on"),
        PartKind::Runtime => gettext("Runtime"),
    };
    let size = if one.download_size > 0 { sentence::size(one.download_size) } else { String::new() };
    RowFacts {
        key: Key::Offer(one.offer.clone()),
        page: app.as_ref().filter(|_| one.kind == PartKind::App).map(|app| app.id.clone()),
        name: name.clone(),
        verified: false,
        line: versions(one),
        small: [part, size].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · "),
        warning: warning(&name, one),
        icon: app.map_or_else(Icon::default, |app| app.icon),
        can: Abilities { get: true, open: one.kind == PartKind::App },
        removable: false,
    }
}

fn versions(one: &Update) -> String {
    match (one.from_version.as_str(), one.to_version.as_str()) {
        ("", "") => String::new(),
        (old, new) if old == new => gettext_f("{version}, built anew", &[("version", new)]),
        ("", new) => new.to_owned(),
        (old, "") => old.to_owned(),
        (old, new) => format!("{old} → {new}"),
    }
}

fn warning(name: &str, one: &Update) -> String {
    if one.end_of_life.is_some() {
        return sentence::end_of_life(name, one.end_of_life.as_ref());
    }
    let new: Vec<String> = permission::lines(&one.new_permissions).into_iter().map(|(_, words)| words).collect();
    if new.is_empty() {
        return String::new();
    }
    // Translators: before a list of what an app may do after its update
    gettext_f("Wants more: {permissions}", &[("permissions", &new.join("; "))])
}

fn above(total: &gtk::Label, checked: &gtk::Label, all: &gtk::Button) -> gtk::Box {
    let words = gtk::Box::builder().orientation(gtk::Orientation::Vertical).hexpand(true).spacing(3).build();
    words.set_valign(gtk::Align::Center);
    words.append(total);
    words.append(checked);
    let above = gtk::Box::builder().spacing(12).build();
    above.append(&words);
    above.append(all);
    above
}

#[cfg(test)]
mod tests {
    use super::*;
    use strata_model::{OfferId, SourceKind};

    fn update(kind: PartKind, name: &str, from: &str, to: &str) -> Update {
        let offer = OfferId {
            source: SourceKind::Flatpak,
            scope: String::new(),
            origin: String::new(),
            reference: name.to_owned(),
        };
        Update {
            offer,
            id: name.to_owned(),
            kind,
            name: name.to_owned(),
            from_version: from.to_owned(),
            to_version: to.to_owned(),
            revision: String::new(),
            download_size: 0,
            new_permissions: Vec::new(),
            end_of_life: None,
            held: false,
        }
    }

    #[test]
    fn apps_come_before_runtimes_and_versions_read_well() {
        let all = [(PartKind::Runtime, "a"), (PartKind::App, "z"), (PartKind::App, "B")];
        let known = all.map(|(kind, name)| (update(kind, name, "", ""), None));
        let names: Vec<String> = sorted(known.into()).into_iter().map(|(one, _)| one.name).collect();
        assert_eq!(names, ["B", "z", "a"]);
        assert_eq!(versions(&update(PartKind::App, "a", "1", "2")), "1 → 2");
        assert_eq!(versions(&update(PartKind::App, "a", "", "")), "");
    }
}
