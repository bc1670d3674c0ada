//! Origins: added, removed, switched on and off.

use crate::address::{check_repository, local_path};
use crate::blocking::{NEVER, reading};
use crate::failure::{failure, stop};
use crate::files;
use crate::installation::Place;
use crate::note::Note;
use crate::web::Web;
use libflatpak::prelude::*;
use libflatpak::{Installation, Remote, gio, glib};
use std::path::Path;
use strata_engine::Outcome;
use strata_model::snapshot::Origin;
use strata_model::{Action, Failure, FailureKind, Plan, Request, ShownOrigin, SourceKind, Stop};
use strata_platform::http;

/// Where an origin is, and what is known of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Described {
    pub(crate) name: String,
    pub(crate) url: String,
    by: By,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum By {
    /// A `.flatpakrepo`.
    File(Vec<u8>),
    /// A bare address: what comes from the network has to be signed, with keys that are here already; a folder on this
    /// machine is as good as its owner.
    Address { signed: bool },
}

/// Reads what the request's location says.
pub(crate) async fn describe(web: &Web, request: &Request) -> Result<Described, Failure> {
    let location = request.location.as_str();
    let given = request.offer.origin.as_str();
    let path = local_path(location);
    let folder = path.clone();
    if reading(move || Ok(folder.is_some_and(|folder| folder.is_dir()))).await? {
        let url = path.map(|path| gio::File::for_path(path).uri().into()).unwrap_or_default();
        return Ok(Described { name: name(given, location)?, url, by: By::Address { signed: false } });
    }
    if location.ends_with(".flatpakrepo") || path.is_some() {
        let bytes = files::read(web, location).await?;
        let name = name(given, location)?;
        let url = address_in(&name, &bytes)?;
        check_repository(&url, path.is_some(), &name).await?;
        return Ok(Described { name, url, by: By::File(bytes) });
    }
    if !http::is_address(location) {
        return Err(Failure::new(FailureKind::BadFile, location, "neither a path nor an address"));
    }
    Ok(Described { name: name(given, location)?, url: location.to_owned(), by: By::Address { signed: true } })
}

