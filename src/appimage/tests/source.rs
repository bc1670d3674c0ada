//! AppImages as the engine sees them.

#![cfg(target_arch = "x86_64")] // which the made ones are for
#![allow(clippy::unwrap_used, clippy::panic)]

mod made;

use backhand::compression::Compressor;
use made::{DESKTOP, Elf, Made};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use strata_appimage::AppImages;
use strata_engine::{Reporter, Source};
use strata_model::plan::WarningKind;
use strata_model::{Failure, FailureKind, OfferId, Request, SourceKind, Stop};
use strata_platform::Environment;
use tokio_util::sync::CancellationToken;

fn environment(home: &Path) -> Environment {
    let value = |name: &str| match name {
        "HOME" => Some(home.into()),
        "STRATA_SYSTEM_ROOT" => Some(home.join("system").into()),
        _ => None,
    };
    Environment::from_variables(&value)
}

fn source(home: &Path) -> AppImages {
    AppImages::new(Arc::new(environment(home)))
}

fn put(folder: &Path, name: &str) -> PathBuf {
    let bundle = made::squash(Compressor::Gzip, &[("org.example.App.desktop", Made::File(DESKTOP.as_bytes()))]);
    std::fs::create_dir_all(folder).unwrap();
    std::fs::write(folder.join(name), made::appimage(&Elf::default(), &bundle)).unwrap();
    folder.join(name)
}

fn install(path: &Path) -> Request {
    Request::install_file(SourceKind::AppImage, "user", path.to_str().unwrap())
}

async fn run(source: &AppImages, request: &Request) -> Result<(), Stop> {
    source.run(request, &Reporter::new().0, &CancellationToken::new()).await.map(drop)
}

#[tokio::test]
async fn what_somebody_else_takes_away_is_noticed() {
    let home = tempfile::tempdir().unwrap();
    let source = source(home.path());
    let mut changes = source.changes();
    run(&source, &install(&put(&home.path().join("Downloads"), "a.AppImage"))).await.unwrap();
    let state = source.state().await.unwrap();
    let [app] = &state.installed[..] else { panic!("{state:?}") };
    assert_eq!((app.id.as_str(), app.name.as_str()), ("org.example.App", "App"));
    assert_eq!(app.offer, OfferId::app_image("", "org.example.App"));

    changes.mark_unchanged();
    let gone = home.path().join("Applications/App.AppImage");
    // The folder is watched by a task of its own, a moment after the state was read.
    for _ in 0..100 {
        std::fs::write(home.path().join("Applications/other"), "").unwrap();
        if tokio::time::timeout(Duration::from_millis(100), changes.changed()).await.is_ok() {
            break;
        }
    }
    std::fs::remove_file(gone).unwrap();
    tokio::time::timeout(Duration::from_secs(20), changes.changed()).await.unwrap().unwrap();
    let state = source.state().await.unwrap();
    assert_eq!(state.installed[0].size, 0, "it stays listed, so that it can be removed");
    let failure = source.launch(&state.installed[0].offer).await.unwrap_err();
    assert_eq!(failure.kind, FailureKind::NotInstalled, "{failure}");
    run(&source, &Request::remove(state.installed[0].offer.clone(), false)).await.unwrap();
    assert_eq!(source.state().await.unwrap().installed, []);
}

#[tokio::test]
async fn one_in_the_folder_stays_where_it_is() {
    let home = tempfile::tempdir().unwrap();
    let source = source(home.path());
    let path = put(&home.path().join("Applications"), "my own.AppImage");
    let plan = source.plan(&install(&path), &CancellationToken::new()).await.unwrap();
    let kinds: Vec<_> = plan.warnings.iter().map(|warning| warning.kind).collect();
    assert_eq!((plan.request.name.as_str(), &kinds[..]), ("App", &[WarningKind::NotVerified][..]));
    run(&source, &install(&path)).await.unwrap();
    assert!(path.is_file());
    let again = run(&source, &install(&path)).await;
    assert!(matches!(again, Err(Stop::Failed(Failure { kind: FailureKind::AlreadyInstalled, .. }))), "{again:?}");
}

#[tokio::test]
async fn one_in_the_folder_stays_there_by_whichever_path_it_is_named() {
    let home = tempfile::tempdir().unwrap();
    let (source, real) = (source(home.path()), home.path().join("var/apps"));
    let path = put(&real, "my own.AppImage");
    std::os::unix::fs::symlink(&real, home.path().join("Applications")).unwrap();
    let plan = source.plan(&install(&path), &CancellationToken::new()).await.unwrap();
    assert!(plan.warnings.iter().all(|warning| warning.kind != WarningKind::Moved), "{plan:?}");
    run(&source, &install(&path)).await.unwrap();
    assert!(path.is_file());
    std::fs::create_dir(real.join("my own.AppImage.home")).unwrap();
    std::fs::remove_file(&path).unwrap();
    assert_eq!(source.leftovers().await.unwrap(), [], "it is the app's, and may be needed again");
}

