use super::*;
use strata_model::Attention::{Everything, Nothing, Tasks};
use strata_model::snapshot::{SourceStatus, SystemStatus};
use strata_model::system::{AutomaticPolicy, Updater, UpdaterProgram};
use strata_model::{Deployment, Failure, FailureKind, Installed, Progress, SourceKind, System, TaskId, Variant};

/// The present of these tests.
const NOW: i64 = 1_800_000_000;

fn with_system(system: System, tasks: Vec<Task>) -> Snapshot {
    let status = SystemStatus { ready: true, system, ..SystemStatus::default() };
    Snapshot { system: Variant(status), ..snapshot(tasks) }
}

/// A system with packages on it, which runs.
fn layered(packages: &[&str]) -> System {
    let layered: Vec<String> = packages.iter().map(|name| (*name).to_owned()).collect();
    let booted = Deployment { id: "booted".into(), booted: true, layered, ..Deployment::default() };
    System { deployments: vec![booted], ..System::default() }
}

/// One that waits for a restart.
fn waiting(id: &str) -> System {
    let mut system = layered(&[]);
    let version = format!("42.{id}");
    system.deployments.insert(0, Deployment { id: id.to_owned(), version, staged: true, ..Deployment::default() });
    system
}

/// One whose image was made so many days ago.
fn aged(days: i64) -> System {
    let mut system = layered(&[]);
    system.deployments[0].timestamp = NOW - days * 86_400;
    system
}

fn held(system: System) -> Snapshot {
    let mut now = with_system(system, Vec::new());
    now.settings.updates.hold_system = true;
    now
}

/// An update that failed because of this package.
fn system_update(id: u64, blocker: &str) -> Task {
    let failure = Some(Failure::new(FailureKind::Unsolvable, blocker, ""));
    Task { failure, ..task(id, TaskState::Failed, Request::system(Action::UpdateSystem, "")) }
}

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
        downloaded: false,
        new_permissions: Vec::new(),
        end_of_life: None,
        held: false,
    }
}

fn installed(name: &str) -> Installed {
    let id = format!("org.example.{name}");
    Installed { id, name: name.to_owned(), ..Installed::new(offer(name), PartKind::App) }
}

fn snapshot(tasks: Vec<Task>) -> Snapshot {
    Snapshot {
        tasks,
        sources: vec![SourceStatus { source: SourceKind::Flatpak, ready: true, failure: None }],
        installed: vec![installed("Chess"), installed("Maps")],
        ..Snapshot::default()
    }
}

fn with_updates(updates: Vec<Update>) -> Snapshot {
    Snapshot { updates, ..snapshot(Vec::new()) }
}

