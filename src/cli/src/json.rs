//! What `--json` prints, as documented in docs/json.md. Its own types, so that a change of the model changes no script's
//! input by accident. Fields are only ever added.

mod app;
mod app_settings;
mod system;

use crate::ending::{self, message, remedy};
pub(crate) use app::{Explained, Found, Hit, Merge, Page};
pub(crate) use app_settings::AppSettings;
use serde::Serialize;
use strata_model::app_list::ListedApp;
use strata_model::history::Entry;
use strata_model::installed::EndOfLife;
use strata_model::plan::{Plan as ModelPlan, Step, SystemPlan, Warning};
use strata_model::{Action, Failure as ModelFailure, FailureKind, Installed, OfferId};
use strata_model::{Permission as ModelPermission, Request, Severity, TaskId};
use strata_model::{SourceKind, Stage, Task as ModelTask, TaskState, Update as ModelUpdate, Upkeep};
pub(crate) use system::{CancelledSystem, Held, SystemStatus};

/// One way to get an app.
#[derive(Debug, Serialize)]
pub(crate) struct Offer<'a> {
    source: SourceKind,
    installation: &'a str,
    origin: &'a str,
    #[serde(rename = "ref")]
    reference: &'a str,
    version: &'a str,
}

/// One installed thing.
#[derive(Debug, Serialize)]
pub(crate) struct Part<'a> {
    id: &'a str,
    name: &'a str,
    kind: strata_model::PartKind,
    #[serde(flatten)]
    offer: Offer<'a>,
    revision: &'a str,
    runtime: &'a str,
    size: u64,
    changed: i64,
    unused: bool,
    held: bool,
    previous: Option<&'a str>,
    end_of_life: Option<&'a EndOfLife>,
    leaving: bool,
}

impl<'a> Part<'a> {
    pub(crate) fn new(part: &'a Installed) -> Self {
        Self {
            id: &part.id,
            name: &part.name,
            kind: part.kind,
            offer: at(&part.offer, &part.version),
            revision: &part.revision,
            runtime: &part.runtime,
            size: part.size,
            changed: part.changed,
            unused: part.unused,
            held: part.held,
            previous: part.previous.as_deref(),
            end_of_life: part.end_of_life.as_ref(),
            leaving: part.leaving,
        }
    }
}

fn at<'a>(offer: &'a OfferId, version: &'a str) -> Offer<'a> {
    let OfferId { source, scope, origin, reference } = offer;
    Offer { source: *source, installation: scope, origin, reference, version }
}

/// Something that could be newer.
#[derive(Debug, Serialize)]
pub(crate) struct Update<'a> {
    id: &'a str,
    name: &'a str,
    kind: strata_model::PartKind,
    #[serde(flatten)]
    offer: Offer<'a>,
    from_version: &'a str,
    download_size: u64,
    downloaded: bool,
    new_permissions: Vec<Permission<'a>>,
    end_of_life: Option<&'a EndOfLife>,
    held: bool,
}

impl<'a> Update<'a> {
    pub(crate) fn new(update: &'a ModelUpdate) -> Self {
        Self {
            id: &update.id,
            name: &update.name,
            kind: update.kind,
            offer: at(&update.offer, &update.to_version),
            from_version: &update.from_version,
            download_size: update.download_size,
            downloaded: update.downloaded,
            new_permissions: permissions(&update.new_permissions),
            end_of_life: update.end_of_life.as_ref(),
            held: update.held,
        }
    }
}

/// What an app may do.
#[derive(Debug, Serialize)]
pub(crate) struct Permission<'a> {
    #[serde(flatten)]
    permission: &'a ModelPermission,
    severity: Severity,
}

fn permissions(permissions: &[ModelPermission]) -> Vec<Permission<'_>> {
    permissions.iter().map(|permission| Permission { permission, severity: permission.severity() }).collect()
}

/// What was asked for.
#[derive(Debug, Serialize)]
pub(crate) struct Asked<'a> {
    action: Action,
    name: &'a str,
    source: SourceKind,
    installation: &'a str,
    origin: &'a str,
    #[serde(rename = "ref")]
    reference: &'a str,
    location: &'a str,
    delete_data: bool,
    priority: i32,
    replaces: Option<Offer<'a>>,
    accepted: &'a str,
    unattended: bool,
}

impl<'a> Asked<'a> {
    pub(crate) fn new(request: &'a Request) -> Self {
        let OfferId { source, scope, origin, reference } = &request.offer;
        Self {
            action: request.action,
            name: &request.name,
            source: *source,
            installation: scope,
            origin,
            reference,
            location: &request.location,
            delete_data: request.delete_data,
            priority: request.priority,
            replaces: request.replaces.as_ref().map(|offer| at(offer, "")),
            accepted: &request.accepted,
            unattended: request.unattended,
        }
    }
}

/// What a request would do, or why it cannot be planned.
#[derive(Debug, Serialize)]
pub(crate) struct Plan<'a> {
    #[serde(flatten)]
    asked: Asked<'a>,
    steps: &'a [Step],
    download_size: u64,
    size_change: i64,
    permissions: Vec<Permission<'a>>,
    new_permissions: Vec<ModelPermission>,
    warnings: &'a [Warning],
    restart_needed: bool,
    system: Option<&'a SystemPlan>,
    failure: Option<Failure<'a>>,
}

impl<'a> Plan<'a> {
    pub(crate) fn new(request: &'a Request, plan: &'a ModelPlan) -> Self {
        Self {
            asked: Asked::new(request),
            steps: &plan.steps,
            download_size: plan.download_size,
            size_change: plan.size_change,
            permissions: permissions(&plan.permissions_after),
            new_permissions: plan.new_permissions(),
            warnings: &plan.warnings,
            restart_needed: plan.restart_needed,
            system: plan.system.as_ref(),
            failure: None,
        }
    }

