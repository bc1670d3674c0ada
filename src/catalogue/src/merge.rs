//! Entries of many feeds, put together to parts: apps, add-ons and runtimes with their offers.

mod finish;
mod made;
mod room;

use crate::appstream::Component;
use crate::distribution::package;
use crate::licence::Licences;
use crate::origin::Origin;
use crate::part::Part;
use crate::popularity::PICKS;
use crate::same::Index;
use crate::search::words;
use crate::store::writer::Writer;
use crate::{CatalogueError, LossReason};
use room::Room;
use std::collections::HashMap;
use strata_model::evidence::{Evidence, Sign};
use strata_model::feed::Feed;
use strata_model::{AppId, Offer, SourceKind};

/// Puts entries together. Feeds are to come best first: the first entry of an id is the one that is shown.
#[derive(Debug, Default)]
pub(crate) struct Merge {
    parts: Vec<Part>,
    places: HashMap<AppId, usize>,
    /// Lists of the origins, by their names.
    lists: Vec<(&'static str, Vec<String>)>,
    licences: Licences,
    /// What the entries of the feed that is being read may still take.
    room: Room,
    /// Further ids, and the first part that has each.
    known_as: HashMap<String, usize>,
    /// What the entries of a list of AppImages may be the same as.
    index: Index,
}

/// A part that is there already, for an entry.
struct Same {
    place: usize,
    evidence: Vec<Evidence>,
}

/// An entry that a store shows, and the same as JSON, as a page reads it.
#[derive(Debug)]
pub(crate) struct Shown<'a> {
    pub(crate) component: Component,
    pub(crate) json: &'a [u8],
}

impl Merge {
    /// The next entries are of another feed, which has its own room. Those of lists of AppImages are compared with what is
    /// there before them.
    pub(crate) fn begin_feed(&mut self, source: SourceKind) {
        self.room = Room::default();
        if source == SourceKind::AppImage {
            self.index = Index::new(&self.parts);
        }
    }

    /// Takes in an entry of a feed.
    pub(crate) fn add(
        &mut self,
        Shown { component, json }: Shown<'_>,
        origin: &Origin,
        now: i64,
        writer: &Writer,
    ) -> Result<Result<(), LossReason>, CatalogueError> {
        let id = match self.identity(&component, origin) {
            Ok(id) => id,
            Err(reason) => return Ok(Err(reason)),
        };
        let mut offers = made::offers(&component, origin.feed);
        if let Some(same) = self.find(&id, &component, origin.feed.source, writer)? {
            return Ok(self.add_to(&same, &id, &component, offers, origin));
        }
        origin.complete(&id, &component.content_rating, &mut offers);
        let popularity = origin.liked.uses(id.as_str());
        let detail_number = i64::try_from(self.parts.len()).unwrap_or(i64::MAX - 1) + 1;
        let free = self.licences.is_free(&component.license);
        let shown_from = (origin.feed.source, origin.feed.origin.clone());
        let part = made::part(id.clone(), &component, &origin.icons, now);
        let mut part = Part { detail: detail_number, shown_from, free, ..part };
        part.add(offers, popularity);
        if part.is_app() {
            part.words = Some(words::of(&part, &component));
        }
        if let Err(reason) = self.room.take(room::of_part(&part), json.len()) {
            return Ok(Err(reason));
        }
        writer.add_detail(detail_number, json)?;
        self.places.insert(id, self.parts.len());
        for alias in &part.aliases {
            self.known_as.entry(alias.clone()).or_insert(self.parts.len());
        }
        self.parts.push(part);
        Ok(Ok(()))
    }

    /// The part that an entry is of, if that is there.
    fn find(
        &self,
        id: &AppId,
        component: &Component,
        source: SourceKind,
        writer: &Writer,
    ) -> Result<Option<Same>, CatalogueError> {
        if let Some(&place) = self.places.get(id) {
            let evidence = vec![Evidence { sign: Sign::Id, detail: id.to_string() }];
            return Ok(Some(Same { place, evidence }));
        }
        if source != SourceKind::AppImage {
            return Ok(None);
        }
        let found = self.index.find(component, &self.parts, &self.places, writer)?;
        Ok(found.map(|(place, evidence)| Same { place, evidence }))
    }

