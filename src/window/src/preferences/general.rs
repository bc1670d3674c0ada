//! General: how things look, where apps go, who else is told of them, what comes over the network.

use crate::i18n::gettext;
use crate::live::Live;
use crate::window::Msg;
use relm4::adw::prelude::*;
use relm4::{Sender, adw, gtk};
use std::cell::Cell;
use std::rc::Rc;
use strata_model::settings::{Automatic, Installation, Settings, Style};

/// The page.
#[derive(Debug)]
pub(super) struct General {
    page: adw::PreferencesPage,
    style: adw::ComboRow,
    place: adw::ComboRow,
    automatic: adw::ComboRow,
    screenshots: adw::SwitchRow,
    popularity: adw::SwitchRow,
    appimages: adw::SwitchRow,
    search: adw::SwitchRow,
    finished: adw::SwitchRow,
    failed: adw::SwitchRow,
    updates: adw::SwitchRow,
    restart: adw::SwitchRow,
    stale: adw::SpinRow,
    /// What the engine says is being shown, so nobody has chosen it.
    showing: Rc<Cell<bool>>,
}

/// The settings' words, in the order of the rows' choices.
const STYLES: [&str; 3] = ["system", "light", "dark"];
const PLACES: [&str; 2] = ["system", "user"];
const AUTOMATIC: [&str; 4] = ["off", "check", "download", "install"];

impl General {
    pub(super) fn new(sender: &Sender<Msg>) -> Self {
        let general = Self {
            page: adw::PreferencesPage::builder()
                .title(gettext("General"))
                .icon_name("preferences-system-symbolic")
                .name("general")
                .build(),
            style: combo(&gettext("Style"), "", &[gettext("Follow the System"), gettext("Light"), gettext("Dark")]),
            place: combo(
                &gettext("Install New Apps"),
                &gettext("Where both are possible"),
                &[gettext("For Everybody"), gettext("For You Only")],
            ),
            automatic: combo(
                &gettext("Automatic Updates"),
                &gettext("Once a day, not on metered networks or while power is saved"),
                &[gettext("Off"), gettext("Check"), gettext("Download"), gettext("Install")],
            ),
            screenshots: switch(
                &gettext("Load Screenshots"),
                &gettext("And icons that are not on this computer, from addresses that the apps name"),
            ),
            popularity: switch(
                &gettext("Ask Flathub What Is Popular"),
                &gettext("For Explore and the order of results; about a single app only when you open its downloads"),
            ),
            appimages: switch(
                &gettext("Ask AppImageHub and soarpkgs Which AppImages There Are"),
                &gettext("For lists and search; its whole list is fetched, nothing about a single app"),
            ),
            search: switch(
                &gettext("Show in the Desktop’s Search"),
                &gettext("Apps that can be installed, when you search outside of Strata"),
            ),
            finished: switch(&gettext("Installed and Updated Apps"), &gettext("When it was done out of sight")),
            failed: switch(&gettext("What Did Not Work"), &gettext("With a way to try it again where that may help")),
            updates: switch(&gettext("Available Updates"), &gettext("Each of them once")),
            restart: switch(&gettext("Restart Needed"), &gettext("When a change of the system waits for it")),
            stale: days(
                &gettext("Old System"),
                &gettext("Older than so many days, where it is known why; 0 for never"),
            ),
            showing: Rc::default(),
        };
        general.assemble();
        general.connect(sender);
        general
    }

    pub(super) fn page(&self) -> &adw::PreferencesPage {
        &self.page
    }

    fn assemble(&self) {
        let group = |title: &str, rows: &[&gtk::Widget]| {
            let group = adw::PreferencesGroup::builder().title(title).build();
            for row in rows {
                group.add(*row);
            }
            self.page.add(&group);
        };
        group(&gettext("Appearance"), &[self.style.upcast_ref()]);
        group(&gettext("Apps"), &[self.place.upcast_ref(), self.automatic.upcast_ref()]);
        group(&gettext("Search"), &[self.search.upcast_ref()]);
        group(&gettext("Network"), &[&self.screenshots, &self.popularity, &self.appimages].map(Cast::upcast_ref));
        let notifications = [&self.finished, &self.failed, &self.updates, &self.restart].map(Cast::upcast_ref);
        group(&gettext("Notifications"), &[&notifications[..], &[self.stale.upcast_ref()]].concat());
        self.page.set_sensitive(false);
    }

