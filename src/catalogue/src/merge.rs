//! Entries of many feeds, put together to parts: apps, add-ons and runtimes with their offers.

use crate::LossReason;
use crate::appstream::{Component, Kind, bundle::Bundle};
use crate::feed::IconFolder;
use crate::store::row::Detail;
use crate::store::schema::{KIND_ADDON, KIND_APP, KIND_RUNTIME};
use crate::store::writer::{Words, Writer};
use crate::{CatalogueError, appstream, quality, words};
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use strata_model::app::Icon;
use strata_model::feed::Feed;
use strata_model::{AppId, Offer, OfferId, SourceKind};

/// Most offers of one part.
const MOST_OFFERS: usize = 100;
/// Most parts that one add-on extends.
const MOST_EXTENDED: usize = 20;

/// What is known of a part until all feeds are read.
#[derive(Debug)]
pub(crate) struct Part {
    pub(crate) number: i64,
    pub(crate) kind: i64,
    pub(crate) id: AppId,
    pub(crate) name: String,
    /// Its name in all languages, folded.
    pub(crate) names: Vec<String>,
    pub(crate) summary: String,
    pub(crate) developer: String,
    pub(crate) icon: Icon,
    pub(crate) categories: Vec<String>,
    pub(crate) updated: i64,
    pub(crate) first: i64,
    pub(crate) offers: Vec<Offer>,
    aliases: Vec<String>,
    extends: Vec<String>,
    quality: u16,
}

impl Part {
    /// The offer that comes first is verified: what another origin says of its own says nothing of that one.
    pub(crate) fn verified(&self) -> bool {
        self.offers.first().is_some_and(|offer| offer.verified)
    }

    /// The sources of its offers, best first, each once.
    pub(crate) fn sources(&self) -> String {
        let mut names: Vec<&str> = Vec::new();
        for offer in &self.offers {
            let name = offer.id.source.as_str();
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names.join(",")
    }

    /// How likely it is meant, whatever the words: 0 to 1000.
    pub(crate) fn prior(&self) -> u16 {
        quality::prior(self.quality, self.verified())
    }
}

/// Puts entries together. Feeds are to come best first: the first entry of an id is the one that is shown.
#[derive(Debug, Default)]
pub(crate) struct Merge {
    parts: Vec<Part>,
    places: HashMap<AppId, usize>,
}

impl Merge {
    /// Takes in an entry of a feed.
    pub(crate) fn add(
        &mut self,
        component: Component,
        feed: &Feed,
        icons: &IconFolder,
        now: i64,
        writer: &Writer,
    ) -> Result<Result<(), LossReason>, CatalogueError> {
        let id = match identity(&component) {
            Ok(id) => id,
            Err(reason) => return Ok(Err(reason)),
        };
        let offers = offers(&component, feed);
        match self.places.entry(id.clone()) {
            Entry::Occupied(known) => {
                let part = &mut self.parts[*known.get()];
                if part.kind == kind(component.kind) {
                    add_offers(part, offers);
                }
            }
            Entry::Vacant(place) => {
                let number = i64::try_from(self.parts.len()).unwrap_or(i64::MAX - 1) + 1;
                place.insert(self.parts.len());
                let mut part = part(number, id, &component, icons, now);
                add_offers(&mut part, offers);
                if part.kind == KIND_APP {
                    writer.add_words(number, &search_words(&part, &component))?;
                }
                writer.add_detail(number, &detail(component))?;
                self.parts.push(part);
            }
        }
        Ok(Ok(()))
    }

    /// Writes what could not be written before all feeds were read.
    pub(crate) fn finish(mut self, writer: &Writer) -> Result<Counts, CatalogueError> {
        let mut counts = Counts::default();
        for part in &mut self.parts {
            // Stable: among equals the feeds' own order counts.
            part.offers.sort_by_key(|offer| {
                std::cmp::Reverse((std::cmp::Reverse(offer.id.source), offer.priority, offer.verified))
            });
            writer.add_part(part)?;
            counts.apps += usize::from(part.kind == KIND_APP);
            counts.addons += usize::from(part.kind == KIND_ADDON);
        }
        self.write_aliases(writer)?;
        self.write_addons(writer)?;
        Ok(counts)
    }

    fn write_aliases(&self, writer: &Writer) -> Result<(), CatalogueError> {
        for part in &self.parts {
            for alias in &part.aliases {
                let is_own_id = AppId::new(alias).map_or(true, |id| self.places.contains_key(&id));
                if !is_own_id {
                    writer.add_alias(alias, part.number)?;
                }
            }
        }
        Ok(())
    }

