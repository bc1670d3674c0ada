//! How an AppImage is started and where it lies, as the engine asks for it.

#![cfg(target_arch = "x86_64")] // which the made ones are for
#![allow(clippy::unwrap_used, clippy::panic)]

mod made;

use backhand::compression::Compressor;
use made::{DESKTOP, Elf, Made};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use strata_appimage::AppImages;
use strata_engine::{Reporter, Source};
use strata_model::app_settings::InTerminal;
use strata_model::{AppSettings, FailureKind, OfferId, Request, SourceKind};
use strata_platform::Environment;
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

fn environment(home: &Path, sandboxed: bool) -> Environment {
    let value = |name: &str| match name {
        "HOME" => Some(home.into()),
        "STRATA_SYSTEM_ROOT" => Some(home.join("system").into()),
        _ => None,
    };
    Environment { sandboxed, ..Environment::from_variables(&value) }
}

fn app(version: &str) -> Vec<u8> {
    let desktop = format!("{DESKTOP}X-AppImage-Version={version}\n");
    let bundle = made::squash(Compressor::Gzip, &[("org.example.App.desktop", Made::File(desktop.as_bytes()))]);
    made::appimage(&Elf::default(), &bundle)
}

/// A home in which it is installed, and where it lies.
async fn installed() -> (TempDir, AppImages, PathBuf) {
    let home = tempfile::tempdir().unwrap();
    let source = AppImages::new(Arc::new(environment(home.path(), false)));
    let file = home.path().join("app");
    std::fs::write(&file, app("1")).unwrap();
    let install = Request::install_file(SourceKind::AppImage, "user", file.to_str().unwrap());
    source.run(&install, &Reporter::new().0, &CancellationToken::new()).await.unwrap();
    let there = home.path().join("Applications/App.AppImage");
    (home, source, there)
}

fn offer() -> OfferId {
    OfferId::app_image("", "org.example.App")
}

#[tokio::test]
async fn what_is_set_is_read_again_wherever_it_lies() {
    let (home, source, there) = installed().await;
    let before = source.app_settings(&offer()).await.unwrap();
    let folder = there.parent().unwrap().to_str().unwrap().to_owned();
    assert_eq!(before, AppSettings { folder, in_menus: true, ..AppSettings::default() });
    let wish = AppSettings {
        folder: home.path().join("apps").to_str().unwrap().to_owned(),
        arguments: vec!["--name".into(), "a b".into()],
        environment: [("LANG".into(), "C".into())].into(),
        terminal: InTerminal::No,
        portable_home: true,
        portable_config: false,
        in_menus: true,
    };
    source.set_app_settings(&offer(), &wish).await.unwrap();
    assert_eq!(source.app_settings(&offer()).await.unwrap(), wish);
    assert!(!there.exists() && home.path().join("apps/App.AppImage.home").is_dir());
    let state = source.state().await.unwrap();
    assert!(state.installed[0].size > 0 && state.updates.is_empty(), "{state:?}");
}

#[tokio::test]
async fn one_that_updated_itself_is_read_before_it_is_taken_along() {
    let (home, source, there) = installed().await;
    std::fs::write(&there, app("2 by itself")).unwrap();
    let before = source.app_settings(&offer()).await.unwrap();
    let folder = home.path().join("apps").to_str().unwrap().to_owned();
    source.set_app_settings(&offer(), &AppSettings { folder, ..before }).await.unwrap();
    assert_eq!(std::fs::read(home.path().join("apps/App.AppImage")).unwrap(), app("2 by itself"));
}

#[tokio::test]
async fn what_is_not_there_has_no_settings_to_change() {
    let (home, source, there) = installed().await;
    let wish = source.app_settings(&offer()).await.unwrap();
    let other = OfferId::app_image("", "org.example.Other");
    assert_eq!(source.app_settings(&other).await.unwrap_err().kind, FailureKind::NotInstalled);
    assert_eq!(source.set_app_settings(&other, &wish).await.unwrap_err().kind, FailureKind::NotInstalled);
    let boxed = AppImages::new(Arc::new(environment(home.path(), true)));
    assert_eq!(boxed.set_app_settings(&offer(), &wish).await.unwrap_err().kind, FailureKind::NoBackend);
    std::fs::remove_file(&there).unwrap();
    let gone = source.set_app_settings(&offer(), &wish).await.unwrap_err();
    assert_eq!((gone.kind, gone.subject.as_str()), (FailureKind::NotInstalled, "App"), "{gone}");
}
