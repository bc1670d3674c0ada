//! What an update changes: computed when one is looked for, and again when one is staged.

use super::description::{Image, System};
use super::nevra::Nevra;
use super::resolve::available;
use super::state::{Change, Deployment, Origin, State, Update};
use std::cmp::Ordering;

/// Which packages differ, by name.
pub(super) fn difference(kind: u32, before: &[Nevra], after: &[Nevra]) -> Vec<Change> {
    let find = |list: &[Nevra], name: &str| list.iter().find(|known| known.name == name).cloned();
    let mut all: Vec<&String> = before.iter().chain(after).map(|known| &known.name).collect();
    all.sort();
    all.dedup();
    let change = |name: &String| Change { kind, from: find(before, name), to: find(after, name) };
    all.into_iter().map(change).filter(|change| change.from != change.to).collect()
}

/// What a look for updates finds for the running deployment.
pub(super) fn found(system: &System, state: &State) -> Option<Update> {
    let booted = state.booted()?;
    if let Some(waiting) = state.pending().filter(|pending| pending.staged && pending.base != booted.base) {
        // A look knows of no deployment, only an upgrade does.
        return Some(Update { deployment: None, ..staged(system, state, booted, waiting) });
    }
    match &booted.origin {
        Origin::Branch(refspec) => of_branch(system, state, booted, state.pulled.get(refspec)?),
        Origin::Image(reference, digest) => {
            let new = system.newest_image(reference).filter(|image| image.digest != *digest)?;
            of_image(system, booted, new)
        }
    }
}

/// The update after an upgrade was staged: what lies on disk is compared.
pub(super) fn after_upgrade(system: &System, state: &State) -> Option<Update> {
    Some(staged(system, state, state.booted()?, state.pending().filter(|pending| pending.staged)?))
}

fn of_branch(system: &System, state: &State, booted: &Deployment, target: &str) -> Option<Update> {
    let new = system.base(target)?;
    let old = system.base(&booted.base)?;
    let mut packages = difference(0, &old.packages, &new.packages);
    if booted.layer.is_some() {
        packages.extend(newer_layered(system, state, booted));
    }
    let new_commit = target != booted.base;
    if !new_commit && packages.is_empty() {
        return None;
    }
    Some(Update {
        booted: booted.checksum.clone(),
        checksum: target.to_owned(),
        version: Some(new.version.clone()),
        timestamp: new.timestamp,
        origin: booted.origin.text().to_owned(),
        branch: true,
        new_commit,
        deployment: None,
        // Repositories are only read for systems that have something layered.
        advisories: if booted.layer.is_some() { advisories(system, state, &packages) } else { Vec::new() },
        packages: Some(packages),
        layers: None,
    })
}

fn newer_layered(system: &System, state: &State, booted: &Deployment) -> Vec<Change> {
    let available = available(system, state);
    let newer = |known: &Nevra| {
        let fitting = available.iter().map(|(_, package)| &package.nevra).filter(|it| it.name == known.name);
        fitting.max_by(|one, other| one.newer(other)).filter(|it| it.newer(known) == Ordering::Greater).cloned()
    };
    let layered = booted.layer.iter().flat_map(|layer| &layer.packages);
    layered.filter_map(|known| Some(Change { kind: 1, from: Some(known.clone()), to: Some(newer(known)?) })).collect()
}

fn of_image(system: &System, booted: &Deployment, new: &Image) -> Option<Update> {
    let old = system.image_of(&booted.base)?;
    let size = |image: &Image| image.layers.iter().map(|layer| layer.size).sum::<u64>();
    let only = |one: &Image, other: &Image| {
        let own = one.layers.iter().filter(|layer| !other.layers.contains(layer));
        own.fold((0, 0), |(count, bytes), layer| (count + 1, bytes + layer.size))
    };
    let (added, removed) = (only(new, old), only(old, new));
    Some(Update {
        booted: booted.checksum.clone(),
        // The present commit: the new one is not known before it is pulled.
        checksum: booted.base.clone(),
        version: Some(new.version.clone()),
        timestamp: system.base(&booted.base).map_or(0, |base| base.timestamp),
        origin: booted.origin.text().to_owned(),
        branch: false,
        new_commit: false,
        deployment: None,
        packages: None,
        layers: Some([new.layers.len() as u64, size(new), added.0, added.1, removed.0, removed.1]),
        advisories: Vec::new(),
    })
}

fn staged(system: &System, state: &State, booted: &Deployment, new: &Deployment) -> Update {
    let branch = matches!(new.origin, Origin::Branch(_));
    let packages = difference(0, &booted.packages(system), &new.packages(system));
    let base = system.base(&new.base);
    Update {
        booted: booted.checksum.clone(),
        checksum: new.base.clone(),
        version: base.filter(|_| branch).map(|base| base.version.clone()),
        timestamp: base.map_or(0, |base| base.timestamp),
        origin: new.origin.text().to_owned(),
        branch,
        new_commit: true,
        deployment: Some(new.id(&system.os)),
        advisories: if new.layer.is_some() { advisories(system, state, &packages) } else { Vec::new() },
        packages: Some(packages),
        layers: None,
    }
}

/// Ids of security advisories for packages that come.
fn advisories(system: &System, state: &State, packages: &[Change]) -> Vec<String> {
    let used = system.repo.iter().filter(|repo| state.enabled(system, &repo.id));
    let comes = |nevra: &Nevra| packages.iter().any(|change| change.to.as_ref() == Some(nevra));
    let about = used.flat_map(|repo| &repo.advisory).filter(|it| it.security && it.packages.iter().any(comes));
    super::order::ordered(about.map(|it| (it.id.clone(), it.id.clone())))
}
