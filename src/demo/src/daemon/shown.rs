//! State as the daemon's properties show it.

use super::data::Data;
use super::description::{Image, System};
use super::nevra::Nevra;
use super::order::dictionary;
use super::state::{Deployment, Layer, Local, Origin, State};
use std::collections::BTreeMap;

/// A deployment's dictionary. The entries stand in the order of insertion: with it and the hash table's rule every
/// recorded order comes out.
pub(super) fn deployment(system: &System, state: &State, it: &Deployment) -> Data {
    let base = system.base(&it.base);
    let image = system.image_of(&it.base);
    let layer = it.layer.as_ref();
    let pending = pending(system, state, it);
    let pending_of = |key: usize| pending.as_ref().map(|parts| parts[key].clone());
    let of_image = |part: usize| match &it.origin {
        Origin::Image(reference, digest) => Some(Data::text([reference, digest][part])),
        Origin::Branch(_) => None,
    };
    let text = |text: &str| Some(Data::text(text));
    let base_version = base.filter(|_| layer.is_some() && image.is_none()).map(|base| Data::text(&base.version));
    let names = |map: &BTreeMap<String, Local>| Data::texts(map.values().map(|local| local.nevra.to_string()));
    let branch = match &it.origin {
        Origin::Branch(refspec) => Some(Data::text(refspec)),
        Origin::Image(..) => None,
    };
    let entries = [
        ("osname", text(&system.os)),
        ("id", text(&it.id(&system.os))),
        ("serial", Some(Data::I32(it.serial))),
        ("checksum", text(&it.checksum)),
        ("staged", Some(Data::Bool(it.staged))),
        ("booted", Some(Data::Bool(it.booted))),
        ("base-version", base_version),
        ("base-commit-meta", Some(base_meta(system, it))),
        ("endoflife", base.and_then(|base| base.end_of_life.as_ref()).map(Data::text)),
        ("live-replaced", it.live.as_ref().map(Data::text)),
        ("unlocked", text(if it.transient { "transient" } else { "none" })),
        ("pinned", Some(Data::Bool(it.pinned))),
        ("base-checksum", layer.map(|_| Data::text(&it.base))),
        ("container-image-reference-digest", of_image(1)),
        ("version", base.map(|base| Data::text(&base.version))),
        ("gpg-enabled", branch.as_ref().map(|_| Data::Bool(false))),
        ("requested-local-packages", Some(names(&it.wishes.local))),
        ("requested-base-local-replacements", Some(names(&it.wishes.replacements))),
        ("regenerate-initramfs", Some(Data::Bool(false))),
        ("base-timestamp", base.filter(|_| layer.is_some()).map(|base| Data::U64(base.timestamp))),
        ("layered-commit-meta", layer.map(|layer| layer_meta(system, it, layer))),
        ("requested-base-removals", Some(Data::texts(&it.wishes.removals))),
        ("timestamp", Some(Data::U64(it.timestamp))),
        ("container-image-reference", of_image(0)),
        ("pending-base-checksum", pending_of(0)),
        ("pending-base-version", pending_of(1)),
        ("pending-base-timestamp", pending_of(2)),
        ("origin", branch),
        ("requested-local-fileoverride-packages", Some(Data::texts::<&str>([]))),
        ("requested-packages", Some(Data::texts(&it.wishes.packages))),
        ("packages", Some(Data::texts(layer.map(|layer| &layer.requested[..]).unwrap_or_default()))),
        ("base-remote-replacements", Some(Data::pairs::<&str>([]))),
        ("base-removals", Some(removals(layer))),
        ("base-local-replacements", Some(replacements(layer))),
    ];
    dictionary(entries.into_iter().filter_map(|(key, value)| Some((key, value?))))
}

