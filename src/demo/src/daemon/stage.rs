//! How the list of deployments changes: staging, starting anew, clean up, pins. What is used no more is freed.

use super::description::System;
use super::state::{Deployment, Origin, State};
use std::collections::BTreeSet;

/// What a clean-up freed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Freed {
    pub(super) bytes: u64,
    pub(super) packages: usize,
}

impl Freed {
    /// As the daemon says it; nothing when there was nothing.
    pub(super) fn message(self) -> Option<String> {
        let size = super::size::decimal(self.bytes);
        let any = self.bytes > 0 || self.packages > 0;
        any.then(|| format!("Freed: {size} (pkgcache branches: {})", self.packages))
    }
}

impl State {
    /// Puts a new deployment before the others, in place of one that waits, and frees what that one had.
    pub(super) fn stage(&mut self, system: &System, mut new: Deployment) -> Freed {
        let before = self.used(system);
        self.deployments.retain(|known| known.pinned || !known.staged);
        if let Some(pending) = self.pending().filter(|pending| !pending.pinned).cloned() {
            self.deployments.retain(|known| *known != pending);
        }
        let same = self.deployments.iter().filter(|known| known.checksum == new.checksum);
        new.serial = same.map(|known| known.serial + 1).max().unwrap_or_default();
        new.staged = true;
        self.commits.extend([new.base.clone(), new.checksum.clone()]);
        self.deployments.insert(0, new);
        self.free(system, &before)
    }

    /// Takes the deployments away that `keep` refuses; pinned ones and the running one stay.
    pub(super) fn drop_deployments(&mut self, system: &System, keep: impl Fn(&Deployment) -> bool) -> Freed {
        let before = self.used(system);
        self.deployments.retain(|known| known.booted || known.pinned || keep(known));
        self.free(system, &before)
    }

    /// Every restart: the first in boot order runs, the one before it can be rolled back to, and of the others only
    /// pinned ones stay.
    pub(super) fn restart(&mut self, system: &System) {
        let before = self.used(system);
        let running = self.deployments.iter().position(|known| known.booted);
        let last = running.map(|place| self.deployments[place].clone());
        for (place, known) in self.deployments.iter_mut().enumerate() {
            if place == 0 && known.staged {
                self.boot.0 ^= 1;
            }
            known.booted = place == 0;
            known.staged = false;
            known.transient = false;
            known.live = None;
        }
        let was_first = running == Some(0);
        let is_last = |known: &Deployment| {
            last.as_ref().is_some_and(|last| (&known.checksum, known.serial) == (&last.checksum, last.serial))
        };
        if !was_first {
            self.deployments.retain(|known| known.booted || known.pinned || is_last(known));
        }
        if self.update.as_ref().is_some_and(|update| self.booted().is_none_or(|it| it.checksum != update.booted)) {
            self.update = None;
        }
        self.free(system, &before);
    }

    /// Keeps a deployment, or stops keeping it. A staged one cannot be kept yet.
    ///
    /// # Errors
    /// ostree's own words.
    pub(super) fn pin(&mut self, index: usize, pinned: bool) -> Result<(), String> {
        let count = self.deployments.len();
        let missing = format!("Out of range deployment index {index}, expected < {count}");
        let known = self.deployments.get_mut(index).ok_or(missing)?;
        if known.staged {
            return Err("Cannot pin staged deployment".to_owned());
        }
        known.pinned = pinned;
        Ok(())
    }

    /// What the disk holds now: commits with their bytes, and the packages that a layer is made of.
    fn used(&self, system: &System) -> Vec<(String, u64)> {
        let mut commits = BTreeSet::new();
        let mut used = Vec::new();
        for known in &self.deployments {
            let layered = known.checksum != known.base;
            if layered && commits.insert(&known.checksum) {
                used.push((known.checksum.clone(), system.layer_size));
            }
            if commits.insert(&known.base) && matches!(known.origin, Origin::Branch(_)) {
                let size = system.base(&known.base).map_or(0, |base| base.pull.2);
                used.push((known.base.clone(), size));
            }
        }
        // What a branch was last pulled to stays.
        for checksum in self.pulled.values() {
            if self.commits.contains(checksum) && !used.iter().any(|(known, _)| known == checksum) {
                used.push((checksum.clone(), 0));
            }
        }
        used
    }

    fn free(&mut self, system: &System, before: &[(String, u64)]) -> Freed {
        let after = self.used(system);
        let gone = before.iter().filter(|(commit, _)| !after.iter().any(|(known, _)| known == commit));
        let bytes: u64 = gone.clone().map(|(_, size)| size).sum();
        for (commit, _) in gone {
            self.commits.remove(commit);
        }
        let needed: BTreeSet<String> = self.deployments.iter().flat_map(Deployment::cached).collect();
        let mut freed = Freed { bytes, packages: 0 };
        self.cache.retain(|name, size| {
            let keep = needed.contains(name);
            if !keep {
                freed.bytes += *size;
                freed.packages += 1;
            }
            keep
        });
        freed
    }
}

impl Deployment {
    /// The packages that its layer keeps in the cache.
    fn cached(&self) -> Vec<String> {
        let layer = self.layer.as_ref();
        let own = layer.into_iter().flat_map(|layer| layer.packages.iter());
        let replaced = layer.into_iter().flat_map(|layer| layer.replaced.iter().map(|(new, _)| new));
        own.chain(replaced).map(ToString::to_string).collect()
    }
}
