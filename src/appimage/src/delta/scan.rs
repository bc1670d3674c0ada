//! Which blocks of a new file are in an old one, and where.

use super::index::{Index, Look};
use super::sums::{Sums, strong};
use super::weak::Weak;
use super::{NoDelta, Place};
use std::collections::HashMap;
use std::io::{self, Read};

/// How much of the old file is looked at between two questions whether it is still wanted.
const PIECE: usize = 1 << 20;
/// How many bytes may be weighed in vain for each byte of the old file, and for the beginning: real files need less than
/// one; a control file made for nothing else would take days.
const VAIN: u64 = 8;
/// What looking at a block of a chain costs, in weighed bytes.
const STEP: u64 = 16;

/// Looks for the blocks that have no place yet in what `old` has. `wanted` says whether anybody still waits for it.
///
/// # Errors
/// [`NoDelta`], as far as it is about the old file and the work that it takes.
pub(super) fn scan(
    sums: &Sums,
    old: &mut impl Read,
    places: &mut [Place],
    wanted: &dyn Fn() -> bool,
) -> Result<(), NoDelta> {
    let index = Index::of(sums, |block| is_wanted(sums, places, block));
    let context = if sums.in_pairs { 2 * sums.block } else { sums.block };
    let mut scan = Scan { sums, index, places, context, budget: PIECE as u64 * VAIN, expected: None };
    let mut window = Window { bytes: Vec::new(), start: 0, ended: false };
    let mut at = 0;
    while window.more(old, at, context)? {
        scan.budget = scan.budget.saturating_add(PIECE as u64 * VAIN);
        at = scan.piece(&window.bytes, window.start)?;
        if !wanted() {
            return Err(NoDelta::Unwanted);
        }
    }
    again(sums, places);
    Ok(())
}

/// A file may have the same block several times: those that are like one that was found are where it is.
fn again(sums: &Sums, places: &mut [Place]) {
    let mut found = HashMap::new();
    for (block, place) in places.iter().enumerate().filter(|(_, place)| matches!(place, Place::Old(_))) {
        found.entry(sums.entry(block)).or_insert(*place);
    }
    for (block, place) in places.iter_mut().enumerate().filter(|(_, place)| **place == Place::Missing) {
        *place = found.get(sums.entry(block)).copied().unwrap_or(Place::Missing);
    }
}

struct Scan<'a> {
    sums: &'a Sums<'a>,
    index: Index,
    places: &'a mut [Place],
    /// Bytes that are looked at together.
    context: usize,
    /// Bytes that may still be weighed in vain.
    budget: u64,
    /// The block that should come next: files stay the same in long runs.
    expected: Option<usize>,
}

impl Scan<'_> {
    /// Looks at every place where enough is behind it, and says at which it ended.
    fn piece(&mut self, bytes: &[u8], start: u64) -> Result<usize, NoDelta> {
        let block = self.sums.block;
        let mut at = 0;
        // One more, which comes in when it is moved on.
        while at + self.context < bytes.len() {
            let (mut one, mut two) = self.weak(&bytes[at..]);
            let mut found = self.follows(&bytes[at..], one, start + at as u64)?;
            while found == 0 && at + self.context < bytes.len() {
                let (weak, second) = (self.sums.known(one.value()), self.sums.known(two.value()));
                let hash = Index::hash(weak, second);
                if self.index.may_have(hash) {
                    found = self.look_up(&bytes[at..], (weak, second), hash, start + at as u64)?;
                    if found > 0 {
                        break;
                    }
                }
                one.roll(bytes[at], bytes[at + block], block);
                if self.sums.in_pairs {
                    two.roll(bytes[at + block], bytes[at + 2 * block], block);
                }
                at += 1;
            }
            at += found * block;
        }
        Ok(at)
    }

    fn weak(&self, bytes: &[u8]) -> (Weak, Weak) {
        let block = self.sums.block;
        let second = if self.sums.in_pairs { Weak::of(&bytes[block..2 * block]) } else { Weak::default() };
        (Weak::of(&bytes[..block]), second)
    }

    /// Whether the block that is expected here is; how many blocks that are.
    fn follows(&mut self, bytes: &[u8], weak: Weak, at: u64) -> Result<usize, NoDelta> {
        let Some(block) = self.expected.take().filter(|block| *block < self.sums.count()) else { return Ok(0) };
        if self.sums.weak(block) != self.sums.known(weak.value()) {
            return Ok(0);
        }
        if !self.sums.is(block, &strong(&bytes[..self.sums.block])) {
            self.spend(self.sums.block as u64)?;
            return Ok(0);
        }
        self.put(block, at);
        self.expected = Some(block + 1);
        Ok(1)
    }

    /// Whether a block with these sums, of pairs two, is what is here; how many blocks that are.
    fn look_up(&mut self, bytes: &[u8], weak: (u32, u32), hash: u64, at: u64) -> Result<usize, NoDelta> {
        let (sums, size) = (self.sums, self.sums.block);
        let (mut steps, mut weighed) = (0, None);
        let places = &*self.places;
        let found = self.index.find(hash, |block| {
            steps += 1;
            if !is_wanted(sums, places, block) {
                return Look::Drop;
            }
            if weak.0 != sums.weak(block) || sums.in_pairs && weak.1 != sums.weak(block + 1) {
                return Look::Pass;
            }
            let (first, second) = *weighed.get_or_insert_with(|| {
                let second = if sums.in_pairs { strong(&bytes[size..2 * size]) } else { [0; 16] };
                (strong(&bytes[..size]), second)
            });
            let is = sums.is(block, &first) && (!sums.in_pairs || sums.is(block + 1, &second));
            if is { Look::Take } else { Look::Pass }
        });
        self.spend(steps * STEP)?;
        let Some(block) = found else {
            self.spend(if weighed.is_some() { self.context as u64 } else { 0 })?;
            return Ok(0);
        };
        let blocks = self.context / size;
        for (block, at) in (block..block + blocks).zip((at..).step_by(size)) {
            self.put(block, at);
        }
        self.expected = Some(block + blocks);
        Ok(blocks)
    }

    fn put(&mut self, block: usize, at: u64) {
        if self.places[block] == Place::Missing {
            self.places[block] = Place::Old(at);
        }
    }

    fn spend(&mut self, bytes: u64) -> Result<(), NoDelta> {
        self.budget = self.budget.checked_sub(bytes).ok_or(NoDelta::Laborious)?;
        Ok(())
    }
}

/// Whether a block, or the one that is found together with it, has no place yet.
fn is_wanted(sums: &Sums, places: &[Place], block: usize) -> bool {
    let last = if sums.in_pairs { block + 1 } else { block };
    places[block..=last].contains(&Place::Missing)
}

/// A part of the old file, which moves on over it, and zeros behind its end: the last block is filled up with them.
struct Window {
    bytes: Vec<u8>,
    /// Where the first of them is in the file.
    start: u64,
    ended: bool,
}

impl Window {
    /// Lets go of what is before `at`, and reads on. `false` if there is nothing more to look at.
    fn more(&mut self, old: &mut impl Read, at: usize, context: usize) -> Result<bool, NoDelta> {
        if self.ended {
            return Ok(false);
        }
        self.bytes.drain(..at);
        self.start += at as u64;
        let before = self.bytes.len();
        let mut piece = old.take(PIECE as u64);
        piece.read_to_end(&mut self.bytes).map_err(|error: io::Error| NoDelta::Old(error.to_string()))?;
        if self.bytes.len() < before + PIECE {
            self.ended = true;
            self.bytes.resize(self.bytes.len() + context, 0);
        }
        Ok(true)
    }
}
