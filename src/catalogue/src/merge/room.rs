//! How much the entries of one feed may take. Each entry is bounded by itself, and two hundred thousand of the largest
//! ones would still be more than any machine has.

use crate::LossReason;
use crate::part::Part;
use crate::store::keys;
use std::mem::size_of;
use strata_model::Offer;
use strata_model::evidence::Evidence;

/// Most bytes that the entries of one feed take in memory until the catalogue is written: a list of 20,000 apps fits.
const MOST_MEMORY: usize = 128 << 20;
/// Most bytes that they take on the disk, each as it was read.
const MOST_DISK: usize = 256 << 20;
/// What a part takes beside its own fields until it is written: its places in maps and orders.
const AROUND_PART: usize = 256;
/// The same for a text in a list, and for a further id, which a map has once more.
const AROUND_TEXT: usize = 32;
const AROUND_ALIAS: usize = 128;

/// What the entries of a feed may still take.
#[derive(Debug)]
pub(super) struct Room {
    memory: usize,
    disk: usize,
}

impl Default for Room {
    fn default() -> Self {
        Self { memory: MOST_MEMORY, disk: MOST_DISK }
    }
}

impl Room {
    /// With other bounds.
    #[cfg(test)]
    pub(super) fn of(memory: usize, disk: usize) -> Self {
        Self { memory, disk }
    }

    /// Takes both, or nothing where there is not enough of one: a smaller entry may still fit.
    pub(super) fn take(&mut self, memory: usize, disk: usize) -> Result<(), LossReason> {
        let left = self.memory.checked_sub(memory).zip(self.disk.checked_sub(disk));
        let (memory, disk) = left.ok_or(LossReason::NoRoom)?;
        *self = Self { memory, disk };
        Ok(())
    }
}

/// What a part takes until it is written, no less.
pub(super) fn of_part(part: &Part) -> usize {
    let texts = |texts: &[String]| texts.iter().map(|text| text.len() + AROUND_TEXT).sum::<usize>();
    let lines = [&part.name, &part.summary, &part.developer, &part.shown_from.1];
    let icons = [&part.icon.small, &part.icon.large].into_iter().flatten().map(|path| path.as_os_str().len());
    // The orders of parts have the name and the id once more, and maps the id.
    let own = 3 * part.id.as_str().len() + part.name.len() + lines.into_iter().map(String::len).sum::<usize>();
    // A category is a row as well.
    let lists = texts(&part.names)
        + texts(&part.inner_names)
        + 2 * texts(&part.categories)
        + texts(&part.extends)
        + 2 * texts(&part.projects);
    let aliases = part.aliases.iter().map(|alias| of_alias(alias)).sum::<usize>();
    let words = part.words.as_ref().map_or(0, crate::search::words::Words::bytes);
    let keys = keys::bytes(part);
    let fixed = size_of::<Part>() + AROUND_PART + icons.sum::<usize>();
    let remote = part.icon.remote.as_ref().map_or(0, String::len);
    fixed + remote + own + lists + aliases + words + keys + of_offers(&part.offers)
}

/// What a further id takes.
pub(super) fn of_alias(alias: &str) -> usize {
    2 * alias.len() + AROUND_ALIAS
}

/// What offers take.
pub(super) fn of_offers(offers: &[Offer]) -> usize {
    let of_offer = |offer: &Offer| {
        let id = &offer.id;
        let texts =
            [&id.scope, &id.origin, &id.reference, &offer.list, &offer.launcher, &offer.version, &offer.runtime];
        let evidence = offer.evidence.iter().map(|evidence| size_of::<Evidence>() + evidence.detail.len());
        size_of::<Offer>()
            + evidence.sum::<usize>()
            + texts.into_iter().map(|text| text.len() + AROUND_TEXT).sum::<usize>()
    };
    offers.iter().map(of_offer).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_fit_takes_nothing() {
        let mut room = Room::of(10, 10);
        let cases = [
            ((6, 1), Ok(()), "there is room"),
            ((5, 0), Err(LossReason::NoRoom), "not in memory"),
            ((1, 10), Err(LossReason::NoRoom), "not on the disk"),
            ((4, 9), Ok(()), "what was refused took nothing"),
            ((0, 0), Ok(()), "nothing always fits"),
            ((1, 0), Err(LossReason::NoRoom), "full"),
        ];
        for ((memory, disk), expected, reason) in cases {
            assert_eq!(room.take(memory, disk), expected, "{reason}");
        }
    }
}
