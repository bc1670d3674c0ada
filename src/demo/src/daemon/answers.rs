//! What is answered without a transaction.

use super::ROOT;
use super::data::{Body, Data};
use super::description::{Package, System};
use super::nevra::Nevra;
use super::objects::INTERFACES;
use super::order::dictionary;
use super::resolve::available;
use super::server::{Daemon, Inner};
use super::shown_update;
use super::state::{Origin, State};
use super::update::difference;
use zbus::Message;

/// A refusal: an error's name and its words.
pub(super) type Refused = (String, String);

/// What GLib calls an error that no D-Bus name was registered for: `G_IO_ERROR` by its number.
pub(super) fn io_error(code: u32, text: impl Into<String>) -> Refused {
    (format!("org.gtk.GDBus.UnmappedGError.Quark._g_2dio_2derror_2dquark.Code{code}"), text.into())
}

pub(super) fn dbus_error(name: &str, text: impl Into<String>) -> Refused {
    (format!("org.freedesktop.DBus.Error.{name}"), text.into())
}

/// The answer to a method that begins nothing.
pub(super) fn answer(daemon: &Daemon, call: &Message, method: &str, arguments: &[Data]) -> Result<Body, Refused> {
    let mut inner = daemon.inner();
    let text = |place: usize| arguments.get(place).and_then(Data::as_str).unwrap_or_default();
    let names = || arguments.first().map(Data::strings).unwrap_or_default();
    let (system, state) = (&daemon.system, &inner.state);
    Ok(Body(match method {
        "GetOS" if text(0) == system.os => vec![Data::Path(system.path())],
        "GetOS" => return Err(io_error(1, format!("OS name \"{}\" not found", text(0)))),
        "ListRepos" => vec![repositories(system, state)],
        "GetPackages" => vec![packages(system, state, &names())],
        "WhatProvides" => vec![providers(system, state, &names())],
        "Search" => vec![search(system, state, &names())?],
        "GetDeploymentsRpmDiff" => vec![differences(system, state, text(0), text(1))?],
        "GetCachedUpdateRpmDiff" => cached(system, &inner)?,
        "GetDeploymentBootConfig" => vec![boot(system, state)?],
        _ => {
            client(daemon, &mut inner, call, method, arguments);
            Vec::new()
        }
    }))
}

fn client(daemon: &Daemon, inner: &mut Inner, call: &Message, method: &str, arguments: &[Data]) {
    let sender = call.header().sender().map(ToString::to_string).unwrap_or_default();
    match method {
        "RegisterClient" => {
            let id = arguments.first().and_then(|options| options.get("id")).and_then(Data::as_str);
            inner.clients.insert(sender, id.unwrap_or_default().to_owned());
        }
        "UnregisterClient" => drop(inner.clients.remove(&sender)),
        "ReloadConfig" => inner.config = daemon.store.config(),
        _ => {}
    }
}

fn repositories(system: &System, state: &State) -> Data {
    let shown = system.repo.iter().map(|repo| {
        dictionary([
            ("id", Data::text(&repo.id)),
            ("description", Data::text(&repo.description)),
            ("is-devel", Data::Bool(false)),
            ("is-source", Data::Bool(false)),
            ("is-enabled", Data::Bool(state.enabled(system, &repo.id))),
        ])
    });
    Data::array("a{sv}", shown.collect())
}

fn shown((repo, package): &(&str, &Package), key: Option<&str>) -> Data {
    let nevra = &package.nevra;
    let entries = [
        ("epoch", Some(Data::U64(nevra.epoch))),
        ("reponame", Some(Data::text(*repo))),
        ("nevra", Some(Data::text(nevra.to_string()))),
        ("summary", Some(Data::text(&package.summary))),
        ("version", Some(Data::text(&nevra.version))),
        ("name", Some(Data::text(&nevra.name))),
        ("arch", Some(Data::text(&nevra.arch))),
        ("evr", Some(Data::text(nevra.evr()))),
        ("key", key.map(Data::text)),
    ];
    dictionary(entries.into_iter().filter_map(|(key, value)| Some((key, value?))))
}

fn packages(system: &System, state: &State, names: &[String]) -> Data {
    let available = available(system, state);
    let of_name = |name: &String| {
        let fitting = available.iter().filter(move |(_, package)| package.nevra.name == *name);
        fitting.map(|found| shown(found, Some(name))).collect::<Vec<_>>()
    };
    Data::array("a{sv}", names.iter().flat_map(of_name).collect())
}

fn providers(system: &System, state: &State, names: &[String]) -> Data {
    let available = available(system, state);
    let fitting = |(_, package): &&(&str, &Package)| names.iter().any(|name| package.is(name));
    Data::array("a{sv}", available.iter().filter(fitting).map(|found| shown(found, None)).collect())
}

