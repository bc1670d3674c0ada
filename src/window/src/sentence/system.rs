//! The system in words: its versions, the packages that change, what updates it by itself.

use crate::i18n::{gettext, gettext_f, ngettext_f};
use strata_model::deployment::{Deployment, Unlocked};
use strata_model::system::{AutomaticPolicy, SystemObstacle, Updater, UpdaterProgram};
use strata_model::system_update::{
    Advisory, AdvisoryKind, AdvisorySeverity, LayerChange, PackageChange, PackageChangeKind,
};

/// Most packages of a kind that are named in a sentence.
const MOST_NAMES: usize = 8;

/// The kinds of changes, in the order in which they are told.
pub(crate) const KINDS: [PackageChangeKind; 5] = [
    PackageChangeKind::Added,
    PackageChangeKind::Removed,
    PackageChangeKind::Upgraded,
    PackageChangeKind::Downgraded,
    PackageChangeKind::Reinstalled,
];

/// The severities, the worst first.
const SEVERITIES: [AdvisorySeverity; 5] = [
    AdvisorySeverity::Critical,
    AdvisorySeverity::Important,
    AdvisorySeverity::Moderate,
    AdvisorySeverity::Low,
    AdvisorySeverity::None,
];

/// Why something cannot be done with the system.
pub(crate) fn obstacle(obstacle: SystemObstacle) -> String {
    gettext(obstacle.sentence())
}

/// Why no restart is offered for what is ready.
pub(crate) fn held_back() -> String {
    gettext("A restart does not bring it: whoever made it has to let it go (rpm-ostree finalize-deployment)")
}

/// What a deployment is called.
pub(crate) fn version(deployment: &Deployment) -> String {
    deployment.called().to_owned()
}

/// How many packages of each kind change; empty if none does.
pub(crate) fn counts(changes: &[PackageChange]) -> String {
    let parts = KINDS.iter().filter_map(|kind| {
        let count = changes.iter().filter(|change| change.change == *kind).count();
        (count > 0).then(|| counted(*kind, count))
    });
    let counts = parts.collect::<Vec<_>>().join(", ");
    if counts.is_empty() {
        return counts;
    }
    // Translators: {counts} is a list, as in “1 added, 2 upgraded”
    gettext_f("Packages: {counts}", &[("counts", &counts)])
}

/// The names of packages that change, one kind after the other; the first ones where there are many.
pub(crate) fn list(changes: &[PackageChange]) -> String {
    let mut lines = Vec::new();
    for kind in KINDS {
        let names: Vec<&str> =
            changes.iter().filter(|change| change.change == kind).map(|change| change.name.as_str()).collect();
        if names.is_empty() {
            continue;
        }
        let mut words = names.iter().take(MOST_NAMES).copied().collect::<Vec<_>>().join(", ");
        if names.len() > MOST_NAMES {
            let more = (names.len() - MOST_NAMES).to_string();
            words = format!("{words} {}", gettext_f("and {count} more", &[("count", &more)]));
        }
        lines.push(format!("{}: {words}", heading(kind)));
    }
    lines.join("\n")
}

fn counted(kind: PackageChangeKind, count: usize) -> String {
    match kind {
        PackageChangeKind::Added => ngettext_f("{n} added", "{n} added", count, &[]),
        PackageChangeKind::Removed => ngettext_f("{n} removed", "{n} removed", count, &[]),
        PackageChangeKind::Upgraded => ngettext_f("{n} upgraded", "{n} upgraded", count, &[]),
        PackageChangeKind::Downgraded => ngettext_f("{n} downgraded", "{n} downgraded", count, &[]),
        PackageChangeKind::Reinstalled => ngettext_f("{n} built anew", "{n} built anew", count, &[]),
    }
}

/// The heading of the packages of a kind.
pub(crate) fn heading(kind: PackageChangeKind) -> String {
    match kind {
        PackageChangeKind::Added => gettext("Added"),
        PackageChangeKind::Removed => gettext("Removed"),
        PackageChangeKind::Upgraded => gettext("Upgraded"),
        PackageChangeKind::Downgraded => gettext("Downgraded"),
        PackageChangeKind::Reinstalled => gettext("Built Anew"),
    }
}

/// From which version to which one.
pub(crate) fn versions(change: &PackageChange) -> String {
    match (change.from.as_str(), change.to.as_str()) {
        ("", only) | (only, "") => only.to_owned(),
        (from, to) if from == to => to.to_owned(),
        (from, to) => format!("{from} → {to}"),
    }
}

/// The holes in security that are closed, by how bad they are; empty if none.
pub(crate) fn security(advisories: &[Advisory]) -> String {
    let of = |severity: AdvisorySeverity| {
        let is_such = |one: &&Advisory| one.kind == AdvisoryKind::Security && one.severity == severity;
        advisories.iter().filter(is_such).count()
    };
    let counted = SEVERITIES.map(|severity| (severity, of(severity)));
    let some = counted.iter().filter(|(_, count)| *count > 0);
    let parts: Vec<String> = some.map(|(severity, count)| format!("{count} × {}", self::severity(*severity))).collect();
    if parts.is_empty() {
        return String::new();
    }
    // Translators: {severities} is a list, as in “1 × critical, 2 × important”
    gettext_f("Closes holes in security: {severities}", &[("severities", &parts.join(", "))])
}

