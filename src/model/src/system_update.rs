//! What is newer than the system, and what differs between two deployments.

use serde::{Deserialize, Serialize};
use zvariant::Type;

/// A newer system.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct SystemUpdate {
    /// Its version, empty if it says none.
    pub version: String,
    /// When its image was made, seconds since 1970, 0 if unknown.
    pub timestamp: i64,
    /// The commit of its image, empty if it is known only after the download.
    pub checksum: String,
    /// Where its image comes from, see [`crate::deployment::Deployment::reference`].
    pub reference: String,
    /// The deployment that it was made ready as, empty before.
    pub deployment: String,
    /// The image itself is newer. If not, only layered packages are.
    pub new_image: bool,
    /// The packages that change; see `changes_known`.
    pub changes: Vec<PackageChange>,
    /// The list of changes is whole. Of a container image nobody knows it before it is downloaded.
    pub changes_known: bool,
    /// Advisories that the update settles, the most severe first.
    pub advisories: Vec<Advisory>,
    /// What of a container image has to come.
    pub layers: Option<LayerChange>,
}

impl SystemUpdate {
    /// What it is called; empty as long as nothing of it has a name.
    pub fn called(&self) -> &str {
        crate::deployment::called(&self.version, &self.checksum)
    }
}

/// A package that changes.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, Type)]
pub struct PackageChange {
    /// Its name.
    pub name: String,
    /// What happens to it.
    pub change: PackageChangeKind,
    /// Version and release before, empty if it comes.
    pub from: String,
    /// Version and release afterwards, empty if it goes.
    pub to: String,
    /// Its architecture.
    pub architecture: String,
    /// It is layered, and no part of the image.
    pub layered: bool,
    /// The repository that it comes from, empty if unknown.
    pub repository: String,
}

/// What happens to a package.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Type)]
#[serde(rename_all = "kebab-case")]
#[zvariant(signature = "s")]
pub enum PackageChangeKind {
    /// It comes.
    #[default]
    Added,
    /// It goes.
    Removed,
    /// It becomes newer.
    Upgraded,
    /// It becomes older.
    Downgraded,
    /// It comes again in the same version.
    Reinstalled,
}

/// What a repository says about a fault that an update settles.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Advisory {
    /// Its number (`FEDORA-2026-0123456789`).
    pub id: String,
    /// What it is about.
    pub kind: AdvisoryKind,
    /// How bad it is.
    pub severity: AdvisorySeverity,
    /// The packages that settle it, by name, version and architecture.
    pub packages: Vec<String>,
    /// The faults that it settles.
    pub faults: Vec<Fault>,
}

/// A publicly known fault.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Fault {
    /// Its CVE numbers, as they stand in its title; may be empty.
    pub cves: Vec<String>,
    /// Its title in its own words.
    pub title: String,
    /// Where to read about it: an `https` or `http` address, empty if there is none.
    pub url: String,
}

/// What an advisory is about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, Type)]
#[serde(rename_all = "kebab-case")]
#[zvariant(signature = "s")]
pub enum AdvisoryKind {
    /// It does not say.
    #[default]
    Unknown,
    /// A hole in security.
    Security,
    /// Something that did not work.
    Bugfix,
    /// Something that works better.
    Enhancement,
    /// A new package.
    NewPackage,
}

/// How bad it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Type)]
#[serde(rename_all = "kebab-case")]
#[zvariant(signature = "s")]
pub enum AdvisorySeverity {
    /// It does not say.
    #[default]
    None,
    /// Low.
    Low,
    /// Moderate.
    Moderate,
    /// Important.
    Important,
    /// Critical.
    Critical,
}

/// What of a container image changes. Sizes are in bytes, packed as they are downloaded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct LayerChange {
    /// Layers of the new image.
    pub total: u64,
    /// Their size.
    pub total_size: u64,
    /// Layers that have to come.
    pub added: u64,
    /// Their size: the download.
    pub added_size: u64,
    /// Layers that are needed no more.
    pub removed: u64,
    /// Their size.
    pub removed_size: u64,
}

/// A package that a repository has.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct FoundPackage {
    /// Its name.
    pub name: String,
    /// Version and release, with the epoch in front where it has one.
    pub version: String,
    /// Its architecture.
    pub architecture: String,
    /// What it is, in one sentence of its own.
    pub summary: String,
    /// The repository that has it.
    pub repository: String,
}