/// Three groups, in each of which a package may stand: name and summary, name, summary.
fn search(system: &System, state: &State, words: &[String]) -> Result<Data, Refused> {
    if words.is_empty() {
        return Err(io_error(0, "No package names provided"));
    }
    let available = available(system, state);
    let any = |text: &str| words.iter().any(|word| text.to_lowercase().contains(&word.to_lowercase()));
    let name = |package: &Package| any(&package.nevra.name);
    let summary = |package: &Package| any(&package.summary);
    let mut found = Vec::new();
    for group in ["match_group_a", "match_group_b", "match_group_c"] {
        let fits = |package: &Package| match group {
            "match_group_a" => name(package) && summary(package),
            "match_group_b" => name(package),
            _ => summary(package),
        };
        let fitting = available.iter().filter(|(_, package)| fits(package));
        found.extend(fitting.take(50).map(|entry| shown(entry, Some(group))));
    }
    Ok(Data::array("a{sv}", found))
}

fn differences(system: &System, state: &State, one: &str, other: &str) -> Result<Data, Refused> {
    let packages = |id: &str| -> Result<Vec<Nevra>, Refused> {
        if id.is_empty() {
            return Err(io_error(0, "empty deployment ID"));
        }
        let found = state.deployments.iter().find(|known| known.id(&system.os) == id);
        let found = found.ok_or_else(|| io_error(0, format!("Deployment with id '{id}' not found")))?;
        Ok(found.packages(system))
    };
    Ok(shown_update::difference(&difference(0, &packages(one)?, &packages(other)?)))
}

/// The packages of what the branch was pulled to, and what is known of it.
fn cached(system: &System, inner: &Inner) -> Result<Vec<Data>, Refused> {
    let state = &inner.state;
    let booted = state.booted().ok_or_else(|| io_error(0, format!("No deployments found for os {}", system.os)))?;
    let Origin::Branch(refspec) = &booted.origin else {
        let words = "Failed to load package list: Loading package list: Invalid refspec";
        return Err(io_error(0, format!("{words} {}", booted.origin.text())));
    };
    let pulled = state.pulled.get(refspec).unwrap_or(&booted.base);
    let new = system.base(pulled).ok_or_else(|| io_error(0, format!("Refspec '{refspec}' not found")))?;
    let changes = difference(0, &booted.packages(system), &new.packages);
    let details = dictionary([
        ("checksum", Data::text(pulled)),
        ("gpg-enabled", Data::Bool(false)),
        ("osname", Data::text(&system.os)),
        ("version", Data::text(&new.version)),
        ("origin", Data::text(refspec)),
        ("timestamp", Data::U64(new.timestamp)),
    ]);
    Ok(vec![shown_update::difference(&changes), details])
}

/// Of the first deployment; the boot loader's numbers are those of its folder and its entry.
fn boot(system: &System, state: &State) -> Result<Data, Refused> {
    let first = state.merge().ok_or_else(|| io_error(0, "No deployments"))?;
    let version = system.base(&first.base).map(|base| base.version.clone()).unwrap_or_default();
    let folder = format!("/ostree/{}-{}", system.os, system.boot_checksum);
    let arguments = first.arguments.as_ref().unwrap_or(&system.arguments);
    let place = format!("/ostree/boot.{}/{}/{}/0", state.boot.0, system.os, system.boot_checksum);
    let entries = state.deployments.iter().filter(|known| !known.staged).count();
    Ok(dictionary([
        ("initrd", Data::text(format!("{folder}/initramfs-{}.img", system.kernel))),
        ("staged", Data::Bool(first.staged)),
        ("linux", Data::text(format!("{folder}/vmlinuz-{}", system.kernel))),
        ("options", Data::text(format!("{arguments} ostree={place}"))),
        ("title", Data::text(format!("{} {version} (ostree:0)", system.title))),
        ("version", Data::text(entries.to_string())),
    ]))
}

/// `Get` and `GetAll`.
pub(super) fn property(daemon: &Daemon, path: &str, method: &str, arguments: &[Data]) -> Result<Body, Refused> {
    let interface = arguments.first().and_then(Data::as_str).unwrap_or_default();
    let place = usize::from(path != format!("{ROOT}/Sysroot"));
    if interface != INTERFACES[place] {
        return Err(dbus_error("InvalidArgs", format!("No such interface “{interface}”")));
    }
    let all = daemon.shown(place);
    if method == "GetAll" {
        return Ok(Body(vec![Data::pairs(all)]));
    }
    let name = arguments.get(1).and_then(Data::as_str).unwrap_or_default();
    let value = all.into_iter().find(|(known, _)| *known == name).map(|(_, value)| value);
    let missing = || dbus_error("InvalidArgs", format!("No such property “{name}”"));
    Ok(Body(vec![Data::Variant(Box::new(value.ok_or_else(missing)?))]))
}
