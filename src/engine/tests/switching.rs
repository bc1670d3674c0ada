//! An offer takes the place of another one: one task, and one of them at its end.
#![allow(missing_docs)]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests say what went wrong by panicking")]

mod toy;

use std::sync::Arc;
use strata_engine::{Engine, Source};
use strata_model::plan::WarningKind;
use strata_model::{Action, FailureKind, OfferId, Request, SourceKind, Stop, Task, TaskState};
use toy::{Home, Toy, offer, until};

/// A person who has an app from one source, and another source that has it too.
struct Both {
    _home: Home,
    old: Arc<Toy>,
    new: Arc<Toy>,
    engine: Engine,
    here: OfferId,
}

impl Both {
    async fn with(reference: &str) -> Self {
        let (home, old, new) = (Home::new(), Toy::of(SourceKind::Flatpak), Toy::new());
        old.install_outside(reference);
        let sources: Vec<Arc<dyn Source>> = vec![Arc::clone(&old) as Arc<dyn Source>, Arc::clone(&new) as _];
        let engine = Engine::start(Arc::clone(&home.environment), sources).await.unwrap();
        until(&engine, |snapshot| snapshot.sources.iter().all(|source| source.ready)).await;
        let here = OfferId { source: SourceKind::Flatpak, ..offer("user", reference) };
        Self { _home: home, old, new, engine, here }
    }

    fn switch(&self, reference: &str) -> Request {
        Request::switch(self.here.clone(), offer("user", reference), false).named("Chess")
    }

    async fn ended(&self, request: Request) -> Task {
        let id = self.engine.submit(&[request]).await.unwrap()[0];
        let is_it = |task: &&Task| task.id == id && task.state.is_final();
        let snapshot = until(&self.engine, |snapshot| snapshot.tasks.iter().any(|task| is_it(&task))).await;
        snapshot.tasks.iter().find(is_it).unwrap().clone()
    }

    /// What is installed, by its references.
    fn installed(&self) -> Vec<String> {
        self.engine.snapshot().installed.into_iter().map(|part| part.offer.reference).collect()
    }

    fn asked(toy: &Toy) -> Vec<(Action, String)> {
        toy.requests().into_iter().map(|request| (request.action, request.offer.reference)).collect()
    }
}

#[tokio::test]
async fn the_new_one_comes_and_then_the_old_one_goes() {
    let both = Both::with("chess").await;
    let plan = both.engine.plan(&both.switch("Chess")).await.unwrap();
    let kinds: Vec<_> = plan.warnings.iter().map(|warning| warning.kind).collect();
    assert_eq!((plan.download_size, plan.size_change, &kinds[..]), (7, -14, &[WarningKind::DataStays][..]));
    assert_eq!(plan.request, both.switch("Chess"));
    let with_data = Request { delete_data: true, ..both.switch("Chess") };
    assert_eq!(both.engine.plan(&with_data).await.unwrap().warnings[0].kind, WarningKind::DataGoes);

    let task = both.ended(with_data).await;
    assert_eq!((task.state, both.installed()), (TaskState::Done, vec!["Chess".to_owned()]));
    assert_eq!(Both::asked(&both.new), [(Action::Install, "Chess".to_owned())]);
    assert!(!both.new.requests()[0].delete_data && both.new.requests()[0].replaces.is_none());
    let removed = both.old.requests().remove(0);
    assert_eq!((removed.action, removed.delete_data), (Action::Remove, true));
    assert_eq!(both.engine.history(9, true).await.unwrap().len(), 1, "one task");
}

#[tokio::test]
async fn where_the_new_one_does_not_come_or_is_not_wanted_the_old_one_stays() {
    let both = Both::with("chess").await;
    let task = both.ended(both.switch("fail:NoSpace")).await;
    assert_eq!(task.failure.unwrap().kind, FailureKind::NoSpace);
    let id = both.engine.submit(&[both.switch("slow")]).await.unwrap()[0];
    both.new.until_running(&["slow"]).await;
    both.engine.cancel(id).await.unwrap();
    until(&both.engine, |snapshot| snapshot.tasks.iter().any(|task| task.state == TaskState::Cancelled)).await;
    assert_eq!((both.installed(), both.old.ran()), (vec!["chess".to_owned()], Vec::new()));
}

#[tokio::test]
async fn where_the_old_one_cannot_go_the_new_one_goes_again() {
    let both = Both::with("fail:NotAuthorised").await;
    let task = both.ended(both.switch("Chess")).await;
    assert_eq!((task.state, task.failure.unwrap().kind), (TaskState::Failed, FailureKind::NotAuthorised));
    assert_eq!(both.installed(), ["fail:NotAuthorised"]);
    let asked = [(Action::Install, "Chess".to_owned()), (Action::Remove, "Chess".to_owned())];
    assert_eq!(Both::asked(&both.new), asked);
}

#[tokio::test]
async fn where_the_old_one_is_gone_although_that_failed_the_new_one_stays() {
    let both = Both::with("late").await;
    let task = both.ended(both.switch("Chess")).await;
    assert_eq!((task.state, both.installed()), (TaskState::Failed, vec!["Chess".to_owned()]));
}

