//! The history's file: every task ever asked for, written before it runs, so that the next engine knows what was broken
//! off. Synchronous; [`crate::history`] keeps it off the runtime.

use rusqlite::backup::Backup;
use rusqlite::{Connection, ErrorCode, OptionalExtension, Row, params};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::path::{Path, PathBuf};
use std::time::Duration;
use strata_model::history::Entry;
use strata_model::{Failure, FailureKind, Progress, Request, Task, TaskId, TaskState};
use strata_platform::files;

/// The schema's number, in `user_version`. A file with a greater one is moved aside.
const SCHEMA: i64 = 2;

/// What leads from each schema to the next, beginning with that of schema 1. Of older tasks nobody knows whether they
/// changed anything, so they count as if they had.
const STEPS: &[&str] = &["ALTER TABLE task ADD COLUMN changed INTEGER NOT NULL DEFAULT 1; PRAGMA user_version = 2;"];

/// Tasks that are remembered; the oldest go at the start of an engine.
const MAX_ROWS: u32 = 10_000;

/// Numbers from here on are nobody's: SQLite gives none after the largest, and says that as if the disk were full.
const MAX_ID: i64 = 1 << 53;

const CREATE: &str = "
    CREATE TABLE task (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        request TEXT NOT NULL,
        state TEXT NOT NULL,
        failure TEXT,
        partial TEXT NOT NULL DEFAULT '[]',
        from_version TEXT NOT NULL DEFAULT '',
        to_version TEXT NOT NULL DEFAULT '',
        submitted INTEGER NOT NULL,
        finished INTEGER NOT NULL DEFAULT 0,
        acknowledged INTEGER NOT NULL DEFAULT 0,
        changed INTEGER NOT NULL DEFAULT 1
    ) STRICT;
    CREATE INDEX task_state ON task (state);
    CREATE TABLE fact (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;
    PRAGMA user_version = 2;";

const COLUMNS: &str = "id, request, state, failure, partial, from_version, to_version, submitted, finished, changed";

/// The open file.
#[derive(Debug)]
pub(crate) struct Store {
    connection: Connection,
    /// Where it is, or would be: what memory stands in for.
    path: PathBuf,
    /// The disk did not take what was written, so memory took over; not said yet.
    lost: Option<Failure>,
}

/// One task as it was recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Record {
    pub(crate) task: Task,
    pub(crate) from_version: String,
    pub(crate) to_version: String,
    /// See [`Entry::changed`].
    pub(crate) changed: bool,
}

impl From<Task> for Record {
    fn from(task: Task) -> Self {
        Self { task, from_version: String::new(), to_version: String::new(), changed: false }
    }
}

impl From<Record> for Entry {
    fn from(record: Record) -> Self {
        let Task { id, request, state, failure, partial, submitted, finished, .. } = record.task;
        let Record { from_version, to_version, changed, .. } = record;
        Self { id, request, state, failure, partial, from_version, to_version, changed, submitted, finished }
    }
}

/// Why a file cannot be used.
enum Unusable {
    /// It is damaged or of another version: out of the way with it.
    Bad(String),
    /// The disk or its permissions are at fault, not the file.
    Blocked(rusqlite::Error),
}

impl From<rusqlite::Error> for Unusable {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt) => Self::Bad(error.to_string()),
            _ => Self::Blocked(error),
        }
    }
}

impl Store {
    /// Opens the file, making it where it is missing. Always gives a store; the failure says what is wrong with the
    /// one on disk: a damaged one was moved aside, and one that cannot be opened (a full disk) is replaced by memory
    /// until the engine ends, because a person must be able to remove things from a full disk.
    ///
    /// # Errors
    /// When not even memory can be had.
    pub(crate) fn open(path: &Path) -> Result<(Self, Option<Failure>), Failure> {
        match Self::try_open(path) {
            Ok(store) => Ok((store, None)),
            Err(Unusable::Blocked(error)) => Self::in_memory(path, unwritten(path, &error)),
            Err(Unusable::Bad(detail)) => {
                let aside = aside(path, crate::engine::now());
                let moved = move_aside(path, &aside);
                let detail = match moved {
                    Ok(()) => format!("{detail}; moved to {}", aside.display()),
                    Err(error) => format!("{detail}; {error}"),
                };
                let fault = Failure::new(FailureKind::BadFile, path.to_string_lossy(), detail);
                match Self::try_open(path) {
                    Ok(store) => Ok((store, Some(fault))),
                    Err(_) => Self::in_memory(path, fault),
                }
            }
        }
    }

