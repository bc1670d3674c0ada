//! The engine with a toy source: tasks, their ends, their records.
#![allow(missing_docs)]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests say what went wrong by panicking")]

mod toy;

use std::sync::Arc;
use strata_engine::{Engine, StartError};
use strata_model::{Failure, FailureKind, OfferId, Request, SourceKind, Stop, Task, TaskId, TaskState};
use toy::{Home, Toy, install, offer, until};

fn task(engine: &Engine, id: TaskId) -> Task {
    engine.snapshot().tasks.into_iter().find(|task| task.id == id).unwrap()
}

async fn until_state(engine: &Engine, id: TaskId, state: TaskState) -> Task {
    until(engine, |now| now.tasks.iter().any(|task| task.id == id && task.state == state)).await;
    task(engine, id)
}

async fn ended(engine: &Engine, request: Request) -> Task {
    let id = engine.submit(&[request]).await.unwrap()[0];
    until(engine, |now| now.tasks.iter().any(|task| task.id == id && task.state.is_final())).await;
    task(engine, id)
}

#[tokio::test]
async fn what_no_source_here_can_install_is_refused_in_plain_words() {
    let (home, toy) = (Home::new(), Toy::new());
    let engine = home.engine(&toy).await;
    let package = OfferId { source: SourceKind::Package, ..offer("system", "gimp") };
    let request = Request { name: "GIMP".to_owned(), ..Request::install(package) };
    let failure = engine.submit(std::slice::from_ref(&request)).await.unwrap_err();
    assert_eq!((failure.kind, failure.subject.as_str()), (FailureKind::NoBackend, "GIMP"));
    assert!(failure.kind.message().contains("cannot install"), "{}", failure.kind.message());
    let Err(Stop::Failed(planned)) = engine.plan(&request).await else { panic!("it was planned") };
    assert_eq!(planned, failure);
    assert_eq!(engine.snapshot().tasks, []);
}

#[tokio::test]
async fn what_a_task_did_is_shown_with_its_end_and_stays_on_record() {
    let (home, toy) = (Home::new(), Toy::new());
    let engine = home.engine(&toy).await;
    let id = engine.submit(&[install("user", "chess")]).await.unwrap()[0];
    let done = until(&engine, |now| now.tasks.iter().any(|task| task.state.is_final())).await;
    assert_eq!(done.tasks[0].state, TaskState::Done);
    assert_eq!(done.installed.len(), 1, "the same change brings the end and what it left");
    let entries = engine.history(10, true).await.unwrap();
    assert_eq!((entries[0].id, entries[0].state, entries[0].to_version.as_str()), (id, TaskState::Done, "2"));
    engine.launch(&offer("user", "chess")).await.unwrap();
    let missing = engine.launch(&offer("user", "go")).await.unwrap_err();
    assert_eq!(missing.kind, FailureKind::NotInstalled);
    let endless = engine.launch_file(&format!("/{}", "a".repeat(9000))).await.unwrap_err();
    assert_eq!((endless.kind, toy.files()), (FailureKind::BadRequest, Vec::new()));
}

#[tokio::test]
async fn a_lane_keeps_its_order_and_lanes_run_side_by_side() {
    let (home, toy) = (Home::new(), Toy::new());
    let engine = home.engine(&toy).await;
    let requests = [install("user", "slow1"), install("user", "slow2"), install("system", "slow3")];
    let ids = engine.submit(&requests).await.unwrap();
    toy.until_running(&["slow1", "slow3"]).await;
    assert_eq!(task(&engine, ids[1]).state, TaskState::Queued);
    toy.release();
    until_state(&engine, ids[1], TaskState::Done).await;
    let ran = toy.ran();
    let place = |name: &str| ran.iter().position(|ran| ran == name).unwrap();
    assert!(place("slow1") < place("slow2"));
}

