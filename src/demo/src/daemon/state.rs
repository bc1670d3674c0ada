//! The state of a simulated system: what lies on its disk.

use super::description::System;
use super::nevra::Nevra;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// What would survive a restart of the daemon.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct State {
    /// In boot order, a staged one first.
    pub deployments: Vec<Deployment>,
    /// The commit that each branch had when it was last pulled.
    pub pulled: BTreeMap<String, String>,
    /// Commits that are complete on disk.
    pub commits: BTreeSet<String>,
    /// The update as it was last computed.
    pub update: Option<Update>,
    /// The cache of packages: unpacked ones and their bytes.
    pub cache: BTreeMap<String, u64>,
    /// Repositories that were switched on or off.
    pub switched: BTreeMap<String, bool>,
    /// The numbers of the boot configuration's folder.
    pub boot: (u32, u32),
}

/// One bootable state of the system.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[allow(clippy::struct_excessive_bools)] // As the daemon shows it.
pub struct Deployment {
    /// What it follows.
    pub origin: Origin,
    /// The commit of its base.
    pub base: String,
    /// Its own commit; the base's when nothing is layered.
    pub checksum: String,
    /// Tells deployments of one commit apart.
    pub serial: i32,
    /// When its commit was made, in seconds since 1970.
    pub timestamp: u64,
    /// What was asked for.
    pub wishes: Wishes,
    /// What was put on the base.
    pub layer: Option<Layer>,
    /// The kernel's arguments, where they were changed.
    pub arguments: Option<String>,
    /// Kept by the person.
    pub pinned: bool,
    /// Becomes bootable when the system goes down.
    pub staged: bool,
    /// Running now.
    pub booted: bool,
    /// Changes were applied to it while it runs.
    pub transient: bool,
    /// The commit that was applied to it.
    pub live: Option<String>,
}

/// What a deployment follows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Origin {
    /// A branch, as `REMOTE:REF`.
    Branch(String),
    /// An image by its reference, and the manifest's digest.
    Image(String, String),
}

impl Origin {
    /// As `CachedUpdate` has it.
    pub fn text(&self) -> &str {
        match self {
            Self::Branch(text) | Self::Image(text, _) => text,
        }
    }
}

/// What was asked for, beside the base.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Wishes {
    /// Packages by name.
    pub packages: BTreeSet<String>,
    /// Packages from files.
    pub local: BTreeMap<String, Local>,
    /// Base packages to be left out.
    pub removals: BTreeSet<String>,
    /// Base packages to be replaced from files.
    pub replacements: BTreeMap<String, Local>,
}

impl Wishes {
    /// Nothing but the base.
    pub fn none(&self) -> bool {
        self.packages.is_empty() && self.local.is_empty() && self.removals.is_empty() && self.replacements.is_empty()
    }
}

/// What is known of a package from a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Local {
    /// What it is.
    pub nevra: Nevra,
    /// What it needs.
    pub requires: Vec<String>,
    /// Its bytes.
    pub size: u64,
}

/// What was put on the base.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Layer {
    /// Every package, dependencies too, sorted.
    pub packages: Vec<Nevra>,
    /// Those of the wishes that are really layered.
    pub requested: Vec<String>,
    /// Base packages that were left out.
    pub removed: Vec<Nevra>,
    /// New and old of what was replaced.
    pub replaced: Vec<(Nevra, Nevra)>,
    /// The repositories that were used, and when their metadata were made.
    pub repos: Vec<(String, u64)>,
    /// What the same layer would have again.
    pub state: String,
}

/// The update as the daemon last computed it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Update {
    /// The commit it was computed for.
    pub booted: String,
    /// What it leads to.
    pub checksum: String,
    /// Its version, where known.
    pub version: Option<String>,
    /// When it was made.
    pub timestamp: u64,
    /// What it follows.
    pub origin: String,
    /// `origin` is a branch.
    pub branch: bool,
    /// The branch has a new commit.
    pub new_commit: bool,
    /// The deployment that has it already.
    pub deployment: Option<String>,
    /// Packages.
    pub packages: Option<Vec<Change>>,
    /// Layers: all, their bytes, added, their bytes, removed, their bytes.
    pub layers: Option<[u64; 6]>,
    /// Ids of advisories.
    pub advisories: Vec<String>,
}

/// A package that an update changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// 0 in the base, 1 layered.
    pub kind: u32,
    /// Before, unless it is added.
    pub from: Option<Nevra>,
    /// After, unless it is removed.
    pub to: Option<Nevra>,
}

impl State {
    /// The running deployment.
    pub fn booted(&self) -> Option<&Deployment> {
        self.deployments.iter().find(|deployment| deployment.booted)
    }

    /// The one that the next change is made on top of: the first in boot order.
    pub fn merge(&self) -> Option<&Deployment> {
        self.deployments.first()
    }

    /// The one that will be booted next, if it is not the running one.
    pub fn pending(&self) -> Option<&Deployment> {
        self.merge().filter(|first| !first.booted)
    }

    /// The one to go back to.
    pub fn rollback(&self) -> Option<&Deployment> {
        let booted = self.deployments.iter().position(|deployment| deployment.booted)?;
        self.deployments.get(booted + 1)
    }

    /// Whether a repository is used.
    pub fn enabled(&self, system: &System, id: &str) -> bool {
        let usual = || system.repo.iter().any(|repo| repo.id == id && repo.enabled);
        self.switched.get(id).copied().unwrap_or_else(usual)
    }
}

impl Deployment {
    /// As the daemon names it.
    pub fn id(&self, os: &str) -> String {
        format!("{os}-{}.{}", self.checksum, self.serial)
    }

    /// Every package in it.
    pub fn packages(&self, system: &System) -> Vec<Nevra> {
        let mut all = system.base(&self.base).map(|base| base.packages.clone()).unwrap_or_default();
        if let Some(layer) = &self.layer {
            all.retain(|known| !layer.removed.contains(known) && !layer.replaced.iter().any(|(_, old)| old == known));
            all.extend(layer.packages.iter().cloned());
            all.extend(layer.replaced.iter().map(|(new, _)| new.clone()));
        }
        all.sort();
        all
    }
}
