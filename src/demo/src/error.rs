//! What can go wrong while a world is made.

use std::io;
use std::path::PathBuf;

/// Why a world, or a part of it, could not be made.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// A file or folder could not be written or read.
    #[error("{path}: {error}", path = path.display())]
    File {
        /// Which one.
        path: PathBuf,
        /// What the system said.
        error: io::Error,
    },
    /// A program that the world needs is missing or failed.
    #[error("{program}: {detail}")]
    Program {
        /// Its name.
        program: String,
        /// What it said.
        detail: String,
    },
    /// The description of the world is wrong.
    #[error("the description of the demo world: {0}")]
    Description(String),
    /// No address on the loopback interface.
    #[error("the loopback server: {0}")]
    Server(io::Error),
    /// The bus of the simulated update daemon.
    #[error("the bus: {0}")]
    Bus(#[from] zbus::Error),
}

impl DemoError {
    /// Says of an I/O error which file it was about: `.map_err(DemoError::file(&path))`.
    pub(crate) fn file(path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |error| Self::File { path, error }
    }
}
