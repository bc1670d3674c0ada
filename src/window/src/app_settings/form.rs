//! What can be set of how an app is started, and where it lies.

use super::variables::Variables;
use super::wrong::{self, Wrong};
use crate::i18n::gettext;
use crate::widgets::text_button;
use relm4::adw::prelude::*;
use relm4::gtk::gio;
use relm4::{adw, gtk};
use std::collections::BTreeMap;
use std::rc::Rc;
use strata_model::app_settings::{InTerminal, Unfit, read_arguments};
use strata_model::{AppSettings, command_line};

/// In the order of the list.
const TERMINAL: [InTerminal; 3] = [InTerminal::Auto, InTerminal::Yes, InTerminal::No];

/// The page of rows.
#[derive(Debug)]
pub(super) struct Form {
    page: adw::PreferencesPage,
    arguments: adw::EntryRow,
    terminal: adw::ComboRow,
    menus: adw::SwitchRow,
    variables: Rc<Variables>,
    folder: adw::ActionRow,
    home: adw::SwitchRow,
    config: adw::SwitchRow,
    wrong: Wrong,
}

impl Form {
    /// A form that shows nothing yet; `changed` is called whenever it is another.
    pub(super) fn new(changed: &Rc<dyn Fn()>) -> Rc<Self> {
        let terminal = [gettext("As It Says Itself"), gettext("Yes"), gettext("No")];
        let terminal: Vec<&str> = terminal.iter().map(String::as_str).collect();
        let form = Rc::new(Self {
            page: adw::PreferencesPage::new(),
            arguments: adw::EntryRow::builder().title(gettext("Arguments")).build(),
            terminal: adw::ComboRow::builder()
                .title(gettext("Run in a Terminal"))
                .subtitle(gettext("Programs for the command line show nothing without one"))
                .model(&gtk::StringList::new(&terminal))
                .build(),
            menus: switch(&gettext("Show in Menus"), &gettext("Without it only Strata and its file open it")),
            variables: Variables::new(Rc::clone(changed)),
            folder: adw::ActionRow::builder()
                .title(gettext("Folder"))
                .use_markup(false)
                .subtitle_selectable(true)
                .css_classes(["property"])
                .build(),
            home: switch(
                &gettext("All Data in a Folder of Its Own"),
                &gettext("It lies beside the app and goes along with it, also to another computer"),
            ),
            config: switch(
                &gettext("Settings in a Folder of Their Own"),
                &gettext("The rest stays in your home folder"),
            ),
            wrong: Wrong::new(),
        });
        form.assemble();
        form.connect(changed);
        form
    }

    pub(super) fn page(&self) -> &adw::PreferencesPage {
        &self.page
    }

    fn assemble(&self) {
        let start = adw::PreferencesGroup::builder().title(gettext("How It Starts")).build();
        start.add(&self.arguments);
        start.add(&self.terminal);
        start.add(&self.menus);
        let place = adw::PreferencesGroup::builder().title(gettext("Where It Lies")).build();
        let choose = text_button(&gettext("Choose…"), &gettext("Choose the folder that it lies in"));
        choose.set_valign(gtk::Align::Center);
        let folder = self.folder.clone();
        choose.connect_clicked(move |button| ask(button, &folder));
        self.folder.add_suffix(&choose);
        place.add(&self.folder);
        place.add(&self.home);
        place.add(&self.config);
        start.add(self.wrong.root());
        for group in [&start, self.variables.group(), &place] {
            self.page.add(group);
        }
    }

    fn connect(&self, changed: &Rc<dyn Fn()>) {
        let say = || {
            let changed = Rc::clone(changed);
            move || changed()
        };
        let said = say();
        self.arguments.connect_changed(move |_| said());
        let said = say();
        self.terminal.connect_selected_notify(move |_| said());
        for row in [&self.menus, &self.home, &self.config] {
            let said = say();
            row.connect_active_notify(move |_| said());
        }
        let said = say();
        self.folder.connect_subtitle_notify(move |_| said());
    }

    /// Shows how things are.
    pub(super) fn show(&self, settings: &AppSettings) {
        self.arguments.set_text(&command_line::join(&settings.arguments));
        let place = TERMINAL.iter().position(|one| *one == settings.terminal).unwrap_or_default();
        self.terminal.set_selected(u32::try_from(place).unwrap_or_default());
        self.menus.set_active(settings.in_menus);
        self.variables.show(&settings.environment);
        self.folder.set_subtitle(&settings.folder);
        self.home.set_active(settings.portable_home);
        self.config.set_active(settings.portable_config);
    }

    /// Gives the keyboard to the first row.
    pub(super) fn focus(&self) {
        self.arguments.grab_focus_without_selecting();
    }

    /// How things shall be. What cannot be is marked, and said.
    ///
    /// # Errors
    /// The first thing that cannot be.
    pub(super) fn read(&self) -> Result<AppSettings, Unfit> {
        let environment = self.variables.read();
        let arguments = read_arguments(&self.arguments.text());
        wrong::mark(&self.arguments, arguments.is_err());
        // Of what is wrong with a variable its own group says it.
        let known = environment.clone().unwrap_or_default();
        let read = arguments.and_then(|arguments| self.settings(arguments, known));
        self.wrong.say(read.as_ref().err().copied());
        environment.and(read)
    }

    fn settings(&self, arguments: Vec<String>, environment: BTreeMap<String, String>) -> Result<AppSettings, Unfit> {
        let terminal = usize::try_from(self.terminal.selected()).ok().and_then(|place| TERMINAL.get(place).copied());
        let settings = AppSettings {
            folder: self.folder.subtitle().unwrap_or_default().to_string(),
            arguments,
            environment,
            terminal: terminal.unwrap_or_default(),
            portable_home: self.home.is_active(),
            portable_config: self.config.is_active(),
            in_menus: self.menus.is_active(),
        };
        settings.check().map(|()| settings)
    }
}

fn switch(title: &str, subtitle: &str) -> adw::SwitchRow {
    adw::SwitchRow::builder().title(title).subtitle(subtitle).build()
}

fn ask(button: &gtk::Button, row: &adw::ActionRow) {
    let chooser = gtk::FileDialog::builder().title(gettext("Choose a Folder")).modal(true).build();
    let window = button.root().and_downcast::<gtk::Window>();
    let row = row.clone();
    chooser.select_folder(window.as_ref(), gio::Cancellable::NONE, move |chosen| {
        let path = chosen.ok().and_then(|file| file.path());
        match path.as_deref().map(std::path::Path::to_str) {
            Some(Some(folder)) => row.set_subtitle(folder),
            Some(None) => tracing::warn!(?path, "there is no way to write such a name"),
            None => {}
        }
    });
}
