//! The settings of single apps, beside tasks.
#![allow(missing_docs)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests say what went wrong by panicking")]

mod toy;

use strata_model::{AppSettings, FailureKind, Request, SourceKind};
use toy::{Home, Toy, install, offer, until};

fn settings(argument: &str) -> AppSettings {
    AppSettings { folder: "/home/ann/Applications".into(), arguments: vec![argument.into()], ..AppSettings::default() }
}

#[tokio::test]
async fn they_are_not_changed_while_a_task_of_the_app_runs() {
    let (home, toy) = (Home::new(), Toy::new());
    for app in ["slow", "chess"] {
        toy.install_outside(app);
    }
    let engine = home.engine(&toy).await;
    let (slow, chess) = (offer("user", "slow"), offer("user", "chess"));
    let id = engine.submit(&[Request::update(slow.clone()).named("Slow")]).await.unwrap()[0];
    // What waits behind it has not begun.
    engine.submit(&[Request::update(chess.clone())]).await.unwrap();
    toy.until_running(&["slow"]).await;
    let failure = engine.set_app_settings(&slow, &settings("--slow")).await.unwrap_err();
    assert_eq!((failure.kind, failure.subject.as_str()), (FailureKind::AppBusy, "Slow"), "{failure}");
    assert!(failure.kind.may_pass());
    assert_eq!(engine.app_settings(&slow).await.unwrap(), AppSettings::default(), "they can be read");
    engine.set_app_settings(&chess, &settings("--chess")).await.unwrap();
    assert_eq!(engine.app_settings(&chess).await.unwrap(), settings("--chess"));
    engine.cancel(id).await.unwrap();
    until(&engine, |now| now.tasks.iter().all(|task| task.state.is_final())).await;
    engine.set_app_settings(&slow, &settings("--slow")).await.unwrap();
}

#[tokio::test]
async fn nor_while_another_offer_takes_its_place() {
    let (home, toy) = (Home::new(), Toy::new());
    toy.install_outside("chess");
    let engine = home.engine(&toy).await;
    let chess = offer("user", "chess");
    until(&engine, |now| !now.installed.is_empty()).await;
    let _ = engine.submit(&[Request { replaces: Some(chess.clone()), ..install("user", "slow") }]).await.unwrap();
    toy.until_running(&["slow"]).await;
    let failure = engine.set_app_settings(&chess, &settings("x")).await.unwrap_err();
    assert_eq!(failure.kind, FailureKind::AppBusy, "{failure}");
    toy.release();
}

#[tokio::test]
async fn what_no_app_can_have_does_not_reach_its_source() {
    let (home, toy) = (Home::new(), Toy::new());
    let engine = home.engine(&toy).await;
    let failure = engine.set_app_settings(&offer("user", "chess"), &settings("a\nb")).await.unwrap_err();
    assert_eq!(failure.kind, FailureKind::BadRequest);
    assert!(failure.detail.contains("Line breaks"), "{failure}");
    assert_eq!(engine.app_settings(&offer("user", "chess")).await.unwrap(), AppSettings::default());
    let flatpak = strata_model::OfferId { source: SourceKind::Flatpak, ..offer("user", "chess") };
    assert_eq!(engine.app_settings(&flatpak).await.unwrap_err().kind, FailureKind::NoBackend);
}
