//! Transactions that make no new tree.

use super::super::request::Arguments;
use super::super::state::Deployment;
use super::{Script, Writer, assemble, deploy};
use std::sync::Arc;

/// Makes the deployment before the running one, or the running one itself, the first to be booted.
pub(super) fn rollback(mut write: Writer, reboot: bool) -> Script {
    let undo = write.state.pending().is_some();
    if write.state.pending().is_some_and(|pending| pending.staged) {
        return write.fail("Staged deployment (remove with cleanup -p)");
    }
    let target = if undo { write.state.booted() } else { write.state.rollback() };
    let Some(target) = target.cloned() else {
        return write.fail("No rollback deployment found");
    };
    write.message(format!("Moving '{}.{}' to be first deployment", target.checksum, target.serial));
    write.work(60);
    write.point("Rollback");
    boot_loader(&mut write, 0);
    write.change(move |state| {
        state.boot.0 ^= 1;
        let place = state.deployments.iter().position(|known| same(known, &target));
        if let Some(place) = place {
            state.deployments[..=place].rotate_right(1);
        }
    });
    write.work(100);
    Script { restart: reboot, ..write.done() }
}

fn same(one: &Deployment, other: &Deployment) -> bool {
    (&one.checksum, one.serial) == (&other.checksum, other.serial)
}

fn boot_loader(write: &mut Writer, change: i64) {
    let (version, minor) = (write.state.boot.0 ^ 1, write.state.boot.1);
    write.message(format!(
        "Bootloader updated; bootconfig swap: yes; bootversion: boot.{version}.{minor}, deployment count change: {change}"
    ));
}

/// Takes away what waits, or what could be rolled back to.
pub(super) fn clean_up(mut write: Writer, kinds: &[String]) -> Script {
    let has = |kind: &str| kinds.iter().any(|known| known == kind);
    let (pending, rollback) = (has("pending-deploy"), has("rollback-deploy"));
    write.work(20);
    write.point("Cleaning up");
    if !pending && !rollback {
        return write.done();
    }
    let booted = write.state.deployments.iter().position(|known| known.booted).unwrap_or_default();
    let gone: Vec<Deployment> = write
        .state
        .deployments
        .iter()
        .enumerate()
        .filter(|(place, known)| !known.pinned && (pending && *place < booted || rollback && *place > booted))
        .map(|(_, known)| known.clone())
        .collect();
    if gone.is_empty() {
        write.message("Deployments unchanged.");
        return write.done();
    }
    // A staged one is not in the boot loader's list yet.
    let listed = gone.iter().filter(|known| !known.staged).count();
    if listed > 0 {
        boot_loader(&mut write, -i64::try_from(listed).unwrap_or(i64::MAX));
    }
    let system = Arc::clone(&write.system);
    let freed = write.state.clone().drop_deployments(&system, |known| !gone.iter().any(|it| same(it, known)));
    write.change(move |state| {
        state.boot.0 ^= u32::from(listed > 0);
        state.drop_deployments(&system, |known| !gone.iter().any(|it| same(it, known)));
    });
    write.work(80);
    if let Some(message) = freed.message() {
        write.message(message);
    }
    write.done()
}

pub(super) fn refresh(mut write: Writer) -> Script {
    write.work(10);
    write.point("Updating rpm-md repo");
    assemble::repositories(&mut write);
    write.done()
}

/// Only switching a repository on or off is allowed.
pub(super) fn modify(mut write: Writer, id: &str, settings: &[(String, String)]) -> Script {
    if let Some((key, _)) = settings.iter().find(|(key, _)| key != "enabled") {
        return write.fail(format!("Changing '{key}' not allowed in yum .repo files"));
    }
    if !write.system.repo.iter().any(|repo| repo.id == id) {
        return write.fail(format!("Yum repo '{id}' not found"));
    }
    write.work(10);
    let id = id.to_owned();
    for (_, value) in settings {
        let (id, on) = (id.clone(), value == "1");
        write.note(move |state| {
            state.switched.insert(id.clone(), on);
        });
    }
    write.done()
}

pub(super) fn arguments(mut write: Writer, order: &Arguments) -> Script {
    let Some(merge) = write.state.merge().cloned() else {
        return write.fail("No deployments found");
    };
    // Where the deployment lies is not an argument that is kept.
    let mut words: Vec<String> =
        order.before.split(' ').filter(|word| !word.starts_with("ostree=")).map(str::to_owned).collect();
    for word in &order.delete {
        let Some(place) = words.iter().position(|known| known == word || known.starts_with(&format!("{word}="))) else {
            return write.fail(format!("No karg '{word}' found"));
        };
        words.remove(place);
    }
    for word in &order.replace {
        let key = word.split('=').next().unwrap_or_default();
        let Some(place) = words.iter().position(|known| known.split('=').next() == Some(key)) else {
            return write.fail(format!("No karg '{key}' found"));
        };
        words[place].clone_from(word);
    }
    words.extend(order.append.iter().cloned());
    let new = Deployment {
        arguments: Some(words.join(" ")),
        pinned: false,
        booted: false,
        transient: false,
        live: None,
        ..merge
    };
    deploy::stage(&mut write, new);
    Script { restart: order.reboot, ..write.done() }
}

/// What is staged becomes final, and the system restarts.
pub(super) fn finalize(write: Writer, checksum: Option<&str>, unchecked: bool) -> Script {
    let Some(pending) = write.state.pending().filter(|pending| pending.staged) else {
        return write.fail("No pending deployment staged");
    };
    match checksum {
        Some(expected) if expected != pending.checksum => {
            let error = format!("Expected staged base checksum {expected}, but found {}", pending.checksum);
            write.fail(error)
        }
        None if !unchecked => write.fail("Missing expected checksum"),
        _ => Script { restart: true, ..write.done() },
    }
}

/// Puts what is staged onto the running system too. It stays staged.
pub(super) fn apply_live(mut write: Writer) -> Script {
    let Some(target) = write.state.pending().cloned() else {
        return write.fail("No pending deployment");
    };
    if !write.system.systemd {
        return write.fail("Creating overlayfs: Running systemd worker: Not running under systemd");
    }
    write.work(50);
    write.change(|state| {
        state.deployments.iter_mut().filter(|known| known.booted).for_each(|known| known.transient = true);
    });
    write.work(20);
    write.task("Computing /etc diff to preserve", 20);
    write.point("Applying live changes");
    write.task("Updating /usr", 4);
    write.task("Updating /etc", 2);
    write.task("Running systemd-tmpfiles for /run and /var", 30);
    write.change(move |state| {
        for known in state.deployments.iter_mut().filter(|known| known.booted) {
            known.live = Some(target.checksum.clone());
        }
    });
    write.done()
}