#[tokio::test]
async fn one_that_is_there_already_is_not_fetched_again_and_stays() {
    let both = Both::with("fail:NotAuthorised").await;
    both.new.install_outside("Chess");
    until(&both.engine, |snapshot| snapshot.installed.len() == 2).await;
    // As it is named where it was installed from.
    let switch = Request::switch(both.here.clone(), offer("user", "Chess"), false);
    assert_eq!(both.ended(switch).await.state, TaskState::Failed);
    assert_eq!((both.new.ran(), both.installed().len()), (Vec::new(), 2));
}

#[tokio::test]
async fn a_task_of_the_other_source_is_waited_for() {
    let both = Both::with("chess").await;
    let slow = Request::install(OfferId { reference: "stubborn".to_owned(), ..both.here.clone() });
    let _ = both.engine.submit(&[slow]).await.unwrap();
    both.old.until_running(&["stubborn"]).await;
    let _ = both.engine.submit(&[both.switch("Chess")]).await.unwrap();
    let came = async {
        while both.new.ran().is_empty() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(toy::DEADLINE, came).await.expect("the new one comes");
    assert_eq!(both.old.ran(), ["stubborn"]);
    both.old.release();
    until(&both.engine, |snapshot| snapshot.tasks.iter().all(|task| task.state == TaskState::Done)).await;
    assert_eq!(both.old.ran(), ["stubborn", "chess"]);
}

#[test]
fn what_was_broken_off_between_the_two_comes_to_its_end() {
    let (home, runtime) = (Home::new(), tokio::runtime::Runtime::new().unwrap());
    let start = async |old: &Arc<Toy>, new: &Arc<Toy>| {
        old.install_outside("stubborn");
        let sources: Vec<Arc<dyn Source>> = vec![Arc::clone(old) as Arc<dyn Source>, Arc::clone(new) as _];
        Engine::start(Arc::clone(&home.environment), sources).await.unwrap()
    };
    let here = OfferId { source: SourceKind::Flatpak, ..offer("user", "stubborn") };
    let switch = Request::switch(here, offer("user", "Chess"), true);
    runtime.block_on(async {
        let (old, new) = (Toy::of(SourceKind::Flatpak), Toy::new());
        let engine = start(&old, &new).await;
        until(&engine, |snapshot| snapshot.sources.iter().all(|source| source.ready)).await;
        let _ = engine.submit(&[switch]).await.unwrap();
        old.until_running(&["stubborn"]).await;
    });
    // As a kill does.
    drop(runtime);
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        let (old, new) = (Toy::of(SourceKind::Flatpak), Toy::new());
        old.release();
        new.install_outside("Chess");
        let engine = start(&old, &new).await;
        let ended = |snapshot: &strata_model::Snapshot| {
            snapshot.sources.iter().all(|source| source.ready)
                && snapshot.tasks.iter().all(|task| task.state == TaskState::Failed)
        };
        let snapshot = until(&engine, ended).await;
        assert_eq!(snapshot.tasks[0].failure.as_ref().unwrap().kind, FailureKind::Interrupted);
        let installed: Vec<_> = snapshot.installed.iter().map(|part| part.offer.reference.as_str()).collect();
        assert_eq!(installed, ["Chess"]);
        let removed = old.requests().remove(0);
        assert_eq!((removed.action, removed.delete_data, removed.unattended), (Action::Remove, true, true));
    });
}

#[tokio::test]
async fn another_version_in_a_file_is_no_switch_but_its_own_sources_work() {
    let both = Both::with("chess").await;
    let file = Request::install_file(SourceKind::AppImage, "user", "/some/Chess.AppImage");
    let file = Request { replaces: Some(offer("user", "Chess")), ..file };
    assert_eq!(both.engine.plan(&file).await.unwrap().request, file);
    assert_eq!(both.ended(file.clone()).await.state, TaskState::Done);
    assert_eq!((both.new.requests(), both.old.ran()), (vec![file], Vec::new()));
}

#[tokio::test]
async fn what_is_no_switch_is_refused() {
    let both = Both::with("chess").await;
    let gone = OfferId { reference: "gone".to_owned(), ..both.here.clone() };
    let file = || Request::install_file(SourceKind::AppImage, "user", "/some/Chess.AppImage");
    let cases = [
        (Request::switch(both.here.clone(), both.here.clone(), false), FailureKind::BadRequest, "the same"),
        (
            Request::switch(both.here.clone(), OfferId::package("chess"), false),
            FailureKind::NoBackend,
            "no such source",
        ),
        (Request::switch(gone, offer("user", "Chess"), false), FailureKind::NotInstalled, "it is not there"),
        (
            Request { action: Action::Update, ..both.switch("Chess") },
            FailureKind::BadRequest,
            "nothing comes that could take its place",
        ),
        (
            Request { replaces: Some(both.here.clone()), ..file() },
            FailureKind::BadRequest,
            "a file is a version of an AppImage only",
        ),
        (
            Request { replaces: Some(offer("user", "chess")), ..file().beside() },
            FailureKind::BadRequest,
            "it cannot be both",
        ),
    ];
    for (request, kind, reason) in cases {
        let planned = both.engine.plan(&request).await;
        assert!(matches!(&planned, Err(Stop::Failed(failure)) if failure.kind == kind), "{reason}: {planned:?}");
    }
    assert_eq!(both.installed(), ["chess"]);
}
