//! Packages that wait behind each other are one change of the system, and each still has an end of its own.

use super::{Toy, World, install};
use std::collections::BTreeSet;
use strata_engine::{PackageSet, SystemChange};
use strata_model::{Action, FailureKind, OfferId, Request, Task, TaskId, TaskState};

const SLOW: &str = "slow";

fn names(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

fn remove(name: &str) -> Request {
    Request::remove(OfferId::package(name), false)
}

impl World {
    /// Queues them behind a change that runs, then lets that end.
    async fn behind_another(&self, requests: &[Request]) -> Vec<TaskId> {
        let first = self.engine.submit(&[install(SLOW)]).await.unwrap()[0];
        self.until(|now| now.tasks.iter().any(|task| task.progress.percent == Some(40))).await;
        let ids = self.engine.submit(requests).await.unwrap();
        self.engine.cancel(first).await.unwrap();
        ids
    }

    async fn ended(&self, ids: &[TaskId]) -> Vec<Task> {
        let over = |task: &Task| ids.contains(&task.id) && task.state.is_final();
        let snapshot = self.until(|now| now.tasks.iter().filter(|task| over(task)).count() == ids.len()).await;
        snapshot.tasks.into_iter().filter(over).collect()
    }

    /// What was changed after the first one, which everything waited for.
    fn changes(&self) -> Vec<SystemChange> {
        self.toy.ran.lock().unwrap()[1..].to_vec()
    }
}

fn states(tasks: &[Task]) -> Vec<TaskState> {
    tasks.iter().map(|task| task.state).collect()
}

fn packages(install: &[&str], remove: &[&str]) -> SystemChange {
    SystemChange::Packages(PackageSet { install: names(install), remove: names(remove), ..PackageSet::default() })
}

#[tokio::test]
async fn what_waits_becomes_one_change_with_an_end_and_a_record_each() {
    let world = World::new(Toy::new(&["vim"])).await;
    let ids = world.behind_another(&[install("htop"), remove("vim"), install("tmux")]).await;
    let tasks = world.ended(&ids).await;
    assert_eq!(states(&tasks), [TaskState::Done; 3]);
    assert_eq!(world.changes(), [packages(&["htop", "tmux"], &["vim"])]);
    assert_eq!(world.layered(), ["htop", "tmux"]);
    let history = world.engine.history(10, true).await.unwrap();
    assert_eq!(history.len(), 4, "{history:?}");
}

#[tokio::test]
async fn what_undoes_another_and_what_is_no_package_comes_after_it() {
    let world = World::new(Toy::new(&[])).await;
    let live = Request { live: true, ..install("fish") };
    let update = Request::system(Action::UpdateSystem, "");
    let ids = world.behind_another(&[install("htop"), remove("htop"), live, update, install("zsh")]).await;
    assert_eq!(states(&world.ended(&ids).await), [TaskState::Done; 5]);
    let live = SystemChange::Packages(PackageSet { install: names(&["fish"]), live: true, ..PackageSet::default() });
    let apart =
        [packages(&["htop"], &[]), packages(&[], &["htop"]), live, SystemChange::Update, packages(&["zsh"], &[])];
    assert_eq!(world.changes(), apart);
}

#[tokio::test]
async fn one_that_does_not_fit_fails_alone() {
    let world = World::new(Toy::new(&[])).await;
    let ids = world.behind_another(&[install("htop"), install("misfit"), install("tmux")]).await;
    let tasks = world.ended(&ids).await;
    assert_eq!(states(&tasks), [TaskState::Done, TaskState::Failed, TaskState::Done]);
    assert_eq!(tasks[1].failure.as_ref().unwrap().kind, FailureKind::Unsolvable);
    assert_eq!(world.changes(), [packages(&["htop", "misfit", "tmux"], &[]), packages(&["htop", "tmux"], &[])]);
    assert_eq!(world.layered(), ["htop", "tmux"]);
}

#[tokio::test]
async fn after_a_failure_that_names_none_of_them_each_is_tried_by_itself() {
    let world = World::new(Toy::new(&[])).await;
    let ids = world.behind_another(&[install("htop"), install("bad")]).await;
    let tasks = world.ended(&ids).await;
    assert_eq!(states(&tasks), [TaskState::Done, TaskState::Failed]);
    assert_eq!(tasks[1].failure.as_ref().unwrap().subject, "libold");
    assert_eq!(world.changes(), [packages(&["htop", "bad"], &[]), packages(&["htop"], &[]), packages(&["bad"], &[])]);
}

#[tokio::test]
async fn one_that_is_cancelled_takes_no_other_with_it() {
    let world = World::new(Toy::new(&[])).await;
    let ids = world.behind_another(&[install("htop"), install("slower"), install("tmux")]).await;
    world.until(|now| now.tasks.iter().any(|task| task.id == ids[2] && task.progress.percent == Some(40))).await;
    world.engine.cancel(ids[1]).await.unwrap();
    let tasks = world.ended(&ids).await;
    assert_eq!(states(&tasks), [TaskState::Done, TaskState::Cancelled, TaskState::Done]);
    assert_eq!(world.layered(), ["htop", "tmux"]);
}
