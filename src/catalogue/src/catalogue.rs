//! The catalogue as its readers see it.

use crate::appstream::Component;
use crate::browse::{self, Subcategory};
use crate::build::now;
use crate::origin::of_packages;
use crate::search::narrow::Narrow;
use crate::search::vocabulary::Vocabularies;
use crate::search::{self, Found, Query, Reason, Searched};
use crate::store::attributes::AllAttributes;
use crate::store::find;
use crate::store::reader::{self, reading};
use crate::store::row::{self, OFFER, SUMMARY};
use crate::store::schema::{KIND_ADDON, KIND_APP};
use crate::{CatalogueError, Category, Filter, List, Page};
use rusqlite::{Connection, OptionalExtension, params};
use std::cell::OnceCell;
use std::path::Path;
use strata_model::app::Addon;
use strata_model::settings::Sources;
use strata_model::system::SystemObstacle;
use strata_model::{App, AppId, AppSummary, Obstacle, Offer, OfferId, order};

/// One connection to a catalogue's file, read-only. `Send`, not `Sync`: open one for each thread. It shows what it was
/// opened on even after a new catalogue took the file's place.
#[derive(Debug)]
pub struct Catalogue {
    connection: Connection,
    generation: u64,
    /// Read when it is asked for first: not everybody searches.
    attributes: OnceCell<AllAttributes>,
    vocabularies: Vocabularies,
    /// Whether the system takes packages, if that was looked at after the build.
    now: Option<Now>,
}

/// What was looked at after the build.
#[derive(Debug)]
struct Now {
    /// Why the system takes no packages, if so.
    layering: Option<SystemObstacle>,
    /// Which sources come first.
    sources: Sources,
}

impl Catalogue {
    /// Opens a catalogue, in about a millisecond.
    pub fn open(path: &Path) -> Result<Self, CatalogueError> {
        let (connection, generation) = reader::open(path)?;
        Ok(Self {
            connection,
            generation,
            attributes: OnceCell::new(),
            vocabularies: Vocabularies::default(),
            now: None,
        })
    }

    /// The same, with what speaks against packages, and which sources come first, as it is now: an engine that sleeps does
    /// not notice that the machine became another.
    #[must_use]
    pub fn with_layering(self, layering: Option<SystemObstacle>, sources: Sources) -> Self {
        Self { now: Some(Now { layering, sources }), ..self }
    }

    /// The number of the build that made it.
    pub fn generation(&self) -> u64 {
        self.generation
    }

    /// Finds apps by words.
    pub fn search(&self, query: &Query) -> Result<Found, CatalogueError> {
        search::search(self.searched()?, query).map_err(reading)
    }

    /// Finds apps by words, and says of each why it stands where it does; in the same order.
    pub fn explain(&self, query: &Query) -> Result<(Found, Vec<Reason>), CatalogueError> {
        search::explain(self.searched()?, query).map_err(reading)
    }

    /// Everything about one app, by its id or one of its former ids.
    pub fn app(&self, id: &AppId) -> Result<Option<App>, CatalogueError> {
        let Some((number, head)) = self.part(id)? else { return Ok(None) };
        let entry = self.entry_of(number)?;
        let addons = self.addons(number)?;
        let offers = self.offers(number)?;
        let verified = head.verified && entry.verified;
        Ok(Some(App {
            head,
            description: entry.descriptions.into_best().unwrap_or_default(),
            screenshots: entry.screenshots,
            releases: entry.releases.newest,
            categories: entry.categories,
            keywords: entry.keywords.into_best().unwrap_or_default(),
            license: entry.license,
            links: entry.links,
            content_rating: entry.content_rating,
            branding: entry.branding,
            provides: entry.provides,
            translations: entry.translations,
            kind: entry.kind.of_app(),
            verified_by: if verified { entry.verified_by.line() } else { String::new() },
            relations: entry.relations,
            installs: self.installs(number)?,
            custom: entry.custom,
            addons,
            offers,
        }))
    }

    /// Whether there is any app, a hidden one at least.
    pub fn has_apps(&self) -> Result<bool, CatalogueError> {
        Ok(!self.attributes()?.is_empty())
    }

