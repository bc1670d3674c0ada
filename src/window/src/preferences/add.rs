//! Adding an origin: from an address or a file.

use crate::i18n::gettext;
use crate::window::Msg;
use relm4::adw::prelude::*;
use relm4::gtk::gio;
use relm4::{Sender, adw, gtk};
use strata_model::{Request, SourceKind};

/// Shows the page that asks where the origin is.
pub(super) fn ask(dialog: &adw::PreferencesDialog, scope: &str, title: &str, sender: &Sender<Msg>) {
    let address = adw::EntryRow::builder().title(gettext("Address or path")).build();
    let name = adw::EntryRow::builder().title(gettext("Name, if the file brings none")).build();
    let file =
        adw::ButtonRow::builder().title(gettext("Choose a File…")).start_icon_name("document-open-symbolic").build();
    let where_from = adw::PreferencesGroup::builder()
        .description(gettext(
            "A .flatpakrepo file or its address, as the people who publish the apps name it. A bare address works where the key is known already.",
        ))
        .build();
    where_from.add(&address);
    where_from.add(&file);
    where_from.add(&name);
    let add = adw::ButtonRow::builder().title(gettext("Add")).sensitive(false).build();
    add.add_css_class("suggested-action");
    let act = adw::PreferencesGroup::new();
    act.add(&add);
    let page = adw::PreferencesPage::new();
    page.add(&where_from);
    page.add(&act);
    let view = adw::ToolbarView::builder().content(&page).build();
    view.add_top_bar(&adw::HeaderBar::new());
    let sub_page = adw::NavigationPage::builder().title(title).child(&view).build();

    address.connect_changed({
        let add = add.clone();
        move |address| add.set_sensitive(is_location(&address.text()))
    });
    file.connect_activated({
        let address = address.clone();
        move |row| choose(row, &address)
    });
    let (dialog_of, sender, scope) = (dialog.downgrade(), sender.clone(), scope.to_owned());
    let submit = {
        let address = address.clone();
        move || {
            let location = address.text();
            if !is_location(&location) {
                return;
            }
            let request = Request::add_origin(SourceKind::Flatpak, &scope, name.text().trim(), location.trim());
            sender.emit(Msg::PlanOrigin(request));
            if let Some(dialog) = dialog_of.upgrade() {
                dialog.pop_subpage();
            }
        }
    };
    address.connect_entry_activated({
        let submit = submit.clone();
        move |_| submit()
    });
    add.connect_activated(move |_| submit());
    dialog.push_subpage(&sub_page);
    address.grab_focus();
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
