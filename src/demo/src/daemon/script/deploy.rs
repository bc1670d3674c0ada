//! A new deployment: its wishes, its base, its layer.

use super::super::request::{Deploy, Target};
use super::super::state::{Deployment, Origin};
use super::super::update;
use super::{Script, Step, Writer, assemble, pull, small, wishes};
use std::sync::Arc;

pub(super) fn deploy(mut write: Writer, order: &Deploy) -> Script {
    let Some(merge) = write.state.merge().cloned() else {
        let error = format!("No deployments found for os {}", write.system.os);
        return write.fail(error);
    };
    let mut new = Deployment { pinned: false, booted: false, transient: false, live: None, ..merge.clone() };
    if let Err(error) = wishes::apply(&write, &mut new, order) {
        return write.fail(error);
    }
    if order.options.check_only {
        return check(write, &new, order);
    }
    if let Err(error) = pull::pull(&mut write, &order.target, &mut new) {
        return write.fail(error);
    }
    let upgrade = order.target == Target::Newest;
    if upgrade && new.base == merge.base && new.wishes.none() && merge.wishes.none() {
        write.message("No upgrade available.");
        return write.done();
    }
    if write.locked && !new.wishes.none() {
        return write.fail("Cannot operate; `LockLayering=true` in configuration.");
    }
    if order.options.download_only {
        return write.done();
    }
    finish(write, order, &merge, new)
}

fn finish(mut write: Writer, order: &Deploy, merge: &Deployment, mut new: Deployment) -> Script {
    if new.wishes.none() {
        new.layer = None;
        new.checksum.clone_from(&new.base);
        new.timestamp = write.system.base(&new.base).map_or(0, |base| base.timestamp);
    } else {
        match assemble::assemble(&mut write, order, merge, &mut new) {
            Ok(true) => {}
            Ok(false) => return write.done(),
            Err(error) => return write.fail(error),
        }
    }
    if order.options.dry_run {
        return write.done();
    }
    if new.checksum == merge.checksum && new.origin == merge.origin && merge.arguments == new.arguments {
        write.message("No change.");
        return write.done();
    }
    stage(&mut write, new);
    if order.options.apply_live {
        return small::apply_live(write);
    }
    let system = Arc::clone(&write.system);
    let mut script = Script { restart: order.options.reboot, ..write.done() };
    if order.target == Target::Newest {
        script.afterwards = Some(Arc::new(move |state| state.update = update::after_upgrade(&system, state)));
    }
    script
}

/// The deployment becomes visible in the middle of its task.
pub(super) fn stage(write: &mut Writer, new: Deployment) {
    write.begin("Staging deployment");
    write.work(200);
    write.steps.push(Step::Point { place: "Staging deployment".to_owned(), task: true });
    let system = Arc::clone(&write.system);
    let freed = write.state.clone().stage(&system, new.clone());
    write.change(move |state| {
        state.stage(&system, new.clone());
    });
    write.work(20);
    write.end();
    write.work(100);
    if let Some(message) = freed.message() {
        write.message(message);
    }
}

/// Looks for an update: the branch's commit, and for layered packages what the repositories say.
fn check(mut write: Writer, new: &Deployment, order: &Deploy) -> Script {
    let system = Arc::clone(&write.system);
    match &new.origin {
        Origin::Branch(refspec) => {
            if let Err(error) = pull::metadata(&mut write, refspec, &system.newest) {
                return write.fail(error);
            }
        }
        Origin::Image(..) => {
            write.work(30);
            write.progress_end();
        }
    }
    let booted = write.state.booted().is_some_and(|booted| booted.layer.is_some());
    if booted && !order.options.to_journal && matches!(new.origin, Origin::Branch(_)) {
        assemble::repositories(&mut write);
    }
    let mut script = write.done();
    script.afterwards = Some(Arc::new(move |state| state.update = update::found(&system, state)));
    script
}
