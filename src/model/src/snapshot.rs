//! What the engine publishes: one whole, and what changed since.

use crate::{
    Installed, Settings, SourceKind, System, Task, TaskId, Update, Variant, failure::Failure,
    system_update::PackageChange,
};
use serde::{Deserialize, Serialize};
use zvariant::Type;

/// Everything a face shows beside the catalogue.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Snapshot {
    /// Counts every [`Change`]; a gap tells a face to fetch the whole again.
    pub sequence: u64,
    /// Names the engine's process; another name means that the engine was started anew.
    pub engine: String,
    /// Tasks queued, running, or ended and not yet acknowledged; oldest first.
    pub tasks: Vec<Task>,
    /// Each source, whether ready or not.
    pub sources: Vec<SourceStatus>,
    /// What is installed, over all ready sources.
    pub installed: Vec<Installed>,
    /// What could be newer, over all ready sources.
    pub updates: Vec<Update>,
    /// The origins of all ready sources.
    pub origins: Vec<Origin>,
    /// The operating system beneath.
    pub system: Variant<SystemStatus>,
    /// The catalogue on disk.
    pub catalogue: CatalogueStatus,
    /// Last time that every origin was asked for news, seconds since 1970, 0 for never.
    pub checked: i64,
    /// The settings in force.
    pub settings: Settings,
    /// What was wrong with the person's or the distribution's files: settings that were left out, a damaged history that
    /// was moved aside.
    pub faults: Vec<Failure>,
}

/// What changed. A part that is `None` is as it was.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Change {
    /// The sequence number that this change leads to: the one before plus one.
    pub sequence: u64,
    /// The engine that says so.
    pub engine: String,
    /// Tasks that are new or changed.
    pub tasks: Vec<Task>,
    /// Tasks that are gone.
    pub gone: Vec<TaskId>,
    /// See [`Snapshot::sources`].
    pub sources: Option<Vec<SourceStatus>>,
    /// See [`Snapshot::installed`].
    pub installed: Option<Vec<Installed>>,
    /// See [`Snapshot::updates`].
    pub updates: Option<Vec<Update>>,
    /// See [`Snapshot::origins`].
    pub origins: Option<Vec<Origin>>,
    /// See [`Snapshot::system`].
    pub system: Option<Variant<SystemStatus>>,
    /// See [`Snapshot::catalogue`].
    pub catalogue: Option<CatalogueStatus>,
    /// See [`Snapshot::checked`].
    pub checked: Option<i64>,
    /// See [`Snapshot::settings`].
    pub settings: Option<Settings>,
    /// See [`Snapshot::faults`].
    pub faults: Option<Vec<Failure>>,
}

/// How a source is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct SourceStatus {
    /// Which one.
    pub source: SourceKind,
    /// It has been read, so that an empty list means that there is nothing.
    pub ready: bool,
    /// Why it, or a part of it, cannot be used, if so.
    pub failure: Option<Failure>,
}

/// The operating system beneath, as far as it was read. Reading it wakes the update daemon, so that happens only when a
/// face asks for it; from then on it follows what the daemon says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct SystemStatus {
    /// It has been read. If not, only what needs no daemon stands in its capabilities.
    pub ready: bool,
    /// Why it could not be read the last time, if so. What was known before stays.
    pub failure: Option<Failure>,
    /// The system.
    pub system: System,
    /// What came with the last restart, until a face says that it was seen.
    pub arrived: Option<SystemArrival>,
    /// What was noted of pinned deployments.
    #[serde(default)]
    pub notes: Vec<PinNote>,
    /// When its origin was last asked from here what is newer, seconds since 1970, 0 for never.
    #[serde(default)]
    pub checked: i64,
}

/// What a person noted of a deployment when they pinned it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct PinNote {
    /// The deployment's id.
    pub deployment: String,
    /// The note, one line.
    pub note: String,
}

/// Another system than before runs since the last restart.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct SystemArrival {
    /// The version that ran before, empty if unknown.
    pub from_version: String,
    /// The version that runs now.
    pub to_version: String,
    /// The packages that differ; see `changes_known`.
    pub changes: Vec<PackageChange>,
    /// Nobody need guess what differs. Else what ran before is gone, or may not be asked about.
    pub changes_known: bool,
}

/// An origin as it is set up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Origin {
    /// The source it belongs to.
    pub source: SourceKind,
    /// The scope it belongs to.
    pub scope: String,
    /// Its name.
    pub name: String,
    /// Its title for people, empty if none.
    pub title: String,
    /// Its address.
    pub url: String,
    /// Greater comes first.
    pub priority: i32,
    /// It is in use.
    pub enabled: bool,
    /// It is in use, and its apps are to be listed.
    pub listed: bool,
    /// What it sends is signed, and the signature is checked.
    pub signed: bool,
}

/// The catalogue on disk.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct CatalogueStatus {
    /// Counts the builds; 0 if there is none yet.
    pub generation: u64,
    /// A new one is being built.
    pub building: bool,
    /// Why the last build failed, if so.
    pub failure: Option<Failure>,
}

/// What of Strata the person sees at a face: that needs no notification.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Type)]
#[serde(rename_all = "kebab-case")]
#[zvariant(signature = "s")]
pub enum Attention {
    /// Nothing: nobody looks.
    #[default]
    Nothing,
    /// How tasks go: a terminal that waits for them.
    Tasks,
    /// Everything: the window, at the front.
    Everything,
}

impl Snapshot {
    /// Brings the snapshot to where the change leads.
    ///
    /// # Errors
    /// [`Gap`] if the change does not follow on this snapshot; the snapshot is then as it was.
    pub fn apply(&mut self, change: Change) -> Result<(), Gap> {
        if change.engine != self.engine || change.sequence != self.sequence + 1 {
            return Err(Gap);
        }
        self.sequence = change.sequence;
        self.tasks.retain(|task| !change.gone.contains(&task.id));
        for task in change.tasks {
            match self.tasks.iter_mut().find(|known| known.id == task.id) {
                Some(known) => *known = task,
                None => self.tasks.push(task),
            }
        }
        replace(&mut self.sources, change.sources);
        replace(&mut self.installed, change.installed);
        replace(&mut self.updates, change.updates);
        replace(&mut self.origins, change.origins);
        replace(&mut self.system, change.system);
        replace(&mut self.catalogue, change.catalogue);
        replace(&mut self.checked, change.checked);
        replace(&mut self.settings, change.settings);
        replace(&mut self.faults, change.faults);
        Ok(())
    }
}

/// Changes were missed: fetch the whole again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("changes were missed")]
pub struct Gap;

fn replace<T>(old: &mut T, new: Option<T>) {
    if let Some(new) = new {
        *old = new;
    }
}