    fn new(connection: Connection, path: &Path) -> Self {
        Self { connection, path: path.to_owned(), lost: None }
    }

    fn in_memory(path: &Path, fault: Failure) -> Result<(Self, Option<Failure>), Failure> {
        let connection = Connection::open_in_memory().map_err(|error| failure(&error))?;
        connection.execute_batch(CREATE).map_err(|error| failure(&error))?;
        Ok((Self::new(connection, path), Some(fault)))
    }

    fn try_open(path: &Path) -> Result<Self, Unusable> {
        if path.metadata().is_ok_and(|metadata| !metadata.is_file()) {
            return Err(Unusable::Bad("this is no regular file".to_owned()));
        }
        if let Err(error) = files::make_private(path) {
            tracing::warn!(%error, "the history cannot be made private");
        }
        let connection = Connection::open(path)?;
        // A task is on disk before it runs, whatever happens to the power.
        connection.execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;")?;
        let version: i64 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
        let tables: i64 = connection.query_row("SELECT count(*) FROM sqlite_master", [], |row| row.get(0))?;
        match (version, tables) {
            (0, 0) => connection.execute_batch(&format!("BEGIN; {CREATE} COMMIT;"))?,
            (SCHEMA, _) => {}
            (known @ 1..SCHEMA, _) => migrate(&connection, known).map_err(not_ours)?,
            (other, _) => return Err(Unusable::Bad(format!("schema {other}, not {SCHEMA}"))),
        }
        let health: String = connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
        if health != "ok" {
            return Err(Unusable::Bad(health));
        }
        let store = Self::new(connection, path);
        store.forget().map_err(not_ours)?;
        Ok(store)
    }

    /// Forgets what nobody can have asked for, and the oldest of what was.
    fn forget(&self) -> rusqlite::Result<()> {
        let nobodys = self.connection.execute("DELETE FROM task WHERE id NOT BETWEEN 1 AND ?1", [MAX_ID])?;
        if nobodys > 0 {
            tracing::warn!(nobodys, "tasks in the history have numbers that nobody gave them");
        }
        let last = "UPDATE sqlite_sequence SET seq = (SELECT coalesce(max(id), 0) FROM task) \
                    WHERE name = 'task' AND seq NOT BETWEEN 0 AND ?1";
        self.connection.execute(last, [MAX_ID])?;
        let old =
            "DELETE FROM task WHERE finished > 0 AND id <= (SELECT id FROM task ORDER BY id DESC LIMIT 1 OFFSET ?1)";
        self.connection.execute(old, [MAX_ROWS]).map(drop)
    }

    /// Records requests as queued, all or none, and gives their numbers.
    pub(crate) fn add(&mut self, requests: &[Request], now: i64) -> Result<Vec<TaskId>, Failure> {
        self.write(|connection| {
            let transaction = connection.transaction()?;
            let mut ids = Vec::with_capacity(requests.len());
            for request in requests {
                let sql = "INSERT INTO task (request, state, submitted) VALUES (?1, ?2, ?3)";
                transaction.execute(sql, params![text(request), text(&TaskState::Queued), now])?;
                ids.push(TaskId(transaction.last_insert_rowid().unsigned_abs()));
            }
            transaction.commit()?;
            Ok(ids)
        })
    }

    /// Writes. Where the disk takes nothing any more, memory takes over with all that is known, because a person must
    /// be able to remove things from a full disk.
    fn write<T>(&mut self, write: impl Fn(&mut Connection) -> rusqlite::Result<T>) -> Result<T, Failure> {
        let written = match write(&mut self.connection) {
            Err(error) if is_disk(&error) => {
                tracing::error!(%error, "the history is kept in memory from now on");
                self.connection = in_memory_copy(&self.connection).map_err(|error| failure(&error))?;
                self.lost = Some(unwritten(&self.path, &error));
                write(&mut self.connection)
            }
            written => written,
        };
        written.map_err(|error| failure(&error))
    }

