//! Blocks by their weak sums, for a question at each byte of a file.

use super::sums::Sums;

/// Blocks by their weak sums.
#[derive(Debug)]
pub(super) struct Index {
    /// Bits for the sums that there are, eight times as many as blocks: most questions end here.
    seen: Vec<u64>,
    /// The first block of each chain.
    first: Vec<u32>,
    /// The one behind each block in its chain.
    next: Vec<u32>,
    shift: u32,
}

/// What becomes of a block that is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Look {
    /// It is the one.
    Take,
    /// It is another one.
    Pass,
    /// Nobody looks for it any more.
    Drop,
}

/// The end of a chain.
const END: u32 = u32::MAX;

impl Index {
    /// The blocks that are still looked for. Of pairs the last block has no second, and is found behind another only.
    pub(super) fn of(sums: &Sums, wanted: impl Fn(usize) -> bool) -> Self {
        let count = sums.count();
        let bits = count.next_power_of_two().trailing_zeros().max(6);
        let mut index = Self {
            seen: vec![0; 1 << (bits + 3 - 6)],
            first: vec![END; 1 << bits],
            next: vec![END; count],
            shift: 64 - bits,
        };
        let keyed = if sums.in_pairs { count.saturating_sub(1) } else { count };
        // Backwards, so that chains lead forwards.
        for block in (0..keyed).rev().filter(|block| wanted(*block)) {
            let second = if sums.in_pairs { sums.weak(block + 1) } else { 0 };
            let hash = Self::hash(sums.weak(block), second);
            let (word, bit) = index.bit(hash);
            index.seen[word] |= bit;
            let chain = index.chain(hash);
            index.next[block] = index.first[chain];
            index.first[chain] = u32::try_from(block).unwrap_or(END);
        }
        index
    }

    /// What a block, together with the one behind it, is looked for by.
    pub(super) fn hash(weak: u32, second: u32) -> u64 {
        (u64::from(weak) << 32 | u64::from(second)).wrapping_mul(0x9e37_79b9_7f4a_7c15)
    }

    /// Whether there may be blocks of this sum.
    pub(super) fn may_have(&self, hash: u64) -> bool {
        let (word, bit) = self.bit(hash);
        self.seen[word] & bit != 0
    }

    /// The first block in the chain of a sum, where others are too, that `look` takes. What it drops stays out of the chain
    /// from now on.
    pub(super) fn find(&mut self, hash: u64, mut look: impl FnMut(usize) -> Look) -> Option<usize> {
        let chain = self.chain(hash);
        let (mut before, mut at) = (None, self.first[chain]);
        while at != END {
            let (block, next) = (at as usize, self.next[at as usize]);
            match (look(block), before) {
                (Look::Take, _) => return Some(block),
                (Look::Pass, _) => before = Some(block),
                (Look::Drop, None) => self.first[chain] = next,
                (Look::Drop, Some(before)) => self.next[before] = next,
            }
            at = next;
        }
        None
    }

    fn chain(&self, hash: u64) -> usize {
        place(hash >> self.shift)
    }

    fn bit(&self, hash: u64) -> (usize, u64) {
        let bit = hash >> (self.shift - 3);
        (place(bit >> 6), 1 << (bit & 63))
    }
}

/// A number of a few bits as a place in a list.
fn place(number: u64) -> usize {
    usize::try_from(number).unwrap_or_default()
}
