//! The preferences: a dialog over the window that shows the engine's settings and origins as they are.

mod add;
mod general;
mod origin;
mod removal;
mod sources;

use crate::i18n::gettext;
use crate::live::Live;
use crate::window::Msg;
use general::General;
use relm4::adw::prelude::*;
use relm4::{Sender, adw};
use sources::Sources;

/// The open dialog.
#[derive(Debug)]
pub(crate) struct Preferences {
    dialog: adw::PreferencesDialog,
    general: General,
    sources: Sources,
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
        dialog.add(sources.page());
        Self { dialog, general, sources }
    }

    /// The widget to present.
    pub(crate) fn dialog(&self) -> &adw::PreferencesDialog {
        &self.dialog
    }

    /// Shows how things are now.
    pub(crate) fn show(&mut self, live: &Live) {
        self.general.show(live);
        self.sources.show(live);
    }
}
