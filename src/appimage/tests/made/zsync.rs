//! Control files as `zsyncmake` makes them, and what to try them with.

#![allow(dead_code)] // each test takes what it needs

use md4::{Digest, Md4};
use sha1::Sha1;

/// The lengths of sums: blocks in a row, bytes of the weak one, bytes of the strong one.
pub(crate) type Lengths = (u8, u8, u8);

/// What tools choose for files of a few megabytes.
pub(crate) const USUAL: Lengths = (2, 2, 5);

/// The control file of a file that lies at an address.
pub(crate) fn control(file: &[u8], url: &str, block: usize, (row, weak, strong): Lengths) -> Vec<u8> {
    let sum = Sha1::digest(file).iter().fold(String::new(), |text, byte| format!("{text}{byte:02x}"));
    let head = format!(
        "zsync: 0.6.2\nFilename: App.AppImage\nBlocksize: {block}\nLength: {}\nHash-Lengths: {row},{weak},{strong}\nURL: {url}\nSHA-1: {sum}\n\n",
        file.len()
    );
    let sums = file.chunks(block).flat_map(|bytes| {
        let mut bytes = bytes.to_vec();
        bytes.resize(block, 0);
        let full = Md4::digest(&bytes);
        weak_of(&bytes).to_be_bytes()[4 - usize::from(weak)..]
            .iter()
            .chain(&full[..usize::from(strong)])
            .copied()
            .collect::<Vec<_>>()
    });
    head.into_bytes().into_iter().chain(sums).collect()
}

/// As it is defined: the sum of the bytes, and the sum of each times how many are from it to the end.
fn weak_of(bytes: &[u8]) -> u32 {
    let weighed = bytes.iter().rev().zip(1_u32..).map(|(byte, times)| u32::from(*byte).wrapping_mul(times));
    let plain = bytes.iter().map(|byte| u32::from(*byte)).sum::<u32>();
    (plain & 0xffff) << 16 | weighed.fold(0, u32::wrapping_add) & 0xffff
}

/// Bytes that look like packed ones: no block is like another.
pub(crate) fn noise(seed: u64, length: usize) -> Vec<u8> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut next = move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_be_bytes()[3]
    };
    std::iter::repeat_with(&mut next).take(length).collect()
}