    /// Why memory took over, once.
    pub(crate) fn take_lost(&mut self) -> Option<Failure> {
        self.lost.take()
    }

    /// Records that a task runs from now on.
    pub(crate) fn start(&mut self, id: TaskId) -> Result<(), Failure> {
        let sql = "UPDATE task SET state = ?2 WHERE id = ?1";
        self.execute(sql, params![number(id), text(&TaskState::Running)])
    }

    /// Records how a task ended.
    pub(crate) fn finish(&mut self, record: &Record) -> Result<(), Failure> {
        let Task { id, state, failure, partial, finished, .. } = &record.task;
        let failure = failure.as_ref().map(text);
        let sql = "UPDATE task SET state = ?2, failure = ?3, partial = ?4, from_version = ?5, to_version = ?6, \
                   finished = ?7, changed = ?8 WHERE id = ?1";
        let Record { from_version, to_version, changed, .. } = record;
        let (state, partial) = (text(state), text(partial));
        self.execute(sql, params![number(*id), state, failure, partial, from_version, to_version, finished, changed])
    }

    /// Records that a person knows how these tasks ended.
    pub(crate) fn acknowledge(&mut self, ids: &[TaskId]) -> Result<(), Failure> {
        self.write(|connection| {
            let transaction = connection.transaction()?;
            for id in ids {
                transaction.execute("UPDATE task SET acknowledged = 1 WHERE id = ?1", [number(*id)])?;
            }
            transaction.commit()
        })
    }

    /// Tasks that have no end, oldest first: an earlier engine was broken off.
    pub(crate) fn broken_off(&self) -> Result<Vec<Record>, Failure> {
        self.records(&format!("SELECT {COLUMNS} FROM task WHERE finished = 0 ORDER BY id LIMIT ?1"), MAX_ROWS)
    }

    /// Ended tasks that nobody acknowledged, oldest first.
    pub(crate) fn unacknowledged(&self, limit: u32) -> Result<Vec<Record>, Failure> {
        let sql =
            format!("SELECT {COLUMNS} FROM task WHERE finished > 0 AND acknowledged = 0 ORDER BY id DESC LIMIT ?1");
        let mut records = self.records(&sql, limit)?;
        records.reverse();
        Ok(records)
    }

    /// Ended tasks, newest first; without `all` those that did what was asked and changed nothing are left out.
    pub(crate) fn ended(&self, limit: u32, all: bool) -> Result<Vec<Record>, Failure> {
        let done = text(&TaskState::Done);
        let which = if all { "1" } else { &format!("NOT (changed = 0 AND partial = '[]' AND state = '{done}')") };
        let sql = format!(
            "SELECT {COLUMNS} FROM task WHERE finished > 0 AND {which} ORDER BY finished DESC, id DESC LIMIT ?1"
        );
        self.records(&sql, limit)
    }

    /// A number that outlives the engine.
    pub(crate) fn fact(&self, name: &str) -> Result<Option<i64>, Failure> {
        let sql = "SELECT value FROM fact WHERE name = ?1";
        self.connection.query_row(sql, [name], |row| row.get(0)).optional().map_err(|error| failure(&error))
    }

    /// Sets a number that outlives the engine.
    pub(crate) fn set_fact(&mut self, name: &str, value: i64) -> Result<(), Failure> {
        self.execute("INSERT OR REPLACE INTO fact (name, value) VALUES (?1, ?2)", params![name, value])
    }

    fn execute(&mut self, sql: &str, parameters: impl rusqlite::Params + Copy) -> Result<(), Failure> {
        self.write(|connection| connection.execute(sql, parameters).map(drop))
    }

