//! The questions that Flathub is asked.

use serde::{Deserialize, Serialize};

const HOUR: i64 = 3600;
const DAY: i64 = 24 * HOUR;

/// Most apps of a collection; what one page may hold.
const PAGE: usize = 250;

/// A question.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Part {
    Popular,
    Trending,
    New,
    PickOfTheDay,
    PicksOfTheWeek,
}

impl Part {
    pub(super) const ALL: [Self; 5] =
        [Self::Popular, Self::Trending, Self::New, Self::PickOfTheDay, Self::PicksOfTheWeek];

    /// Where it is asked. `today` is `YYYY-MM-DD`.
    pub(super) fn address(self, base: &str, today: &str) -> String {
        let base = base.trim_end_matches('/');
        let collection = |name: &str| format!("{base}/collection/{name}?page=1&per_page={}", self.most());
        match self {
            Self::Popular => collection("popular"),
            Self::Trending => collection("trending"),
            Self::New => collection("recently-added"),
            Self::PickOfTheDay => format!("{base}/app-picks/app-of-the-day/{today}"),
            Self::PicksOfTheWeek => format!("{base}/app-picks/apps-of-the-week/{today}"),
        }
    }

    /// Most apps of its answer that are taken. Installs are wanted of many, the rest fills a shelf and a page.
    pub(super) const fn most(self) -> usize {
        match self {
            Self::Popular => PAGE,
            Self::Trending | Self::New => 50,
            Self::PickOfTheDay => 1,
            Self::PicksOfTheWeek => 20,
        }
    }

    /// How long an answer is as good as new, in seconds. Installs are counted once a day; new apps come and picks
    /// change within one, and Flathub's own server keeps them for six hours.
    pub(super) const fn fresh_for(self) -> i64 {
        match self {
            Self::Popular | Self::Trending => 12 * HOUR,
            Self::New | Self::PickOfTheDay | Self::PicksOfTheWeek => 6 * HOUR,
        }
    }

    /// How long an answer counts where there is no newer one, in seconds: as long as the time it is about (a month of
    /// installs, two weeks of growth, a day, a week), for picks with a day more, as days begin at different times.
    pub(super) const fn good_for(self) -> i64 {
        match self {
            Self::Popular | Self::New => 30 * DAY,
            Self::Trending => 14 * DAY,
            Self::PickOfTheDay => 2 * DAY,
            Self::PicksOfTheWeek => 8 * DAY,
        }
    }
}