#[tokio::test]
async fn a_waiting_task_is_cancelled_at_once_and_a_running_one_by_itself() {
    let (home, toy) = (Home::new(), Toy::new());
    let engine = home.engine(&toy).await;
    let requests = [install("user", "slow1"), install("user", "chess"), install("user", "go")];
    let ids = engine.submit(&requests).await.unwrap();
    toy.until_running(&["slow1"]).await;
    engine.cancel(ids[1]).await.unwrap();
    assert_eq!(task(&engine, ids[1]).state, TaskState::Cancelled, "no waiting for the one before");
    engine.cancel(ids[0]).await.unwrap();
    until_state(&engine, ids[0], TaskState::Cancelled).await;
    until_state(&engine, ids[2], TaskState::Done).await;
    engine.cancel(ids[2]).await.unwrap();
    assert_eq!(toy.ran(), ["slow1", "go"]);
    assert_eq!(engine.cancel(TaskId(4711)).await.unwrap_err().kind, FailureKind::NotFound);
}

#[tokio::test]
async fn a_task_that_cannot_stop_any_more_says_so_and_ends_as_done() {
    let (home, toy) = (Home::new(), Toy::new());
    let engine = home.engine(&toy).await;
    let id = engine.submit(&[install("user", "stubborn")]).await.unwrap()[0];
    toy.until_running(&["stubborn"]).await;
    engine.cancel(id).await.unwrap();
    assert_eq!(task(&engine, id).state, TaskState::Cancelling);
    toy.release();
    until_state(&engine, id, TaskState::Done).await;
}

#[tokio::test]
async fn every_kind_of_failure_reaches_snapshot_and_history() {
    let (home, toy) = (Home::new(), Toy::new());
    let engine = home.engine(&toy).await;
    for kind in FailureKind::ALL {
        let request = install("user", &format!("fail:{}", kind.name()));
        let planned = engine.plan(&request).await.unwrap_err();
        let failure = Failure::new(*kind, "subject", "detail");
        assert_eq!(planned, Stop::Failed(failure.clone()));
        let task = ended(&engine, request).await;
        assert_eq!((task.state, task.failure), (TaskState::Failed, Some(failure.clone())));
        assert_eq!(engine.history(1, true).await.unwrap()[0].failure, Some(failure));
    }
}

#[tokio::test]
async fn what_was_done_after_all_takes_its_earlier_failure_along() {
    let (home, toy) = (Home::new(), Toy::new());
    let engine = home.engine(&toy).await;
    let other = ended(&engine, install("user", &format!("fail:{}", FailureKind::Offline.name()))).await;
    let failed = ended(&engine, install("user", "flaky")).await;
    assert_eq!(failed.state, TaskState::Failed);
    toy.release();
    let done = ended(&engine, install("user", "flaky")).await;
    assert_eq!(done.state, TaskState::Done);
    let known: Vec<TaskId> = engine.snapshot().tasks.iter().map(|task| task.id).collect();
    assert_eq!(known, [other.id, done.id], "only what was made good is gone");
}

#[tokio::test]
async fn a_crash_in_a_source_costs_its_task_only() {
    let (home, toy) = (Home::new(), Toy::new());
    let engine = home.engine(&toy).await;
    let crashed = ended(&engine, install("user", "crash")).await;
    assert_eq!(crashed.state, TaskState::Failed);
    assert!(crashed.failure.unwrap().detail.contains("the toy broke"));
    assert!(matches!(engine.plan(&install("user", "crash")).await, Err(Stop::Failed(_))));
    assert_eq!(ended(&engine, install("user", "chess")).await.state, TaskState::Done);
}

