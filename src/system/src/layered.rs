//! What is layered on the system, as what is installed.

use crate::packages::split;
use strata_model::{Deployment, Installed, OfferId, PartKind, System};

/// What is layered from the next start on: what was staged counts, what goes with it does not. Between a roll back and the
/// restart also what runs until then.
pub(crate) fn layered(system: &System) -> Vec<Installed> {
    let Some(next) = system.deployments.first() else { return Vec::new() };
    let mut all = of(next);
    for one in rolled_back(system).map(of).unwrap_or_default() {
        if all.iter().all(|known| known.offer != one.offer) {
            all.push(Installed { leaving: true, ..one });
        }
    }
    all
}

/// It runs, and goes with the next restart by itself: the version that was rolled back to is without it.
pub(crate) fn leaves(system: &System, package: &str) -> bool {
    let is_there = |one: &Deployment| one.requested_as(package).is_some();
    rolled_back(system).is_some_and(is_there) && !system.deployments.first().is_some_and(is_there)
}

/// What runs, where another version that was there before starts next.
fn rolled_back(system: &System) -> Option<&Deployment> {
    system.pending().filter(|pending| !pending.staged).and_then(|_| system.booted())
}

fn of(deployment: &Deployment) -> Vec<Installed> {
    let named = deployment.layered.iter().map(|name| installed(name, "", ""));
    let local = deployment.local.iter().map(|nevra| {
        let (name, version, _) = split(nevra);
        installed(name, version, nevra)
    });
    named.chain(local).collect()
}

fn installed(name: &str, version: &str, revision: &str) -> Installed {
    Installed {
        version: version.to_owned(),
        revision: revision.to_owned(),
        ..Installed::new(OfferId::package(name), PartKind::Package)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn deployment(layered: &[&str]) -> Deployment {
        let layered: Vec<String> = layered.iter().map(|name| (*name).to_owned()).collect();
        Deployment { requested: layered.clone(), layered, ..Deployment::default() }
    }

    #[test]
    fn what_was_rolled_back_runs_until_the_restart() {
        let booted = Deployment { booted: true, local: vec!["own-1.0-1.noarch".to_owned()], ..deployment(&["htop"]) };
        let told = |next: Deployment| {
            let system = System { deployments: vec![next, booted.clone()], ..System::default() };
            let all = layered(&system);
            assert!(all.iter().all(|one| one.leaving == leaves(&system, &one.name)));
            all.into_iter().map(|one| (one.name, one.leaving)).collect::<Vec<_>>()
        };
        let pair = |name: &str, leaving| (name.to_owned(), leaving);
        let all = [pair("fish", false), pair("htop", true), pair("own", true)];
        assert_eq!(told(deployment(&["fish"])), all, "it was rolled back to");
        let staged = Deployment { staged: true, ..deployment(&["fish"]) };
        assert_eq!(told(staged), [pair("fish", false)], "somebody took them away");
        assert_eq!(told(deployment(&["htop"])), [pair("htop", false), pair("own", true)], "both have it");
    }
}
