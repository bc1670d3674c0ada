//! How often an app is installed, month by month. Asked of Flathub when the dialog opens, and of nobody else.

use super::{Known, plot};
use crate::i18n::{gettext, gettext_f};
use crate::sentence;
use crate::widgets::sheet::{Lead, Sheet};
use crate::widgets::{announce, set_label};
use relm4::adw::prelude::*;
use relm4::{adw, gtk};
use strata_model::AppId;
use strata_platform::flathub::{self, Installs, Month};
use strata_platform::http::Client;

/// Room for the plot with its words, in pixels.
const PLOT_HEIGHT: i32 = 268;
/// Months that are shown.
const MONTHS: usize = 24;

pub(super) fn sheet(known: &Known<'_>) -> Sheet {
    let sheet = Sheet::new(&gettext("Downloads"));
    let number = known.app.installs.map_or_else(|| gettext("Not Known"), sentence::count);
    let words = gettext("So often it was downloaded in the last month, by what Flathub counts.");
    sheet.lead(&Lead { icon: super::super::facts::DOWNLOADS, class: "accent", title: &number, words: &words });
    let place = gtk::Stack::builder().vhomogeneous(false).build();
    sheet.append(&place);
    match (is_flathubs(known), known.context.web.client()) {
        (true, Ok(client)) => load(known, client, &place, &sheet),
        (true, Err(error)) => {
            tracing::warn!(%error, "Flathub cannot be asked");
            say(&place, &unreachable());
        }
        (false, _) => say(&place, &gettext("Only Flathub knows more, and this one does not come from there any more.")),
    }
    sheet
}

/// One of its offers comes from Flathub, and the person lets it be asked.
fn is_flathubs(known: &Known<'_>) -> bool {
    let Some(snapshot) = &known.live.snapshot else { return false };
    let from =
        |name: &str, scope: &str| known.app.offers.iter().any(|one| one.id.origin == name && one.id.scope == scope);
    let origins = snapshot.origins.iter().filter(|origin| from(&origin.name, &origin.scope));
    let mut urls = origins.map(|origin| &origin.url);
    snapshot.settings.network.popularity && urls.any(|url| flathub::is_flathub(&known.context.environment, url))
}

fn load(known: &Known<'_>, client: Client, place: &gtk::Stack, sheet: &Sheet) {
    // As high as what comes, so that the dialog does not jump.
    let spinner = adw::Spinner::builder().height_request(PLOT_HEIGHT).width_request(32).build();
    spinner.set_halign(gtk::Align::Center);
    set_label(&spinner, &gettext("Asking Flathub…"));
    place.add_child(&spinner);
    place.set_visible_child(&spinner);
    // The id by which Flathub knows it, which is in its reference.
    let mut reference = known.app.offers.iter().map(|offer| crate::live::reference_id(&offer.id.reference));
    let id = reference.find_map(|id| AppId::new(id).ok()).unwrap_or_else(|| known.app.head.id.clone());
    let environment = std::sync::Arc::clone(&known.context.environment);
    let asked = relm4::spawn(async move { flathub::installs(&client, &environment, &id).await });
    let stop = asked.abort_handle();
    sheet.dialog().connect_closed(move |_| stop.abort());
    let place = place.clone();
    relm4::spawn_local(async move {
        match asked.await {
            Ok(Ok(installs)) => show(&place, &installs),
            Ok(Err(error)) => {
                tracing::info!(%error, "Flathub does not say how often it was installed");
                say(&place, &unreachable());
            }
            // The dialog is gone.
            Err(_) => {}
        }
    });
}

fn unreachable() -> String {
    gettext("The months before cannot be shown: Flathub does not answer. Everything else works without it.")
}

fn say(place: &gtk::Stack, words: &str) {
    let label = gtk::Label::builder().label(words).wrap(true).css_classes(["dimmed"]).build();
    label.set_justify(gtk::Justification::Center);
    place.add_child(&label);
    place.set_visible_child(&label);
    announce(&label, words);
}

fn show(place: &gtk::Stack, installs: &Installs) {
    let from = installs.months.len().saturating_sub(MONTHS);
    let months = &installs.months[from..];
    if months.len() < 2 {
        return say(place, &gettext("It is too new for a history."));
    }
    let column = gtk::Box::builder().orientation(gtk::Orientation::Vertical).spacing(12).build();
    let heading =
        gtk::Label::builder().label(gettext("Downloads a Month")).xalign(0.0).css_classes(["heading"]).build();
    column.append(&heading);
    column.append(&plot::plot(months));
    let all = gettext_f("{n} in all since Flathub counts", &[("n", &sentence::count(installs.total))]);
    column.append(&gtk::Label::builder().label(all).xalign(0.0).css_classes(["caption", "dimmed"]).build());
    place.add_child(&column);
    place.set_visible_child(&column);
}

/// The plot in words.
pub(super) fn in_words(months: &[Month]) -> String {
    let (Some(first), Some(last)) = (months.first(), months.last()) else { return String::new() };
    let most = months.iter().max_by_key(|month| month.installs).unwrap_or(last);
    let name = plot::month_name;
    let values = [
        ("first", &*sentence::count(first.installs)),
        ("first_month", &*name(first)),
        ("last", &*sentence::count(last.installs)),
        ("last_month", &*name(last)),
        ("most", &*sentence::count(most.installs)),
        ("most_month", &*name(most)),
    ];
    gettext_f(
        "Downloads a month: {first} in {first_month}, {last} in {last_month}; most in {most_month}, {most}",
        &values,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plot_is_said_by_its_ends_and_its_top() {
        let month = |month, installs| Month { year: 2026, month, installs };
        let words = in_words(&[month(1, 10), month(2, 3_000), month(3, 20)]);
        let expected = "Downloads a month: 10 in January 2026, 20 in March 2026; most in February 2026, 3\u{202f}000";
        assert_eq!(words, expected);
        assert_eq!(in_words(&[]), "");
    }
}