    /// A row that nobody understands costs itself.
    fn records(&self, sql: &str, limit: u32) -> Result<Vec<Record>, Failure> {
        let read = || {
            let mut statement = self.connection.prepare_cached(sql)?;
            let mut rows = statement.query([limit])?;
            let mut records = Vec::new();
            while let Some(row) = rows.next()? {
                if let Some(record) = record(row)? {
                    records.push(record);
                } else {
                    tracing::warn!(row = ?row.get_ref(0)?, "a task in the history cannot be read");
                }
            }
            Ok(records)
        };
        read().map_err(|error| failure(&error))
    }
}

/// A table or column that is not there: not our schema, whatever its number says.
fn not_ours(error: rusqlite::Error) -> Unusable {
    match error.sqlite_error_code() {
        Some(ErrorCode::Unknown) => Unusable::Bad(error.to_string()),
        _ => error.into(),
    }
}

/// Brings a file of an older schema to the newest, whole or not at all.
fn migrate(connection: &Connection, from: i64) -> rusqlite::Result<()> {
    let done = usize::try_from(from - 1).unwrap_or_default();
    STEPS.iter().skip(done).try_for_each(|step| connection.execute_batch(&format!("BEGIN; {step} COMMIT;")))
}

fn record(row: &Row<'_>) -> rusqlite::Result<Option<Record>> {
    fn parse<T: DeserializeOwned>(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<T>> {
        Ok(serde_json::from_str(row.get_ref(column)?.as_str().unwrap_or_default()).ok())
    }
    let id = TaskId(row.get::<_, i64>(0)?.unsigned_abs());
    let (Some(request), Some(state)) = (parse(row, 1)?, parse(row, 2)?) else { return Ok(None) };
    let task = Task {
        id,
        request,
        state,
        progress: Progress::default(),
        failure: parse(row, 3)?,
        partial: parse(row, 4)?.unwrap_or_default(),
        submitted: row.get(7)?,
        finished: row.get(8)?,
    };
    Ok(Some(Record { task, from_version: row.get(5)?, to_version: row.get(6)?, changed: row.get(9)? }))
}

/// Plain data of `model`: there is nothing in it that JSON cannot hold.
fn text(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

fn number(id: TaskId) -> i64 {
    i64::try_from(id.0).unwrap_or(i64::MAX)
}

fn failure(error: &rusqlite::Error) -> Failure {
    let kind = match error.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => FailureKind::NoSpace,
        Some(ErrorCode::SystemIoFailure | ErrorCode::ReadOnly | ErrorCode::CannotOpen) => FailureKind::Unwritable,
        _ => FailureKind::Other,
    };
    Failure::new(kind, "history.db", error.to_string())
}

/// The same of the file that takes nothing: it is named, and of a full disk the folder.
fn unwritten(path: &Path, error: &rusqlite::Error) -> Failure {
    let failure = failure(error);
    match failure.kind {
        FailureKind::NoSpace => files::full(path, failure.detail),
        FailureKind::Unwritable => Failure { subject: path.to_string_lossy().into_owned(), ..failure },
        _ => failure,
    }
}

fn is_disk(error: &rusqlite::Error) -> bool {
    let disk = [ErrorCode::DiskFull, ErrorCode::SystemIoFailure, ErrorCode::ReadOnly, ErrorCode::CannotOpen];
    error.sqlite_error_code().is_some_and(|code| disk.contains(&code))
}

fn in_memory_copy(connection: &Connection) -> rusqlite::Result<Connection> {
    let mut copy = Connection::open_in_memory()?;
    Backup::new(connection, &mut copy)?.run_to_completion(i32::MAX, Duration::ZERO, None)?;
    Ok(copy)
}

fn aside(path: &Path, now: i64) -> PathBuf {
    path.with_extension(format!("db.damaged-{now}"))
}

fn move_aside(path: &Path, aside: &Path) -> std::io::Result<()> {
    // What SQLite keeps beside the file belongs to the damaged one.
    for end in ["-wal", "-shm"] {
        let mut beside = path.as_os_str().to_owned();
        beside.push(end);
        let _ = std::fs::remove_file(beside);
    }
    std::fs::rename(path, aside)
}

#[cfg(test)]
#[path = "store_tests.rs"]
mod tests;
