//! What is known of one app, add-on or runtime until all feeds are read.

use crate::Category;
use crate::filter::Marks;
use crate::popularity::Uses;
use crate::prior::Prior;
use crate::search::words::Words;
use crate::store::schema::{KIND_APP, STANDING_FOUND, STANDING_FRONT, STANDING_HIDDEN};
use strata_model::app::Icon;
use strata_model::parental::Guard;
use strata_model::settings::Sources;
use strata_model::{AppId, Obstacle, Offer, SourceKind, order};

/// Most offers of one part.
const MOST_OFFERS: usize = 100;
/// Most further ids of one part.
const MOST_ALIASES: usize = 50;

/// What is known of a part until all feeds are read.
#[derive(Debug)]
pub(crate) struct Part {
    /// Its row of `detail`, by the order in which parts came.
    pub(crate) detail: i64,
    /// Where the entry comes from that is shown.
    pub(crate) shown_from: (SourceKind, String),
    pub(crate) kind: i64,
    pub(crate) id: AppId,
    pub(crate) name: String,
    /// Its name in all languages, folded.
    pub(crate) names: Vec<String>,
    /// The same from each inner word on, of those that are written as one.
    pub(crate) inner_names: Vec<String>,
    pub(crate) summary: String,
    pub(crate) developer: String,
    pub(crate) icon: Icon,
    pub(crate) categories: Vec<String>,
    pub(crate) updated: i64,
    pub(crate) first: i64,
    pub(crate) offers: Vec<Offer>,
    /// What search looks through; only apps are searched for.
    pub(crate) words: Option<Words>,
    pub(crate) aliases: Vec<String>,
    pub(crate) extends: Vec<String>,
    /// The projects that it says are its own.
    pub(crate) projects: Vec<String>,
    pub(crate) upkeep: u16,
    /// How many people use it, if an origin says so.
    pub(crate) popularity: Uses,
    /// Its licence is a free one.
    pub(crate) free: bool,
    /// Nobody looks after it any more.
    pub(crate) neglected: bool,
    /// It fits a phone, by its own word.
    pub(crate) phone: bool,
}

impl Part {
    /// Takes in offers that are not known yet, and what one more origin says of its popularity.
    pub(crate) fn add(&mut self, offers: Vec<Offer>, popularity: Uses) {
        for offer in offers {
            if self.offers.len() < MOST_OFFERS && self.offers.iter().all(|known| known.id != offer.id) {
                self.offers.push(offer);
            }
        }
        self.popularity = self.popularity.or(popularity);
    }

    /// A further id by which it is known.
    pub(crate) fn add_alias(&mut self, id: String) {
        if !id.is_empty() && self.aliases.len() < MOST_ALIASES && !self.aliases.contains(&id) {
            self.aliases.push(id);
        }
    }

    /// Best first. Stable: among equals the feeds' own order counts.
    pub(crate) fn order_offers(&mut self, sources: &Sources) {
        self.offers.sort_by_key(|offer| order::place(offer, sources));
    }

    pub(crate) fn is_app(&self) -> bool {
        self.kind == KIND_APP
    }

    /// The offer that comes first is verified, and what is shown is its origin's own entry: what an origin says of its
    /// own says nothing of what another one calls by the same id.
    pub(crate) fn verified(&self) -> bool {
        let (source, origin) = &self.shown_from;
        self.offers
            .first()
            .is_some_and(|offer| offer.verified && offer.id.source == *source && offer.id.origin == *origin)
    }

    /// Where it is shown: see the schema.
    pub(crate) fn standing(&self) -> i64 {
        use Obstacle::{Guarded, Hidden, SourceOff};
        // What somebody is not to see because of its content is in no list, as malcontent wants it.
        let unsuitable = |guard: Guard| matches!(guard, Guard::Content | Guard::Unrated);
        let is_hidden = |offer: &Offer| match offer.obstacle {
            Some(Hidden { .. } | SourceOff { .. }) => true,
            Some(Guarded { guard }) => unsuitable(guard),
            _ => false,
        };
        // Where nothing may be installed, that speaks against none in particular. Anybody may have their AppImage listed.
        let is_free = |offer: &Offer| {
            offer.id.source != SourceKind::AppImage
                && matches!(offer.obstacle, None | Some(Guarded { guard: Guard::Installing }))
        };
        match self.offers.as_slice() {
            [_, ..] if self.offers.iter().all(is_hidden) => STANDING_HIDDEN,
            offers if offers.iter().any(is_free) => STANDING_FRONT,
            _ => STANDING_FOUND,
        }
    }

    /// It is an app that the lists of a store begin with.
    pub(crate) fn is_at_front(&self) -> bool {
        self.is_app() && self.standing() == STANDING_FRONT
    }

    /// It is in lists, and found by search.
    pub(crate) fn is_listed(&self) -> bool {
        self.is_app() && self.standing() != STANDING_HIDDEN
    }

    /// The sources of its offers, best first, each once, without those that are switched off, unless all are.
    pub(crate) fn sources(&self) -> String {
        let mut names: Vec<&str> = Vec::new();
        let is_hidden = !self.offers.iter().any(is_on);
        for offer in self.offers.iter().filter(|offer| is_hidden || is_on(offer)) {
            let name = offer.id.source.as_str();
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names.join(",")
    }

    /// The system's image carries it as a package.
    pub(crate) fn is_carried(&self) -> bool {
        self.offers.iter().any(|offer| offer.obstacle == Some(Obstacle::InSystem))
    }

    /// How likely it is meant, whatever the words.
    pub(crate) fn prior(&self) -> Prior {
        Prior {
            upkeep: self.upkeep,
            verified: self.verified(),
            popularity: self.popularity.score,
            hindered: self.standing() != STANDING_FRONT,
            neglected: self.neglected || self.is_missing(),
        }
    }

    /// There was nothing of it when somebody last asked.
    fn is_missing(&self) -> bool {
        let missing = |offer: &Offer| matches!(offer.obstacle, Some(Obstacle::Missing { .. }));
        !self.offers.is_empty() && self.offers.iter().all(missing)
    }

    /// What filters ask about it.
    pub(crate) fn marks(&self) -> Marks {
        let mut marks = Marks::default();
        marks.set_verified(self.verified());
        marks.set_free(self.free);
        marks.set_phone(self.phone);
        for offer in self.offers.iter().filter(|offer| is_on(offer)) {
            marks.add_source(offer.id.source);
        }
        for tile in Category::of(&self.categories) {
            marks.add_tile(tile);
        }
        marks
    }
}

/// Its kind of source is not switched off.
const fn is_on(offer: &Offer) -> bool {
    !matches!(offer.obstacle, Some(Obstacle::SourceOff { .. }))
}