#[tokio::test]
async fn two_who_ask_for_one_thing_get_one_task() {
    let (home, toy) = (Home::new(), Toy::new());
    let engine = home.engine(&toy).await;
    let request = install("user", "slow");
    let (one, two) = tokio::join!(async { engine.submit(&[request.clone(), request.clone()]).await.unwrap() }, async {
        engine.submit(&[request.clone().named("Slow")]).await.unwrap()
    },);
    assert_eq!((one[0], one[1]), (two[0], two[0]));
    toy.until_running(&["slow"]).await;
    assert_eq!(engine.submit(std::slice::from_ref(&request)).await.unwrap(), two);
    toy.release();
    until_state(&engine, two[0], TaskState::Done).await;
    assert_ne!(engine.submit(&[request]).await.unwrap(), two, "what has ended is asked for anew");
}

#[tokio::test]
async fn a_task_that_is_about_to_stop_is_not_joined() {
    let (home, toy) = (Home::new(), Toy::new());
    let engine = home.engine(&toy).await;
    let first = engine.submit(&[install("user", "stubborn")]).await.unwrap()[0];
    toy.until_running(&["stubborn"]).await;
    engine.cancel(first).await.unwrap();
    assert_ne!(engine.submit(&[install("user", "stubborn")]).await.unwrap()[0], first);
    toy.release();
}

#[tokio::test]
async fn progress_is_published_a_few_times_a_second_whatever_the_source_says() {
    let (home, toy) = (Home::new(), Toy::new());
    let engine = home.engine(&toy).await;
    until(&engine, |now| now.sources[0].ready && !now.catalogue.building).await;
    let before = engine.snapshot().sequence;
    let begun = std::time::Instant::now();
    ended(&engine, install("user", "many")).await;
    let periods = u64::try_from(begun.elapsed().as_millis() / 200).unwrap();
    // Beside progress: queued, running, ended.
    assert!(engine.snapshot().sequence - before <= 3 + 1 + periods);
}

#[tokio::test]
async fn outcomes_stay_until_acknowledged_also_over_engines() {
    let (home, toy) = (Home::new(), Toy::new());
    let engine = home.engine(&toy).await;
    let seen = ended(&engine, install("user", "chess")).await.id;
    let unseen = ended(&engine, install("user", "fail:NoSpace")).await;
    engine.acknowledge(&[seen]).await.unwrap();
    assert_eq!(engine.snapshot().tasks, std::slice::from_ref(&unseen));
    engine.shut_down().await;
    let next = home.engine(&toy).await;
    assert_eq!(next.snapshot().tasks, [unseen]);
    assert!(ended(&next, install("user", "go")).await.id > seen, "numbers are never given twice");
}

#[tokio::test]
async fn a_running_task_cannot_be_acknowledged_away() {
    let (home, toy) = (Home::new(), Toy::new());
    let engine = home.engine(&toy).await;
    let id = engine.submit(&[install("user", "slow")]).await.unwrap()[0];
    engine.acknowledge(&[id]).await.unwrap();
    assert_eq!(engine.snapshot().tasks.len(), 1);
    toy.release();
}

#[tokio::test]
async fn one_engine_for_one_person() {
    let (home, toy) = (Home::new(), Toy::new());
    let first = home.engine(&toy).await;
    let second = Engine::start(Arc::clone(&home.environment), Vec::new()).await;
    assert!(matches!(second, Err(StartError::Taken)));
    first.shut_down().await;
    assert!(Engine::start(Arc::clone(&home.environment), Vec::new()).await.is_ok());
}

#[tokio::test]
async fn an_engine_that_ends_cancels_its_tasks_and_takes_no_more() {
    let (home, toy) = (Home::new(), Toy::new());
    let engine = home.engine(&toy).await;
    engine.submit(&[install("user", "slow1"), install("user", "slow2")]).await.unwrap();
    toy.until_running(&["slow1"]).await;
    engine.shut_down().await;
    let states: Vec<TaskState> = engine.history(10, true).await.unwrap().iter().map(|entry| entry.state).collect();
    assert_eq!(states, [TaskState::Cancelled, TaskState::Cancelled]);
    assert_eq!(engine.submit(&[install("user", "go")]).await.unwrap_err().kind, FailureKind::EngineGone);
}

