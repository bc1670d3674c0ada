//! What a remote says about its references beside its list of apps: sizes, ends of life. From the summary that lies on
//! this machine, no network.

use crate::blocking::NEVER;
use crate::held::Held;
use crate::metadata::Metadata;
use crate::state::end_of_life;
use libflatpak::prelude::*;
use libflatpak::{Installation, QueryFlags, RefKind, Remote, RemoteRef};
use strata_model::feed::ReferenceState;
use strata_model::installed::EndOfLife;

/// Most references of a remote that are told of; Flathub has some three thousand apps.
const MOST: usize = 50_000;

/// Most of an origin's own words on an end of life, in characters.
const MOST_WORDS: usize = 500;

/// What the summary of a remote lists. Nothing where there is no summary yet.
pub(crate) fn listed(installation: &Installation, remote: &Remote, name: &str) -> Vec<RemoteRef> {
    // libflatpak keeps no copy of a summary that lies on this machine already.
    let local = remote.url().is_some_and(|url| url.starts_with("file:"));
    let flags = if local { QueryFlags::NONE } else { QueryFlags::ONLY_CACHED };
    installation.list_remote_refs_sync_full(name, flags, NEVER).unwrap_or_else(|error| {
        tracing::info!("what {name} has is not known: {error}");
        Vec::new()
    })
}

/// The apps of a remote that are made for this machine, and those of their add-ons that something speaks against.
/// Ordered, so that the same summary says the same.
pub(crate) fn states(installation: &Installation, remote: &Remote, name: &str, held: &Held) -> Vec<ReferenceState> {
    let arch = libflatpak::default_arch();
    let listed = listed(installation, remote, name);
    let own = listed.iter().filter(|found| found.arch() == arch);
    let mut states: Vec<ReferenceState> = own.filter_map(|found| state(found, held)).take(MOST).collect();
    states.sort_by(|one, other| one.reference.cmp(&other.reference));
    states
}

fn state(found: &RemoteRef, held: &Held) -> Option<ReferenceState> {
    let reference = String::from(found.format_ref()?);
    let masked = held.pattern(&reference).map(str::to_owned);
    let end_of_life = end_of_life(found.eol(), found.eol_rebase()).map(shortened);
    if found.kind() != RefKind::App && ((masked.is_none() && end_of_life.is_none()) || !extends_app(found)) {
        return None;
    }
    Some(ReferenceState {
        reference,
        download_size: found.download_size(),
        installed_size: found.installed_size(),
        end_of_life,
        masked,
    })
}

fn extends_app(found: &RemoteRef) -> bool {
    let bytes = found.metadata();
    bytes.is_some_and(|bytes| Metadata::parse(&String::from_utf8_lossy(&bytes)).extends_app())
}

fn shortened(end: EndOfLife) -> EndOfLife {
    let short = |text: String| text.chars().take(MOST_WORDS).collect();
    EndOfLife { reason: short(end.reason), successor: short(end.successor) }
}
