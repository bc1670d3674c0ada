//! One entry of the history.

use crate::i18n::gettext;
use crate::live;
use crate::sentence::{self, task};
use crate::widgets::{dialogs, text_button};
use relm4::adw::prelude::*;
use relm4::{adw, gtk};
use strata_model::history::Entry;
use strata_model::{Failure, TaskState};

/// What was done, when, and what came of it.
pub(super) fn row(entry: &Entry) -> adw::ActionRow {
    let failures: Vec<Failure> =
        entry.failure.iter().chain(&entry.partial).map(|failure| live::named(&entry.request, failure)).collect();
    let row = adw::ActionRow::builder()
        .use_markup(false)
        .title(task::done(&entry.request, entry.state))
        .subtitle(facts(entry, &failures))
        .build();
    let (icon, class) = mark(entry.state, !entry.partial.is_empty());
    let image = gtk::Image::builder().icon_name(icon).css_classes([class]).build();
    image.set_accessible_role(gtk::AccessibleRole::Presentation);
    row.add_prefix(&image);
    if let Some(failure) = failures.into_iter().next() {
        let details = text_button(&gettext("Details"), &gettext("Details"));
        details.set_valign(gtk::Align::Center);
        details.add_css_class("flat");
        details.connect_clicked(move |button| {
            if let Some(window) = button.root().and_downcast::<gtk::Window>() {
                dialogs::details(&window, &failure);
            }
        });
        row.add_suffix(&details);
    }
    row
}

fn facts(entry: &Entry, failures: &[Failure]) -> String {
    let mut facts = vec![sentence::time(entry.finished), versions(entry)];
    facts.extend(failures.iter().map(sentence::failure));
    facts.retain(|fact| !fact.is_empty());
    facts.join(" · ")
}

fn versions(entry: &Entry) -> String {
    match (entry.from_version.as_str(), entry.to_version.as_str()) {
        (from, to) if from == to => to.to_owned(),
        ("", only) | (only, "") => only.to_owned(),
        (from, to) => format!("{from} → {to}"),
    }
}

const fn mark(state: TaskState, partly: bool) -> (&'static str, &'static str) {
    match state {
        TaskState::Failed => ("dialog-error-symbolic", "error"),
        TaskState::Done if partly => ("dialog-warning-symbolic", "warning"),
        TaskState::Done => ("object-select-symbolic", "success"),
        _ => ("process-stop-symbolic", "dimmed"),
    }
}
