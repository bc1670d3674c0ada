//! What is installed.

mod bar;

use crate::context::Context;
use crate::i18n::{gettext, gettext_f, ngettext_f};
use crate::live::{Key, Live};
use crate::sentence;
use crate::widgets::action_button::Abilities;
use crate::widgets::app_list::AppList;
use crate::widgets::app_row::RowFacts;
use crate::widgets::{set_label, state_page};
use bar::{Bar, Order};
use relm4::adw::prelude::*;
use relm4::{Component, ComponentParts, ComponentSender, adw, gtk};
use strata_model::app::Icon;
use strata_model::{AppSummary, Installed, PartKind, SourceKind};

/// The page.
#[derive(Debug)]
pub(crate) struct InstalledPage {
    context: Context,
    live: Live,
    shown: Option<Vec<Installed>>,
    apps: Apps,
    order: Order,
    filter: String,
    /// Bytes that removed apps have left, as far as it was counted.
    left: u64,
    list: AppList,
    bar: Bar,
    inner: gtk::Stack,
    state: gtk::Stack,
}

/// What the page can be told.
#[derive(Debug)]
pub(crate) enum InstalledMsg {
    /// Read the catalogue again.
    Reload,
    /// The engine says something.
    Live(Live),
    /// Be ready to type what to show.
    Filter,
    /// Show what fits this.
    FilterBy(String),
    /// Show them in this order.
    Sort(Order),
    /// So many bytes are left of removed apps.
    Left(u64),
}

/// Installed apps, each with what the catalogue knows of it.
type Apps = Vec<(Installed, Option<AppSummary>)>;

impl Component for InstalledPage {
    type CommandOutput = Apps;
    type Input = InstalledMsg;
    type Output = ();
    type Init = Context;
    type Root = gtk::Stack;
    type Widgets = ();

    fn init_root() -> gtk::Stack {
        gtk::Stack::new()
    }

    fn init(context: Context, root: gtk::Stack, sender: ComponentSender<Self>) -> ComponentParts<Self> {
        let list = AppList::new(context.clone());
        set_label(list.view(), &gettext("Installed apps"));
        let bar = Bar::new(sender.input_sender());
        let inner = gtk::Stack::new();
        let words = gettext("No installed app fits what you typed.");
        inner.add_named(&list.scroller(), Some("apps"));
        inner.add_named(&state_page::empty("edit-find-symbolic", &gettext("Nothing Found"), &words), Some("unfit"));
        let column = gtk::Box::builder().orientation(gtk::Orientation::Vertical).build();
        column.append(bar.root());
        column.append(&inner);
        root.add_named(&state_page::loading(&gettext("Looking at what is installed…")), Some("loading"));
        root.add_named(&nothing(), Some("nothing"));
        root.add_named(&column, Some("apps"));
        root.connect_map(|page| {
            // What removed apps have left is counted when somebody looks, not before.
            if let Err(error) = WidgetExt::activate_action(page, "win.count-leftovers", None) {
                tracing::error!(%error, "the leftovers cannot be counted");
            }
        });
        let model = Self {
            context,
            live: Live::default(),
            shown: None,
            apps: Vec::new(),
            order: Order::Name,
            filter: String::new(),
            left: 0,
            list,
            bar,
            inner,
            state: root,
        };
        ComponentParts { model, widgets: () }
    }

    fn update(&mut self, message: InstalledMsg, sender: ComponentSender<Self>, _root: &gtk::Stack) {
        match message {
            InstalledMsg::Reload => self.read(&sender),
            InstalledMsg::Live(live) => {
                self.list.live(&live);
                let others = self.live.whose != live.whose;
                self.live = live;
                if others || self.live.installed() != self.shown.as_deref() {
                    self.read(&sender);
                }
            }
            InstalledMsg::Filter => self.bar.focus(),
            InstalledMsg::FilterBy(text) => {
                self.filter = text.trim().to_lowercase();
                self.show_anew();
            }
            InstalledMsg::Sort(order) => {
                self.order = order;
                self.show_anew();
            }
            InstalledMsg::Left(size) => {
                self.left = size;
                self.show_total();
            }
        }
    }

