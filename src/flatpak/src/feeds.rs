//! The lists of apps that lie on this machine, and what their remotes say beside them.

use crate::blocking::NEVER;
use crate::failure::failure;
use crate::held::Held;
use crate::installation::{self, Place};
use crate::{flathub, references};
use libflatpak::prelude::*;
use libflatpak::{Installation, Remote};
use std::path::PathBuf;
use strata_model::feed::Feed;
use strata_model::{Failure, SourceKind};
use strata_platform::Environment;

/// The lists of every remote that is in use and wants its apps to be listed. That an installation cannot be read is said
/// by [`crate::state::read`].
pub(crate) fn read(places: &[Place], environment: &Environment) -> Result<Vec<Feed>, Failure> {
    let mut feeds = installation::each(places, read_one)?.found.concat();
    let popularity = flathub::popularity(environment);
    for feed in feeds.iter_mut().filter(|feed| flathub::is_flathub(environment, &feed.url)) {
        feed.verifies = true;
        feed.popularity.clone_from(&popularity);
    }
    Ok(feeds)
}

fn read_one(place: &Place) -> Result<Vec<Feed>, Failure> {
    let installation = place.open()?;
    let remotes = installation.list_remotes(NEVER).map_err(|error| failure(&error, &place.scope))?;
    let held = Held::of(&installation);
    let listed = remotes.iter().filter(|remote| is_listed(remote));
    Ok(listed.filter_map(|remote| feed(&installation, remote, &place.scope, &held)).collect())
}

/// It is in use, and wants its apps to be listed.
pub(crate) fn is_listed(remote: &Remote) -> bool {
    !remote.is_disabled() && !remote.is_noenumerate()
}

fn feed(installation: &Installation, remote: &Remote, scope: &str, held: &Held) -> Option<Feed> {
    let name = remote.name()?;
    let folder = folder(installation, &name)?;
    // The plain file needs no unpacking; a remote has one of them or both.
    let file =
        ["appstream.xml", "appstream.xml.gz"].map(|file| folder.join(file)).into_iter().find(|at| at.exists())?;
    Some(Feed {
        source: SourceKind::Flatpak,
        scope: scope.to_owned(),
        references: references::states(installation, remote, &name, held),
        origin: name.into(),
        url: remote.url().map(String::from).unwrap_or_default(),
        priority: remote.prio(),
        file,
        icons: folder.join("icons"),
        verifies: false,
        popularity: None,
    })
}

fn folder(installation: &Installation, remote: &str) -> Option<PathBuf> {
    let arch = libflatpak::default_arch()?;
    Some(installation::folder(installation)?.join("appstream").join(remote).join(arch.as_str()).join("active"))
}

/// Which list lies there: libflatpak switches a link.
pub(crate) fn stamp(installation: &Installation, remote: &str) -> Option<PathBuf> {
    std::fs::read_link(folder(installation, remote)?).ok()
}
