//! The system that a recording began with.
//!
//! Deployments, update and policy are in the recording's first properties. What lay beside the bus is only seen later,
//! when the conversation touches it, and is taken from there: what the remote and the registry had, which repositories
//! were used, which packages and commits were on disk already, how many bytes things took there, the boot loader's
//! numbers. What the daemon did with all that is not.

use crate::fixtures;
use crate::recording::{Recording, data};
use serde_json::Value as Json;
use std::collections::BTreeMap;
use strata_demo::daemon::{
    Advisory, Change, Config, Data, Deployment, Image, ImageLayer, Local, Nevra, Origin, State, System, Update, Wishes,
    layer,
};
use zvariant::Signature;

/// Everything that the daemon's folder begins with.
pub(crate) struct World {
    pub(crate) system: System,
    pub(crate) state: State,
    pub(crate) config: Config,
}

/// Works it out.
pub(crate) fn of(recording: &Recording) -> World {
    let mut system: System = toml::from_str(&std::fs::read_to_string(fixtures().join("rig.toml")).unwrap()).unwrap();
    let (sysroot, os) = recording.before();
    let text = &recording.text;
    let seen = dictionaries(recording);
    remote(&mut system, text, &seen);
    images(&mut system, &sysroot, &seen);
    repositories(&mut system, recording);
    system.systemd = !text.contains("Not running under systemd");
    let mut state = State { boot: boot(recording), ..State::default() };
    let shown = sysroot.get("Deployments").unwrap().items();
    let layered = shown.iter().map(|shown| deployment(&system, shown)).collect::<Vec<_>>();
    for (shown, it) in shown.iter().zip(&layered) {
        if let Origin::Branch(refspec) = &it.origin {
            let pulled = string(shown, "pending-base-checksum").unwrap_or_else(|| it.base.clone());
            state.pulled.insert(refspec.clone(), pulled);
        }
        state.commits.insert(it.base.clone());
        for nevra in
            it.layer.iter().flat_map(|layer| layer.packages.iter().chain(layer.replaced.iter().map(|(new, _)| new)))
        {
            state.cache.insert(nevra.to_string(), 7000);
        }
    }
    state.deployments = layered;
    let cached = os.get("CachedUpdate").unwrap();
    state.update = cached.get("checksum").map(|_| update(cached));
    beside(&mut system, &mut state, recording);
    // Long enough for a client on a busy machine to say the next thing in time.
    let idle = if text.contains("NameOwnerChanged") && !text.contains("RegisterClient") { 3 } else { 600 };
    let policy = string(&sysroot, "AutomaticUpdatePolicy").unwrap();
    let config = Config { policy, lock_layering: text.contains("LockLayering=true"), idle };
    World { system, state, config }
}

fn string(data: &Data, key: &str) -> Option<String> {
    data.get(key).and_then(Data::as_str).map(str::to_owned)
}

/// Every dictionary with a commit in it, in the order they were seen.
fn dictionaries(recording: &Recording) -> Vec<Data> {
    let json: Json = serde_json::from_str(&recording.text).unwrap();
    let mut found = Vec::new();
    collect(&json, &mut found);
    found
}

fn collect(json: &Json, found: &mut Vec<Data>) {
    match json {
        Json::Array(items) => {
            let of = |key: &str| items.iter().any(|entry| entry.get(0).and_then(Json::as_str) == Some(key));
            if of("checksum") && of("osname") {
                found.push(data(&Signature::try_from("a{sv}").unwrap(), json, &[]));
            }
            for item in items {
                collect(item, found);
            }
        }
        Json::Object(entries) => entries.values().for_each(|item| collect(item, found)),
        _ => {}
    }
}

/// The newest version that was seen is the one the branch has.
fn remote(system: &mut System, text: &str, seen: &[Data]) {
    let of_branch = seen.iter().filter(|it| string(it, "origin").is_none_or(|origin| !origin.starts_with("ostree-")));
    let versions = of_branch.flat_map(|it| [string(it, "version"), string(it, "pending-base-version")]).flatten();
    if let Some(newest) = versions.max() {
        system.newest = newest.max(system.newest.clone());
    }
    system.unreachable = text.contains("Could not connect to server");
    if text.contains("objects fetched") || system.unreachable || text.contains("DownloadProgress") {
        "http://127.0.0.1:8009".clone_into(&mut system.url);
    }
}

