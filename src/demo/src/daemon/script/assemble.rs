//! Making a layer: repositories, resolving, importing, checking out, scripts, writing.

use super::super::request::{Deploy, Target};
use super::super::resolve::{Problem, Solution, Wanted, hex, missing, solve};
use super::super::state::Deployment;
use super::Writer;
use sha2::{Digest, Sha256};

/// What libostree names when it is interrupted while it walks through a tree.
const WALKING: &str = "Tweaking SELinux timestamps: Analyzing /usr/etc/selinux content";

/// Makes the new deployment's layer. False: nothing is to be deployed, and it was said why.
pub(super) fn assemble(
    write: &mut Writer,
    order: &Deploy,
    merge: &Deployment,
    new: &mut Deployment,
) -> Result<bool, String> {
    for local in new.wishes.local.values().chain(new.wishes.replacements.values()) {
        let (name, size) = (local.nevra.to_string(), local.size);
        write.note(move |state| {
            state.cache.insert(name.clone(), size);
        });
    }
    write.point("rpmdb checkout");
    write.task(&format!("Checking out tree {}", new.base.get(..7).unwrap_or_default()), 180);
    write.point(WALKING);
    repositories(write);
    let found = resolve(write, new)?;
    if order.options.dry_run {
        list(write, &found.packages);
        return Ok(true);
    }
    if merge.base == new.base && merge.layer.as_ref().is_some_and(|layer| layer.state == found.layer.state) {
        let upgrade = order.target == Target::Newest;
        write.message(if upgrade { "No upgrade available." } else { "No change." });
        if merge.wishes == new.wishes {
            return Ok(false);
        }
    }
    import(write, &found.packages);
    check_out(write, &found);
    if !found.layer.packages.is_empty() || !found.layer.replaced.is_empty() {
        scripts(write, &found.packages)?;
    }
    commit(write, found, new);
    Ok(true)
}

/// Loads the metadata of every repository that is used. They are always here already.
pub(super) fn repositories(write: &mut Writer) {
    let used: Vec<_> =
        write.system.repo.iter().filter(|repo| write.state.enabled(&write.system, &repo.id)).cloned().collect();
    let ids: Vec<&str> = used.iter().map(|repo| repo.id.as_str()).collect();
    write.message(format!("Enabled rpm-md repositories: {}", ids.join(" ")));
    let count = u32::try_from(used.len()).unwrap_or(u32::MAX).max(1);
    for number in 0..count {
        write.percent("Importing rpm-md", 100 * number / count);
        write.percent("Importing rpm-md", 100 * number / count + 5 / count);
    }
    write.percent("Importing rpm-md", 100);
    write.progress_end();
    for repo in used {
        let time = i64::try_from(repo.generated).ok().and_then(|time| jiff::Timestamp::from_second(time).ok());
        let time = time.unwrap_or_default();
        let count = repo.package.len() + repo.advisory.len();
        write.message(format!("rpm-md repo '{}' (cached); generated: {time} solvables: {count}", repo.id));
    }
}

fn resolve(write: &mut Writer, new: &Deployment) -> Result<Solution, String> {
    if let Some(problem) = missing(&write.system, &write.state, &new.wishes) {
        return Err(problem.words());
    }
    write.task("Resolving dependencies", 0);
    solve(&write.system, &write.state, &new.base, &new.wishes).map_err(Problem::words)
}

/// What a dry run says.
fn list(write: &mut Writer, packages: &[Wanted]) {
    let plural = if packages.len() == 1 { "" } else { "s" };
    write.message(format!("Installing {} package{plural}:", packages.len()));
    for wanted in packages {
        write.message(format!("  {} ({})", wanted.nevra, wanted.repo));
    }
}

/// Unpacks what is not in the cache.
fn import(write: &mut Writer, packages: &[Wanted]) {
    let known = |wanted: &&Wanted| !write.state.cache.contains_key(&wanted.nevra.to_string());
    let new: Vec<Wanted> = packages.iter().filter(known).cloned().collect();
    if new.is_empty() {
        return;
    }
    write.percent("Importing packages", 0);
    for (number, wanted) in new.iter().enumerate() {
        let count = new.len();
        write.work(5);
        let percent = if number + 1 == count { 100 } else { 0 };
        write.percent(format!("Importing packages ({}/{count})", number + 1), percent);
        let (name, size) = (wanted.nevra.to_string(), wanted.size);
        write.note(move |state| {
            state.cache.insert(name.clone(), size);
        });
        if let Some(next) = new.get(number + 1) {
            let name = &next.nevra.name;
            write.point(format!("importing RPMs: creating importer: Processing file-overrides for package {name}"));
        }
    }
    write.progress_end();
}

fn check_out(write: &mut Writer, found: &Solution) {
    let layer = &found.layer;
    let (overrides, overlays) = (layer.removed.len() + layer.replaced.len(), layer.packages.len());
    let place = |number: usize| {
        let next = layer.packages.get(number).map(|nevra| nevra.name.clone()).unwrap_or_default();
        format!("Checkout {next}")
    };
    if overrides == 0 {
        write.work(30);
        return write.counted("Checking out packages", overlays, 1, &place);
    }
    let some = |count: usize, what: &str| format!("{count} {what}{}", if count == 1 { "" } else { "s" });
    let rest = if overlays == 0 { String::new() } else { format!(" and {}", some(overlays, "overlay")) };
    write.message(format!("Applying {}{rest}", some(overrides, "override")));
    // What is replaced is taken away and put there.
    write.counted("Processing packages", overrides + layer.replaced.len() + overlays, 1, &place);
}

fn scripts(write: &mut Writer, packages: &[Wanted]) -> Result<(), String> {
    write.work(20);
    write.task("Running systemd-sysusers", 10);
    write.task("Running pre scripts", 0);
    let failing = packages.iter().find_map(|wanted| Some((&wanted.nevra.name, wanted.script_fails?)));
    write.task("Running post scripts", if failing.is_some() { 60 } else { 0 });
    if let Some((name, code)) = failing {
        return Err(format!("Running %post for {name}: bwrap(/bin/sh): Child process exited with code {code}"));
    }
    write.task("Running posttrans scripts", 0);
    write.point("Running posttrans scripts");
    Ok(())
}

fn commit(write: &mut Writer, found: Solution, new: &mut Deployment) {
    write.work(15);
    write.task("Writing rpmdb", 10);
    write.work(180);
    write.point("Writing rpmdb");
    write.task("Writing OSTree commit", 100);
    write.point(format!("Committing: {WALKING}"));
    let now = jiff::Timestamp::now();
    new.timestamp = now.as_second().unsigned_abs();
    new.checksum = hex(&Sha256::digest(format!("{}{}", found.layer.state, now.as_nanosecond())));
    new.layer = Some(found.layer);
}
