//! What lies in a folder.

use super::SquashFs;
use super::inode::{Inode, Listing, Place};
use crate::bytes::Fields;
use crate::limits;
use crate::loss::LossReason;
use std::io::{Read, Seek};

/// A name in a folder.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    /// The name; bytes that are no text are replaced, as nothing that is looked for has them.
    pub(crate) name: String,
    pub(super) place: Place,
}

const RUN: usize = 12;
const ENTRY: usize = 8;
/// The format's own limit for entries behind one header.
const ENTRIES_OF_RUN: u32 = 256;

impl<R: Read + Seek> SquashFs<'_, R> {
    /// Calls `each` for the entries of a folder until it says that it has seen enough.
    pub(super) fn walk(&mut self, listing: Listing, mut each: impl FnMut(Entry) -> bool) -> Result<(), LossReason> {
        if listing.length == 0 {
            return Ok(());
        }
        let place = self.superblock.directory_table.checked_add(u64::from(listing.piece)).ok_or(LossReason::Damaged)?;
        let mut table = self.table(place, listing.offset)?;
        let mut left = listing.length as usize;
        while left > 0 {
            left = left.checked_sub(RUN).ok_or(LossReason::Damaged)?;
            let run = self.take(&mut table, RUN)?;
            let mut run = Fields(&run);
            let (count, piece) = (run.u32()?, u64::from(run.u32()?));
            if count >= ENTRIES_OF_RUN {
                return Err(LossReason::Damaged);
            }
            for _ in 0..=count {
                self.entries = self.entries.checked_sub(1).ok_or(LossReason::TooMany)?;
                let entry = self.take(&mut table, ENTRY)?;
                let mut entry = Fields(&entry);
                let (offset, _number, _kind) = (entry.u16()?, entry.i16()?, entry.u16()?);
                let length = usize::from(entry.u16()?) + 1;
                if length > limits::NAME {
                    return Err(LossReason::Damaged);
                }
                left = left.checked_sub(ENTRY + length).ok_or(LossReason::Damaged)?;
                let name = self.take(&mut table, length)?;
                if matches!(name.as_slice(), b"." | b"..") || name.iter().any(|byte| matches!(byte, b'/' | 0)) {
                    return Err(LossReason::Damaged);
                }
                let name = String::from_utf8_lossy(&name).into_owned();
                if !each(Entry { name, place: Place { piece, offset } }) {
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    /// The names in a folder that `wanted` is true of, sorted; the first `most` of them, and whether there are more.
    pub(crate) fn names(
        &mut self,
        listing: Listing,
        most: usize,
        wanted: impl Fn(&str) -> bool,
    ) -> Result<(Vec<Entry>, bool), LossReason> {
        let mut found = Vec::new();
        let mut more = false;
        self.walk(listing, |entry| {
            if wanted(&entry.name) {
                more = found.len() == most;
                if !more {
                    found.push(entry);
                }
            }
            !more
        })?;
        found.sort_by(|one, other| one.name.cmp(&other.name));
        Ok((found, more))
    }

    /// What has a name in a folder.
    pub(super) fn child(&mut self, listing: Listing, name: &str) -> Result<Option<Inode>, LossReason> {
        let mut found = None;
        self.walk(listing, |entry| {
            if entry.name == name {
                found = Some(entry.place);
            }
            found.is_none()
        })?;
        found.map(|place| self.inode(place)).transpose()
    }
}
