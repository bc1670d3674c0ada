use super::*;
use strata_model::{OfferId, SourceKind};

fn request(reference: &str) -> Request {
    let (scope, origin, reference) = ("user".to_owned(), "toys".to_owned(), reference.to_owned());
    Request::install(OfferId { source: SourceKind::Flatpak, scope, origin, reference })
}

fn open(path: &Path) -> Store {
    let (store, fault) = Store::open(path).unwrap();
    assert_eq!(fault, None);
    store
}

#[test]
fn what_was_written_is_read_again() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("history.db");
    let mut store = open(&path);
    let ids = store.add(&[request("a"), request("b")], 10).unwrap();
    store.start(ids[0]).unwrap();
    let mut record = store.broken_off().unwrap().remove(0);
    assert_eq!(record.task.state, TaskState::Running);
    record.task.state = TaskState::Failed;
    record.task.failure = Some(Failure::new(FailureKind::NoSpace, "a", "no"));
    record.task.partial = vec![Failure::new(FailureKind::Offline, "b", "off")];
    record.task.finished = 20;
    record.to_version = "2".to_owned();
    store.finish(&record).unwrap();
    drop(store);
    let mut store = open(&path);
    assert_eq!(store.ended(10, true).unwrap(), [record.clone()]);
    assert_eq!(store.unacknowledged(10).unwrap(), [record]);
    assert_eq!(store.broken_off().unwrap().len(), 1);
    store.acknowledge(&ids[..1]).unwrap();
    assert_eq!(store.unacknowledged(10).unwrap(), []);
}

#[test]
fn a_row_that_nobody_understands_costs_itself() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("history.db");
    let mut store = open(&path);
    store.add(&[request("a"), request("b")], 10).unwrap();
    store.connection.execute("UPDATE task SET request = '{\"from\":\"the future\"}' WHERE id = 1", []).unwrap();
    let left = store.broken_off().unwrap();
    assert_eq!(left.len(), 1);
    assert_eq!(left[0].task.request, request("b"));
}

#[test]
fn numbers_are_not_given_again_when_the_last_task_is_forgotten() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = open(&folder.path().join("history.db"));
    let first = store.add(&[request("a")], 10).unwrap();
    store.connection.execute("DELETE FROM task", []).unwrap();
    assert!(store.add(&[request("a")], 10).unwrap() > first);
}

#[test]
fn another_schema_is_moved_aside_whole() {
    let folder = tempfile::tempdir().unwrap();
    for (number, schema) in [
        "PRAGMA user_version = 99; CREATE TABLE x (y)",
        "PRAGMA user_version = 1; CREATE TABLE x (y)",
        "PRAGMA user_version = 2; CREATE TABLE x (y)",
    ]
    .iter()
    .enumerate()
    {
        let path = folder.path().join(format!("{number}.db"));
        Connection::open(&path).unwrap().execute_batch(schema).unwrap();
        let (mut store, fault) = Store::open(&path).unwrap();
        assert_eq!(fault.unwrap().kind, FailureKind::BadFile);
        assert!(store.add(&[request("a")], 10).is_ok());
        let aside = std::fs::read_dir(folder.path()).unwrap().flatten();
        let old = aside
            .map(|entry| entry.path())
            .find(|aside| aside.to_string_lossy().contains(&format!("{number}.db.damaged-")));
        assert!(Connection::open(old.unwrap()).unwrap().prepare("SELECT y FROM x").is_ok());
    }
}

#[test]
fn damage_in_the_middle_of_the_file_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("history.db");
    let mut store = open(&path);
    let many: Vec<Request> = (0..200).map(|number| request(&format!("{number}"))).collect();
    store.add(&many, 10).unwrap();
    drop(store);
    let mut bytes = std::fs::read(&path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle..].fill(0x5a);
    std::fs::write(&path, bytes).unwrap();
    let (store, fault) = Store::open(&path).unwrap();
    assert_eq!(fault.unwrap().kind, FailureKind::BadFile);
    assert_eq!(store.broken_off().unwrap(), []);
}

#[test]
fn a_disk_that_fills_is_said_and_memory_takes_over_with_all_that_is_known() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = open(&folder.path().join("history.db"));
    let first = store.add(&[request("a")], 10).unwrap();
    store.connection.pragma_update(None, "max_page_count", 1).unwrap();
    let many: Vec<Request> = (0..500).map(|number| request(&format!("{number}"))).collect();
    let ids = store.add(&many, 11).unwrap();
    let lost = store.take_lost().unwrap();
    let place = folder.path().to_string_lossy().into_owned();
    assert_eq!((lost.kind, lost.subject), (FailureKind::DataFull, place), "people have to know where to make room");
    assert_eq!(store.take_lost(), None, "said once");
    store.start(first[0]).unwrap();
    let known: Vec<TaskId> = store.broken_off().unwrap().into_iter().map(|record| record.task.id).collect();
    assert_eq!(known, [first, ids].concat());
}

