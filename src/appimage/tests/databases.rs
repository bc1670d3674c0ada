//! The programs that make the desktop's databases anew, in the place of which stand small ones that say what they were told.

#![allow(clippy::unwrap_used)]

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::{Duration, SystemTime};
use strata_appimage::library::MadeKind::{DesktopFile, Icon, MimePackage};
use strata_appimage::library::databases::{DatabaseFault, refresh};
use strata_platform::Environment;

fn environment(home: &Path) -> Environment {
    let value = |name: &str| match name {
        "HOME" => Some(home.into()),
        "STRATA_SYSTEM_ROOT" => Some(home.join("system").into()),
        _ => None,
    };
    Environment::from_variables(&value)
}

fn program(home: &Path, name: &str, script: &str) {
    let path = home.join("system/usr/bin").join(name);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
    std::fs::set_permissions(&path, PermissionsExt::from_mode(0o755)).unwrap();
}

#[tokio::test]
async fn each_is_made_anew_for_what_changed() {
    let home = tempfile::tempdir().unwrap();
    let (home, theme) = (home.path(), home.path().join(".local/share/icons/hicolor"));
    std::fs::create_dir_all(&theme).unwrap();
    let long_ago = SystemTime::now() - Duration::from_hours(1);
    std::fs::File::open(&theme).unwrap().set_modified(long_ago).unwrap();
    let log = home.join("log");
    for name in ["update-mime-database", "update-desktop-database"] {
        program(home, name, &format!("echo \"{name} $*\" >> '{}'", log.display()));
    }
    let said = || std::fs::read_to_string(&log).unwrap_or_default();
    assert!(refresh(&environment(home), &[Icon]).await.is_empty());
    assert_eq!(said(), "");
    assert!(theme.metadata().unwrap().modified().unwrap() > long_ago);
    assert!(refresh(&environment(home), &[DesktopFile, MimePackage]).await.is_empty());
    let shared = home.join(".local/share");
    let shared = shared.display();
    assert_eq!(said(), format!("update-mime-database {shared}/mime\nupdate-desktop-database {shared}/applications\n"));
}

#[tokio::test]
async fn what_is_missing_or_fails_is_told() {
    let home = tempfile::tempdir().unwrap();
    program(home.path(), "update-mime-database", "exit 3");
    let faults = refresh(&environment(home.path()), &[DesktopFile, MimePackage]).await;
    assert!(
        matches!(
            &*faults,
            [DatabaseFault::Failed("update-mime-database", _), DatabaseFault::Missing("update-desktop-database")]
        ),
        "{faults:?}"
    );
}
