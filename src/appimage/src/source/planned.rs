//! What would be done, as plans.

use super::listed::Entry;
use crate::library::{Changed, Note, Place, Portable, Provenance, Record};
use crate::release::Found;
use strata_model::plan::{Step, StepChange, Warning, WarningKind};
use strata_model::{Failure, FailureKind, OfferId, PartKind, Permission, Plan, Request, permission::Resource};

/// A file becomes an app. It is moved, not copied, so the disk has as much on it as before.
pub(super) fn install(request: &Request, changed: &Changed, place: &Place) -> Plan {
    let record = &changed.record;
    Plan {
        request: named(request, record),
        steps: vec![step(StepChange::Install, record, record.version.size)],
        permissions_after: vec![Permission::plain(Resource::Everything)],
        warnings: warnings(changed, matches!(place, Place::Folder(_))),
        ..Plan::nothing(request)
    }
}

/// A file takes the place of what it is another version of. It is moved, and what it takes the place of is kept: the disk has
/// less on it only where that was never started itself.
pub(super) fn replacement(request: &Request, before: &Record, changed: &Changed) -> Plan {
    let record = &changed.record;
    let freed = before.previous.as_ref().map_or(0, |_| before.version.size);
    let replaced = Warning {
        kind: WarningKind::ReplacesVersion,
        subject: format!("{} {}", before.name, before.version.name).trim_end().to_owned(),
        end_of_life: None,
    };
    // Where the file of the one before is gone, nothing is replaced.
    let replaced = record.previous.is_some().then_some(replaced);
    Plan {
        request: Request { replaces: Some(before.offer()), ..named(request, before) },
        steps: vec![step(StepChange::Update, record, record.version.size)],
        size_change: i64::try_from(freed).map_or(i64::MIN, |freed| -freed),
        permissions_before: vec![Permission::plain(Resource::Everything)],
        permissions_after: vec![Permission::plain(Resource::Everything)],
        warnings: replaced.into_iter().chain(warnings(changed, true)).collect(),
        ..Plan::nothing(request)
    }
}

/// What there is to know of a file of the person's own.
fn warnings(Changed { record, notes, .. }: &Changed, is_moved: bool) -> Vec<Warning> {
    let warning = |kind, subject: &str| Warning { kind, subject: subject.to_owned(), end_of_life: None };
    let mut warnings = Vec::new();
    match (record.version.provenance, &record.version.fingerprint) {
        (Provenance::ReleaseDigest | Provenance::SameKey, _) => {}
        (Provenance::FirstSeen, Some(key)) => warnings.push(warning(WarningKind::KeyFirstSeen, key)),
        (Provenance::FirstSeen | Provenance::NotSigned | Provenance::Bad, _) => {
            warnings.push(warning(WarningKind::NotVerified, &record.name));
        }
    }
    if is_moved {
        warnings.push(warning(WarningKind::Moved, &record.path.to_string_lossy()));
    }
    if notes.contains(&Note::NeedsFuse2) {
        warnings.push(warning(WarningKind::NeedsFuse2, &record.name));
    }
    if notes.contains(&Note::WantsTerminal) {
        warnings.push(warning(WarningKind::WantsTerminal, &record.name));
    }
    warnings
}

/// An app of a list comes from where its project publishes it. Whether it is signed is known only once it is here.
pub(super) fn listed(request: &Request, entry: &Entry, found: &Found) -> Plan {
    let (name, size) = (&entry.listed.name, found.asset.size);
    let checked = if found.asset.is_pinned() { WarningKind::Checked } else { WarningKind::Unchecked };
    let told = [
        (true, checked, entry.place(found)),
        (found.development, WarningKind::Development, name.clone()),
        (entry.listed.neglected, WarningKind::Neglected, name.clone()),
    ];
    let told = told.into_iter().filter(|(is_so, ..)| *is_so);
    let step = Step {
        change: StepChange::Install,
        kind: PartKind::App,
        reference: request.offer.reference.clone(),
        origin: request.offer.origin.clone(),
        version: found.version.clone(),
        download_size: size,
        installed_size: size,
    };
    Plan {
        request: if request.name.is_empty() { request.clone().named(name) } else { request.clone() },
        steps: vec![step],
        download_size: size,
        size_change: i64::try_from(size).unwrap_or(i64::MAX),
        permissions_after: vec![Permission::plain(Resource::Everything)],
        warnings: told.map(|(_, kind, subject)| Warning { kind, subject, end_of_life: None }).collect(),
        ..Plan::nothing(request)
    }
}

/// An app gets the version that was found; nothing if there is none. The one before is kept until the new one has
/// been started.
pub(super) fn update(request: &Request, record: &Record, found: Option<&Found>) -> Plan {
    let Some(found) = found else { return Plan::nothing(request) };
    let (size, version) = (found.asset.size, found.version.clone());
    let step = Step { version, download_size: size, ..step(StepChange::Update, record, size) };
    Plan {
        request: named(request, record),
        steps: vec![step],
        download_size: size,
        size_change: i64::try_from(size).unwrap_or(i64::MAX),
        permissions_before: vec![Permission::plain(Resource::Everything)],
        permissions_after: vec![Permission::plain(Resource::Everything)],
        ..Plan::nothing(request)
    }
}

/// The version before comes back, and the newer one goes.
///
/// # Errors
/// [`FailureKind::NoEarlierVersion`].
pub(super) fn go_back(request: &Request, record: &Record) -> Result<Plan, Failure> {
    let Some(previous) = &record.previous else {
        return Err(Failure::new(FailureKind::NoEarlierVersion, &record.name, ""));
    };
    Ok(Plan {
        request: named(request, record),
        steps: vec![Step { version: previous.name.clone(), ..step(StepChange::Update, record, previous.size) }],
        size_change: i64::try_from(record.version.size).map_or(i64::MIN, |freed| -freed),
        permissions_before: vec![Permission::plain(Resource::Everything)],
        permissions_after: vec![Permission::plain(Resource::Everything)],
        ..Plan::nothing(request)
    })
}

/// An app goes, with the version that was kept of it and, where that is asked for, its own folders.
pub(super) fn remove(request: &Request, record: &Record, data: &[Portable]) -> Plan {
    let kept = record.previous.as_ref().map_or(0, |previous| previous.size);
    let app = record.version.size.saturating_add(kept);
    let sizes = data.iter().filter(|_| request.delete_data).filter_map(|folder| folder.size);
    let freed = sizes.fold(app, u64::saturating_add);
    Plan {
        request: named(request, record),
        steps: vec![step(StepChange::Remove, record, app)],
        size_change: i64::try_from(freed).map_or(i64::MIN, |freed| -freed),
        permissions_before: vec![Permission::plain(Resource::Everything)],
        ..Plan::nothing(request)
    }
}

fn named(request: &Request, record: &Record) -> Request {
    if request.name.is_empty() { request.clone().named(&record.name) } else { request.clone() }
}

fn step(change: StepChange, record: &Record, installed_size: u64) -> Step {
    let OfferId { reference, origin, .. } = record.offer();
    let version = record.version.name.clone();
    Step { change, kind: PartKind::App, reference, origin, version, download_size: 0, installed_size }
}
