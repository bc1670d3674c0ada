//! What of a file has to be fetched, in as few questions as make sense.

use super::Place;
use super::sums::Sums;
use crate::limits;
use std::ops::Range;

/// The bytes of blocks that have no place, in order. Where that would be too many questions, what lies between the nearest
/// ones is fetched again.
pub(super) fn missing(sums: &Sums, places: &[Place]) -> Vec<Range<u64>> {
    let size = sums.block as u64;
    let mut ranges: Vec<Range<u64>> = Vec::new();
    for (number, _) in (0_u64..).zip(places).filter(|(_, place)| **place == Place::Missing) {
        let (start, end) = (number * size, ((number + 1) * size).min(sums.length));
        match ranges.last_mut().filter(|last| last.end == start) {
            Some(last) => last.end = end,
            None => ranges.push(start..end),
        }
    }
    joined(ranges, limits::DELTA_RANGES)
}

/// How many bytes that are.
pub(super) fn bytes(ranges: &[Range<u64>]) -> u64 {
    ranges.iter().map(|range| range.end - range.start).sum()
}

/// At most so many, by filling the smallest gaps.
fn joined(ranges: Vec<Range<u64>>, most: usize) -> Vec<Range<u64>> {
    let Some(surplus) = ranges.len().checked_sub(most.max(1)).filter(|surplus| *surplus > 0) else { return ranges };
    let mut gaps: Vec<_> =
        ranges.windows(2).enumerate().map(|(number, pair)| (pair[1].start - pair[0].end, number + 1)).collect();
    gaps.sort_unstable();
    let mut filled = vec![false; ranges.len()];
    for (_, number) in &gaps[..surplus] {
        filled[*number] = true;
    }
    let mut joined: Vec<Range<u64>> = Vec::new();
    for (range, filled) in ranges.into_iter().zip(filled) {
        match joined.last_mut().filter(|_| filled) {
            Some(last) => last.end = range.end,
            None => joined.push(range),
        }
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_smallest_gaps_are_filled_first() {
        let ranges = vec![0..10, 15..20, 22..30, 90..100];
        assert_eq!(joined(ranges.clone(), 4), ranges);
        assert_eq!(joined(ranges.clone(), 3), [0..10, 15..30, 90..100]);
        assert_eq!(joined(ranges.clone(), 2), [0..30, 90..100]);
        assert_eq!(bytes(&joined(ranges, 1)), 100, "all of it in one");
        assert_eq!(joined(Vec::new(), 1), []);
    }
}
