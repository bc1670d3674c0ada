//! Entries of many feeds, put together to parts: apps, add-ons and runtimes with their offers.

use crate::LossReason;
use crate::appstream::{Component, Kind, bundle::Bundle};
use crate::distribution::package;
use crate::feed::IconFolder;
use crate::licence::Licences;
use crate::origin::Origin;
use crate::part::Part;
use crate::popularity::Uses;
use crate::search::words::{self, Words};
use crate::store::schema::{KIND_ADDON, KIND_APP, KIND_RUNTIME};
use crate::store::writer::Writer;
use crate::{CatalogueError, appstream, prior};
use std::cmp::Reverse;
use std::collections::HashMap;
use strata_model::app::Icon;
use strata_model::feed::Feed;
use strata_model::{AppId, Obstacle, Offer, OfferId, SourceKind};

/// Most bytes of words that are kept until they are written; beyond that, descriptions are not searched.
const MOST_WORD_BYTES: usize = 256 << 20;
/// Most parts that one add-on extends.
const MOST_EXTENDED: usize = 20;

/// Puts entries together. Feeds are to come best first: the first entry of an id is the one that is shown.
#[derive(Debug, Default)]
pub(crate) struct Merge {
    parts: Vec<Part>,
    places: HashMap<AppId, usize>,
    /// Lists of the origins, by their names.
    lists: Vec<(&'static str, Vec<String>)>,
    licences: Licences,
    word_bytes: usize,
    /// Further ids, and the first part that has each.
    known_as: HashMap<String, usize>,
}

/// The numbers of the parts in the catalogue.
struct Numbers {
    /// The places of the parts, by number.
    in_order: Vec<usize>,
    /// The number of each place.
    of_place: Vec<i64>,
}

/// An entry that a store shows, and the same as JSON, as a page reads it.
#[derive(Debug)]
pub(crate) struct Shown<'a> {
    pub(crate) component: Component,
    pub(crate) json: &'a [u8],
}

