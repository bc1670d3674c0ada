//! An update of layered packages alone, and whether what waits for the next start has it already: it stands on the same
//! image as what runs, so that only the packages themselves can tell.

use strata_model::system_update::PackageChange;
use strata_model::{Deployment, System, SystemUpdate};

/// What runs and what waits, by their ids, where the difference between both has to be asked for. The daemon's own
/// properties do not say it: a look for updates makes it forget which deployment it made.
pub(crate) fn in_question(system: &System) -> Option<(String, String)> {
    let update = system.update.as_ref()?;
    let layers_alone = !update.new_image && !update.changes.is_empty();
    if !layers_alone || !update.deployment.is_empty() {
        return None;
    }
    let (booted, pending) = (system.booted()?, system.pending()?);
    let base = |one: &Deployment| one.base_checksum.clone();
    (base(booted) == base(pending)).then(|| (booted.id.clone(), pending.id.clone()))
}

/// Everything that the update changes, the difference has as well.
pub(crate) fn is_in(update: &SystemUpdate, difference: &[PackageChange]) -> bool {
    let same = |one: &PackageChange, other: &PackageChange| {
        (&one.name, &one.architecture, one.change, &one.to)
            == (&other.name, &other.architecture, other.change, &other.to)
    };
    update.changes.iter().all(|change| difference.iter().any(|known| same(change, known)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use strata_model::system_update::PackageChangeKind;

    fn deployment(id: &str, base: &str) -> Deployment {
        Deployment { id: id.to_owned(), base_checksum: base.to_owned(), ..Deployment::default() }
    }

    fn change(name: &str, to: &str) -> PackageChange {
        let change = PackageChangeKind::Upgraded;
        PackageChange { name: name.to_owned(), change, to: to.to_owned(), ..PackageChange::default() }
    }

    fn system(next: Deployment, update: SystemUpdate) -> System {
        let booted = Deployment { booted: true, ..deployment("booted", "base") };
        System { deployments: vec![next, booted], update: Some(update), ..System::default() }
    }

    #[test]
    fn only_layers_on_the_same_image_are_in_question() {
        let layers = SystemUpdate { changes: vec![change("greet", "1.1-1")], ..SystemUpdate::default() };
        let asked = in_question(&system(deployment("next", "base"), layers.clone()));
        assert_eq!(asked, Some(("booted".to_owned(), "next".to_owned())));
        let image = SystemUpdate { new_image: true, ..layers.clone() };
        let named = SystemUpdate { deployment: "next".to_owned(), ..layers.clone() };
        let cases = [
            ("the image is newer", system(deployment("next", "base"), image)),
            ("the daemon still knows it", system(deployment("next", "base"), named)),
            ("nobody knows what changes", system(deployment("next", "base"), SystemUpdate::default())),
            ("another image waits", system(deployment("next", "other"), layers)),
            ("nothing is newer", System { update: None, ..System::default() }),
        ];
        for (reason, system) in cases {
            assert_eq!(in_question(&system), None, "{reason}");
        }
    }

    #[test]
    fn what_waits_has_the_update_if_it_has_all_of_it() {
        let update = SystemUpdate { changes: vec![change("greet", "1.1-1")], ..SystemUpdate::default() };
        let more = [change("libgreet", "1.0-1"), change("greet", "1.1-1")];
        assert!(is_in(&update, &more), "what else comes along does not matter");
        assert!(!is_in(&update, &[change("etcpkg", "1.0-1")]), "something else was layered");
        assert!(!is_in(&update, &[change("greet", "1.0-2")]), "an older update waits");
    }
}
