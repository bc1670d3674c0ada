//! Every app known: ingest, store, search, browse.
//!
//! [`build()`] reads feeds and writes the catalogue's file; a [`Catalogue`] answers from it.

pub mod app_list;
mod appstream;
pub mod browse;
pub mod build;
mod carried;
mod catalogue;
mod deadline;
mod dep11;
pub mod distribution;
mod entries;
pub mod error;
mod feed;
mod filter;
#[cfg(feature = "fuzzing")]
#[doc(hidden)]
pub mod fuzzing;
mod kept;
mod licence;
mod listed;
pub mod loss;
mod merge;
mod origin;
mod part;
mod popularity;
mod prior;
mod rpm_database;
mod same;
pub mod search;
mod store;
mod words;

pub use browse::{Category, List, Page, Subcategory};
pub use build::{BuildPlan, BuildReport, build};
pub use catalogue::Catalogue;
pub use deadline::FEED_TIME;
pub use error::CatalogueError;
pub use filter::{Filter, Scope};
pub use licence::{Licence, Terms};
pub use loss::{Loss, LossReason};
pub use rpm_database::RpmDatabase;
pub use search::{Corrected, Fit, Found, MOST_COUNTED, Partly, Query, Reason};
