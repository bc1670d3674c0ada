//! What the catalogue makes of one entry.

use crate::appstream::{self, Component, Kind, bundle::Bundle};
use crate::distribution::package;
use crate::feed::IconFolder;
use crate::listed::Listing;
use crate::part::Part;
use crate::popularity::Uses;
use crate::prior;
use crate::same::projects_of;
use crate::store::schema::{KIND_ADDON, KIND_APP, KIND_RUNTIME};
use strata_model::app::Icon;
use strata_model::feed::Feed;
use strata_model::{AppId, Obstacle, Offer, OfferId, SourceKind};

/// Most parts that one add-on extends.
const MOST_EXTENDED: usize = 20;
/// Most inner words of its names by which a part is found.
const MOST_INNER: usize = 20;
/// How names of drawings end.
const DRAWINGS: [&str; 2] = [".svg", ".svgz"];

/// What an entry is, in the catalogue.
pub(super) fn kind(kind: Kind) -> i64 {
    match kind {
        Kind::App | Kind::ConsoleApp | Kind::WebApp => KIND_APP,
        Kind::Addon => KIND_ADDON,
        Kind::Runtime => KIND_RUNTIME,
    }
}

/// The id of an entry that is known by its place in a list alone. No AppStream id has a colon.
pub(super) fn id(component: &Component, feed: &Feed) -> Option<String> {
    let listing = component.listing.as_ref().filter(|listing| !listing.reference.is_empty())?;
    Some(format!("{}:{}", feed.origin, listing.reference))
}

/// The part that an entry tells of, without its offers and words.
pub(super) fn part(id: AppId, component: &Component, icons: &IconFolder, now: i64) -> Part {
    let text = |text: Option<&String>| text.cloned().unwrap_or_default();
    let icon = icon(component, icons);
    let provided = component.provides.iter().filter(|provided| provided.kind == "id").map(|provided| &provided.value);
    let names = component.bundles.iter().map(|bundle| bundle.name().to_owned());
    // Its own name comes first, as the one that is never one too many.
    let aliases = std::iter::once(component.id.clone()).chain(names).chain(provided.cloned());
    let inner_names = component.names.all().flat_map(|name| crate::words::inner_beginnings(name));
    let updated = component.releases.newest.first().map_or(0, |release| release.date);
    let mut part = Part {
        detail: 0,
        shown_from: (SourceKind::Flatpak, String::new()),
        kind: kind(component.kind),
        id,
        name: text(component.names.best()),
        names: component.names.all().map(|name| crate::words::folded(name)).collect(),
        inner_names: inner_names.take(MOST_INNER).collect(),
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
        neglected: component.listing.as_ref().is_some_and(|listing| listing.neglected),
        phone: component.relations.fits_phone(),
        aliases: Vec::new(),
        projects: if kind(component.kind) == KIND_APP { projects_of(component) } else { Vec::new() },
        extends: component.extends.iter().take(MOST_EXTENDED).cloned().collect(),
    };
    for id in aliases {
        part.add_alias(id);
    }
    part
}

/// The ways to get it that an entry tells of.
pub(super) fn offers(component: &Component, feed: &Feed) -> Vec<Offer> {
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
    let listed = |listing: &Listing| {
        let bundle = Bundle { reference: listing.reference.clone(), runtime: String::new() };
        let obstacle = match listing {
            Listing { fetchable: false, page, .. } => Some(Obstacle::ByHand { page: page.clone() }),
            Listing { neglected, .. } => neglected.then_some(Obstacle::Neglected),
        };
        Offer { obstacle, verified: false, ..offer(&bundle) }
    };
    match feed.source {
        SourceKind::Flatpak => component.bundles.iter().map(offer).collect(),
        SourceKind::AppImage => component.listing.iter().map(listed).collect(),
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

/// The files of the sizes that are shown, as sharp as they can be had; an address where there is no such file.
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
    if found.small.is_none() && found.large.is_none() {
        found.remote = component.icons.iter().find_map(remote);
    }
    found
}

/// The address of a picture; drawings are not shown.
fn remote(icon: &appstream::Icon) -> Option<String> {
    let appstream::Icon::Remote { url, .. } = icon else { return None };
    let name = url.to_ascii_lowercase();
    let is_drawing = DRAWINGS.iter().any(|end| name.ends_with(end));
    (!is_drawing).then(|| url.clone())
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub(in crate::merge) fn feed(source: SourceKind) -> Feed {
        Feed {
            source,
            scope: "system".to_owned(),
            origin: "debian".to_owned(),
            url: String::new(),
            priority: 0,
            file: "/feed".into(),
            icons: "/icons".into(),
            references: Vec::new(),
            verifies: true,
            popularity: None,
        }
    }

    #[test]
    fn a_package_is_named_by_itself_whichever_list_tells_of_it() {
        let feed = feed(SourceKind::Package);
        let component = Component { package: "gimp".to_owned(), verified: true, ..Component::default() };
        let offers = offers(&component, &feed);
        let [offer] = offers.as_slice() else { panic!("{offers:?}") };
        assert_eq!((&offer.id, offer.from()), (&OfferId::package("gimp"), "debian"));
        assert!(!offer.verified, "an origin's word for its own Flatpaks");
    }
}
