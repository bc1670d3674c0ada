//! One transaction for one request: made, wired, and what it said on the way.

use crate::failure::{fetching, reaching};
use crate::installation::Place;
use crate::plan::Job;
use crate::raw;
use crate::reference::{Reference, id_of};
use libflatpak::gio;
use libflatpak::glib::{self, Value};
use libflatpak::prelude::*;
use libflatpak::{Installation, Transaction, TransactionErrorDetails, TransactionOperation, TransactionOperationType};
use std::cell::RefCell;
use std::rc::Rc;
use strata_model::installed::EndOfLife;
use strata_model::plan::{Warning, WarningKind};
use strata_model::{Action, Failure, FailureKind, Stop};

/// What a transaction said while it was resolved and run.
#[derive(Debug, Default)]
pub(crate) struct Record {
    pub(crate) warnings: Vec<Warning>,
    /// Parts that failed while the rest went on.
    pub(crate) partial: Vec<Failure>,
    /// What made it end.
    pub(crate) fatal: Option<Stop>,
    /// Old references with what takes their place.
    pub(crate) rebased: Vec<(String, String)>,
    pub(crate) done: Vec<Done>,
    /// Some operation began to change the installation.
    pub(crate) begun: bool,
}

/// An operation that came to its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Done {
    pub(crate) reference: String,
    pub(crate) change: TransactionOperationType,
}

pub(crate) type Shared = Rc<RefCell<Record>>;

/// Makes a transaction on an installation that finds runtimes in the others too, best from the given origin.
pub(crate) fn make(
    installation: &Installation,
    others: &[Place],
    origin: &str,
    cancellable: &gio::Cancellable,
) -> Result<(Transaction, Shared), glib::Error> {
    let transaction = Transaction::for_installation(installation, crate::blocking::NEVER)?;
    for other in others.iter().filter_map(|place| place.open().ok()) {
        transaction.add_dependency_source(&other);
    }
    // Strata removes what nothing needs when the person says so.
    transaction.set_disable_auto_pin(true);
    let record = Shared::default();
    on_end_of_life(&transaction, &record, cancellable);
    on_new_remote(&transaction, &record);
    on_choice_of_remote(&transaction, origin);
    on_operations(&transaction, &record);
    Ok((transaction, record))
}

fn text(values: &[Value], at: usize) -> String {
    values.get(at).and_then(|value| value.get::<Option<String>>().ok()).flatten().unwrap_or_default()
}

fn texts(values: &[Value], at: usize) -> Vec<String> {
    values.get(at).and_then(|value| value.get::<Vec<String>>().ok()).unwrap_or_default()
}

/// The app's place is taken by its successor, with the person's data, where its origin names one.
fn on_end_of_life(transaction: &Transaction, record: &Shared, cancellable: &gio::Cancellable) {
    let (record, cancellable) = (Rc::clone(record), cancellable.clone());
    // Arguments: transaction, remote, reference, reason, successor, previous ids. Says whether to skip the old one.
    transaction.connect_local("end-of-lifed-with-rebase", false, move |values| {
        let transaction = values.first()?.get::<Transaction>().ok()?;
        let (remote, old, reason, successor) = (text(values, 1), text(values, 2), text(values, 3), text(values, 4));
        let mut previous = texts(values, 5);
        previous.push(id_of(&old).to_owned());
        let mut replaced = false;
        if old.starts_with("app/") && is_offered(&transaction, &remote, &successor, &cancellable) {
            let installed = is_installed(&transaction, &old);
            match raw::add_rebase(&transaction, &remote, &successor, &old, &previous, installed) {
                Ok(()) => replaced = true,
                Err(error) => tracing::info!("{successor} cannot take the place of {old}: {error}"),
            }
        }
        let mut record = record.borrow_mut();
        let kind = if replaced { WarningKind::Replaced } else { WarningKind::EndOfLife };
        if replaced {
            record.rebased.push((old.clone(), successor.clone()));
        }
        record.warnings.push(Warning { kind, subject: old, end_of_life: Some(EndOfLife { reason, successor }) });
        Some(replaced.to_value())
    });
}

/// The origin really has it; libflatpak would find out too late to go on with the old one.
fn is_offered(transaction: &Transaction, remote: &str, reference: &str, cancellable: &gio::Cancellable) -> bool {
    let (Some(installation), Ok(parsed)) = (transaction.installation(), Reference::parse(reference)) else {
        return false;
    };
    let Reference { kind, id, arch, branch } = parsed;
    installation.fetch_remote_ref_sync(remote, kind, id, Some(arch), Some(branch), Some(cancellable)).is_ok()
}

fn is_installed(transaction: &Transaction, reference: &str) -> bool {
    let Ok(parsed) = Reference::parse(reference) else { return false };
    let installation = transaction.installation();
    installation.is_some_and(|installation| crate::state::installed_ref(&installation, &parsed).is_ok())
}

