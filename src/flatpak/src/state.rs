//! What lies in an installation, in the words of `model`. No network.

use crate::blocking::NEVER;
use crate::failure::failure;
use crate::held::Held;
use crate::installation::{self, Place};
use crate::metadata::Metadata;
use crate::reference::Reference;
use crate::updates;
use libflatpak::prelude::*;
use libflatpak::{Installation, InstalledRef, RefKind, Remote, glib};
use std::collections::HashSet;
use std::path::Path;
use std::time::UNIX_EPOCH;
use strata_engine::SourceState;
use strata_model::installed::EndOfLife;
use strata_model::snapshot::Origin;
use strata_model::{Failure, Installed, OfferId, PartKind, SourceKind};
use strata_platform::witness::Witness;

/// Everything in the given installations.
pub(crate) fn read(places: &[Place]) -> Result<SourceState, Failure> {
    let parts = installation::each(places, read_one)?;
    let mut whole = SourceState { fault: parts.fault, ..SourceState::default() };
    for part in parts.found {
        whole.installed.extend(part.installed);
        whole.updates.extend(part.updates);
        whole.origins.extend(part.origins);
        whole.witnesses.extend(part.witnesses);
    }
    Ok(whole)
}

/// Every program that uses libflatpak touches one of these files when it changes something: what is installed, masks.
fn witnesses(installation: &Installation) -> Vec<Witness> {
    let changed = installation::folder(installation).map(|folder| folder.join(".changed"));
    [changed, installation::config(installation)].iter().flatten().map(|file| Witness::of(file)).collect()
}

fn read_one(place: &Place) -> Result<SourceState, Failure> {
    let witnesses = witnesses(&place.open()?);
    // A fresh view, because a view remembers what it was opened on.
    let installation = place.open()?;
    let say = |error: glib::Error| failure(&error, &place.scope);
    let refs = installation.list_installed_refs(NEVER).map_err(say)?;
    let remotes = installation.list_remotes(NEVER).map_err(say)?;
    let held = Held::of(&installation);
    let unused = unused(&installation, &place.scope);
    let entries: Vec<(Installed, InstalledRef)> =
        refs.into_iter().filter_map(|found| Some((describe(&found, &place.scope, &held, &unused)?, found))).collect();
    let updates = updates::find(&installation, &entries, &remotes);
    let installed = entries.into_iter().map(|(installed, _)| installed).collect();
    let origins = remotes.iter().filter_map(|remote| origin(remote, &place.scope)).collect();
    Ok(SourceState { installed, updates, origins, witnesses, ..SourceState::default() })
}

fn unused(installation: &Installation, scope: &str) -> HashSet<String> {
    let found = installation.list_unused_refs(None, NEVER).unwrap_or_else(|error| {
        tracing::warn!("what is unused in the Flatpak installation {scope} cannot be told: {error}");
        Vec::new()
    });
    found.iter().filter_map(RefExt::format_ref).map(String::from).collect()
}

fn describe(found: &InstalledRef, scope: &str, held: &Held, unused: &HashSet<String>) -> Option<Installed> {
    let id = String::from(found.name()?);
    let reference = String::from(found.format_ref()?);
    let metadata = metadata_of(found);
    let parsed = Metadata::parse(&metadata);
    Some(Installed {
        kind: part_kind(found.kind(), &parsed),
        name: found.appdata_name().map_or_else(|| id.clone(), String::from),
        version: version_of(found),
        revision: found.commit().map(String::from).unwrap_or_default(),
        runtime: parsed.runtime().to_owned(),
        size: found.installed_size(),
        changed: changed(found),
        unused: unused.contains(&reference),
        held: held.pattern(&reference).is_some(),
        previous: None,
        end_of_life: end_of_life(found.eol(), found.eol_rebase()),
        leaving: false,
        offer: OfferId {
            source: SourceKind::Flatpak,
            scope: scope.to_owned(),
            origin: found.origin().map(String::from).unwrap_or_default(),
            reference,
        },
        id,
    })
}

pub(crate) fn version_of(found: &InstalledRef) -> String {
    found.appdata_version().map(String::from).unwrap_or_default()
}

/// The metadata of what is installed, empty if it has none that can be read.
pub(crate) fn metadata_of(found: &InstalledRef) -> String {
    let bytes = found.load_metadata(NEVER).ok();
    bytes.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default()
}

pub(crate) fn part_kind(kind: RefKind, metadata: &Metadata<'_>) -> PartKind {
    match kind {
        RefKind::App => PartKind::App,
        _ if metadata.extends_app() => PartKind::Addon,
        _ => PartKind::Runtime,
    }
}

pub(crate) fn end_of_life(reason: Option<glib::GString>, successor: Option<glib::GString>) -> Option<EndOfLife> {
    (reason.is_some() || successor.is_some()).then(|| EndOfLife {
        reason: reason.map(String::from).unwrap_or_default(),
        successor: successor.map(String::from).unwrap_or_default(),
    })
}

/// Flatpak switches the link `active` beside the deployment when it installs or updates.
fn changed(found: &InstalledRef) -> i64 {
    let folder = found.deploy_dir();
    let link = folder.as_ref().and_then(|folder| Path::new(folder.as_str()).parent()).map(|base| base.join("active"));
    let time = link.and_then(|link| link.symlink_metadata().ok()?.modified().ok());
    let seconds = time.and_then(|time| Some(time.duration_since(UNIX_EPOCH).ok()?.as_secs()));
    seconds.and_then(|seconds| i64::try_from(seconds).ok()).unwrap_or_default()
}

fn origin(remote: &Remote, scope: &str) -> Option<Origin> {
    let enabled = !remote.is_disabled();
    Some(Origin {
        source: SourceKind::Flatpak,
        scope: scope.to_owned(),
        name: remote.name()?.into(),
        title: remote.title().map(String::from).unwrap_or_default(),
        url: remote.url().map(String::from).unwrap_or_default(),
        priority: remote.prio(),
        enabled,
        listed: enabled && !remote.is_noenumerate(),
        signed: remote.is_gpg_verify(),
    })
}

/// The installed thing that a reference names.
pub(crate) fn installed_ref(
    installation: &Installation,
    reference: &Reference<'_>,
) -> Result<InstalledRef, glib::Error> {
    let Reference { kind, id, arch, branch } = *reference;
    installation.installed_ref(kind, id, Some(arch), Some(branch), NEVER)
}
