//! What an origin says about how its apps are liked: the part of it that Strata uses, as a file of JSON beside the feed.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What one origin says about its apps, by their ids. Everything may be missing: each part is asked for on its own.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Popularity {
    /// How often each was installed in the last month.
    pub installs: BTreeMap<String, u64>,
    /// The most popular ones, best first.
    pub popular: Vec<String>,
    /// Those that more people than usual install now, best first.
    pub trending: Vec<String>,
    /// Those that came last, newest first.
    pub new: Vec<String>,
    /// The pick of the day.
    pub pick_of_the_day: Option<String>,
    /// The picks of the week, in the origin's order.
    pub picks_of_the_week: Vec<String>,
}