    /// Adds the offers of an entry to the part that it is of.
    fn add_to(
        &mut self,
        Same { place, evidence }: &Same,
        id: &AppId,
        component: &Component,
        mut offers: Vec<Offer>,
        origin: &Origin,
    ) -> Result<(), LossReason> {
        let part = &mut self.parts[*place];
        if part.kind != made::kind(component.kind) {
            return Err(LossReason::OtherKind);
        }
        origin.complete(&part.id, &component.content_rating, &mut offers);
        for offer in &mut offers {
            offer.evidence.clone_from(evidence);
        }
        let alias = if component.id.is_empty() { id.as_str() } else { &component.id };
        self.room.take(room::of_offers(&offers) + room::of_alias(alias), 0)?;
        part.add(offers, origin.liked.uses(part.id.as_str()));
        self.known_as.entry(alias.to_owned()).or_insert(*place);
        part.add_alias(alias.to_owned());
        Ok(())
    }

    /// What an origin lists, best first. The first origin that has a list is the one that counts.
    pub(crate) fn add_lists(&mut self, origin: &Origin) {
        for (list, ids) in origin.liked.lists().filter(|(_, ids)| !ids.is_empty()) {
            if self.lists.iter().all(|(known, _)| *known != list) {
                let of_origin = |id: &&String| self.has_offer_of(id, origin.feed);
                self.lists.push((list, ids.iter().filter(of_origin).cloned().collect()));
            }
        }
    }

    /// The settings' picks stand in the place of the origins', if any of them is an app that is shown first anywhere.
    fn put_first(&mut self, picks: &[String]) {
        let mut shown: Vec<String> = Vec::new();
        for part in picks.iter().filter_map(|id| self.place(id)).map(|place| &self.parts[place]) {
            if part.is_at_front() && !shown.iter().any(|id| *id == part.id.as_str()) {
                shown.push(part.id.to_string());
            }
        }
        if !shown.is_empty() {
            self.lists.retain(|(list, _)| *list != PICKS);
            self.lists.push((PICKS, shown));
        }
    }

    /// An origin speaks for its own apps only.
    fn has_offer_of(&self, id: &str, feed: &Feed) -> bool {
        let part = AppId::new(id).ok().and_then(|id| Some(&self.parts[*self.places.get(&id)?]));
        let of_feed = |offer: &Offer| offer.id.scope == feed.scope && offer.id.origin == feed.origin;
        part.is_some_and(|part| part.offers.iter().any(of_feed))
    }
}

impl Merge {
    /// The id under which an entry is known, or why it cannot be.
    fn identity(&self, component: &Component, origin: &Origin) -> Result<AppId, LossReason> {
        let source = origin.feed.source;
        let plain = component.id.strip_suffix(".desktop");
        // Old entries carry the name of their desktop file, new ones and Flatpak itself do not.
        let is_old = |plain: &&str| component.bundles.first().is_some_and(|bundle| bundle.name() == *plain);
        let id = match source {
            SourceKind::Package => self.known(component).or(plain.filter(|plain| plain.split('.').count() > 2)),
            SourceKind::Flatpak => plain.filter(is_old),
            SourceKind::AppImage => plain.filter(|plain| !plain.is_empty()),
        };
        let made = made::id(component, origin.feed);
        let id = id.or(made.as_deref());
        let id = AppId::new(id.unwrap_or(&component.id)).map_err(|_| LossReason::BadId)?;
        if component.names.best().is_none() {
            return Err(LossReason::NoName);
        }
        let has_offer = match source {
            SourceKind::Package => package(&component.package).is_some(),
            SourceKind::Flatpak => !component.bundles.is_empty(),
            SourceKind::AppImage => component.listing.is_some(),
        };
        if has_offer { Ok(id) } else { Err(LossReason::NoOffer) }
    }

