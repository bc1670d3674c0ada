//! The pages of the window, one component each.

pub(crate) mod app;
pub(crate) mod explore;
pub(crate) mod history;
pub(crate) mod installed;
pub(crate) mod list;
pub(crate) mod search;
pub(crate) mod updates;

use crate::live::Live;

/// What a page can be told that shows the same to everybody.
#[derive(Debug)]
pub(crate) enum PageMsg {
    /// Read the catalogue again.
    Reload,
    /// The engine says something.
    Live(Live),
}
