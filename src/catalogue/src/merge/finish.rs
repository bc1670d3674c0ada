//! Writing what could not be written before all feeds were read: what is shown first has the first numbers.

use super::Merge;
use crate::CatalogueError;
use crate::part::Part;
use crate::store::schema::KIND_ADDON;
use crate::store::writer::Writer;
use std::cmp::Reverse;
use strata_model::settings::Sources;
use strata_model::{AppId, Obstacle, Offer};

/// How many parts there are.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Counts {
    pub(crate) apps: usize,
    pub(crate) addons: usize,
}

/// The numbers of the parts in the catalogue.
struct Numbers {
    /// The places of the parts, by number.
    in_order: Vec<usize>,
    /// The number of each place.
    of_place: Vec<i64>,
}

impl Merge {
    /// Writes what could not be written before all feeds were read.
    pub(crate) fn finish(
        mut self,
        writer: &Writer,
        sources: &Sources,
        picks: &[String],
    ) -> Result<Counts, CatalogueError> {
        let mut counts = Counts::default();
        self.mark_offers_of_others();
        for part in &mut self.parts {
            part.order_offers(sources);
        }
        self.put_first(picks);
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
