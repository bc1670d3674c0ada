//! The pages of the window, one component each.

pub(crate) mod app;
pub(crate) mod explore;
pub(crate) mod installed;
pub(crate) mod list;
pub(crate) mod search;
pub(crate) mod updates;
