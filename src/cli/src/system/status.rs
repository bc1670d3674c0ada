//! The system for a person at a terminal.

use super::{changes, reset};
use crate::output::{Output, bold};
use crate::table::Table;
use crate::text::{clean, day, gettext_f, moment};
use gettextrs::gettext;
use strata_model::deployment::Unlocked;
use strata_model::snapshot::SystemStatus;
use strata_model::system::{Ability, AutomaticPolicy, Running};
use strata_model::{Deployment, System, marked};

pub(super) fn show(output: &Output, status: &SystemStatus, held: bool) {
    let system = &status.system;
    if let Some(obstacle) = system.capabilities.obstacle {
        output.line(&gettext(obstacle.sentence()));
        return;
    }
    show_deployments(output, status);
    show_overrides(output, system);
    if let Some(running) = &system.running {
        output.line(&at_work(running));
    }
    if let Some(update) = system.update.as_ref().filter(|update| update.deployment.is_empty()) {
        output.line(&changes::title(update));
        if let Some(counts) = changes::counts(update) {
            output.line(&format!("  {counts}"));
        }
    }
    if status.checked > 0 {
        output.line(&gettext_f("Last checked: {when}", &[("when", &moment(status.checked))]));
    }
    for deployment in system.deployments.iter().filter(|one| one.booted && !one.end_of_life.is_empty()) {
        output.line(&format!("{} {}", bold("!"), clean(&deployment.end_of_life)));
    }
    say_who_updates(output, system, held);
    // The others follow from what stands above.
    if let Some(obstacle) = system.capabilities.refusal(Ability::Install) {
        output.line(&gettext(obstacle.sentence()));
    }
    if system.awaited().is_some() {
        output.line(&restart());
    }
}

/// Why no update is offered.
pub(super) fn held_back() -> String {
    gettext("Updates of the system are held. Have them offered again with: stratactl system release")
}

/// Why no restart is offered for what is ready.
pub(super) fn kept_back(ready: &Deployment) -> String {
    let words = marked("Version {version} of the system is ready, and held back by whoever made it.");
    gettext_f(words, &[("version", &clean(ready.called()))])
}

/// How to get to what waits.
pub(super) fn restart() -> String {
    gettext("Restart to finish: from your desktop’s menu, or with: systemctl reboot")
}

fn show_deployments(output: &Output, status: &SystemStatus) {
    let system = &status.system;
    let header =
        [marked("Number"), marked("State"), marked("Version"), marked("Day"), marked("Layered"), marked("Comes from")]
            .map(gettext);
    let mut table = Table::new(header.to_vec(), &[5, 4]);
    for deployment in &system.deployments {
        let packages: Vec<_> = deployment.layered.iter().chain(&deployment.local).map(String::as_str).collect();
        table.row(&[
            &deployment.index.to_string(),
            &states(status, deployment),
            deployment.called(),
            &day(deployment.timestamp),
            &packages.join(", "),
            &deployment.reference,
        ]);
    }
    output.table(&table);
}

/// The packages of the image that are others, from the next start on.
fn show_overrides(output: &Output, system: &System) {
    let packages: Vec<_> = reset::next(system).into_iter().flat_map(reset::overrides).collect();
    if !packages.is_empty() {
        let sentence = marked("Changed in the image: {packages} (bring back with: stratactl system reset NAME)");
        output.line(&gettext_f(sentence, &[("packages", &reset::told(packages))]));
    }
}

fn states(status: &SystemStatus, deployment: &Deployment) -> String {
    let system = &status.system;
    let is_pending = system.pending().is_some_and(|pending| pending.id == deployment.id);
    let facts = [
        (is_pending && !deployment.is_held_back(), marked("after a restart")),
        (deployment.is_held_back(), marked("held back by whoever made it")),
        (deployment.booted, marked("running")),
        (deployment.rollback && !is_pending, marked("to go back to")),
        (deployment.pinned, marked("pinned")),
        (!deployment.live.is_empty(), marked("changed while it runs")),
        (deployment.unlocked != Unlocked::None, marked("can be written to")),
        (!deployment.removed.is_empty() || !deployment.replaced.is_empty(), marked("packages of the image changed")),
    ];
    let said = facts.into_iter().filter(|(is_so, _)| *is_so).map(|(_, state)| gettext(state));
    let noted =
        status.notes.iter().filter(|one| one.deployment == deployment.id).map(|one| format!("“{}”", clean(&one.note)));
    said.chain(noted).collect::<Vec<_>>().join(", ")
}

/// What changes the system at this moment, and whose it is.
pub(crate) fn at_work(running: &Running) -> String {
    let title = if running.title.is_empty() { &running.method } else { &running.title };
    let sentence = if running.own {
        marked("Strata is at work: {title}")
    } else if running.is_stratas() {
        marked("Strata began this, and does not follow it here: {title} (cancel it with: stratactl system cancel)")
    } else {
        marked("Another program is at work: {title} (cancel it with: stratactl system cancel)")
    };
    gettext_f(sentence, &[("title", &clean(title))])
}

fn say_who_updates(output: &Output, system: &System, held: bool) {
    if held {
        output.line(&held_back());
    }
    let by_itself = match system.policy {
        AutomaticPolicy::None | AutomaticPolicy::Unknown => None,
        AutomaticPolicy::Check => Some(marked("The system looks for updates by itself.")),
        AutomaticPolicy::Stage => Some(marked("The system downloads updates by itself.")),
        AutomaticPolicy::Apply => Some(marked("The system updates and restarts by itself.")),
    };
    if let Some(sentence) = by_itself {
        output.line(&gettext(sentence));
    }
    let units: Vec<_> = system.updaters.iter().filter(|one| one.enabled).map(|one| clean(&one.unit)).collect();
    if !units.is_empty() {
        output.line(&gettext_f("These update the system by themselves: {units}", &[("units", &units.join(", "))]));
    }
}