/// Images by the manifests that were seen; the last that is not among the first deployments is the newest one, or the
/// one that an update tells of, or what is first in boot order.
fn images(system: &mut System, sysroot: &Data, seen: &[Data]) {
    let mut newest = None;
    let before = sysroot.get("Deployments").unwrap().items();
    for it in seen {
        let Some(digest) = string(it, "container-image-reference-digest") else {
            continue;
        };
        if !system.image.iter().any(|image| image.digest == digest) {
            system.image.push(image(it, &digest));
        }
        if !before.iter().any(|known| string(known, "container-image-reference-digest").as_ref() == Some(&digest)) {
            newest = Some(digest);
        }
    }
    let booted = before.iter().find(|it| it.get("booted").and_then(Data::as_bool) == Some(true)).unwrap();
    let booted = string(booted, "container-image-reference-digest");
    let layers = system.image.iter().find(|image| Some(&image.digest) == booted.as_ref()).map(|it| it.layers.len());
    let update = seen.iter().find(|it| it.get("manifest-diff").is_some()).and_then(|it| string(it, "version"));
    let of_update = system
        .image
        .iter()
        .find(|image| Some(&image.version) == update.as_ref() && (image.layers.len() > 1) == (layers > Some(1)));
    let newest = newest.or_else(|| Some(of_update?.digest.clone()));
    let first = before.first().and_then(|it| string(it, "container-image-reference-digest"));
    let newest = newest.or(first).or(booted);
    for image in &mut system.image {
        image.newest = Some(&image.digest) == newest.as_ref();
    }
}

fn image(it: &Data, digest: &str) -> Image {
    let meta = it.get("base-commit-meta").unwrap();
    let manifest = string(meta, "ostree.manifest").unwrap();
    let json: Json = serde_json::from_str(&manifest).unwrap();
    let layers = json["layers"].as_array().unwrap().iter().map(|layer| ImageLayer {
        digest: layer["digest"].as_str().unwrap().to_owned(),
        size: layer["size"].as_u64().unwrap(),
    });
    Image {
        reference: string(it, "container-image-reference").unwrap(),
        version: string(it, "version").unwrap(),
        digest: digest.to_owned(),
        checksum: string(it, "base-checksum").or_else(|| string(it, "checksum")).unwrap(),
        newest: false,
        layers: layers.collect(),
        config: string(meta, "ostree.container.image-config").unwrap(),
        manifest,
    }
}

/// Which repositories were used when they were first named, and with how many advisories.
fn repositories(system: &mut System, recording: &Recording) {
    let updates = system.repo.iter_mut().find(|repo| repo.id == "rig-updates").unwrap();
    let named =
        messages(recording).find_map(|text| text.strip_prefix("Enabled rpm-md repositories: ").map(str::to_owned));
    updates.enabled = named.is_some_and(|named| named.contains("rig-updates"));
    if recording.text.contains("RIG-2026-0002") {
        updates.generated = 1_795_310_508;
        let package = updates.advisory[0].packages.clone();
        let report = |number: u32, title: &str| {
            (format!("https://bugzilla.example.com/show_bug.cgi?id={number}"), title.to_owned())
        };
        updates.advisory[0].cves = vec![
            report(101, "CVE-2026-0001 greet: buffer overflow"),
            report(102, "CVE-2026-0002 CVE-2026-0003 greet: two in one"),
        ];
        for (id, security, severity) in [("2", true, 4), ("3", false, 0), ("4", false, 0)] {
            let (id, packages) = (format!("RIG-2026-000{id}"), package.clone());
            updates.advisory.push(Advisory { id, security, severity, packages, cves: Vec::new() });
        }
    }
}

