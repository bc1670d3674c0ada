//! What could be newer, what is held back, and what was brought up to date.

mod recent;
mod rows;
mod system;
mod system_facts;

use crate::context::Context;
use crate::i18n::{gettext, gettext_f, ngettext_f};
use crate::live::{Key, Live, Work};
use crate::pages::PageMsg;
use crate::sentence;
use crate::system as beneath;
use crate::widgets::row_group::RowGroup;
use crate::widgets::state_page;
use recent::Recent;
use relm4::adw::prelude::*;
use relm4::{Component, ComponentParts, ComponentSender, adw, gtk};
use rows::Known;
use strata_model::history::Entry;
use strata_model::{Installed, PartKind, Standing, Update};
use system::SystemRow;

/// Widest column, in pixels: that of the lists on the other pages.
const WIDTH: i32 = 860;

/// The page.
#[derive(Debug)]
pub(crate) struct Updates {
    context: Context,
    live: Live,
    shown: Option<Vec<Update>>,
    /// What was installed when the history was last read.
    read: Option<Vec<Installed>>,
    /// Bytes to download for all that Update All is about.
    size: u64,
    head: adw::WrapBox,
    total: gtk::Label,
    all: gtk::Button,
    cancel: gtk::Button,
    checked: gtk::Label,
    nothing: adw::StatusPage,
    check: gtk::Button,
    apps: RowGroup,
    system: SystemRow,
    parts: RowGroup,
    held: RowGroup,
    recent: Recent,
    state: gtk::Stack,
}

/// What the page finds out.
#[derive(Debug)]
pub(crate) enum Found {
    /// Updates with what the catalogue knows of them.
    Updates(Vec<Known>),
    /// What was done lately.
    Done(Vec<Entry>),
}

impl Component for Updates {
    type CommandOutput = Found;
    type Input = PageMsg;
    type Output = ();
    type Init = Context;
    type Root = gtk::Stack;
    type Widgets = ();

    fn init_root() -> gtk::Stack {
        gtk::Stack::new()
    }

    fn init(context: Context, root: gtk::Stack, _sender: ComponentSender<Self>) -> ComponentParts<Self> {
        let nothing = state_page::empty("object-select-symbolic", &gettext("Everything Is Up to Date"), "");
        let pill = |action: &str, class: &str| {
            let button = gtk::Button::builder().action_name(action).css_classes(["pill", class]).build();
            button.set_valign(gtk::Align::Center);
            button
        };
        let all = pill("win.update-all", "suggested-action");
        all.set_label(&gettext("Update All"));
        // Not the same button: a second click would undo the first.
        let cancel = pill("win.cancel-updates", "cancel-all");
        cancel.set_label(&gettext("Cancel All"));
        let check = pill("win.refresh", "check");
        check.set_halign(gtk::Align::Center);
        nothing.set_child(Some(&check));
        let group = |title: String| RowGroup::new(context.clone(), &title);
        let model = Self {
            live: Live::default(),
            shown: None,
            read: None,
            size: 0,
            head: adw::WrapBox::builder()
                .child_spacing(12)
                .line_spacing(12)
                .justify(adw::JustifyMode::Spread)
                .justify_last_line(true)
                .build(),
            total: gtk::Label::builder().xalign(0.0).css_classes(["title-4"]).wrap(true).build(),
            all,
            cancel,
            checked: gtk::Label::builder().xalign(0.0).css_classes(["dimmed", "caption"]).wrap(true).build(),
            nothing,
            check,
            apps: group(gettext("Apps")),
            system: SystemRow::new(),
            parts: group(gettext("Runtimes and Add-ons")),
            held: group(gettext("Held")),
            recent: Recent::new(),
            state: root,
            context,
        };
        model.held.set_words(&gettext("Kept at their versions, and left out of Update All"));
        model.assemble();
        // Reading the system wakes its daemon: only for whoever looks.
        model.state.connect_map(|page| {
            if let Err(error) = page.activate_action("win.read-system", None) {
                tracing::error!(%error, "the page is in no window");
            }
        });
        ComponentParts { model, widgets: () }
    }

