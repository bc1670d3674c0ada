//! `CachedUpdate` and what else is said about packages that change.

use super::data::Data;
use super::description::System;
use super::nevra::Nevra;
use super::order::dictionary;
use super::state::{Change, Update};
use std::cmp::Ordering;

/// The dictionary of `CachedUpdate`.
pub(super) fn update(system: &System, it: &Update) -> Data {
    let entries = [
        ("checksum", Some(Data::text(&it.checksum))),
        ("gpg-enabled", it.branch.then_some(Data::Bool(false))),
        ("osname", Some(Data::text(&system.os))),
        ("advisories", (!it.advisories.is_empty()).then(|| advisories(system, it))),
        ("version", it.version.as_ref().map(Data::text)),
        ("origin", Some(Data::text(&it.origin))),
        ("timestamp", Some(Data::U64(it.timestamp))),
        ("manifest-diff", it.layers.as_ref().map(layers)),
        ("rpm-diff", it.packages.as_deref().map(packages)),
        ("update-sha256", Some(Data::text(&it.booted))),
        ("ref-has-new-commit", Some(Data::Bool(it.new_commit))),
        ("deployment", it.deployment.as_ref().map(Data::text)),
    ];
    dictionary(entries.into_iter().filter_map(|(key, value)| Some((key, value?))))
}

fn layers(counts: &[u64; 6]) -> Data {
    let [total, size, added, added_size, removed, removed_size] = *counts;
    let entries = [
        ("total", total),
        ("total-size", size),
        ("n-removed", removed),
        ("removed-size", removed_size),
        ("n-added", added),
        ("added-size", added_size),
    ];
    dictionary(entries.map(|(key, count)| (key, Data::U64(count))))
}

fn packages(changes: &[Change]) -> Data {
    let of = |order: Ordering| {
        let fitting = changes.iter().filter(move |change| match (&change.from, &change.to) {
            (Some(from), Some(to)) => to.newer(from) == order,
            _ => false,
        });
        Data::array("(us(ss)(ss))", fitting.filter_map(both).collect())
    };
    let one = |fitting: fn(&Change) -> Option<&Nevra>| {
        let only = changes.iter().filter_map(|change| Some(single(change.kind, fitting(change)?)));
        Data::array("(usss)", only.collect())
    };
    dictionary([
        ("upgraded", of(Ordering::Greater)),
        ("downgraded", of(Ordering::Less)),
        ("removed", one(|change| change.from.as_ref().filter(|_| change.to.is_none()))),
        ("added", one(|change| change.to.as_ref().filter(|_| change.from.is_none()))),
    ])
}

fn build(nevra: &Nevra) -> Data {
    Data::Struct(vec![Data::text(nevra.evr()), Data::text(&nevra.arch)])
}

fn both(change: &Change) -> Option<Data> {
    let (from, to) = (change.from.as_ref()?, change.to.as_ref()?);
    Some(Data::Struct(vec![Data::U32(change.kind), Data::text(&to.name), build(from), build(to)]))
}

fn single(kind: u32, nevra: &Nevra) -> Data {
    let texts = [nevra.name.clone(), nevra.evr(), nevra.arch.clone()];
    Data::Struct([Data::U32(kind)].into_iter().chain(texts.into_iter().map(Data::Str)).collect())
}

fn advisories(system: &System, it: &Update) -> Data {
    let known = |id: &String| system.repo.iter().flat_map(|repo| &repo.advisory).find(|advisory| advisory.id == *id);
    let comes = |nevra: &&Nevra| it.packages.iter().flatten().any(|change| change.to.as_ref() == Some(nevra));
    let shown = it.advisories.iter().filter_map(known).map(|advisory| {
        let pair = |(address, title): &(String, String)| Data::Struct(vec![Data::text(address), Data::text(title)]);
        let references = Data::array("(ss)", advisory.cves.iter().map(pair).collect());
        Data::Struct(vec![
            Data::text(&advisory.id),
            Data::U32(u32::from(advisory.security)),
            Data::U32(advisory.severity),
            Data::texts(advisory.packages.iter().filter(comes).map(ToString::to_string)),
            Data::pairs([("cve_references", references)]),
        ])
    });
    Data::array("(suuasa{sv})", shown.collect())
}

/// `a(sua{sv})`: what is removed and added, then what became another version.
pub(super) fn difference(changes: &[Change]) -> Data {
    let one_side = |change: &&Change| change.from.is_none() || change.to.is_none();
    let sides = changes.iter().filter(one_side).chain(changes.iter().filter(|change| !one_side(change)));
    Data::array("(sua{sv})", sides.filter_map(changed).collect())
}

fn changed(change: &Change) -> Option<Data> {
    let kind = match (&change.from, &change.to) {
        (None, _) => 0,
        (_, None) => 1,
        (Some(from), Some(to)) if to.newer(from) == Ordering::Less => 3,
        _ => 2,
    };
    let package =
        |nevra: &Nevra| Data::Struct(vec![Data::text(&nevra.name), Data::text(nevra.evr()), Data::text(&nevra.arch)]);
    let sides = [("PreviousPackage", &change.from), ("NewPackage", &change.to)];
    let sides = sides.into_iter().filter_map(|(key, nevra)| Some((key, package(nevra.as_ref()?))));
    let name = &change.to.as_ref().or(change.from.as_ref())?.name;
    Some(Data::Struct(vec![Data::text(name), Data::U32(kind), Data::pairs(sides)]))
}
