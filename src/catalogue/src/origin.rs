//! What is known of a feed's entries beside the feed itself.

use crate::feed::IconFolder;
use crate::popularity::{self, Liked};
use std::collections::HashMap;
use strata_model::feed::{Feed, ReferenceState};
use strata_model::{AppId, Obstacle, Offer, pattern};

/// One feed with its neighbours on this machine.
#[derive(Debug)]
pub(crate) struct Origin<'a> {
    pub(crate) feed: &'a Feed,
    pub(crate) icons: IconFolder,
    pub(crate) liked: Liked,
    states: HashMap<&'a str, &'a ReferenceState>,
    hidden: &'a [String],
}

impl<'a> Origin<'a> {
    /// Looks at what lies beside a feed. What cannot be read is missing: the list itself is what counts.
    pub(crate) fn new(feed: &'a Feed, hidden: &'a [String]) -> Self {
        let liked = feed.popularity.as_ref().and_then(|path| {
            let read = popularity::read(path);
            read.inspect_err(|error| tracing::warn!(origin = feed.origin, %error, "no word about popularity")).ok()
        });
        Self {
            feed,
            icons: IconFolder::list(&feed.icons),
            liked: liked.unwrap_or_default(),
            states: feed.references.iter().map(|state| (state.reference.as_str(), state)).collect(),
            hidden,
        }
    }

    /// Adds to an app's offers what the origin and the settings say of them.
    pub(crate) fn complete(&self, id: &AppId, offers: &mut [Offer]) {
        let hidden = self.hidden.iter().find(|pattern| pattern::fits(pattern, id.as_str()));
        for offer in offers {
            if let Some(state) = self.states.get(offer.id.reference.as_str()) {
                offer.download_size = state.download_size;
                offer.installed_size = state.installed_size;
                let masked = state.masked.clone().map(|pattern| Obstacle::Masked { pattern });
                let end_of_life = || state.end_of_life.clone().map(Obstacle::EndOfLife);
                offer.obstacle = offer.obstacle.take().or(masked).or_else(end_of_life);
            }
            if let Some(pattern) = hidden {
                offer.obstacle = Some(Obstacle::Hidden { pattern: pattern.clone() });
            }
        }
    }
}
