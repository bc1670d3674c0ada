//! What is here already of a new version is put into its part.

use super::sums::{Sums, strong};
use super::weak::Weak;
use super::{Delta, NoDelta, Place, Stopped, ranges, scan::scan};
use crate::download::DownloadError;
use crate::download::part::{NOTE, room};
use crate::limits;
use rustix::fs::OFlags;
use std::fs::File;
use std::io::{self, BufReader, ErrorKind, Read};
use std::ops::Range;
use std::os::unix::fs::{FileExt, OpenOptionsExt};
use std::path::Path;

/// What a new version still lacks.
#[derive(Debug)]
pub(super) struct Blocks {
    /// What has to be fetched.
    pub(super) missing: Vec<Range<u64>>,
    /// Bytes of the whole.
    pub(super) length: u64,
}

/// Most bytes that are copied at once.
const PIECE: usize = 1 << 20;

/// Looks for what is here, and puts it into its place where the rest is worth fetching. Waits for the disk.
pub(super) fn prepare(delta: &Delta, wanted: &dyn Fn() -> bool) -> Result<Blocks, Stopped> {
    let sums = Sums::read(&delta.control)?;
    let old = open(&delta.old).map_err(|error| NoDelta::Old(error.to_string()))?;
    let mut places = vec![Place::Missing; sums.count()];
    let on_disk = |error| DownloadError::of_disk(error, sums.length);
    in_place(&sums, &delta.part, &mut places, wanted)?;
    scan(&sums, &mut (&old).take(limits::APPIMAGE), &mut places, wanted)?;
    let missing = ranges::missing(&sums, &places);
    let (fetched, length) = (ranges::bytes(&missing), sums.length);
    if u128::from(fetched) * 100 > u128::from(length) * u128::from(limits::DELTA_SHARE) {
        return Err(NoDelta::Dear { fetched, length }.into());
    }
    let here = places.iter().filter(|place| **place == Place::Here).count() as u64 * sums.block as u64;
    room(&delta.part, length.saturating_sub(here))?;
    // From now on it is no beginning of the file any more.
    gone(std::fs::remove_file(delta.part.with_extension(NOTE))).map_err(on_disk)?;
    let part = options().write(true).create(true).truncate(false).mode(0o644).open(&delta.part).map_err(on_disk)?;
    copy(&sums, &old, &part, &places, wanted)?;
    Ok(Blocks { missing, length })
}

/// A file of which a link is none.
fn options() -> std::fs::OpenOptions {
    let mut options = File::options();
    options.custom_flags((OFlags::NOFOLLOW | OFlags::NONBLOCK).bits().cast_signed());
    options
}

fn open(path: &Path) -> io::Result<File> {
    let file = options().read(true).open(path)?;
    let regular = file.metadata()?.is_file();
    regular.then_some(file).ok_or_else(|| io::Error::new(ErrorKind::InvalidInput, "this is no regular file"))
}

fn gone(removed: io::Result<()>) -> io::Result<()> {
    match removed {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Finds blocks that an earlier try put into their places, by whatever way it went.
fn in_place(sums: &Sums, part: &Path, places: &mut [Place], wanted: &dyn Fn() -> bool) -> Result<(), NoDelta> {
    // Without one, or with what cannot be read, all of it is put together anew.
    let Ok(part) = open(part) else { return Ok(()) };
    let length = part.metadata().map_or(0, |metadata| metadata.len());
    let mut reader = BufReader::with_capacity(PIECE, part);
    let mut bytes = vec![0; sums.block];
    for (block, (end, place)) in (1_u64..).map(|number| number * sums.block as u64).zip(places).enumerate() {
        let start = end - sums.block as u64;
        let there = usize::try_from(end.min(sums.length).min(length).saturating_sub(start)).unwrap_or_default();
        if end.min(sums.length) > length || !wanted() || reader.read_exact(&mut bytes[..there]).is_err() {
            break;
        }
        bytes[there..].fill(0);
        let weak = sums.known(Weak::of(&bytes).value());
        if weak == sums.weak(block) && sums.is(block, &strong(&bytes)) {
            *place = Place::Here;
        }
    }
    if wanted() { Ok(()) } else { Err(NoDelta::Unwanted) }
}

/// Copies what the old file has, in as long runs as there are.
fn copy(sums: &Sums, old: &File, part: &File, places: &[Place], wanted: &dyn Fn() -> bool) -> Result<(), Stopped> {
    let size = sums.block as u64;
    let most = PIECE / sums.block.min(PIECE);
    let mut buffer = Vec::new();
    let mut block = 0;
    while block < places.len() {
        let Place::Old(from) = places[block] else {
            block += 1;
            continue;
        };
        let follows = |number: u64| places.get(block + usize::try_from(number).ok()?).copied();
        let run = (1..most as u64).take_while(|number| follows(*number) == Some(Place::Old(from + number * size)));
        let blocks = 1 + run.count();
        let start = block as u64 * size;
        let length = (blocks as u64 * size).min(sums.length - start);
        buffer.resize(usize::try_from(length).unwrap_or_default(), 0);
        read_padded(old, &mut buffer, from).map_err(|error| NoDelta::Old(error.to_string()))?;
        part.write_all_at(&buffer, start).map_err(|error| DownloadError::of_disk(error, sums.length))?;
        block += blocks;
        if !wanted() {
            return Err(NoDelta::Unwanted.into());
        }
    }
    Ok(())
}

/// Reads from a place on; behind the end there are zeros, as when it was looked through.
fn read_padded(file: &File, mut buffer: &mut [u8], mut at: u64) -> io::Result<()> {
    while !buffer.is_empty() {
        let read = file.read_at(buffer, at)?;
        if read == 0 {
            buffer.fill(0);
            break;
        }
        buffer = &mut buffer[read..];
        at += read as u64;
    }
    Ok(())
}
