//! What a dry run would change: the daemon writes it only into its messages.

use crate::packages::split;
use strata_model::system_update::{PackageChange, PackageChangeKind};

/// Packages that are read at most.
const MAX_PACKAGES: usize = 20_000;

/// Reads lists such as `Installing 3 packages:` with a line `  greet-1.0-1.noarch (rig)` for each.
#[derive(Debug, Default)]
pub(crate) struct DryRun {
    /// What the last heading says about the lines below it.
    heading: Option<PackageChangeKind>,
    /// What was read.
    pub(crate) changes: Vec<PackageChange>,
    /// The daemon says that everything is as asked already.
    pub(crate) unchanged: bool,
}

impl DryRun {
    /// Takes one message; several lines of one are as several messages.
    pub(crate) fn hear(&mut self, message: &str) {
        for line in message.lines() {
            match line.strip_prefix("  ") {
                Some(package) if self.changes.len() < MAX_PACKAGES => {
                    self.changes.extend(self.heading.and_then(|change| package_of(package, change)));
                }
                Some(_) => {}
                None => {
                    self.heading = heading(line);
                    self.unchanged |= says_unchanged(line);
                }
            }
        }
    }
}

/// The daemon had nothing to do.
pub(crate) fn says_unchanged(message: &str) -> bool {
    matches!(message.trim(), "No change." | "No upgrade available." | "Deployments unchanged." | "No changes.")
}

fn heading(line: &str) -> Option<PackageChangeKind> {
    let (verb, rest) = line.strip_suffix(':')?.split_once(' ')?;
    let (count, noun) = rest.split_once(' ')?;
    if count.parse::<u64>().is_err() || !noun.starts_with("package") {
        return None;
    }
    match verb {
        "Installing" => Some(PackageChangeKind::Added),
        "Removing" | "Obsoleting" => Some(PackageChangeKind::Removed),
        "Upgrading" | "Updating" => Some(PackageChangeKind::Upgraded),
        "Downgrading" => Some(PackageChangeKind::Downgraded),
        "Reinstalling" => Some(PackageChangeKind::Reinstalled),
        _ => None,
    }
}

fn package_of(line: &str, change: PackageChangeKind) -> Option<PackageChange> {
    let line = line.trim();
    let (nevra, repository) = match line.split_once(" (") {
        Some((nevra, repository)) => (nevra, repository.trim_end_matches(')')),
        None => (line, ""),
    };
    let (name, version, architecture) = split(nevra);
    let (from, to) = if change == PackageChangeKind::Removed { (version, "") } else { ("", version) };
    (!name.is_empty()).then(|| PackageChange {
        name: name.to_owned(),
        change,
        from: from.to_owned(),
        to: to.to_owned(),
        architecture: architecture.to_owned(),
        layered: true,
        repository: repository.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packages_belong_to_the_heading_above_them() {
        let mut run = DryRun::default();
        for message in [
            "Enabled rpm-md repositories: rig",
            "  stray-1.0-1.noarch (rig)",
            "Installing 2 packages:",
            "  greet-1.0-1.noarch (rig)",
            "  gtk4-tools-4.18-1.fc41.x86_64 (updates)",
            "Removing 1 package:\n  old-0.9-3.noarch (@System)",
            "Freed: 7 kB (pkgcache branches: 1)",
            "  after-1.0-1.noarch (rig)",
        ] {
            run.hear(message);
        }
        let read: Vec<_> = run
            .changes
            .iter()
            .map(|package| (package.name.as_str(), package.change, package.from.as_str(), package.to.as_str()))
            .collect();
        assert_eq!(
            read,
            [
                ("greet", PackageChangeKind::Added, "", "1.0-1"),
                ("gtk4-tools", PackageChangeKind::Added, "", "4.18-1.fc41"),
                ("old", PackageChangeKind::Removed, "0.9-3", ""),
            ]
        );
        assert_eq!(run.changes[1].repository, "updates");
        assert!(!run.unchanged);
    }

    #[test]
    fn nothing_to_do_is_said_in_words() {
        for message in ["No change.", "No upgrade available.", "Deployments unchanged."] {
            let mut run = DryRun::default();
            run.hear(message);
            assert!(run.unchanged, "{message}");
        }
    }
}