    /// The id of the same part, if a better source has it: a distribution calls it by its desktop file or by an older
    /// id. Sources that anybody may fill do not get to say whose other name theirs is.
    fn known(&self, component: &Component) -> Option<&str> {
        let provided = component.provides.iter().filter(|provided| provided.kind == "id");
        let mut ids = std::iter::once(component.id.as_str()).chain(provided.map(|provided| provided.value.as_str()));
        let place = ids.find_map(|id| {
            let plain = id.strip_suffix(".desktop").unwrap_or(id);
            let place = [id, plain].into_iter().find_map(|id| self.same(id, component))?;
            (self.parts[place].kind == made::kind(component.kind)).then_some(place)
        })?;
        Some(self.parts[place].id.as_str())
    }

    /// The part of an id. One that an app of any origin claims as a further id of its own has to have the same name, too:
    /// else it could take the place of what it only says to be.
    fn same(&self, id: &str, component: &Component) -> Option<usize> {
        let own = AppId::new(id).is_ok_and(|id| self.places.contains_key(&id));
        let named_alike = |place: &usize| {
            let names = &self.parts[*place].names;
            component.names.all().any(|name| names.contains(&crate::words::folded(name)))
        };
        self.place(id).filter(|place| own || named_alike(place))
    }

    /// The part of an id, its own or a further one.
    fn place(&self, id: &str) -> Option<usize> {
        let own = AppId::new(id).ok().and_then(|id| self.places.get(&id));
        own.or_else(|| self.known_as.get(id)).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::BuildPlan;
    use crate::appstream::bundle::Bundle;
    use std::collections::HashSet;
    use strata_model::pattern::Patterns;

    fn component(id: &str) -> Component {
        let mut component = Component { id: id.to_owned(), ..Component::default() };
        component.names.add(0, "Name".to_owned());
        component.descriptions.add(0, Vec::new());
        component.keywords.entry(0).extend((0..500).map(|nth| format!("word {nth}")));
        component.bundles.extend(Bundle::new(&format!("app/{id}/x86_64/stable"), ""));
        component
    }

    #[test]
    fn what_is_kept_of_a_feed_has_its_room_and_the_next_one_another() {
        let folder = tempfile::tempdir().unwrap();
        let plan = BuildPlan {
            feeds: vec![made::tests::feed(SourceKind::Flatpak)],
            target: folder.path().join("catalogue.db"),
            generation: 1,
            ..BuildPlan::default()
        };
        let (writer, hidden, carried) = (Writer::create(&plan.target).unwrap(), Patterns::new(&[]), HashSet::new());
        let origin = Origin::new(&plan.feeds[0], &hidden, &carried, &plan);
        let mut merge = Merge { room: Room::of(100_000, 1_000), ..Merge::default() };
        let add = |merge: &mut Merge, nth: usize, json: &[u8]| {
            let component = component(&format!("a.b.A{nth}"));
            merge.add(Shown { component, json }, &origin, 0, &writer).unwrap()
        };
        // Each takes more than its keywords, of more than four thousand bytes.
        let fitting = (0..30).filter(|&nth| add(&mut merge, nth, b"{}").is_ok()).count();
        assert!((5..25).contains(&fitting), "{fitting}");
        assert_eq!(add(&mut merge, 31, b"{}"), Err(LossReason::NoRoom));
        merge.begin_feed(SourceKind::Flatpak);
        assert_eq!(add(&mut merge, 31, b"{}"), Ok(()));
        merge.room = Room::of(100_000, 1_000);
        assert_eq!(add(&mut merge, 32, &[b' '; 1_001]), Err(LossReason::NoRoom), "too much of the disk");
        assert_eq!(merge.finish(&writer, &plan.sources, &[]).unwrap().apps, fitting + 1);
    }
}
