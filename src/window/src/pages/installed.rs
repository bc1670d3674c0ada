//! What is installed.

use crate::context::Context;
use crate::i18n::{gettext, ngettext_f};
use crate::live::{Key, Live};
use crate::pages::PageMsg;
use crate::sentence;
use crate::widgets::action_button::Abilities;
use crate::widgets::app_list::AppList;
use crate::widgets::app_row::RowFacts;
use crate::widgets::{set_label, state_page, text_button};
use relm4::adw::prelude::*;
use relm4::{Component, ComponentParts, ComponentSender, adw, gtk};
use strata_model::app::Icon;
use strata_model::{AppSummary, Installed, PartKind};

/// The page.
#[derive(Debug)]
pub(crate) struct InstalledPage {
    context: Context,
    live: Live,
    shown: Option<Vec<Installed>>,
    list: AppList,
    total: gtk::Label,
    unused: adw::ActionRow,
    unused_list: gtk::ListBox,
    state: gtk::Stack,
}

/// Installed apps, each with what the catalogue knows of it.
type Apps = Vec<(Installed, Option<AppSummary>)>;

impl Component for InstalledPage {
    type CommandOutput = Apps;
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
        set_label(list.view(), &gettext("Installed apps"));
        let total = gtk::Label::builder().xalign(0.0).css_classes(["dimmed", "caption"]).build();
        let (unused, unused_list) = unused_row();
        root.add_named(&state_page::loading(&gettext("Looking at what is installed…")), Some("loading"));
        root.add_named(&nothing(), Some("nothing"));
        root.add_named(&list.page(&above(&total, &unused_list)), Some("apps"));
        let live = Live::default();
        let model = Self { context, live, shown: None, list, total, unused, unused_list, state: root };
        ComponentParts { model, widgets: () }
    }

    fn update(&mut self, message: PageMsg, sender: ComponentSender<Self>, _root: &gtk::Stack) {
        match message {
            PageMsg::Reload => self.read(&sender),
            PageMsg::Live(live) => {
                self.list.live(&live);
                self.live = live;
                if self.live.installed() != self.shown.as_deref() {
                    self.read(&sender);
                }
            }
        }
    }

    fn update_cmd(&mut self, apps: Apps, _sender: ComponentSender<Self>, _root: &gtk::Stack) {
        self.state.set_visible_child_name(if apps.is_empty() { "nothing" } else { "apps" });
        let size = apps.iter().map(|(one, _)| one.size).sum();
        let words = ngettext_f("{n} app, {size}", "{n} apps, {size}", apps.len(), &[("size", &sentence::size(size))]);
        self.total.set_label(&words);
        self.list.set(apps.into_iter().map(|(one, app)| facts(one, app)).collect());
    }
}

impl InstalledPage {
    fn read(&mut self, sender: &ComponentSender<Self>) {
        self.shown = self.live.installed().map(<[Installed]>::to_vec);
        let Some(all) = &self.shown else { return };
        self.show_unused(all);
        let apps: Vec<Installed> = all.iter().filter(|one| one.kind == PartKind::App).cloned().collect();
        let plain = apps.iter().map(|one| (one.clone(), None)).collect::<Apps>();
        let answer = self.context.reader.ask(move |catalogue| {
            apps.into_iter().map(|one| Ok((catalogue.offer(&one.offer)?, one))).collect::<Result<Vec<_>, _>>()
        });
        sender.oneshot_command(async move {
            // Without a catalogue the apps are shown by what they say themselves.
            let known = answer.await.map(|apps| apps.into_iter().map(|(app, one)| (one, app)).collect());
            sorted(known.unwrap_or(plain))
        });
    }

    fn show_unused(&self, all: &[Installed]) {
        let unused: Vec<&Installed> = all.iter().filter(|one| one.unused).collect();
        let size = sentence::size(unused.iter().map(|one| one.size).sum());
        let words = ngettext_f("{n} of them, {size}", "{n} of them, {size}", unused.len(), &[("size", &size)]);
        self.unused.set_subtitle(&words);
        self.unused_list.set_visible(!unused.is_empty());
    }
}

fn sorted(mut apps: Apps) -> Apps {
    apps.sort_by_cached_key(|(one, app)| app.as_ref().map_or(&one.name, |app| &app.name).to_lowercase());
    apps
}

fn facts(one: Installed, app: Option<AppSummary>) -> RowFacts {
    let name = app.as_ref().map_or_else(|| one.name.clone(), |app| app.name.clone());
    let facts = [one.version.clone(), sentence::size(one.size), scope(&one)];
    let warning = one.end_of_life.as_ref().map(|end| sentence::end_of_life(&name, Some(end)));
    RowFacts {
        key: Key::Offer(one.offer),
        page: app.as_ref().map(|app| app.id.clone()),
        name,
        verified: false,
        line: app.as_ref().map(|app| app.summary.clone()).unwrap_or_default(),
        small: facts.into_iter().filter(|fact| !fact.is_empty()).collect::<Vec<_>>().join(" · "),
        warning: warning.unwrap_or_default(),
        icon: app.map_or_else(Icon::default, |app| app.icon),
        can: Abilities { get: true, open: true },
        removable: true,
    }
}

/// For whom it is installed, where that is not everybody.
fn scope(one: &Installed) -> String {
    if one.offer.scope == "user" { gettext("for you only") } else { String::new() }
}

fn nothing() -> adw::StatusPage {
    let words = gettext("What you get appears here, ready to be opened or removed.");
    let page = state_page::empty("view-app-grid-symbolic", &gettext("Nothing Installed Yet"), &words);
    state_page::with_button(page, &gettext("Explore"), "win.explore")
}

fn unused_row() -> (adw::ActionRow, gtk::ListBox) {
    let remove = text_button(&gettext("Remove"), &gettext("Remove unused runtimes"));
    remove.set_action_name(Some("win.remove-unused"));
    remove.set_valign(gtk::Align::Center);
    let row = adw::ActionRow::builder().title(gettext("Runtimes That No App Needs")).build();
    row.add_suffix(&remove);
    let list = gtk::ListBox::builder().selection_mode(gtk::SelectionMode::None).css_classes(["boxed-list"]).build();
    list.append(&row);
    (row, list)
}

fn above(total: &gtk::Label, unused: &gtk::ListBox) -> gtk::Box {
    let above = gtk::Box::builder().orientation(gtk::Orientation::Vertical).spacing(12).build();
    above.append(unused);
    above.append(total);
    above
}
