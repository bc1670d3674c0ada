//! Origins: added, removed, switched on and off.

use crate::blocking::NEVER;
use crate::failure::{failure, stop};
use crate::files;
use crate::installation::Place;
use libflatpak::prelude::*;
use libflatpak::{Installation, Remote, gio, glib};
use std::path::Path;
use strata_engine::Outcome;
use strata_model::{Action, Failure, FailureKind, Request, Stop};

/// Where an origin is, and what is known of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Described {
    /// A `.flatpakrepo`.
    File { name: String, bytes: Vec<u8> },
    /// A bare address: what comes from the network has to be signed, with keys that are here already; a folder on this
    /// machine is as good as its owner.
    Address { name: String, url: String, signed: bool },
}

/// Reads what the request's location says.
pub(crate) async fn describe(request: &Request) -> Result<Described, Failure> {
    let location = request.location.as_str();
    let given = request.offer.origin.as_str();
    let path = files::local_path(location);
    if path.as_ref().is_some_and(|path| path.is_dir()) {
        let url = path.map(|path| gio::File::for_path(path).uri().into()).unwrap_or_default();
        return Ok(Described::Address { name: name(given, location)?, url, signed: false });
    }
    if location.ends_with(".flatpakrepo") || path.is_some() {
        let bytes = files::read(location).await?;
        return Ok(Described::File { name: name(given, location)?, bytes });
    }
    if !location.starts_with("https://") && !location.starts_with("http://") {
        return Err(Failure::new(FailureKind::BadFile, location, "neither a path nor an address"));
    }
    Ok(Described::Address { name: name(given, location)?, url: location.to_owned(), signed: true })
}

/// The name that is given, else the file's.
fn name(given: &str, location: &str) -> Result<String, Failure> {
    let stem = Path::new(location).file_stem().map(|stem| stem.to_string_lossy().into_owned());
    let name = if given.is_empty() { stem.unwrap_or_default() } else { given.to_owned() };
    let known = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
    if name.is_empty()
        || name.len() > 255
        || !name.starts_with(|c: char| c.is_ascii_alphanumeric())
        || !name.chars().all(known)
    {
        return Err(Failure::new(FailureKind::BadRequest, name, "an origin's name has letters, digits, . _ -"));
    }
    Ok(name)
}

/// Adds an origin, and gives its name.
pub(crate) fn add(place: &Place, described: &Described, cancellable: &gio::Cancellable) -> Result<String, Stop> {
    let installation = place.open_interactive()?;
    let (name, remote) = match described {
        Described::File { name, bytes } => (name, from_file(name, bytes)?),
        Described::Address { name, url, signed } => {
            let remote = Remote::new(name);
            remote.set_url(url);
            remote.set_gpg_verify(*signed);
            (name, remote)
        }
    };
    if installation.remote_by_name(name, NEVER).is_ok() {
        return Err(Failure::new(FailureKind::OriginExists, name, "").into());
    }
    installation.add_remote(&remote, false, Some(cancellable)).map_err(|error| stop(&error, name))?;
    Ok(name.clone())
}

fn from_file(name: &str, bytes: &[u8]) -> Result<Remote, Failure> {
    let bad = |detail: &str| Failure::new(FailureKind::BadFile, name, detail);
    let remote = Remote::from_file(name, &glib::Bytes::from(bytes)).map_err(|error| bad(error.message()))?;
    if remote.url().is_none_or(|url| url.is_empty()) {
        return Err(bad("it names no address"));
    }
    Ok(remote)
}

/// Removes an origin, or switches it on or off.
pub(crate) fn change(place: &Place, request: &Request, cancellable: &gio::Cancellable) -> Result<Outcome, Stop> {
    let name = request.offer.origin.as_str();
    let installation = place.open_interactive()?;
    let remote = find(&installation, name)?;
    let changed = match request.action {
        Action::RemoveOrigin => installation.remove_remote(name, Some(cancellable)),
        action => {
            remote.set_disabled(action == Action::DisableOrigin);
            installation.modify_remote(&remote, Some(cancellable))
        }
    };
    changed.map_err(|error| stop(&error, name))?;
    Ok(Outcome { feeds_changed: true, touched: [name.to_owned()].into(), ..Outcome::default() })
}

fn find(installation: &Installation, name: &str) -> Result<Remote, Failure> {
    let found = installation.remote_by_name(name, NEVER);
    found.map_err(|error| Failure { kind: FailureKind::OriginGone, ..failure(&error, name) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_given_or_taken_from_the_file() {
        assert_eq!(name("", "https://example.org/flathub.flatpakrepo").unwrap(), "flathub");
        assert_eq!(name("mine", "/tmp/x.flatpakrepo").unwrap(), "mine");
        for bad in ["../x", "a b", "-x", "ä"] {
            assert_eq!(name(bad, "/tmp/x").unwrap_err().kind, FailureKind::BadRequest, "{bad}");
        }
    }
}
