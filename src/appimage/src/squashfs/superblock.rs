//! The first 96 bytes: how the image is packed and where its tables lie.

use crate::bytes::{Fields, read_at};
use crate::loss::LossReason;
use crate::squashfs::inode::Place;
use backhand::compression::Compressor;
use serde::{Deserialize, Serialize};
use std::io::{Read, Seek, SeekFrom};

const SIZE: usize = 96;
pub(crate) const MAGIC: &[u8; 4] = b"hsqs";
/// Sizes of blocks that the format allows, in bytes.
const BLOCK_SIZES: std::ops::RangeInclusive<u32> = 4096..=1 << 20;

/// How a SquashFS image is packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Compression {
    /// zlib.
    Gzip,
    /// LZMA, the old form.
    Lzma,
    /// LZO.
    Lzo,
    /// LZMA 2.
    Xz,
    /// LZ4.
    Lz4,
    /// Zstandard.
    Zstd,
}

impl Compression {
    fn of(number: u16) -> Option<Self> {
        const ALL: [Compression; 6] = [
            Compression::Gzip,
            Compression::Lzma,
            Compression::Lzo,
            Compression::Xz,
            Compression::Lz4,
            Compression::Zstd,
        ];
        ALL.get(usize::from(number).checked_sub(1)?).copied()
    }

    /// What unpacks it here. LZO is missing because the crate for it is under the GPL 2 alone, the old LZMA because the
    /// kernel never read it.
    pub(super) fn unpacker(self) -> Option<Compressor> {
        match self {
            Self::Gzip => Some(Compressor::Gzip),
            Self::Xz => Some(Compressor::Xz),
            Self::Lz4 => Some(Compressor::Lz4),
            Self::Zstd => Some(Compressor::Zstd),
            Self::Lzma | Self::Lzo => None,
        }
    }
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Superblock {
    pub(super) compression: Compression,
    pub(super) block_size: u32,
    pub(super) fragments: u32,
    /// Bytes of the image, all of which are in the file.
    pub(super) length: u64,
    pub(super) root: Place,
    pub(super) inode_table: u64,
    pub(super) directory_table: u64,
    pub(super) fragment_table: u64,
}

impl Superblock {
    pub(super) fn read(reader: &mut (impl Read + Seek), start: u64) -> Result<Self, LossReason> {
        let bytes = read_at(reader, start, SIZE)?;
        let mut fields = Fields(&bytes);
        if fields.bytes(4)? != MAGIC {
            return Err(LossReason::Unreadable);
        }
        let (_inodes, _changed) = (fields.u32()?, fields.u32()?);
        let (block_size, fragments, compression) = (fields.u32()?, fields.u32()?, fields.u16()?);
        let (block_log, _flags, _ids) = (fields.u16()?, fields.u16()?, fields.u16()?);
        let version = (fields.u16()?, fields.u16()?);
        let root = Place::of(fields.u64()?);
        let (length, _id_table, _xattr_table) = (fields.u64()?, fields.u64()?, fields.u64()?);
        let (inode_table, directory_table, fragment_table) = (fields.u64()?, fields.u64()?, fields.u64()?);
        if version != (4, 0) {
            return Err(LossReason::Unreadable);
        }
        let there = reader.seek(SeekFrom::End(0))?.checked_sub(start).ok_or(LossReason::Damaged)?;
        let sane = BLOCK_SIZES.contains(&block_size)
            && block_size.is_power_of_two()
            && block_size.ilog2() == u32::from(block_log)
            && length <= there
            && inode_table < directory_table
            && directory_table < length
            && (fragments == 0 || fragment_table < length);
        if !sane {
            return Err(LossReason::Damaged);
        }
        let compression = Compression::of(compression).ok_or(LossReason::Unreadable)?;
        if compression.unpacker().is_none() {
            return Err(LossReason::Unreadable);
        }
        Ok(Self { compression, block_size, fragments, length, root, inode_table, directory_table, fragment_table })
    }
}

/// How an image says it is packed, whether that can be read here or not.
pub(crate) fn compression(reader: &mut (impl Read + Seek), start: u64) -> Option<Compression> {
    let bytes = read_at(reader, start.checked_add(20)?, 2).ok()?;
    Compression::of(u16::from_le_bytes(bytes.try_into().ok()?))
}
