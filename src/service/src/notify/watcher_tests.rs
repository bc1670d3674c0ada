use super::*;
use strata_model::Attention::{Everything, Nothing, Tasks};
use strata_model::snapshot::{CatalogueStatus, SourceStatus};
use strata_model::{Failure, FailureKind, Installed, Progress, Settings, SourceKind, TaskId, Variant};

fn offer(name: &str) -> OfferId {
    let reference = format!("app/org.example.{name}/x86_64/stable");
    OfferId { source: SourceKind::Flatpak, scope: "user".into(), origin: "demo".into(), reference }
}

fn task(id: u64, state: TaskState, request: Request) -> Task {
    let failure = (state == TaskState::Failed).then(|| Failure::new(FailureKind::Offline, "demo", ""));
    let progress = Progress::default();
    Task { id: TaskId(id), request, state, progress, failure, partial: Vec::new(), submitted: 1, finished: 2 }
}

fn install(id: u64, state: TaskState) -> Task {
    task(id, state, Request::install(offer("Chess")).named("Chess"))
}

fn update(id: u64, state: TaskState, name: &str) -> Task {
    task(id, state, Request::update(offer(name)).named(name))
}

fn available(name: &str, revision: &str) -> Update {
    Update {
        offer: offer(name),
        id: format!("org.example.{name}"),
        kind: PartKind::App,
        name: name.to_owned(),
        from_version: String::new(),
        to_version: String::new(),
        revision: revision.to_owned(),
        download_size: 0,
        new_permissions: Vec::new(),
        end_of_life: None,
        held: false,
    }
}

fn installed(name: &str) -> Installed {
    Installed {
        offer: offer(name),
        id: format!("org.example.{name}"),
        kind: PartKind::App,
        name: name.to_owned(),
        version: String::new(),
        revision: String::new(),
        runtime: String::new(),
        size: 0,
        changed: 0,
        unused: false,
        held: false,
        end_of_life: None,
    }
}

fn snapshot(tasks: Vec<Task>) -> Snapshot {
    Snapshot {
        sequence: 0,
        engine: String::new(),
        tasks,
        sources: vec![SourceStatus { source: SourceKind::Flatpak, ready: true, failure: None }],
        installed: vec![installed("Chess"), installed("Maps")],
        updates: Vec::new(),
        origins: Vec::new(),
        system: Variant::default(),
        catalogue: CatalogueStatus::default(),
        checked: 0,
        settings: Settings::default(),
        faults: Vec::new(),
    }
}

fn with_updates(updates: Vec<Update>) -> Snapshot {
    Snapshot { updates, ..snapshot(Vec::new()) }
}

fn watcher() -> Watcher {
    Watcher::new(snapshot(Vec::new()), BTreeSet::new())
}

/// What is said, without what about.
fn shown(deeds: &[Deed]) -> Vec<Topic> {
    let topic = |deed: &Deed| if let Deed::Show(topic, _) = deed { Some(topic.clone()) } else { None };
    deeds.iter().filter_map(topic).collect()
}

fn chess() -> Topic {
    topic(&Request::install(offer("Chess")))
}

#[test]
fn what_ended_out_of_sight_is_said_once_and_taken_back_when_the_person_looks() {
    let mut watcher = watcher();
    assert_eq!(watcher.hear(snapshot(vec![install(1, TaskState::Running)]), Nothing), []);
    let done = snapshot(vec![install(1, TaskState::Done)]);
    assert_eq!(shown(&watcher.hear(done.clone(), Nothing)), [chess()]);
    assert_eq!(watcher.hear(done.clone(), Nothing), [], "once");
    assert_eq!(watcher.hear(done, Everything), [Deed::Withdraw(chess())]);
}

#[test]
fn nothing_is_said_while_a_face_is_looked_at_and_nothing_of_what_was_before() {
    let mut watcher = watcher();
    assert_eq!(watcher.hear(snapshot(vec![install(1, TaskState::Failed)]), Everything), []);
    assert_eq!(watcher.hear(snapshot(vec![install(1, TaskState::Failed)]), Nothing), [], "it was seen");
    let mut later = Watcher::new(snapshot(vec![install(1, TaskState::Failed)]), BTreeSet::new());
    assert_eq!(later.hear(snapshot(vec![install(1, TaskState::Failed)]), Nothing), [], "an outcome of another life");
}

#[test]
fn a_failure_stays_until_it_is_noted_or_tried_again() {
    let failed = || snapshot(vec![install(1, TaskState::Failed)]);
    for (after, why) in [
        (snapshot(Vec::new()), "acknowledged"),
        (snapshot(vec![install(1, TaskState::Failed), install(2, TaskState::Queued)]), "tried again"),
    ] {
        let mut watcher = watcher();
        assert_eq!(shown(&watcher.hear(failed(), Nothing)), [chess()]);
        assert_eq!(watcher.hear(failed(), Everything), [], "looking alone mends nothing");
        assert_eq!(watcher.hear(after, Nothing), [Deed::Withdraw(chess())], "{why}");
    }
}

