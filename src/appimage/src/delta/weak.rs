//! The weak sum of a block, which can be moved on by a byte without reading the block again.
//! <http://zsync.moria.org.uk/paper/>

/// The sum of some bytes, and the sum of the sums.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Weak {
    plain: u16,
    weighed: u16,
}

impl Weak {
    pub(super) fn of(bytes: &[u8]) -> Self {
        bytes.iter().fold(Self::default(), |sum, byte| {
            let plain = sum.plain.wrapping_add(u16::from(*byte));
            Self { plain, weighed: sum.weighed.wrapping_add(plain) }
        })
    }

    /// One byte leaves at the front and one comes at the end of a block, whose size is a power of two.
    pub(super) fn roll(&mut self, leaves: u8, comes: u8, block: usize) {
        self.plain = self.plain.wrapping_add(u16::from(comes)).wrapping_sub(u16::from(leaves));
        // Of the size only what sixteen bits can see counts, as everywhere here.
        let weight = u16::try_from(block & 0xffff).unwrap_or_default();
        self.weighed = self.weighed.wrapping_add(self.plain).wrapping_sub(u16::from(leaves).wrapping_mul(weight));
    }

    pub(super) fn value(self) -> u32 {
        u32::from(self.plain) << 16 | u32::from(self.weighed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moved_on_it_is_the_sum_of_where_it_is() {
        let bytes: Vec<u8> =
            (0..200_000_u32).map(|number| number.wrapping_mul(2_654_435_761).to_be_bytes()[1]).collect();
        for block in [256, 2048, 1 << 17] {
            let mut sum = Weak::of(&bytes[..block]);
            for at in 0..3000 {
                assert_eq!(sum, Weak::of(&bytes[at..at + block]), "{block} at {at}");
                sum.roll(bytes[at], bytes[at + block], block);
            }
        }
        // The sum of 1, 2, 3, and 3·1 + 2·2 + 1·3.
        assert_eq!(Weak::of(&[1, 2, 3]).value(), 0x6_000a);
    }
}
