//! Packages as the daemon writes them.

use crate::fields::{Fields, list, number, parts, text};
use std::collections::HashSet;
use strata_model::deployment::BasePackage;
use strata_model::system_update::{FoundPackage, PackageChange, PackageChangeKind};
use zvariant::Value;

/// Name, version and architecture out of `name-version-release.architecture`; the version with its release. A text that
/// is none is all name.
pub(crate) fn split(nevra: &str) -> (&str, &str, &str) {
    let split = || {
        let (rest, architecture) = nevra.rsplit_once('.')?;
        let (before, _release) = rest.rsplit_once('-')?;
        let (name, _version) = before.rsplit_once('-')?;
        let version = rest.get(name.len() + 1..)?;
        let whole = !name.is_empty() && version.starts_with(|first: char| first.is_ascii_alphanumeric());
        whole.then_some((name, version, architecture))
    };
    split().unwrap_or((nevra, "", ""))
}

/// What a repository has, of `aa{sv}`: each package once, where it stands first.
pub(crate) fn found(value: &Value<'_>) -> Vec<FoundPackage> {
    let mut seen = HashSet::new();
    let packages = list(value).filter_map(|entry| {
        let fields = Fields::of(entry);
        let package = FoundPackage {
            name: fields.text("name"),
            version: fields.text("evr"),
            architecture: fields.text("arch"),
            summary: fields.text("summary"),
            repository: fields.text("reponame"),
        };
        let unknown = seen.insert((package.name.clone(), package.version.clone(), package.architecture.clone()));
        (unknown && !package.name.is_empty()).then_some(package)
    });
    packages.collect()
}

/// What differs between two deployments, of `a(sua{sv})`.
pub(crate) fn differences(value: &Value<'_>) -> Vec<PackageChange> {
    let mut changes: Vec<_> = list(value).filter_map(difference).collect();
    changes.sort();
    changes
}

fn difference(entry: &Value<'_>) -> Option<PackageChange> {
    let [name, kind, packages] = parts(entry) else { return None };
    let change = match number(kind) {
        0 => PackageChangeKind::Added,
        1 => PackageChangeKind::Removed,
        2 => PackageChangeKind::Upgraded,
        3 => PackageChangeKind::Downgraded,
        _ => return None,
    };
    let packages = Fields::of(packages);
    // (name, version and release, architecture)
    let side = |key: &str| -> Option<(String, String)> {
        let Value::Structure(package) = packages.value(key)? else { return None };
        let [_, version, architecture] = package.fields() else { return None };
        Some((text(version), text(architecture)))
    };
    let (before, after) = (side("PreviousPackage"), side("NewPackage"));
    let architecture = after.as_ref().or(before.as_ref()).map(|(_, architecture)| architecture.clone());
    Some(PackageChange {
        name: text(name),
        change,
        from: before.map(|(version, _)| version).unwrap_or_default(),
        to: after.map(|(version, _)| version).unwrap_or_default(),
        architecture: architecture.unwrap_or_default(),
        ..PackageChange::default()
    })
}

/// What differs between the system and what is newer, of the dictionary `rpm-diff`.
pub(crate) fn update_changes(diff: &Fields<'_>) -> Vec<PackageChange> {
    use PackageChangeKind::{Added, Downgraded, Removed, Upgraded};
    let single = [("added", Added), ("removed", Removed)];
    let double = [("upgraded", Upgraded), ("downgraded", Downgraded)];
    let singles = single.into_iter().flat_map(|(key, change)| diff.list(key).filter_map(move |at| one(at, change)));
    let doubles = double.into_iter().flat_map(|(key, change)| diff.list(key).filter_map(move |at| two(at, change)));
    let mut changes: Vec<_> = singles.chain(doubles).collect();
    changes.sort();
    changes
}

/// `(usss)`: 1 for layered, name, version and release, architecture.
fn one(entry: &Value<'_>, change: PackageChangeKind) -> Option<PackageChange> {
    let [layered, name, version, architecture] = parts(entry) else { return None };
    let (from, to) = match change {
        PackageChangeKind::Removed => (text(version), String::new()),
        _ => (String::new(), text(version)),
    };
    let (name, architecture) = (text(name), text(architecture));
    Some(PackageChange {
        name,
        change,
        from,
        to,
        architecture,
        layered: number(layered) == 1,
        repository: String::new(),
    })
}

/// `(us(ss)(ss))`: 1 for layered, name, then version and release with the architecture, before and afterwards.
fn two(entry: &Value<'_>, change: PackageChangeKind) -> Option<PackageChange> {
    let [layered, name, before, after] = parts(entry) else { return None };
    let ([from, _], [to, architecture]) = (parts(before), parts(after)) else { return None };
    Some(PackageChange {
        name: text(name),
        change,
        from: text(from),
        to: text(to),
        architecture: text(architecture),
        layered: number(layered) == 1,
        repository: String::new(),
    })
}

/// Packages of the image that were taken out, of `av` with `(sstsss)` in each.
pub(crate) fn removed<'a>(entries: impl Iterator<Item = &'a Value<'a>>) -> Vec<BasePackage> {
    entries
        .filter_map(|entry| evr(entry))
        .map(|(name, version, architecture)| BasePackage { name, version, replacement: String::new(), architecture })
        .collect()
}

/// Packages of the image that were replaced, of `a(vv)` with `(sstsss)` in each: the one in place, then that of the image.
pub(crate) fn replaced<'a>(entries: impl Iterator<Item = &'a Value<'a>>) -> Vec<BasePackage> {
    let package = |entry: &'a Value<'a>| {
        let [new, old] = parts(entry) else { return None };
        let (name, replacement, architecture) = evr(new)?;
        let version = evr(old).map(|(_, version, _)| version).unwrap_or_default();
        Some(BasePackage { name, version, replacement, architecture })
    };
    entries.filter_map(package).collect()
}

/// Name, version and release, and architecture of `(sstsss)`: the whole in one text, name, epoch, version, release,
/// architecture.
fn evr(value: &Value<'_>) -> Option<(String, String, String)> {
    let [_, name, epoch, version, release, architecture] = parts(value) else { return None };
    let (version, release) = (text(version), text(release));
    let version = match number(epoch) {
        0 => format!("{version}-{release}"),
        epoch => format!("{epoch}:{version}-{release}"),
    };
    Some((text(name), version, text(architecture)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_package_is_split_from_behind() {
        let cases = [
            ("greet-1.0-1.noarch", ("greet", "1.0-1", "noarch")),
            ("gtk4-devel-tools-4.18.2-1.fc41.x86_64", ("gtk4-devel-tools", "4.18.2-1.fc41", "x86_64")),
            ("bind-libs-32:9.18-1.fc41.x86_64", ("bind-libs", "32:9.18-1.fc41", "x86_64")),
            ("greet", ("greet", "", "")),
            ("-1.0-1.noarch", ("-1.0-1.noarch", "", "")),
            ("", ("", "", "")),
        ];
        for (nevra, expected) in cases {
            assert_eq!(split(nevra), expected, "{nevra}");
        }
    }
}
