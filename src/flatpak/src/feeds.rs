//! The lists of apps that lie on this machine.

use crate::blocking::NEVER;
use crate::failure::failure;
use crate::installation::{self, Place};
use libflatpak::prelude::*;
use libflatpak::{Installation, Remote};
use std::path::PathBuf;
use strata_model::feed::Feed;
use strata_model::{Failure, SourceKind};

/// The lists of every remote that is in use and wants its apps to be listed. That an installation cannot be read is said
/// by [`crate::state::read`].
pub(crate) fn read(places: &[Place]) -> Result<Vec<Feed>, Failure> {
    Ok(installation::each(places, read_one)?.found.concat())
}

fn read_one(place: &Place) -> Result<Vec<Feed>, Failure> {
    let installation = place.open()?;
    let remotes = installation.list_remotes(NEVER).map_err(|error| failure(&error, &place.scope))?;
    let listed = remotes.iter().filter(|remote| !remote.is_disabled() && !remote.is_noenumerate());
    Ok(listed.filter_map(|remote| feed(&installation, remote, &place.scope)).collect())
}

fn feed(installation: &Installation, remote: &Remote, scope: &str) -> Option<Feed> {
    let name = remote.name()?;
    let folder = folder(installation, &name)?;
    // The plain file needs no unpacking; a remote has one of them or both.
    let file =
        ["appstream.xml", "appstream.xml.gz"].map(|file| folder.join(file)).into_iter().find(|at| at.exists())?;
    Some(Feed {
        source: SourceKind::Flatpak,
        scope: scope.to_owned(),
        origin: name.into(),
        url: remote.url().map(String::from).unwrap_or_default(),
        priority: remote.prio(),
        file,
        icons: folder.join("icons"),
        references: Vec::new(),
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
