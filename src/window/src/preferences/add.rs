//! Adding an origin: from an address or a file. What it is is found out here, where the person waits for it, and asked about
//! then.

use crate::asked::Asked;
use crate::i18n::{gettext, gettext_f};
use crate::sentence;
use crate::widgets::{announce, dialogs, opened, text_button};
use crate::window::Msg;
use relm4::adw::prelude::*;
use relm4::gtk::{gio, glib};
use relm4::{Sender, adw, gtk};
use std::cell::RefCell;
use std::rc::Rc;
use strata_client::Engine;
use strata_model::{Failure, Plan, Request, SourceKind, Stop};

/// The page that asks where the origin is.
#[derive(Debug)]
struct AddPage {
    dialog: glib::WeakRef<adw::PreferencesDialog>,
    scope: String,
    engine: Engine,
    sender: Sender<Msg>,
    /// Why it cannot be added.
    trouble: adw::Banner,
    failure: RefCell<Option<Failure>>,
    fields: adw::PreferencesGroup,
    address: adw::EntryRow,
    name: adw::EntryRow,
    add: adw::ButtonRow,
    /// What stands in the place of the button while it is looked at.
    looking: adw::ActionRow,
    cancel: gtk::Button,
    /// Waits for what is found out; aborted, it gives the question up.
    waiting: RefCell<Option<glib::JoinHandle<()>>>,
}

/// Shows the page.
pub(super) fn ask(dialog: &adw::PreferencesDialog, scope: &str, title: &str, engine: Engine, sender: &Sender<Msg>) {
    let page = Rc::new(AddPage {
        dialog: dialog.downgrade(),
        scope: scope.to_owned(),
        engine,
        sender: sender.clone(),
        trouble: adw::Banner::builder().use_markup(false).button_label(gettext("Details")).build(),
        failure: RefCell::default(),
        fields: adw::PreferencesGroup::builder()
            .description(gettext(
                "A .flatpakrepo file or its address, as the people who publish the apps name it. A bare address works where the key is known already.",
            ))
            .build(),
        address: adw::EntryRow::builder().title(gettext("Address or path")).build(),
        name: adw::EntryRow::builder().title(gettext("Name, if the file brings none")).build(),
        add: adw::ButtonRow::builder().title(gettext("Add")).sensitive(false).build(),
        looking: adw::ActionRow::builder().use_markup(false).visible(false).build(),
        cancel: text_button(&gettext("Cancel"), &gettext("Stop looking")),
        waiting: RefCell::default(),
    });
    let sub_page = page.assemble(title);
    page.connect(&sub_page);
    dialog.push_subpage(&sub_page);
    page.address.grab_focus();
}

impl AddPage {
    fn assemble(&self, title: &str) -> adw::NavigationPage {
        let file = adw::ButtonRow::builder()
            .title(gettext("Choose a File…"))
            .start_icon_name("document-open-symbolic")
            .build();
        let address = self.address.clone();
        file.connect_activated(move |row| choose(row, &address));
        self.fields.add(&self.address);
        self.fields.add(&file);
        self.fields.add(&self.name);
        self.add.add_css_class("suggested-action");
        self.cancel.set_valign(gtk::Align::Center);
        self.looking.add_prefix(&adw::Spinner::new());
        self.looking.add_suffix(&self.cancel);
        let act = adw::PreferencesGroup::new();
        act.add(&self.add);
        act.add(&self.looking);
        let page = adw::PreferencesPage::new();
        page.add(&self.fields);
        page.add(&act);
        let view = adw::ToolbarView::builder().content(&page).build();
        view.add_top_bar(&adw::HeaderBar::new());
        view.add_top_bar(&self.trouble);
        adw::NavigationPage::builder().title(title).child(&view).build()
    }

    /// The sub-page keeps this alive, and nothing else does.
    fn connect(self: &Rc<Self>, sub_page: &adw::NavigationPage) {
        let does = |act: fn(&Rc<Self>)| {
            let page = Rc::downgrade(self);
            move || {
                if let Some(page) = page.upgrade() {
                    act(&page);
                }
            }
        };
        let add = self.add.clone();
        self.address.connect_changed(move |address| add.set_sensitive(is_location(&address.text())));
        let look = does(Self::look);
        self.address.connect_entry_activated(move |_| look());
        let look = does(Self::look);
        self.add.connect_activated(move |_| look());
        let cancel = does(|page| {
            page.stop();
            page.address.grab_focus();
        });
        self.cancel.connect_clicked(move |_| cancel());
        let details = does(|page| page.show_details());
        self.trouble.connect_button_clicked(move |_| details());
        // Whoever goes back, or closes the dialog, does not want to know any more.
        let page = Rc::clone(self);
        sub_page.connect_unmap(move |_| page.stop());
    }

