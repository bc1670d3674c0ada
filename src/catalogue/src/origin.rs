//! What is known of a feed's entries beside the feed itself.

use crate::BuildPlan;
use crate::feed::IconFolder;
use crate::popularity::{self, Liked};
use std::collections::{HashMap, HashSet};
use strata_model::app::ContentRating;
use strata_model::feed::{Feed, ReferenceState};
use strata_model::parental::{Controls, Guard};
use strata_model::pattern::Patterns;
use strata_model::system::SystemObstacle;
use strata_model::{AppId, Obstacle, Offer, OfferId, SourceKind};

/// One feed with its neighbours on this machine.
#[derive(Debug)]
pub(crate) struct Origin<'a> {
    pub(crate) feed: &'a Feed,
    pub(crate) icons: IconFolder,
    pub(crate) liked: Liked,
    states: HashMap<&'a str, &'a ReferenceState>,
    /// What the origin has apps for, as it is part of their references; `None` if nobody says what it has.
    architecture: Option<&'a str>,
    hidden: &'a Patterns<'a>,
    controls: &'a Controls,
    layering: Option<SystemObstacle>,
    /// Sources of its kind are switched off.
    is_off: bool,
    /// The packages that the system's image carries.
    carried: &'a HashSet<String>,
}

/// An origin that has so many references may have more, which nobody told of.
const MOST_REFERENCES: usize = 50_000;

impl<'a> Origin<'a> {
    /// Looks at what lies beside a feed. What cannot be read is missing: the list itself is what counts.
    pub(crate) fn new(
        feed: &'a Feed,
        hidden: &'a Patterns<'a>,
        carried: &'a HashSet<String>,
        plan: &'a BuildPlan,
    ) -> Self {
        let liked = feed.popularity.as_ref().and_then(|path| {
            let read = popularity::read(path);
            read.inspect_err(|error| tracing::warn!(origin = feed.origin, %error, "no word about popularity")).ok()
        });
        Self {
            feed,
            icons: IconFolder::list(&feed.icons),
            liked: liked.unwrap_or_default(),
            states: feed.references.iter().map(|state| (state.reference.as_str(), state)).collect(),
            architecture: architecture(&feed.references),
            hidden,
            controls: &plan.controls,
            layering: plan.layering,
            is_off: !plan.sources.offer(feed.source),
            carried,
        }
    }

    /// Adds to an app's offers what the origin, parental controls and the settings say of them.
    pub(crate) fn complete(&self, id: &AppId, rating: &[ContentRating], offers: &mut [Offer]) {
        let hidden = self.hidden.first(id.as_str());
        for offer in offers {
            let is_carried = offer.id.source == SourceKind::Package && self.carried.contains(&offer.id.reference);
            let of_package = || of_packages(&offer.id, self.layering);
            let carried = is_carried.then_some(Obstacle::InSystem);
            offer.obstacle = carried.or_else(of_package).or_else(|| offer.obstacle.take());
            if let Some(state) = self.states.get(offer.id.reference.as_str()) {
                offer.download_size = state.download_size;
                offer.installed_size = state.installed_size;
                let masked = state.masked.clone().map(|pattern| Obstacle::Masked { pattern });
                let end_of_life = || state.end_of_life.clone().map(Obstacle::EndOfLife);
                let missing = state.missing.map(|absence| Obstacle::Missing { absence });
                offer.obstacle = missing.or_else(|| offer.obstacle.take()).or(masked).or_else(end_of_life);
            } else if let Some(missing) = self.missing(&offer.id.reference) {
                offer.obstacle = Some(missing);
            }
            if let Some(guard) = self.controls.guard(&offer.id, Some(rating)) {
                offer.obstacle = Some(Obstacle::Guarded { guard });
            }
            // What may not be opened may be there already, whatever its source offers now.
            let stands = [Some(Obstacle::InSystem), Some(Obstacle::Guarded { guard: Guard::Opening })];
            if self.is_off && !stands.contains(&offer.obstacle) {
                offer.obstacle = Some(Obstacle::SourceOff { source: offer.id.source });
            }
            if let Some(pattern) = hidden {
                offer.obstacle = Some(Obstacle::Hidden { pattern: pattern.to_owned() });
            }
        }
    }

    /// Why an app's reference cannot be had that the origin does not tell of.
    fn missing(&self, reference: &str) -> Option<Obstacle> {
        let own = self.architecture?;
        match architecture_of(reference)? {
            other if other != own => Some(Obstacle::OtherMachine { architecture: other.to_owned() }),
            _ => Some(Obstacle::NotCarried),
        }
    }
}

/// What speaks against all packages.
pub(crate) fn of_packages(offer: &OfferId, layering: Option<SystemObstacle>) -> Option<Obstacle> {
    layering.filter(|_| offer.source == SourceKind::Package).map(|obstacle| Obstacle::System { obstacle })
}

fn architecture(references: &[ReferenceState]) -> Option<&str> {
    let whole = references.len() < MOST_REFERENCES;
    references.iter().filter(|_| whole).find_map(|state| architecture_of(&state.reference))
}

/// Of an app's reference.
fn architecture_of(reference: &str) -> Option<&str> {
    let mut parts = reference.split('/');
    (parts.next() == Some("app")).then(|| parts.nth(1)).flatten()
}