    fn update_cmd(&mut self, apps: Apps, _sender: ComponentSender<Self>, _root: &gtk::Stack) {
        self.apps = apps;
        self.state.set_visible_child_name(if self.apps.is_empty() { "nothing" } else { "apps" });
        self.show_total();
        self.show();
    }
}

impl InstalledPage {
    fn read(&mut self, sender: &ComponentSender<Self>) {
        self.shown = self.live.installed().map(<[Installed]>::to_vec);
        let Some(all) = &self.shown else { return };
        let is_shown = |one: &&Installed| matches!(one.kind, PartKind::App | PartKind::Package);
        let apps: Vec<Installed> = all.iter().filter(is_shown).cloned().collect();
        let plain = apps.iter().map(|one| (one.clone(), None)).collect::<Apps>();
        let answer = self.context.reader.ask(move |catalogue| {
            apps.into_iter().map(|one| Ok((one.clone(), catalogue.offer(&one.offer)?))).collect::<Result<Apps, _>>()
        });
        // Without a catalogue the apps are shown by what they say themselves.
        sender.oneshot_command(async move { answer.await.unwrap_or(plain) });
    }

    fn show(&mut self) {
        let rows = self.rows();
        self.list.set(rows);
    }

    fn show_anew(&mut self) {
        let rows = self.rows();
        self.list.set_anew(rows);
    }

    /// What fits, in its order; where nothing does, that is said.
    fn rows(&self) -> Vec<RowFacts> {
        let apps = sorted(self.apps.clone(), self.order);
        let (packages, apps): (Apps, Apps) = apps
            .into_iter()
            .filter(|(one, app)| fits(&self.filter, one, app.as_ref()))
            .partition(|(one, app)| is_plain_package(one, app.as_ref()));
        let mut rows: Vec<RowFacts> = apps.into_iter().map(|(one, app)| facts(one, app)).collect();
        let below = rows.len();
        rows.extend(packages.into_iter().map(|(one, app)| facts(one, app)));
        if let Some(first) = rows.get_mut(below) {
            first.heading = gettext("System Packages");
        }
        self.inner.set_visible_child_name(if rows.is_empty() { "unfit" } else { "apps" });
        if !self.filter.is_empty() {
            let words = ngettext_f("{n} app", "{n} apps", rows.len(), &[]);
            crate::widgets::announce(&self.state, &words);
        }
        rows
    }

    fn show_total(&self) {
        let size = sentence::size(self.apps.iter().map(|(one, _)| one.size).sum());
        let count = self.apps.iter().filter(|(one, app)| !is_plain_package(one, app.as_ref())).count();
        let words = ngettext_f("{n} app, {size}", "{n} apps, {size}", count, &[("size", &size)]);
        let unused = self.shown.iter().flatten().filter(|one| one.unused).map(|one| one.size).sum::<u64>();
        self.bar.show(&words, unused + self.left);
    }
}

/// A package that is layered and is no app that anybody knows.
fn is_plain_package(one: &Installed, app: Option<&AppSummary>) -> bool {
    one.kind == PartKind::Package && app.is_none()
}

fn sorted(mut apps: Apps, order: Order) -> Apps {
    apps.sort_by_cached_key(|(one, app)| {
        let name = app.as_ref().map_or(&one.name, |app| &app.name).to_lowercase();
        let first = match order {
            Order::Name => 0,
            Order::Size => i128::from(one.size),
            Order::Changed => i128::from(one.changed),
        };
        (std::cmp::Reverse(first), name)
    });
    apps
}

/// Every word has to be in the name, the id or what the app is for.
fn fits(filter: &str, one: &Installed, app: Option<&AppSummary>) -> bool {
    let summary = app.map(|app| format!("{} {}", app.name, app.summary)).unwrap_or_default();
    let text = format!("{} {} {summary}", one.name, one.id).to_lowercase();
    filter.split_whitespace().all(|word| text.contains(word))
}