#[test]
fn a_row_of_updates_is_one_notice_at_its_end_and_its_failures_stand_alone() {
    let mut watcher = watcher();
    let (done, running, failed) = (TaskState::Done, TaskState::Running, TaskState::Failed);
    assert_eq!(watcher.hear(snapshot(vec![update(1, done, "Chess"), update(2, running, "Maps")]), Nothing), []);
    let end = snapshot(vec![update(1, done, "Chess"), update(2, done, "Maps"), update(3, failed, "Files")]);
    let deeds = watcher.hear(end, Nothing);
    let names = vec!["Chess".to_owned(), "Maps".to_owned()];
    assert!(deeds.contains(&Deed::Show(Topic::Updated, Notice::Updated(names))), "{deeds:?}");
    assert!(shown(&deeds).contains(&topic(&Request::update(offer("Files")))), "{deeds:?}");
}

#[test]
fn what_is_done_by_itself_is_said_as_such_and_only_when_it_is_done() {
    let by_itself = |task: Task| Task { request: task.request.clone().unattended(), ..task };
    let (done, running, failed) = (TaskState::Done, TaskState::Running, TaskState::Failed);
    let refresh = |state| by_itself(task(1, state, Request::refresh(SourceKind::Flatpak)));
    let mut watcher = watcher();
    let found = Snapshot { updates: vec![available("Chess", "2")], ..snapshot(vec![refresh(done)]) };
    assert_eq!(watcher.hear(found, Nothing), [], "what was found is about to be installed");
    let at_work = snapshot(vec![refresh(done), by_itself(update(2, running, "Chess"))]);
    assert_eq!(watcher.hear(at_work, Nothing), []);
    let part = by_itself(task(4, done, Request::update(offer("Platform")).named("Platform")));
    let end =
        snapshot(vec![refresh(done), by_itself(update(2, done, "Chess")), by_itself(update(3, failed, "Maps")), part]);
    let said = Deed::Show(Topic::Updated, Notice::UpdatedByItself(vec!["Chess".to_owned()]));
    assert_eq!(watcher.hear(end, Nothing), [said], "neither the runtime nor what is tried again tomorrow");
    let left = with_updates(vec![available("Maps", "2")]);
    assert_eq!(shown(&watcher.hear(left, Nothing)), [Topic::Updates], "what is left is there to be had");
}

#[test]
fn each_update_is_told_once_over_the_lives_of_engines() {
    let mut first = watcher();
    assert_eq!(shown(&first.hear(with_updates(vec![available("Chess", "1")]), Nothing)), [Topic::Updates]);
    let mut next = Watcher::new(snapshot(Vec::new()), first.told().clone());
    assert_eq!(next.hear(with_updates(vec![available("Chess", "1")]), Nothing), [], "told by the one before");
    let more = with_updates(vec![available("Chess", "1"), available("Maps", "1")]);
    assert_eq!(shown(&next.hear(more, Nothing)), [Topic::Updates]);
    assert_eq!(next.hear(with_updates(Vec::new()), Nothing), [Deed::Withdraw(Topic::Updates)], "nothing is left");
    assert_eq!(shown(&next.hear(with_updates(vec![available("Chess", "2")]), Nothing)), [Topic::Updates]);
}

#[test]
fn a_terminal_that_waits_for_a_task_shows_no_updates() {
    let mut watcher = watcher();
    let now = || with_updates(vec![available("Chess", "1")]);
    assert_eq!(watcher.hear(now(), Tasks), []);
    assert_eq!(shown(&watcher.hear(now(), Nothing)), [Topic::Updates]);
    assert_eq!(watcher.hear(snapshot(vec![install(1, TaskState::Failed)]), Tasks).len(), 1, "only the withdrawal");
}

#[test]
fn updates_that_nobody_could_act_on_are_not_told() {
    let (mut held, mut early, mut busy) = (watcher(), watcher(), watcher());
    let now = with_updates(vec![Update { held: true, ..available("Chess", "1") }]);
    assert_eq!(held.hear(now, Nothing), [], "held");
    let mut now = with_updates(vec![available("Chess", "1")]);
    now.sources[0].ready = false;
    assert_eq!(early.hear(now, Nothing), [], "the sources are still being read");
    let mut now = with_updates(vec![available("Chess", "1")]);
    now.tasks = vec![update(1, TaskState::Running, "Chess")];
    assert_eq!(busy.hear(now, Nothing), [], "it is being updated");
}

#[test]
fn each_kind_can_be_switched_off() {
    let quiet = |mut now: Snapshot| {
        now.settings.notifications =
            strata_model::settings::Notifications { finished: false, failed: false, updates: false };
        now
    };
    let cases = [
        snapshot(vec![install(1, TaskState::Done)]),
        snapshot(vec![install(1, TaskState::Failed)]),
        snapshot(vec![update(1, TaskState::Done, "Chess")]),
        with_updates(vec![available("Chess", "1")]),
    ];
    for now in cases {
        assert_eq!(shown(&watcher().hear(now.clone(), Nothing)).len(), 1, "{now:?}");
        assert_eq!(watcher().hear(quiet(now), Nothing), []);
    }
}

#[test]
fn what_is_no_news_to_anybody_is_not_said() {
    let refresh = task(1, TaskState::Failed, Request::refresh(SourceKind::Flatpak));
    let cancelled = install(2, TaskState::Cancelled);
    let removed = task(3, TaskState::Done, Request::remove(offer("Chess"), false));
    assert_eq!(watcher().hear(snapshot(vec![refresh, cancelled, removed]), Nothing), []);
}
