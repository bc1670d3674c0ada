//! Stopped in the middle: by the person, by a kill.

use crate::ground::{APP, Ground, PATIENCE, app, half_made, offer};
use std::path::{Path, PathBuf};
use strata_demo::{AppSpec, Manners};
use strata_engine::{Reporter, Source};
use strata_model::{Request, Stage, Stop};
use tokio_util::sync::CancellationToken;

/// Files below the repository of an installation, without what is only remembered.
fn objects(installation: &Path) -> Vec<PathBuf> {
    let mut folders = vec![installation.join("repo/objects"), installation.join("repo/refs")];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            if entry.file_type().unwrap().is_dir() { folders.push(entry.path()) } else { files.push(entry.path()) }
        }
    }
    files.retain(|file| !file.to_string_lossy().contains("appstream"));
    files.sort();
    files
}

/// Starts the request and cancels it as soon as bytes of the app itself come.
async fn cancel_in_the_middle(ground: &Ground, request: &Request) -> Stop {
    let (reporter, mut watched) = Reporter::new();
    let cancel = CancellationToken::new();
    let stop = cancel.clone();
    ground.server.behave(Manners { bytes_per_second: Some(2_000_000), ..Manners::default() });
    let watching = tokio::spawn(async move {
        let far =
            |progress: &strata_model::Progress| progress.stage == Stage::Downloading && progress.bytes > 1_500_000;
        let seen = tokio::time::timeout(PATIENCE, watched.wait_for(far)).await.is_ok();
        stop.cancel();
        seen
    });
    let result = ground.flatpak.run(request, &reporter, &cancel).await;
    ground.server.behave(Manners::default());
    drop(reporter);
    assert!(watching.await.unwrap(), "it was over before it could be cancelled: {result:?}");
    result.unwrap_err()
}

#[tokio::test]
async fn a_cancelled_install_leaves_nothing_behind() {
    let mut ground = Ground::with_app().await;
    ground.publish(&AppSpec::new(APP).version("2.0").payload(8_000_000));
    let before = objects(&ground.user_folder());
    assert_eq!(cancel_in_the_middle(&ground, &Request::install(app())).await, Stop::Cancelled);
    // The runtime had come already, and goes again.
    assert_eq!(ground.references().await, [] as [String; 0]);
    assert_eq!(half_made(&ground.user_folder()), [] as [PathBuf; 0]);
    assert_eq!(objects(&ground.user_folder()), before);
    ground.run(&Request::install(app())).await.unwrap();
}

#[tokio::test]
async fn a_cancelled_update_leaves_the_old_version() {
    let mut ground = Ground::with_app().await;
    ground.run(&Request::install(app())).await.unwrap();
    let before = ground.installed(&app().reference).await.unwrap();
    ground.publish(&AppSpec::new(APP).version("2.0").payload(8_000_000));
    ground.refresh().await;
    assert_eq!(cancel_in_the_middle(&ground, &Request::update(app())).await, Stop::Cancelled);
    assert_eq!(ground.installed(&app().reference).await.unwrap(), before);
    ground.flatpak.launch(&app()).await.unwrap();
    assert_eq!(ground.run(&Request::update(app())).await.unwrap().to_version, "2.0");
}

#[tokio::test]
async fn what_is_cancelled_before_it_begins_does_not_begin() {
    let ground = Ground::with_app().await;
    let (reporter, _watched) = Reporter::new();
    let cancel = CancellationToken::new();
    cancel.cancel();
    for request in [Request::install(app()), Request::refresh(strata_model::SourceKind::Flatpak)] {
        assert_eq!(ground.flatpak.run(&request, &reporter, &cancel).await, Err(Stop::Cancelled), "{request:?}");
    }
    assert_eq!(ground.flatpak.plan(&Request::install(app()), &cancel).await, Err(Stop::Cancelled));
    assert_eq!(ground.references().await, [] as [String; 0]);
}

#[tokio::test]
async fn a_killed_install_is_mended() {
    let mut ground = Ground::with_app().await;
    ground.publish(&AppSpec::new(APP).version("2.0").payload(8_000_000));
    let before = objects(&ground.user_folder());
    ground.server.behave(Manners { bytes_per_second: Some(2_000_000), ..Manners::default() });
    let sent = ground.server.sent();
    let mut child = std::process::Command::new("flatpak");
    child.args(["install", "--user", "--noninteractive", "-y", crate::ground::ORIGIN, APP]);
    let mut child = child.envs(crate::ground::variables(ground.folder.path())).spawn().unwrap();
    crate::ground::eventually("the middle of the download", || ground.server.sent() > sent + 3_000_000);
    child.kill().unwrap();
    child.wait().unwrap();
    ground.server.behave(Manners::default());
    let partial =
        ground.user_folder().join(format!("app/{APP}/{}/stable/.{}-ABC", strata_demo::host_arch(), "0".repeat(64)));
    std::fs::create_dir_all(partial.join("files")).unwrap();

    ground.flatpak.recover(&Request::install(app())).await.unwrap();
    assert_eq!(half_made(&ground.user_folder()), [] as [PathBuf; 0]);
    let references = ground.references().await;
    assert!(!references.contains(&app().reference), "{references:?}");
    for left in references {
        ground.run(&Request::remove(offer(&left), false)).await.unwrap();
    }
    assert_eq!(objects(&ground.user_folder()), before);
    ground.run(&Request::install(app())).await.unwrap();
    ground.flatpak.launch(&app()).await.unwrap();
}