/// The texts of the messages.
fn messages(recording: &Recording) -> impl Iterator<Item = String> {
    let signals = recording.steps.iter().filter_map(|step| step.peer_signal.as_ref());
    let texts = signals.filter(|signal| matches!(signal.name.as_str(), "Message" | "PercentProgress"));
    texts.map(|signal| signal.args[0].as_str().unwrap().to_owned())
}

fn boot(recording: &Recording) -> (u32, u32) {
    let digits = |text: &str| text.chars().take_while(char::is_ascii_digit).collect::<String>().parse().unwrap();
    let said = messages(recording).find_map(|text| Some(text.split_once("bootversion: boot.")?.1.to_owned()));
    if let Some(said) = said {
        let (version, minor) = said.split_once('.').unwrap();
        return (digits(version) ^ 1, digits(minor));
    }
    let asked = recording.text.split_once("ostree=/ostree/boot.");
    (asked.map_or(0, |(_, rest)| digits(rest)), 1)
}

fn deployment(system: &System, shown: &Data) -> Deployment {
    let text = |key: &str| string(shown, key);
    let flag = |key: &str| shown.get(key).and_then(Data::as_bool).unwrap();
    let names = |key: &str| shown.get(key).unwrap().strings();
    let files = |key: &str| {
        let local = |name: String| Local { nevra: Nevra::parse(&name).unwrap(), requires: Vec::new(), size: 7000 };
        names(key).into_iter().map(|name| (name.clone(), local(name))).collect::<BTreeMap<_, _>>()
    };
    let wishes = Wishes {
        packages: names("requested-packages").into_iter().collect(),
        local: files("requested-local-packages"),
        removals: names("requested-base-removals").into_iter().collect(),
        replacements: files("requested-base-local-replacements"),
    };
    let base = text("base-checksum").or_else(|| text("checksum")).unwrap();
    let meta = shown.get("layered-commit-meta");
    let layer = meta.map(|meta| {
        let repos = meta.get("rpmostree.rpmmd-repos").unwrap().items().iter();
        let repos: Vec<(String, u64)> = repos
            .map(|repo| (string(repo, "id").unwrap(), repo.get("timestamp").unwrap().as_number().unwrap()))
            .collect();
        let switched = system.repo.iter().map(|repo| (repo.id.clone(), repos.iter().any(|(id, _)| *id == repo.id)));
        let state = State { switched: switched.collect(), ..State::default() };
        let mut layer = layer(system, &state, &base, &wishes).unwrap();
        layer.repos = repos;
        layer
    });
    let origin = match text("container-image-reference") {
        Some(reference) => Origin::Image(reference, text("container-image-reference-digest").unwrap()),
        None => Origin::Branch(text("origin").unwrap()),
    };
    Deployment {
        origin,
        base,
        checksum: text("checksum").unwrap(),
        serial: i32::try_from(shown.get("serial").unwrap().as_number().unwrap()).unwrap(),
        timestamp: shown.get("timestamp").unwrap().as_number().unwrap(),
        wishes,
        layer,
        arguments: None,
        pinned: flag("pinned"),
        staged: flag("staged"),
        booted: flag("booted"),
        transient: text("unlocked").unwrap() == "transient",
        live: text("live-replaced"),
    }
}

fn update(shown: &Data) -> Update {
    let text = |key: &str| string(shown, key);
    let flag = |key: &str| shown.get(key).and_then(Data::as_bool).unwrap();
    let layers = shown.get("manifest-diff").map(|diff| {
        ["total", "total-size", "n-added", "added-size", "n-removed", "removed-size"]
            .map(|key| diff.get(key).unwrap().as_number().unwrap())
    });
    let advisories = shown.get("advisories").map(Data::items).unwrap_or_default();
    Update {
        booted: text("update-sha256").unwrap(),
        checksum: text("checksum").unwrap(),
        version: text("version"),
        timestamp: shown.get("timestamp").unwrap().as_number().unwrap(),
        origin: text("origin").unwrap(),
        branch: shown.get("gpg-enabled").is_some(),
        new_commit: flag("ref-has-new-commit"),
        deployment: text("deployment"),
        packages: shown.get("rpm-diff").map(changes),
        layers,
        advisories: advisories.iter().map(|it| it.items()[0].as_str().unwrap().to_owned()).collect(),
    }
}

