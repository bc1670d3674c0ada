//! From a path to what lies there, through links, and never out of the image.

use super::SquashFs;
use super::inode::{Content, Inode, Listing};
use crate::limits;
use crate::loss::LossReason;
use std::collections::VecDeque;
use std::io::{Read, Seek};

/// What a path leads to.
#[derive(Clone, Debug)]
pub(crate) enum Found {
    /// A folder.
    Folder(Listing),
    /// A file, and its path without links.
    File(Content, String),
}

impl<R: Read + Seek> SquashFs<'_, R> {
    /// Follows a path from the root. A link that leads to an absolute path means the person's own files, not the
    /// bundle's, and is not followed; nor is one that leads above the root.
    pub(crate) fn find(&mut self, path: &str) -> Result<Found, LossReason> {
        let Inode::Folder(root) = self.root()? else { return Err(LossReason::Damaged) };
        let mut folders: Vec<(String, Listing)> = Vec::new();
        let mut left: VecDeque<String> = parts(path).collect();
        let mut links = 0;
        while let Some(part) = left.pop_front() {
            if part == ".." {
                folders.pop().ok_or(LossReason::Outside)?;
                continue;
            }
            let folder = folders.last().map_or(root, |(_, listing)| *listing);
            match self.child(folder, &part)?.ok_or(LossReason::Missing)? {
                Inode::Folder(listing) => {
                    if folders.len() == limits::DEPTH {
                        return Err(LossReason::TooMany);
                    }
                    folders.push((part, listing));
                }
                Inode::File(content) => {
                    if !left.is_empty() {
                        return Err(LossReason::NoFile);
                    }
                    let path = folders.iter().map(|(name, _)| name.as_str()).chain([part.as_str()]);
                    return Ok(Found::File(content, path.collect::<Vec<_>>().join("/")));
                }
                Inode::Link(target) => {
                    links += 1;
                    let target = String::from_utf8(target).map_err(|_| LossReason::Missing)?;
                    if target.starts_with('/') {
                        return Err(LossReason::Outside);
                    }
                    let new: Vec<_> = parts(&target).collect();
                    if links > limits::LINKS || left.len() + new.len() > limits::LINK {
                        return Err(LossReason::Loop);
                    }
                    for part in new.into_iter().rev() {
                        left.push_front(part);
                    }
                }
                Inode::Other => return Err(LossReason::NoFile),
            }
        }
        Ok(Found::Folder(folders.last().map_or(root, |(_, listing)| *listing)))
    }
}

fn parts(path: &str) -> impl DoubleEndedIterator<Item = String> + '_ {
    path.split('/').filter(|part| !matches!(*part, "" | ".")).map(str::to_owned)
}
