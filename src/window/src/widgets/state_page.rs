//! What a page shows when it has nothing to show: that it is loading, that there is nothing, what went wrong.

use crate::i18n::gettext;
use crate::live::Live;
use crate::sentence;
use relm4::adw;
use relm4::adw::prelude::*;
use relm4::gtk;
use strata_model::Failure;

/// Something is on its way.
pub(crate) fn loading(words: &str) -> adw::StatusPage {
    let page = adw::StatusPage::builder().title(words).css_classes(["compact"]).build();
    let spinner = adw::SpinnerPaintable::new(Some(&page));
    page.set_paintable(Some(&spinner));
    page
}

/// There are no lists of apps yet: they are on their way, or why they are not.
pub(crate) fn no_catalogue(live: &Live) -> adw::StatusPage {
    match live.why_no_catalogue() {
        Some(failure) => failed(failure),
        None => loading(&gettext("Reading the lists of apps…")),
    }
}

/// There is nothing, and that is all right.
pub(crate) fn empty(icon: &str, title: &str, words: &str) -> adw::StatusPage {
    adw::StatusPage::builder().icon_name(icon).title(title).description(words).css_classes(["compact"]).build()
}

/// It did not work: what happened, what can be done, and the technical words folded away.
pub(crate) fn failed(failure: &Failure) -> adw::StatusPage {
    let page = empty("dialog-warning-symbolic", &sentence::failure(failure), &sentence::remedy(failure));
    let text = gtk::Label::builder().label(&failure.detail).wrap(true).selectable(true).xalign(0.0).build();
    text.add_css_class("monospace");
    let details = gtk::Expander::builder().label(gettext("Details")).child(&text).build();
    details.set_halign(gtk::Align::Center);
    if !failure.detail.is_empty() {
        page.set_child(Some(&details));
    }
    page
}

/// There is no place to get apps from.
pub(crate) fn no_origins() -> adw::StatusPage {
    let words = gettext("No place to get apps from is set up. Flathub has some thousands of them, for every desktop.");
    let page = empty("folder-download-symbolic", &gettext("Nowhere to Get Apps From"), &words);
    with_button(page, &gettext("Add Flathub"), "win.add-flathub")
}

/// A status page with a button under it.
pub(crate) fn with_button(page: adw::StatusPage, label: &str, action: &str) -> adw::StatusPage {
    let button = gtk::Button::builder()
        .label(label)
        .action_name(action)
        .halign(gtk::Align::Center)
        .css_classes(["pill", "suggested-action"])
        .build();
    page.set_child(Some(&button));
    page
}

/// Escapes for `AdwStatusPage`, whose description is markup.
pub(crate) fn escaped(text: &str) -> String {
    gtk::glib::markup_escape_text(text).to_string()
}
