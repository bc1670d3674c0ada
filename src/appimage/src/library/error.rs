//! Why an AppImage is not put onto the machine, changed or taken away.

use super::provenance::Question;
use crate::desktop::BadDesktopFile;
use crate::format::Architecture;
use crate::inspect::InspectError;
use std::io;
use std::path::{Path, PathBuf};

/// What stands in the way. But for [`LibraryError::Unfinished`], everything is as it was.
#[derive(Debug, thiserror::Error)]
pub enum LibraryError {
    /// No such app is known here.
    #[error("{0} is not installed")]
    NotInstalled(String),
    /// The same file is installed already, under this id.
    #[error("it is installed as {0}")]
    Already(String),
    /// The file is no AppImage, or cannot be read.
    #[error(transparent)]
    NoAppImage(#[from] InspectError),
    /// It is larger than an AppImage may be.
    #[error("it is larger than an AppImage may be")]
    TooLarge,
    /// It is made for another machine.
    #[error("it is made for {}", .0.as_str())]
    OtherMachine(Architecture),
    /// It is not the file whose digest is known.
    #[error("its digest is {found} instead of {expected}")]
    WrongDigest {
        /// As it was said.
        expected: String,
        /// What it is.
        found: String,
    },
    /// The person has to say yes to this first.
    #[error("the person has to be asked: {0}")]
    Ask(Question),
    /// The file changed after it was read.
    #[error("the file changed while it was installed")]
    Changed,
    /// There is no version to go back to.
    #[error("no earlier version is kept")]
    NoPrevious,
    /// A folder where no AppImage can lie.
    #[error("AppImages cannot lie in {}", .0.display())]
    BadFolder(PathBuf),
    /// Something lies where a folder is meant to be.
    #[error("{} is no folder", .0.display())]
    NoFolder(PathBuf),
    /// A folder of the app's own cannot go along to another folder.
    #[error("{} cannot be renamed to there", .0.display())]
    OwnFolderStays(PathBuf),
    /// The app runs, and may be writing what would be taken away from it.
    #[error("{0} runs")]
    Running(String),
    /// What the person wants it to be started with cannot stand in a desktop file.
    #[error(transparent)]
    BadSettings(BadDesktopFile),
    /// A folder of the app's own cannot be switched off, because there is something in it.
    #[error("{} is not empty", .0.display())]
    NotEmpty(PathBuf),
    /// The file's name leaves no room for the names of what lies beside it.
    #[error("the name of {} is too long", .0.display())]
    LongName(PathBuf),
    /// Something else lies where a file has to be.
    #[error("{} is in the way", .0.display())]
    InTheWay(PathBuf),
    /// Nothing can be made a program in this folder: its disk keeps no mark for them.
    #[error("nothing in {} can be made a program", .0.display())]
    NoPrograms(PathBuf),
    /// What is known of an app cannot be read.
    #[error("{} is damaged: {why}", .path.display())]
    Damaged {
        /// Where it lies.
        path: PathBuf,
        /// In which way.
        why: String,
    },
    /// The change was decided and could not be brought to its end; the next start of the engine tries again.
    #[error("it is not finished: {0}")]
    Unfinished(Box<LibraryError>),
    /// A file cannot be read or written.
    #[error("{}: {error}", .path.display())]
    Io {
        /// Which.
        path: PathBuf,
        /// Why not.
        error: io::Error,
    },
}

impl LibraryError {
    /// An error of the file system, with the path that it is about.
    pub(super) fn at(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        |error| Self::Io { path, error }
    }
}