    fn connect(&self, sender: &Sender<Msg>) {
        let choose = |row: &adw::ComboRow, key: &'static str, words: &'static [&'static str]| {
            let (sender, showing) = (sender.clone(), Rc::clone(&self.showing));
            row.connect_selected_notify(move |row| {
                if let Some(word) = words.get(row.selected() as usize).filter(|_| !showing.get()) {
                    sender.emit(Msg::Set(key, (*word).to_owned()));
                }
            });
        };
        choose(&self.style, "appearance.style", &STYLES);
        choose(&self.place, "sources.installation", &PLACES);
        choose(&self.automatic, "updates.automatic", &AUTOMATIC);
        let turn = |row: &adw::SwitchRow, key: &'static str| {
            let (sender, showing) = (sender.clone(), Rc::clone(&self.showing));
            row.connect_active_notify(move |row| {
                if !showing.get() {
                    sender.emit(Msg::Set(key, row.is_active().to_string()));
                }
            });
        };
        turn(&self.screenshots, "network.screenshots");
        turn(&self.popularity, "network.popularity");
        turn(&self.appimages, "network.appimages");
        turn(&self.search, "search.desktop");
        turn(&self.finished, "notifications.finished");
        turn(&self.failed, "notifications.failed");
        turn(&self.updates, "notifications.updates");
        turn(&self.restart, "notifications.restart");
        let (sender, showing) = (sender.clone(), Rc::clone(&self.showing));
        self.stale.adjustment().connect_value_changed(move |days| {
            if !showing.get() {
                sender.emit(Msg::Set("notifications.stale-system-days", format!("{:.0}", days.value())));
            }
        });
    }

    pub(super) fn show(&self, live: &Live) {
        let Some(snapshot) = &live.snapshot else { return };
        let Settings { appearance, sources, network, search, notifications, updates, .. } = &snapshot.settings;
        self.page.set_sensitive(true);
        self.showing.set(true);
        self.style.set_selected(match appearance.style {
            Style::System => 0,
            Style::Light => 1,
            Style::Dark => 2,
        });
        self.place.set_selected(u32::from(sources.installation == Installation::User));
        self.automatic.set_selected(match updates.automatic {
            Automatic::Off => 0,
            Automatic::Check => 1,
            Automatic::Download => 2,
            Automatic::Install => 3,
        });
        self.screenshots.set_active(network.screenshots);
        self.popularity.set_active(network.popularity);
        self.appimages.set_active(network.appimages);
        self.search.set_active(search.desktop);
        self.finished.set_active(notifications.finished);
        self.failed.set_active(notifications.failed);
        self.updates.set_active(notifications.updates);
        self.restart.set_active(notifications.restart);
        self.stale.set_value(f64::from(notifications.stale_system_days));
        let has_system = snapshot.system.system.capabilities.obstacle.is_none();
        self.restart.set_visible(has_system);
        self.stale.set_visible(has_system);
        self.showing.set(false);
    }
}

fn combo(title: &str, subtitle: &str, choices: &[String]) -> adw::ComboRow {
    let choices: Vec<&str> = choices.iter().map(String::as_str).collect();
    adw::ComboRow::builder().title(title).subtitle(subtitle).model(&gtk::StringList::new(&choices)).build()
}

fn days(title: &str, subtitle: &str) -> adw::SpinRow {
    let row = adw::SpinRow::with_range(0.0, 365.0, 1.0);
    row.set_title(title);
    row.set_subtitle(subtitle);
    row
}

fn switch(title: &str, subtitle: &str) -> adw::SwitchRow {
    adw::SwitchRow::builder().title(title).subtitle(subtitle).build()
}
