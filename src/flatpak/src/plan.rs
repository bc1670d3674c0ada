//! What a request would do: the same transaction as the run's, ended just before anything is asked or fetched.

use crate::files::Described;
use crate::held;
use crate::installation::{self, Place};
use crate::job::{self, subject};
use crate::metadata::Metadata;
use crate::reference::Reference;
use crate::state::{installed_ref, metadata_of, part_kind};
use crate::transaction::{self, Record};
use libflatpak::prelude::*;
use libflatpak::{Installation, Remote, Transaction, TransactionOperation, TransactionOperationType, gio, glib};
use std::cell::RefCell;
use std::path::Path;
use std::rc::Rc;
use strata_model::plan::{Step, StepChange, Warning, WarningKind};
use strata_model::{Action, Failure, FailureKind, Permission, Plan, Request, Stop};

/// A request with what it needs to be planned or run.
#[derive(Clone, Debug)]
pub(crate) struct Job {
    pub(crate) request: Request,
    pub(crate) place: Place,
    /// Where runtimes may be found too.
    pub(crate) others: Vec<Place>,
    /// What the request's file says.
    pub(crate) described: Option<Described>,
    /// The system bus's address, `None` for the machine's own.
    pub(crate) system_bus: Option<String>,
}

impl Job {
    /// The reference that the request is about, empty if it is about several.
    pub(crate) fn reference(&self) -> &str {
        self.described.as_ref().map_or(self.request.offer.reference.as_str(), Described::reference)
    }

    /// Every installation.
    pub(crate) fn all_places(&self) -> impl Iterator<Item = &Place> {
        std::iter::once(&self.place).chain(&self.others)
    }
}

/// Plans. `scratch` is an empty folder of the caller's.
pub(crate) fn plan(job: &Job, scratch: &Path, cancellable: &gio::Cancellable) -> Result<Plan, Stop> {
    let target = job.place.open()?;
    held::refuse_update(&target, job)?;
    let mut plan = Plan::nothing(&job.request);
    plan.permissions_before = permissions_of_installed(&target, job.reference());
    let (operations, record) = match job.described {
        Some(_) => dry_run_of_file(job, &target, scratch, cancellable)?,
        None => dry_run(job, &target, &job.others, cancellable)?,
    };
    if operations.is_empty() && record.warnings.is_empty() {
        transaction::check_nothing_newer(job, &target, cancellable)?;
    }
    plan.warnings = record.warnings;
    plan.warnings.extend(held::warning(&target, job));
    plan.warnings.extend(still_needed(job, &target)?);
    plan.permissions_after = permissions_after(job, &plan.permissions_before, &operations, &record.rebased);
    for operation in &operations {
        let before = installed_size(&target, &operation.step.reference);
        let after = if operation.step.change == StepChange::Remove { 0 } else { operation.step.installed_size };
        plan.size_change = plan.size_change.saturating_add(signed(after) - signed(before));
        plan.download_size = plan.download_size.saturating_add(operation.step.download_size);
        let mut step = operation.step.clone();
        if step.change == StepChange::Remove {
            step.installed_size = before;
        }
        plan.steps.push(step);
    }
    Ok(plan)
}

/// One operation as the dry run found it.
#[derive(Debug)]
struct Found {
    step: Step,
    metadata: String,
}

fn dry_run(
    job: &Job,
    installation: &Installation,
    others: &[Place],
    cancellable: &gio::Cancellable,
) -> Result<(Vec<Found>, Record), Stop> {
    let subject = subject(&job.request);
    let say = |error: glib::Error| crate::failure::stop(&error, &subject);
    let (transaction, record) =
        transaction::make(installation, others, &job.request.offer.origin, cancellable).map_err(say)?;
    transaction.set_no_interaction(true);
    let explain = |ended| transaction::explain(installation, &job.request.offer.origin, ended, cancellable);
    job::fill(&transaction, installation, &job.request, job.described.as_ref())
        .map_err(|error| explain(error.into()))?;
    let found = Rc::new(RefCell::new(None));
    let collected = Rc::clone(&found);
    transaction.connect_ready_pre_auth(move |transaction| {
        collected.replace(Some(collect(transaction)));
        false
    });
    let result = transaction.run(Some(cancellable));
    match (result, found.take()) {
        (_, Some(found)) => Ok((found, record.take())),
        // Nothing to do.
        (Ok(()), None) => Ok((Vec::new(), record.take())),
        (Err(error), None) => Err(explain(transaction::ending(&record, &error, &subject))),
    }
}

/// A file makes libflatpak set up an origin before it knows anything, so the dry run happens in an installation that
/// knows the same origins and is thrown away.
fn dry_run_of_file(
    job: &Job,
    target: &Installation,
    scratch: &Path,
    cancellable: &gio::Cancellable,
) -> Result<(Vec<Found>, Record), Stop> {
    let subject = subject(&job.request);
    let parsed = Reference::parse(job.reference())?;
    job::check_architecture(parsed.arch, &subject)?;
    if installed_ref(target, &parsed).is_ok() {
        return Err(Failure::new(FailureKind::AlreadyInstalled, subject, "").into());
    }
    let installation = Place::scratch(scratch).open()?;
    copy_remotes(target, &installation).map_err(|error| crate::failure::stop(&error, &subject))?;
    let mut others = job.others.clone();
    others.push(job.place.clone());
    let (operations, mut record) = dry_run(job, &installation, &others, cancellable)?;
    record.warnings.extend(unsigned(target, &installation).map_err(|error| crate::failure::stop(&error, &subject))?);
    Ok((operations, record))
}

