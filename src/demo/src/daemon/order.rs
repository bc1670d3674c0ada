//! The order of a dictionary's keys, as rpm-ostreed sends them.
//!
//! The daemon makes its dictionaries with `GVariantDict`, which is GLib's hash table: keys come out in the order of
//! their places in it. Those follow from the text of the keys and, where two want the same place, from the order of
//! insertion. So the recorded orders need not be listed: they are computed, for dictionaries that nobody recorded too.

use super::data::Data;

/// The table's sizes are powers of two, and these primes just below them.
const PRIMES: [u32; 11] = [1, 2, 3, 7, 13, 31, 61, 127, 251, 509, 1021];
const SMALLEST: usize = 3;

/// An `a{sv}` whose entries were inserted in this order.
pub(super) fn dictionary<'key>(inserted: impl IntoIterator<Item = (&'key str, Data)>) -> Data {
    let mut table = Table::new();
    for entry in inserted {
        table.insert(entry);
    }
    Data::pairs(table.places.into_iter().flatten().map(|(_, entry)| entry))
}

/// These keys in the order in which the table has them.
pub(super) fn ordered<T>(inserted: impl IntoIterator<Item = (String, T)>) -> Vec<T> {
    let inserted: Vec<(String, T)> = inserted.into_iter().collect();
    let mut table = Table::new();
    let (keys, values): (Vec<String>, Vec<T>) = inserted.into_iter().unzip();
    for (key, value) in keys.iter().zip(values) {
        table.insert((key, value));
    }
    table.places.into_iter().flatten().map(|(_, (_, value))| value).collect()
}

/// Open addressing with growing steps, as GLib does it since 2.60.
struct Table<'key, T> {
    places: Vec<Option<(u32, (&'key str, T))>>,
    prime: u32,
    filled: usize,
}

impl<'key, T> Table<'key, T> {
    fn new() -> Self {
        let mut places = Vec::new();
        places.resize_with(1 << SMALLEST, || None);
        Self { places, prime: PRIMES[SMALLEST], filled: 0 }
    }

    fn insert(&mut self, entry: (&'key str, T)) {
        let hash = hash(entry.0);
        let mut place = wanted(hash, self.prime);
        let mut step = 0;
        while self.places[place].as_ref().is_some_and(|(_, known)| known.0 != entry.0) {
            step += 1;
            place = (place + step) % self.places.len();
        }
        if self.places[place].replace((hash, entry)).is_none() {
            self.filled += 1;
            if self.places.len() <= self.filled + self.filled / 16 {
                self.grow();
            }
        }
    }

    /// Moves everything to its place in a larger table. What is pushed out of its place moves next.
    fn grow(&mut self) {
        // A third more than what is in it, in whole powers of two.
        let room = self.filled * 1333 / 1000;
        let shift = (usize::BITS - room.leading_zeros()) as usize;
        let shift = shift.clamp(SMALLEST, PRIMES.len() - 1);
        let old = self.places.len();
        self.prime = PRIMES[shift];
        self.places.resize_with((1 << shift).max(old), || None);
        let mut settled = vec![false; self.places.len()];
        for place in 0..old {
            if settled[place] {
                continue;
            }
            let mut moving = self.places[place].take();
            while let Some(entry) = moving {
                let mut to = wanted(entry.0, self.prime);
                let mut step = 0;
                while settled[to] {
                    step += 1;
                    to = (to + step) % settled.len();
                }
                settled[to] = true;
                moving = self.places[to].replace(entry);
            }
        }
    }
}

fn wanted(hash: u32, prime: u32) -> usize {
    (hash.wrapping_mul(11) % prime) as usize
}

/// `g_str_hash`; 0 and 1 mark empty places.
fn hash(key: &str) -> u32 {
    let hash = key
        .bytes()
        .fold(5381_u32, |hash, byte| hash.wrapping_mul(33).wrapping_add_signed(i32::from(byte.cast_signed())));
    hash.max(2)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(inserted: &[&str]) -> Vec<String> {
        ordered(inserted.iter().map(|key| ((*key).to_owned(), (*key).to_owned())))
    }

    #[test]
    fn dictionaries_come_out_as_recorded() {
        let cases: [(&[&str], &[&str], &str); 4] = [
            (
                &["id", "description", "is-devel", "is-source", "is-enabled"],
                &["is-devel", "is-enabled", "id", "description", "is-source"],
                "a repository, list-repos",
            ),
            (
                &["upgraded", "downgraded", "removed", "added"],
                &["downgraded", "removed", "upgraded", "added"],
                "an update's packages, upgrade-check",
            ),
            (
                &["total", "total-size", "n-removed", "removed-size", "n-added", "added-size"],
                &["n-added", "n-removed", "removed-size", "total-size", "total", "added-size"],
                "an image's layers, container-upgrade-check",
            ),
            (&["RIG-2026-0001", "RIG-2026-0002"], &["RIG-2026-0002", "RIG-2026-0001"], "advisories, by their ids"),
        ];
        for (inserted, recorded, what) in cases {
            assert_eq!(keys(inserted), recorded, "{what}");
        }
    }

    #[test]
    fn a_key_that_is_inserted_twice_is_there_once() {
        assert_eq!(keys(&["a", "a"]), ["a"]);
    }
}