/// How bad something is, in the middle of a sentence.
pub(crate) fn severity(severity: AdvisorySeverity) -> String {
    match severity {
        AdvisorySeverity::None => gettext("not rated"),
        AdvisorySeverity::Low => gettext("low"),
        AdvisorySeverity::Moderate => gettext("moderate"),
        AdvisorySeverity::Important => gettext("important"),
        AdvisorySeverity::Critical => gettext("critical"),
    }
}

/// What an advisory is about.
pub(crate) fn advisory(kind: AdvisoryKind) -> String {
    match kind {
        AdvisoryKind::Unknown => gettext("Other changes"),
        AdvisoryKind::Security => gettext("Security"),
        AdvisoryKind::Bugfix => gettext("Something that did not work"),
        AdvisoryKind::Enhancement => gettext("Something that works better"),
        AdvisoryKind::NewPackage => gettext("A new package"),
    }
}

/// What of a container image has to come.
pub(crate) fn layers(layers: &LayerChange) -> String {
    let (added, total) = (layers.added.to_string(), layers.total.to_string());
    let size = super::size(layers.added_size);
    gettext_f("{added} of {total} layers to download, {size}", &[("added", &added), ("total", &total), ("size", &size)])
}

/// What the update daemon does by itself.
pub(crate) fn policy(policy: AutomaticPolicy) -> String {
    match policy {
        AutomaticPolicy::None => gettext("Does nothing by itself"),
        AutomaticPolicy::Check => gettext("Looks for newer versions of the system"),
        AutomaticPolicy::Stage => gettext("Downloads newer versions of the system, which start at the next restart"),
        AutomaticPolicy::Apply => gettext("Installs newer versions of the system and restarts the computer"),
        AutomaticPolicy::Unknown => gettext("Does something that this version of Strata does not know"),
    }
}

/// What a program that updates the system is called; a name, not translated.
pub(crate) const fn updater(program: UpdaterProgram) -> &'static str {
    match program {
        UpdaterProgram::RpmOstree => "rpm-ostree",
        UpdaterProgram::Uupd => "uupd",
        UpdaterProgram::UblueUpdate => "ublue-update",
        UpdaterProgram::Bootc => "bootc",
    }
}

/// What it does.
pub(crate) fn does(updater: &Updater, policy: AutomaticPolicy) -> String {
    match (updater.enabled, updater.program) {
        (false, _) => gettext("Is there, and is switched off"),
        (true, UpdaterProgram::RpmOstree) => self::policy(policy),
        (true, UpdaterProgram::Uupd | UpdaterProgram::UblueUpdate) => gettext("Updates the system, Flatpaks and more"),
        (true, UpdaterProgram::Bootc) => gettext("Updates the system and restarts the computer"),
    }
}

/// That the running system can be written to; empty if not, as it should be.
pub(crate) fn unlocked(unlocked: Unlocked) -> String {
    match unlocked {
        Unlocked::None => String::new(),
        Unlocked::Development => gettext("Can be written to until the next restart, for trying things out"),
        Unlocked::Hotfix => gettext("Can be written to for good: somebody mended something by hand"),
        Unlocked::Transient => gettext("Can be written to until the next restart, by programs that ask for it"),
        Unlocked::Unknown => gettext("Can be written to in a way that this version of Strata does not know"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(change: PackageChangeKind, from: &str, to: &str) -> PackageChange {
        PackageChange { change, from: from.to_owned(), to: to.to_owned(), ..PackageChange::default() }
    }

    #[test]
    fn only_kinds_that_occur_are_counted() {
        use PackageChangeKind::{Added, Upgraded};
        let changes = [change(Upgraded, "1", "2"), change(Added, "", "1"), change(Upgraded, "3", "4")];
        assert_eq!(counts(&changes), "Packages: 1 added, 2 upgraded");
        assert_eq!(counts(&[]), "");
        assert_eq!(changes.each_ref().map(versions), ["1 → 2", "1", "3 → 4"]);
    }

    #[test]
    fn the_worst_holes_come_first_and_other_advisories_are_none() {
        let one = |kind, severity| Advisory { id: String::new(), kind, severity, packages: vec![], faults: vec![] };
        let advisories = [
            one(AdvisoryKind::Security, AdvisorySeverity::Important),
            one(AdvisoryKind::Bugfix, AdvisorySeverity::Critical),
            one(AdvisoryKind::Security, AdvisorySeverity::Critical),
            one(AdvisoryKind::Security, AdvisorySeverity::Important),
        ];
        assert_eq!(security(&advisories), "Closes holes in security: 1 × critical, 2 × important");
        assert_eq!(security(&advisories[1..2]), "");
    }
}
