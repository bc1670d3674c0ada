//! Reading by place: never more than asked for, never beyond the end.

use std::fmt::Write as _;
use std::io::{Error, ErrorKind, Read, Result, Seek, SeekFrom};

/// Reads `length` bytes at `offset`. Callers bound the length first; it is checked against the file all the same, so that
/// memory is taken for what is there only.
pub(crate) fn read_at(reader: &mut (impl Read + Seek), offset: u64, length: usize) -> Result<Vec<u8>> {
    let end = offset.checked_add(length as u64).ok_or(ErrorKind::UnexpectedEof)?;
    if end > reader.seek(SeekFrom::End(0))? {
        return Err(ErrorKind::UnexpectedEof.into());
    }
    reader.seek(SeekFrom::Start(offset))?;
    let mut bytes = vec![0; length];
    reader.read_exact(&mut bytes)?;
    Ok(bytes)
}

/// What was read is not what it should be.
pub(crate) fn invalid(what: &'static str) -> Error {
    Error::new(ErrorKind::InvalidData, what)
}

/// Little-endian numbers, one after the other.
pub(crate) struct Fields<'a>(pub(crate) &'a [u8]);

impl<'a> Fields<'a> {
    /// The next `length` bytes.
    pub(crate) fn bytes(&mut self, length: usize) -> Result<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(length).ok_or_else(|| invalid("a record ends too early"))?;
        self.0 = rest;
        Ok(taken)
    }

    pub(crate) fn u16(&mut self) -> Result<u16> {
        Ok(u16::from_le_bytes(self.array()?))
    }

    pub(crate) fn i16(&mut self) -> Result<i16> {
        Ok(i16::from_le_bytes(self.array()?))
    }

    pub(crate) fn u32(&mut self) -> Result<u32> {
        Ok(u32::from_le_bytes(self.array()?))
    }

    pub(crate) fn u64(&mut self) -> Result<u64> {
        Ok(u64::from_le_bytes(self.array()?))
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N]> {
        self.bytes(N)?.try_into().map_err(|_| invalid("a record ends too early"))
    }
}

/// Lowercase hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
