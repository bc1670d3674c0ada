//! What the bundle is: how it is told from other things, and whether it can be read.

use crate::bytes::read_at;
use crate::format::{Format, Head};
use crate::squashfs::{self, Compression};
use serde::{Deserialize, Serialize};
use std::io::{Read, Seek};

/// The file system that an AppImage carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "payload")]
pub enum Payload {
    /// SquashFS: what nearly all of them carry.
    SquashFs {
        /// Where it begins, in bytes.
        offset: u64,
        /// How it is packed, if that is known.
        compression: Option<Compression>,
    },
    /// DwarFS: no reader for it is old enough to be trusted with strangers' files.
    DwarFs,
    /// ISO 9660, packed by zisofs: no reader for that is kept up.
    Iso9660,
    /// None that is known.
    Unknown,
}

/// Looks at where the bundle begins.
pub(crate) fn payload(reader: &mut (impl Read + Seek), head: &Head) -> Payload {
    if head.format == Format::One {
        return Payload::Iso9660;
    }
    let Some(offset) = head.runtime.as_ref().map(|runtime| runtime.end) else { return Payload::Unknown };
    let begins = |reader: &mut _, mark: &[u8]| read_at(reader, offset, mark.len()).is_ok_and(|found| found == mark);
    if begins(reader, squashfs::MAGIC) {
        Payload::SquashFs { offset, compression: squashfs::compression(reader, offset) }
    } else if begins(reader, b"DWARFS") {
        Payload::DwarFs
    } else {
        Payload::Unknown
    }
}
