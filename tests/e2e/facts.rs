//! Finding out what is so, without Strata: from `flatpak` itself and from the disk.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;
use strata_demo::World;
use strata_platform::lock;

/// Every installed ref of an installation with its commit, as `flatpak` sees it.
pub(crate) fn installed(world: &World, installation: &str) -> BTreeSet<String> {
    let out = flatpak(world, &["list", &format!("--{installation}"), "--columns=ref,active"]);
    out.lines().map(str::to_owned).collect()
}

/// Runs `flatpak` in the world.
pub(crate) fn flatpak(world: &World, words: &[&str]) -> String {
    let output = world.command("flatpak").args(words).env("LC_ALL", "C.UTF-8").output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "flatpak {words:?}: {said}");
    String::from_utf8(output.stdout).unwrap()
}

/// No engine runs for the world's person.
pub(crate) fn engine_sleeps(world: &World) -> bool {
    lock::try_lock(&world.environment().engine_lock()).unwrap().is_some()
}

/// The process ids of the world's engines.
pub(crate) fn engines(world: &World) -> Vec<i32> {
    let mark = format!("STRATA_WORLD={}", world.folder().display());
    let processes = std::fs::read_dir("/proc").unwrap().flatten();
    let pids = processes.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    pids.filter(|pid: &i32| {
        let read = |file: &str| std::fs::read(format!("/proc/{pid}/{file}")).unwrap_or_default();
        let line = String::from_utf8_lossy(&read("cmdline")).into_owned();
        let words: Vec<_> = line.split('\0').collect();
        words[0].ends_with("/strata-service")
            && !words.contains(&"catalogue-build")
            && read("environ").split(|byte| *byte == 0).any(|variable| variable == mark.as_bytes())
    })
    .collect()
}

/// Every file below a folder whose name says that something was left half-done.
pub(crate) fn leftovers(folder: &Path) -> Vec<PathBuf> {
    let output =
        Command::new("find").arg(folder).args(["-name", "*.partial", "-o", "-name", "tmp-*"]).output().unwrap();
    let found = String::from_utf8(output.stdout).unwrap();
    found.lines().map(PathBuf::from).collect()
}

/// Takes the largest file of a reference's newest commit out of a repository: an install of it fails on the way.
pub(crate) fn break_newest(world: &World, remote: &str, reference: &str) {
    let repository = world.folder().join("www").join(remote);
    let ls = format!("--repo={}", repository.display());
    let output = Command::new("ostree").args(["ls", &ls, "--checksum", "-R", reference, "/files"]).output().unwrap();
    let files = String::from_utf8(output.stdout).unwrap();
    let objects = files.lines().filter(|line| line.starts_with('-')).map(|line| {
        let checksum = line.split_whitespace().nth(4).unwrap();
        repository.join("objects").join(&checksum[..2]).join(format!("{}.filez", &checksum[2..]))
    });
    let largest = objects.max_by_key(|path| std::fs::metadata(path).unwrap().len()).expect("a file to take away");
    std::fs::remove_file(largest).unwrap();
}
