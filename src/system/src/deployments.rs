//! Deployments out of the daemon's dictionaries.

use crate::fields::{Fields, list};
use crate::packages::{removed, replaced};
use strata_model::Deployment;
use strata_model::deployment::{BasePackage, Unlocked};
use zvariant::Value;

/// Deployments that are read at most: a boot menu has a handful.
const MAX_DEPLOYMENTS: usize = 64;

/// What the system is started from, in boot order, of the property `Deployments`; `rollback` is what Roll Back goes to.
pub(crate) fn deployments<'a>(entries: impl Iterator<Item = &'a Value<'a>>, rollback: &str) -> Vec<Deployment> {
    let read = entries.take(MAX_DEPLOYMENTS).map(|entry| deployment(&Fields::of(entry)));
    let mut deployments: Vec<_> = read.collect();
    for (place, deployment) in deployments.iter_mut().enumerate() {
        deployment.index = u32::try_from(place).unwrap_or(u32::MAX);
        deployment.rollback = !rollback.is_empty() && deployment.id == rollback;
    }
    // Without a name nothing can be asked about it; its place is taken all the same.
    deployments.retain(|deployment| !deployment.id.is_empty());
    deployments
}

fn deployment(fields: &Fields<'_>) -> Deployment {
    let either = |first: &str, second: &str| if fields.has(first) { fields.text(first) } else { fields.text(second) };
    let image = fields.text("container-image-reference");
    let base_time = fields.moment("base-timestamp");
    Deployment {
        id: fields.text("id"),
        os: fields.text("osname"),
        version: either("base-version", "version"),
        timestamp: if base_time == 0 { fields.moment("timestamp") } else { base_time },
        checksum: fields.text("checksum"),
        base_checksum: either("base-checksum", "checksum"),
        container: !image.is_empty(),
        reference: if image.is_empty() { fields.text("origin") } else { image },
        digest: fields.text("container-image-reference-digest"),
        booted: fields.flag("booted"),
        staged: fields.flag("staged"),
        pinned: fields.flag("pinned"),
        unlocked: unlocked(&fields.text("unlocked")),
        live: fields.text("live-replaced"),
        locked: fields.flag("finalization-locked"),
        end_of_life: fields.text("endoflife"),
        requested: fields.texts("requested-packages"),
        layered: fields.texts("packages"),
        local: fields.texts("requested-local-packages"),
        removed: removed(fields.list("base-removals")),
        replaced: all_replaced(fields),
        initramfs: fields.flag("regenerate-initramfs"),
        ..Deployment::default()
    }
}

/// Replaced from files, and from repositories, which are listed one by one.
fn all_replaced(fields: &Fields<'_>) -> Vec<BasePackage> {
    let mut all = replaced(fields.list("base-local-replacements"));
    let remote = fields.fields("base-remote-replacements");
    all.extend(remote.values().flat_map(|packages| replaced(list(packages))));
    all.sort_by(|one, other| one.name.cmp(&other.name));
    all
}

fn unlocked(word: &str) -> Unlocked {
    match word {
        "none" | "" => Unlocked::None,
        "development" => Unlocked::Development,
        "hotfix" => Unlocked::Hotfix,
        "transient" => Unlocked::Transient,
        _ => Unlocked::Unknown,
    }
}