/// What the branch was pulled to, if that is not what this deployment has: checksum, version, time.
fn pending(system: &System, state: &State, it: &Deployment) -> Option<[Data; 3]> {
    let Origin::Branch(refspec) = &it.origin else {
        return None;
    };
    let pulled = state.pulled.get(refspec).filter(|pulled| **pulled != it.base)?;
    let base = system.base(pulled)?;
    Some([Data::text(pulled), Data::text(&base.version), Data::U64(base.timestamp)])
}

fn base_meta(system: &System, it: &Deployment) -> Data {
    let version = system.base(&it.base).map(|base| base.version.clone()).unwrap_or_default();
    match &it.origin {
        Origin::Branch(refspec) => {
            let name = refspec.split_once(':').map_or(refspec.as_str(), |(_, name)| name);
            dictionary([
                ("version", Data::text(version)),
                ("ostree.bootable", Data::Bool(true)),
                ("ostree.linux", Data::text(&system.kernel)),
                ("ostree.ref-binding", Data::texts([name])),
            ])
        }
        Origin::Image(_, digest) => image_meta(system.image_of(&it.base), digest),
    }
}

fn image_meta(image: Option<&Image>, digest: &str) -> Data {
    let of = |part: fn(&Image) -> &String| Data::text(image.map(part).cloned().unwrap_or_default());
    dictionary([
        ("ostree.manifest-digest", Data::text(digest)),
        ("ostree.manifest", of(|image| &image.manifest)),
        ("ostree.container.image-config", of(|image| &image.config)),
        ("ostree.importer.version", Data::text("0.15.3")),
        ("ostree.tar-filtered", empty_filtered()),
    ])
}

fn empty_filtered() -> Data {
    use zvariant::Signature;
    Data::Dict(Signature::Str, Signature::dict(Signature::Str, Signature::U32), Vec::new())
}

/// The table that this one comes out of has more in it, which is taken away: its order is always this one.
fn layer_meta(system: &System, it: &Deployment, layer: &Layer) -> Data {
    let repo =
        |(id, timestamp): &(String, u64)| dictionary([("id", Data::text(id)), ("timestamp", Data::U64(*timestamp))]);
    let version = system.base(&it.base).filter(|_| matches!(it.origin, Origin::Branch(_)));
    let entries = [
        ("rpmostree.clientlayer", Some(Data::Bool(true))),
        ("version", version.map(|base| Data::text(&base.version))),
        ("rpmostree.clientlayer_version", Some(Data::U32(6))),
        ("rpmostree.state-sha512", Some(Data::text(&layer.state))),
        ("rpmostree.rpmmd-repos", Some(Data::array("a{sv}", layer.repos.iter().map(repo).collect()))),
        ("ostree.linux", Some(Data::text(&system.kernel))),
        ("ostree.bootable", Some(Data::Bool(true))),
    ];
    Data::pairs(entries.into_iter().filter_map(|(key, value)| Some((key, value?))))
}

fn removals(layer: Option<&Layer>) -> Data {
    let removed = layer.map(|layer| &layer.removed[..]).unwrap_or_default();
    Data::array("v", removed.iter().map(|nevra| variant(package(nevra))).collect())
}

fn replacements(layer: Option<&Layer>) -> Data {
    let replaced = layer.map(|layer| &layer.replaced[..]).unwrap_or_default();
    let pair = |(new, old): &(Nevra, Nevra)| Data::Struct(vec![variant(package(new)), variant(package(old))]);
    Data::array("(vv)", replaced.iter().map(pair).collect())
}

fn variant(data: Data) -> Data {
    Data::Variant(Box::new(data))
}

/// `(sstsss)`: everything, name, epoch, version, release, architecture.
fn package(nevra: &Nevra) -> Data {
    let text = |text: &str| Data::text(text);
    let (version, release) = (text(&nevra.version), text(&nevra.release));
    Data::Struct(vec![
        text(&nevra.to_string()),
        text(&nevra.name),
        Data::U64(nevra.epoch),
        version,
        release,
        text(&nevra.arch),
    ])
}