    /// Whether any origin says how many people use its apps, or which are popular. Else [`List::Popular`] and
    /// [`List::Trending`] are the likeliest ones, and it would be wrong to call them popular.
    pub fn knows_popularity(&self) -> Result<bool, CatalogueError> {
        let sql = "SELECT EXISTS (SELECT 1 FROM listed WHERE list IN ('popular', 'trending'))
             OR EXISTS (SELECT 1 FROM part WHERE popularity IS NOT NULL)";
        self.connection.query_row(sql, [], |row| row.get(0)).map_err(reading)
    }

    /// The ways to get an app, best first; none if it is unknown. For lists, which need no page of each app.
    pub fn offers_of(&self, id: &AppId) -> Result<Vec<Offer>, CatalogueError> {
        let sql = format!("SELECT {OFFER} FROM offer WHERE number = {} ORDER BY place", find::NUMBER);
        let mut statement = self.connection.prepare_cached(&sql).map_err(reading)?;
        let rows = statement.query_map([id.as_str()], row::offer).map_err(reading)?;
        Ok(self.as_now(rows.collect::<Result<_, _>>().map_err(reading)?))
    }

    /// The rows of some apps, add-ons or runtimes, in the order asked; unknown ones are left out.
    pub fn summaries(&self, ids: &[AppId]) -> Result<Vec<AppSummary>, CatalogueError> {
        ids.iter().filter_map(|id| self.part(id).map(|part| part.map(|(_, head)| head)).transpose()).collect()
    }

    /// A part of a list.
    pub fn browse(&self, list: &List, page: Page) -> Result<Vec<AppSummary>, CatalogueError> {
        self.browse_narrowed(list, &Filter::default(), page)
    }

    /// A part of what a filter leaves of a list.
    pub fn browse_narrowed(&self, list: &List, filter: &Filter, page: Page) -> Result<Vec<AppSummary>, CatalogueError> {
        let narrow = Narrow::new(&self.connection, filter).map_err(reading)?;
        browse::rows(self.searched()?, &narrow, list, page).map_err(reading)
    }

    /// The parts of a tile that hold apps, and how many each.
    pub fn subcategories(&self, tile: Category) -> Result<Vec<(Subcategory, usize)>, CatalogueError> {
        let sql = "SELECT count(*) FROM category JOIN tile USING (number) WHERE category = ? AND tile = ?";
        let mut counted = self.connection.prepare_cached(sql).map_err(reading)?;
        let mut found = Vec::new();
        for part in Subcategory::of(tile) {
            let count: i64 = counted.query_row([part.category(), tile.as_str()], |row| row.get(0)).map_err(reading)?;
            if count > 0 {
                found.push((part, usize::try_from(count).unwrap_or(0)));
            }
        }
        Ok(found)
    }

    /// The tiles that hold apps, and how many each.
    pub fn categories(&self) -> Result<Vec<(Category, usize)>, CatalogueError> {
        let counted = self.connection.prepare_cached("SELECT count(*) FROM tile WHERE tile = ?");
        let mut counted = counted.map_err(reading)?;
        let mut tiles = Vec::new();
        for tile in Category::ALL {
            let count: i64 = counted.query_row([tile.as_str()], |row| row.get(0)).map_err(reading)?;
            if count > 0 {
                tiles.push((tile, usize::try_from(count).unwrap_or(0)));
            }
        }
        Ok(tiles)
    }

    /// The app, add-on or runtime that has this offer; of several the likeliest.
    pub fn offer(&self, offer: &OfferId) -> Result<Option<AppSummary>, CatalogueError> {
        Ok(self.all_of(offer)?.into_iter().next())
    }

    /// Every app that several sources have, the likeliest first, with its offers and what speaks for each being of it.
    pub fn merges(&self) -> Result<Vec<(AppSummary, Vec<Offer>)>, CatalogueError> {
        let sql = format!("SELECT {SUMMARY} FROM part WHERE kind = {KIND_APP} AND sources LIKE '%,%' ORDER BY number");
        let mut statement = self.connection.prepare_cached(&sql).map_err(reading)?;
        let rows = statement.query_map([], row::summary).map_err(reading)?;
        let mut merges = Vec::new();
        for row in rows {
            let (number, app) = row.map_err(reading)?;
            merges.push((app, self.offers(number)?));
        }
        Ok(merges)
    }