fn watcher() -> Watcher {
    Watcher { clock: || NOW, ..Watcher::new(snapshot(Vec::new()), BTreeSet::new()) }
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
        now.settings.notifications = strata_model::settings::Notifications {
            finished: false,
            failed: false,
            updates: false,
            restart: false,
            stale_system_days: 0,
        };
        now
    };
    let cases = [
        snapshot(vec![install(1, TaskState::Done)]),
        snapshot(vec![install(1, TaskState::Failed)]),
        snapshot(vec![update(1, TaskState::Done, "Chess")]),
        with_updates(vec![available("Chess", "1")]),
        with_system(waiting("2"), Vec::new()),
        with_system(layered(&[]), vec![system_update(1, "nothing")]),
        with_system(layered(&["old"]), vec![system_update(1, "old")]),
        held(aged(14)),
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

#[test]
fn a_restart_is_told_once_for_each_system_that_waits_and_taken_back_with_it() {
    let mut watcher = watcher();
    let two = || with_system(waiting("2"), Vec::new());
    let said = Deed::Show(Topic::Restart, Notice::Restart("42.2".to_owned()));
    assert_eq!(watcher.hear(two(), Nothing), [said]);
    assert_eq!(watcher.hear(two(), Nothing), [], "once");
    assert_eq!(shown(&watcher.hear(with_system(waiting("3"), Vec::new()), Nothing)), [Topic::Restart], "another one");
    let mut next = Watcher::new(snapshot(Vec::new()), watcher.told().clone());
    assert_eq!(next.hear(snapshot(Vec::new()), Nothing), [], "its daemon sleeps");
    assert_eq!(next.hear(with_system(waiting("3"), Vec::new()), Nothing), [], "told by the one before");
    let now = with_system(layered(&[]), Vec::new());
    assert_eq!(next.hear(now.clone(), Nothing), [Deed::Withdraw(Topic::Restart)], "and taken back by the one after");
    assert_eq!(next.hear(now, Nothing), [], "once");
    assert_eq!(watcher.hear(with_system(layered(&[]), Vec::new()), Nothing), [Deed::Withdraw(Topic::Restart)]);
    assert_eq!(watcher.hear(two(), Everything), [], "the person sees it");
    assert_eq!(watcher.hear(two(), Nothing), [], "and saw it");
}

#[test]
fn an_update_of_the_system_that_failed_is_told_with_the_package_that_blocks_it() {
    let failed = |system, blocker| with_system(system, vec![system_update(1, blocker)]);
    let mut watcher = watcher();
    let deeds = watcher.hear(failed(layered(&["old"]), "old"), Nothing);
    assert_eq!(deeds, [Deed::Show(Topic::Blocked, Notice::Blocked("old".to_owned()))]);
    assert_eq!(
        watcher.hear(with_system(layered(&["old"]), Vec::new()), Nothing),
        [Deed::Withdraw(Topic::Blocked)],
        "noted"
    );
    assert_eq!(shown(&watcher.hear(failed(layered(&[]), "libold"), Nothing)), [Topic::SystemFailed], "not layered");
    let again = task(2, TaskState::Running, Request::system(Action::UpdateSystem, ""));
    let retried = with_system(layered(&[]), vec![system_update(1, "libold"), again]);
    assert_eq!(watcher.hear(retried, Nothing), [Deed::Withdraw(Topic::SystemFailed)], "tried again");
}

#[test]
fn how_old_the_system_is_nobody_sees_who_looks_at_the_window() {
    let mut watcher = watcher();
    assert_eq!(watcher.hear(held(aged(14)), Everything), []);
    assert_eq!(shown(&watcher.hear(held(aged(14)), Nothing)), [Topic::Stale]);
    assert_eq!(watcher.hear(held(aged(14)), Nothing), [], "once");
}

#[test]
fn an_old_system_is_told_where_it_is_known_why() {
    let updater = |enabled| Updater { program: UpdaterProgram::Uupd, unit: "uupd.timer".into(), enabled };
    let with = |enabled| System { updaters: vec![updater(enabled)], ..aged(20) };
    let off = Cause::UpdaterOff("uupd.timer".to_owned());
    let mut blocked = aged(20);
    blocked.deployments[0].requested = vec!["old".to_owned()];
    let cases = [
        (held(aged(13)), None, "not that old"),
        (held(aged(14)), Some(Notice::Stale(14, Cause::Held)), "held"),
        (with_system(aged(20), Vec::new()), None, "nobody knows why"),
        (with_system(with(false), Vec::new()), Some(Notice::Stale(20, off)), "its updater is off"),
        (with_system(with(true), Vec::new()), None, "its updater is on"),
        (
            with_system(blocked, vec![system_update(1, "old")]),
            Some(Notice::Stale(20, Cause::Blocked("old".to_owned()))),
            "a package blocks it",
        ),
    ];
    for (now, expected, reason) in cases {
        let deeds = watcher().hear(now, Nothing);
        let said = deeds.into_iter().find_map(|deed| match deed {
            Deed::Show(Topic::Stale, notice) => Some(notice),
            _ => None,
        });
        assert_eq!(said, expected, "{reason}");
    }
}

#[test]
fn an_update_of_the_system_is_told_once_unless_something_brings_it_by_itself() {
    let newer =
        |version: &str| SystemUpdate { version: version.to_owned(), new_image: true, ..SystemUpdate::default() };
    let with = |version: &str| System { update: Some(newer(version)), ..layered(&[]) };
    let plain = |system: System| with_system(system, Vec::new());
    let mut watcher = watcher();
    assert_eq!(watcher.hear(plain(with("43")), Tasks), [], "a terminal that waits for something else shows none");
    assert_eq!(shown(&watcher.hear(plain(with("43")), Nothing)), [Topic::SystemUpdate]);
    assert_eq!(watcher.hear(plain(with("43")), Nothing), [], "once");
    assert_eq!(shown(&watcher.hear(plain(with("44")), Nothing)), [Topic::SystemUpdate], "a newer one");
    assert_eq!(watcher.hear(held(with("44")), Nothing), [Deed::Withdraw(Topic::SystemUpdate)], "it is held");

    let updater = |program, enabled| Updater { program, unit: "x.timer".to_owned(), enabled };
    let cases = [
        (updater(UpdaterProgram::Uupd, true), AutomaticPolicy::None, false, "uupd brings it"),
        (updater(UpdaterProgram::Uupd, false), AutomaticPolicy::None, true, "it is switched off"),
        (updater(UpdaterProgram::RpmOstree, true), AutomaticPolicy::Stage, false, "the daemon downloads it"),
        (updater(UpdaterProgram::RpmOstree, true), AutomaticPolicy::Check, true, "it only looks"),
    ];
    for (updater, policy, is_told, reason) in cases {
        let mut watcher = self::watcher();
        let system = System { updaters: vec![updater], policy, ..with("43") };
        let told = shown(&watcher.hear(plain(system), Nothing));
        assert_eq!(told == [Topic::SystemUpdate], is_told, "{reason}");
    }
}