    fn update(&mut self, message: PageMsg, sender: ComponentSender<Self>, _root: &gtk::Stack) {
        match message {
            PageMsg::Reload => self.read(&sender),
            PageMsg::Live(live) => {
                self.live = live;
                for group in [&mut self.apps, &mut self.parts, &mut self.held] {
                    group.live(&self.live);
                }
                self.system.show(&self.live);
                self.show_live();
                if self.live.updates() != self.shown.as_deref() {
                    self.read(&sender);
                }
                self.read_history(&sender);
            }
        }
    }

    fn update_cmd(&mut self, found: Found, _sender: ComponentSender<Self>, _root: &gtk::Stack) {
        match found {
            Found::Updates(updates) => self.show(updates),
            Found::Done(entries) => self.recent.show(&entries),
        }
    }
}

impl Updates {
    fn assemble(&self) {
        let words = gtk::Box::builder().orientation(gtk::Orientation::Vertical).spacing(3).build();
        words.append(&self.total);
        words.append(&self.checked);
        self.head.append(&words);
        // One below the other where there is no room for both.
        let buttons = adw::WrapBox::builder().child_spacing(12).line_spacing(6).valign(gtk::Align::Center).build();
        buttons.append(&self.cancel);
        buttons.append(&self.all);
        self.head.append(&buttons);
        let column =
            gtk::Box::builder().orientation(gtk::Orientation::Vertical).spacing(18).css_classes(["page"]).build();
        let parts: [&gtk::Widget; 7] = [
            self.head.upcast_ref(),
            self.nothing.upcast_ref(),
            self.apps.root().upcast_ref(),
            self.system.root().upcast_ref(),
            self.parts.root().upcast_ref(),
            self.held.root().upcast_ref(),
            self.recent.root().upcast_ref(),
        ];
        for part in parts {
            column.append(part);
        }
        let clamp = adw::Clamp::builder().maximum_size(WIDTH).child(&column).build();
        // By its natural height: the least one of the state page cuts it off.
        let natural = gtk::Viewport::builder().child(&clamp).vscroll_policy(gtk::ScrollablePolicy::Natural).build();
        let scrolled = gtk::ScrolledWindow::builder().hscrollbar_policy(gtk::PolicyType::Never).child(&natural).build();
        self.state.add_named(&state_page::loading(&gettext("Looking for updates…")), Some("loading"));
        self.state.add_named(&scrolled, Some("updates"));
    }

    fn read(&mut self, sender: &ComponentSender<Self>) {
        self.shown = self.live.updates().map(<[Update]>::to_vec);
        let Some(updates) = self.shown.clone() else { return };
        let plain = updates.iter().cloned().map(Known::plain).collect();
        let answer = self.context.reader.ask(move |catalogue| {
            updates.into_iter().map(|one| rows::with_catalogue(catalogue, one)).collect::<Result<Vec<Known>, _>>()
        });
        sender.oneshot_command(async move {
            // Without a catalogue the updates are shown by what they say themselves.
            Found::Updates(rows::sorted(answer.await.unwrap_or(plain)))
        });
    }

    /// What was updated lately is read when something else is installed than before.
    fn read_history(&mut self, sender: &ComponentSender<Self>) {
        let (Some(engine), Some(installed)) = (self.live.engine.clone(), self.live.installed()) else { return };
        if self.read.as_deref() != Some(installed) {
            self.read = Some(installed.to_vec());
            sender.oneshot_command(async move {
                Found::Done(engine.history(recent::LOOKED_AT, false).await.unwrap_or_else(|failure| {
                    tracing::info!(%failure, "what was updated lately is not known");
                    Vec::new()
                }))
            });
        }
    }

    fn show(&mut self, updates: Vec<Known>) {
        let (held, wanted): (Vec<Known>, Vec<Known>) = updates.into_iter().partition(|known| known.update.held);
        let count = wanted.len();
        self.size =
            wanted.iter().map(|known| &known.update).filter(|one| !one.downloaded).map(|one| one.download_size).sum();
        let (apps, parts) = wanted.into_iter().partition(|known| known.update.kind == PartKind::App);
        for (group, known) in [(&mut self.apps, apps), (&mut self.parts, parts), (&mut self.held, held)] {
            let known: Vec<Known> = known;
            group.set(known.into_iter().map(rows::row).collect());
        }
        self.total.set_label(&ngettext_f("{n} Update", "{n} Updates", count, &[]));
        self.head.set_visible(count > 0);
        self.nothing.set_visible(count == 0);
        self.show_live();
        self.state.set_visible_child_name("updates");
    }

