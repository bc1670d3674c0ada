//! Where new AppImages are put.

use crate::i18n::gettext;
use crate::live::Live;
use crate::widgets::{set_label, text_button};
use crate::window::Msg;
use relm4::adw::prelude::*;
use relm4::gtk::gio;
use relm4::{Sender, adw, gtk};
use std::path::Path;
use strata_model::settings::Folder;

const KEY: &str = "appimages.folder";

/// The group with its one row.
#[derive(Debug)]
pub(super) struct FolderRow {
    root: adw::PreferencesGroup,
    row: adw::ActionRow,
    reset: gtk::Button,
}

impl FolderRow {
    pub(super) fn new(sender: &Sender<Msg>) -> Self {
        let folder = Self {
            root: adw::PreferencesGroup::builder().title(gettext("AppImages")).sensitive(false).build(),
            row: adw::ActionRow::builder().title(gettext("Folder for New AppImages")).use_markup(false).build(),
            reset: gtk::Button::builder()
                .icon_name("edit-undo-symbolic")
                .tooltip_text(gettext("Back to the Usual Folder"))
                .valign(gtk::Align::Center)
                .css_classes(["flat"])
                .build(),
        };
        set_label(&folder.reset, &gettext("Put new AppImages into the usual folder again"));
        let choose = text_button(&gettext("Choose…"), &gettext("Choose the folder for new AppImages"));
        choose.set_valign(gtk::Align::Center);
        folder.row.add_suffix(&folder.reset);
        folder.row.add_suffix(&choose);
        folder.root.add(&folder.row);
        let said = sender.clone();
        choose.connect_clicked(move |button| ask(button, &said));
        let said = sender.clone();
        folder.reset.connect_clicked(move |_| said.emit(Msg::Set(KEY, Folder::default().as_str().to_owned())));
        folder
    }

    pub(super) fn root(&self) -> &adw::PreferencesGroup {
        &self.root
    }

    pub(super) fn show(&self, live: &Live) {
        let Some(snapshot) = &live.snapshot else { return };
        let folder = &snapshot.settings.appimages.folder;
        self.root.set_sensitive(true);
        self.row.set_subtitle(folder.as_str());
        self.reset.set_visible(*folder != Folder::default());
    }
}

fn ask(button: &gtk::Button, sender: &Sender<Msg>) {
    let chooser = gtk::FileDialog::builder().title(gettext("Choose a Folder")).modal(true).build();
    let window = button.root().and_downcast::<gtk::Window>();
    let sender = sender.clone();
    chooser.select_folder(window.as_ref(), gio::Cancellable::NONE, move |chosen| {
        let path = chosen.ok().and_then(|file| file.path());
        match path.as_deref().map(Path::to_str) {
            Some(Some(folder)) => sender.emit(Msg::Set(KEY, folder.to_owned())),
            Some(None) => tracing::warn!(?path, "settings have no way to write such a name"),
            None => {}
        }
    });
}
