//! Plans, who waits for them, and how an engine ends.
#![allow(missing_docs)]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests say what went wrong by panicking")]

mod toy;

use std::sync::Arc;
use strata_engine::Engine;
use strata_model::{FailureKind, Stop, TaskState};
use toy::{Home, Toy, install};

#[tokio::test]
async fn a_plan_that_nobody_waits_for_is_cancelled() {
    let (home, toy) = (Home::new(), Toy::new());
    let engine = home.engine(&toy).await;
    let asked = engine.clone();
    let asking = tokio::spawn(async move { asked.plan(&install("user", "slow")).await });
    toy.until_planning(1).await;
    asking.abort();
    toy.until_planning(0).await;
    let mut work = engine.work();
    tokio::time::timeout(toy::DEADLINE, work.wait_for(|count| *count == 0)).await.unwrap().unwrap();
}

#[tokio::test]
async fn a_few_plans_are_worked_on_at_once_and_the_others_wait() {
    let (home, toy) = (Home::new(), Toy::new());
    let engine = home.engine(&toy).await;
    let asking: Vec<_> = (0..20)
        .map(|number| {
            let engine = engine.clone();
            tokio::spawn(async move { engine.plan(&install("user", &format!("slow{number}"))).await })
        })
        .collect();
    toy.until_planning(8).await;
    toy.release();
    for asking in asking {
        asking.await.unwrap().unwrap();
    }
    assert_eq!(toy.most_planning(), 8);
}

#[tokio::test]
async fn an_engine_that_ends_plans_nothing_and_waits_for_no_plan_that_does_not_stop() {
    let (home, toy) = (Home::new(), Toy::new());
    let engine = home.engine(&toy).await;
    let asked = engine.clone();
    let asking = tokio::spawn(async move { asked.plan(&install("user", "stubborn")).await });
    toy.until_planning(1).await;
    tokio::time::timeout(toy::DEADLINE, engine.shut_down()).await.expect("it ends");
    let gone = |planned| matches!(planned, Err(Stop::Failed(failure)) if failure.kind == FailureKind::EngineGone);
    assert!(gone(asking.await.unwrap()), "the next engine may be asked; nobody cancelled");
    assert!(gone(engine.plan(&install("user", "chess")).await));
    assert!(Engine::start(Arc::clone(&home.environment), Vec::new()).await.is_ok());
}

#[tokio::test]
async fn an_engine_that_ends_waits_for_a_task_that_cannot_stop() {
    let (home, toy) = (Home::new(), Toy::new());
    let engine = home.engine(&toy).await;
    engine.submit(&[install("user", "stubborn")]).await.unwrap();
    toy.until_running(&["stubborn"]).await;
    let mut ending = Box::pin(engine.shut_down());
    tokio::time::timeout(std::time::Duration::from_secs(3), &mut ending).await.expect_err("the task holds it");
    toy.release();
    ending.await;
    assert_eq!(engine.history(1, true).await.unwrap()[0].state, TaskState::Done);
}
