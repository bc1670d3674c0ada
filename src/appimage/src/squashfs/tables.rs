//! The tables of a SquashFS image: chains of pieces, each packed by itself and at most 8 KiB when unpacked.

use super::SquashFs;
use crate::bytes::read_at;
use crate::limits;
use crate::loss::LossReason;
use backhand::compression::{CompressionAction, DefaultCompressor};
use std::collections::VecDeque;
use std::io::{Read, Seek};
use std::sync::Arc;

/// Set in a piece's length where it is not packed.
const NOT_PACKED: u16 = 1 << 15;

/// Pieces that were unpacked, the newest last.
#[derive(Default)]
pub(super) struct Kept(VecDeque<Piece>);

#[derive(Clone)]
struct Piece {
    /// Where it lies in the image.
    place: u64,
    /// Where the one behind it lies.
    next: u64,
    bytes: Arc<[u8]>,
}

/// Reads a table onwards from a place in it, from piece to piece.
pub(super) struct Table {
    next: u64,
    piece: Arc<[u8]>,
    used: usize,
}

impl<R: Read + Seek> SquashFs<'_, R> {
    /// A table from `offset` in the piece that lies at `place` of the image.
    pub(super) fn table(&mut self, place: u64, offset: u16) -> Result<Table, LossReason> {
        let piece = self.piece(place)?;
        let used = usize::from(offset);
        if used > piece.bytes.len() {
            return Err(LossReason::Damaged);
        }
        Ok(Table { next: piece.next, piece: piece.bytes, used })
    }

    /// The next `length` bytes of a table. Callers bound the length.
    pub(super) fn take(&mut self, table: &mut Table, length: usize) -> Result<Vec<u8>, LossReason> {
        let mut bytes = Vec::new();
        while bytes.len() < length {
            if table.used == table.piece.len() {
                let piece = self.piece(table.next)?;
                (table.next, table.piece, table.used) = (piece.next, piece.bytes, 0);
            }
            let there = &table.piece[table.used..];
            let taken = there.len().min(length - bytes.len());
            bytes.extend_from_slice(&there[..taken]);
            table.used += taken;
        }
        Ok(bytes)
    }

    fn piece(&mut self, place: u64) -> Result<Piece, LossReason> {
        if let Some(known) = self.kept.0.iter().find(|piece| piece.place == place) {
            return Ok(known.clone());
        }
        self.reads = self.reads.checked_sub(1).ok_or(LossReason::TooMany)?;
        let head = self.packed(place, 2)?;
        let head = u16::from_le_bytes([head[0], head[1]]);
        let length = usize::from(head & !NOT_PACKED);
        if length == 0 || length > limits::METADATA_BLOCK {
            return Err(LossReason::Damaged);
        }
        let from = place.checked_add(2).ok_or(LossReason::Damaged)?;
        let bytes = self.packed(from, length)?;
        let bytes = if head & NOT_PACKED == 0 { self.unpack(&bytes, limits::METADATA_BLOCK)? } else { bytes };
        if bytes.is_empty() {
            return Err(LossReason::Damaged);
        }
        let piece = Piece { place, next: from + length as u64, bytes: bytes.into() };
        if self.kept.0.len() == limits::METADATA_KEPT {
            self.kept.0.pop_front();
        }
        self.kept.0.push_back(piece.clone());
        Ok(piece)
    }

    /// Bytes of the image as they lie there.
    pub(super) fn packed(&mut self, place: u64, length: usize) -> Result<Vec<u8>, LossReason> {
        let end = place.checked_add(length as u64).ok_or(LossReason::Damaged)?;
        if end > self.superblock.length {
            return Err(LossReason::Damaged);
        }
        Ok(read_at(self.reader, self.start + place, length)?)
    }

    /// Unpacks a block that has at most `most` bytes then.
    pub(super) fn unpack(&self, bytes: &[u8], most: usize) -> Result<Vec<u8>, LossReason> {
        let unpacker = self.superblock.compression.unpacker().ok_or(LossReason::Unreadable)?;
        let mut block = Vec::with_capacity(most);
        DefaultCompressor.decompress(bytes, &mut block, unpacker).map_err(|_| LossReason::Damaged)?;
        if block.len() > most { Err(LossReason::Damaged) } else { Ok(block) }
    }
}