    /// Finds out what the origin is.
    fn look(self: &Rc<Self>) {
        let location = self.address.text().trim().to_owned();
        if !is_location(&location) {
            return;
        }
        let request = Request::add_origin(SourceKind::Flatpak, &self.scope, self.name.text().trim(), &location);
        let engine = self.engine.clone();
        let asked = Asked::new(async move { engine.plan(&request).await });
        let page = Rc::downgrade(self);
        let waiting = glib::spawn_future_local(async move {
            let plan = asked.answer().await;
            if let Some(page) = page.upgrade() {
                page.show_looking(None);
                page.found(plan);
            }
        });
        self.waiting.replace(Some(waiting));
        self.trouble.set_revealed(false);
        self.show_looking(Some(&location));
    }

    fn stop(&self) {
        if let Some(waiting) = self.waiting.take() {
            waiting.abort();
        }
        self.show_looking(None);
    }

    /// Shows that this is looked at, or that nothing is.
    fn show_looking(&self, location: Option<&str>) {
        self.fields.set_sensitive(location.is_none());
        self.add.set_visible(location.is_none());
        self.looking.set_visible(location.is_some());
        if let Some(location) = location {
            let words = gettext_f("Looking at “{name}”…", &[("name", opened::file_name(location))]);
            self.looking.set_title(&words);
            self.cancel.grab_focus();
            announce(&self.looking, &words);
        }
    }

    fn found(&self, plan: Option<Result<Plan, Stop>>) {
        match plan {
            Some(Ok(Plan { request, origin: Some(origin), .. })) => {
                let (sender, dialog) = (self.sender.clone(), self.dialog.clone());
                opened::ask_adding(&self.add, &origin, move || {
                    sender.emit(Msg::Submit(vec![request.clone()]));
                    if let Some(dialog) = dialog.upgrade() {
                        dialog.pop_subpage();
                    }
                });
            }
            Some(Err(Stop::Failed(failure))) => {
                let words = sentence::failure(&failure);
                announce(&self.trouble, &format!("{words} {}", sentence::remedy(&failure)));
                // A banner has three lines; what helps stands in the details.
                self.trouble.set_title(&words);
                self.trouble.set_revealed(true);
                self.failure.replace(Some(failure));
                self.address.grab_focus();
            }
            // The engine was asked to stop, or the program ends.
            _ => {}
        }
    }

    fn show_details(&self) {
        let window = self.trouble.root().and_downcast::<gtk::Window>();
        if let (Some(window), Some(failure)) = (window, self.failure.borrow().as_ref()) {
            dialogs::details(&window, failure);
        }
    }
}

fn is_location(text: &str) -> bool {
    let text = text.trim();
    ["https://", "http://", "file://", "/"].iter().any(|start| text.starts_with(start) && text.len() > start.len())
}

fn choose(row: &adw::ButtonRow, address: &adw::EntryRow) {
    let filter = gtk::FileFilter::new();
    filter.set_name(Some(&gettext("Flatpak repositories")));
    filter.add_pattern("*.flatpakrepo");
    let filters = gio::ListStore::new::<gtk::FileFilter>();
    filters.append(&filter);
    let chooser = gtk::FileDialog::builder().title(gettext("Choose a File")).modal(true).filters(&filters).build();
    let window = row.root().and_downcast::<gtk::Window>();
    let address = address.clone();
    chooser.open(window.as_ref(), gio::Cancellable::NONE, move |chosen| {
        if let Some(path) = chosen.ok().and_then(|file| file.path()) {
            address.set_text(&path.to_string_lossy());
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_and_whole_paths_can_be_added() {
        for good in ["https://dl.example.org/x.flatpakrepo", " /home/a/x.flatpakrepo ", "file:///x", "http://a"] {
            assert!(is_location(good), "{good}");
        }
        for bad in ["", "https://", "/", "x.flatpakrepo", "ftp://a", "flathub"] {
            assert!(!is_location(bad), "{bad}");
        }
    }
}
