//! Changes as the daemon's methods.

use crate::call::{Call, Options};
use crate::progress::Course;
use crate::transaction::Wish;
use std::fs::File;
use std::os::fd::OwnedFd;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use strata_engine::{PackageSet, Rubbish, SystemChange};
use strata_model::{Failure, FailureKind};
use zvariant::{Array, Dict, Fd, Signature, Value};

/// Names, files or versions in one change at most.
const MAX_NAMES: usize = 1000;
/// Bytes of one of them.
const MAX_NAME: usize = 1024;
/// Bytes of a title.
const MAX_TITLE: usize = 200;

/// Looks for what is newer; the daemon remembers it.
pub(crate) fn check() -> Wish {
    // With the flag on, what it finds would go to the daemon's own journal instead of the transaction.
    let options = Options::default().with("mode", "check").with("output-to-self", false);
    wish(Call::os("AutomaticUpdateTrigger").with(options), Course::Image, "check")
}

/// What a change asks of the daemon; with `dry_run` the daemon only tells what it would do, which it can for packages
/// alone.
///
/// # Errors
/// [`FailureKind::BadRequest`] where it makes no sense, [`FailureKind::BadFile`] for a file that cannot be read.
pub(crate) fn wish_for(change: &SystemChange, dry_run: bool) -> Result<Wish, Failure> {
    match change {
        SystemChange::Packages(set) => packages(set, dry_run),
        SystemChange::Update => {
            let options = Options::default().with("initiating-command-line", "strata update");
            Ok(wish(Call::os("Upgrade").with(options), Course::Image, "strata update"))
        }
        SystemChange::Deploy { version } => {
            // An equals sign would make it another kind of revision.
            if version.is_empty() || version.len() > MAX_NAME || version.contains(['=', '/']) {
                return Err(nonsense("no version looks like this"));
            }
            let call = Call::os("Deploy").with(version.clone()).with(Options::default());
            Ok(Wish { asked: vec![version.clone()], ..wish(call, Course::Image, "deploy") })
        }
        SystemChange::RollBack => Ok(wish(Call::os("Rollback").with(Options::default()), Course::Packages, "rollback")),
        SystemChange::CleanUp(what) => {
            let kinds: Vec<String> = what.iter().map(|what| rubbish(*what).to_owned()).collect();
            if kinds.is_empty() {
                return Err(nonsense("nothing to clean up"));
            }
            Ok(wish(Call::os("Cleanup").with(Array::from(kinds)), Course::Packages, "cleanup"))
        }
        SystemChange::ApplyLive => {
            Ok(wish(Call::experimental("LiveFs").with(Options::default()), Course::Packages, "apply-live"))
        }
        SystemChange::Pin { .. } => Err(nonsense("the daemon does not pin")),
        SystemChange::SwitchRepository { id, enabled } => {
            bounded([id])?;
            let mut change = Dict::new(&Signature::Str, &Signature::Str);
            let value = if *enabled { "1" } else { "0" };
            let made = change.append(Value::from("enabled"), Value::from(value));
            made.map_err(|error| nonsense(&error.to_string()))?;
            let call = Call::os("ModifyYumRepo").with(id.clone()).with(Value::Dict(change));
            Ok(Wish { asked: vec![id.clone()], ..wish(call, Course::Packages, "modify-yum-repo") })
        }
        SystemChange::RefreshPackages => {
            Ok(wish(Call::os("RefreshMd").with(Options::default()), Course::Packages, "refresh-md"))
        }
    }
}

fn wish(call: Call, course: Course, title: &str) -> Wish {
    Wish { call, course, asked: Vec::new(), layered: Vec::new(), title: title.to_owned() }
}

fn packages(set: &PackageSet, dry_run: bool) -> Result<Wish, Failure> {
    if set.is_empty() {
        return Err(nonsense("no packages are named"));
    }
    let names = || set.install.iter().chain(&set.remove).chain(&set.reset);
    bounded(names())?;
    let mut changes = Options::default()
        .with_texts("install-packages", &set.install)
        .with_texts("override-reset-packages", &set.reset)
        .with_texts("uninstall-packages", &set.remove);
    if !set.local.is_empty() {
        changes = changes.with("install-local-packages", descriptors(&set.local)?);
    }
    let title = title(set);
    // Otherwise the newest image would come as well, which is another wish and needs another permission.
    let mut options = Options::default().with("initiating-command-line", title.clone()).with("no-pull-base", true);
    if dry_run {
        options = options.with("dry-run", true);
    } else if set.live {
        options = options.with("apply-live", true);
    }
    let call = Call::os("UpdateDeployment").with(changes).with(options);
    Ok(Wish { call, course: Course::Packages, asked: names().cloned().collect(), layered: Vec::new(), title })
}

/// What others see: what was asked for, as in a terminal. Not translated, as the daemon's own titles.
fn title(set: &PackageSet) -> String {
    let mut words = vec!["strata".to_owned()];
    let mut add = |verb: &str, names: Vec<String>| {
        if !names.is_empty() {
            words.push(verb.to_owned());
            words.extend(names);
        }
    };
    let file = |path: &PathBuf| path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    add("install", set.install.iter().cloned().chain(set.local.iter().map(file)).collect());
    add("remove", set.remove.iter().cloned().collect());
    add("reset", set.reset.iter().cloned().collect());
    let mut title = words.join(" ");
    title.truncate(title.floor_char_boundary(MAX_TITLE));
    title
}

