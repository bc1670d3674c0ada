//! How apps are, by what the engine says.

use super::*;
use strata_model::snapshot::CatalogueStatus;
use strata_model::{FailureKind, Request};

fn offer(reference: &str) -> OfferId {
    OfferId {
        source: SourceKind::Flatpak,
        scope: "user".into(),
        origin: "demo".into(),
        reference: reference.to_owned(),
    }
}

fn app(id: &str) -> Key {
    Key::App(AppId::new(id).unwrap())
}

fn live(tasks: Vec<Task>) -> Live {
    let snapshot = Snapshot { sequence: 1, tasks, ..Snapshot::default() };
    Live { snapshot: Some(Arc::new(snapshot)), ..Live::default() }
}

fn task(id: u64, state: TaskState, failure: Option<Failure>) -> Task {
    let request = Request::install(offer("app/org.gnome.Chess/x86_64/stable"));
    let id = TaskId(id);
    Task { id, request, state, progress: Progress::default(), failure, partial: vec![], submitted: 0, finished: 0 }
}

#[test]
fn nothing_is_offered_before_the_engine_has_spoken() {
    assert_eq!(Live::default().state(&app("org.gnome.Chess")).place, Place::Unknown);
    assert_eq!(live(vec![]).state(&app("org.gnome.Chess")).place, Place::Absent);
}

#[test]
fn what_is_held_back_waits_for_no_restart() {
    use strata_model::{Deployment, System};
    let staged = Deployment { staged: true, layered: vec!["htop".to_owned()], ..Deployment::default() };
    let booted = Deployment { booted: true, ..Deployment::default() };
    let place = |staged: Deployment| {
        let mut snapshot = (*live(vec![]).snapshot.unwrap()).clone();
        snapshot.system.system = System { deployments: vec![staged, booted.clone()], ..System::default() };
        snapshot.installed = vec![Installed::new(OfferId::package("htop"), PartKind::Package)];
        let live = Live { snapshot: Some(Arc::new(snapshot)), ..Live::default() };
        live.state(&Key::Offer(OfferId::package("htop"))).place
    };
    assert_eq!(place(staged.clone()), Place::Waiting);
    assert_eq!(place(Deployment { locked: true, ..staged }), Place::HeldBack);
}

#[test]
fn a_running_task_comes_before_an_old_failure() {
    let failure = Failure::new(strata_model::FailureKind::Offline, "demo", "");
    let failed = task(3, TaskState::Failed, Some(failure.clone()));
    let chess = app("org.gnome.Chess.desktop");
    assert_eq!(live(vec![failed.clone()]).state(&chess).work, Work::Failed(TaskId(3), failure));
    let both = live(vec![task(2, TaskState::Running, None), failed]);
    assert!(matches!(both.state(&chess).work, Work::Running(Running { task: TaskId(2), .. })));
    assert_eq!(both.state(&app("org.gnome.Maps")).work, Work::Idle);
}

#[test]
fn what_a_list_has_is_known_by_its_app() {
    let listed = OfferId::app_image("appimagehub", "Chess");
    let request = Request::install(listed.clone());
    let mut live = live(vec![Task { request, ..task(1, TaskState::Running, None) }]);
    let chess = app("org.gnome.Chess");
    assert_eq!(live.state(&chess).work, Work::Idle, "nobody asked whose it is");
    let whose = Whose { app: AppId::new("org.gnome.Chess").unwrap(), name: "Chess".to_owned() };
    live.whose = Arc::new(BTreeMap::from([(listed, whose)]));
    assert!(matches!(live.state(&chess).work, Work::Running(_)));
    assert_eq!(unnamed(&OfferId::app_image("", "org.gnome.Chess")), None, "a file is called by its id");
}

#[test]
fn that_there_is_no_catalogue_has_a_reason_once_nobody_works_on_it() {
    let full = Failure::new(FailureKind::NoSpace, "", "");
    let with = |building: bool, failure: Option<Failure>| {
        let catalogue = CatalogueStatus { building, failure, ..CatalogueStatus::default() };
        let snapshot = Snapshot { catalogue, ..Snapshot::default() };
        Live { snapshot: Some(Arc::new(snapshot)), ..Live::default() }
    };
    assert_eq!(Live::default().why_no_catalogue(), None, "the engine is on its way");
    let lost = Live { lost: Some(full.clone()), ..Live::default() };
    assert_eq!(lost.why_no_catalogue(), Some(&full), "nobody can build it");
    assert_eq!(with(true, Some(full.clone())).why_no_catalogue(), None, "it is tried again");
    assert_eq!(with(false, Some(full.clone())).why_no_catalogue(), Some(&full));
    assert_eq!(with(false, None).why_no_catalogue(), None);
}
