//! Who asks for what is under way already is told so, and who asks for what will be undone by then is not.

mod toy;

use strata_model::{FailureKind, OfferId, Request, TaskId, TaskState};
use toy::{Home, Toy, install, offer, until};

fn remove(name: &str) -> Request {
    Request::remove(offer("user", name), false)
}

#[tokio::test]
async fn the_last_wish_of_an_app_is_done_last() {
    let (home, toy) = (Home::new(), Toy::new());
    let engine = home.engine(&toy).await;
    let slow = engine.submit(&[install("user", "slow")]).await.unwrap()[0];
    let (get, go) = (install("user", "slow"), remove("slow"));
    let undone = engine.submit(std::slice::from_ref(&go)).await.unwrap()[0];
    let again = engine.submit(std::slice::from_ref(&get)).await.unwrap()[0];
    assert!(slow < undone && undone < again, "what runs is undone by what waits");
    assert_eq!(engine.submit(std::slice::from_ref(&get)).await.unwrap(), [again], "the last wish once");
    let one_go = engine.submit(&[go.clone(), get.clone(), go.clone(), go, install("user", "other")]).await.unwrap();
    let [first, second, third, fourth, _] = one_go[..] else { unreachable!() };
    assert!(again < first && first < second && second < third, "{one_go:?}");
    assert_eq!(third, fourth);
    toy.release();
    until(&engine, |now| now.tasks.iter().any(|task| task.id == third && task.state == TaskState::Done)).await;
}

#[tokio::test]
async fn a_person_who_asks_is_not_put_off_to_what_nobody_can_answer() {
    let (home, toy) = (Home::new(), Toy::new());
    let engine = home.engine(&toy).await;
    let submit = async |request: Request| -> TaskId { engine.submit(&[request]).await.unwrap()[0] };
    let alone = submit(install("user", "slow").unattended()).await;
    let asked = submit(install("user", "slow")).await;
    assert_ne!(alone, asked);
    assert_eq!(submit(install("user", "slow").unattended()).await, asked, "which can do no less");
    toy.release();
}

#[tokio::test]
async fn what_waits_is_bounded_by_its_texts_too() {
    let (home, toy) = (Home::new(), Toy::new());
    let engine = home.engine(&toy).await;
    let long = "a".repeat(8000);
    let large = |number: usize| Request::update(OfferId::app_image(&long, &format!("slow{number}{long}"))).named(&long);
    let many: Vec<Request> = (0..900).map(large).collect();
    let failure = engine.submit(&many).await.unwrap_err();
    assert_eq!(failure.kind, FailureKind::BadRequest);
    assert_eq!(engine.snapshot().tasks, [], "none of them");
    let _ = engine.submit(&many[..600]).await.unwrap();
    assert_eq!(engine.submit(&many[600..]).await.unwrap_err().kind, FailureKind::BadRequest, "with what waits");
    engine.shut_down().await;
}
