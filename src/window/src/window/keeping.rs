//! What is kept: dialogs that are open, apps held at their versions, what removed apps left, the list of apps as a file.

use super::{Cmd, Msg, Window};
use crate::i18n::{gettext, ngettext_f};
use crate::live::{Key, is_ready};
use crate::pages::installed::InstalledMsg;
use crate::preferences::Preferences;
use crate::reader::ReadError;
use crate::storage::{Left, Storage};
use crate::widgets::import;
use relm4::adw::prelude::*;
use relm4::gtk::gio;
use relm4::{ComponentSender, adw, gtk};
use std::cell::RefCell;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};
use strata_catalogue::app_list::{self, Fate};
use strata_client::Engine;
use strata_model::app_list::{AppList, ListedApp, MAX_FILE};
use strata_model::{AppId, Failure, FailureKind, OfferId, Request};
use strata_platform::files;

/// A dialog while it is open.
#[derive(Debug)]
pub(crate) struct Open<T>(Rc<RefCell<Option<T>>>);

impl<T> Default for Open<T> {
    fn default() -> Self {
        Self(Rc::new(RefCell::new(None)))
    }
}

/// A list of apps, and what would become of each.
type Compared = (AppList, Vec<(ListedApp, Fate)>);

/// What came of it.
#[derive(Debug)]
pub(crate) enum Kept {
    /// What removed apps have left.
    Left(Result<Left, Failure>),
    /// So many apps were written to this file.
    Exported(Result<(usize, String), Failure>),
    /// What a file would bring.
    Compared(Box<Result<Compared, Failure>>),
}

impl Window {
    /// Says what passes, on whatever lies on top.
    pub(super) fn toast(&self, toast: adw::Toast) {
        let preferences = self.preferences.0.borrow().as_ref().map(|open| open.dialog().clone());
        let storage = self.storage.0.borrow().as_ref().map(|open| open.dialog().clone());
        match preferences.or(storage) {
            Some(dialog) => dialog.add_toast(toast),
            None => self.layout.toasts.add_toast(toast),
        }
    }

    pub(super) fn open_preferences(
        &self,
        page: Option<&str>,
        sender: &ComponentSender<Self>,
        root: &adw::ApplicationWindow,
    ) {
        if let Some(open) = self.preferences.0.borrow().as_ref() {
            open.turn_to(page);
            return;
        }
        let mut preferences = Preferences::new(sender.input_sender());
        preferences.show(&self.live);
        preferences.turn_to(page);
        present(preferences.dialog(), &self.preferences, root);
        self.preferences.0.replace(Some(preferences));
    }

    pub(super) fn open_storage(&self, sender: &ComponentSender<Self>, root: &adw::ApplicationWindow) {
        if self.storage.0.borrow().is_some() {
            return;
        }
        let mut storage = Storage::new(sender.input_sender());
        storage.show(&self.live);
        present(storage.dialog(), &self.storage, root);
        self.storage.0.replace(Some(storage));
    }

    /// Shows how things are now in the dialogs that are open.
    pub(super) fn show_in_dialogs(&self) {
        if let Some(preferences) = self.preferences.0.borrow_mut().as_mut() {
            preferences.show(&self.live);
        }
        if let Some(storage) = self.storage.0.borrow_mut().as_mut() {
            storage.show(&self.live);
        }
    }

    /// A setting could not be set.
    pub(super) fn give_up_setting(&self, key: &str) {
        if let Some(preferences) = self.preferences.0.borrow().as_ref() {
            preferences.give_up(key);
        }
    }

    /// Looks for something: among what is installed where that is shown, else in the catalogue.
    pub(super) fn find(&mut self) {
        if !self.searching && self.layout.shown_page().is_some_and(|page| page == "installed") {
            self.pages.installed.emit(InstalledMsg::Filter);
        } else {
            self.set_searching(true);
        }
    }

    pub(super) fn keep_or_release(&self, key: &Key, request: fn(OfferId) -> Request, sender: &ComponentSender<Self>) {
        if let Some(installed) = self.live.find(key) {
            sender.input(Msg::Submit(vec![request(installed.offer.clone()).named(&installed.name)]));
        }
    }

    /// Keeps what a removed app has stored, and does not mention it any more.
    pub(super) fn keep_data(&self, id: String, sender: &ComponentSender<Self>) {
        let mut kept = self.live.snapshot.as_ref().map(|now| now.settings.data.keep.clone()).unwrap_or_default();
        kept.push(id);
        sender.input(Msg::Set("data.keep", kept.join(",")));
    }

    pub(super) fn count_leftovers(&self, engine: Engine, sender: &ComponentSender<Self>) {
        let reader = self.context.reader.clone();
        sender.oneshot_command(async move {
            let left = match engine.leftovers().await {
                Ok(left) => left,
                Err(failure) => return Cmd::Kept(Kept::Left(Err(failure))),
            };
            let ids: Vec<AppId> = left.iter().filter_map(|left| AppId::new(&left.id).ok()).collect();
            // Without a catalogue they are called by their ids.
            let known = reader.ask(move |catalogue| catalogue.summaries(&ids)).await.unwrap_or_default();
            let name = |id: &str| known.iter().find(|app| app.id.as_str() == id).map(|app| app.name.clone());
            let named = left.into_iter().map(|left| {
                let own = Some(left.name.clone()).filter(|name| !name.is_empty());
                let name = own.or_else(|| name(&left.id));
                (left, name)
            });
            Cmd::Kept(Kept::Left(Ok(named.collect())))
        });
    }

