//! The little that has to be known of a package in a file: the head of the RPM format, versions 3 and 4.

use super::nevra::Nevra;
use super::state::Local;
use std::fs::File;
use std::os::fd::OwnedFd;
use std::os::unix::fs::FileExt;

const LEAD: usize = 96;
const LEAD_MAGIC: [u8; 4] = [0xed, 0xab, 0xee, 0xdb];
const HEADER_MAGIC: [u8; 4] = [0x8e, 0xad, 0xe8, 0x01];
/// A header of a kernel with all its file names is smaller.
const LARGEST: usize = 64 << 20;

const NAME: u32 = 1000;
const VERSION: u32 = 1001;
const RELEASE: u32 = 1002;
const EPOCH: u32 = 1003;
const ARCH: u32 = 1022;
const REQUIRES: u32 = 1049;

/// Reads a package through its descriptor.
///
/// # Errors
/// A sentence, for what is no package.
pub(super) fn read(fd: &OwnedFd) -> Result<Local, String> {
    let file = File::from(fd.try_clone().map_err(|error| error.to_string())?);
    let size = file.metadata().map_err(|error| error.to_string())?.len();
    let mut bytes = vec![0; usize::try_from(size).unwrap_or(LARGEST).min(LARGEST)];
    file.read_exact_at(&mut bytes, 0).map_err(|error| error.to_string())?;
    parse(&bytes, size).ok_or_else(|| "error opening package: not an rpm package".to_owned())
}

fn parse(bytes: &[u8], size: u64) -> Option<Local> {
    if bytes.get(..4)? != LEAD_MAGIC {
        return None;
    }
    let (_, signatures) = header(bytes, LEAD)?;
    // The signatures are padded to eight bytes.
    let (header, _) = header(bytes, LEAD + signatures.next_multiple_of(8))?;
    let text = |tag| header.texts(tag)?.into_iter().next();
    let nevra = Nevra {
        name: text(NAME)?,
        epoch: u64::from(header.number(EPOCH).unwrap_or_default()),
        version: text(VERSION)?,
        release: text(RELEASE)?,
        arch: text(ARCH)?,
    };
    // Libraries and files are the base's business, of which only the packages are known here.
    let plain = |need: &String| !need.contains(['(', '/', ' ']) && !need.contains(".so");
    let requires = header.texts(REQUIRES).unwrap_or_default().into_iter().filter(plain).collect();
    Some(Local { nevra, requires, size })
}

/// A header: its index and its store.
struct Header<'b> {
    index: &'b [u8],
    store: &'b [u8],
}

/// The header that begins here, and how long it is.
fn header(bytes: &[u8], begin: usize) -> Option<(Header<'_>, usize)> {
    let bytes = bytes.get(begin..)?;
    if bytes.get(..4)? != HEADER_MAGIC {
        return None;
    }
    let (entries, length) = (number(bytes, 8)? as usize, number(bytes, 12)? as usize);
    let store = 16 + entries.checked_mul(16)?;
    let end = store.checked_add(length)?;
    Some((Header { index: bytes.get(16..store)?, store: bytes.get(store..end)? }, end))
}

impl Header<'_> {
    /// Place in the store and count of a tag's values.
    fn entry(&self, tag: u32) -> Option<(usize, usize)> {
        let mut entries = self.index.chunks_exact(16);
        let entry = entries.find(|entry| number(entry, 0) == Some(tag))?;
        Some((number(entry, 8)? as usize, number(entry, 12)? as usize))
    }

    fn texts(&self, tag: u32) -> Option<Vec<String>> {
        let (begin, count) = self.entry(tag)?;
        let texts = self.store.get(begin..)?.split(|byte| *byte == 0).take(count);
        Some(texts.map(|text| String::from_utf8_lossy(text).into_owned()).collect())
    }

    fn number(&self, tag: u32) -> Option<u32> {
        number(self.store, self.entry(tag)?.0)
    }
}

fn number(bytes: &[u8], at: usize) -> Option<u32> {
    let bytes = bytes.get(at..at.checked_add(4)?)?;
    Some(u32::from_be_bytes(bytes.try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_package_is_refused() {
        let mut cut = LEAD_MAGIC.to_vec();
        cut.resize(LEAD, 0);
        cut.extend(HEADER_MAGIC);
        cut.extend([0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 1]);
        for bytes in [&b""[..], b"not a package", &cut] {
            assert_eq!(parse(bytes, 0), None);
        }
    }
}
