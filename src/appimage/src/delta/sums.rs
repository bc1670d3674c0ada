//! The sums of a file's blocks, as a control file of zsync has them. It comes from a stranger: what does not fit together
//! exactly is not used at all.

use super::NoDelta;
use crate::limits;
use crate::release::{ControlFile, head};
use md4::{Digest, Md4};

/// The sums of all blocks of a file. The last block is filled up with zeros.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sums<'a> {
    /// Bytes of a block: a power of two.
    pub(super) block: usize,
    /// Bytes of the whole file.
    pub(super) length: u64,
    /// A block counts as found only together with the one behind it: one alone has too short a sum.
    pub(super) in_pairs: bool,
    /// How many bytes of each weak sum are there.
    weak: usize,
    /// Weak and strong sum of one block after the other.
    entries: &'a [u8],
    /// Bytes of both.
    width: usize,
}

/// Sizes of blocks that occur are 2,048 and 4,096.
const BLOCKS: std::ops::RangeInclusive<usize> = 256..=1 << 20;

impl<'a> Sums<'a> {
    /// Reads them.
    ///
    /// # Errors
    /// [`NoDelta::Control`].
    pub(super) fn read(control: &'a ControlFile) -> Result<Self, NoDelta> {
        Self::parse(control).ok_or(NoDelta::Control)
    }

    fn parse(control: &'a ControlFile) -> Option<Self> {
        let (head, entries) = head(&control.bytes)?;
        // Of packed files, whose sums stand behind a map.
        if head.value("Z-Map2").is_some() {
            return None;
        }
        let block: usize = head.value("Blocksize")?.parse().ok()?;
        let mut lengths = head.value("Hash-Lengths").unwrap_or("1,4,16").split(',').map(|number| number.trim().parse());
        let mut next = || lengths.next()?.ok();
        let (in_row, weak, strong): (usize, usize, usize) = (next()?, next()?, next()?);
        let fits = BLOCKS.contains(&block) && block.is_power_of_two();
        let known = (1..=2).contains(&in_row) && (1..=4).contains(&weak) && (3..=16).contains(&strong);
        if !fits || !known {
            return None;
        }
        let (count, width) = (control.length.div_ceil(block as u64), weak + strong);
        let whole = count.checked_mul(width as u64)? == entries.len() as u64;
        let few = count <= limits::DELTA_BLOCKS && control.length <= limits::APPIMAGE;
        let in_pairs = in_row == 2;
        (whole && few).then_some(Self { block, length: control.length, in_pairs, weak, entries, width })
    }

    /// How many blocks there are.
    pub(super) fn count(&self) -> usize {
        self.entries.len() / self.width
    }

    /// Both sums of a block.
    pub(super) fn entry(&self, block: usize) -> &'a [u8] {
        self.entries.get(block * self.width..(block + 1) * self.width).unwrap_or_default()
    }

    /// The weak sum of a block.
    pub(super) fn weak(&self, block: usize) -> u32 {
        self.entry(block).iter().take(self.weak).fold(0, |sum, byte| sum << 8 | u32::from(*byte))
    }

    /// As much of a weak sum as is known here.
    pub(super) fn known(&self, weak: u32) -> u32 {
        weak & (u32::MAX >> (32 - 8 * self.weak))
    }

    /// Whether these bytes are a block, whose weak sum they have.
    pub(super) fn is(&self, block: usize, strong: &[u8; 16]) -> bool {
        strong.starts_with(self.entry(block).get(self.weak..).unwrap_or(&[0; 17]))
    }
}

/// The strong sum of a block, of which control files have the beginning.
pub(super) fn strong(bytes: &[u8]) -> [u8; 16] {
    Md4::digest(bytes).into()
}
