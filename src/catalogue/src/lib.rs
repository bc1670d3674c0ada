//! Every app known: ingest, store, search, browse.
//!
//! [`build()`] reads feeds and writes the catalogue's file; a [`Catalogue`] answers from it.

pub mod browse;
pub mod build;
mod catalogue;
pub mod error;
pub mod search;

pub use browse::{Category, List, Page};
pub use build::{BuildPlan, BuildReport, Loss, LossReason, build};
pub use catalogue::Catalogue;
pub use error::CatalogueError;
pub use search::{Found, Query};
