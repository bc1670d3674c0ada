//! What search asks about each app that it finds, of all apps in one piece.

use crate::filter::Marks;
use rusqlite::Connection;

/// What search asks about an app that it finds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Attributes {
    /// 0 to 1000: how likely it is meant, whatever the words.
    pub(crate) prior: u16,
    pub(crate) marks: Marks,
}

/// Bytes of the attributes of an app.
const BYTES: usize = 4;

/// The attributes of all apps, by their numbers.
#[derive(Debug, Default)]
pub(crate) struct AllAttributes(Vec<u8>);

impl AllAttributes {
    /// `None` if there are not as many as apps, whose numbers are the first ones.
    pub(crate) fn read(connection: &Connection) -> rusqlite::Result<Option<Self>> {
        let body: Vec<u8> = connection.query_row("SELECT body FROM attributes", [], |row| row.get(0))?;
        let mut kind = connection.prepare("SELECT 1 FROM part WHERE number = ? AND kind = 0")?;
        let last = i64::try_from(body.len() / BYTES).unwrap_or(i64::MAX - 1);
        let fits =
            body.len().is_multiple_of(BYTES) && (last == 0 || kind.exists([last])?) && !kind.exists([last + 1])?;
        Ok(fits.then_some(Self(body)))
    }

    /// No app has any.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many apps there are.
    pub(crate) fn count(&self) -> usize {
        self.0.len() / 4
    }

    /// The attributes of an app; numbers count from 1. What is not there has none: that there are as many as
    /// apps was checked when they were read, and a number without attributes is never shown first.
    pub(crate) fn of(&self, number: i64) -> Attributes {
        let place = usize::try_from(number.wrapping_sub(1)).unwrap_or(usize::MAX).saturating_mul(BYTES);
        match self.0.get(place..place.saturating_add(BYTES)) {
            Some(&[a, b, c, d]) => {
                Attributes { prior: u16::from_le_bytes([a, b]), marks: Marks::from_bits(u16::from_le_bytes([c, d])) }
            }
            _ => Attributes::default(),
        }
    }
}

/// The attributes of apps in the order of their numbers, as they are kept.
pub(crate) fn packed(all: impl Iterator<Item = Attributes>) -> Vec<u8> {
    let pack = |one: Attributes| {
        let [a, b] = one.prior.to_le_bytes();
        let [c, d] = one.marks.bits().to_le_bytes();
        [a, b, c, d]
    };
    all.flat_map(pack).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_come_back_as_they_were() {
        let one = Attributes { prior: 999, marks: Marks::from_bits(0x8001) };
        let two = Attributes { prior: 1, marks: Marks::default() };
        let all = AllAttributes(packed([one, two].into_iter()));
        assert_eq!((all.of(1), all.of(2)), (one, two));
        for missing in [i64::MIN, -1, 0, 3, i64::MAX] {
            assert_eq!(all.of(missing), Attributes::default(), "{missing}");
        }
    }
}
