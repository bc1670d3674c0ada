//! What nobody waits for: updates that are fetched ahead, and which apps are left alone because they run.

use crate::ground::{APP, Ground, PATIENCE, app};
use strata_demo::AppSpec;
use strata_engine::Source;
use strata_model::{FailureKind, Request};

const PAYLOAD: u64 = 4_000_000;

#[tokio::test]
async fn what_was_fetched_ahead_is_installed_without_fetching() {
    let mut ground = Ground::with_app().await;
    ground.run(&Request::install(app())).await.unwrap();
    let before = ground.installed(&app().reference).await.unwrap();
    ground.publish(&AppSpec::new(APP).version("2.0").payload(PAYLOAD));
    ground.refresh().await;
    let sent = ground.server.sent();
    let outcome = ground.run(&Request::download(app()).unattended()).await.unwrap();
    assert_eq!((outcome.from_version.as_str(), outcome.to_version.as_str()), ("1.0", "1.0"));
    assert!(ground.server.sent() - sent > PAYLOAD, "it was fetched");
    assert_eq!(ground.installed(&app().reference).await.unwrap(), before, "and nothing else was done");
    assert_eq!(ground.update(&app().reference).await.unwrap().from_version, "1.0");

    let sent = ground.server.sent();
    assert_eq!(ground.run(&Request::update(app())).await.unwrap().to_version, "2.0");
    assert!(ground.server.sent() - sent < PAYLOAD / 4, "{} bytes came once more", ground.server.sent() - sent);
}

#[tokio::test]
async fn nothing_is_fetched_for_what_is_held_or_not_there() {
    let mut ground = Ground::with_app().await;
    assert_eq!(ground.failure(&Request::download(app())).await.kind, FailureKind::NotInstalled);
    ground.run(&Request::install(app())).await.unwrap();
    ground.publish(&AppSpec::new(APP).version("2.0"));
    ground.refresh().await;
    ground.run(&Request::hold(app())).await.unwrap();
    assert_eq!(ground.failure(&Request::download(app())).await.kind, FailureKind::Masked);
}

#[tokio::test]
async fn an_app_that_runs_is_known_to() {
    let mut ground = Ground::with_app().await;
    ground.publish(&AppSpec { stays: 60, ..AppSpec::new(APP).version("2.0") });
    ground.run(&Request::install(app())).await.unwrap();
    assert!(ground.flatpak.running().await.unwrap().is_empty());
    ground.flatpak.launch(&app()).await.unwrap();
    assert_eq!(ground.flatpak.running().await.unwrap(), [APP.to_owned()].into());
    ground.command(&["kill", APP]);
    let deadline = tokio::time::Instant::now() + PATIENCE;
    while !ground.flatpak.running().await.unwrap().is_empty() {
        assert!(tokio::time::Instant::now() < deadline, "it is gone");
        tokio::task::yield_now().await;
    }
}