/// The same, if it still is what the request says yes to: a file may have been written anew since it was shown, and a
/// server may answer otherwise the second time.
pub(crate) async fn describe_agreed(web: &Web, request: &Request) -> Result<Described, Failure> {
    let described = describe(web, request).await?;
    described.check_agreed(request)?;
    Ok(described)
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

impl Described {
    /// Whether what comes from it has to be signed. libflatpak says that of a file only once it was added.
    fn signed(&self) -> Result<bool, Failure> {
        match &self.by {
            By::File(bytes) => files::brings_key(&self.name, bytes),
            By::Address { signed } => Ok(*signed),
        }
    }

    /// What a person is shown of it, with all that it is described by.
    fn shown(&self) -> Result<ShownOrigin, Failure> {
        let description = match &self.by {
            By::File(bytes) => glib::compute_checksum_for_data(glib::ChecksumType::Sha256, bytes),
            By::Address { .. } => None,
        };
        let description = description.map(String::from).unwrap_or_default();
        Ok(ShownOrigin { url: self.url.clone(), signed: self.signed()?, description })
    }

    /// Refuses what is not any more what the request says yes to.
    fn check_agreed(&self, request: &Request) -> Result<(), Failure> {
        let (now, agreed) = (self.shown()?.to_string(), &request.accepted);
        if agreed.is_empty() || *agreed == now {
            return Ok(());
        }
        Err(Failure::new(FailureKind::OriginChanged, &self.name, format!("shown: {agreed}; now: {now}")))
    }

    fn remote(&self) -> Result<Remote, Failure> {
        match &self.by {
            By::File(bytes) => {
                let remote = from_file(&self.name, bytes)?;
                // Without a key everything would be refused that it sends, and a person said yes to what is not signed.
                if !self.signed()? {
                    remote.set_gpg_verify(false);
                }
                Ok(remote)
            }
            By::Address { signed } => {
                let remote = Remote::new(&self.name);
                remote.set_url(&self.url);
                remote.set_gpg_verify(*signed);
                Ok(remote)
            }
        }
    }
}

/// The origin as adding it would set it up; the plan's request says yes to exactly that.
pub(crate) fn plan(place: &Place, request: &Request, described: &Described) -> Result<Plan, Stop> {
    let remote = described.remote()?;
    check_new(place, &place.open()?, described)?;
    let origin = Origin {
        source: SourceKind::Flatpak,
        scope: place.scope.clone(),
        name: described.name.clone(),
        title: remote.title().map(String::from).unwrap_or_default(),
        url: described.url.clone(),
        priority: remote.prio(),
        enabled: true,
        listed: !remote.is_noenumerate(),
        signed: described.signed()?,
    };
    let called = if origin.title.is_empty() { &origin.name } else { &origin.title };
    let request = request.clone().named(called).agreeing_to(&described.shown()?);
    Ok(Plan { origin: Some(origin), ..Plan::nothing(&request) })
}

/// Adds an origin. The note is there for as long as it may have to go again.
pub(crate) fn add(
    place: &Place,
    described: &Described,
    note: &Note,
    cancellable: &gio::Cancellable,
) -> Result<(), Stop> {
    let installation = place.open_interactive()?;
    let remote = described.remote()?;
    check_new(place, &installation, described)?;
    note.write()?;
    installation.add_remote(&remote, false, Some(cancellable)).map_err(|error| {
        note.clear();
        stop(&error, &described.name)
    })
}

/// Refuses what cannot be added.
fn check_new(place: &Place, installation: &Installation, described: &Described) -> Result<(), Failure> {
    let name = described.name.as_str();
    // Added it could be, but nothing could ever be fetched from it: Flatpak's helper refuses that to ordinary users.
    if place.asks_polkit() && !described.signed()? {
        return Err(Failure::new(FailureKind::NotForEverybody, name, ""));
    }
    if installation.remote_by_name(name, NEVER).is_ok() {
        return Err(Failure::new(FailureKind::OriginExists, name, ""));
    }
    Ok(())
}

/// Takes away again an origin whose adding was cancelled or broken off. Never asks for a password. One that something
/// was installed from meanwhile stays.
pub(crate) fn take_back(place: &Place, name: &str) -> Result<(), Failure> {
    match place.open()?.remove_remote(name, NEVER) {
        Ok(()) => Ok(()),
        Err(error) if error.matches(libflatpak::Error::RemoteNotFound) => Ok(()),
        Err(error) if error.matches(libflatpak::Error::RemoteUsed) => {
            tracing::info!("{name} stays: {error}");
            Ok(())
        }
        Err(error) => Err(failure(&error, name)),
    }
}

/// The address that a `.flatpakrepo` names.
pub(crate) fn address_in(name: &str, bytes: &[u8]) -> Result<String, Failure> {
    Ok(from_file(name, bytes)?.url().map(String::from).unwrap_or_default())
}

fn from_file(name: &str, bytes: &[u8]) -> Result<Remote, Failure> {
    let bad = |detail: &str| Failure::new(FailureKind::BadFile, name, detail);
    let remote = Remote::from_file(name, &glib::Bytes::from(bytes)).map_err(|error| bad(error.message()))?;
    if remote.url().is_none_or(|url| url.is_empty()) {
        return Err(bad("it names no address"));
    }
    Ok(remote)
}

/// Removes an origin, switches it on or off, or gives it another priority.
pub(crate) fn change(place: &Place, request: &Request, cancellable: &gio::Cancellable) -> Result<Outcome, Stop> {
    let name = request.offer.origin.as_str();
    let installation = place.open_interactive()?;
    let remote = find(&installation, name)?;
    let changed = match request.action {
        Action::RemoveOrigin => installation.remove_remote(name, Some(cancellable)),
        action => {
            match action {
                Action::PrioritiseOrigin => remote.set_prio(request.priority),
                action => remote.set_disabled(action == Action::DisableOrigin),
            }
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
