//! Why the catalogue cannot be read or built.

use std::path::PathBuf;
use strata_model::{Failure, FailureKind};

/// Why the catalogue cannot be read or built. See [`CatalogueError::is_mended_by_build`].
#[derive(Debug, thiserror::Error)]
pub enum CatalogueError {
    /// There is no catalogue yet.
    #[error("no catalogue at {0}")]
    NotBuilt(PathBuf),
    /// It was built by another version of Strata.
    #[error("catalogue has schema {found}, not {expected}")]
    WrongSchema {
        /// The number that the file carries.
        found: i64,
        /// The number that this program reads.
        expected: i64,
    },
    /// It is no catalogue, or not a whole one.
    #[error("catalogue is damaged: {0}")]
    Damaged(String),
    /// A folder lies where it belongs.
    #[error("a folder is in its way")]
    InTheWay(PathBuf),
    /// It is there and cannot be read.
    #[error("catalogue cannot be read: {0}")]
    Unreadable(String),
    /// Its file, or a folder above it, may not be looked into.
    #[error("no right to read {0}")]
    NotAllowed(PathBuf),
    /// A file lies where a folder above it belongs.
    #[error("no folder: {0}")]
    NoFolder(PathBuf),
    /// The new catalogue cannot be written where it belongs.
    #[error("catalogue cannot be written: {0}")]
    Write(String),
    /// The disk is full.
    #[error("no space for the catalogue: {0}")]
    NoSpace(String),
}

impl CatalogueError {
    /// Building the catalogue anew mends it.
    pub const fn is_mended_by_build(&self) -> bool {
        matches!(self, Self::NotBuilt(_) | Self::WrongSchema { .. } | Self::Damaged(_))
    }
}

impl From<CatalogueError> for Failure {
    fn from(error: CatalogueError) -> Self {
        let detail = error.to_string();
        let kind = match error {
            CatalogueError::NoSpace(_) => FailureKind::NoSpace,
            CatalogueError::NotBuilt(_) => FailureKind::NotFound,
            CatalogueError::InTheWay(path) => {
                return Self::new(FailureKind::Unwritable, path.to_string_lossy(), detail);
            }
            CatalogueError::NotAllowed(path) => {
                return Self::new(FailureKind::NotReadable, path.to_string_lossy(), detail);
            }
            CatalogueError::NoFolder(path) => return Self::new(FailureKind::NoFolder, path.to_string_lossy(), detail),
            CatalogueError::Write(_) => FailureKind::Unwritable,
            CatalogueError::Unreadable(_) => FailureKind::BadFile,
            _ => FailureKind::Other,
        };
        Self::new(kind, "catalogue.db", detail)
    }
}
