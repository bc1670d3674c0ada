//! Runs one request as one transaction. When it does not end in success, what came with it goes again.

use crate::blocking::NEVER;
use crate::failure::{failure, stop};
use crate::job::{self, subject};
use crate::plan::Job;
use crate::reference::Reference;
use crate::state::{installed_ref, version_of};
use crate::transaction::{self, Record};
use crate::{held, meter, polkit};
use libflatpak::prelude::*;
use libflatpak::{Installation, Transaction, TransactionOperationType, gio, glib};
use std::collections::BTreeSet;
use strata_engine::{Outcome, Reporter};
use strata_model::{Action, Failure, Stop};

/// Runs. The caller has its turn at the installation.
pub(crate) fn run(job: &Job, reporter: &Reporter, cancellable: &gio::Cancellable) -> Result<Outcome, Stop> {
    let subject = subject(&job.request);
    let bus = job.system_bus.as_deref();
    held::refuse_update(&job.place.open()?, job)?;
    polkit::ask(&job.place, &job.request, bus, cancellable)?;
    let installation = if job.request.unattended { job.place.open()? } else { job.place.open_interactive()? };
    let remotes = remote_names(&installation);
    let from_version = version(&installation, job.reference());
    let (transaction, record) = transaction::make(&installation, &job.others, &job.request.offer.origin, cancellable)
        .map_err(|error| stop(&error, &subject))?;
    transaction.set_no_interaction(job.request.unattended);
    transaction.set_no_deploy(job.request.action == Action::Download);
    meter::attach(&transaction, reporter);
    let explain = |ended| transaction::explain(&installation, &job.request.offer.origin, ended, cancellable);
    job::fill(&transaction, &installation, &job.request, job.described.as_ref())
        .map_err(|error| explain(error.into()))?;
    let result = transaction.run(Some(cancellable));
    drop(transaction);
    if let Err(error) = result {
        let ended = explain(transaction::ending(&record, &error, &subject));
        undo(job, &record.borrow(), &remotes);
        return Err(polkit::dismissed_or_denied(&job.place, &job.request, bus, ended));
    }
    let record = record.take();
    if record.done.is_empty() {
        transaction::check_nothing_newer(job, &installation, cancellable)?;
    }
    // A fresh view: the one of before remembers what was installed then.
    let after = job.place.open()?;
    let successor = record.rebased.iter().find(|(old, _)| old == job.reference()).map(|(_, new)| new.as_str());
    Ok(Outcome {
        from_version,
        to_version: version(&after, successor.unwrap_or(job.reference())),
        feeds_changed: remote_names(&after) != remotes,
        partial: record.partial,
        touched: record.done.into_iter().map(|done| done.reference).collect(),
        unchanged: false,
    })
}

fn version(installation: &Installation, reference: &str) -> String {
    let found = Reference::parse(reference).ok().and_then(|parsed| installed_ref(installation, &parsed).ok());
    found.map(|found| version_of(&found)).unwrap_or_default()
}

fn remote_names(installation: &Installation) -> BTreeSet<String> {
    let remotes = installation.list_remotes(NEVER).unwrap_or_default();
    remotes.iter().filter_map(RemoteExt::name).map(String::from).collect()
}

/// Takes away again what a transaction brought that did not come to its end: references, origins, objects. What was
/// *updated* stays: the newer version is whole and as good. Never asks for a password; what it may not take away stays
/// as unused, and is said so in the log.
fn undo(job: &Job, record: &Record, remotes_before: &BTreeSet<String>) {
    let (place, scope) = (&job.place, &job.place.scope);
    let deploys = job.request.action != Action::Download;
    let came = |change| {
        deploys && matches!(change, TransactionOperationType::Install | TransactionOperationType::InstallBundle)
    };
    // Where the old app is gone already, the one that takes its place has to stay: else the person would have neither.
    let replaced = record.done.iter().any(|done| done.change == TransactionOperationType::Uninstall);
    let came = record.done.iter().filter(|done| came(done.change) && !replaced);
    let came: Vec<&str> = came.map(|done| done.reference.as_str()).collect();
    let undone = place.open().and_then(|installation| {
        remove(&installation, &came, scope)?;
        if job.described.is_some() {
            remove_new_remotes(&installation, remotes_before, scope)?;
        }
        // What an ordinary user fetches lies elsewhere until the system helper takes it, and goes with the transaction.
        if record.begun && !place.asks_polkit() { clean(&installation, scope) } else { Ok(()) }
    });
    if let Err(failure) = undone {
        tracing::warn!("something is left of a broken off task: {failure}");
    }
}

fn remove(installation: &Installation, references: &[&str], scope: &str) -> Result<(), Failure> {
    if references.is_empty() {
        return Ok(());
    }
    let say = |error: glib::Error| failure(&error, scope);
    let transaction = Transaction::for_installation(installation, NEVER).map_err(say)?;
    transaction.set_no_interaction(true);
    // All of them came together and nothing else can need them yet.
    transaction.set_force_uninstall(true);
    transaction.set_disable_related(true);
    for reference in references {
        transaction.add_uninstall(reference).map_err(say)?;
    }
    transaction.run(NEVER).map_err(say)
}

fn remove_new_remotes(installation: &Installation, before: &BTreeSet<String>, scope: &str) -> Result<(), Failure> {
    let now = remote_names(installation);
    now.difference(before)
        .try_for_each(|name| installation.remove_remote(name, NEVER))
        .map_err(|error| failure(&error, scope))
}

/// Removes references that are not deployed and objects that nothing refers to.
pub(crate) fn clean(installation: &Installation, scope: &str) -> Result<(), Failure> {
    let say = |error: glib::Error| failure(&error, scope);
    installation.cleanup_local_refs_sync(NEVER).map_err(say)?;
    installation.prune_local_repo(NEVER).map_err(say)
}
