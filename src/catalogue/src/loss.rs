//! What a build left out.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use strata_model::feed::Feed;

/// Something that was left out: one line for each feed and reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Loss {
    /// The scope of the feed.
    pub scope: String,
    /// The origin of the feed.
    pub origin: String,
    /// Why.
    pub reason: LossReason,
    /// How many entries.
    pub count: usize,
    /// The first one: its id as it was written, or the technical words.
    pub example: String,
}

/// Why something was left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LossReason {
    /// The feed's file cannot be read, or not to its end.
    Unreadable,
    /// Reading it takes too long; what came before its time was over is there.
    TooSlow,
    /// No well-formed XML or YAML, or not in UTF-8.
    Malformed,
    /// Larger than any entry may be.
    TooLarge,
    /// More entries than any feed may have.
    TooMany,
    /// The entries before it take all the room that those of one feed have.
    NoRoom,
    /// No id, or one that is no id.
    BadId,
    /// Of another kind than what has its id already.
    OtherKind,
    /// No name.
    NoName,
    /// Nothing that could be installed.
    NoOffer,
}

/// Losses as they come, bounded by feeds and reasons.
#[derive(Debug, Default)]
pub(crate) struct Losses(BTreeMap<(String, String, LossReason), (usize, String)>);

impl Losses {
    /// Counts a loss; the example is asked for at the first of its kind only.
    pub(crate) fn add(&mut self, feed: &Feed, reason: LossReason, example: impl FnOnce() -> String) {
        let known = self.0.entry((feed.scope.clone(), feed.origin.clone(), reason));
        known.or_insert_with(|| (0, crate::appstream::text::folded(&example(), 200))).0 += 1;
    }

    /// One line for each feed and reason, logged once.
    pub(crate) fn into_list(self) -> Vec<Loss> {
        let line = |((scope, origin, reason), (count, example))| Loss { scope, origin, reason, count, example };
        let list: Vec<Loss> = self.0.into_iter().map(line).collect();
        for Loss { scope, origin, reason, count, example } in &list {
            tracing::warn!(scope, origin, ?reason, count, example, "left out of the catalogue");
        }
        list
    }
}
