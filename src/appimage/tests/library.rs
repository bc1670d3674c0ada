//! AppImages of other people's, and ones that run, by what the room shows to others.

#![cfg(target_arch = "x86_64")] // which they are made for
#![allow(clippy::unwrap_used)]

mod made;

use backhand::compression::Compressor;
use made::Made;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use strata_appimage::library::{
    Candidate, Facts, Library, LibraryError, New, Note, Place, Provenance, Settings, Start,
};
use strata_appimage::update_information::{Forge, UpdateInformation};
use strata_platform::Environment;

fn library(home: &Path) -> Library {
    let value = |name: &str| match name {
        "HOME" => Some(home.into()),
        "STRATA_SYSTEM_ROOT" => Some(home.join("system").into()),
        _ => None,
    };
    Library::new(&Environment::from_variables(&value))
}

#[test]
fn a_signed_one_comes_and_goes() {
    let kept = tempfile::tempdir().unwrap();
    let home = kept.path();
    let library = library(home);
    let downloads = home.join("Downloads");
    std::fs::create_dir(&downloads).unwrap();
    let path = downloads.join("appimagetool-x86_64.AppImage");
    std::fs::write(&path, made::fixture("appimagetool-x86_64.AppImage")).unwrap();
    let candidate = Candidate::read(&path).unwrap();
    let facts = Facts { sha256: Some(candidate.inspection().sha256.clone()), ..Facts::default() };
    let new = New { candidate, facts, accepted: None };
    let place = Place::Folder(library.applications());
    let changed = library.install(&new, &place, Settings::default()).unwrap();
    let record = changed.record;
    assert_eq!(changed.notes, [Note::Unpacks, Note::WantsTerminal], "the old runtime, and no FUSE 2 in this root");
    assert_eq!(record.path, home.join("Applications/appimagetool.AppImage"));
    assert_eq!(record.version.provenance, Provenance::ReleaseDigest);
    assert_eq!(record.fingerprint.as_deref(), Some("8D69575148A524659002855E65B43840101B2DC4"));
    let updates = record.updates.as_ref();
    assert!(matches!(updates, Some(UpdateInformation::Releases { forge: Forge::GitHub, .. })), "{updates:?}");
    assert!(!path.exists());
    let shared = home.join(".local/share");
    let desktop = std::fs::read_to_string(record.files[0].path(&shared)).unwrap();
    assert!(desktop.contains("APPIMAGE_EXTRACT_AND_RUN=1"), "{desktop}");
    assert!(record.files.iter().all(|made| made.path(&shared).is_file()), "{:?}", record.files);
    library.remove(&record.id, false).unwrap();
    assert!(record.files.iter().all(|made| !made.path(&shared).exists()) && !record.path.exists());
    assert!(library.all().unwrap().apps.is_empty());
}

/// An AppImage that runs: it says its version, and once more when it is told something.
fn app(version: &str) -> Vec<u8> {
    let script = format!("#!/bin/sh\necho \"$APP_SAYS {version} $*\"\nread -r line\necho \"still {version}\"\n");
    let entries = [("AppRun", Made::File(script.as_bytes())), ("app.desktop", Made::File(made::DESKTOP.as_bytes()))];
    [made::fixture("runtime-x86_64"), made::squash(Compressor::Gzip, &entries)].concat()
}

fn new(path: &Path, bytes: &[u8]) -> New {
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, bytes).unwrap();
    New { candidate: Candidate::read(path).unwrap(), facts: Facts::default(), accepted: None }
}

/// Starts a program, and waits for the first line that it says.
fn run(start: &Start) -> (Child, BufReader<std::process::ChildStdout>, String) {
    let mut command = Command::new(&start.program);
    command.args(&start.arguments).envs(start.environment.iter().cloned());
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut said = BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    said.read_line(&mut line).unwrap();
    (child, said, line)
}

#[test]
fn one_that_runs_goes_on_while_it_is_updated_and_removed() {
    let kept = tempfile::tempdir().unwrap();
    let home = kept.path();
    let library = library(home);
    let part = home.join("Applications/.strata-0.part");
    // There is no FUSE where tests run.
    let environment = [("APPIMAGE_EXTRACT_AND_RUN".to_owned(), "1".to_owned()), ("APP_SAYS".into(), "I am".into())];
    let settings = Settings { arguments: vec!["a b".into()], environment: environment.into(), ..Settings::default() };
    let place = Place::Folder(home.join("Applications"));
    let record = library.install(&new(&part, &app("one")), &place, settings).unwrap().record;
    let (mut old, mut old_says, line) = run(&library.start(&record.id).unwrap());
    assert_eq!(line, "I am one a b\n");
    library.update(&record.id, &new(&part, &app("two"))).unwrap();
    let (mut young, young_says, line) = run(&library.start(&record.id).unwrap());
    assert_eq!(line, "I am two a b\n");
    library.remove(&record.id, false).unwrap();
    drop((young.stdin.take(), young_says));
    writeln!(old.stdin.take().unwrap(), "go on").unwrap();
    let mut line = String::new();
    old_says.read_line(&mut line).unwrap();
    assert_eq!(line, "still one\n");
    old.wait().unwrap();
    young.wait().unwrap();
}

#[test]
fn a_file_is_started_once_without_becoming_an_app() {
    let kept = tempfile::tempdir().unwrap();
    let library = library(kept.path());
    let path = kept.path().join("Downloads/appimagetool");
    new(&path, &made::fixture("appimagetool-x86_64.AppImage"));
    let read = |path: &Path| Candidate::read(path).unwrap();
    let start = library.start_once(&read(&path)).unwrap();
    assert_eq!(start.program, path);
    assert!(start.environment.contains(&("APPIMAGE_EXTRACT_AND_RUN".to_owned(), "1".to_owned())), "{start:?}");
    assert!(!start.needs_fuse2 && library.all().unwrap().apps.is_empty());
    let old = kept.path().join("Downloads/old");
    std::fs::write(&old, made::fixture("AppImageExtract_6-x86_64.AppImage")).unwrap();
    let candidate = read(&old);
    assert!(library.start_once(&candidate).unwrap().needs_fuse2, "the first type cannot unpack itself");
    std::fs::write(&old, "text").unwrap();
    assert!(matches!(library.make_startable(&candidate), Err(LibraryError::Changed)));
    assert!(matches!(library.start("../old"), Err(LibraryError::NotInstalled(_))));
}
