//! What could be newer: what is installed beside the summaries that the last refresh brought. No network.

use crate::metadata::Metadata;
use crate::references::listed;
use crate::state::{end_of_life, metadata_of, part_kind};
use libflatpak::prelude::*;
use libflatpak::{Installation, InstalledRef, Remote, RemoteRef};
use std::collections::HashMap;
use strata_model::{Installed, Permission, Update};

/// The updates of one installation. A remote whose summary is not here yet costs its own updates.
pub(crate) fn find(
    installation: &Installation,
    entries: &[(Installed, InstalledRef)],
    remotes: &[Remote],
) -> Vec<Update> {
    let mut found = Vec::new();
    for remote in remotes.iter().filter(|remote| !remote.is_disabled()) {
        let Some(name) = remote.name() else { continue };
        let mut own = entries.iter().filter(|(installed, _)| installed.offer.origin == name).peekable();
        if own.peek().is_none() {
            continue;
        }
        let offered = offered(installation, remote, &name);
        let updates = own.filter_map(|(installed, deployed)| {
            let newest = offered.get(installed.offer.reference.as_str())?;
            is_news(installed, newest, entries).then(|| update(installed, deployed, newest))
        });
        found.extend(updates);
    }
    found
}

/// What a remote has, by full reference, from the summary on this machine.
fn offered(installation: &Installation, remote: &Remote, name: &str) -> HashMap<String, RemoteRef> {
    let listed = listed(installation, remote, name);
    listed.into_iter().filter_map(|found| Some((String::from(found.format_ref()?), found))).collect()
}

/// Another commit, or something that takes its place and is not here yet.
fn is_news(installed: &Installed, newest: &RemoteRef, entries: &[(Installed, InstalledRef)]) -> bool {
    let commit = newest.commit();
    if commit.is_some_and(|commit| commit != installed.revision) {
        return true;
    }
    let successor = newest.eol_rebase();
    let has = |reference: &str| entries.iter().any(|(other, _)| other.offer.reference == reference);
    successor.is_some_and(|successor| successor.starts_with("app/") && !has(&successor))
}

fn update(installed: &Installed, deployed: &InstalledRef, newest: &RemoteRef) -> Update {
    let bytes = newest.metadata();
    let metadata = bytes.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default();
    let parsed = Metadata::parse(&metadata);
    Update {
        offer: installed.offer.clone(),
        id: installed.id.clone(),
        // What is installed knows best; a summary may hold no metadata.
        kind: if metadata.is_empty() { installed.kind } else { part_kind(deployed.kind(), &parsed) },
        name: installed.name.clone(),
        from_version: installed.version.clone(),
        // Summaries know commits, not versions.
        to_version: String::new(),
        revision: newest.commit().map(String::from).unwrap_or_default(),
        download_size: newest.download_size(),
        // What was fetched and not put in place is what the repository on this machine has for the reference.
        downloaded: newest.commit().is_some_and(|commit| deployed.latest_commit() == Some(commit)),
        new_permissions: added(&Metadata::parse(&metadata_of(deployed)), &parsed),
        end_of_life: end_of_life(newest.eol(), newest.eol_rebase()),
        held: installed.held,
    }
}

fn added(before: &Metadata<'_>, after: &Metadata<'_>) -> Vec<Permission> {
    let known = before.permissions();
    after.permissions().into_iter().filter(|permission| !known.contains(permission)).collect()
}
