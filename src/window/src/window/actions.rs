//! The window's actions: what buttons, menus, shortcuts and command lines name.

use super::{Msg, SystemMsg, Window};
use crate::category;
use crate::live::Key;
use crate::opening;
use relm4::gtk::gio;
use relm4::gtk::glib::variant::{FromVariant, StaticVariantType};
use relm4::gtk::prelude::*;
use relm4::{ComponentSender, adw};
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use strata_model::{Action, AppId, TaskId};

/// Adds the actions to the window.
pub(super) fn add(window: &adw::ApplicationWindow, sender: &ComponentSender<Window>) {
    let plain = |name: &str, message: Msg| add_plain(window, sender, name, message);
    plain("present", Msg::Present);
    plain("search", Msg::Find);
    plain("explore", Msg::ShowPage("explore".to_owned()));
    plain("show-newest", Msg::ShowNewest);
    plain("refresh", Msg::Refresh);
    plain("update-all", Msg::UpdateAll);
    plain("cancel-updates", Msg::CancelUpdates);
    plain("remove-unused", Msg::RemoveUnused);
    plain("add-flathub", Msg::AddFlathub);
    plain("preferences", Msg::Preferences(None));
    plain("sources", Msg::Preferences(Some("sources")));
    plain("history", Msg::ShowHistory);
    plain("storage", Msg::Storage);
    plain("count-leftovers", Msg::CountLeftovers);
    plain("to-front", Msg::ToFront);
    plain("export", Msg::Export);
    plain("import", Msg::Import);
    plain("lost-details", Msg::LostDetails);
    plain("shortcuts", Msg::Shortcuts);
    plain("about", Msg::About);

    with(window, sender, "show-app", |id: String| AppId::new(&id).ok().map(Msg::ShowApp));
    with(window, sender, "show-app-dialog", |name: String| Some(Msg::ShowAppDialog(name)));
    with(window, sender, "show-list", |word: String| category::list_from_word(&word).map(Msg::ShowList));
    with(window, sender, "show-page", |name: String| Some(Msg::ShowPage(name)));
    with(window, sender, "search-for", |text: String| Some(Msg::SearchFor(text)));
    with(window, sender, "import-from", |path: String| Some(Msg::ImportFrom(PathBuf::from(path))));
    with(window, sender, "open-link", |url: String| Some(Msg::OpenLink(url)));
    with(window, sender, "open-given", |(given, folder): (String, String)| {
        Some(Msg::OpenGiven(opening::read(OsStr::new(&given), Path::new(&folder))))
    });
    with(window, sender, "stop-planning", |key: Key| Some(Msg::StopPlanning(key)));
    with(window, sender, "get", |key: Key| Some(Msg::Get(key)));
    with(window, sender, "switch", |(from, to): (Key, Key)| Some(Msg::Switch(from, to)));
    with(window, sender, "open", |key: Key| Some(Msg::Open(key)));
    with(window, sender, "update", |key: Key| Some(Msg::Update(key)));
    with(window, sender, "remove", |key: Key| Some(Msg::Remove(key)));
    with(window, sender, "go-back", |key: Key| Some(Msg::GoBack(key)));
    with(window, sender, "hold", |key: Key| Some(Msg::Hold(key)));
    with(window, sender, "release", |key: Key| Some(Msg::Release(key)));
    with(window, sender, "app-settings", |key: Key| Some(Msg::AppSettings(key)));
    with(window, sender, "cancel", |task: u64| Some(Msg::Cancel(TaskId(task))));
    with(window, sender, "retry", |task: u64| Some(Msg::Retry(TaskId(task))));
    with(window, sender, "dismiss", |task: u64| Some(Msg::Dismiss(TaskId(task))));
    with(window, sender, "details", |task: u64| Some(Msg::Details(TaskId(task))));
    add_system(window, sender);
}

/// The actions about the system beneath.
fn add_system(window: &adw::ApplicationWindow, sender: &ComponentSender<Window>) {
    let plain = |name: &str, message: SystemMsg| add_plain(window, sender, name, Msg::System(message));
    let ask = |action: Action| SystemMsg::Do(action, String::new());
    add_plain(window, sender, "system", Msg::Preferences(Some("system")));
    plain("read-system", SystemMsg::Read);
    plain("check-system", ask(Action::CheckSystem));
    plain("update-system", ask(Action::UpdateSystem));
    plain("discard-staged", ask(Action::Discard));
    plain("apply-live", ask(Action::ApplyLive));
    plain("roll-back", SystemMsg::RollBack);
    plain("undo-roll-back", ask(Action::RollBack));
    plain("release-system", SystemMsg::Release);
    plain("cancel-other", SystemMsg::CancelOther);
    plain("restart", SystemMsg::Restart);
    plain("show-system-update", SystemMsg::ShowUpdate);
    plain("show-arrived", SystemMsg::ShowArrived);
    let with_text = |name: &str, message: fn(String) -> SystemMsg| {
        with(window, sender, name, move |text: String| Some(Msg::System(message(text))));
    };
    with_text("pin", |id| SystemMsg::Do(Action::Pin, id));
    with_text("unpin", |id| SystemMsg::Do(Action::Unpin, id));
    with_text("compare-deployment", SystemMsg::Compare);
    with(window, sender, "deploy-system", |version: String| {
        let version = version.trim().to_owned();
        (!version.is_empty()).then_some(Msg::System(SystemMsg::Deploy(version)))
    });
    with_text("remove-package", SystemMsg::RemovePackage);
    with_text("reset-package", SystemMsg::ResetPackage);
    with_text("switch-off-repository", SystemMsg::SwitchOff);
    with(window, sender, "note-pin", |(deployment, note): (String, String)| {
        Some(Msg::System(SystemMsg::NotePin(deployment, note)))
    });
}

fn add_plain(window: &adw::ApplicationWindow, sender: &ComponentSender<Window>, name: &str, message: Msg) {
    let action = gio::SimpleAction::new(name, None);
    let sender = sender.input_sender().clone();
    action.connect_activate(move |_, _| sender.emit(message.clone()));
    window.add_action(&action);
}

/// An action with a target; a target that means nothing does nothing.
fn with<T: FromVariant + StaticVariantType>(
    window: &adw::ApplicationWindow,
    sender: &ComponentSender<Window>,
    name: &str,
    message: impl Fn(T) -> Option<Msg> + 'static,
) {
    let action = gio::SimpleAction::new(name, Some(&T::static_variant_type()));
    let sender = sender.input_sender().clone();
    action.connect_activate(move |_, target| {
        if let Some(message) = target.and_then(T::from_variant).and_then(&message) {
            sender.emit(message);
        }
    });
    window.add_action(&action);
}