#[test]
fn what_was_broken_off_is_mended_and_said_by_the_next_engine() {
    let (home, toy) = (Home::new(), Toy::new());
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let stuck = install("system", "slow-stuck");
    let ids = runtime.block_on(async {
        let engine = home.engine(&toy).await;
        let requests = [install("user", "slow1"), install("user", "slow2"), stuck.clone()];
        let ids = engine.submit(&requests).await.unwrap();
        toy.until_running(&["slow-stuck", "slow1"]).await;
        ids
    });
    // As a kill does: nothing of the engine runs any more, and nothing was said.
    drop(runtime);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let next = Toy::new();
        let engine = home.engine(&next).await;
        let mut kinds = Vec::new();
        for id in ids {
            kinds.push(until_state(&engine, id, TaskState::Failed).await.failure.unwrap().kind);
        }
        assert_eq!(kinds, [FailureKind::Interrupted, FailureKind::Interrupted, FailureKind::NotMended]);
        assert_eq!(next.recovered(), [install("user", "slow1"), stuck], "one that only waited left nothing to mend");
        assert_eq!(engine.history(10, true).await.unwrap().len(), 3);
        assert_eq!(ended(&engine, install("user", "chess")).await.state, TaskState::Done);
    });
}

#[tokio::test]
async fn a_damaged_history_is_moved_aside_and_said_so() {
    let (home, toy) = (Home::new(), Toy::new());
    std::fs::create_dir_all(&home.environment.data).unwrap();
    std::fs::write(home.environment.history(), "not a database, and long enough to be none".repeat(100)).unwrap();
    let engine = home.engine(&toy).await;
    let faults = engine.snapshot().faults;
    assert_eq!(faults.len(), 1);
    assert_eq!(faults[0].kind, FailureKind::BadFile);
    assert!(faults[0].detail.contains("damaged-"));
    assert_eq!(ended(&engine, install("user", "chess")).await.state, TaskState::Done);
    let kept = std::fs::read_dir(&home.environment.data).unwrap();
    assert!(kept.flatten().any(|entry| entry.file_name().to_string_lossy().contains("damaged-")));
}

#[tokio::test]
async fn what_another_program_does_is_noticed() {
    let (home, toy) = (Home::new(), Toy::new());
    let engine = home.engine(&toy).await;
    until(&engine, |now| now.sources[0].ready).await;
    toy.install_outside("go");
    let now = until(&engine, |now| !now.installed.is_empty()).await;
    assert_eq!(now.installed[0].id, "go");
    let kept = strata_platform::witness::read(&home.environment).unwrap();
    assert_eq!(kept, now.installed, "faces know it without the engine");
}

#[tokio::test]
async fn a_refresh_is_remembered_and_says_what_failed_in_part() {
    let (home, toy) = (Home::new(), Toy::new());
    let engine = home.engine(&toy).await;
    assert_eq!(engine.snapshot().checked, 0);
    let done = ended(&engine, Request::refresh(SourceKind::AppImage)).await;
    assert_eq!((done.state, done.partial.len()), (TaskState::Done, 1));
    let checked = engine.snapshot().checked;
    assert!(checked >= done.submitted);
    engine.shut_down().await;
    assert_eq!(home.engine(&toy).await.snapshot().checked, checked);
}

#[tokio::test]
async fn settings_are_published_and_kept() {
    let (home, toy) = (Home::new(), Toy::new());
    let engine = home.engine(&toy).await;
    engine.set_setting("appearance.style", "dark").await.unwrap();
    let style = strata_model::settings::Style::Dark;
    assert_eq!(engine.snapshot().settings.appearance.style, style);
    let bad = engine.set_setting("appearance.style", "purple").await.unwrap_err();
    assert_eq!(bad.kind, FailureKind::BadSetting);
    engine.shut_down().await;
    assert_eq!(home.engine(&toy).await.snapshot().settings.appearance.style, style);
}

