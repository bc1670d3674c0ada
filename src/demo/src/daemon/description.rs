//! What a simulated system consists of: data only, read from a TOML file.

use super::nevra::Nevra;
use serde::{Deserialize, Serialize};

/// A system, its remote, its repositories, and how its daemon behaves.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct System {
    /// The name that ostree has for the operating system; also the end of its object's path.
    pub os: String,
    /// As boot menus have it.
    pub title: String,
    /// The kernel's version.
    pub kernel: String,
    /// The checksum of kernel and initramfs, part of their path.
    pub boot_checksum: String,
    /// What the kernel is started with.
    pub arguments: String,
    /// The ostree branch the system follows, as `REMOTE:REF`.
    pub refspec: String,
    /// Where the remote is fetched over HTTP; empty for one on disk.
    #[serde(default)]
    pub url: String,
    /// Nobody answers at that address.
    #[serde(default)]
    pub unreachable: bool,
    /// The version that the branch has now.
    pub newest: String,
    /// Running under systemd: changes can be applied to the running system.
    #[serde(default)]
    pub systemd: bool,
    /// How the state begins.
    #[serde(default)]
    pub begin: Begin,
    /// How the daemon behaves beside its work.
    #[serde(default)]
    pub manners: Manners,
    /// What the layer of a deployment takes on disk, in bytes.
    #[serde(default)]
    pub layer_size: u64,
    /// The versions of the base.
    #[serde(default)]
    pub base: Vec<Base>,
    /// Container images.
    #[serde(default)]
    pub image: Vec<Image>,
    /// Repositories of packages.
    #[serde(default)]
    pub repo: Vec<Repo>,
}

/// The state a system begins with.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Begin {
    /// The version that is booted.
    pub booted: String,
    /// It was booted from this container image.
    pub image: Option<String>,
    /// Packages layered on it.
    pub packages: Vec<String>,
    /// The version that was booted before, if it is still there.
    pub rollback: Option<String>,
    /// The update is staged already.
    pub staged: bool,
    /// The update was looked for already.
    pub checked: bool,
}

/// How the daemon behaves beside its work.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Manners {
    /// How many times longer than recorded everything takes; 0 is at once.
    pub pace: f64,
    /// It kills itself at the first signal that has this text.
    pub dies_at: Option<String>,
    /// Another program begins an update when the daemon starts.
    pub busy: bool,
    /// Each signal of a transaction waits until it is asked for; see `Control`.
    pub stepwise: bool,
}

/// One version of the base.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Base {
    /// Its version.
    pub version: String,
    /// Its commit.
    pub checksum: String,
    /// When it was made, in seconds since 1970.
    pub timestamp: u64,
    /// What is in it.
    pub packages: Vec<Nevra>,
    /// Why it will get no updates any more.
    #[serde(default)]
    pub end_of_life: Option<String>,
    /// Objects that pulling it brings: metadata beside the commit, content, and the bytes written.
    #[serde(default)]
    pub pull: (u64, u64, u64),
    /// Bytes that pulling it transfers: when its commit is not there yet, when it is, and with everything.
    #[serde(default)]
    pub transfer: (u64, u64, u64),
}

/// A container image.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Image {
    /// `ostree-unverified-image:…`.
    pub reference: String,
    /// Its version.
    pub version: String,
    /// The digest of its manifest.
    pub digest: String,
    /// The commit it becomes here.
    pub checksum: String,
    /// This one lies at the reference now.
    #[serde(default)]
    pub newest: bool,
    /// Its layers in the manifest's order; the first is the base commit.
    pub layers: Vec<ImageLayer>,
    /// The manifest, if it shall be shown.
    #[serde(default)]
    pub manifest: String,
    /// The configuration, likewise.
    #[serde(default)]
    pub config: String,
}

/// A layer of an image.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ImageLayer {
    /// `sha256:…`.
    pub digest: String,
    /// Packed, in bytes.
    pub size: u64,
}

/// A repository of packages.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Repo {
    /// Its id.
    pub id: String,
    /// As a person calls it.
    pub description: String,
    /// Used, unless the state says otherwise.
    pub enabled: bool,
    /// When its metadata were made, in seconds since 1970.
    pub generated: u64,
    /// Its packages.
    #[serde(default)]
    pub package: Vec<Package>,
    /// Its advisories.
    #[serde(default)]
    pub advisory: Vec<Advisory>,
}

/// A package in a repository.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Package {
    /// What it is.
    pub nevra: Nevra,
    /// One line about it.
    pub summary: String,
    /// What it needs, beside nothing.
    #[serde(default)]
    pub requires: Vec<String>,
    /// What it provides beside its name.
    #[serde(default)]
    pub provides: Vec<String>,
    /// What it takes in the package cache, in bytes.
    #[serde(default)]
    pub size: u64,
    /// Its script after the installation ends with this code.
    #[serde(default)]
    pub script_fails: Option<i32>,
}

/// An advisory.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Advisory {
    /// Its id.
    pub id: String,
    /// About security; others are not shown.
    #[serde(default)]
    pub security: bool,
    /// 0 none … 4 critical.
    #[serde(default)]
    pub severity: u32,
    /// The packages that it is about.
    pub packages: Vec<Nevra>,
    /// Address and title of each problem's report.
    #[serde(default)]
    pub cves: Vec<(String, String)>,
}

impl System {
    /// The path of the system's object.
    pub fn path(&self) -> String {
        format!("{}/{}", super::ROOT, self.os)
    }

    /// A version of the base by its commit, or by the commit of an image made of it.
    pub fn base(&self, checksum: &str) -> Option<&Base> {
        let own = self.base.iter().find(|base| base.checksum == checksum);
        own.or_else(|| self.version(&self.image_of(checksum)?.version))
    }

    /// A version of the base.
    pub fn version(&self, version: &str) -> Option<&Base> {
        self.base.iter().find(|base| base.version == version)
    }

    /// The image that became this commit.
    pub fn image_of(&self, checksum: &str) -> Option<&Image> {
        self.image.iter().find(|image| image.checksum == checksum)
    }

    /// What lies at an image's reference now.
    pub fn newest_image(&self, reference: &str) -> Option<&Image> {
        self.image.iter().filter(|image| image.reference == reference).find(|image| image.newest)
    }
}