    fn write_addons(&self, writer: &Writer) -> Result<(), CatalogueError> {
        for addon in self.parts.iter().filter(|part| part.kind == KIND_ADDON) {
            for extended in &addon.extends {
                let plain = extended.strip_suffix(".desktop").unwrap_or(extended);
                let app = [extended, plain].into_iter().find_map(|id| self.places.get(&AppId::new(id).ok()?));
                if let Some(&app) = app {
                    writer.add_addon(self.parts[app].number, addon.number)?;
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

/// The id under which an entry is known, or why it cannot be.
fn identity(component: &Component) -> Result<AppId, LossReason> {
    let bundle = component.bundles.first();
    // Old entries carry the name of their desktop file, new ones and Flatpak itself do not.
    let plain = component.id.strip_suffix(".desktop").filter(|plain| bundle.is_some_and(|b| b.name() == *plain));
    let id = AppId::new(plain.unwrap_or(&component.id)).map_err(|_| LossReason::BadId)?;
    if component.names.best().is_none() {
        return Err(LossReason::NoName);
    }
    if bundle.is_none() {
        return Err(LossReason::NoOffer);
    }
    Ok(id)
}

fn kind(kind: Kind) -> i64 {
    match kind {
        Kind::App | Kind::ConsoleApp | Kind::WebApp => KIND_APP,
        Kind::Addon => KIND_ADDON,
        Kind::Runtime => KIND_RUNTIME,
    }
}

fn part(number: i64, id: AppId, component: &Component, icons: &IconFolder, now: i64) -> Part {
    let text = |text: Option<&String>| text.cloned().unwrap_or_default();
    let icon = icon(component, icons);
    let provided = component.provides.iter().filter(|provided| provided.kind == "id").map(|provided| &provided.value);
    let names = component.bundles.iter().map(|bundle| bundle.name().to_owned());
    let mut aliases: Vec<String> = provided.cloned().chain(names).collect();
    aliases.push(component.id.clone());
    let updated = component.releases.newest.first().map_or(0, |release| release.date);
    Part {
        number,
        kind: kind(component.kind),
        id,
        name: text(component.names.best()),
        names: component.names.all().map(|name| words::folded(name)).collect(),
        summary: text(component.summaries.best()),
        developer: text(component.developers.best()),
        quality: quality::of(component, &icon, now),
        icon,
        categories: component.categories.clone(),
        updated,
        first: component.releases.first,
        offers: Vec::new(),
        aliases,
        extends: component.extends.iter().take(MOST_EXTENDED).cloned().collect(),
    }
}

fn offers(component: &Component, feed: &Feed) -> Vec<Offer> {
    let newest = component.releases.newest.first();
    let offer = |bundle: &Bundle| Offer {
        id: OfferId {
            source: feed.source,
            scope: feed.scope.clone(),
            origin: feed.origin.clone(),
            reference: bundle.reference.clone(),
        },
        version: newest.map(|release| release.version.clone()).unwrap_or_default(),
        released: newest.map_or(0, |release| release.date),
        verified: component.verified,
        priority: feed.priority,
        runtime: bundle.runtime.clone(),
        download_size: 0,
        installed_size: 0,
        obstacle: None,
    };
    match feed.source {
        SourceKind::Flatpak => component.bundles.iter().map(offer).collect(),
        // Their entries have no Flatpak bundles; they come with their sources.
        SourceKind::AppImage | SourceKind::Package => Vec::new(),
    }
}

fn add_offers(part: &mut Part, offers: Vec<Offer>) {
    for offer in offers {
        if part.offers.len() < MOST_OFFERS && part.offers.iter().all(|known| known.id != offer.id) {
            part.offers.push(offer);
        }
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

fn search_words(part: &Part, component: &Component) -> Words {
    let joined = |texts: &mut dyn Iterator<Item = &String>| {
        let mut text = String::new();
        for more in texts {
            text.push_str(more);
            text.push('\n');
        }
        text
    };
    let keywords = joined(&mut component.keywords.all().flatten());
    Words {
        name: joined(&mut component.names.all()),
        id: telling_parts(part.id.as_str()),
        keywords: keywords + &spoken(&component.categories),
        summary: joined(&mut component.summaries.all()),
        developer: joined(&mut component.developers.all()),
        description: joined(
            &mut component.descriptions.all().flatten().flat_map(appstream::spans).map(|span| &span.text),
        ),
    }
}

/// An id without the parts that say nothing about the app: `io.github.ann.Paint` is `ann Paint`.
fn telling_parts(id: &str) -> String {
    const HOSTS: [&str; 7] = ["github", "gitlab", "sourceforge", "codeberg", "flathub", "gitea", "bitbucket"];
    let parts: Vec<&str> = id.split('.').collect();
    let skipped = usize::from(parts.len() > 2);
    let telling = parts.into_iter().skip(skipped).filter(|part| !HOSTS.contains(part) && *part != "desktop");
    telling.collect::<Vec<_>>().join(" ")
}

/// Categories as words: `WebBrowser` is `Web Browser`.
fn spoken(categories: &[String]) -> String {
    let mut text = String::new();
    for category in categories {
        let mut small_before = false;
        for c in category.chars() {
            if c.is_uppercase() && small_before {
                text.push(' ');
            }
            small_before = c.is_lowercase();
            text.push(c);
        }
        text.push('\n');
    }
    text
}

fn detail(component: Component) -> Detail {
    let remote = component.icons.iter().filter_map(|icon| match icon {
        appstream::Icon::Remote { url, width } => Some((*width, url.clone())),
        appstream::Icon::Cached { .. } => None,
    });
    Detail {
        icon_url: remote.max_by_key(|(width, _)| *width).map(|(_, url)| url),
        description: component.descriptions.into_best().unwrap_or_default(),
        screenshots: component.screenshots,
        releases: component.releases.newest,
        categories: component.categories,
        keywords: component.keywords.into_best().unwrap_or_default(),
        license: component.license,
        links: component.links,
        content_rating: component.content_rating,
        branding: component.branding,
        provides: component.provides,
        translations: component.translations,
        kind: component.kind.of_app(),
        relations: component.relations,
        custom: component.custom,
        verified_by: if component.verified { component.verified_by.line() } else { String::new() },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_searched_by_their_telling_parts() {
        let cases = [
            ("org.gnome.Chess", "gnome Chess"),
            ("io.github.ann.Paint", "ann Paint"),
            ("org.kde.kate.desktop", "kde kate"),
            ("0ad.desktop", "0ad"),
        ];
        for (id, expected) in cases {
            assert_eq!(telling_parts(id), expected, "{id}");
        }
    }

    #[test]
    fn categories_are_searched_as_words() {
        let categories = ["WebBrowser", "IRCClient", "Game"].map(str::to_owned);
        assert_eq!(spoken(&categories), "Web Browser\nIRCClient\nGame\n");
    }
}
