//! The packages that change from one system to another, and what that settles.

use crate::i18n::{gettext, gettext_f};
use crate::sentence::{self, system};
use crate::widgets::sheet::{self, Lead, Sheet};
use relm4::adw::prelude::*;
use relm4::{adw, gtk};
use strata_model::SystemUpdate;
use strata_model::system_update::{Advisory, AdvisorySeverity, Fault, PackageChange};

/// The most packages of a kind that have rows: more than anybody reads.
const MOST: usize = 400;

/// Everything that is known about a newer system.
pub(crate) fn update(update: &SystemUpdate) -> Sheet {
    let sheet = Sheet::new(&gettext("What Changes"));
    let version = update.called().to_owned();
    let facts = [sentence::day(update.timestamp), summary(update)];
    let words = facts.into_iter().filter(|fact| !fact.is_empty()).collect::<Vec<_>>().join("\n");
    let title = gettext_f("Version {version}", &[("version", &version)]);
    sheet.lead(&Lead { icon: "computer-symbolic", class: "accent", title: &title, words: &words });
    append_advisories(&sheet, &update.advisories);
    append_changes(&sheet, &update.changes);
    if !update.changes_known {
        sheet.note(&gettext("Which packages change is known after the download."));
    }
    sheet
}

/// What changes, with a title and a few words before it.
pub(crate) fn changes(title: &str, words: &str, changes: &[PackageChange]) -> Sheet {
    let sheet = Sheet::new(&gettext("What Changes"));
    let counts = system::counts(changes);
    let words = [words, &counts].into_iter().filter(|one| !one.is_empty()).collect::<Vec<_>>().join("\n");
    sheet.lead(&Lead { icon: "computer-symbolic", class: "accent", title, words: &words });
    append_changes(&sheet, changes);
    sheet
}

/// What changes in a few words: packages, layers, holes that are closed.
pub(crate) fn summary(update: &SystemUpdate) -> String {
    let layers = update.layers.as_ref().map(system::layers).unwrap_or_default();
    let facts = [system::security(&update.advisories), system::counts(&update.changes), layers];
    facts.into_iter().filter(|fact| !fact.is_empty()).collect::<Vec<_>>().join("\n")
}

/// Packages of every kind, each kind under its heading.
fn append_changes(sheet: &Sheet, changes: &[PackageChange]) {
    for kind in system::KINDS {
        let such: Vec<PackageChange> = changes.iter().filter(|change| change.change == kind).cloned().collect();
        let more = such.len().saturating_sub(MOST);
        let last = (more > 0).then(|| gettext_f("and {count} more", &[("count", &more.to_string())]));
        if !such.is_empty() {
            let rows = such.into_iter().take(MOST).map(|change| row(&change));
            sheet.long_group(&system::heading(kind), rows.chain(last.map(|words| sheet::row(&words, ""))));
        }
    }
}

/// A package as a row.
pub(crate) fn row(change: &PackageChange) -> adw::ActionRow {
    let layered = if change.layered { gettext("layered") } else { String::new() };
    let facts = [system::versions(change), layered];
    let words = facts.into_iter().filter(|fact| !fact.is_empty()).collect::<Vec<_>>().join(" · ");
    sheet::row(&change.name, &words)
}

fn append_advisories(sheet: &Sheet, advisories: &[Advisory]) {
    for advisory in advisories {
        let about = system::advisory(advisory.kind);
        let head = sheet::row(&about, &advisory.packages.join(", "));
        let head = match advisory.severity {
            AdvisorySeverity::None => head,
            severity => {
                let class = if severity >= AdvisorySeverity::Important { "error" } else { "warning" };
                sheet::valued(head, &system::severity(severity), &["heading", class])
            }
        };
        let rows: Vec<adw::ActionRow> = std::iter::once(head).chain(advisory.faults.iter().map(fault)).collect();
        sheet.group(&advisory.id, &rows);
    }
}

/// A fault with the way to read about it.
fn fault(fault: &Fault) -> adw::ActionRow {
    let row = sheet::row(&fault.title, &fault.cves.join(", "));
    let icon = gtk::Image::from_icon_name("dialog-warning-symbolic");
    icon.set_accessible_role(gtk::AccessibleRole::Presentation);
    row.add_prefix(&icon);
    let is_address = fault.url.starts_with("https://") || fault.url.starts_with("http://");
    if is_address { sheet::linked(row, &fault.url) } else { row }
}