    pub(super) fn ask_where_to_export(sender: &ComponentSender<Self>, root: &adw::ApplicationWindow) {
        let chooser = gtk::FileDialog::builder().title(gettext("Export the List of Apps")).modal(true).build();
        chooser.set_initial_name(Some("apps.json"));
        let sender = sender.input_sender().clone();
        chooser.save(Some(root), gio::Cancellable::NONE, move |chosen| {
            if let Some(path) = chosen.ok().and_then(|file| file.path()) {
                sender.emit(Msg::ExportTo(path));
            }
        });
    }

    pub(super) fn ask_what_to_import(sender: &ComponentSender<Self>, root: &adw::ApplicationWindow) {
        let chooser = gtk::FileDialog::builder().title(gettext("Import a List of Apps")).modal(true).build();
        let sender = sender.input_sender().clone();
        chooser.open(Some(root), gio::Cancellable::NONE, move |chosen| {
            if let Some(path) = chosen.ok().and_then(|file| file.path()) {
                sender.emit(Msg::ImportFrom(path));
            }
        });
    }

    pub(super) fn export(&self, file: PathBuf, sender: &ComponentSender<Self>) {
        let Some(snapshot) = self.live.snapshot.clone() else { return };
        let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs().cast_signed());
        sender.spawn_oneshot_command(move || {
            let list = AppList::of(&snapshot, now);
            let path = file.to_string_lossy().into_owned();
            let written = std::path::absolute(&file)
                .and_then(|whole| files::replace_durably(&whole, app_list::write(&list).as_bytes()))
                .map_err(|error| Failure::new(FailureKind::Unwritable, &path, error.to_string()));
            Cmd::Kept(Kept::Exported(written.map(|()| (list.apps.len(), path))))
        });
    }

    pub(super) fn import(&self, file: PathBuf, engine: Engine, sender: &ComponentSender<Self>) {
        let reader = self.context.reader.clone();
        sender.oneshot_command(async move {
            let read = tokio::task::spawn_blocking(move || read(&file)).await;
            let list = read.unwrap_or_else(|error| Err(Failure::new(FailureKind::Other, "", error.to_string())));
            let compared = match list {
                Ok(list) => {
                    // What is installed has to be known before it can be said what is missing.
                    let mut snapshots = engine.snapshot();
                    let settled = snapshots.wait_for(|now| is_ready(now) && !now.catalogue.building).await;
                    let Ok(snapshot) = settled.map(|now| Arc::clone(&now)) else { return Cmd::Newest(None) };
                    let asked = list.clone();
                    let compared = reader.ask(move |catalogue| app_list::compare(&asked, catalogue, &snapshot)).await;
                    compared.map(|apps| (list, apps)).map_err(failure)
                }
                Err(failure) => Err(failure),
            };
            Cmd::Kept(Kept::Compared(Box::new(compared)))
        });
    }

    pub(super) fn hear_kept(&self, kept: Kept, sender: &ComponentSender<Self>, root: &adw::ApplicationWindow) {
        match kept {
            Kept::Left(left) => {
                let size = left.iter().flatten().map(|(left, _)| left.size).sum();
                self.pages.installed.tell(InstalledMsg::Left(size));
                if let Some(storage) = self.storage.0.borrow_mut().as_mut() {
                    storage.show_left(&left);
                }
            }
            Kept::Exported(Ok((count, path))) => {
                let words =
                    ngettext_f("{n} app written to {path}", "{n} apps written to {path}", count, &[("path", &path)]);
                self.toast(adw::Toast::builder().title(words).use_markup(false).build());
            }
            Kept::Compared(compared) => match *compared {
                Ok((list, apps)) => {
                    let sender = sender.input_sender().clone();
                    import::ask(root, &list, &apps, move |requests| sender.emit(Msg::Submit(requests)));
                }
                Err(failure) => self.toast_failure(&failure, root),
            },
            Kept::Exported(Err(failure)) => self.toast_failure(&failure, root),
        }
    }
}

fn present<T: 'static>(dialog: &adw::PreferencesDialog, open: &Open<T>, root: &adw::ApplicationWindow) {
    let open = Rc::clone(&open.0);
    dialog.connect_closed(move |_| drop(open.take()));
    dialog.present(Some(root));
}

fn read(file: &Path) -> Result<AppList, Failure> {
    let name = file.to_string_lossy().into_owned();
    let bytes = files::read_bounded(file, MAX_FILE);
    let bytes = bytes.map_err(|error| Failure::new(FailureKind::BadFile, &name, error.to_string()))?;
    app_list::read(&name, &bytes)
}

fn failure(error: ReadError) -> Failure {
    match error {
        ReadError::Failed(failure) => failure,
        ReadError::NotBuilt => Failure::new(FailureKind::Other, "catalogue.db", "there is no catalogue yet"),
    }
}