    /// What changes without the list of updates changing.
    fn show_live(&self) {
        let refreshing = self.live.refreshing();
        let when = self.live.snapshot.as_ref().map_or(0, |snapshot| snapshot.checked);
        let words = match when {
            _ if refreshing => gettext("Looking for updates…"),
            0 => gettext("Strata has not looked for updates of apps yet"),
            when => gettext_f("Last looked on {moment}", &[("moment", &sentence::moment(when))]),
        };
        let size = (self.size > 0).then(|| gettext_f("{size} at most", &[("size", &sentence::size(self.size))]));
        let looked = (when > 0 || refreshing).then(|| words.clone());
        self.checked.set_label(&[size, looked].into_iter().flatten().collect::<Vec<_>>().join(" · "));
        let standing = self.live.snapshot.as_ref().map_or(Standing::Unread, |snapshot| beneath::standing(snapshot));
        let (icon, title) = nothing(&standing, when > 0);
        self.nothing.set_icon_name(Some(icon));
        self.nothing.set_title(&title);
        self.nothing.set_description(Some(&state_page::escaped(&words)));
        self.check.set_label(&if when == 0 { gettext("Look Now") } else { gettext("Look Again") });
        self.check.set_sensitive(!refreshing);
        self.show_buttons();
    }

    /// What can still be begun, and what can be stopped.
    fn show_buttons(&self) {
        let work = |one: &Update| self.live.state(&Key::Offer(one.offer.clone())).work;
        let waiting = |one: &Update| matches!(work(one), Work::Idle | Work::Failed(..));
        let running = |one: &Update| matches!(work(one), Work::Running(_));
        self.all.set_sensitive(self.live.wanted_updates().any(waiting));
        self.cancel.set_visible(self.live.wanted_updates().any(running));
    }
}

/// What stands where no app has an update: no tick above an update of the system, and no word of the system where nobody
/// knows how it is.
fn nothing(standing: &Standing<'_>, was_looked: bool) -> (&'static str, String) {
    const TICK: &str = "object-select-symbolic";
    const NEWS: &str = "software-update-available-symbolic";
    match standing {
        Standing::Newer(_) | Standing::Refused(..) | Standing::Held(Some(_)) => {
            (NEWS, gettext("The System Has an Update"))
        }
        Standing::Pending(_) => (NEWS, gettext("The System Waits for a Restart")),
        _ if !was_looked => (TICK, gettext("No Updates Known")),
        Standing::Newest => (TICK, gettext("Everything Is Up to Date")),
        Standing::HeldBack(_)
        | Standing::Held(None)
        | Standing::Unread
        | Standing::Unreadable(_)
        | Standing::Impossible(_) => (TICK, gettext("Your Apps Are Up to Date")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::system::tests::{deployment, snapshot, system};
    use strata_model::{System, SystemObstacle, SystemUpdate};

    #[test]
    fn nothing_is_up_to_date_beside_an_update_of_the_system() {
        let said = |system: System, was_looked| nothing(&beneath::standing(&snapshot(system)), was_looked);
        let newer = || System { update: Some(SystemUpdate::default()), ..system() };
        for was_looked in [true, false] {
            let (icon, title) = said(newer(), was_looked);
            assert_eq!((icon, &*title), ("software-update-available-symbolic", "The System Has an Update"));
        }
        let mut staged = system();
        staged.deployments.insert(0, strata_model::Deployment { staged: true, ..deployment("42.3") });
        assert_eq!(said(staged, true).1, "The System Waits for a Restart");
        assert_eq!(said(system(), true).1, "Everything Is Up to Date");
        assert_eq!(said(system(), false).1, "No Updates Known");
        let mut held = snapshot(newer());
        held.settings.updates.hold_system = true;
        assert_eq!(nothing(&beneath::standing(&held), true).1, "The System Has an Update");
        for obstacle in [SystemObstacle::NotImageBased, SystemObstacle::NoDaemon, SystemObstacle::Sandboxed] {
            assert_eq!(said(System::missing(obstacle), true).1, "Your Apps Are Up to Date", "{obstacle:?}");
        }
        assert_eq!(nothing(&Standing::Unread, true).1, "Your Apps Are Up to Date");
    }
}