#[test]
fn a_place_that_cannot_be_written_is_said_and_memory_takes_over() {
    let folder = tempfile::tempdir().unwrap();
    let (mut store, fault) = Store::open(&folder.path().join("missing/history.db")).unwrap();
    let fault = fault.unwrap();
    assert_eq!(fault.kind, FailureKind::Unwritable);
    assert!(fault.subject.ends_with("missing/history.db"), "{}", fault.subject);
    assert!(store.add(&[request("a")], 10).is_ok());
}

#[test]
fn a_number_that_nobody_gave_costs_itself_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("history.db");
    let mut store = open(&path);
    let ids = store.add(&[request("a"), request("b"), request("c")], 10).unwrap();
    store.connection.execute("UPDATE task SET id = 9223372036854775807, finished = 1 WHERE id = 3", []).unwrap();
    store.connection.execute("UPDATE task SET finished = 1 WHERE id = 1", []).unwrap();
    drop(store);
    let mut store = open(&path);
    assert_eq!(store.ended(10, true).unwrap().len(), 1, "older ones are not forgotten for it");
    let next = store.add(&[request("d")], 11).unwrap();
    assert!(next[0] > ids[1] && store.take_lost().is_none());
}

#[test]
fn the_oldest_go_by_how_many_there_are() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("history.db");
    let mut store = open(&path);
    let many: Vec<Request> = (0..MAX_ROWS + 3).map(|number| request(&number.to_string())).collect();
    store.add(&many, 10).unwrap();
    store.connection.execute("UPDATE task SET finished = 1", []).unwrap();
    drop(store);
    let left = open(&path).ended(u32::MAX, true).unwrap();
    assert_eq!((left.len(), left.last().unwrap().task.id), (MAX_ROWS as usize, TaskId(4)));
}

#[test]
fn only_the_person_reads_it() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("history.db");
    let store = open(&path);
    for entry in std::fs::read_dir(folder.path()).unwrap().flatten() {
        assert_eq!(entry.metadata().unwrap().permissions().mode() & 0o777, 0o600, "{entry:?}");
    }
    drop(store);
}

#[test]
fn what_is_no_file_is_moved_aside() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("history.db");
    std::fs::create_dir(&path).unwrap();
    let (mut store, fault) = Store::open(&path).unwrap();
    assert_eq!(fault.unwrap().kind, FailureKind::BadFile);
    assert!(store.add(&[request("a")], 10).is_ok() && path.is_file());
}

#[test]
fn what_an_older_version_wrote_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("history.db");
    let mut store = open(&path);
    store.add(&[request("a")], 10).unwrap();
    let first = "json_remove(request, '$.name', '$.location', '$.delete_data')";
    store.connection.execute(&format!("UPDATE task SET request = {first}"), []).unwrap();
    assert_eq!(store.broken_off().unwrap()[0].task.request, request("a"));
}

#[test]
fn a_file_of_the_first_schema_is_brought_to_this_one_with_all_it_holds() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("history.db");
    let mut store = open(&path);
    store.add(&[request("a")], 10).unwrap();
    store.connection.execute_batch("ALTER TABLE task DROP COLUMN changed; PRAGMA user_version = 1;").unwrap();
    store.connection.execute("UPDATE task SET finished = 11, state = '\"done\"'", []).unwrap();
    drop(store);
    for _ in 0..2 {
        let ended = open(&path).ended(10, false).unwrap();
        assert_eq!((ended.len(), &ended[0].task.request, ended[0].changed), (1, &request("a"), true));
    }
}

#[test]
fn what_changed_nothing_is_left_out_unless_something_of_it_failed() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = open(&folder.path().join("history.db"));
    let offline = || Failure::new(FailureKind::Offline, "b", "off");
    let cases = [
        (TaskState::Done, true, vec![], true, "news"),
        (TaskState::Done, false, vec![], false, "nothing new"),
        (TaskState::Done, false, vec![offline()], true, "one origin did not answer"),
        (TaskState::Failed, false, vec![], true, "it failed"),
        (TaskState::Cancelled, false, vec![], true, "somebody cancelled it"),
    ];
    for (state, changed, partial, shown, reason) in cases {
        store.add(&[request("a")], 10).unwrap();
        let mut record = store.broken_off().unwrap().remove(0);
        record.task = Task { state, partial, finished: 20, ..record.task };
        record.changed = changed;
        store.finish(&record).unwrap();
        assert_eq!(store.ended(1, true).unwrap(), std::slice::from_ref(&record), "{reason}");
        assert_eq!(store.ended(10, false).unwrap().contains(&record), shown, "{reason}");
    }
}
