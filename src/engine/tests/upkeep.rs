//! What the engine does by itself, with a toy source.
#![allow(missing_docs)]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests say what went wrong by panicking")]

mod toy;

use std::sync::Arc;
use strata_engine::Engine;
use strata_model::installed::EndOfLife;
use strata_model::permission::Resource;
use strata_model::{Action, Permission, TaskState, Update, Upkeep};
use toy::{DEADLINE, Home, Toy, until, update};

/// One that asks nothing, and one for each reason to leave it alone.
fn updates() -> [Update; 5] {
    let end = EndOfLife { reason: String::new(), successor: String::new() };
    [
        update("chess"),
        Update { held: true, ..update("held") },
        Update { end_of_life: Some(end), ..update("ended") },
        Update { new_permissions: vec![Permission::plain(Resource::Network)], ..update("curious") },
        update("open"),
    ]
}

async fn engine(home: &Home, toy: &Arc<Toy>, automatic: &str) -> Engine {
    let engine = home.engine(toy).await;
    engine.set_setting("updates.automatic", automatic).await.unwrap();
    engine
}

/// Asks for a round and waits for its end.
async fn upkeep(engine: &Engine) -> Upkeep {
    let upkeep = engine.upkeep().await.unwrap();
    let ended = tokio::time::timeout(DEADLINE, engine.work().wait_for(|count| *count == 0)).await.map(drop);
    ended.expect("the round ends");
    upkeep
}

fn done(toy: &Toy) -> Vec<(Action, String)> {
    toy.requests().into_iter().map(|request| (request.action, request.offer.reference)).collect()
}

#[tokio::test]
async fn off_is_nothing_and_a_check_is_no_more_than_that_and_once_a_day() {
    let (home, toy) = (Home::new(), Toy::new());
    toy.publish(&updates());
    let engine = engine(&home, &toy, "off").await;
    assert_eq!(upkeep(&engine).await, Upkeep::Off);
    assert_eq!(done(&toy), []);
    engine.set_setting("updates.automatic", "check").await.unwrap();
    assert_eq!(upkeep(&engine).await, Upkeep::Begun);
    assert_eq!(done(&toy), [(Action::Refresh, String::new())]);
    assert_eq!(upkeep(&engine).await, Upkeep::NotDue);
    let snapshot = engine.snapshot();
    assert_eq!((snapshot.tasks, snapshot.updates.len()), (Vec::new(), 5), "nobody waits for its outcome");
    engine.shut_down().await;
    let next = home.engine(&toy).await;
    assert_eq!(upkeep(&next).await, Upkeep::NotDue, "the next engine knows");
}

#[tokio::test]
async fn what_asks_nothing_and_is_not_open_is_installed() {
    let (home, toy) = (Home::new(), Toy::new());
    toy.publish(&updates());
    toy.open(&["open"]);
    let engine = engine(&home, &toy, "install").await;
    assert_eq!(upkeep(&engine).await, Upkeep::Begun);
    assert_eq!(done(&toy), [(Action::Refresh, String::new()), (Action::Update, "chess".to_owned())]);
    assert!(toy.requests().iter().all(|request| request.unattended), "nobody is there to be asked");
    let entries = engine.history(9, true).await.unwrap();
    assert!(entries.iter().all(|entry| entry.state == TaskState::Done && entry.request.unattended), "{entries:?}");
    // The timer comes again, and meanwhile the app was closed.
    assert_eq!(upkeep(&engine).await, Upkeep::Begun);
    assert_eq!(done(&toy).len(), 2, "still open, and asked for news a moment ago");
    toy.open(&[]);
    assert_eq!(upkeep(&engine).await, Upkeep::Begun);
    assert_eq!(done(&toy)[2..], [(Action::Update, "open".to_owned())]);
    assert_eq!(upkeep(&engine).await, Upkeep::NotDue, "nothing is left to wait for");
    let left = engine.snapshot().updates.into_iter().map(|update| update.id);
    assert_eq!(left.collect::<Vec<_>>(), ["held", "ended", "curious"]);
}

#[tokio::test]
async fn fetching_disturbs_nobody() {
    let (home, toy) = (Home::new(), Toy::new());
    toy.publish(&updates());
    toy.open(&["open"]);
    let engine = engine(&home, &toy, "download").await;
    assert_eq!(upkeep(&engine).await, Upkeep::Begun);
    let fetched = ["chess", "curious", "open"].map(|name| (Action::Download, name.to_owned()));
    assert_eq!(done(&toy)[1..], fetched);
    assert_eq!(upkeep(&engine).await, Upkeep::NotDue);
    assert_eq!(engine.snapshot().updates.len(), 5);
}

#[tokio::test]
async fn what_fails_by_itself_is_on_record_and_the_rest_goes_on() {
    let (home, toy) = (Home::new(), Toy::new());
    toy.publish(&[update("fail:NoSpace"), update("chess")]);
    let engine = engine(&home, &toy, "install").await;
    assert_eq!(upkeep(&engine).await, Upkeep::Begun);
    assert_eq!(done(&toy).len(), 3);
    assert_eq!(engine.snapshot().tasks, []);
    let states: Vec<_> = engine.history(2, true).await.unwrap().into_iter().map(|entry| entry.state).collect();
    assert_eq!(states, [TaskState::Done, TaskState::Failed]);
}

#[tokio::test]
async fn one_round_at_a_time() {
    let (home, toy) = (Home::new(), Toy::new());
    toy.publish(&[update("slow")]);
    let engine = engine(&home, &toy, "install").await;
    assert_eq!(engine.upkeep().await.unwrap(), Upkeep::Begun);
    toy.until_running(&["slow"]).await;
    assert_eq!(engine.upkeep().await.unwrap(), Upkeep::Begun, "it is being done");
    toy.release();
    until(&engine, |now| now.updates.is_empty()).await;
    engine.work().wait_for(|count| *count == 0).await.unwrap();
    assert_eq!(done(&toy).len(), 2);
}
