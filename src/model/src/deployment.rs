//! Deployments: the whole systems that lie on the disk, one of which runs.

use serde::{Deserialize, Serialize};
use zvariant::Type;

/// One whole system on the disk.
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Deployment {
    /// The daemon's name for it, as long as it lies on the disk.
    pub id: String,
    /// Its place in the order of the machine's start, from 0: what `ostree admin pin` counts by.
    pub index: u32,
    /// The name of the operating system (`fedora`).
    pub os: String,
    /// The version to show: that of the image that it stands on, else its own; empty if neither says one.
    pub version: String,
    /// When the image that it stands on was made, seconds since 1970, 0 if unknown.
    pub timestamp: i64,
    /// What exactly it is: its commit, with everything that was layered.
    pub checksum: String,
    /// The commit of the image that it stands on; its own where nothing was changed.
    pub base_checksum: String,
    /// Where its image comes from: the address of a container image, or a remote and its branch
    /// (`fedora:fedora/41/x86_64/silverblue`). Empty if nobody knows.
    pub reference: String,
    /// The image is a container image.
    pub container: bool,
    /// The digest of the container image, empty otherwise.
    pub digest: String,
    /// It runs now.
    pub booted: bool,
    /// It is ready for the next start, and takes its place while the machine shuts down.
    pub staged: bool,
    /// It is what Roll Back goes to.
    pub rollback: bool,
    /// It is kept until somebody unpins it.
    pub pinned: bool,
    /// Its `/usr` can be written to.
    pub unlocked: Unlocked,
    /// Changes were brought into it while it ran: the commit that they came from, empty if none.
    pub live: String,
    /// It is not put in its place at the next shutdown before somebody says so.
    pub locked: bool,
    /// Its image gets no more updates: the words of whoever makes it, empty if that is not so.
    pub end_of_life: String,
    /// The packages that were asked for, by their names or what they provide.
    pub requested: Vec<String>,
    /// The packages that are layered because of that: of those asked for, the ones that the image does not carry itself.
    pub layered: Vec<String>,
    /// Packages layered from files, by name, version and architecture.
    pub local: Vec<String>,
    /// Packages of the image that were taken out.
    pub removed: Vec<BasePackage>,
    /// Packages of the image that stand in another version.
    pub replaced: Vec<BasePackage>,
    /// Its initial ramdisk is made on this machine.
    pub initramfs: bool,
}

/// How much of a commit tells it from others.
const COMMIT: usize = 10;

/// What a version is called: by its own name or, where nobody gave it one, by the beginning of its commit.
pub(crate) fn called<'t>(version: &'t str, commit: &'t str) -> &'t str {
    if version.is_empty() { &commit[..commit.floor_char_boundary(COMMIT)] } else { version }
}

impl Deployment {
    /// What it is called, see [`called`].
    pub fn called(&self) -> &str {
        called(&self.version, &self.checksum)
    }

    /// It is ready, and does not come with a restart until whoever made it lets it go.
    pub fn is_held_back(&self) -> bool {
        self.staged && self.locked
    }

    /// Anything beside the image is in it: packages that were layered, removed or replaced, a ramdisk of its own. Updating
    /// it is then more than taking over an image.
    pub fn is_changed(&self) -> bool {
        let packages = [self.requested.len(), self.local.len(), self.removed.len(), self.replaced.len()];
        self.initramfs || packages.iter().any(|count| *count > 0)
    }

    /// What somebody asked for that is this package: its name, or `name-version-release.architecture` where it came in a
    /// file.
    pub fn requested_as(&self, package: &str) -> Option<&str> {
        let is_it = |nevra: &&String| {
            let rest = nevra.strip_prefix(package).and_then(|rest| rest.strip_prefix('-'));
            // Neither version nor release has a hyphen: `foo-extra-1.0-1.noarch` is no `foo`.
            **nevra == package || rest.is_some_and(|rest| rest.matches('-').count() == 1)
        };
        let named = self.requested.iter().chain(&self.layered).find(|name| *name == package);
        named.or_else(|| self.local.iter().find(is_it)).map(String::as_str)
    }
}

/// A package of the image that was taken out or replaced.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct BasePackage {
    /// Its name.
    pub name: String,
    /// Version and release in the image, empty if unknown.
    pub version: String,
    /// Version and release that stand in its place; empty if it was taken out.
    pub replacement: String,
    /// Its architecture.
    pub architecture: String,
}

/// How far a deployment can be written to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, Type)]
#[serde(rename_all = "kebab-case")]
#[zvariant(signature = "s")]
pub enum Unlocked {
    /// Not at all, as it should be.
    #[default]
    None,
    /// Until the next start, for trying things out.
    Development,
    /// For good: somebody mended something by hand.
    Hotfix,
    /// Until the next start, and only for programs that ask for it.
    Transient,
    /// In a way that this version of Strata does not know.
    Unknown,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_no_version_is_called_by_its_commit() {
        assert_eq!(called("42.1", "d926928d92e9ed65"), "42.1");
        assert_eq!(called("", "d926928d92e9ed65"), "d926928d92");
        assert_eq!(called("", ""), "");
    }

    #[test]
    fn a_package_from_a_file_is_known_by_its_name() {
        let text = |text: &str| text.to_owned();
        let local = vec![text("foo-extra-1.0-1.noarch"), text("foo-1.0-1.noarch")];
        let deployment = Deployment { requested: vec![text("htop")], local, ..Deployment::default() };
        let cases = [
            ("htop", Some("htop")),
            ("foo", Some("foo-1.0-1.noarch")),
            ("foo-extra", Some("foo-extra-1.0-1.noarch")),
            ("fo", None),
            ("glibc", None),
        ];
        for (package, expected) in cases {
            assert_eq!(deployment.requested_as(package), expected, "{package}");
        }
    }
}