const fn rubbish(what: Rubbish) -> &'static str {
    match what {
        Rubbish::Pending => "pending-deploy",
        Rubbish::Rollback => "rollback-deploy",
        Rubbish::Base => "base",
        Rubbish::PackageLists => "repomd",
    }
}

/// The files, opened: the daemon reads what this person may read, and no path of theirs.
fn descriptors(paths: &[PathBuf]) -> Result<Array<'static>, Failure> {
    if paths.len() > MAX_NAMES {
        return Err(nonsense("too many files"));
    }
    let mut descriptors = Array::new(&Signature::Fd);
    for path in paths {
        let file = open(path)
            .map_err(|error| Failure::new(FailureKind::BadFile, path.to_string_lossy(), error.to_string()))?;
        let added = descriptors.append(Value::Fd(Fd::Owned(OwnedFd::from(file))));
        added.map_err(|error| nonsense(&error.to_string()))?;
    }
    Ok(descriptors)
}

/// A regular file; opening anything else must not wait for whoever is at its other end.
pub(crate) fn open(path: &Path) -> std::io::Result<File> {
    let without_waiting = rustix::fs::OFlags::NONBLOCK.bits().cast_signed();
    let file = File::options().read(true).custom_flags(without_waiting).open(path)?;
    if file.metadata()?.is_file() { Ok(file) } else { Err(std::io::Error::other("it is no regular file")) }
}

fn bounded<'n>(names: impl IntoIterator<Item = &'n String>) -> Result<(), Failure> {
    for (number, name) in names.into_iter().enumerate() {
        if number >= MAX_NAMES {
            return Err(nonsense("too many names"));
        }
        if name.is_empty() || name.len() > MAX_NAME || name.contains(char::is_control) {
            return Err(nonsense("a name is empty, too long, or none"));
        }
    }
    Ok(())
}

fn nonsense(detail: &str) -> Failure {
    Failure::new(FailureKind::BadRequest, "", detail)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn set(install: &[&str]) -> PackageSet {
        PackageSet { install: install.iter().map(|name| (*name).to_owned()).collect(), ..PackageSet::default() }
    }

    fn body(change: &SystemChange, dry_run: bool) -> String {
        let wish = wish_for(change, dry_run).unwrap();
        format!("{} {}", wish.call.method, wish.call.body().unwrap().unwrap())
    }

    #[test]
    fn packages_never_pull_a_new_image() {
        let whole = PackageSet {
            remove: BTreeSet::from(["etcpkg".to_owned()]),
            reset: BTreeSet::from(["base-doc".to_owned()]),
            ..set(&["scripted", "greet"])
        };
        assert_eq!(
            body(&SystemChange::Packages(whole), false),
            r#"UpdateDeployment ({"install-packages": <["greet", "scripted"]>, "override-reset-packages": <["base-doc"]>, "uninstall-packages": <["etcpkg"]>}, {"initiating-command-line": <"strata install greet scripted remove etcpkg reset base-doc">, "no-pull-base": <true>})"#
        );
        let dry = body(&SystemChange::Packages(set(&["greet"])), true);
        assert!(dry.contains(r#""dry-run": <true>"#) && dry.contains(r#""no-pull-base": <true>"#), "{dry}");
        let live = PackageSet { live: true, ..set(&["greet"]) };
        assert!(body(&SystemChange::Packages(live.clone()), false).contains(r#""apply-live": <true>"#));
        assert!(!body(&SystemChange::Packages(live), true).contains("apply-live"), "a dry run changes nothing");
    }

    #[test]
    fn what_makes_no_sense_is_not_asked() {
        let long = "x".repeat(MAX_NAME + 1);
        let bad = [
            SystemChange::Packages(PackageSet::default()),
            SystemChange::Packages(set(&[""])),
            SystemChange::Packages(set(&["a\nb"])),
            SystemChange::Packages(set(&[&long])),
            SystemChange::CleanUp(BTreeSet::new()),
            SystemChange::Deploy { version: String::new() },
            SystemChange::Deploy { version: "revision=abc".to_owned() },
        ];
        for change in bad {
            assert_eq!(wish_for(&change, false).unwrap_err().kind, FailureKind::BadRequest, "{change:?}");
        }
    }

    #[test]
    fn only_regular_files_are_handed_over() {
        let folder = tempfile::tempdir().unwrap();
        let of = |path: PathBuf| SystemChange::Packages(PackageSet { local: vec![path], ..PackageSet::default() });
        for bad in [folder.path().to_owned(), folder.path().join("missing.rpm")] {
            assert_eq!(wish_for(&of(bad), false).unwrap_err().kind, FailureKind::BadFile);
        }
        let good = folder.path().join("good.rpm");
        std::fs::write(&good, "rpm").unwrap();
        let wish = wish_for(&of(good), false).unwrap();
        assert_eq!(wish.title, "strata install good.rpm");
        assert_eq!(wish.call.body().unwrap().unwrap().signature().to_string_no_parens(), "a{sv}a{sv}");
    }
}