    /// All that has this offer, the likeliest first: a package may hold several apps. A hundred at most.
    pub fn all_of(&self, offer: &OfferId) -> Result<Vec<AppSummary>, CatalogueError> {
        let sql = format!(
            "SELECT {SUMMARY} FROM part WHERE number IN
             (SELECT number FROM offer WHERE reference = ? AND source = ? AND scope = ? AND origin = ?)
             ORDER BY number LIMIT 100"
        );
        let mut statement = self.connection.prepare_cached(&sql).map_err(reading)?;
        let key = params![offer.reference, offer.source.as_str(), offer.scope, offer.origin];
        let found = statement.query_map(key, row::summary).map_err(reading)?;
        found.map(|found| Ok(found.map_err(reading)?.1)).collect()
    }

    fn searched(&self) -> Result<Searched<'_>, CatalogueError> {
        let (connection, attributes, vocabularies) = (&self.connection, self.attributes()?, &self.vocabularies);
        Ok(Searched { connection, attributes, vocabularies })
    }

    fn attributes(&self) -> Result<&AllAttributes, CatalogueError> {
        if self.attributes.get().is_none() {
            let read = AllAttributes::read(&self.connection).map_err(reading)?;
            let _set_once = read.map(|read| self.attributes.set(read));
        }
        let damaged = || CatalogueError::Damaged("not the attributes of these apps".to_owned());
        self.attributes.get().ok_or_else(damaged)
    }

    fn part(&self, id: &AppId) -> Result<Option<(i64, AppSummary)>, CatalogueError> {
        let Some(number) = find::number(&self.connection, id.as_str()).map_err(reading)? else { return Ok(None) };
        let sql = format!("SELECT {SUMMARY} FROM part WHERE number = ?");
        let mut statement = self.connection.prepare_cached(&sql).map_err(reading)?;
        statement.query_row([number], row::summary).optional().map_err(reading)
    }

    fn installs(&self, number: i64) -> Result<Option<u64>, CatalogueError> {
        let sql = "SELECT installs FROM part WHERE number = ?";
        let said: Option<i64> = self.connection.query_row(sql, [number], |row| row.get(0)).map_err(reading)?;
        Ok(said.and_then(|said| u64::try_from(said).ok()))
    }

    /// The entry that is shown of a part. Nothing is said of the dates of releases that are still to come.
    fn entry_of(&self, number: i64) -> Result<Component, CatalogueError> {
        let sql = "SELECT body FROM detail WHERE number = (SELECT detail FROM part WHERE number = ?)";
        let mut statement = self.connection.prepare_cached(sql).map_err(reading)?;
        let body: Vec<u8> = statement.query_row([number], |row| row.get(0)).map_err(reading)?;
        let mut entry = row::entry(&body).ok_or_else(|| CatalogueError::Damaged(format!("no entry of {number}")))?;
        entry.limit_dates(now());
        Ok(entry)
    }

    fn offers(&self, number: i64) -> Result<Vec<Offer>, CatalogueError> {
        let sql = format!("SELECT {OFFER} FROM offer WHERE number = ? ORDER BY place");
        let mut statement = self.connection.prepare_cached(&sql).map_err(reading)?;
        let rows = statement.query_map([number], row::offer).map_err(reading)?;
        Ok(self.as_now(rows.collect::<Result<_, _>>().map_err(reading)?))
    }

    /// Offers as the machine is now, best first.
    fn as_now(&self, mut offers: Vec<Offer>) -> Vec<Offer> {
        let Some(Now { layering, sources }) = &self.now else { return offers };
        for offer in &mut offers {
            if matches!(offer.obstacle, None | Some(Obstacle::System { .. })) {
                offer.obstacle = of_packages(&offer.id, *layering);
            }
        }
        offers.sort_by_key(|offer| order::place(offer, sources));
        offers
    }

    fn addons(&self, app: i64) -> Result<Vec<Addon>, CatalogueError> {
        let sql = format!(
            "SELECT {SUMMARY} FROM addon JOIN part ON part.number = addon.addon
             WHERE addon.app = ? AND part.kind = {KIND_ADDON} ORDER BY name COLLATE NOCASE, number"
        );
        let mut statement = self.connection.prepare_cached(&sql).map_err(reading)?;
        let rows = statement.query_map([app], row::summary).map_err(reading)?;
        let mut addons = Vec::new();
        for row in rows {
            let (number, AppSummary { id, name, summary, .. }) = row.map_err(reading)?;
            addons.push(Addon { id, name, summary, offers: self.offers(number)? });
        }
        Ok(addons)
    }
}
