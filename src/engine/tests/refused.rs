//! Requests that make no sense: neither planned nor queued.
#![allow(missing_docs)]
#![allow(clippy::unwrap_used, reason = "tests say what went wrong by panicking")]

mod toy;

use strata_model::{FailureKind, Question, Request, ShownOrigin, SourceKind, Stop};
use toy::{Home, Toy, install, offer};

#[tokio::test]
async fn what_makes_no_sense_is_not_queued() {
    let (home, toy) = (Home::new(), Toy::new());
    let engine = home.engine(&toy).await;
    let elsewhere = Request::refresh(SourceKind::Package);
    let long = install("user", &"x".repeat(10_000));
    for (bad, kind) in [(elsewhere, FailureKind::NoBackend), (long, FailureKind::BadRequest)] {
        let refused = engine.submit(&[install("user", "chess"), bad]).await.unwrap_err();
        assert_eq!(refused.kind, kind);
    }
    assert_eq!(engine.snapshot().tasks, Vec::new());
}

#[tokio::test]
async fn a_yes_is_to_what_is_asked_about_there() {
    let (home, toy) = (Home::new(), Toy::new());
    let engine = home.engine(&toy).await;
    let question = Question::NoLongerSigned { before: "AB12".to_owned() };
    let shown = ShownOrigin { url: "https://example.org".to_owned(), signed: true, description: String::new() };
    let (update, install) = (Request::update(offer("user", "chess")), install("user", "chess"));
    let add = Request::add_origin(SourceKind::AppImage, "user", "shelf", "https://example.org");
    let file = Request::install_file(SourceKind::AppImage, "user", "/some/Chess.AppImage");
    let replacing = Request { replaces: Some(offer("user", "chess")), ..file.clone() };
    let endless = ShownOrigin { url: "x".repeat(10_000), ..shown.clone() };
    for bad in [
        install.clone().accepting(&question),
        file.clone().accepting(&question),
        update.clone().agreeing_to(&shown),
        add.clone().accepting(&question),
        add.clone().agreeing_to(&endless),
        Request { accepted: "yes".to_owned(), ..update.clone() },
    ] {
        let refused = engine.submit(std::slice::from_ref(&bad)).await.unwrap_err();
        assert_eq!(refused.kind, FailureKind::BadRequest, "{bad:?}");
        assert_eq!(engine.plan(&bad).await.unwrap_err(), Stop::Failed(refused));
    }
    assert_eq!(engine.snapshot().tasks, Vec::new());
    let good = [install, update.accepting(&question), replacing.accepting(&question), add.agreeing_to(&shown)];
    assert_eq!(engine.submit(&good).await.unwrap().len(), good.len());
}
