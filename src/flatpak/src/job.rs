//! What a request puts into a transaction; the same for the plan and for the run.

use crate::blocking::NEVER;
use crate::failure::failure;
use crate::files::Described;
use crate::metadata::Metadata;
use crate::reference::{Reference, id_of};
use crate::state::{installed_ref, metadata_of};
use crate::transaction::check_origin;
use libflatpak::prelude::*;
use libflatpak::{Installation, InstalledRef, RefKind, Transaction, gio, glib};
use strata_model::{Action, Failure, FailureKind, Request};

/// Fills a transaction. `described` is what the request's file says, for [`Action::InstallFile`].
pub(crate) fn fill(
    transaction: &Transaction,
    installation: &Installation,
    request: &Request,
    described: Option<&Described>,
) -> Result<(), Failure> {
    let reference = &request.offer.reference;
    let subject = subject(request);
    let say = |error: glib::Error| failure(&error, &subject);
    match request.action {
        Action::Install => {
            check_architecture(Reference::parse(reference)?.arch, &subject)?;
            check_origin(installation, &request.offer.origin)?;
            transaction.add_install(&request.offer.origin, reference, &[]).map_err(say)
        }
        Action::Update | Action::Download => {
            check_installed(installation, reference, &subject)?;
            transaction.add_update(reference, &[], None).map_err(say)
        }
        Action::Remove => {
            check_installed(installation, reference, &subject)?;
            transaction.add_uninstall(reference).map_err(say)?;
            // Flatpak leaves add-ons that somebody chose, and nobody could use them or would find them again.
            addons(installation, reference).iter().try_for_each(|addon| transaction.add_uninstall(addon).map_err(say))
        }
        Action::RemoveUnused => {
            let unused = installation.list_unused_refs(None, NEVER).map_err(say)?;
            let references = unused.iter().filter_map(RefExt::format_ref);
            references.into_iter().try_for_each(|unused| transaction.add_uninstall(&unused).map_err(say))
        }
        Action::InstallFile => match described {
            Some(Described::Reference { bytes, .. }) => {
                transaction.add_install_flatpakref(&glib::Bytes::from(bytes)).map_err(say)
            }
            Some(Described::Bundle { path, .. }) => {
                transaction.add_install_bundle(&gio::File::for_path(path), None).map_err(say)
            }
            None => Err(Failure::new(FailureKind::BadRequest, subject, "no file is given")),
        },
        Action::Refresh
        | Action::AddOrigin
        | Action::RemoveOrigin
        | Action::EnableOrigin
        | Action::DisableOrigin
        | Action::PrioritiseOrigin
        | Action::Hold
        | Action::Release
        | Action::RemoveData => Err(Failure::new(FailureKind::BadRequest, subject, "this needs no transaction")),
        Action::GoBack => Err(Failure::new(FailureKind::NoEarlierVersion, subject, "Flatpak keeps none")),
        Action::CheckSystem
        | Action::UpdateSystem
        | Action::DeploySystem
        | Action::RollBack
        | Action::Discard
        | Action::ApplyLive
        | Action::Reset
        | Action::Pin
        | Action::Unpin => Err(Failure::new(FailureKind::BadRequest, subject, "no work for Flatpak")),
    }
}

/// What is installed and extends this app.
fn addons(installation: &Installation, app: &str) -> Vec<String> {
    if !app.starts_with("app/") {
        return Vec::new();
    }
    let parts = installation.list_installed_refs_by_kind(RefKind::Runtime, NEVER).unwrap_or_default();
    let extends = |part: &InstalledRef| Metadata::parse(&metadata_of(part)).extended() == Some(app);
    parts.iter().filter(|part| extends(part)).filter_map(RefExt::format_ref).map(String::from).collect()
}

/// What a failure of the request is about, as a person knows it.
pub(crate) fn subject(request: &Request) -> String {
    let offer = &request.offer;
    let told = [request.name.as_str(), id_of(&offer.reference), &request.location, &offer.origin, &offer.scope];
    told.into_iter().find(|text| !text.is_empty()).unwrap_or("Flatpak").to_owned()
}

/// This machine can run it.
pub(crate) fn check_architecture(arch: &str, subject: &str) -> Result<(), Failure> {
    let known = libflatpak::supported_arches();
    if known.iter().any(|known| known == arch) {
        return Ok(());
    }
    Err(Failure::new(FailureKind::WrongArchitecture, subject, format!("it is made for {arch}")))
}

fn check_installed(installation: &Installation, reference: &str, subject: &str) -> Result<(), Failure> {
    installed_ref(installation, &Reference::parse(reference)?).map(drop).map_err(|error| failure(&error, subject))
}