#[tokio::test]
async fn a_catalogue_that_cannot_be_built_is_said_and_stops_nothing() {
    let (home, toy) = (Home::new(), Toy::new());
    let engine = home.engine(&toy).await;
    let now = until(&engine, |now| !now.catalogue.building).await;
    assert_eq!(now.catalogue.failure.unwrap().kind, FailureKind::EngineGone, "there is no program to build it");
    assert_eq!(ended(&engine, install("user", "chess")).await.state, TaskState::Done);
}

#[tokio::test]
async fn work_is_counted_down_to_nothing() {
    let (home, toy) = (Home::new(), Toy::new());
    let engine = home.engine(&toy).await;
    ended(&engine, install("user", "chess")).await;
    let mut work = engine.work();
    tokio::time::timeout(toy::DEADLINE, work.wait_for(|count| *count == 0)).await.unwrap().unwrap();
}

#[tokio::test]
async fn what_cannot_be_kept_for_the_faces_is_said_until_it_can() {
    let (home, toy) = (Home::new(), Toy::new());
    std::fs::create_dir_all(home.environment.cache.parent().unwrap()).unwrap();
    std::fs::write(&home.environment.cache, "no folder").unwrap();
    let engine = home.engine(&toy).await;
    let now = until(&engine, |now| now.sources[0].ready).await;
    let kept = home.environment.installed().to_string_lossy().into_owned();
    assert_eq!((now.faults[0].kind, &now.faults[0].subject), (FailureKind::Unwritable, &kept));
    std::fs::remove_file(&home.environment.cache).unwrap();
    toy.install_outside("go");
    until(&engine, |now| now.faults.is_empty()).await;
}

#[tokio::test]
async fn a_fault_in_the_settings_is_said_and_goes_with_its_cause() {
    let (home, toy) = (Home::new(), Toy::new());
    std::fs::create_dir_all(&home.environment.config).unwrap();
    std::fs::write(home.environment.settings(), "future = 1\n[appearance]\nstyle = \"purple\"\n").unwrap();
    let engine = home.engine(&toy).await;
    assert_eq!(engine.snapshot().faults.len(), 2);
    engine.set_setting("appearance.style", "dark").await.unwrap();
    let now = engine.snapshot();
    assert_eq!(now.settings.appearance.style, strata_model::settings::Style::Dark);
    assert!(now.faults.len() == 1 && now.faults[0].subject.ends_with(": future"), "{:?}", now.faults);
}

#[tokio::test]
async fn a_folder_that_cannot_be_used_is_named() {
    let home = Home::new();
    std::fs::create_dir_all(home.environment.data.parent().unwrap()).unwrap();
    std::fs::write(&home.environment.data, "no folder").unwrap();
    let refused = Engine::start(Arc::clone(&home.environment), Vec::new()).await.unwrap_err();
    let StartError::Failed(failure) = refused else { unreachable!("{refused}") };
    assert_eq!((failure.kind, failure.subject), (FailureKind::Unwritable, home.environment.data.display().to_string()));
}

#[tokio::test]
async fn thousands_of_requests_are_taken_on_at_once_each_once() {
    let (home, toy) = (Home::new(), Toy::new());
    let engine = home.engine(&toy).await;
    let first = engine.submit(&[install("user", "slow")]).await.unwrap();
    let many: Vec<Request> = (0..4000).map(|number| install("user", &format!("{}", number % 2000))).collect();
    let ids = engine.submit(&[many, vec![install("user", "slow").named("Slow")]].concat()).await.unwrap();
    assert_eq!((ids.len(), &ids[..2000], &ids[4000..]), (4001, &ids[2000..4000], &first[..]));
    assert_eq!(engine.snapshot().tasks.len(), 2001);
    engine.shut_down().await;
}
