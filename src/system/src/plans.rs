//! What changes of the system would do.

use crate::contents;
use crate::dry_run::DryRun;
use crate::rpm_ostree::{RpmOstree, layered, not_offered};
use crate::state;
use crate::transaction::Wish;
use crate::wishes;
use std::cmp::Ordering;
use std::sync::Arc;
use strata_engine::{PackageSet, Reporter, SystemBackend, SystemChange};
use strata_model::deployment::BasePackage;
use strata_model::plan::SystemPlan;
use strata_model::system::{Ability, SystemObstacle};
use strata_model::system_update::{PackageChange, PackageChangeKind};
use strata_model::{Deployment, Stop, version};
use tokio_util::sync::CancellationToken;

impl RpmOstree {
    /// The daemon tries it.
    pub(crate) async fn plan_packages(
        &self,
        set: &PackageSet,
        change: &SystemChange,
        cancel: &CancellationToken,
    ) -> Result<SystemPlan, Stop> {
        let looked = async {
            let session = self.session().await?;
            session.properties().await.map_err(|refusal| Stop::from(refusal.failure()))
        };
        let (sysroot, _) = cancel.run_until_cancelled(looked).await.unwrap_or(Err(Stop::Cancelled))?;
        let deployments = state::deployments(&sysroot);
        let wish = Wish { layered: layered(&deployments), ..wishes::wish_for(change, true)? };
        let ended = self.daemon.carry_out(wish, &Reporter::new().0, cancel).await?;
        let mut run = DryRun::default();
        ended.remarks.iter().for_each(|remark| run.hear(remark));
        let next = deployments.into_iter().next().unwrap_or_default();
        run.changes = self.compared(next.clone(), run.changes, set.clone()).await;
        // What comes back from the image is none of the layered packages that the daemon lists.
        for package in next.removed.iter().chain(&next.replaced).filter(|package| set.reset.contains(&package.name)) {
            run.changes.push(back(package));
        }
        // What goes is not listed where nothing else comes or goes with it.
        for name in &set.remove {
            if run.changes.iter().all(|change| change.name != *name) {
                let change = PackageChangeKind::Removed;
                run.changes.push(PackageChange {
                    name: name.clone(),
                    change,
                    layered: true,
                    ..PackageChange::default()
                });
            }
        }
        let nothing_to_do = run.unchanged;
        let restart_needed = !set.live && !nothing_to_do;
        Ok(SystemPlan { changes: run.changes, changes_known: true, nothing_to_do, restart_needed })
    }

    /// See [`contents::compared`]; it reads files.
    async fn compared(&self, next: Deployment, listed: Vec<PackageChange>, set: PackageSet) -> Vec<PackageChange> {
        let (environment, known) = (Arc::clone(self.daemon.environment()), listed.clone());
        let compare = move || contents::compared(&environment, &next, listed, &set);
        tokio::task::spawn_blocking(compare).await.unwrap_or(known)
    }

    /// What the daemon knows of the newer system.
    pub(crate) async fn plan_update(&self) -> Result<SystemPlan, Stop> {
        let update = self.state().await?.update;
        Ok(match update {
            Some(update) => SystemPlan {
                changes: update.changes,
                changes_known: update.changes_known,
                nothing_to_do: false,
                restart_needed: true,
            },
            None => SystemPlan { nothing_to_do: true, ..SystemPlan::default() },
        })
    }

    /// What differs between what is started next and what would be.
    pub(crate) async fn plan_roll_back(&self) -> Result<SystemPlan, Stop> {
        let system = self.state().await?;
        if let Some(obstacle) = system.capabilities.refusal(Ability::RollBack) {
            return Err(not_offered(obstacle).into());
        }
        // Once more goes back to what runs.
        let now = system.pending().or(system.booted());
        let then = system.rollback().filter(|_| system.pending().is_none()).or(system.booted());
        let (Some(now), Some(then)) = (now, then) else { return Err(not_offered(SystemObstacle::NoEarlier).into()) };
        let changes = self.differences(&now.id, &then.id).await?;
        Ok(SystemPlan { changes, changes_known: true, nothing_to_do: false, restart_needed: !then.booted })
    }
}

/// A package that is as the image has it again.
fn back(package: &BasePackage) -> PackageChange {
    let BasePackage { name, version, replacement, architecture } = package.clone();
    let change = match version::compare(&replacement, &version) {
        _ if replacement.is_empty() => PackageChangeKind::Added,
        Ordering::Greater => PackageChangeKind::Downgraded,
        _ => PackageChangeKind::Upgraded,
    };
    PackageChange { name, change, from: replacement, to: version, architecture, ..PackageChange::default() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_back_is_told_with_where_it_comes_from() {
        let package = |replacement: &str| BasePackage {
            name: "podman".to_owned(),
            version: "5.6.2-1".to_owned(),
            replacement: replacement.to_owned(),
            architecture: "x86_64".to_owned(),
        };
        let cases = [
            ("", PackageChangeKind::Added),
            ("5.7.0-1", PackageChangeKind::Downgraded),
            ("5.5.0-1", PackageChangeKind::Upgraded),
        ];
        for (replacement, kind) in cases {
            let back = back(&package(replacement));
            assert_eq!((back.change, &*back.from, &*back.to), (kind, replacement, "5.6.2-1"));
        }
    }
}
