//! What a deployment consists of, out of rpm's databases in it: what a dry run lists is compared with that. The daemon lists
//! everything that is layered afterwards, and not what is new.

use crate::header::{Header, Package};
use crate::packages::split;
use std::cmp::Ordering;
use std::collections::HashSet;
use std::path::PathBuf;
use strata_catalogue::{CatalogueError, RpmDatabase};
use strata_engine::PackageSet;
use strata_model::system_update::{PackageChange, PackageChangeKind};
use strata_model::{Deployment, version};
use strata_platform::Environment;

/// The packages of a deployment.
#[derive(Debug)]
struct Contents {
    all: RpmDatabase,
    /// The names of those that are no part of its image.
    layered: HashSet<String>,
}

/// What really changes of a deployment, of what a dry run lists for it. Where its databases cannot be read, what was asked
/// for before is known to be there, and nothing of what came along with it.
pub(crate) fn compared(
    environment: &Environment,
    deployment: &Deployment,
    listed: Vec<PackageChange>,
    set: &PackageSet,
) -> Vec<PackageChange> {
    match Contents::of(environment, deployment) {
        Ok(contents) => {
            let mut changes: Vec<_> = listed.iter().filter_map(|one| contents.changed(one)).collect();
            changes.extend(contents.goes(deployment, &listed, set));
            changes
        }
        Err(error) => {
            tracing::info!(%error, "nobody says what the system consists of");
            listed.into_iter().filter(|one| deployment.requested_as(&one.name).is_none()).collect()
        }
    }
}

impl Contents {
    fn of(environment: &Environment, deployment: &Deployment) -> Result<Self, CatalogueError> {
        let unknown = || CatalogueError::Unreadable(format!("no root of {}", deployment.id));
        let root = root(environment, deployment).ok_or_else(unknown)?;
        let file = Environment::packages_in(&root).into_iter().find(|file| file.is_file()).ok_or_else(unknown)?;
        let all = RpmDatabase::open(&file)?;
        let image = RpmDatabase::open(&Environment::image_packages_in(&root))?.names()?;
        let layered = all.names()?.into_iter().filter(|name| !image.contains(name)).collect();
        Ok(Self { all, layered })
    }

    fn packages(&self, name: &str) -> Vec<Package> {
        let headers = self.all.headers(name).inspect_err(|error| tracing::info!(%error, name, "not read"));
        let headers = headers.unwrap_or_default();
        headers.iter().filter_map(|bytes| Header::of(bytes)?.package()).collect()
    }

    /// What becomes of a package that comes, as the daemon says; nothing if it is there.
    fn changed(&self, listed: &PackageChange) -> Option<PackageChange> {
        let mut known = self.packages(&listed.name);
        known.retain(|one| one.architecture == listed.architecture);
        if listed.change != PackageChangeKind::Added || known.is_empty() {
            return Some(listed.clone());
        }
        if known.iter().any(|one| one.version == listed.to) {
            return None;
        }
        let from = known.swap_remove(0).version;
        let change = match version::compare(&from, &listed.to) {
            Ordering::Greater => PackageChangeKind::Downgraded,
            _ => PackageChangeKind::Upgraded,
        };
        Some(PackageChange { change, from, ..listed.clone() })
    }

    /// What is layered now and not afterwards, where something is taken away: also what came along.
    fn goes(&self, deployment: &Deployment, listed: &[PackageChange], set: &PackageSet) -> Vec<PackageChange> {
        let local = deployment.local.iter().map(|nevra| split(nevra).0).filter(|name| !set.remove.contains(*name));
        let stays: HashSet<&str> = listed.iter().map(|one| one.name.as_str()).chain(local).collect();
        // A list without what was asked for before is not one of all that is layered afterwards.
        let mut kept = deployment.layered.iter().filter(|name| !set.remove.contains(*name));
        if set.remove.is_empty() || !kept.all(|name| stays.contains(name.as_str())) {
            return Vec::new();
        }
        let mut gone: Vec<&String> = self.layered.iter().filter(|name| !stays.contains(name.as_str())).collect();
        gone.sort();
        gone.into_iter().flat_map(|name| self.packages(name)).map(removed).collect()
    }
}

fn removed(Package { name, version, architecture }: Package) -> PackageChange {
    let change = PackageChangeKind::Removed;
    PackageChange { name, change, from: version, architecture, layered: true, ..PackageChange::default() }
}

/// Where a deployment begins; `None` for names that OSTree gives to none.
fn root(environment: &Environment, deployment: &Deployment) -> Option<PathBuf> {
    if deployment.booted {
        return Some(environment.system_root.clone());
    }
    let os = Some(&deployment.os).filter(|os| !os.is_empty() && !os.contains('/') && !os.starts_with('.'))?;
    let name = deployment.id.strip_prefix(os.as_str())?.strip_prefix('-')?;
    let is_name = !name.starts_with('.') && name.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '.');
    is_name.then(|| environment.deployment_root(os, name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    fn deployment(id: &str) -> Deployment {
        Deployment { id: id.to_owned(), os: "orchard".to_owned(), ..Deployment::default() }
    }

    #[test]
    fn a_deployment_is_looked_for_where_ostree_puts_it_and_nowhere_else() {
        let here = |name: &str| (name == "HOME").then(|| "/home/a".into());
        let environment = Arc::new(Environment::from_variables(&here));
        let at = |deployment: &Deployment| root(&environment, deployment).map(|root| root.display().to_string());
        let staged = at(&deployment("orchard-c0ffee.0")).unwrap();
        assert!(staged.ends_with("ostree/deploy/orchard/deploy/c0ffee.0"), "{staged}");
        let booted = Deployment { booted: true, ..deployment("orchard-c0ffee.0") };
        assert_eq!(at(&booted), Some(environment.system_root.display().to_string()));
        for odd in ["orchard-../../etc", "orchard-..", "c0ffee.0", "orchard"] {
            assert_eq!(at(&deployment(odd)), None, "{odd}");
        }
        let outside = Deployment { os: "../..".to_owned(), ..deployment("../..-c0ffee.0") };
        assert_eq!(at(&outside), None);
    }

    #[test]
    fn without_databases_only_what_was_asked_for_before_is_known_to_be_there() {
        let nowhere = |name: &str| (name == "HOME").then(|| "/nowhere".into());
        let mut environment = Environment::from_variables(&nowhere);
        environment.system_root = "/nowhere/at/all".into();
        let booted = Deployment { booted: true, requested: vec!["htop".to_owned()], ..deployment("orchard-c0ffee.0") };
        let comes = |name: &str| PackageChange { name: name.to_owned(), ..PackageChange::default() };
        let listed = vec![comes("fish"), comes("htop"), comes("hwloc-libs")];
        let told = compared(&environment, &booted, listed, &PackageSet::default());
        assert_eq!(told, [comes("fish"), comes("hwloc-libs")]);
    }
}
