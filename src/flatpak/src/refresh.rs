//! Reads the origins anew: their summaries, their settings and their lists of apps. Each may fail alone.

use crate::blocking::NEVER;
use crate::failure::{failure, reaching};
use crate::feeds;
use crate::installation::{self, Found, Place};
use libflatpak::gio::{self, IOErrorEnum};
use libflatpak::prelude::*;
use libflatpak::{Installation, Remote, glib};
use strata_engine::Outcome;
use strata_model::{Failure, FailureKind, Stop};

/// A remote that is in use, and where.
#[derive(Clone, Debug)]
pub(crate) struct Known {
    pub(crate) place: Place,
    pub(crate) remote: String,
    pub(crate) url: String,
    /// Its apps are in the catalogue.
    pub(crate) listed: bool,
}

/// The remotes that are in use, with their installations.
pub(crate) fn remotes(places: &[Place]) -> Result<Found<Known>, Failure> {
    let Found { found, fault } = installation::each(places, remotes_of)?;
    Ok(Found { found: found.concat(), fault })
}

/// The remotes that are in use in one installation.
pub(crate) fn remotes_of(place: &Place) -> Result<Vec<Known>, Failure> {
    let remotes = place.open()?.list_remotes(NEVER).map_err(|error| failure(&error, &place.scope))?;
    let used = remotes.iter().filter(|remote| !remote.is_disabled());
    let known = |remote: &Remote| {
        let url = remote.url().map(String::from).unwrap_or_default();
        Some(Known { place: place.clone(), remote: remote.name()?.into(), url, listed: feeds::is_listed(remote) })
    };
    Ok(used.filter_map(known).collect())
}

/// Refreshes one remote. That it failed is part of the outcome. Each of the three calls leaves what is there whole,
/// wherever it ends.
pub(crate) fn refresh(place: &Place, remote: &str, cancellable: &gio::Cancellable) -> Result<Outcome, Stop> {
    match refresh_whole(&place.open()?, remote, cancellable) {
        Ok(feeds_changed) => Ok(Outcome { feeds_changed, touched: [remote.to_owned()].into(), ..Outcome::default() }),
        Err(Stop::Cancelled) => Err(Stop::Cancelled),
        Err(Stop::Failed(failure)) => Ok(failed(failure)),
    }
}

/// What comes of a remote that cannot be refreshed.
pub(crate) fn failed(failure: Failure) -> Outcome {
    Outcome { partial: vec![failure], ..Outcome::default() }
}

/// Adds what one remote brought to what all of them brought.
pub(crate) fn add(whole: &mut Outcome, part: Outcome) {
    whole.feeds_changed |= part.feeds_changed;
    whole.touched.extend(part.touched);
    whole.partial.extend(part.partial);
}

fn refresh_whole(installation: &Installation, remote: &str, cancellable: &gio::Cancellable) -> Result<bool, Stop> {
    let say = |error: glib::Error| reaching(&error, remote);
    // Asks the remote for its summary, which libflatpak keeps; updates are found in it later without the network.
    installation.list_remote_refs_sync(remote, Some(cancellable)).map_err(say)?;
    // Title, default branch and the like: worth having, not worth failing for.
    if let Err(error) = installation.update_remote_sync(remote, Some(cancellable)) {
        tracing::info!("the settings of {remote} were not updated: {error}");
    }
    let before = feeds::stamp(installation, remote);
    let progress = None::<&mut dyn FnMut(&str, u32, bool)>;
    match installation.update_appstream_full_sync(remote, None, progress, Some(cancellable)) {
        Ok(()) => Ok(feeds::stamp(installation, remote) != before),
        // It has a summary, so it is there: it lists no apps.
        Err(error) if error.matches(IOErrorEnum::NotFound) || error.matches(libflatpak::Error::RefNotFound) => {
            Ok(false)
        }
        Err(error) => Err(say(error)),
    }
}

/// What a refresh ends with: a failure only if nothing worked and there was something to do.
pub(crate) fn judge(outcome: Outcome, remotes: usize) -> Result<Outcome, Stop> {
    if remotes > 0 && outcome.partial.len() == remotes {
        let whole = outcome.partial.into_iter().next();
        return Err(whole.unwrap_or_else(|| Failure::new(FailureKind::Offline, "Flatpak", "")).into());
    }
    Ok(outcome)
}
