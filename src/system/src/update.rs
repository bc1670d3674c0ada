//! What is newer, out of the daemon's property `CachedUpdate`.

use crate::fields::{Fields, list, number, parts, text};
use crate::packages::update_changes;
use strata_model::system_update::{Advisory, AdvisoryKind, AdvisorySeverity, Fault, LayerChange};
use strata_model::{Deployment, SystemUpdate};
use zvariant::Value;

/// Advisories that are read at most.
const MAX_ADVISORIES: usize = 2000;

/// What is newer; `None` if nothing is. Some facts stand only with the deployments: what is staged knows its version, and
/// what is booted tells whether the update has a version of its own.
pub(crate) fn update(fields: &Fields<'_>, deployments: &[Deployment]) -> Option<SystemUpdate> {
    if fields.is_empty() {
        return None;
    }
    let booted = deployments.iter().find(|deployment| deployment.booted);
    let manifest = fields.fields("manifest-diff");
    let packages = fields.fields("rpm-diff");
    // Of a container image that was not downloaded the daemon gives commit and time of the one that runs.
    let checksum = fields.text("checksum");
    let present = booted.is_some_and(|booted| [&booted.checksum, &booted.base_checksum].contains(&&checksum));
    let staged = staged(fields, deployments, if present { "" } else { &checksum });
    let version = match fields.text("version") {
        version if version.is_empty() => staged.map(|staged| staged.version.clone()).unwrap_or_default(),
        version => version,
    };
    let changes = update_changes(&packages);
    let new_image = !manifest.is_empty() || fields.flag("ref-has-new-commit");
    let other_version = booted.is_some_and(|booted| !version.is_empty() && booted.version != version);
    if !new_image && changes.is_empty() && staged.is_none() && !other_version {
        return None;
    }
    // Where an older version is or was staged, the daemon compares that with what runs.
    if !present && booted.is_some_and(|booted| is_old(fields.moment("timestamp"), booted.timestamp)) {
        return None;
    }
    Some(SystemUpdate {
        version,
        timestamp: if present { 0 } else { fields.moment("timestamp") },
        checksum: if present { String::new() } else { checksum },
        reference: fields.text("origin"),
        deployment: staged.map(|staged| staged.id.clone()).unwrap_or_default(),
        new_image: new_image || (other_version && !present),
        changes,
        changes_known: !packages.is_empty(),
        advisories: advisories(fields.list("advisories")),
        layers: (!manifest.is_empty()).then(|| layers(&manifest)),
    })
}

/// Made no later than what runs, as far as both are known.
fn is_old(made: i64, running: i64) -> bool {
    made > 0 && made <= running
}

/// The deployment that has it already. The daemon names it after it made one; whoever only looks for updates later, or
/// layers something on top, makes it forget which one that was.
fn staged<'d>(fields: &Fields<'_>, deployments: &'d [Deployment], checksum: &str) -> Option<&'d Deployment> {
    let (named, version) = (fields.text("deployment"), fields.text("version"));
    let by_name = deployments.iter().find(|deployment| !named.is_empty() && deployment.id == named);
    let booted = deployments.iter().find(|deployment| deployment.booted);
    let mut waiting = deployments.iter().take_while(|deployment| !deployment.booted);
    let is_it = |deployment: &&Deployment| {
        if checksum.is_empty() {
            // Of a container image that was not downloaded by this look there is the version alone.
            !version.is_empty() && deployment.version == version && booted.is_some_and(|one| one.version != version)
        } else {
            [&*deployment.checksum, &deployment.base_checksum].contains(&checksum)
        }
    };
    by_name.or_else(|| waiting.find(is_it))
}

fn layers(manifest: &Fields<'_>) -> LayerChange {
    LayerChange {
        total: manifest.number("total"),
        total_size: manifest.number("total-size"),
        added: manifest.number("n-added"),
        added_size: manifest.number("added-size"),
        removed: manifest.number("n-removed"),
        removed_size: manifest.number("removed-size"),
    }
}

/// `a(suuasa{sv})`, the most severe first, otherwise as they come.
fn advisories<'a>(entries: impl Iterator<Item = &'a Value<'a>>) -> Vec<Advisory> {
    let mut advisories: Vec<_> = entries.take(MAX_ADVISORIES).filter_map(advisory).collect();
    advisories.sort_by_key(|advisory| std::cmp::Reverse(advisory.severity));
    advisories
}

fn advisory(entry: &Value<'_>) -> Option<Advisory> {
    let [id, kind, severity, packages, more] = parts(entry) else { return None };
    Some(Advisory {
        id: text(id),
        kind: match number(kind) {
            1 => AdvisoryKind::Security,
            2 => AdvisoryKind::Bugfix,
            3 => AdvisoryKind::Enhancement,
            4 => AdvisoryKind::NewPackage,
            _ => AdvisoryKind::Unknown,
        },
        severity: match number(severity) {
            1 => AdvisorySeverity::Low,
            2 => AdvisorySeverity::Moderate,
            3 => AdvisorySeverity::Important,
            4 => AdvisorySeverity::Critical,
            _ => AdvisorySeverity::None,
        },
        packages: list(packages).map(text).collect(),
        faults: Fields::of(more).list("cve_references").filter_map(fault).collect(),
    })
}

/// `(ss)`: where to read about it, and its title.
fn fault(entry: &Value<'_>) -> Option<Fault> {
    let [url, title] = parts(entry) else { return None };
    let (url, title) = (text(url), text(title));
    let web = url.starts_with("https://") || url.starts_with("http://");
    Some(Fault { cves: cves(&title), url: if web { url } else { String::new() }, title })
}

/// The numbers in a title, each once: `CVE-`, a year, `-`, at least four digits.
fn cves(title: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for word in title.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-')) {
        let digits = |text: &str, least: usize| text.len() >= least && text.bytes().all(|byte| byte.is_ascii_digit());
        let number = word.strip_prefix("CVE-").and_then(|number| number.split_once('-'));
        let is_one = number.is_some_and(|(year, number)| year.len() == 4 && digits(year, 4) && digits(number, 4));
        if is_one && !found.iter().any(|known| known == word) {
            found.push(word.to_owned());
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_found_in_titles() {
        let cases: [(&str, &[&str]); 5] = [
            ("CVE-2026-0001 greet: buffer overflow", &["CVE-2026-0001"]),
            ("CVE-2026-0002 CVE-2026-0003 greet: two in one", &["CVE-2026-0002", "CVE-2026-0003"]),
            ("greet (CVE-2026-123456), CVE-2026-123456: twice", &["CVE-2026-123456"]),
            ("CVE-26-0001 CVE-2026-1 CVE-2026-00x1 cve-2026-0001", &[]),
            ("", &[]),
        ];
        for (title, expected) in cases {
            assert_eq!(cves(title), expected, "{title}");
        }
    }

    #[test]
    fn only_addresses_of_the_web_are_links() {
        for (url, kept) in
            [("https://a.example/1", true), ("http://a", true), ("javascript:alert(1)", false), ("", false)]
        {
            let entry = Value::from(zvariant::Structure::from((url, "CVE-2026-0001")));
            assert_eq!(fault(&entry).unwrap().url.is_empty(), !kept, "{url}");
        }
    }
}
