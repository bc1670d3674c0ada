//! SquashFS 4.0, read by place: only the pieces of its tables that lead to what is looked for.
//! <https://dr-emann.github.io/squashfs/squashfs.html>
//!
//! backhand unpacks the blocks. Its own reader is not used, because it makes the whole tree at once: folders that share a
//! listing multiply, so that 100 KB of tables become more entries than there is memory, and it believes the sizes of files
//! before it has seen their blocks.

mod data;
mod folder;
mod inode;
mod path;
mod superblock;
mod tables;

pub(crate) use inode::Inode;
pub(crate) use path::Found;
pub use superblock::Compression;
pub(crate) use superblock::{MAGIC, compression};

use crate::limits;
use crate::loss::LossReason;
use std::io::{Read, Seek};
use superblock::Superblock;
use tables::Kept;

/// A SquashFS image within a file.
pub(crate) struct SquashFs<'a, R> {
    reader: &'a mut R,
    /// Where it begins in the file, in bytes.
    start: u64,
    superblock: Superblock,
    kept: Kept,
    /// What is left of the pieces of tables that may be unpacked.
    reads: usize,
    /// What is left of the entries that may be looked at.
    entries: usize,
}

impl<'a, R: Read + Seek> SquashFs<'a, R> {
    /// Opens the image that begins at `start`.
    pub(crate) fn open(reader: &'a mut R, start: u64) -> Result<Self, LossReason> {
        let superblock = Superblock::read(reader, start)?;
        let (reads, entries) = (limits::METADATA_READS, limits::ENTRIES);
        Ok(Self { reader, start, superblock, kept: Kept::default(), reads, entries })
    }

    /// Its outermost folder.
    pub(crate) fn root(&mut self) -> Result<Inode, LossReason> {
        let place = self.superblock.root;
        self.inode(place)
    }
}