/// A file may bring the origin of the runtime that it needs. The plan says so, and the person says yes to the plan.
fn on_new_remote(transaction: &Transaction, record: &Shared) {
    let record = Rc::clone(record);
    // Arguments: transaction, reason, from, suggested name, address. Says whether to add it.
    transaction.connect_local("add-new-remote", false, move |values| {
        let subject = text(values, 4);
        record.borrow_mut().warnings.push(Warning { kind: WarningKind::NewOrigin, subject, end_of_life: None });
        Some(true.to_value())
    });
}

/// A runtime comes from the app's own origin if that has it, else from the first of the others: libflatpak orders them
/// by priority.
fn on_choice_of_remote(transaction: &Transaction, origin: &str) {
    let origin = origin.to_owned();
    // Arguments: transaction, for whom, runtime, remotes. Says which one, −1 for none.
    transaction.connect_local("choose-remote-for-ref", false, move |values| {
        Some(choice(&texts(values, 3), &origin).to_value())
    });
}

fn choice(remotes: &[String], origin: &str) -> i32 {
    let own = remotes.iter().position(|remote| remote == origin);
    let first = if remotes.is_empty() { -1 } else { 0 };
    own.and_then(|own| i32::try_from(own).ok()).unwrap_or(first)
}

fn on_operations(transaction: &Transaction, record: &Shared) {
    let begun = Rc::clone(record);
    transaction.connect_new_operation(move |_, _, _| begun.borrow_mut().begun = true);
    let done = Rc::clone(record);
    // Arguments: transaction, operation, commit (NULL for a removal), result.
    transaction.connect_local("operation-done", false, move |values| {
        let operation = values.get(1)?.get::<TransactionOperation>().ok()?;
        let reference = operation.get_ref().map(String::from).unwrap_or_default();
        done.borrow_mut().done.push(Done { reference, change: operation.operation_type() });
        None
    });
    let failed = Rc::clone(record);
    transaction.connect_operation_error(move |_, operation, error, details| {
        let reference = operation.get_ref().map(String::from).unwrap_or_default();
        let stop = fetching(error, id_of(&reference));
        // Named after NON_FATAL in C; the binding has lost the first half.
        let goes_on = details.contains(TransactionErrorDetails::FATAL) && stop != Stop::Cancelled;
        let mut record = failed.borrow_mut();
        match stop {
            Stop::Failed(failure) if goes_on => record.partial.push(failure),
            stop => record.fatal = record.fatal.take().or(Some(stop)),
        }
        goes_on
    });
}

/// Why a transaction ended: what the operation said that failed, else what libflatpak says of the whole.
pub(crate) fn ending(record: &Shared, error: &glib::Error, subject: &str) -> Stop {
    let whole = fetching(error, subject);
    if whole == Stop::Cancelled {
        return whole;
    }
    record.borrow_mut().fatal.take().unwrap_or(whole)
}

/// libflatpak takes an origin whose summary it could not get for one that has nothing: asks it again, alone, to hear
/// why.
pub(crate) fn explain(installation: &Installation, origin: &str, ended: Stop, cancellable: &gio::Cancellable) -> Stop {
    let empty_handed = |failure: &Failure| matches!(failure.kind, FailureKind::NotFound | FailureKind::RuntimeMissing);
    if origin.is_empty() || !matches!(&ended, Stop::Failed(failure) if empty_handed(failure)) {
        return ended;
    }
    let listed = installation.list_remote_refs_sync(origin, Some(cancellable));
    listed.map_or_else(|error| reaching(&error, origin), |_| ended)
}

/// libflatpak takes an app whose origin does not answer for one that is up to date. An update that does nothing is right
/// only where the origin says so.
pub(crate) fn check_nothing_newer(
    job: &Job,
    installation: &Installation,
    cancellable: &gio::Cancellable,
) -> Result<(), Stop> {
    let origin = job.request.offer.origin.as_str();
    if !matches!(job.request.action, Action::Update | Action::Download) || origin.is_empty() {
        return Ok(());
    }
    let listed = installation.list_remote_refs_sync(origin, Some(cancellable));
    listed.map(drop).map_err(|error| reaching(&error, origin))
}

/// The origin that a request names has to be there and in use.
pub(crate) fn check_origin(installation: &Installation, origin: &str) -> Result<(), Failure> {
    let remote = installation.remote_by_name(origin, crate::blocking::NEVER);
    let remote = remote.map_err(|error| Failure::new(FailureKind::OriginGone, origin, error.message()))?;
    if remote.is_disabled() {
        return Err(Failure::new(FailureKind::OriginDisabled, origin, "the remote is disabled"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_runtime_comes_from_the_app_s_own_origin_first() {
        let remotes = ["flathub", "fedora"].map(str::to_owned);
        assert_eq!(choice(&remotes, "fedora"), 1);
        assert_eq!(choice(&remotes, "elsewhere"), 0);
        assert_eq!(choice(&[], "fedora"), -1);
    }
}