fn facts(one: Installed, app: Option<AppSummary>) -> RowFacts {
    let name = app.as_ref().map_or_else(|| one.name.clone(), |app| app.name.clone());
    let held = if one.held { gettext("Held") } else { String::new() };
    let version = match (one.version.is_empty(), held.is_empty()) {
        (false, false) => gettext_f("{version}, held", &[("version", &one.version)]),
        (true, _) => held,
        (false, true) => one.version.clone(),
    };
    let size = if one.size > 0 { sentence::size(one.size) } else { String::new() };
    let leaving = if one.leaving { gettext("goes with the next restart") } else { String::new() };
    let facts = [version, size, scope(&one), leaving];
    let opens = !is_plain_package(&one, app.as_ref());
    let warning = one.end_of_life.as_ref().map(|end| sentence::end_of_life(&name, Some(end)));
    RowFacts {
        heading: String::new(),
        key: Key::Offer(one.offer),
        page: app.as_ref().map(|app| app.id.clone()),
        name,
        verified: false,
        line: app.as_ref().map(|app| app.summary.clone()).unwrap_or_default(),
        small: facts.into_iter().filter(|fact| !fact.is_empty()).collect::<Vec<_>>().join(" · "),
        warning: warning.unwrap_or_default(),
        icon: app.map_or_else(Icon::default, |app| app.icon),
        can: Abilities { get: true, open: opens },
        // That it goes is settled.
        removable: !one.leaving,
    }
}

/// What it came as, where that is not as usual; else for whom it is installed, where that is not everybody.
fn scope(one: &Installed) -> String {
    match one.offer.source {
        SourceKind::Package => gettext("System package"),
        SourceKind::AppImage => sentence::source(SourceKind::AppImage),
        SourceKind::Flatpak if one.offer.scope == "user" => gettext("for you only"),
        SourceKind::Flatpak => String::new(),
    }
}

fn nothing() -> adw::StatusPage {
    let words = gettext("What you get appears here, ready to be opened or removed.");
    let page = state_page::empty("view-app-grid-symbolic", &gettext("Nothing Installed Yet"), &words);
    let page = state_page::with_button(page, &gettext("Explore"), "win.explore");
    let buttons = gtk::Box::builder().orientation(gtk::Orientation::Vertical).spacing(12).build();
    let import = gtk::Button::builder().label(gettext("Import a List…")).action_name("win.import").build();
    import.set_css_classes(&["pill"]);
    import.set_halign(gtk::Align::Center);
    if let Some(explore) = page.child() {
        page.set_child(gtk::Widget::NONE);
        buttons.append(&explore);
    }
    buttons.append(&import);
    page.set_child(Some(&buttons));
    page
}

#[cfg(test)]
mod tests {
    use super::*;
    use strata_model::OfferId;

    fn app(name: &str, size: u64, changed: i64) -> (Installed, Option<AppSummary>) {
        let offer = OfferId {
            source: SourceKind::Flatpak,
            scope: "user".to_owned(),
            origin: String::new(),
            reference: name.to_owned(),
        };
        let id = format!("org.example.{name}");
        (Installed { id, size, changed, ..Installed::new(offer, PartKind::App) }, None)
    }

    #[test]
    fn apps_are_sorted_as_asked_and_by_name_where_that_says_nothing() {
        let apps = vec![app("b", 5, 7), app("A", 5, 9), app("c", 9, 7)];
        let names = |order| {
            let sorted = sorted(apps.clone(), order).into_iter();
            sorted.map(|(one, _)| one.name).collect::<Vec<_>>().join(" ")
        };
        let cases = [(Order::Name, "A b c"), (Order::Size, "c A b"), (Order::Changed, "A b c")];
        for (order, expected) in cases {
            assert_eq!(names(order), expected, "{order:?}");
        }
    }

    #[test]
    fn what_is_typed_narrows_by_every_word() {
        let (one, _) = app("Chess", 1, 1);
        for (filter, fit) in [("", true), ("che", true), ("example chess", true), ("chess go", false)] {
            assert_eq!(fits(filter, &one, None), fit, "{filter:?}");
        }
    }
}