#[tokio::test]
async fn new_ones_are_put_where_the_settings_say_and_others_stay_where_they_are() {
    let home = tempfile::tempdir().unwrap();
    let environment = Environment { policy: Vec::new(), ..environment(home.path()) };
    let source = AppImages::new(Arc::new(environment.clone()));
    let first = put(&home.path().join("Downloads"), "a.AppImage");
    strata_platform::settings::set(&environment, "appimages.folder", "~/apps/images").unwrap();
    run(&source, &install(&first)).await.unwrap();
    let there = home.path().join("apps/images/App.AppImage");
    assert!(there.is_file() && !home.path().join("Applications").exists());
    strata_platform::settings::set(&environment, "appimages.folder", "~/Applications").unwrap();
    assert!(source.state().await.unwrap().installed[0].size > 0 && there.is_file(), "it stays where it is");
}

#[tokio::test]
async fn a_cancelled_install_changes_nothing() {
    let home = tempfile::tempdir().unwrap();
    let source = source(home.path());
    let path = put(&home.path().join("Downloads"), "a.AppImage");
    let cancel = CancellationToken::new();
    cancel.cancel();
    let stopped = source.run(&install(&path), &Reporter::new().0, &cancel).await;
    assert_eq!(stopped.unwrap_err(), Stop::Cancelled);
    assert!(path.is_file() && source.state().await.unwrap().installed.is_empty());
}

#[tokio::test]
async fn a_file_is_started_once_where_it_lies_and_is_no_app_afterwards() {
    let home = tempfile::tempdir().unwrap();
    let (source, written) = (source(home.path()), home.path().join("written"));
    let path = home.path().join("my own.AppImage");
    let put = |bytes: &[u8]| {
        std::fs::write(&path, bytes).unwrap();
        std::fs::set_permissions(&path, PermissionsExt::from_mode(0o640)).unwrap();
    };
    put(&made::writer(0));
    for location in [path.to_str().unwrap().to_owned(), format!("file://{}/my%20own.AppImage", home.path().display())] {
        source.launch_file(&location).await.unwrap();
        let is_written = async {
            while std::fs::read(&written).unwrap_or_default() != b"written" {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(Duration::from_secs(20), is_written).await.unwrap();
        std::fs::remove_file(&written).unwrap();
    }
    assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o740, "what its owner may is all that came");
    assert_eq!(source.state().await.unwrap().installed, []);
    assert!(!home.path().join("Applications").exists() && !home.path().join(".local/share/applications").exists());

    put(&made::writer(3));
    let failure = source.launch_file(path.to_str().unwrap()).await.unwrap_err();
    assert_eq!((failure.kind, failure.detail.as_str()), (FailureKind::Other, "it ended with exit status: 3"));
}

#[tokio::test]
async fn what_cannot_be_started_once_stays_as_it_is() {
    let home = tempfile::tempdir().unwrap();
    let source = source(home.path());
    let put = |name: &str, bytes: &[u8]| {
        std::fs::write(home.path().join(name), bytes).unwrap();
        home.path().join(name).to_str().unwrap().to_owned()
    };
    let terminal = format!("{DESKTOP}Terminal=true\n");
    let terminal = made::squash(Compressor::Gzip, &[("app.desktop", Made::File(terminal.as_bytes()))]);
    let other = Elf { machine: 183, ..Elf::default() }.build();
    let own = put("own.AppImage", &made::writer(0));
    let link = home.path().join("link.AppImage");
    std::os::unix::fs::symlink(&own, &link).unwrap();
    let first_type = made::fixture("AppImageExtract_6-x86_64.AppImage");
    for (location, kind) in [
        (format!("{own}.gone"), FailureKind::NotFound),
        (home.path().to_str().unwrap().to_owned(), FailureKind::BadFile),
        (link.to_str().unwrap().to_owned(), FailureKind::BadFile),
        (put("text.AppImage", b"#!/bin/sh\ntouch written\n"), FailureKind::BadFile),
        (put("other.AppImage", &other), FailureKind::WrongArchitecture),
        (put("terminal.AppImage", &made::appimage(&Elf::default(), &terminal)), FailureKind::NoLauncher),
        (put("first.AppImage", &first_type), FailureKind::NotOffered),
        ("own.AppImage".to_owned(), FailureKind::BadRequest),
        ("https://example.org/own.AppImage".to_owned(), FailureKind::BadRequest),
    ] {
        let failure = source.launch_file(&location).await.unwrap_err();
        assert_eq!((failure.kind, failure.subject), (kind, location), "{}", failure.detail);
    }
    for entry in std::fs::read_dir(home.path()).unwrap() {
        let mode = entry.as_ref().unwrap().metadata().unwrap();
        assert!(!mode.is_file() || mode.permissions().mode() & 0o111 == 0, "{entry:?}");
    }
    assert!(!home.path().join("written").exists());
}