    pub(crate) fn failed(request: &'a Request, failure: &'a ModelFailure) -> Self {
        Self {
            asked: Asked::new(request),
            steps: &[],
            download_size: 0,
            size_change: 0,
            permissions: Vec::new(),
            new_permissions: Vec::new(),
            warnings: &[],
            restart_needed: false,
            system: None,
            failure: Some(Failure::new(failure)),
        }
    }
}

/// Something that the engine does or did.
#[derive(Debug, Serialize)]
pub(crate) struct Task<'a> {
    #[serde(rename = "task")]
    number: TaskId,
    #[serde(flatten)]
    asked: Asked<'a>,
    state: TaskState,
    stage: Stage,
    percent: Option<u8>,
    bytes: u64,
    total_bytes: u64,
    submitted: i64,
    finished: i64,
    failure: Option<Failure<'a>>,
    partial: Vec<Failure<'a>>,
}

impl<'a> Task<'a> {
    pub(crate) fn new(task: &'a ModelTask) -> Self {
        Self {
            number: task.id,
            asked: Asked::new(&task.request),
            state: task.state,
            stage: task.progress.stage,
            percent: task.progress.percent,
            bytes: task.progress.bytes,
            total_bytes: task.progress.total_bytes,
            submitted: task.submitted,
            finished: task.finished,
            failure: task.failure.as_ref().map(Failure::new),
            partial: task.partial.iter().map(Failure::new).collect(),
        }
    }
}

/// What a changing command did.
#[derive(Debug, Serialize)]
pub(crate) struct Tasks<'a> {
    pub(crate) tasks: Vec<Task<'a>>,
    /// What could not be planned and so was not tried.
    pub(crate) not_planned: Vec<Plan<'a>>,
}

/// What came of `refresh --scheduled`.
#[derive(Debug, Serialize)]
pub(crate) struct Scheduled {
    pub(crate) upkeep: Upkeep,
}

/// One entry of the history.
#[derive(Debug, Serialize)]
pub(crate) struct Past<'a> {
    #[serde(rename = "task")]
    number: TaskId,
    #[serde(flatten)]
    asked: Asked<'a>,
    state: TaskState,
    from_version: &'a str,
    to_version: &'a str,
    changed: bool,
    submitted: i64,
    finished: i64,
    failure: Option<Failure<'a>>,
    partial: Vec<Failure<'a>>,
}

impl<'a> Past<'a> {
    pub(crate) fn new(entry: &'a Entry) -> Self {
        Self {
            number: entry.id,
            asked: Asked::new(&entry.request),
            state: entry.state,
            from_version: &entry.from_version,
            to_version: &entry.to_version,
            changed: entry.changed,
            submitted: entry.submitted,
            finished: entry.finished,
            failure: entry.failure.as_ref().map(Failure::new),
            partial: entry.partial.iter().map(Failure::new).collect(),
        }
    }
}

/// What importing a list of apps did.
#[derive(Debug, Serialize)]
pub(crate) struct Imported<'a> {
    #[serde(flatten)]
    pub(crate) done: Tasks<'a>,
    /// What was here already.
    pub(crate) there: Vec<&'a ListedApp>,
    pub(crate) not_found: Vec<NotFound<'a>>,
}

/// An app of a list that cannot be had here.
#[derive(Debug, Serialize)]
pub(crate) struct NotFound<'a> {
    #[serde(flatten)]
    pub(crate) app: &'a ListedApp,
    pub(crate) message: &'a str,
}

/// What a removed app has left behind.
#[derive(Debug, Serialize)]
pub(crate) struct Leftover<'a> {
    source: SourceKind,
    id: &'a str,
    name: &'a str,
    size: u64,
    changed: i64,
}

impl<'a> Leftover<'a> {
    pub(crate) fn new(left: &'a strata_model::Leftover, name: &'a str) -> Self {
        Self { source: left.source, id: &left.id, name, size: left.size, changed: left.changed }
    }
}

/// What `leftovers keep` keeps from now on.
#[derive(Debug, Serialize)]
pub(crate) struct Kept<'a> {
    pub(crate) keep: Vec<&'a str>,
}

/// Where apps come from.
#[derive(Debug, Serialize)]
pub(crate) struct Remote<'a> {
    pub(crate) source: SourceKind,
    pub(crate) installation: &'a str,
    pub(crate) name: &'a str,
    pub(crate) title: &'a str,
    pub(crate) url: &'a str,
    pub(crate) priority: i32,
    pub(crate) enabled: bool,
    pub(crate) listed: bool,
    pub(crate) signed: bool,
}

/// Why something did not work.
#[derive(Debug, Serialize)]
pub(crate) struct Failure<'a> {
    kind: FailureKind,
    subject: &'a str,
    message: String,
    remedy: String,
    detail: &'a str,
}

impl<'a> Failure<'a> {
    pub(crate) fn new(failure: &'a ModelFailure) -> Self {
        let ModelFailure { kind, subject, detail } = failure;
        Self { kind: *kind, subject, message: message(failure), remedy: remedy(failure), detail }
    }
}

/// Why the whole command did nothing.
#[derive(Debug, Serialize)]
pub(crate) struct Trouble<'a> {
    /// What a person would have been told.
    message: String,
    /// Nothing but a failure of a kind has one.
    failure: Option<Failure<'a>>,
    status: u8,
}

impl<'a> Trouble<'a> {
    pub(crate) fn new(trouble: &'a ending::Trouble) -> Self {
        let failure = match trouble {
            ending::Trouble::Failed(failure) => Some(Failure::new(failure)),
            _ => None,
        };
        Self { message: trouble.sentence(), failure, status: trouble.ending() as u8 }
    }
}
