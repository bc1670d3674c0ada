//! What a search or a list is narrowed to.

use crate::Category;
use strata_model::{AppId, SourceKind};

/// What a search or a list is narrowed to; by default to nothing. Everything that is asked for has to be so.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// It can be had from this source.
    pub source: Option<SourceKind>,
    /// It stands under this tile.
    pub category: Option<Category>,
    /// Its first offer is verified.
    pub verified: bool,
    /// Its licence is a free one.
    pub free: bool,
    /// It fits a phone, by its own word.
    pub phone: bool,
    /// It is one of these: the installed ones.
    pub installed: Option<Vec<AppId>>,
    /// It belongs to this installation.
    pub scope: Option<Scope>,
}

/// An installation, and what is there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scope {
    /// Its name, as in offers: what can be had there belongs to it.
    pub name: String,
    /// What is installed there belongs to it, too.
    pub installed: Vec<AppId>,
}

/// What filters ask about an app, a bit each. Kept for all apps in one piece, so that a search can ask about each app
/// that it finds without another look at the disk.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Marks(u16);

impl Marks {
    const VERIFIED: u16 = 1;
    const FREE: u16 = 1 << 1;
    const PHONE: u16 = 1 << 2;
    const SOURCES: u32 = 3;
    const TILES: u32 = 6;

    pub(crate) fn set_verified(&mut self, yes: bool) {
        self.0 |= u16::from(yes) * Self::VERIFIED;
    }

    pub(crate) fn set_free(&mut self, yes: bool) {
        self.0 |= u16::from(yes) * Self::FREE;
    }

    pub(crate) fn set_phone(&mut self, yes: bool) {
        self.0 |= u16::from(yes) * Self::PHONE;
    }

    pub(crate) fn add_source(&mut self, source: SourceKind) {
        self.0 |= 1 << (Self::SOURCES + source as u32);
    }

    pub(crate) fn add_tile(&mut self, tile: Category) {
        self.0 |= 1 << (Self::TILES + tile as u32);
    }

    /// What a filter wants to be set; which apps are installed is no mark.
    pub(crate) fn wanted(filter: &Filter) -> Self {
        let mut marks = Self::default();
        marks.set_verified(filter.verified);
        marks.set_free(filter.free);
        marks.set_phone(filter.phone);
        if let Some(source) = filter.source {
            marks.add_source(source);
        }
        if let Some(tile) = filter.category {
            marks.add_tile(tile);
        }
        marks
    }

    pub(crate) fn has(self, wanted: Self) -> bool {
        self.0 & wanted.0 == wanted.0
    }

    pub(crate) fn bits(self) -> u16 {
        self.0
    }

    pub(crate) fn from_bits(bits: u16) -> Self {
        Self(bits)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_source_and_tile_has_a_bit_of_its_own() {
        let mut all = Marks::default();
        let sources = [SourceKind::Flatpak, SourceKind::AppImage, SourceKind::Package];
        let one = |filter: &Filter| Marks::wanted(filter);
        let filters = [
            Filter { verified: true, ..Filter::default() },
            Filter { free: true, ..Filter::default() },
            Filter { phone: true, ..Filter::default() },
        ];
        let of_source = |source| Filter { source: Some(source), ..Filter::default() };
        let of_tile = |tile| Filter { category: Some(tile), ..Filter::default() };
        let filters = filters.into_iter().chain(sources.map(of_source)).chain(Category::ALL.map(of_tile));
        for filter in filters {
            let wanted = one(&filter);
            assert_eq!((wanted.bits().count_ones(), wanted.bits() & all.bits()), (1, 0), "{filter:?}");
            all = Marks::from_bits(all.bits() | wanted.bits());
            assert!(all.has(wanted));
        }
        assert!(Marks::default().has(Marks::wanted(&Filter::default())), "nothing wanted, nothing missed");
    }
}
