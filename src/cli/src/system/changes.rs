//! What changes of a system: packages, advisories, layers.

use crate::output::{Output, bold};
use crate::text::{bytes, clean, day, gettext_f};
use crate::words;
use gettextrs::gettext;
use strata_model::marked;
use strata_model::plan::SystemPlan;
use strata_model::snapshot::SystemArrival;
use strata_model::system_update::{Advisory, AdvisorySeverity, PackageChange, PackageChangeKind, SystemUpdate};

/// What a plan would change, below its heading.
pub(crate) fn show_plan(output: &Output, plan: &SystemPlan) {
    for change in &plan.changes {
        output.line(&format!("  {}", line(change)));
    }
    if plan.restart_needed && !plan.changes_known {
        output.line(&format!("  {}", gettext("Which packages change is known when it is downloaded.")));
    }
}

/// What is newer, in full.
pub(super) fn show_update(output: &Output, update: &SystemUpdate) {
    say_update(output, update);
    for change in &update.changes {
        output.line(&format!("  {}", line(change)));
    }
    if !update.changes_known {
        output.line(&format!("  {}", gettext("Which packages change is known when it is downloaded.")));
    }
}

/// What came with the last restart.
pub(super) fn show_arrival(output: &Output, arrived: &SystemArrival) {
    let (from, to) = (clean(&arrived.from_version), clean(&arrived.to_version));
    output.line(&if from.is_empty() || from == to {
        gettext("Came with the last restart:")
    } else {
        gettext_f("Came with the last restart: {from} → {to}", &[("from", &from), ("to", &to)])
    });
    for change in &arrived.changes {
        output.line(&format!("  {}", line(change)));
    }
    if !arrived.changes_known {
        let sentence =
            marked("Which packages are others is not known: what ran before cannot be compared with any more.");
        output.line(&format!("  {}", gettext(sentence)));
    }
}

/// What is newer, without its packages, which its plan shows.
pub(super) fn say_update(output: &Output, update: &SystemUpdate) {
    output.line(&bold(&title(update)));
    for one in &update.advisories {
        output.line(&format!("  {}", advisory(one)));
    }
    if let Some(layers) = update.layers {
        let (added, total) = (layers.added.to_string(), layers.total.to_string());
        let values = [("added", &*added), ("total", &total), ("size", &bytes(layers.added_size))];
        output.line(&format!("  {}", gettext_f("To download: {added} of {total} layers, {size}", &values)));
    }
}

/// In one line.
pub(super) fn title(update: &SystemUpdate) -> String {
    let (version, day) = (clean(update.called()), day(update.timestamp));
    match (version.is_empty(), update.new_image) {
        (_, false) => gettext("Newer versions of what is layered"),
        (true, true) => gettext("A newer version"),
        (false, true) if day.is_empty() => gettext_f("Newer: {version}", &[("version", &version)]),
        (false, true) => gettext_f("Newer: {version} of {day}", &[("version", &version), ("day", &day)]),
    }
}

/// How much changes, where that is known.
pub(super) fn counts(update: &SystemUpdate) -> Option<String> {
    let (packages, advisories) = (update.changes.len().to_string(), update.advisories.len().to_string());
    let values = [("packages", &*packages), ("advisories", &*advisories)];
    let sentence = marked("Packages that change: {packages}. Security advisories: {advisories}.");
    update.changes_known.then(|| gettext_f(sentence, &values))
}

fn advisory(advisory: &Advisory) -> String {
    let severity = gettext(match advisory.severity {
        AdvisorySeverity::Critical => marked("critical"),
        AdvisorySeverity::Important => marked("important"),
        AdvisorySeverity::Moderate => marked("moderate"),
        AdvisorySeverity::Low => marked("low"),
        AdvisorySeverity::None => marked("severity unknown"),
    });
    let cves: Vec<_> = advisory.faults.iter().flat_map(|fault| &fault.cves).map(|cve| clean(cve)).collect();
    let about = [clean(&advisory.id), cves.join(", "), clean(&advisory.packages.join(", "))];
    let about: Vec<_> = about.into_iter().filter(|text| !text.is_empty()).collect();
    format!("{} {}: {}", bold("!"), severity, about.join("; "))
}

/// A package that changes.
fn line(change: &PackageChange) -> String {
    let (name, from, to) = (clean(&change.name), clean(&change.from), clean(&change.to));
    let what = words::package_change(change.change);
    let versions = match change.change {
        PackageChangeKind::Upgraded | PackageChangeKind::Downgraded => format!("{from} → {to}"),
        PackageChangeKind::Removed => from,
        PackageChangeKind::Added | PackageChangeKind::Reinstalled => to,
    };
    format!("{name}: {what} {versions}").trim_end().to_owned()
}
