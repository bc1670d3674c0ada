//! The words of Strata as plain data: what the engine, the catalogue and the faces say to each other.
//!
//! Nothing here does I/O or knows a runtime. Types that cross D-Bus derive [`zvariant::Type`]; those that only live in
//! the catalogue derive serde's traits alone.

pub mod app;
pub mod app_list;
pub mod app_settings;
pub mod command_line;
pub mod deployment;
pub mod evidence;
pub mod explained;
pub mod failure;
pub mod feed;
pub mod history;
pub mod id;
pub mod installed;
pub mod listed;
pub mod oars;
pub mod offer;
pub mod order;
pub mod parental;
pub mod pattern;
pub mod permission;
pub mod permitted;
pub mod plan;
pub mod popularity;
pub mod question;
pub mod rating;
pub mod relation;
pub mod request;
pub mod sentence;
pub mod settings;
pub mod shown_origin;
pub mod snapshot;
pub mod standing;
pub mod system;
pub mod system_obstacle;
pub mod system_update;
pub mod task;
pub mod text;
pub mod upkeep;
pub mod variant;
pub mod version;
pub mod wire;

pub use app::{App, AppSummary};
pub use app_settings::AppSettings;
pub use deployment::Deployment;
pub use failure::{Failure, FailureKind, Stop};
pub use id::{AppId, TaskId};
pub use installed::{Installed, Leftover, PartKind, Update};
pub use offer::{Obstacle, Offer, OfferId, SourceKind};
pub use permission::{Permission, Severity};
pub use plan::Plan;
pub use question::Question;
pub use request::{Action, Request};
pub use sentence::{fill, marked};
pub use settings::Settings;
pub use shown_origin::ShownOrigin;
pub use snapshot::{Attention, Change, Snapshot, SystemStatus};
pub use standing::Standing;
pub use system::System;
pub use system_obstacle::SystemObstacle;
pub use system_update::SystemUpdate;
pub use task::{Progress, Stage, Task, TaskState};
pub use upkeep::Upkeep;
pub use variant::Variant;

/// The application id, also the name of desktop file, icon and resources. Set `STRATA_APP_ID` while building to have
/// a development build beside the released one.
pub const APP_ID: &str = match option_env!("STRATA_APP_ID") {
    Some(id) => id,
    None => "io.github.strata_store.Strata",
};
