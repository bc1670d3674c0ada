//! What an app takes: over the network now, and on the disk.

use super::Known;
use crate::i18n::{gettext, gettext_f, ngettext_f};
use crate::live::reference_id;
use crate::sentence;
use crate::widgets::sheet::{Lead, Sheet, row, valued};
use relm4::adw;
use strata_model::plan::{Step, StepChange};
use strata_model::{Action, Installed, PartKind, Plan};

pub(super) fn sheet(known: &Known<'_>) -> Sheet {
    match (known.installed, known.plan.filter(|plan| plan.request.action == Action::Install)) {
        (Some(installed), _) => of_installed(known, installed),
        (None, Some(plan)) => of_plan(known, plan),
        (None, None) => of_offer(known),
    }
}

fn of_installed(known: &Known<'_>, installed: &Installed) -> Sheet {
    let sheet = Sheet::new(&gettext("Size"));
    let size = sentence::size(installed.size);
    let words = gettext("This much it takes on your disk. Removing it gives that back.");
    sheet.lead(&Lead { icon: "drive-harddisk-symbolic", class: "accent", title: &size, words: &words });
    let mut rows = vec![sized(&known.app.head.name, &gettext("The app itself"), installed.size)];
    rows.extend(runtime_here(known, &installed.runtime));
    sheet.group(&gettext("On Your Disk"), &rows);
    sheet
}

fn of_plan(known: &Known<'_>, plan: &Plan) -> Sheet {
    let sheet = Sheet::new(&gettext("Size"));
    let size = sentence::size(plan.download_size);
    let words = gettext("This much comes over the network at most; parts that are here already are left out.");
    sheet.lead(&Lead { icon: "folder-download-symbolic", class: "accent", title: &size, words: &words });
    let comes = || plan.steps.iter().filter(|step| step.change != StepChange::Remove);
    let name = &known.app.head.name;
    let own = &plan.request.offer.reference;
    let line = |step: &Step, bytes: u64| sized(&step_name(step, own, name), &part(step.kind), bytes);
    let downloads: Vec<_> = comes().map(|step| line(step, step.download_size)).collect();
    sheet.group(&gettext("To Download"), &downloads);
    let mut disk: Vec<_> = comes().map(|step| line(step, step.installed_size)).collect();
    let runtime = known.offer.map(|offer| offer.runtime.as_str()).unwrap_or_default();
    let comes_too = comes().any(|step| step.reference.ends_with(runtime));
    if !comes_too {
        disk.extend(runtime_here(known, runtime));
    }
    sheet.group(&gettext("On Your Disk"), &disk);
    if let Ok(change) = u64::try_from(plan.size_change) {
        sheet.note(&gettext_f("Installing it takes {size} more of your disk.", &[("size", &sentence::size(change))]));
    }
    sheet
}

fn of_offer(known: &Known<'_>) -> Sheet {
    let sheet = Sheet::new(&gettext("Size"));
    let (download, disk) = known.offer.map_or((0, 0), |offer| (offer.download_size, offer.installed_size));
    let title = if download > 0 { sentence::size(download) } else { gettext("Not Known Yet") };
    let words = gettext("Without what it stands on: that is known once the place it comes from has answered.");
    sheet.lead(&Lead { icon: "folder-download-symbolic", class: "accent", title: &title, words: &words });
    let own = gettext("The app itself");
    let name = &known.app.head.name;
    let parts = [(gettext("To Download"), download), (gettext("On Your Disk"), disk)];
    for (heading, bytes) in parts.into_iter().filter(|(_, bytes)| *bytes > 0) {
        sheet.group(&heading, &[sized(name, &own, bytes)]);
    }
    sheet
}

/// The runtime that is installed already, `NAME/ARCH/BRANCH`, and how many other apps share it.
fn runtime_here(known: &Known<'_>, runtime: &str) -> Option<adw::ActionRow> {
    let all = known.live.installed()?;
    let here = all
        .iter()
        .find(|one| one.kind == PartKind::Runtime && one.offer.reference.strip_prefix("runtime/") == Some(runtime))?;
    let own = known.installed.map(|installed| &installed.offer);
    let others =
        all.iter().filter(|one| one.kind == PartKind::App && one.runtime == runtime && Some(&one.offer) != own);
    let shared = match others.count() {
        0 => gettext("What it stands on; here already"),
        n => ngettext_f(
            "What it stands on; shared with {n} other app",
            "What it stands on; shared with {n} other apps",
            n,
            &[],
        ),
    };
    Some(sized(&runtime_name(&here.offer.reference), &shared, here.size))
}

fn step_name(step: &Step, own: &str, name: &str) -> String {
    if step.reference == own { name.to_owned() } else { runtime_name(&step.reference) }
}

/// `runtime/org.gnome.Platform/x86_64/48` is `org.gnome.Platform 48`.
fn runtime_name(reference: &str) -> String {
    let branch = reference.rsplit('/').next().unwrap_or_default();
    format!("{} {branch}", reference_id(reference))
}

fn part(kind: PartKind) -> String {
    match kind {
        PartKind::App => gettext("The app itself"),
        PartKind::Runtime => gettext("What it stands on; other apps can use it too"),
        PartKind::Addon | PartKind::Package => gettext("What belongs to it: languages, drivers, add-ons"),
    }
}

fn sized(name: &str, words: &str, bytes: u64) -> adw::ActionRow {
    valued(row(name, words), &sentence::size(bytes), &["numeric"])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_runtime_is_called_by_name_and_branch() {
        assert_eq!(runtime_name("runtime/org.gnome.Platform/x86_64/48"), "org.gnome.Platform 48");
    }
}