fn changes(diff: &Data) -> Vec<Change> {
    let mut changes = Vec::new();
    let nevra = |name: &Data, evr: &Data, arch: &Data| {
        let text = |data: &Data| data.as_str().unwrap().to_owned();
        Nevra::parse(&format!("{}-{}.{}", text(name), text(evr), text(arch)))
    };
    for (key, is_from) in [("added", false), ("removed", true), ("upgraded", false), ("downgraded", false)] {
        for item in diff.get(key).unwrap().items() {
            let fields = item.items();
            let kind = u32::try_from(fields[0].as_number().unwrap()).unwrap();
            let side = |place: usize| nevra(&fields[1], &fields[place].items()[0], &fields[place].items()[1]);
            let (from, to) = match (fields.len(), fields.get(3), is_from) {
                (4, Some(Data::Struct(_)), _) => (side(2), side(3)),
                (_, _, true) => (nevra(&fields[1], &fields[2], &fields[3]), None),
                (_, _, false) => (None, nevra(&fields[1], &fields[2], &fields[3])),
            };
            changes.push(Change { kind, from, to });
        }
    }
    changes
}

/// What lay on disk beside the deployments.
fn beside(system: &mut System, state: &mut State, recording: &Recording) {
    let mut messages = messages(recording);
    let first = messages.find(|text| text.contains("content objects"));
    let pulls = recording.steps.iter().filter_map(|step| step.call.as_ref());
    let pulls = pulls.clone().any(|call| matches!(call.method.as_str(), "Upgrade" | "Deploy"));
    if pulls && first.is_some_and(|text| text.starts_with("0 metadata, 0 content")) {
        let newest = system.version(&system.newest).unwrap().checksum.clone();
        state.commits.insert(newest);
    }
    imported(system, state, recording);
    freed(system, state, recording);
}

/// What an install imports was not in the cache; what else it needs was. Which ones is seen by their number only.
fn imported(system: &System, state: &mut State, recording: &Recording) {
    let all = messages(recording).find_map(|text| {
        let (_, of) = text.strip_prefix("Checking out packages (")?.split_once('/')?;
        of.trim_end_matches(')').parse::<usize>().ok()
    });
    let new = messages(recording).find_map(|text| {
        let (_, of) = text.strip_prefix("Importing packages (")?.split_once('/')?;
        of.trim_end_matches(')').parse::<usize>().ok()
    });
    let Some(all) = all else {
        return;
    };
    let cached = all - new.unwrap_or_default();
    for repo in &system.repo {
        for name in ["greet", "libgreet"] {
            let packages = repo.package.iter().filter(|package| package.nevra.name == name);
            for package in packages.filter(|_| repo.id == "rig") {
                if state.cache.len() < cached && recording.text.contains("\"greet\"") {
                    state.cache.insert(package.nevra.to_string(), 7000);
                }
            }
        }
    }
}

/// How many bytes there were to free.
fn freed(system: &mut System, state: &mut State, recording: &Recording) {
    let Some(text) = messages(recording).find(|text| text.starts_with("Freed: ")) else {
        return;
    };
    let (size, branches) = text["Freed: ".len()..].split_once(" (pkgcache branches: ").unwrap();
    let branches: u64 = branches.trim_end_matches(')').parse().unwrap();
    let (number, unit) = size.split_once('\u{a0}').unwrap();
    let unit = match unit {
        "kB" => 1_000.0,
        "MB" => 1_000_000.0,
        other => panic!("unit {other}"),
    };
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let bytes = (number.parse::<f64>().unwrap() * unit) as u64;
    let waits = state.deployments.first().is_some_and(|first| first.staged);
    if branches > 0 && !waits {
        // Nothing is taken away, so it was left over from before.
        for number in 0..branches {
            state.cache.insert(format!("left-over-{number}-1.noarch"), bytes / branches);
        }
    } else {
        system.layer_size = bytes - branches * 7000;
    }
}
