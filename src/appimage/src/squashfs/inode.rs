//! What is known of a file, a folder or a link, without its name.

use super::SquashFs;
use crate::bytes::Fields;
use crate::limits;
use crate::loss::LossReason;
use std::io::{Read, Seek};

/// Where an inode lies: a piece of the inode table, from the table's beginning, and an offset within the piece.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub(super) piece: u64,
    pub(super) offset: u16,
}

impl Place {
    #[allow(clippy::cast_possible_truncation)] // the lowest 16 bits are the offset
    pub(super) fn of(reference: u64) -> Self {
        Self { piece: reference >> 16, offset: reference as u16 }
    }
}

/// A thing in the image.
#[derive(Clone, Debug)]
pub(crate) enum Inode {
    /// A folder.
    Folder(Listing),
    /// A file.
    File(Content),
    /// A symbolic link, and where it leads.
    Link(Vec<u8>),
    /// A device, a pipe or a socket.
    Other,
}

/// Where a folder's entries lie.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Listing {
    pub(super) piece: u32,
    pub(super) offset: u16,
    /// Bytes of its entries; the format adds three for `.` and `..`.
    pub(super) length: u32,
}

/// Where a file's bytes lie.
#[derive(Clone, Debug)]
pub(crate) struct Content {
    pub(super) size: u64,
    pub(super) start: u64,
    /// The block that it shares with other small ones, and where in it.
    pub(super) fragment: Option<(u32, u32)>,
    /// Where the sizes of its own blocks stand.
    pub(super) place: Place,
    /// How far behind the inode's beginning they stand.
    pub(super) head: usize,
}

const COMMON: usize = 16;
const NO_FRAGMENT: u32 = u32::MAX;

impl<R: Read + Seek> SquashFs<'_, R> {
    /// Reads an inode.
    pub(super) fn inode(&mut self, place: Place) -> Result<Inode, LossReason> {
        let piece = self.superblock.inode_table.checked_add(place.piece).ok_or(LossReason::Damaged)?;
        if piece >= self.superblock.directory_table {
            return Err(LossReason::Damaged);
        }
        let mut table = self.table(piece, place.offset)?;
        let common = self.take(&mut table, COMMON)?;
        let kind = Fields(&common).u16()?;
        let size = match kind {
            1 | 2 => 16,
            3 | 10 => 8,
            8 => 24,
            9 => 40,
            4..=7 | 11..=14 => return Ok(Inode::Other),
            _ => return Err(LossReason::Damaged),
        };
        let bytes = self.take(&mut table, size)?;
        let mut fields = Fields(&bytes);
        Ok(match kind {
            1 => {
                let (piece, _links, length, offset) = (fields.u32()?, fields.u32()?, fields.u16()?, fields.u16()?);
                Inode::Folder(Listing { piece, offset, length: u32::from(length).saturating_sub(3) })
            }
            8 => {
                let (_links, length, piece, _parent) = (fields.u32()?, fields.u32()?, fields.u32()?, fields.u32()?);
                let (_index, offset) = (fields.u16()?, fields.u16()?);
                Inode::Folder(Listing { piece, offset, length: length.saturating_sub(3) })
            }
            2 => {
                let start = u64::from(fields.u32()?);
                let (fragment, offset) = (fields.u32()?, fields.u32()?);
                let size = u64::from(fields.u32()?);
                Inode::File(Content { size, start, fragment: shared(fragment, offset), place, head: COMMON + 16 })
            }
            9 => {
                let (start, size, _holes, _links) = (fields.u64()?, fields.u64()?, fields.u64()?, fields.u32()?);
                let (fragment, offset) = (fields.u32()?, fields.u32()?);
                Inode::File(Content { size, start, fragment: shared(fragment, offset), place, head: COMMON + 40 })
            }
            _ => {
                let (_links, length) = (fields.u32()?, fields.u32()? as usize);
                if length > limits::LINK {
                    return Err(LossReason::TooLarge);
                }
                Inode::Link(self.take(&mut table, length)?)
            }
        })
    }
}

fn shared(fragment: u32, offset: u32) -> Option<(u32, u32)> {
    (fragment != NO_FRAGMENT).then_some((fragment, offset))
}