/// The origins that the file brought and whose contents nobody signs. A folder on this machine is as good as its owner.
fn unsigned(known: &Installation, tried: &Installation) -> Result<Vec<Warning>, glib::Error> {
    let is_known = |name: &str| known.remote_by_name(name, crate::blocking::NEVER).is_ok();
    let remotes = tried.list_remotes(crate::blocking::NEVER)?;
    let new = remotes.iter().filter(|remote| remote.name().is_some_and(|name| !is_known(&name)));
    let urls = new.filter(|remote| !remote.is_gpg_verify()).filter_map(RemoteExt::url);
    let urls = urls.filter(|url| !url.starts_with("file:"));
    Ok(urls.map(|url| Warning { kind: WarningKind::Unsigned, subject: url.into(), end_of_life: None }).collect())
}

fn copy_remotes(from: &Installation, to: &Installation) -> Result<(), glib::Error> {
    let never = crate::blocking::NEVER;
    for remote in from.list_remotes(never)? {
        let (Some(name), Some(url)) = (remote.name(), remote.url()) else { continue };
        let copy = Remote::new(&name);
        copy.set_url(&url);
        copy.set_gpg_verify(remote.is_gpg_verify());
        copy.set_disabled(remote.is_disabled());
        copy.set_prio(remote.prio());
        to.add_remote(&copy, true, never)?;
        let (Some(old), Some(new)) = (installation::folder(from), installation::folder(to)) else { continue };
        let keys = format!("repo/{name}.trustedkeys.gpg");
        if let Err(error) = std::fs::copy(old.join(&keys), new.join(&keys)) {
            tracing::debug!("no keys of {name}: {error}");
        }
    }
    Ok(())
}

fn collect(transaction: &Transaction) -> Vec<Found> {
    let operations = transaction.operations();
    operations.iter().filter(|operation| !operation.is_skipped()).filter_map(describe).collect()
}

fn describe(operation: &TransactionOperation) -> Option<Found> {
    let reference = String::from(operation.get_ref()?);
    let metadata = operation.metadata().map(|file| String::from(file.to_data())).unwrap_or_default();
    let change = match operation.operation_type() {
        TransactionOperationType::Uninstall => StepChange::Remove,
        TransactionOperationType::Update => StepChange::Update,
        _ => StepChange::Install,
    };
    let removal = change == StepChange::Remove;
    let kind = part_kind(Reference::parse(&reference).ok()?.kind, &Metadata::parse(&metadata));
    let origin = operation.remote().map(String::from).unwrap_or_default();
    let step = Step {
        change,
        kind,
        reference,
        origin,
        // A commit says none.
        version: String::new(),
        download_size: if removal { 0 } else { operation.download_size() },
        installed_size: operation.installed_size(),
    };
    Some(Found { step, metadata })
}

fn permissions_of_installed(installation: &Installation, reference: &str) -> Vec<Permission> {
    let found = Reference::parse(reference).ok().and_then(|parsed| installed_ref(installation, &parsed).ok());
    found.map(|found| Metadata::parse(&metadata_of(&found)).permissions()).unwrap_or_default()
}

fn permissions_after(
    job: &Job,
    before: &[Permission],
    operations: &[Found],
    rebased: &[(String, String)],
) -> Vec<Permission> {
    let asked = job.reference();
    let main = rebased.iter().find(|(old, _)| old == asked).map_or(asked, |(_, new)| new.as_str());
    match operations.iter().find(|found| found.step.reference == main) {
        _ if job.request.action == Action::Remove => Vec::new(),
        Some(found) => Metadata::parse(&found.metadata).permissions(),
        // Nothing happens to it.
        None => before.to_vec(),
    }
}

/// Apps that stand on the runtime that would be removed.
fn still_needed(job: &Job, installation: &Installation) -> Result<Vec<Warning>, Failure> {
    let Some(runtime) = job.reference().strip_prefix("runtime/").filter(|_| job.request.action == Action::Remove)
    else {
        return Ok(Vec::new());
    };
    let say = |error: glib::Error| crate::failure::failure(&error, &job.place.scope);
    let refs = installation.list_installed_refs(crate::blocking::NEVER).map_err(say)?;
    let users = refs.iter().filter(|found| Metadata::parse(&metadata_of(found)).runtime() == runtime);
    let subjects = users.filter_map(RefExt::format_ref);
    let warning =
        |subject: glib::GString| Warning { kind: WarningKind::StillNeeded, subject: subject.into(), end_of_life: None };
    Ok(subjects.map(warning).collect())
}

fn installed_size(installation: &Installation, reference: &str) -> u64 {
    let parsed = Reference::parse(reference).ok();
    parsed.and_then(|parsed| installed_ref(installation, &parsed).ok()).map_or(0, |found| found.installed_size())
}

fn signed(bytes: u64) -> i64 {
    i64::try_from(bytes).unwrap_or(i64::MAX)
}
