//! How far a transaction is, out of what libflatpak says of each operation.

use libflatpak::prelude::*;
use libflatpak::{Transaction, TransactionOperation, TransactionOperationType, TransactionProgress};
use std::cell::RefCell;
use std::rc::Rc;
use strata_engine::Reporter;
use strata_model::{Progress, Stage};

/// Milliseconds between two reports of one operation.
const PACE: u32 = 100;

/// Bytes over all operations. An operation counts as much as it has to download. Sizes are what an origin says, so sums
/// stop at the greatest number.
#[derive(Debug)]
struct Meter {
    reporter: Reporter,
    /// Bytes to download at most, over all operations.
    total: u64,
    /// Bytes that the operations done so far had to download at most.
    done: u64,
    /// Bytes that really came so far, for the operations that are done.
    came: u64,
    /// Bytes that really came for the present operation.
    coming: u64,
    /// Operations still to come.
    left: usize,
}

/// Reports on a transaction from now on.
pub(crate) fn attach(transaction: &Transaction, reporter: &Reporter) {
    reporter.report(Progress { stage: Stage::Preparing, ..Progress::default() });
    let meter = Meter { reporter: reporter.clone(), total: 0, done: 0, came: 0, coming: 0, left: 0 };
    let meter = Rc::new(RefCell::new(meter));
    let ready = Rc::clone(&meter);
    transaction.connect_ready(move |transaction| {
        let operations = transaction.operations();
        let mut meter = ready.borrow_mut();
        meter.total = operations.iter().map(weight).fold(0, u64::saturating_add);
        meter.left = operations.len();
        true
    });
    let begun = Rc::clone(&meter);
    transaction.connect_new_operation(move |_, operation, progress| begin(&begun, operation, progress));
    transaction.connect_local("operation-done", false, move |values| {
        let operation = values.get(1)?.get::<TransactionOperation>().ok()?;
        meter.borrow_mut().end(weight(&operation));
        None
    });
}

fn weight(operation: &TransactionOperation) -> u64 {
    let removal = operation.operation_type() == TransactionOperationType::Uninstall;
    if removal || operation.is_skipped() { 0 } else { operation.download_size() }
}

fn begin(meter: &Rc<RefCell<Meter>>, operation: &TransactionOperation, progress: &TransactionProgress) {
    let removal = operation.operation_type() == TransactionOperationType::Uninstall;
    let weight = weight(operation);
    meter.borrow_mut().advance(removal, weight, 0, 0);
    progress.set_update_frequency(PACE);
    let meter = Rc::clone(meter);
    progress.connect_changed(move |progress| {
        let percent = u64::try_from(progress.progress()).unwrap_or_default().min(100);
        meter.borrow_mut().advance(removal, weight, percent, progress.bytes_transferred());
    });
}

impl Meter {
    /// `percent` and `bytes` are those of the present operation.
    fn advance(&mut self, removal: bool, weight: u64, percent: u64, bytes: u64) {
        self.coming = bytes;
        let stage = match percent {
            _ if removal => Stage::Removing,
            // All bytes are here: libflatpak checks them and puts them in their place.
            100 => Stage::Installing,
            _ => Stage::Downloading,
        };
        // libflatpak's own percentage counts files, small and large alike; of most apps it says 95 at once.
        self.report(stage, if percent == 100 { weight } else { bytes.min(weight) });
    }

    fn end(&mut self, weight: u64) {
        self.done = self.done.saturating_add(weight);
        self.came = self.came.saturating_add(self.coming);
        self.coming = 0;
        self.left = self.left.saturating_sub(1);
        if self.left == 0 {
            self.report(Stage::Finishing, 0);
        }
    }

    fn report(&self, stage: Stage, present: u64) {
        let percent = (u128::from(self.done.saturating_add(present)) * 100).checked_div(self.total.into());
        self.reporter.report(Progress {
            stage,
            percent: percent.map(|percent| u8::try_from(percent.min(100)).unwrap_or(100)),
            bytes: self.came.saturating_add(self.coming),
            total_bytes: self.total,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percent_is_weighed_by_bytes() {
        let (reporter, watched) = Reporter::new();
        let mut meter = Meter { reporter, total: 1000, done: 0, came: 0, coming: 0, left: 2 };
        meter.advance(false, 900, 50, 400);
        assert_eq!(*watched.borrow(), progress(Stage::Downloading, Some(40), 400, 1000));
        meter.advance(false, 900, 100, 800);
        assert_eq!(*watched.borrow(), progress(Stage::Installing, Some(90), 800, 1000));
        meter.end(900);
        meter.advance(false, 100, 0, 0);
        assert_eq!(*watched.borrow(), progress(Stage::Downloading, Some(90), 800, 1000));
        meter.advance(false, 100, 100, 90);
        meter.end(100);
        assert_eq!(*watched.borrow(), progress(Stage::Finishing, Some(100), 890, 1000));
    }

    #[test]
    fn a_removal_has_no_percentage() {
        let (reporter, watched) = Reporter::new();
        let mut meter = Meter { reporter, total: 0, done: 0, came: 0, coming: 0, left: 1 };
        meter.advance(true, 0, 100, 0);
        assert_eq!(*watched.borrow(), progress(Stage::Removing, None, 0, 0));
    }

    fn progress(stage: Stage, percent: Option<u8>, bytes: u64, total_bytes: u64) -> Progress {
        Progress { stage, percent, bytes, total_bytes }
    }
}
