//! What a remote says about its references beside its list of apps: sizes, ends of life. From the summary that lies on
//! this machine, no network.

use crate::blocking::NEVER;
use crate::held::Held;
use crate::metadata::Metadata;
use crate::state::end_of_life;
use libflatpak::prelude::*;
use libflatpak::{Installation, QueryFlags, RefKind, Remote, RemoteRef};
use strata_model::feed::ReferenceState;

/// Most references of a remote that are told of; Flathub has some three thousand apps.
const MOST: usize = 50_000;

/// Most of an origin's own words on one end of life, in characters, and on all of them.
const MOST_WORDS: usize = 300;
const MOST_WORDS_IN_ALL: usize = 1 << 20;

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
    shorten(&mut states);
    states
}

/// An origin's own words are a stranger's: folded, and never so many that the catalogue could not be built for them.
fn shorten(states: &mut [ReferenceState]) {
    let mut left = MOST_WORDS_IN_ALL;
    for end in states.iter_mut().filter_map(|state| state.end_of_life.as_mut()) {
        for text in [&mut end.reason, &mut end.successor] {
            let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
            *text = words.chars().filter(|&c| is_visible(c)).take(MOST_WORDS.min(left)).collect();
            left -= text.chars().count();
        }
    }
}

/// Neither a control character nor one that turns the direction of what comes after it.
fn is_visible(c: char) -> bool {
    !c.is_control() && !matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

fn state(found: &RemoteRef, held: &Held) -> Option<ReferenceState> {
    let reference = String::from(found.format_ref()?);
    let masked = held.pattern(&reference).map(str::to_owned);
    let end_of_life = end_of_life(found.eol(), found.eol_rebase());
    if found.kind() != RefKind::App && ((masked.is_none() && end_of_life.is_none()) || !extends_app(found)) {
        return None;
    }
    Some(ReferenceState {
        reference,
        download_size: found.download_size(),
        installed_size: found.installed_size(),
        end_of_life,
        masked,
        missing: None,
    })
}

fn extends_app(found: &RemoteRef) -> bool {
    let bytes = found.metadata();
    bytes.is_some_and(|bytes| Metadata::parse(&String::from_utf8_lossy(&bytes)).extends_app())
}

#[cfg(test)]
mod tests {
    use super::*;
    use strata_model::installed::EndOfLife;

    #[test]
    fn an_origins_words_are_folded_and_bounded() {
        let state = |reason: &str| ReferenceState {
            reference: "app/a.b.C/x86_64/stable".to_owned(),
            download_size: 0,
            installed_size: 0,
            end_of_life: Some(EndOfLife { reason: reason.to_owned(), successor: String::new() }),
            masked: None,
            missing: None,
        };
        let reasons = |states: &[ReferenceState]| -> Vec<String> {
            states.iter().map(|state| state.end_of_life.clone().unwrap().reason).collect()
        };
        let mut states = [state(" Nobody \n cares\u{202e}\u{7} any more"), state(&"ä".repeat(1_000))];
        shorten(&mut states);
        assert_eq!(reasons(&states), ["Nobody cares any more".to_owned(), "ä".repeat(300)]);
        let mut many = vec![state(&"x".repeat(300)); 5_000];
        shorten(&mut many);
        assert_eq!(reasons(&many).concat().len(), MOST_WORDS_IN_ALL);
    }
}
