//! The runtime's ELF headers: where it ends, whether it needs a loader, and the sections that carry AppImage's own
//! notes. <https://refspecs.linuxfoundation.org/elf/gabi4+/ch4.eheader.html>

use crate::bytes::read_at;
use crate::format::NoAppImage;
use crate::limits;
use object::elf::{Machine, PT_INTERP, SHT_NOBITS};
use object::pod;
use object::read::elf::{FileHeader, ProgramHeader, SectionHeader};
use object::{Endianness, Pod};
use std::io::{Read, Seek, SeekFrom};
use std::ops::Range;

/// A program that AppImages begin with.
#[derive(Clone, Debug, Default)]
pub(crate) struct Runtime {
    /// It asks for a loader, and so for the FUSE 2 library of the machine.
    pub(crate) dynamic: bool,
    /// Where the program ends, and the payload begins.
    pub(crate) end: u64,
    /// Sections by what they are for, as places in the file.
    pub(crate) update_information: Option<Range<u64>>,
    /// The signature.
    pub(crate) signature: Option<Range<u64>>,
    /// The key that made it.
    pub(crate) key: Option<Range<u64>>,
}

/// Reads the headers of a program. The machine is known even where its tables are damaged.
#[allow(clippy::type_complexity)] // two verdicts: on the header, and on the tables behind it
pub(crate) fn runtime<H: FileHeader<Endian = Endianness>>(
    reader: &mut (impl Read + Seek),
    size: usize,
) -> Result<(Machine, Result<Runtime, NoAppImage>), NoAppImage> {
    let bytes = read_at(reader, 0, size).map_err(|_| NoAppImage::TooShort)?;
    let (header, _) = pod::from_bytes::<H>(&bytes).map_err(|()| NoAppImage::BadHeader)?;
    let endian = header.endian().map_err(|_| NoAppImage::BadHeader)?;
    Ok((header.e_machine(endian), tables(reader, header, endian).ok_or(NoAppImage::BadHeader)))
}

fn tables<H: FileHeader<Endian = Endianness>>(
    reader: &mut (impl Read + Seek),
    header: &H,
    endian: Endianness,
) -> Option<Runtime> {
    let length = reader.seek(SeekFrom::End(0)).ok()?;
    let segments = (header.e_phoff(endian).into(), u64::from(header.e_phnum(endian)), header.e_phentsize(endian));
    let segments = table::<H::ProgramHeader>(reader, segments, limits::SEGMENTS)?;
    let segments = pod::slice_from_bytes::<H::ProgramHeader>(&segments.0, segments.1).ok()?.0;
    let dynamic = segments.iter().any(|segment| segment.p_type(endian) == PT_INTERP);

    let (offset, count) = (header.e_shoff(endian).into(), u64::from(header.e_shnum(endian)));
    let bytes = table::<H::SectionHeader>(reader, (offset, count, header.e_shentsize(endian)), limits::SECTIONS)?;
    let sections = pod::slice_from_bytes::<H::SectionHeader>(&bytes.0, bytes.1).ok()?.0;
    let place = |section: &H::SectionHeader| {
        if section.sh_type(endian) == SHT_NOBITS {
            return Some(0..0);
        }
        let (start, size) = (section.sh_offset(endian).into(), section.sh_size(endian).into());
        let end = start.checked_add(size).filter(|end| *end <= length)?;
        Some(start..end)
    };
    let names = header.e_shstrndx(endian).0;
    let names = sections.get(usize::from(names)).filter(|_| names != 0).map(place);
    let names = match names {
        Some(range) => contents(reader, &range?, limits::SECTION_NAMES)?,
        None => Vec::new(),
    };
    let table_end = offset.checked_add(bytes.0.len() as u64)?;
    let mut found = Runtime { dynamic, end: table_end, ..Runtime::default() };
    for section in sections {
        let range = place(section)?;
        found.end = found.end.max(range.end);
        let Some(name) = names.get(section.sh_name(endian) as usize..) else { continue };
        let known = match name.split(|byte| *byte == 0).next() {
            Some(b".upd_info") => &mut found.update_information,
            Some(b".sha256_sig") => &mut found.signature,
            Some(b".sig_key") => &mut found.key,
            _ => continue,
        };
        // A second section of the same name would be one that not every reader looks at.
        if range.is_empty() || range.end - range.start > limits::SECTION || known.replace(range).is_some() {
            return None;
        }
    }
    (found.end <= limits::RUNTIME && apart(&found)).then_some(found)
}

/// The bytes of a table, and how many entries they are.
fn table<T: Pod>(
    reader: &mut (impl Read + Seek),
    (offset, count, size): (u64, u64, u16),
    most: u64,
) -> Option<(Vec<u8>, usize)> {
    if count == 0 {
        return Some((Vec::new(), 0));
    }
    if count > most || usize::from(size) != size_of::<T>() {
        return None;
    }
    let count = usize::try_from(count).ok()?;
    Some((read_at(reader, offset, count * size_of::<T>()).ok()?, count))
}

/// What is zeroed before a file is weighed must be nothing but what it says: no two of the sections lie over each other.
fn apart(runtime: &Runtime) -> bool {
    let mut ranges: Vec<_> =
        [&runtime.update_information, &runtime.signature, &runtime.key].into_iter().flatten().collect();
    ranges.sort_by_key(|range| range.start);
    // The first 64 bytes are the header, which says what all of this is.
    ranges.first().is_none_or(|first| first.start >= limits::ELF_HEADER as u64)
        && ranges.windows(2).all(|pair| pair[0].end <= pair[1].start)
}

/// What stands in a section, without the zeros that fill it up.
pub(crate) fn contents(reader: &mut (impl Read + Seek), range: &Range<u64>, most: u64) -> Option<Vec<u8>> {
    let length = range.end.checked_sub(range.start).filter(|length| *length <= most)?;
    read_at(reader, range.start, usize::try_from(length).ok()?).ok()
}

/// A section's text: up to its first zero, blanks at both ends left out; `None` if there is none.
pub(crate) fn text(bytes: &[u8]) -> Option<String> {
    let text = bytes.split(|byte| *byte == 0).next()?;
    let text = String::from_utf8_lossy(text).trim().to_owned();
    (!text.is_empty()).then_some(text)
}