impl Merge {
    /// Takes in an entry of a feed.
    pub(crate) fn add(
        &mut self,
        Shown { component, json }: Shown<'_>,
        origin: &Origin,
        now: i64,
        writer: &Writer,
    ) -> Result<Result<(), LossReason>, CatalogueError> {
        let id = match self.identity(&component, origin.feed.source) {
            Ok(id) => id,
            Err(reason) => return Ok(Err(reason)),
        };
        let mut offers = offers(&component, origin.feed);
        origin.complete(&id, &component.content_rating, &mut offers);
        let popularity = origin.liked.uses(id.as_str());
        if let Some(&place) = self.places.get(&id) {
            let part = &mut self.parts[place];
            if part.kind != kind(component.kind) {
                return Ok(Err(LossReason::OtherKind));
            }
            part.add(offers, popularity);
            self.known_as.entry(component.id.clone()).or_insert(place);
            part.add_alias(component.id);
            return Ok(Ok(()));
        }
        let detail_number = i64::try_from(self.parts.len()).unwrap_or(i64::MAX - 1) + 1;
        let free = self.licences.is_free(&component.license);
        let shown_from = (origin.feed.source, origin.feed.origin.clone());
        let part = part(id.clone(), &component, &origin.icons, now);
        let mut part = Part { detail: detail_number, shown_from, free, ..part };
        part.add(offers, popularity);
        if part.is_app() {
            part.words = Some(self.words_within_bounds(&part, &component));
        }
        writer.add_detail(detail_number, json)?;
        self.places.insert(id, self.parts.len());
        for alias in &part.aliases {
            self.known_as.entry(alias.clone()).or_insert(self.parts.len());
        }
        self.parts.push(part);
        Ok(Ok(()))
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

    /// An origin speaks for its own apps only.
    fn has_offer_of(&self, id: &str, feed: &Feed) -> bool {
        let part = AppId::new(id).ok().and_then(|id| Some(&self.parts[*self.places.get(&id)?]));
        let of_feed = |offer: &Offer| offer.id.scope == feed.scope && offer.id.origin == feed.origin;
        part.is_some_and(|part| part.offers.iter().any(of_feed))
    }

    fn words_within_bounds(&mut self, part: &Part, component: &Component) -> Words {
        let mut words = words::of(part, component);
        if self.word_bytes > MOST_WORD_BYTES {
            words.description.clear();
        }
        self.word_bytes += words.bytes();
        words
    }

    /// Writes what could not be written before all feeds were read.
    pub(crate) fn finish(mut self, writer: &Writer) -> Result<Counts, CatalogueError> {
        let mut counts = Counts::default();
        self.mark_offers_of_others();
        for part in &mut self.parts {
            part.order_offers();
        }
        let numbers = self.numbers();
        let parts: Vec<(i64, &Part)> = (1..).zip(numbers.in_order.iter().map(|&place| &self.parts[place])).collect();
        for &(number, part) in &parts {
            writer.add_part(number, part)?;
            counts.apps += usize::from(part.is_app());
            counts.addons += usize::from(part.kind == KIND_ADDON);
        }
        writer.add_keys(&parts)?;
        self.write_aliases(&numbers, writer)?;
        self.write_addons(&numbers, writer)?;
        self.write_lists(&numbers, writer)?;
        let apps = parts.iter().map(|(_, part)| *part).filter(|part| part.is_app());
        writer.add_attributes(apps)?;
        Ok(counts)
    }

    /// Marks what installs another app that is offered by its own id: a list may say anything of what it offers.
    fn mark_offers_of_others(&mut self) {
        let mut marked = Vec::new();
        for (place, part) in self.parts.iter().enumerate() {
            for (nth, offer) in part.offers.iter().enumerate() {
                if let Some(id) = self.owner(part, offer) {
                    marked.push((place, nth, Obstacle::OtherApp { id }));
                }
            }
        }
        for (place, nth, obstacle) in marked {
            self.parts[place].offers[nth].obstacle = Some(obstacle);
        }
    }

    /// The id of the other app that an offer is of, if so. What stands below an app's own id is a part of that app.
    fn owner(&self, part: &Part, offer: &Offer) -> Option<String> {
        let name = offer.id.reference.strip_prefix("app/")?.split('/').next()?;
        let below = part.id.as_str().strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
        if below || matches!(offer.obstacle, Some(Obstacle::Hidden { .. } | Obstacle::Guarded { .. })) {
            return None;
        }
        let other = &self.parts[*self.places.get(&AppId::new(name).ok()?)?];
        other.offers.iter().any(|own| own.id == offer.id).then(|| name.to_owned())
    }

    /// Apps first, the most likely ones before all others: what is looked at first is what matters most.
    fn numbers(&self) -> Numbers {
        let mut in_order: Vec<usize> = (0..self.parts.len()).collect();
        in_order.sort_by_cached_key(|&place| {
            let part = &self.parts[place];
            (
                part.kind,
                Reverse(part.standing()),
                Reverse(part.prior().value()),
                part.name.to_lowercase(),
                part.id.clone(),
            )
        });
        let mut of_place = vec![0; in_order.len()];
        for (number, &place) in (1..).zip(&in_order) {
            of_place[place] = number;
        }
        Numbers { in_order, of_place }
    }

    fn write_lists(&self, numbers: &Numbers, writer: &Writer) -> Result<(), CatalogueError> {
        for (list, ids) in &self.lists {
            let places = ids.iter().filter_map(|id| self.places.get(&AppId::new(id).ok()?).copied());
            let shown = places.filter(|&place| self.parts[place].is_app());
            for (rank, place) in (0..).zip(shown) {
                writer.add_listed(list, rank, numbers.of_place[place])?;
            }
        }
        Ok(())
    }

    fn write_aliases(&self, numbers: &Numbers, writer: &Writer) -> Result<(), CatalogueError> {
        let is_own_id = |alias: &&String| AppId::new(alias.as_str()).map_or(true, |id| self.places.contains_key(&id));
        let mut aliases = Vec::new();
        for (part, &number) in self.parts.iter().zip(&numbers.of_place) {
            let further = part.aliases.iter().filter(|alias| !is_own_id(alias));
            aliases.extend(further.map(|alias| (alias.as_str(), number)));
        }
        writer.add_aliases(aliases)
    }

    fn write_addons(&self, numbers: &Numbers, writer: &Writer) -> Result<(), CatalogueError> {
        let addons = self.parts.iter().zip(&numbers.of_place).filter(|(part, _)| part.kind == KIND_ADDON);
        for (addon, &number) in addons {
            for extended in &addon.extends {
                let plain = extended.strip_suffix(".desktop").unwrap_or(extended);
                let app = [extended, plain].into_iter().find_map(|id| self.place(id));
                if let Some(app) = app.filter(|&app| numbers.of_place[app] != number) {
                    writer.add_addon(numbers.of_place[app], number)?;
                }
            }
        }
        Ok(())
    }
}

/// How many parts there are.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Counts {
    pub(crate) apps: usize,
    pub(crate) addons: usize,
}

