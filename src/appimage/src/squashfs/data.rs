//! What stands in a file: blocks of its own, and an end that it may share with other files.

use super::SquashFs;
use super::inode::Content;
use crate::bytes::Fields;
use crate::loss::LossReason;
use std::io::{Read, Seek};

/// Set in a block's length where it is not packed.
const NOT_PACKED: u32 = 1 << 24;
/// Bytes of an entry in the table of shared blocks, and how many stand in a piece of it.
const FRAGMENT: usize = 16;
const FRAGMENTS_OF_PIECE: u32 = 512;

impl<R: Read + Seek> SquashFs<'_, R> {
    /// The bytes of a file, which has at most `most` of them.
    pub(crate) fn read(&mut self, file: &Content, most: u64) -> Result<Vec<u8>, LossReason> {
        if file.size > most {
            return Err(LossReason::TooLarge);
        }
        let size = usize::try_from(file.size).map_err(|_| LossReason::TooLarge)?;
        let block_size = self.superblock.block_size as usize;
        let blocks = if file.fragment.is_some() { size / block_size } else { size.div_ceil(block_size) };
        let mut bytes = Vec::new();
        let mut place = file.start;
        for length in self.block_lengths(file, blocks)? {
            let wanted = block_size.min(size - bytes.len());
            let block = self.block(place, length)?;
            match block {
                // A hole.
                None => bytes.resize(bytes.len() + wanted, 0),
                Some(block) if block.len() == wanted => bytes.extend(block),
                Some(_) => return Err(LossReason::Damaged),
            }
            place = place.checked_add(u64::from(length & !NOT_PACKED)).ok_or(LossReason::Damaged)?;
        }
        if let Some((fragment, offset)) = file.fragment {
            let block = self.fragment(fragment)?;
            let from = offset as usize;
            let end = from.checked_add(size - bytes.len()).ok_or(LossReason::Damaged)?;
            bytes.extend_from_slice(block.get(from..end).ok_or(LossReason::Damaged)?);
        }
        Ok(bytes)
    }

    fn block_lengths(&mut self, file: &Content, blocks: usize) -> Result<Vec<u32>, LossReason> {
        let piece = self.superblock.inode_table.checked_add(file.place.piece).ok_or(LossReason::Damaged)?;
        let mut table = self.table(piece, file.place.offset)?;
        self.take(&mut table, file.head)?;
        let bytes = self.take(&mut table, blocks * size_of::<u32>())?;
        let mut fields = Fields(&bytes);
        (0..blocks).map(|_| Ok(fields.u32()?)).collect()
    }

    /// A block; `None` for a hole.
    fn block(&mut self, place: u64, length: u32) -> Result<Option<Vec<u8>>, LossReason> {
        let block_size = self.superblock.block_size;
        let packed = length & NOT_PACKED == 0;
        let length = length & !NOT_PACKED;
        if length == 0 {
            return Ok(None);
        }
        if length > block_size {
            return Err(LossReason::Damaged);
        }
        let bytes = self.packed(place, length as usize)?;
        Ok(Some(if packed { self.unpack(&bytes, block_size as usize)? } else { bytes }))
    }

    fn fragment(&mut self, number: u32) -> Result<Vec<u8>, LossReason> {
        if number >= self.superblock.fragments {
            return Err(LossReason::Damaged);
        }
        let pointer = u64::from(number / FRAGMENTS_OF_PIECE) * size_of::<u64>() as u64;
        let pointer = self.superblock.fragment_table.checked_add(pointer).ok_or(LossReason::Damaged)?;
        let pointer = self.packed(pointer, size_of::<u64>())?;
        let mut table = self.table(Fields(&pointer).u64()?, 0)?;
        self.take(&mut table, (number % FRAGMENTS_OF_PIECE) as usize * FRAGMENT)?;
        let entry = self.take(&mut table, FRAGMENT)?;
        let mut entry = Fields(&entry);
        let (place, length) = (entry.u64()?, entry.u32()?);
        self.block(place, length)?.ok_or(LossReason::Damaged)
    }
}
