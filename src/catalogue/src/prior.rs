//! How likely an app is meant, whatever the words: how well it is kept, who vouches for it, how many people use it.

use crate::appstream::Component;
use strata_model::app::Icon;

const YEAR: i64 = 365 * 86_400;
/// What upkeep is worth at most.
const MOST_UPKEEP: u16 = 700;
/// What it is worth that somebody vouches for the origin.
const VERIFIED: u16 = 300;
/// The greatest prior, and the greatest popularity.
pub(crate) const MOST: u16 = 1_000;

/// What a prior is made of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Prior {
    /// What was done for it, 0 to 700.
    pub(crate) upkeep: u16,
    /// Its first offer is verified.
    pub(crate) verified: bool,
    /// How many people use it, 0 to 1000; `None` if nobody says.
    pub(crate) popularity: Option<u16>,
    /// Something speaks against each of its offers, or only lists of AppImages have it.
    pub(crate) hindered: bool,
    /// Nobody looks after it any more, or it was not there when somebody last asked.
    pub(crate) neglected: bool,
}

impl Prior {
    /// 0 to 1000. Where it is known how many people use an app, that counts for half. What nobody looks after comes last.
    pub(crate) fn value(self) -> u16 {
        if self.neglected {
            return 0;
        }
        let care = (self.upkeep.min(MOST_UPKEEP) + if self.verified { VERIFIED } else { 0 }).min(MOST);
        let value = self.popularity.map_or(care, |popularity| u16::midpoint(care, popularity.min(MOST)));
        if self.hindered { value / 4 } else { value }
    }
}

/// What was done for an app, 0 to 700: by its developer and, where it speaks many languages and opens many kinds of files,
/// by the people around it.
pub(crate) fn upkeep(component: &Component, icon: &Icon, now: i64) -> u16 {
    let released = component.releases.newest.first().map_or(0, |release| release.date);
    let freshness = match now - released {
        // Whoever does not say is neither new nor old.
        _ if released == 0 => 60,
        age if age < YEAR => 160,
        age if age < 3 * YEAR => 110,
        age if age < 6 * YEAR => 60,
        _ => 0,
    };
    let signs = [
        (icon.large.is_some(), 90),
        (icon.small.is_some(), 40),
        (!component.screenshots.is_empty(), 100),
        (component.descriptions.best().is_some(), 50),
        (!component.content_rating.is_empty(), 30),
        (component.developers.best().is_some(), 25),
        (!component.links.is_empty(), 25),
    ];
    let opened = component.provides.iter().filter(|provided| provided.kind == "mediatype").count();
    let signs: u16 = signs.iter().filter(|(given, _)| *given).map(|(_, worth)| worth).sum();
    freshness + signs + reach(component.translations.len()) + reach(opened)
}

/// What it is worth to be there for so many: 15 for each doubling, 90 at most. The first one says least of all.
fn reach(count: usize) -> u16 {
    u16::try_from(count.checked_ilog2().map_or(0, |doublings| (doublings + 1).min(6))).unwrap_or(0) * 15
}

/// Popularity by installs in a month: each doubling counts the same, a million is the most there is.
pub(crate) fn of_installs(installs: u64) -> u16 {
    const TOP: f64 = 1e6;
    #[allow(clippy::cast_precision_loss)] // Far more installs than people are no more than a million.
    let share = ((installs.min(1 << 40) as f64) + 1.0).ln() / TOP.ln();
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // 0 to 1000.
    let popularity = (share.clamp(0.0, 1.0) * f64::from(MOST)).round() as u16;
    popularity
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn care_counts_and_verification_counts_more_than_any_single_sign() {
        let now = 40 * YEAR;
        let poor = upkeep(&Component::default(), &Icon::default(), now);
        let icon = Icon { small: Some("a".into()), large: Some("b".into()), remote: None };
        let better = upkeep(&Component::default(), &icon, now);
        assert!(poor < better && better < MOST_UPKEEP);
        let value = |upkeep, verified| Prior { upkeep, verified, ..Prior::default() }.value();
        assert!(value(poor, true) > value(better, false));
        assert_eq!(value(MOST_UPKEEP, true), MOST);
    }

    #[test]
    fn what_people_use_counts_for_half() {
        let prior = |popularity, hindered| Prior { upkeep: 400, popularity, hindered, ..Prior::default() }.value();
        assert_eq!(prior(None, false), 400);
        assert_eq!(prior(Some(1_000), false), 700);
        assert_eq!(prior(Some(0), false), 200);
        assert_eq!(prior(None, true), 100, "what can hardly be had is hardly meant");
    }

    #[test]
    fn each_doubling_of_installs_counts_the_same() {
        let steps: Vec<u16> = (6..16).map(|power| of_installs(1 << power)).collect();
        let differences: Vec<u16> = steps.windows(2).map(|pair| pair[1] - pair[0]).collect();
        assert!(differences.iter().all(|step| (49..=51).contains(step)), "{differences:?}");
        assert_eq!((of_installs(0), of_installs(1_000_000), of_installs(u64::MAX)), (0, 1_000, 1_000));
    }
}
