//! The preferences: a dialog over the window that shows the engine's settings and origins, and the system, as they are.

mod add;
mod folder;
mod general;
mod kinds;
mod order;
mod origin;
mod removal;
mod sources;
mod system;

use crate::i18n::gettext;
use crate::live::Live;
use crate::window::Msg;
use general::General;
use relm4::adw::prelude::*;
use relm4::{Sender, adw};
use sources::Sources;
use system::SystemPage;

/// The open dialog.
#[derive(Debug)]
pub(crate) struct Preferences {
    dialog: adw::PreferencesDialog,
    general: General,
    sources: Sources,
    system: SystemPage,
}

impl Preferences {
    /// The dialog, not shown yet. What is changed in it goes to the engine by way of the window.
    pub(crate) fn new(sender: &Sender<Msg>) -> Self {
        let dialog = adw::PreferencesDialog::builder()
            .title(gettext("Preferences"))
            .search_enabled(true)
            .content_width(640)
            .content_height(620)
            .build();
        let (general, sources) = (General::new(sender), Sources::new(&dialog, sender));
        dialog.add(general.page());
        let system = SystemPage::new(sender);
        dialog.add(sources.page());
        dialog.add(system.page());
        Self { dialog, general, sources, system }
    }

    /// The widget to present.
    pub(crate) fn dialog(&self) -> &adw::PreferencesDialog {
        &self.dialog
    }

    /// Turns to a page, if one is named.
    pub(crate) fn turn_to(&self, page: Option<&str>) {
        if let Some(page) = page {
            self.dialog.set_visible_page_name(page);
        }
    }

    /// A setting could not be set.
    pub(crate) fn give_up(&self, key: &str) {
        self.sources.give_up(key);
    }

    /// Shows how things are now.
    pub(crate) fn show(&mut self, live: &Live) {
        self.general.show(live);
        self.sources.show(live);
        self.system.show(live);
    }
}