impl Merge {
    /// The id under which an entry is known, or why it cannot be.
    fn identity(&self, component: &Component, source: SourceKind) -> Result<AppId, LossReason> {
        let plain = component.id.strip_suffix(".desktop");
        // Old entries carry the name of their desktop file, new ones and Flatpak itself do not.
        let is_old = |plain: &&str| component.bundles.first().is_some_and(|bundle| bundle.name() == *plain);
        let id = match source {
            SourceKind::Package => self.known(component).or(plain.filter(|plain| plain.split('.').count() > 2)),
            SourceKind::Flatpak | SourceKind::AppImage => plain.filter(is_old),
        };
        let id = AppId::new(id.unwrap_or(&component.id)).map_err(|_| LossReason::BadId)?;
        if component.names.best().is_none() {
            return Err(LossReason::NoName);
        }
        let has_offer = match source {
            SourceKind::Package => package(&component.package).is_some(),
            SourceKind::Flatpak | SourceKind::AppImage => !component.bundles.is_empty(),
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
            (self.parts[place].kind == kind(component.kind)).then_some(place)
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

fn kind(kind: Kind) -> i64 {
    match kind {
        Kind::App | Kind::ConsoleApp | Kind::WebApp => KIND_APP,
        Kind::Addon => KIND_ADDON,
        Kind::Runtime => KIND_RUNTIME,
    }
}

fn part(id: AppId, component: &Component, icons: &IconFolder, now: i64) -> Part {
    let text = |text: Option<&String>| text.cloned().unwrap_or_default();
    let icon = icon(component, icons);
    let provided = component.provides.iter().filter(|provided| provided.kind == "id").map(|provided| &provided.value);
    let names = component.bundles.iter().map(|bundle| bundle.name().to_owned());
    // Its own name comes first, as the one that is never one too many.
    let aliases = std::iter::once(component.id.clone()).chain(names).chain(provided.cloned());
    let updated = component.releases.newest.first().map_or(0, |release| release.date);
    let mut part = Part {
        detail: 0,
        shown_from: (SourceKind::Flatpak, String::new()),
        kind: kind(component.kind),
        id,
        name: text(component.names.best()),
        names: component.names.all().map(|name| crate::words::folded(name)).collect(),
        inner_names: component.names.all().flat_map(|name| crate::words::inner_beginnings(name)).collect(),
        summary: text(component.summaries.best()),
        developer: text(component.developers.best()),
        upkeep: prior::upkeep(component, &icon, now),
        icon,
        categories: component.categories.clone(),
        updated,
        first: component.releases.first,
        offers: Vec::new(),
        words: None,
        popularity: Uses::default(),
        free: false,
        phone: component.relations.fits_phone(),
        aliases: Vec::new(),
        extends: component.extends.iter().take(MOST_EXTENDED).cloned().collect(),
    };
    for id in aliases {
        part.add_alias(id);
    }
    part
}

fn offers(component: &Component, feed: &Feed) -> Vec<Offer> {
    let newest = component.releases.newest.first();
    let id = |bundle: &Bundle| OfferId {
        source: feed.source,
        scope: feed.scope.clone(),
        origin: feed.origin.clone(),
        reference: bundle.reference.clone(),
    };
    let offer = |bundle: &Bundle| Offer {
        version: newest.map(|release| release.version.clone()).unwrap_or_default(),
        released: newest.map_or(0, |release| release.date),
        verified: component.verified && feed.verifies,
        priority: feed.priority,
        runtime: bundle.runtime.clone(),
        ..Offer::new(id(bundle))
    };
    let packaged = |name: &str| {
        let bundle = Bundle { reference: name.to_owned(), runtime: String::new() };
        // The update daemon finds a package by its name, whichever list tells of it.
        let (list, launcher) = (feed.origin.clone(), launcher(component));
        Offer { id: OfferId::package(name), list, launcher, verified: false, ..offer(&bundle) }
    };
    match feed.source {
        SourceKind::Flatpak => component.bundles.iter().map(offer).collect(),
        // Its entries have no Flatpak bundles; they come with their source.
        SourceKind::AppImage => Vec::new(),
        SourceKind::Package => package(&component.package).map(packaged).into_iter().collect(),
    }
}

/// The desktop file that opens it. Old entries that name none are named like it.
fn launcher(component: &Component) -> String {
    match &*component.launcher {
        "" if component.id.contains('/') => String::new(),
        "" if component.id.ends_with(".desktop") => component.id.clone(),
        "" => format!("{}.desktop", component.id),
        named => named.to_owned(),
    }
}

/// The files of the sizes that are shown, as sharp as they can be had.
fn icon(component: &Component, icons: &IconFolder) -> Icon {
    let mut found = Icon::default();
    for icon in &component.icons {
        let appstream::Icon::Cached { name, width, scale } = icon else { continue };
        // The folders hold pictures of scale 1 only.
        if *scale == 1 && matches!(width, 0 | 64) && found.small.is_none() {
            found.small = icons.small(name);
        }
        if *scale == 1 && matches!(width, 0 | 128) && found.large.is_none() {
            found.large = icons.large(name);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_package_is_named_by_itself_whichever_list_tells_of_it() {
        let feed = Feed {
            source: SourceKind::Package,
            scope: "system".to_owned(),
            origin: "debian".to_owned(),
            url: String::new(),
            priority: 0,
            file: "/feed".into(),
            icons: "/icons".into(),
            references: Vec::new(),
            verifies: true,
            popularity: None,
        };
        let component = Component { package: "gimp".to_owned(), verified: true, ..Component::default() };
        let offers = offers(&component, &feed);
        let [offer] = offers.as_slice() else { panic!("{offers:?}") };
        assert_eq!((&offer.id, offer.from()), (&OfferId::package("gimp"), "debian"));
        assert!(!offer.verified, "an origin's word for its own Flatpaks");
    }
}
