//! A small generator of numbers (xorshift64*): the same draw for the same seed, on every machine.

#[derive(Debug)]
pub(crate) struct Random(pub(crate) u64);

impl Random {
    /// A number below the limit; 0 if there is none.
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let number = self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33;
        usize::try_from(number).unwrap_or(0) % limit.max(1)
    }
}
