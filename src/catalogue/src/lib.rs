//! Every app known: ingest, store, search, browse.
//!
//! [`build()`] reads feeds and writes the catalogue's file; a [`Catalogue`] answers from it.

mod appstream;
pub mod browse;
pub mod build;
mod catalogue;
mod dep11;
mod entries;
pub mod error;
mod feed;
#[cfg(feature = "fuzzing")]
#[doc(hidden)]
pub mod fuzzing;
pub mod loss;
mod merge;
mod quality;
pub mod search;
mod store;
mod words;

pub use browse::{Category, List, Page};
pub use build::{BuildPlan, BuildReport, build};
pub use catalogue::Catalogue;
pub use error::CatalogueError;
pub use loss::{Loss, LossReason};
pub use search::{Found, Query};
