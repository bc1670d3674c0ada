//! About, keyboard shortcuts, links.

use crate::i18n::gettext;
use relm4::adw::prelude::*;
use relm4::gtk::gio;
use relm4::{adw, gtk};
use strata_model::APP_ID;

/// The project's address.
const WEBSITE: &str = "https://github.com/strata-store/strata";

/// Says what Strata is.
pub(super) fn about(parent: &adw::ApplicationWindow) {
    let dialog = adw::AboutDialog::builder()
        .application_name("Strata")
        .application_icon(APP_ID)
        .version(env!("CARGO_PKG_VERSION"))
        .comments(gettext("One store for everything you install"))
        .developer_name(gettext("The Strata developers"))
        .license_type(gtk::License::Gpl30)
        .website(WEBSITE)
        .issue_url(format!("{WEBSITE}/issues"))
        // Translators: your names, one a line
        .translator_credits(translators())
        .build();
    dialog.present(Some(parent));
}

fn translators() -> String {
    let credits = gettext("translator-credits");
    if credits == "translator-credits" { String::new() } else { credits }
}

/// Lists the keyboard's ways.
pub(super) fn shortcuts(parent: &adw::ApplicationWindow) {
    let group = adw::PreferencesGroup::new();
    for (what, keys) in [
        (gettext("Search, or filter what is installed"), keys("<Control>f")),
        (gettext("Search by typing"), "A … Z".to_owned()),
        (gettext("Leave the search"), keys("Escape")),
        (gettext("Open the first app found"), keys("Return")),
        (gettext("Explore"), keys("<Alt>1")),
        (gettext("Installed"), keys("<Alt>2")),
        (gettext("Updates"), keys("<Alt>3")),
        (gettext("Back"), keys("<Alt>Left")),
        (gettext("Refresh"), keys("<Control>r")),
        (gettext("History"), keys("<Control>h")),
        (gettext("Preferences"), keys("<Control>comma")),
        (gettext("Close the window"), keys("<Control>w")),
    ] {
        let row = adw::ActionRow::builder().title(what).build();
        row.add_suffix(&gtk::Label::builder().label(keys).css_classes(["dimmed", "numeric"]).build());
        group.add(&row);
    }
    let page = adw::PreferencesPage::new();
    page.add(&group);
    let view = adw::ToolbarView::builder().content(&page).build();
    view.add_top_bar(&adw::HeaderBar::new());
    let dialog = adw::Dialog::builder()
        .title(gettext("Keyboard Shortcuts"))
        .content_width(420)
        .content_height(660)
        .child(&view)
        .build();
    dialog.present(Some(parent));
}

/// What stands on the keys, in the person's language.
fn keys(accelerator: &str) -> String {
    let label = |(key, modifiers)| gtk::accelerator_get_label(key, modifiers).into();
    gtk::accelerator_parse(accelerator).map(label).unwrap_or_default()
}

/// Opens a link of the web in the person's browser.
pub(super) fn open_link(parent: &adw::ApplicationWindow, url: &str) {
    if !url.starts_with("https://") && !url.starts_with("http://") {
        return;
    }
    gtk::UriLauncher::new(url).launch(Some(parent), gio::Cancellable::NONE, |result| {
        if let Err(error) = result {
            tracing::warn!(%error, "the link cannot be opened");
        }
    });
}
